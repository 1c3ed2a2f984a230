// 重新打开: a closed section is opened once more with a reason, until the record stands signed (Art. 16 (3)).

import { h } from "./dom.js";
import * as store from "./store.js";
import { choices, departmentName, go, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { may } from "./offers.js";
import { t } from "./words.js";
import { toast } from "./toast.js";

export function reopenScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `reopen/${number}`, open = task.reopenable ?? [];
  const chosen = open.length === 1 ? open[0] : draft(`${id}/department`, "");
  const reason = draft(`${id}/why`).trim();
  const ready = reason && open.includes(chosen) && may(task, "reopen", store.now(), { department: chosen });
  return {
    title: t("reopen.title"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => one.act === "reopen") }, store),
      h("p.lead", {}, t(open.length ? "reopen.text" : "reopen.none")),
      open.length > 1 && choices(t("reopen.which"), open.map((one) => [one, departmentName(task, one)]), chosen, (one) => { put(`${id}/department`, one); store.notify(); }),
      open.length === 1 && h("p", {}, h("b", {}, departmentName(task, chosen))),
      open.length > 0 && labelled("reopen-why", t("reopen.why"), h("textarea", { id: "reopen-why", rows: 3, maxlength: 400, value: draft(`${id}/why`), oninput: (event) => { typing(`${id}/why`)(event); store.notify(); } })),
      open.length > 0 && h("button.main", { id: "reopen", disabled: !ready, onclick: () => reopen(task, chosen, reason, id) }, t("reopen.do")),
    ],
  };
}

async function reopen(task, department, reason, id) {
  await store.act(task.number, "reopen", { department, reason });
  drop(`${id}/department`, `${id}/why`);
  toast(t("reopen.done"));
  go(link(task));
}
