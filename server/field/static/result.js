// 录入结果: the result types of the list; what the answers forbid is said before it is sent (Art. 16 (3)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { failures, toggledTypes, TYPES, typesWrong, withEstablished } from "./sheet.js";
import { choices, go, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { day, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

export function resultScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `result/${number}`;
  const established = task.established ?? [];
  const types = withEstablished(JSON.parse(draft(`${id}/types`, "[]")), established);
  const note = draft(`${id}/note`);
  const wrong = failures(task);
  const no = typesWrong(task, types, note);
  const keep = (all) => { put(`${id}/types`, JSON.stringify(all)); store.notify(); };
  const toggle = (code) => keep(toggledTypes(types, code, established));
  return {
    title: t("field.result.title"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => one.act === "enter") }, store),
      h("p.lead", {}, wrong.length ? t("field.result.failures", { n: wrong.length, numbers: wrong.join("、") }) : t("field.result.no_failures")),
      task.due && h("p.soft", {}, t("field.due", { day: day(task.due) })),
      choices(t("field.result.title"), TYPES.map((code) => [code, [icon(types.includes(code) ? "check" : "dash"), ` ${t(`result.${code}`)}`], { disabled: code === "R01" && (wrong.length > 0 || established.length > 0) }]), types, toggle, { many: true }),
      labelled("note", t("field.result.note"), h("textarea", { id: "note", rows: 3, maxlength: 4000, value: note, oninput: (event) => { typing(`${id}/note`)(event); store.notify(); } })),
      no && types.length > 0 && h("p.found", { role: "alert" }, t(no, { numbers: wrong.join("、") })),
      h("button.main.good", { disabled: Boolean(no) || !may(task, "enter", store.now()), onclick: () => enter(task, types, note, id) }, t("field.do.enter")),
    ],
  };
}

async function enter(task, types, note, id) {
  await store.act(task.number, "enter", { types, note: note.trim() });
  drop(`${id}/types`, `${id}/note`);
  toast(t("field.did.enter"));
  go("/");
}
