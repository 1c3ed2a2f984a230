// A leader lays out every visit of a batch, moves one, sends them to the members and fixes what is agreed (Art. 15, 16).
// The house lays out: this screen needs the line; what is sent waits for its receipt like every act.

import { h } from "./dom.js";
import * as net from "./net.js";
import * as store from "./store.js";
import { labelled } from "./widgets.js";
import { clock, day, localDay, moment, span, t } from "./words.js";
import { toast } from "./toast.js";

/** @type {any} */
let plan = null;
let asking = false, moving = "", receipts = 0;
const SENT = ["propose_all", "fix_all"];

export function timetableScreen() {
  heard();
  if (!plan && !asking) fetchPlan();
  return {
    title: t("field.timetable.title"), under: plan?.batch, back: "/",
    main: plan ? shown() : h("section.card.center", {}, h("p", { role: "status" }, t(store.state.line === "on" ? "field.timetable.laying" : "field.timetable.offline")),
      store.state.line !== "on" && h("button", { onclick: () => fetchPlan() }, t("field.retry"))),
  };
}

async function fetchPlan(batch = "") {
  asking = true;
  try {
    plan = (await net.get(`/timetable${batch ? `?batch=${encodeURIComponent(batch)}` : ""}`, null)).body;
  } catch (no) {
    if (no instanceof net.Refused) toast(no.message, { bad: true });
  } finally {
    asking = false;
    store.notify();
  }
}

function shown() {
  const waits = store.state.items.some((one) => SENT.includes(one.act));
  return [
    plan.batches.length > 1 && h("div.choices", {}, plan.batches.map((one) => h("button.choice", { type: "button", "aria-pressed": String(one === plan.batch), onclick: () => fetchPlan(one) }, one))),
    waits && h("p.banner.watch", {}, t("field.timetable.waits")),
    plan.unchecked > 0 && h("p.banner.watch", {}, t("field.timetable.unchecked", { n: plan.unchecked })),
    plan.ready.length > 0 && ready(),
    plan.asked.length > 0 && h("section.card", {}, h("h2", {}, t("field.timetable.asked", { n: plan.asked.length })), plan.asked.map(standing)),
    plan.visits.length > 0 && draft(),
    plan.left.length > 0 && h("section.card.wrong", {}, h("h2", {}, t("field.timetable.left", { n: plan.left.length })), plan.left.map((one) => h("p", {}, h("b", {}, one.target), " ", one.why))),
    !waits && !plan.visits.length && !plan.ready.length && !plan.asked.length && !plan.left.length && h("p.soft", { role: "status" }, t("field.timetable.nothing")),
    h("button.quiet", { onclick: () => fetchPlan(plan.batch) }, t("field.timetable.again")),
  ];
}

function standing(one) {
  return h("p", {}, h("b", {}, one.target), " ", span(one.begins, one.ends),
    one.silent.length > 0 && h("small.soft", {}, ` ${t("field.timetable.silent", { names: one.silent.join("、") })}`),
    one.declined.length > 0 && h("small.found", {}, ` ${t("field.timetable.declined", { names: one.declined.join("、") })}`));
}

function ready() {
  const reasons = plan.short.length ? ["urgent", "entity", "report"] : [""];
  return h("section.card", { id: "ready" }, h("h2", {}, t("field.timetable.ready", { n: plan.ready.length })), plan.ready.map(standing),
    plan.short.length > 0 && h("p.found", {}, t("field.timetable.short", { n: plan.short.length })),
    reasons.map((one) => h("button.main.good", { type: "button", onclick: () => fix(one) }, one ? t(`short.${one}`) : t("field.timetable.fix", { n: plan.ready.length }))));
}

function draft() {
  return h("section.card", { id: "draft" }, h("h2", {}, t("field.timetable.draft", { n: plan.visits.length, days: plan.days, km: plan.km })),
    h("ul.plain", {}, plan.visits.map(row)),
    h("button.main", { type: "button", onclick: send }, t("field.timetable.send", { n: plan.visits.length })));
}

function row(one) {
  return h("li", {}, h("div.row", {}, h("span", {}, h("b", {}, one.target), h("br", {}), span(one.begins, one.ends)),
    h("button.quiet", { type: "button", "aria-label": t("field.timetable.move.this", { target: one.target }), onclick: () => { moving = moving === one.number ? "" : one.number; store.notify(); } }, t("field.timetable.move"))),
  one.told && h("small.found", {}, t("field.timetable.told", { time: moment(one.told) })),
  moving === one.number && move(one));
}

function move(one) {
  const change = () => {
    const on = /** @type {HTMLInputElement} */ (document.querySelector("#move-day")).value;
    const hour = /** @type {HTMLInputElement} */ (document.querySelector("#move-hour")).value;
    if (on && hour) place(one, Date.parse(`${on}T${hour}:00+08:00`));
  };
  const met = plan.visits.filter((other) => other !== one && Date.parse(other.begins) < Date.parse(one.ends) && Date.parse(one.begins) < Date.parse(other.ends));
  return h("div", {},
    labelled("move-day", t("field.away.day"), h("input", { id: "move-day", type: "date", min: plan.opens, max: plan.closes, value: localDay(one.begins), onchange: change })),
    labelled("move-hour", t("field.away.from"), h("input", { id: "move-hour", type: "time", value: clock(one.begins), onchange: change })),
    met.map((other) => h("p.found", { role: "alert" }, t("field.timetable.met", { target: other.target, time: span(other.begins, other.ends) }))));
}

/** @param {any} one @param {number} begins */
function place(one, begins) {
  const lasts = Date.parse(one.ends) - Date.parse(one.begins);
  one.begins = new Date(begins).toISOString();
  one.ends = new Date(begins + lasts).toISOString();
  plan.visits.sort((first, other) => Date.parse(first.begins) - Date.parse(other.begins));
  store.notify();
}

async function send() {
  await store.ownAct("propose_all", { visits: plan.visits.map(({ number, begins, ends }) => ({ number, begins, ends })) });
  toast(t("field.did.propose_all", { day: day(localDay(store.now())) }));
  later();
}

/** @param {string} reason */
async function fix(reason) {
  await store.ownAct("fix_all", { numbers: plan.ready.map((one) => one.number), begins: Object.fromEntries(plan.ready.map((one) => [one.number, one.begins])), reason: reason && t(`short.${reason}`) });
  toast(t("field.did.fix_all"));
  later();
}

function later() {
  plan = { ...plan, visits: [], ready: [] };
  moving = "";
  store.notify();
}

// What was sent shows once its receipt is there.
function heard() {
  const own = store.state.sent.filter((one) => SENT.includes(one.act));
  if (own.length === receipts) return;
  for (const one of own.slice(0, own.length - receipts)) for (const no of one.receipt.refused ?? []) toast(no.text, { bad: true });
  receipts = own.length;
  fetchPlan(plan?.batch);
}
