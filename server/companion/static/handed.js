// 当面送达: who received the letter, or that nobody was there.

import { h } from "./dom.js";
import * as store from "./store.js";
import { choices, go, gone, labelled, link } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { t } from "./words.js";
import { toast } from "./toast.js";

export function handedScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `handed/${number}`;
  const outcome = draft(`${id}/outcome`, "");
  const text = (name) => h("input", { id: name, maxlength: 80, value: draft(`${id}/${name}`), oninput: typing(`${id}/${name}`) });
  return {
    title: t("field.handed.title"), under: task.target, back: link(task),
    main: h("section.card", {},
      h("p", {}, t("field.handed.text")),
      choices(t("field.handed.outcome"), [["told", t("field.handed.told")], ["no_answer", t("field.handed.nobody")]], outcome, (one) => { put(`${id}/outcome`, one); store.notify(); }),
      outcome === "told" ? labelled("who", t("field.handed.who"), text("who")) : null,
      labelled("said", t("field.handed.said"), text("said")),
      h("button.main", { disabled: !outcome, onclick: () => handed(task, id, outcome) }, t("field.save"))),
  };
}

async function handed(task, id, outcome) {
  const [who, said] = ["who", "said"].map((name) => draft(`${id}/${name}`).trim());
  if (outcome === "told" && !who) return toast(t("field.handed.who"), { bad: true });
  await store.act(task.number, "handed", { outcome, who, said: said || (outcome === "told" ? "" : t("field.handed.nobody")) });
  drop(`${id}/outcome`, `${id}/who`, `${id}/said`);
  toast(t("field.saved"));
  go(link(task));
}
