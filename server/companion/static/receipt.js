// 省级平台回执: the number under which the provincial platform has the result, and the day (Art. 8).

import { h } from "./dom.js";
import * as store from "./store.js";
import { go, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, typing } from "./drafts.js";
import { localDay, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

export function receiptScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `receipt/${number}`, today = localDay(store.now());
  return {
    title: t("web.receipt"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((item) => item.act === "receipt") }, store),
      h("form.card", { onsubmit: (event) => { event.preventDefault(); record(task, id, today); } },
        task.receipt && h("p.found", { id: "standing" }, t("receipt.standing", { number: task.receipt })),
        labelled("receipt", t("web.receipt"), h("input", { id: "receipt", type: "text", maxlength: 80, autocomplete: "off", value: draft(`${id}/receipt`), oninput: typing(`${id}/receipt`) })),
        labelled("day", t("web.receipt.day"), h("input", { id: "day", type: "date", max: today, value: draft(`${id}/day`, today), oninput: typing(`${id}/day`) })),
        h("p.soft", {}, t("web.receipt.what")),
        h("button.main", { type: "submit", disabled: !may(task, "receipt", store.now()) }, t("field.save"))),
    ],
  };
}

async function record(task, id, today) {
  const receipt = draft(`${id}/receipt`).trim();
  if (!receipt) return toast(t("field.missing", { what: t("web.receipt") }), { bad: true });
  await store.act(task.number, "receipt", { receipt, day: draft(`${id}/day`, today) || today });
  drop(`${id}/receipt`, `${id}/day`);
  toast(t("field.did.receipt"));
  go(link(task));
}
