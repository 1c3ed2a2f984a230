// 网络检查先行: what can be looked up is looked up first, with its source and what was found (Art. 16 (1)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { online, question as questionOf } from "./sheet.js";
import { choices, go, gone, labelled, link } from "./parts.js";
import { draft, drop, put, typing } from "./drafts.js";
import { t } from "./words.js";
import { toast } from "./toast.js";

const FINDINGS = { pass: ["same"], fail: ["differs", "missing"], open: ["site"] };
const LEDGER = ["assigned", "network_checked", "scheduled"];

export function networkScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  return {
    title: t("field.network.title"), under: task.target, back: link(task),
    main: [
      h("p.soft.lead", {}, t("field.network.text")),
      online(task).map((one) => h("a.card.line", { href: `#${link(task, "network", one.n)}` },
        h("span.number", { class: one.found ? `is-${one.found.verdict}` : "" }, one.n),
        h("span.grow", {}, h("b", {}, one.text), one.found
          ? h("small", {}, `${t(`field.network.${one.found.verdict}`)} · ${one.found.finding}`)
          : h("small", {}, one.network_source || t("field.network.no_source"))),
        icon("next"))),
    ],
  };
}

export function networkQuestion(number, n) {
  const task = store.task(number);
  const question = task && questionOf(task, Number(n));
  if (!question) return gone();
  const id = `network/${number}/${n}`;
  const verdict = draft(`${id}/verdict`, "");
  const settled = question.found?.settles;
  const needsValue = question.network === "full" && verdict !== "open" && ["NUM", "DATE"].includes(question.kind);
  return {
    title: t("field.question", { n }), under: task.target, back: link(task, "network"),
    main: h("form.card.question", { onsubmit: (event) => { event.preventDefault(); save(task, question, id); } },
      h("h2.head", {}, question.text), h("p.soft", {}, question.basis),
      question.found && h("p.found", {}, t("field.network.found", { verdict: t(`field.network.${question.found.verdict}`), finding: question.found.finding, source: question.found.source })),
      !LEDGER.includes(task.state) ? h("p.soft", {}, t("field.network.over")) : [
        choices(t("field.network.verdict"), ["pass", "fail", "open"].map((one) => [one, t(`field.network.${one}`), { class: `verdict ${one}` }]), verdict,
          (one) => { put(`${id}/verdict`, one); store.tell(); }),
        verdict && !needsValue && h("div.choices", {}, FINDINGS[verdict].map((one) => h("button.choice", { type: "button", onclick: () => save(task, question, id, t(`finding.${one}`)) }, t(`finding.${one}`)))),
        verdict && labelled(`f-${n}`, t(needsValue ? "field.network.value" : "field.network.finding"),
          h("input", { id: `f-${n}`, type: needsValue && question.kind === "DATE" ? "date" : "text", inputmode: needsValue && question.kind === "NUM" ? "numeric" : null, value: draft(`${id}/finding`), oninput: typing(`${id}/finding`), maxlength: 2000 }), question.fill_in),
        verdict && labelled(`s-${n}`, t("field.network.source"),
          h("input", { id: `s-${n}`, type: "text", value: draft(`${id}/source`, question.network_source), oninput: typing(`${id}/source`), maxlength: 200 })),
        settled && verdict && labelled(`r-${n}`, t("field.network.reason"),
          h("input", { id: `r-${n}`, type: "text", value: draft(`${id}/reason`), oninput: typing(`${id}/reason`), maxlength: 400 })),
        verdict && h("button.main", { type: "submit" }, t("field.save")),
      ]),
  };
}

async function save(task, question, id, tapped) {
  const said = {
    question: question.n, verdict: draft(`${id}/verdict`), finding: tapped ?? draft(`${id}/finding`).trim(),
    source: draft(`${id}/source`, question.network_source).trim(), reason: draft(`${id}/reason`).trim(),
  };
  if (!said.finding || !said.source) return toast(t("field.network.both"), { bad: true });
  if (question.found?.settles && !said.reason) return toast(t("field.network.reason_due"), { bad: true });
  await store.act(task.number, "find", said);
  drop(...["verdict", "finding", "source", "reason"].map((one) => `${id}/${one}`));
  toast(t("field.saved"));
  const waiting = online(store.task(task.number) ?? task).filter((one) => !one.found);
  const next = waiting.find((one) => one.n > question.n) ?? waiting[0];
  go(next ? link(task, "network", next.n) : link(task, "network"));
}
