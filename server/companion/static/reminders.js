// What this person was reminded of, each put off until a day by a press on a reason.

import { h } from "./dom.js";
import * as net from "./net.js";
import * as store from "./store.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @type {any} */
let shown = null;

export function reminders() {
  return h("section.card", { id: "reminders" }, h("h2", {}, t("field.snooze.title")),
    shown ? shown.reminders.map(row) : h("button", { onclick: () => tried(async () => {}) }, t("field.snooze.open")),
    shown?.reminders.length === 0 && h("p.soft", {}, t("field.snooze.none")));
}

function row(one) {
  const days = h("select", { "aria-label": t("field.snooze.day") }, one.days.map(([value, label]) => h("option", { value }, label)));
  return [h("p", {}, `${one.kind} · ${one.of} · ${one.due}`),
    one.until ? h("p.soft", {}, t("field.snooze.until", { day: one.until }))
      : h("p.row", {}, days, shown.reasons.map((reason) => h("button.small", { onclick: () => tried(() => net.ask("/snooze", { key: net.newKey(), reminder: one.id, until: days.value, reason })) }, reason)))];
}

async function tried(deed) {
  try {
    await deed();
    shown = (await net.get("/reminders", null)).body;
  } catch (no) {
    toast(no instanceof net.Refused ? no.message : t("field.line.off"), { bad: true });
  }
  store.notify();
}
