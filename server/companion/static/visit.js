// The leader settles day and time with the members, and begins the visit with those who are there (Art. 15, 16).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { shortHanded } from "./sheet.js";
import { choices, departmentName, go, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, has, put, typing } from "./drafts.js";
import { day, span, t } from "./words.js";
import { toast } from "./toast.js";
import { arrived } from "./arrival.js";
import { may } from "./offers.js";

const DAYS_A_PAGE = 10;
/** Which page of days is open, by the draft of the visit. @type {Map<string, number>} */
const pages = new Map();

export function visitScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `visit/${number}`;
  const refused = task.refused.find((one) => one.act === "fix" && one.code === "visit.short_notice");
  return {
    title: t("field.visit.title"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => one !== refused) }, store),
      task.proposed_from && proposal(task, refused),
      task.leader && task.days && choose(task, id),
    ],
  };
}

function proposal(task, refused) {
  return h("section.card", {}, h("h2", {}, t("field.proposed")), h("p.when", {}, span(task.proposed_from, task.proposed_until)),
    h("ul.plain", {}, task.members.map((one) => h("li.row", {}, h("span", {}, one.name),
      h("span.chip", { class: one.agreed ? "good" : one.agreed === false ? "bad" : "" }, t(one.agreed === null ? "field.reply.none" : one.agreed ? "field.reply.yes" : "field.reply.no"))))),
    (task.clashes ?? []).map((one) => h("p.found", {}, met(one))),
    task.unprintable && h("p.found", {}, t("field.visit.unprintable", { characters: task.unprintable })),
    may(task, "fix", store.now()) && (refused ? shortNotice(task, refused) : h("button.main.good", { onclick: () => fix(task, "") }, t("field.do.fix"))),
    task.leader && task.state === "assigned" && h("p.soft", {}, t("field.visit.network_first")));
}

function met(one) {
  const key = one.hours ? "clash_hours" : one.away ? "clash_away" : one.recheck ? "clash_recheck" : one.fixed ? "clash" : "clash_proposed";
  return t(`field.visit.${key}`, { time: span(one.begins, one.ends), names: one.names.join("、"), hours: one.hours, target: one.target || t("field.visit.elsewhere") });
}

function shortNotice(task, refused) {
  return h("div", {}, h("p.found", {}, refused.error),
    h("div.choices", {}, ["urgent", "entity", "report"].map((one) => h("button.choice", { onclick: () => fix(task, t(`short.${one}`)) }, t(`short.${one}`)))));
}

async function fix(task, reason) {
  await store.act(task.number, "fix", { reason });
  toast(t("field.did.fix"));
  go(link(task));
}

function choose(task, id) {
  const chosen = draft(`${id}/day`, ""), hour = draft(`${id}/hour`, "");
  const hours = [...task.hours, ...(hour && !task.hours.includes(hour) ? [hour] : [])];
  return h("section.card", {}, h("h2", {}, t(task.proposed_from ? "field.visit.other" : "field.visit.choose")),
    task.days.length ? days(task, chosen, id)
      : h("p.soft", {}, t("field.visit.no_days")),
    chosen && choices(t("field.visit.hour"), hours.map((one) => [one, one]), hour, (one) => { put(`${id}/hour`, one); store.notify(); }, { dense: true }),
    chosen && labelled("hour", t("field.visit.own_hour"), h("input", { id: "hour", type: "time", value: hour, onchange: (event) => { typing(`${id}/hour`)(event); store.notify(); } })),
    chosen && hour && busy(task, chosen, hour).map((one) => h("p.found", {}, met(one))),
    chosen && hour && may(task, "propose", store.now()) && h("button.main", { onclick: () => propose(task, chosen, hour, id) }, t("field.do.propose", { time: `${day(chosen)} ${hour}` })));
}

/** The days left of the window, so many at a time, first those among which the chosen one is. */
function days(task, chosen, id) {
  const last = Math.floor((task.days.length - 1) / DAYS_A_PAGE);
  const page = Math.min(last, pages.get(id) ?? Math.floor(Math.max(0, task.days.indexOf(chosen)) / DAYS_A_PAGE));
  const turn = (to, said) => h("button.quiet", { type: "button", onclick: () => { pages.set(id, to); store.notify(); } }, said);
  return h("div", {},
    choices(t("field.visit.day"), task.days.slice(page * DAYS_A_PAGE, (page + 1) * DAYS_A_PAGE).map((one) => [one, day(one)]), chosen, (one) => { put(`${id}/day`, one); store.notify(); }, { dense: true }),
    last > 0 && h("div.row", {}, page > 0 && turn(page - 1, t("field.visit.earlier")), page < last && turn(page + 1, t("field.visit.later"))));
}

function slot(task, chosen, hour) {
  const begins = new Date(`${chosen}T${hour}:00+08:00`);
  return [begins, new Date(begins.getTime() + task.lasts * 60_000)];
}

function busy(task, chosen, hour) {
  const [begins, ends] = slot(task, chosen, hour);
  return (task.busy ?? []).filter((one) => new Date(one.begins) < ends && begins < new Date(one.ends));
}

async function propose(task, chosen, hour, id) {
  const [begins, ends] = slot(task, chosen, hour);
  await store.act(task.number, "propose", { begins: begins.toISOString(), ends: ends.toISOString() });
  drop(`${id}/day`, `${id}/hour`);
  toast(t("field.did.propose"));
}

export function beginScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `begin/${number}`;
  const away = task.members.filter((one) => one.elsewhere);
  const free = task.members.filter((one) => !one.elsewhere).map((one) => one.id);
  const sure = store.state.line === "on"; // off the line a section may be closed that this phone has not heard of
  const here = JSON.parse(draft(`${id}/here`, JSON.stringify(free.filter((one) => arrived(task, one))))).filter((one) => !sure || free.includes(one));
  const short = here.length ? shortHanded(task, here) : [];
  const untold = task.told === false ? draft(`${id}/untold`).trim() : "";
  const ready = may(task, "begin", store.now()) && (task.told !== false || untold);
  const keep = (all) => { put(`${id}/here`, JSON.stringify(all)); store.notify(); };
  const toggle = (one) => keep(here.includes(one) ? here.filter((other) => other !== one) : [...here, one]);
  return {
    title: t("field.begin.title"), under: task.target, back: link(task),
    main: [
      troubles(task, store),
      h("p.lead", {}, t("field.begin.text")),
      task.told === false && h("section.card.ask", {}, h("p", {}, t("field.begin.untold")),
        choices(t("field.begin.untold"), ["at_the_door", "refused_calls", "at_once"].map((one) => [t(`untold.${one}`), t(`untold.${one}`)]), untold, (one) => { put(`${id}/untold`, one); store.notify(); }),
        labelled("untold", t("field.begin.reason"), h("input", { id: "untold", value: draft(`${id}/untold`), maxlength: 400, oninput: typing(`${id}/untold`), onchange: () => store.notify() }))),
      away.length > 0 && h("p.found", { id: "elsewhere" }, t("field.begin.elsewhere", { names: away.map((one) => one.name).join("、") })),
      ready && !away.length && (!here.length || !has(`${id}/here`)) && h("button.main.good", { onclick: () => begin(task, task.members.map((one) => one.id), "", id) }, t("field.begin.all", { n: task.members.length })),
      choices(t("field.begin.who"), task.members.map((one) => [one.id, [icon(here.includes(one.id) ? "check" : "dash"), ` ${one.name} · ${departmentName(task, one.department)}`, one.elsewhere && h("small", {}, ` · ${t("field.begin.at_another")}`)], { disabled: one.elsewhere && sure }]), here, toggle, { many: true }),
      ready && short.length > 0 && h("section.card.ask", {}, h("p", {}, t("field.begin.short", { departments: short.map((one) => departmentName(task, one)).join("、") })),
        h("div.choices", {}, ["leave", "other_case"].map((one) => h("button.choice", { onclick: () => begin(task, here, t(`present.${one}`), id) }, t(`present.${one}`)))),
        labelled("why", t("field.begin.reason"), h("input", { id: "why", value: draft(`${id}/why`), maxlength: 400, oninput: typing(`${id}/why`) })),
        h("button.main", { onclick: () => draft(`${id}/why`).trim() && begin(task, here, draft(`${id}/why`).trim(), id) }, t("field.begin.now", { n: here.length }))),
      ready && here.length > 0 && !short.length && h("button.main.good", { onclick: () => begin(task, here, "", id) }, t("field.begin.now", { n: here.length })),
    ],
  };
}

async function begin(task, present, reason, id) {
  const untold = task.told === false ? draft(`${id}/untold`).trim() : "";
  await store.act(task.number, "begin", { present, reason, untold });
  drop(`${id}/here`, `${id}/why`, `${id}/untold`);
  toast(t("field.did.begin"));
  go(link(task));
}

