// 检查记录表: the entity is heard, the record drawn up, read through together, signed (Art. 16 (3)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { gone, link, troubles } from "./widgets.js";
import { draft, drop, typing } from "./drafts.js";
import { strip } from "./photos.js";
import { entityOf, short } from "./record_overlay.js";
import { moment, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

const FOUND = ["answer", "undo", "find", "finalise", "reopen", "photo", "photo_mark", "photo_void"];
const OURS = ["record_draw", "record_hear", "record_sign", "record_refuse"];

export function recordScreen(number) {
  const task = store.task(number);
  if (!task?.record) return gone();
  const record = task.record, last = record.versions.at(-1);
  return {
    title: t("field.record.title"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => OURS.includes(one.act)) }, store),
      standing(task, last),
      heard(task),
      drawing(task, last),
      last && reading(record, last),
      last && signing(task, last),
      last && onPaper(task),
    ],
    bottom: [h("a.button.quiet", { href: `#${link(task)}` }, icon("check"), t("field.record.finish"))],
  };
}

// What this phone found and the house does not know yet would be missing from the paper.
const unsent = (task) => store.state.items.some((one) => one.task === task.number && FOUND.includes(one.act) && one.state !== "refused");
const stale = (task) => !task.record.current || unsent(task);

function standing(task, last) {
  if (!last) return h("p.lead", {}, t("field.record.none"));
  return h("section.card", {},
    h("p.over", {}, h("span.chip.deep", {}, t("field.record.version", { version: last.version })),
      h("span.chip", { class: stale(task) ? "watch" : "good", "data-current": String(!stale(task)) }, t(stale(task) ? "field.record.stale" : "field.record.current")),
      h("span.chip", { class: task.record.signed ? "good" : "watch", "data-signed": String(task.record.heard ?? task.record.signed) }, task.record.signed ? t("field.record.signed") : t("field.record.unsigned", task.record.count ?? { done: 0, all: 1 }))),
    h("dl", {}, h("dt", {}, t("field.record.number")), h("dd", {}, last.number), h("dt", {}, t("field.record.hash")), h("dd.hash", {}, short(last.sha256)),
      h("dt", {}, t("field.record.check_code")), h("dd", {}, last.check_code)));
}

function heard(task) {
  const id = `record/${task.number}/said`;
  const said = draft(id).trim();
  return h("section.card", {}, h("h2", {}, t("field.record.heard")), h("p.soft", {}, t("field.record.heard.text")),
    task.record.statements.map((one) => h("blockquote.found", {}, h("p", {}, one.text), h("small", {}, [one.by, moment(one.at)].filter(Boolean).join(" · ")))),
    may(task, "record_hear", store.now()) && [h("div.field", {}, h("label", { for: "said" }, t("field.record.said")),
      h("textarea", { id: "said", rows: 3, maxlength: 4000, value: draft(id), oninput: (event) => { typing(id)(event); store.notify(); } })),
    h("button", { class: said ? "main" : "", disabled: !said, onclick: () => hear(task, id, said) }, t("field.record.hear"))]);
}

async function hear(task, id, said) {
  drop(id);
  await store.act(task.number, "record_hear", { said });
  toast(t("field.did.record_hear"));
}

function drawing(task, last) {
  const { record } = task;
  if (last && !stale(task)) return null;
  const waits = record.drawing || unsent(task);
  return h("section.card.ask", {},
    h("p", {}, last ? t("field.record.again") : t(record.closed ? "field.record.draw.text" : "field.record.draw.open")),
    record.drawing && h("p.soft", { role: "status" }, t(store.state.line === "on" ? "field.record.drawing" : "field.record.drawing_off")),
    !record.drawing && waits && h("p.soft", {}, t("field.record.unsent")),
    !record.drawing && h("button.main.good", { id: "draw", disabled: !may(task, "record_draw", store.now()), onclick: () => draw(task) }, t(last ? "field.record.draw_anew" : "field.record.draw")));
}

async function draw(task) {
  await store.act(task.number, "record_draw");
  toast(t("field.did.record_draw"));
}

function reading(record, last) {
  const [, ...parts] = record.text.split("\n\n").map((part) => part.split("\n"));
  return h("section.card.reading", { lang: "zh-CN" }, h("h2", {}, t("field.record.read", { version: last.version })),
    parts.map(([title, ...rest]) => h("section", {}, h("h3", {}, title), rest.map((line) => h("p", {}, line)))));
}

function signing(task, last) {
  const entity = entityOf(last);
  const open = !stale(task);
  return h("section.card", {}, h("h2", {}, t("field.record.signatures")),
    h("p.soft", {}, t(open ? "field.record.signs" : "field.record.signs_later", { version: last.version, hash: short(last.sha256) })),
    h("ul.plain", {},
      last.signed.map((one) => h("li.row", {}, h("span", {}, h("b", {}, t(`field.record.${one.role}`)), " ", one.name, " ", h("small", {}, one.position)),
        h("span.chip", { class: one.refused ? "bad" : one.role === "witness" && !one.drawn ? "soft" : "good" }, t(one.refused ? "field.record.refused" : one.role === "witness" && !one.drawn ? "field.record.was_there" : "field.record.has_signed")))),
      !entity && h("li", {}, h("p", {}, h("b", {}, t("field.record.entity")), " ", task.target),
        open && h("div.pair", {}, h("a.button.main", { href: `#${link(task, "sign", "entity")}` }, icon("pen"), t("field.record.sign")),
          h("a.button", { href: `#${link(task, "sign", "refused")}` }, t("field.record.refuses")))),
      entity?.refused && open && h("li", {}, h("a.button.quiet.wide", { href: `#${link(task, "sign", "entity")}` }, t("field.record.signs_after_all"))),
      last.missing.map((one) => h("li.row", {}, h("span", {}, h("b", {}, one.name), " ", h("small", {}, one.unit)),
        open && h("a.button", { href: `#${link(task, "sign", one.id)}` }, icon("pen"), t("field.record.sign"))))));
}

function onPaper(task) {
  return h("details.card", {}, h("summary", {}, t("field.record.paper")), h("p.soft", {}, t("field.record.paper.text")),
    h("p", {}, h("a.button", { href: `/field/api/tasks/${encodeURIComponent(task.number)}/record.pdf`, target: "_blank", rel: "noopener" }, t("field.record.pdf"))),
    strip(task, { about: "record" }, { closed: !may(task, "photo", store.now(), { about: "record" }) }));
}

// On the task: the next thing to do once every section is final, a quiet way in before.
export function recordOffer(task, open) {
  if (!task.record) return;
  const first = task.record.closed && !(task.record.heard ?? task.record.signed);
  open(link(task, "record"), t(task.record.signed ? "field.record.open_signed" : "field.record.open"), first ? "main" : "");
}
