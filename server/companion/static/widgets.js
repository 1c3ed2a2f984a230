// Small pieces that several screens show.

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { clock, t } from "./words.js";
import { givingUp } from "./why.js";

export const link = (task, ...rest) => `/t/${encodeURIComponent(task.number)}${rest.map((one) => `/${one}`).join("")}`;
export const go = (path) => { location.hash = path; };
export const name = (task, id) => task.members.find((one) => one.id === id)?.name ?? id;
export const departmentName = (task, code) => task.sections.find((one) => one.department === code)?.name ?? code;

export function bar(done, all) {
  return h("progress", { value: done, max: Math.max(all, 1), "aria-label": t("field.progress", { done, all }) });
}

// 草稿, 已定稿, 待上传, 已上传: always in words.
export function standing(task) {
  const final = task.draft === "final";
  if (!final && task.state !== "on_site" && !task.refused.length && !task.waiting) return null;
  const key = task.refused.length ? "wrong" : task.waiting ? "waiting" : final ? "sent_final" : "sent_draft";
  const kind = task.refused.length ? "bad" : task.waiting ? "watch" : final ? "good" : "soft";
  return h("span.chip", { class: kind, "data-standing": key },
    t(`field.standing.${key}`, { n: task.waiting || task.refused.length, what: t(final ? "field.final" : "field.draft") }));
}

// A task that is not here: gone only once the list has come; before that it is on its way, or out of reach.
export function gone(back = "/") {
  const { fresh, line, fetchedAt } = store.state;
  const off = ["off", "captive_portal", "signed_out"].includes(line);
  const said = fresh ? t("field.task_gone") : !off ? t("field.downloading") : fetchedAt ? t("field.task_not_here", { at: clock(fetchedAt) }) : t("field.list.not_yet");
  return { title: t("field.app"), back, main: h("section.card.center", {}, h("p", { role: "status" }, said)) };
}

// What was refused about this task, each with its reason and what to do.
export function troubles(task, { retry }) {
  return task.refused.map((item) => h("section.card.wrong", { role: "alert" },
    h("b", {}, icon("warn"), " ", t(`field.act.${item.act}`, { n: item.said.question ?? "" })),
    h("p", {}, item.error || t("field.toast.refused")),
    h("p.row", {}, h("button", { onclick: () => retry(item) }, t(store.isMovedOn(item) ? "field.again" : "field.retry")),
      h("button.quiet", { onclick: () => giveUp(item) }, t("field.discard")))));
}

export async function giveUp(item) {
  const reason = await givingUp();
  if (reason) await store.discard(item, reason);
}

export function choices(label, options, chosen, choose, { many = false, dense = false } = {}) {
  return h("div.choices", { class: dense ? "dense" : "", role: many ? "group" : "radiogroup", "aria-label": label }, options.map(([value, said, more]) => {
    const on = many ? chosen.includes(value) : chosen === value;
    return h("button.choice", {
      type: "button", role: many ? "checkbox" : "radio", "aria-checked": String(on), class: on ? "on" : "",
      onclick: () => choose(value), ...more,
    }, said);
  }));
}

export function labelled(id, label, field, hint) {
  return h("div.field", {}, h("label", { for: id }, label), hint && h("small", { id: `${id}-hint` }, hint), field);
}
