// 录入结果: the own department's result types and measures; what the answers forbid is said before it is sent (Art. 16 (3)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { failures, MEASURES, measuresWrong, toggledMeasures, toggledTypes, TYPES, typesWrong, usualMeasures, withEstablished } from "./sheet.js";
import { choices, go, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { day, t } from "./words.js";
import { toast } from "./toast.js";
import { departments } from "./departments.js";
import { may, ownResult } from "./offers.js";

export function resultScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `result/${number}`;
  const established = task.established ?? [];
  const own = ownResult(task);
  const types = withEstablished(JSON.parse(draft(`${id}/types`, JSON.stringify(own?.types ?? []))), established);
  const note = draft(`${id}/note`, own?.note ?? "");
  const chosen = draft(`${id}/measures`, own?.types.length ? JSON.stringify(own.measures) : "");
  const measures = chosen ? JSON.parse(chosen) : usualMeasures(types);
  const wrong = failures(task);
  const no = typesWrong(task, types, note) || measuresWrong(types, measures, note);
  const keep = (all) => { put(`${id}/types`, JSON.stringify(all)); drop(`${id}/measures`); put(`${id}/measures`, JSON.stringify(usualMeasures(all))); store.notify(); };
  const measured = (code) => { put(`${id}/measures`, JSON.stringify(toggledMeasures(measures, code))); store.notify(); };
  const toggle = (code) => keep(toggledTypes(types, code, established));
  return {
    title: t("field.result.title"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => one.act === "enter") }, store),
      h("p.lead", {}, wrong.length ? t("field.result.failures", { n: wrong.length, numbers: wrong.join("、") }) : t("field.result.no_failures")),
      departments(task),
      task.due && h("p.soft", {}, t("field.due", { day: day(task.due) })),
      choices(t("field.result.title"), TYPES.map((code) => [code, [icon(types.includes(code) ? "check" : "dash"), ` ${t(`result.${code}`)}`], { disabled: code === "R01" && (wrong.length > 0 || established.length > 0) }]), types, toggle, { many: true }),
      types.length > 0 && choices(t("field.result.measures"), MEASURES.map((code) => [code, [icon(measures.includes(code) ? "check" : "dash"), ` ${t(`measure.${code}`)}`]]), measures, measured, { many: true }),
      labelled("note", t("field.result.note"), h("textarea", { id: "note", rows: 3, maxlength: 4000, value: note, oninput: (event) => { typing(`${id}/note`)(event); store.notify(); } })),
      no && types.length > 0 && h("p.found", { role: "alert" }, t(no, { numbers: wrong.join("、") })),
      h("button.main.good", { disabled: Boolean(no) || !may(task, "enter", store.now()), onclick: () => enter(task, types, measures, note, id) }, t("field.do.enter")),
    ],
  };
}

async function enter(task, types, measures, note, id) {
  await store.act(task.number, "enter", { types, measures, note: note.trim() });
  drop(`${id}/types`, `${id}/measures`, `${id}/note`);
  toast(t("field.did.enter"));
  go("/");
}
