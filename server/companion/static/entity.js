// What the entity prepared, handed in and put right; corrections are verified here (Art. 16, 17).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, typing } from "./drafts.js";
import { bytes, moment, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

const open = (task) => (task.entity?.corrections ?? []).filter((one) => may(task, "correction", store.now(), { correction: one.id }) && !sent(task, one));
const sent = (task, one) => store.state.items.some((item) => item.act === "correction" && item.task === task.number && item.said.correction === one.id && item.state !== "refused");

// The way in from the task, with what waits named on it.
export function offer(task) {
  if (!task.entity) return null;
  const waits = open(task).length;
  const said = waits ? t("field.entity.waits", { n: waits }) : t("field.entity.open", { ready: task.entity.ready, all: task.entity.all });
  return h("a.button", { class: waits ? "watch" : "", href: `#${link(task, "entity")}`, "data-do": "entity" }, said);
}

// Beside a question: what was put right before the visit and verified. The officer still answers.
export function mended(question) {
  return question.mended ? h("p.found", { "data-mended": question.n }, h("b", {}, t("field.entity.mended")), " ", question.mended) : null;
}

export function entityScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const said = task.entity;
  return {
    title: t("field.entity"), under: task.target, back: link(task),
    main: said ? [
      troubles({ ...task, refused: task.refused.filter((one) => one.act === "correction") }, store),
      said.corrections.map((one) => correction(task, one)),
      said.replies.map((one) => h("section.card", {}, h("h2", {}, t("field.entity.reply")), h("p", {}, one.text), h("p.soft", {}, moment(one.at)), papers(one))),
      h("section.card", {}, h("h2", {}, t("field.entity.prepared", { ready: said.ready, all: said.all })),
        h("ul.plain", {}, said.lines.map((one) => h("li", {}, `${one.n}. ${one.text} `, one.ready && h("span.chip.good", {}, t("field.entity.ready")), papers(one))))),
    ] : [h("p.card.soft", {}, t("field.entity.nothing"))],
  };
}

function correction(task, one) {
  const waiting = sent(task, one);
  const state = one.accepted === null ? (waiting ? "sent" : "waiting") : one.accepted ? "yes" : "no";
  return h("section.card", { class: state === "waiting" && one.mine ? "ask" : "", "data-correction": one.id },
    h("p.over", {}, h("span.chip", { class: one.accepted ? "good" : "" }, t(`field.entity.${state}`)), h("span.chip", {}, t(`field.entity.${one.stage}`))),
    h("h2", {}, `${one.n}. ${one.question}`),
    h("p", {}, one.text), h("p.soft", {}, moment(one.at)), one.said && h("p", {}, one.said), papers(one),
    state === "waiting" && may(task, "correction", store.now(), { correction: one.id }) && judge(task, one));
}

function judge(task, one) {
  const id = `correction/${one.id}`;
  const decide = async (accepted) => {
    await store.act(task.number, "correction", { correction: one.id, accepted, said: draft(id, "").trim() });
    drop(id);
    toast(t("field.saved"));
  };
  return h("div", {},
    labelled(`said-${one.id}`, t("field.entity.said"), h("input", { id: `said-${one.id}`, value: draft(id, ""), maxlength: 500, oninput: typing(id) })),
    h("div.pair", {}, h("button.main.good", { onclick: () => decide(true) }, icon("check"), t("field.entity.accept")),
      h("button", { onclick: () => (draft(id, "").trim() ? decide(false) : toast(t("field.entity.why"))) }, t("field.entity.refuse"))));
}

function papers(one) {
  if (!one.papers.length) return null;
  return h("ul.plain", {}, one.papers.map((paper) => h("li", {}, h("a.paper", { href: `/field/api/papers/${paper.id}`, download: "" }, paper.name), " ", h("span.soft", {}, `${paper.format} ${bytes(paper.size)}`))));
}
