// Today, this week, and what is still to be entered.

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { progress } from "./sheet.js";
import { bar, link, standing } from "./widgets.js";
import { clock, day, moment, t } from "./words.js";
import { may } from "./offers.js";

const ORDER = ["today", "week", "later", "open", "entry", "rectify", "receipt"];

export function listScreen() {
  const tasks = store.tasks();
  const groups = ORDER.map((when) => ({ when, all: tasks.filter((one) => one.when === when) })).filter(({ all }) => all.length);
  const fresh = tasks.filter(unaccepted);
  const asked = tasks.filter(unanswered), led = tasks.filter((one) => one.leader && may(one, "propose", store.now()));
  return {
    title: t("field.list.title"),
    under: store.state.who?.name,
    main: [
      store.state.others.length > 0 && h("p.banner.watch", {}, t("field.list.others", { n: store.state.others.length })),
      fresh.length > 1 && h("button.wide", { onclick: () => fresh.forEach((one) => store.act(one.number, "accept")) },
        t("field.list.accept_all", { n: fresh.length })),
      asked.length > 0 && h("button.wide.good", { onclick: () => asked.forEach((one) => store.act(one.number, "reply", { can: true, begins: one.proposed_from })) },
        t("field.list.can_all", { n: asked.length })),
      led.length > 1 && h("a.button", { href: "#/timetable" }, t("field.timetable.title")),
      groups.map(({ when, all }) => h("section.group", {}, h("h2", {}, t(`field.list.${when}`)), all.map(card))),
      !tasks.length && h("section.empty", {}, h("p", { role: "status" }, t(empty()))),
      led.length > 0 && h("a.button.quiet", { href: "#/joins" }, t("field.join.title")),
      h("a.button.quiet", { href: "#/away" }, t("field.away.title")),
      store.state.fetchedAt && h("p.soft.center", {}, t("field.list.fetched", { at: clock(store.state.fetchedAt) })),
    ],
  };
}

// Nothing to do is said once the list has come; before that it is on its way, or waits for the line.
function empty() {
  const { fresh, fetchedAt, line } = store.state;
  if (fresh || (fetchedAt && line !== "on")) return "field.list.none";
  return line === "off" || line === "captive_portal" || line === "signed_out" ? "field.list.not_yet" : "field.downloading";
}

const unaccepted = (task) => may(task, "accept", store.now());

// Asked about a time, and nothing said yet: one tap answers all of them.
const unanswered = (task) => may(task, "reply", store.now()) && task.members.find((one) => one.id === task.me)?.agreed === null;

function card(task) {
  const { done, all } = progress(task);
  const visiting = task.state === "on_site";
  return h("a.card.task", { href: `#${link(task)}`, class: visiting ? "now" : "" },
    h("span.over", {}, h("span.chip", { class: visiting ? "deep" : "" }, t(`state.${task.state}`)),
      unaccepted(task) && h("span.chip.seal", {}, t("field.new")), task.leader && h("span.chip", {}, t("field.leader")), standing(task)),
    h("b.target", {}, task.target),
    h("span.soft", {}, task.address),
    h("span.row", {}, h("span", {}, icon("clock"), " ", when(task)), all > 0 && h("span.soft", {}, `${done}/${all}`)),
    visiting && bar(done, all));
}

function when(task) {
  if (task.when === "entry" && task.due) return t("field.due", { day: day(task.due) });
  if (task.visit_from) return moment(task.visit_from);
  return t("field.window", { opens: day(task.opens), closes: day(task.closes) });
}
