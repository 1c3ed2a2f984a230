// 录入结果, 更正公示结果: the own department's result types and measures; what the answers forbid is said before it is sent (Art. 16 (3)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { correctable, failures, MEASURES, measuresWrong, revisionWrong, toggledMeasures, toggledTypes, TYPES, typesWrong, usualMeasures, withEstablished } from "./sheet.js";
import { choices, go, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { day, t } from "./words.js";
import { toast } from "./toast.js";
import { departments } from "./departments.js";
import { may, ownResult } from "./offers.js";

// What is chosen so far under `id`, and the fields in which it is chosen.
function form(id, before, established, { bare = false, off = false, between = (/** @type {string[]} */ _types) => /** @type {any} */ (null) } = {}) {
  const types = withEstablished(JSON.parse(draft(`${id}/types`, JSON.stringify(before?.types ?? []))), established);
  const note = draft(`${id}/note`, before?.note ?? "");
  const chosen = draft(`${id}/measures`, before?.types.length ? JSON.stringify(before.measures) : "");
  const measures = bare ? [] : chosen ? JSON.parse(chosen) : usualMeasures(types);
  const keep = (all) => { put(`${id}/types`, JSON.stringify(all)); drop(`${id}/measures`, `${id}/aside`); put(`${id}/measures`, JSON.stringify(usualMeasures(all))); store.notify(); };
  const measured = (code) => { put(`${id}/measures`, JSON.stringify(toggledMeasures(measures, code))); store.notify(); };
  const toggle = (code) => keep(toggledTypes(types, code, established));
  const fields = [
    choices(t("field.result.title"), TYPES.map((code) => [code, [icon(types.includes(code) ? "check" : "dash"), h("span.grow", {}, t(`result.${code}`))], { disabled: code === "R01" && off }]), types, toggle, { many: true }),
    between(types),
    types.length > 0 && !bare && choices(t("field.result.measures"), MEASURES.map((code) => [code, [icon(measures.includes(code) ? "check" : "dash"), h("span.grow", {}, t(`measure.${code}`))]]), measures, measured, { many: true }),
    labelled("note", t("field.result.note"), h("textarea", { id: "note", rows: 3, maxlength: 4000, value: note, oninput: (event) => { typing(`${id}/note`)(event); store.notify(); } })),
  ];
  return { types, note, measures, fields };
}

const troubled = (task, act) => troubles({ ...task, refused: task.refused.filter((one) => one.act === act) }, store);
const found = (wrong) => h("p.lead", {}, wrong.length ? t("field.result.failures", { n: wrong.length, numbers: wrong.join("、") }) : t("field.result.no_failures"));

async function send(task, act, said, id) {
  await store.act(task.number, act, said);
  drop(...["types", "measures", "note", "aside", "reason"].map((one) => `${id}/${one}`));
  toast(t(`field.did.${act}`));
  go("/");
}

export function resultScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `result/${number}`, established = task.established ?? [], wrong = failures(task);
  const { types, note, measures, fields } = form(id, ownResult(task), established, { off: wrong.length > 0 || established.length > 0 });
  const no = typesWrong(task, types, note) || measuresWrong(types, measures, note);
  return {
    title: t("field.result.title"), under: task.target, back: link(task),
    main: [
      troubled(task, "enter"), found(wrong), departments(task),
      task.due && h("p.soft", {}, t("field.due", { day: day(task.due) })),
      fields,
      no && types.length > 0 && h("p.found", { role: "alert" }, t(no, { numbers: wrong.join("、") })),
      h("button.main.good", { disabled: Boolean(no) || !may(task, "enter", store.now()), onclick: () => send(task, "enter", { types, measures, note: note.trim() }, id) }, t("field.do.enter")),
    ],
  };
}

// A public result is corrected by a new version; the head decides.
export function revisionScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const told = task.correct, refused = troubled(task, "revision_propose");
  const view = { title: t("field.revision.title"), under: task.target, back: link(task) };
  if (!told) return { ...view, main: [refused, h("p.lead", { role: "status" }, t("field.revision.sent"))] };
  const id = `revise/${number}`, wrong = correctable(task), reason = draft(`${id}/reason`);
  const aside = (types) => JSON.parse(draft(`${id}/aside`, JSON.stringify(types.includes("R01") ? wrong : [])));
  const between = (types) => wrong.length > 0 && h("div", {}, h("h2", {}, t("field.revision.aside")),
    choices(t("field.revision.aside"), wrong.map((n) => [n, [icon(aside(types).includes(n) ? "check" : "dash"), h("span.grow", {}, `${n}. ${task.questions.find((one) => one.n === n)?.text}`)]]), aside(types),
      (n) => { put(`${id}/aside`, JSON.stringify(aside(types).includes(n) ? aside(types).filter((one) => one !== n) : [...aside(types), n])); store.notify(); }, { many: true }));
  const { types, note, measures, fields } = form(id, { ...told, note: "" }, [], { bare: told.whole, between });
  const left = aside(types), no = revisionWrong(types, note, wrong, left, told.types) || (told.whole ? "" : measuresWrong(types, measures, note));
  const typed = (event) => { typing(`${id}/reason`)(event); store.notify(); };
  return {
    ...view,
    main: [
      refused, told.reason && h("p.lead", {}, t("field.revision.why", { reason: told.reason })),
      told.returned && h("p.found", {}, t("field.revision.returned", { reason: told.returned })),
      found(wrong), departments(task), h("p.soft", {}, t("field.revision.what")), fields,
      !told.under_way && labelled("reason", t("field.revision.reason"), h("textarea", { id: "reason", rows: 2, maxlength: 400, value: reason, oninput: typed })),
      no && types.length > 0 && h("p.found", { role: "alert" }, t(no, { numbers: wrong.filter((n) => !left.includes(n)).join("、") })),
      h("button.main.good", { disabled: Boolean(no) || !(told.under_way || reason.trim()), onclick: () => send(task, "revision_propose", { types, measures, note: note.trim(), aside: left, reason: told.under_way ? "" : reason.trim() }, id) }, t("field.revision.send")),
    ],
  };
}
