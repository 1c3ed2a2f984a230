// 责令限期改正: an order with its points and term, what the entity handed in, and the officer's word on it (Art. 17).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { choices, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { bytes, day, localDay, moment, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";
import { ACTS as OF_RECHECKS, awaited, rechecks, setting } from "./recheck.js";

const ACTS = ["rectify", "verify", "rectify_extend", ...OF_RECHECKS];
const DAY = 86_400_000;
const later = (iso, days) => new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10);
const sent = (task, one) => store.state.items.some((item) => item.act === "verify" && item.task === task.number && item.said.order === one.id && item.state !== "refused");
const open = (task, one) => may(task, "verify", store.now(), { order: one.id }) && !sent(task, one);

// The way in from the task: what waits first.
export function offer(task) {
  const orders = task.orders ?? [], orderable = (task.orderable ?? []).length;
  if (!orders.length && !orderable) return null;
  const waits = orders.filter((one) => one.state === "handed_in" && open(task, one)).length;
  const said = waits ? t("field.orders.waits", { n: waits }) : orders.length ? t("field.orders.open", { n: orders.length }) : t("rectification.do.order");
  return h("a.button", { class: waits || (!orders.length && orderable) ? "watch" : "", href: `#${link(task, "orders")}`, "data-do": "orders" }, said);
}

export function ordersScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  return {
    title: t("order.title"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => ACTS.includes(one.act)) }, store),
      (task.orders ?? []).map((one) => order(task, one)),
      may(task, "rectify", store.now()) && draw(task),
    ],
  };
}

function order(task, one) {
  const left = one.points.filter((point) => !point.done);
  const waits = awaited(one);
  const more = [
    open(task, one) && judge(task, one, left, Boolean(waits)), setting(task, one),
    may(task, "rectify_extend", store.now(), { order: one.id }) && !sent(task, one) && extend(task, one),
  ];
  return h("section.card", { class: one.state === "handed_in" && one.mine ? "ask" : "", "data-order": one.id },
    h("p.over", {}, h("span.chip", { class: one.state === "verified" ? "good" : one.state === "lapsed" ? "bad" : "" }, t(`rectification.state.${one.state}`)), sent(task, one) && h("span.chip.watch", {}, t("field.entity.sent"))),
    h("h2", {}, one.number),
    h("p", {}, `${one.department} · ${t("order.page.due", { day: day(one.due) })}`),
    h("ul.plain", {}, one.points.map((point) => h("li", {}, `${point.n}. ${point.text} `, point.done && h("span.chip.good", {}, t("order.page.done"))))),
    one.steps.map((step) => h("div", {}, h("p", {}, h("b", {}, t(`rectification.step.${step.kind}`)), " ", h("span.soft", {}, moment(step.at))), step.until && h("p.soft", {}, t("order.page.due", { day: day(step.until) })), step.text && h("p", {}, step.text), papers(step))),
    waits && h("p.lead", { role: "status", "data-awaited": "" }, waits),
    rechecks(task, one),
    waits ? more.some(Boolean) && h("details", { class: "more" }, h("summary", {}, t("recheck.more")), more) : more);
}

function papers(step) {
  if (!step.papers.length) return null;
  return h("ul.plain", {}, step.papers.map((paper) => h("li", {}, h("a.paper", { href: `/field/api/papers/${paper.id}`, download: "" }, paper.name), " ", h("span.soft", {}, `${paper.format} ${bytes(paper.size)}`))));
}

function judge(task, one, left, aside) {
  const id = `order/${one.id}`, done = JSON.parse(draft(`${id}/done`, "[]"));
  const decide = async (outcome) => {
    const reason = draft(id, "").trim();
    if (outcome !== "verified" && !reason) return toast(t("rectification.why"), { bad: true });
    if (outcome === "partly" && !done.length) return toast(t("rectification.which"), { bad: true });
    await store.act(task.number, "verify", { order: one.id, outcome, reason, done: outcome === "partly" ? done : [] });
    drop(id, `${id}/done`);
    toast(t("field.saved"));
  };
  const toggle = (n) => { put(`${id}/done`, JSON.stringify(done.includes(n) ? done.filter((other) => other !== n) : [...done, n])); store.notify(); };
  return h("div", {},
    h("button", { class: aside ? "" : "main good", onclick: () => decide("verified") }, icon("check"), t("rectification.do.verified")),
    h("details", { open: done.length > 0 || Boolean(draft(id, "")) }, h("summary", {}, t("field.orders.less")),
      left.length > 1 && choices(t("rectification.which"), left.map((point) => [point.n, [icon(done.includes(point.n) ? "check" : "dash"), h("span.grow", {}, `${point.n}. ${point.text}`)]]), done, toggle, { many: true }),
      labelled(`why-${one.id}`, t("rectification.why"), h("input", { id: `why-${one.id}`, value: draft(id, ""), maxlength: 400, oninput: typing(id) })),
      h("div.pair", {}, left.length > 1 && h("button", { onclick: () => decide("partly") }, t("rectification.do.partly")),
        h("button", { onclick: () => decide("not_done") }, t("rectification.do.not_done")))));
}

function extend(task, one) {
  const id = `extend/${one.id}`, today = localDay(store.now());
  const first = later(one.due > today ? one.due : today, 1);
  const keep = async () => {
    const reason = draft(id, "").trim();
    if (!reason) return toast(t("rectification.chat.why_extend"), { bad: true });
    await store.act(task.number, "rectify_extend", { order: one.id, until: draft(`${id}/until`, first) || first, reason });
    drop(id, `${id}/until`);
    toast(t("field.saved"));
  };
  return h("details", { open: Boolean(draft(id, "")) }, h("summary", {}, t("rectification.do.extend")),
    labelled(`until-${one.id}`, t("rectification.until"), h("input", { id: `until-${one.id}`, type: "date", min: first, value: draft(`${id}/until`, first), oninput: typing(`${id}/until`) })),
    labelled(`extend-${one.id}`, t("rectification.chat.why_extend"), h("input", { id: `extend-${one.id}`, value: draft(id, ""), maxlength: 400, oninput: typing(id) })),
    h("button", { onclick: keep }, t("rectification.do.extend")));
}

// A new order: every point that no order names yet, fifteen days; both can be changed.
function draw(task) {
  const id = `rectify/${task.number}`, today = localDay(store.now());
  const but = JSON.parse(draft(`${id}/but`, "[]")), due = () => draft(`${id}/due`, later(today, 15));
  const points = task.orderable.map((one) => one.n).filter((n) => !but.includes(n));
  const toggle = (n) => { put(`${id}/but`, JSON.stringify(but.includes(n) ? but.filter((other) => other !== n) : [...but, n])); store.notify(); };
  const keep = async () => {
    if (!points.length) return toast(t("rectification.which"), { bad: true });
    await store.act(task.number, "rectify", { due: due(), points, demand: draft(`${id}/demand`, "").trim() });
    drop(`${id}/but`, `${id}/due`, `${id}/demand`);
    toast(t("field.saved"));
  };
  return h("section.card", { id: "rectify" }, h("h2", {}, t("rectification.do.order")), h("p.soft", {}, t("rectification.order.what")),
    choices(t("order.points"), task.orderable.map((one) => [one.n, [icon(but.includes(one.n) ? "dash" : "check"), h("span.grow", {}, `${one.n}. ${one.text}`)]]), points, toggle, { many: true }),
    labelled("order-due", t("rectification.due"), h("input", { id: "order-due", type: "date", min: later(today, 1), value: due(), oninput: typing(`${id}/due`) })),
    labelled("order-demand", t("rectification.demand"), h("textarea", { id: "order-demand", rows: 2, maxlength: 2000, value: draft(`${id}/demand`, ""), oninput: typing(`${id}/demand`) })),
    h("button.main", { onclick: keep }, t("rectification.do.order")));
}
