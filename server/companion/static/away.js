// When this officer cannot come: a day, half of it, or hours, said without reception too; one tap takes it back (Art. 15).

import { h } from "./dom.js";
import * as store from "./store.js";
import { choices, labelled } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { clock, day, localDay, moment, span, t } from "./words.js";
import { toast } from "./toast.js";

const DAYS = 14, DAY = 86_400_000;

export function awayScreen() {
  const own = said(), chosen = draft("away/day", "");
  return {
    title: t("field.away.title"), under: store.state.who?.name, back: "/me",
    main: [
      h("p.soft", {}, t("field.away.text")),
      own.length > 0 && h("section.card", {}, h("h2", {}, t("field.away.said")), h("ul.plain", {}, own.map(row))),
      h("section.card", {}, h("h2", {}, t("field.away.day")), choices(t("field.away.day"), days().map((one) => [one, day(one)]), chosen, (one) => { put("away/day", one); store.notify(); }, { dense: true }),
        chosen && parts(chosen), chosen && hours(chosen)),
    ],
  };
}

// What the house knows and what waits on this phone, without what was taken back here.
function said() {
  const back = [...store.state.items, ...store.state.sent].filter((one) => one.act === "away_back" && one.state !== "refused").map((one) => one.said.away);
  const known = store.state.away.map((one) => ({ ...one, waits: false })).filter((one) => !back.includes(one.id));
  const waiting = store.state.items.filter((one) => one.act === "away" && one.state !== "refused").map((one) => ({ ...one.said, id: 0, waits: true }));
  return [...known, ...waiting].sort((/** @type {any} */ one, /** @type {any} */ other) => Date.parse(one.begins) - Date.parse(other.begins));
}

function row(one) {
  return h("li.row", {}, h("span", {}, time(one)),
    one.waits ? h("span.chip.watch", {}, t("field.item.waiting"))
      : h("button.quiet", { "aria-label": t("field.away.back.this", { time: time(one) }), onclick: () => takeBack(one) }, t("field.away.back")));
}

function time(one) {
  const on = localDay(one.begins), ends = Date.parse(one.ends);
  const part = ["day", "morning", "afternoon"].find((name) => { const [from, until] = window(on, name); return from === Date.parse(one.begins) && until === ends; });
  if (part) return `${day(on)} ${t(`away.${part}`)}`;
  return localDay(one.begins) === localDay(one.ends) ? span(one.begins, one.ends) : `${moment(one.begins)} – ${moment(one.ends)}`;
}

/** @param {string} on @param {string} part @returns {[number, number]} */
function window(on, part) {
  const midnight = Date.parse(`${on}T00:00:00+08:00`), noon = midnight + DAY / 2;
  return part === "morning" ? [midnight, noon] : part === "afternoon" ? [noon, midnight + DAY] : [midnight, midnight + DAY];
}

const days = () => Array.from({ length: DAYS }, (_, n) => localDay(store.now() + n * DAY));

function parts(chosen) {
  return h("div.choices", {}, ["day", "morning", "afternoon"].map((part) => h("button.choice", { type: "button", "data-part": part, onclick: () => say(...window(chosen, part)) }, t(`away.${part}`))));
}

function hours(chosen) {
  const from = draft("away/from", "09:00"), until = draft("away/until", "12:00");
  return [
    labelled("away-from", t("field.away.from"), h("input", { id: "away-from", type: "time", value: from, onchange: typing("away/from") })),
    labelled("away-until", t("field.away.until"), h("input", { id: "away-until", type: "time", value: until, onchange: typing("away/until") })),
    h("button", { type: "button", onclick: () => say(...["away/from", "away/until"].map((id, n) => Date.parse(`${chosen}T${draft(id, n ? "12:00" : "09:00")}:00+08:00`))) }, t("field.away.hours")),
  ];
}

/** @param {number[]} window */
async function say(...window) {
  const [begins, ends] = window.map((one) => new Date(one).toISOString());
  await store.ownAct("away", { begins, ends });
  drop("away/day", "away/from", "away/until");
  toast(t("field.did.away", { at: clock(store.now()) }));
}

async function takeBack(one) {
  await store.ownAct("away_back", { away: one.id });
  toast(t("field.did.away_back"));
}
