// What needs a reason: asking to be recused or excused, withholding the notice, and the telephone log.

import { h } from "./dom.js";
import * as store from "./store.js";
import { choices, go, gone, labelled, link } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { t } from "./words.js";
import { toast } from "./toast.js";

const REASONS = { recuse: ["interest", "former"], excuse: ["post", "conflict"], withhold: [] };

export function outScreen(number, kind) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `out/${number}/${kind}`;
  const said = draft(id).trim();
  return {
    title: t(`field.out.${kind}`), under: task.target, back: link(task),
    main: [
      h("p.lead", {}, t(`field.out.${kind}.text`)),
      h("div.choices", {}, REASONS[kind].map((one) => h("button.choice", { onclick: () => ask(task, kind, one, "") }, t(`out.${one}`)))),
      labelled("why", t(kind === "withhold" ? "field.out.basis" : "field.out.other"), h("textarea", { id: "why", rows: 3, maxlength: 400, value: draft(id), oninput: (event) => { typing(id)(event); store.notify(); } })),
      h("button.main", { disabled: !said, onclick: () => ask(task, kind, "other", said, id) }, t("field.do.ask")),
    ],
  };
}

async function ask(task, kind, reason, note, id) {
  if (kind === "withhold") await store.act(task.number, "withhold", { basis: note });
  else if (kind === "recuse") await store.act(task.number, "ask_out", { reason: "recusal", note: note || t(`out.${reason}`) });
  else await store.act(task.number, "ask_out", { reason, note });
  if (id) drop(id);
  toast(t("field.did.ask"));
  go(link(task));
}

export function phoneScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `phone/${number}`;
  const reached = draft(`${id}/reached`, "");
  const text = (name, rows) => h(rows ? "textarea" : "input", { id: name, rows, maxlength: rows ? 4000 : 80, value: draft(`${id}/${name}`), oninput: typing(`${id}/${name}`) });
  return {
    title: t("field.do.telephoned"), under: task.target, back: link(task),
    main: h("section.card", {},
      choices(t("field.phone.reached"), [["yes", t("field.phone.yes")], ["no", t("field.phone.no")]], reached, (one) => { put(`${id}/reached`, one); store.notify(); }),
      labelled("with", t("field.phone.with"), text("with")), labelled("said", t("field.phone.said"), text("said", 4)),
      h("button.main", { disabled: !reached, onclick: () => called(task, id, reached) }, t("field.save"))),
  };
}

async function called(task, id, reached) {
  const said = draft(`${id}/said`).trim();
  if (!said) return toast(t("field.phone.said"), { bad: true });
  await store.act(task.number, "telephoned", { reached: reached === "yes", said, spoke_with: draft(`${id}/with`).trim() });
  drop(`${id}/reached`, `${id}/with`, `${id}/said`);
  toast(t("field.saved"));
  go(link(task));
}
