// One question a screen: an answer is one tap and the next question comes by itself (Art. 16).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import {
  gapsOf, neighbours, nextOpen, openGaps, ownOf, photosOf, progress, question as questionOf, settled, toggledOption, typed,
} from "./sheet.js";
import { bar, choices, go, gone, link, name, troubles } from "./widgets.js";
import { draft, drop, has, later, put, typing } from "./drafts.js";
import { strip } from "./photos.js";
import { chips, chosen, sampling } from "./methods.js";
import { localDay, t } from "./words.js";
import { mended } from "./entity.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

const RESTED = 2500, LEFT = 400; // milliseconds after the last letter, after leaving the field
const VERDICTS = [["pass", "check"], ["fail", "cross"], ["na", "dash"]];

export function questionScreen(number, n) {
  const task = store.task(number);
  const question = task && questionOf(task, Number(n));
  if (!question) return gone();
  const { before, after, place, all } = neighbours(task, question.n);
  const closed = !may(task, "answer", store.now(), { question: question.n });
  const mine = { ...task, refused: task.refused.filter((one) => one.said.question === question.n) };
  return {
    title: t("field.question_of", { place: place || question.n, all: all || task.questions.length }), under: task.target, back: link(task),
    main: [
      h("div.thin", {}, bar(progress(task).done, progress(task).all)),
      troubles(mine, store),
      h("article.question", {},
        h("h2.head", {}, h("span.number", {}, question.n), question.text),
        h("details.basis", {}, h("summary", {}, t("field.basis")), h("p", {}, question.basis)),
        question.share && h("p.found", {}, t("field.share", { name: question.share.name })),
        needs(task, question),
        mended(question),
        question.found && h("p.found", {}, t(question.found.settles ? "field.network.settled" : "field.network.seen", { verdict: t(`field.network.${question.found.verdict}`), finding: question.found.finding, source: question.found.source })),
        settled(question) && may(task, "find", store.now(), { question: question.n }) && h("p", {}, h("a.button.quiet", { href: `#${link(task, "network", question.n)}`, "data-do": "reopen" }, icon("pen"), t("field.network.reopen"))),
        conflict(task, question),
        closed ? [standing(task, question), sampling(task, question)] : [
          values(task, question),
          verdicts(task, question),
          chips(task, question, (what) => say(task, question, what)),
          sampling(task, question),
          strip(task, question, { onTaken: (number, n) => onward(number, n, "") }),
          note(task, question),
        ]),
    ],
    bottom: [
      before ? h("a.button.quiet", { href: `#${link(task, "q", before.n)}` }, icon("back"), t("field.before")) : h("span"),
      h("a.button.quiet", { href: `#${link(task, "jump")}` }, icon("list"), t("field.jump")),
      after ? h("a.button.quiet", { href: `#${link(task, "q", after.n)}` }, t("field.after"), icon("next"))
        : h("a.button.quiet", { href: `#${link(task, "end")}` }, t("field.end"), icon("next")),
    ],
  };
}

// What is due, before it is answered (U13); what is still missing, after.
function needs(task, question) {
  const missing = question.given ? gapsOf(task, question).filter((one) => one !== "answer" && one !== "conflict") : [];
  return h("p.needs", {},
    question.photo === "always" && h("span.chip", { class: missing.includes("photo") ? "watch" : "" }, t("field.photo.always")),
    question.photo === "on_fail" && h("span.chip", { class: missing.includes("photo") ? "watch" : "" }, t("field.photo.on_fail")),
    question.sample === "required" && h("span.chip", { class: missing.includes("sample") ? "watch" : "" }, t("field.sample.required")),
    question.sample === "no" && task.methods.includes("sample") && h("span.chip", {}, t("field.sample.none")),
    missing.map((one) => h("span.chip.bad", { "data-gap": one }, t(`gap.${one}`))));
}

function verdicts(task, question) {
  const offered = VERDICTS.filter(([one]) => one !== "na" || question.may_not_apply);
  return h("div.verdicts", { role: "radiogroup", "aria-label": t("field.verdict") }, offered.map(([one, sign]) => {
    const on = question.given?.verdict === one;
    return h("button.verdict", { class: `${one} ${on ? "on" : ""}`, role: "radio", "aria-checked": String(on), "data-verdict": one, onclick: () => answer(task, question, one) },
      icon(sign), h("span", {}, t(`verdict.${one}`)));
  }));
}

const field = (task, question, part) => `q/${task.number}/${question.n}/${part}`;
const count = (question) => (question.kind === "NUM" ? question.limits.numbers.length : 1);

// The values to write down: a number or a date brings its own keyboard.
function values(task, question) {
  if (question.kind === "TRI") return null;
  if (question.options) return optionChoices(task, question);
  const kept = question.kind === "TEXT" ? [question.given?.value ?? ""] : (question.given?.value ?? "").split("/");
  const labels = question.fill_in.split(/[/,，]/).map((one) => one.replaceAll("_", "").trim());
  return h("div.values", {}, Array.from({ length: count(question) }, (_, place) => {
    const id = field(task, question, place);
    const kind = { NUM: { type: "text", inputmode: question.limits.numbers[place]?.low < 0 ? "text" : question.limits.numbers[place]?.decimals ? "decimal" : "numeric", pattern: "[0-9]*" }, DATE: { type: "date" }, TEXT: { type: "text" } }[question.kind];
    const said = (count(question) > 1 ? labels[place] : question.fill_in.replaceAll("_", "")) || t(`field.value.${question.kind}`);
    return h("div.field", {}, h("label", { for: id }, said),
      h("input", { id, ...kind, autocomplete: "off", enterkeyhint: "done", value: draft(id, kept[place] ?? ""), oninput: typing(id), onchange: () => later(`${task.number}/${question.n}`, () => keepValue(task.number, question.n), LEFT) }));
  }));
}

// Options are kept as they are tapped; of several a second tap takes one back.
function optionChoices(task, question) {
  const many = question.kind === "MANY", value = question.given?.value ?? "";
  const said = question.fill_in.includes("：") ? question.fill_in.split("：")[0] : t(`field.value.${question.kind}`);
  return h("div.field", {}, h("p.note", {}, said),
    choices(said, question.options.map((one) => [one, one]), many ? value.split("、") : value,
      (option) => say(task, question, { value: toggledOption(question, option) }), { many }));
}

// undefined: nothing typed or unchanged; null: typed, and not what is asked for.
function typedValue(task, question) {
  if (question.kind === "TRI" || question.options) return undefined;
  const ids = Array.from({ length: count(question) }, (_, place) => field(task, question, place));
  if (!ids.some(has)) return undefined;
  const kept = question.kind === "TEXT" ? [question.given?.value ?? ""] : (question.given?.value ?? "").split("/");
  const parts = ids.map((id, place) => draft(id, kept[place] ?? ""));
  if (parts.every((one) => !one.trim())) return undefined;
  const { value, refused } = typed(question, parts, localDay(store.now()));
  return refused ? null : value === (question.given?.value ?? "") ? undefined : value;
}

function dropValue(task, question) {
  drop(...Array.from({ length: count(question) }, (_, place) => field(task, question, place)));
}

// A value is kept when the field is left and a verdict stands already; before that it goes with the verdict.
async function keepValue(number, n) {
  const task = store.task(number);
  const question = task && questionOf(task, n);
  if (!task || !question) return; // no longer this officer's: what was typed stays in its field
  const value = typedValue(task, question);
  if (!question.given?.verdict || value === undefined) return;
  if (value === null) return wrongValue(question);
  await say(task, question, { value });
  dropValue(task, question);
}

function wrongValue(question) {
  toast(t(`field.value.wrong.${question.kind}`, { fill_in: question.fill_in, n: count(question), example: ["10", "9", "8"].slice(0, count(question)).join("/") }), { bad: true });
}

const said = (question) => ({ verdict: question.given?.verdict ?? "", value: question.given?.value ?? "", note: question.given?.note ?? "" });

async function say(task, question, what) {
  const before = question.given ? { ...question.given } : undefined;
  return store.act(task.number, "answer", { question: question.n, seen: question.given?.version ?? 0, ...what }, { before });
}

async function answer(task, question, verdict) {
  const value = verdict === "na" ? undefined : typedValue(task, question);
  if (value === null) return wrongValue(question);
  navigator.vibrate?.(12);
  const same = question.given?.verdict === verdict && value === undefined && !question.given?.conflict;
  if (!same) await say(task, question, { verdict, ...(value === undefined ? {} : { value }), ...typedNote(task, question), ...chosen(task, question) });
  dropValue(task, question);
  drop(field(task, question, "note"));
  onward(task.number, question.n, same ? "" : t("field.saved_as", { n: question.n, verdict: t(`verdict.${verdict}`) }));
}

// Stay while something is missing here, else on to the next open question, at the end to 定稿.
function onward(number, n, news) {
  const task = store.task(number);
  const question = task && questionOf(task, n);
  if (news) toast(news, { label: t("field.undo"), act: () => undo(number) });
  if (!task || !question || gapsOf(task, question).length) return;
  const next = nextOpen(task, n);
  go(next ? link(task, "q", next.n) : link(task, "end"));
}

// Take back the last answer: here if it never left this phone, else by an act of its own.
export async function undo(number) {
  const own = [...store.state.sent, ...store.state.items].filter((one) => one.task === number && one.act === "answer" && one.state !== "refused" && !one.undone);
  const last = own.sort((a, b) => (b.id ?? Infinity) - (a.id ?? Infinity))[0];
  if (!last) {
    await store.act(number, "undo");
    return toast(t("field.undone"));
  }
  if (!(await store.takeBack(last))) {
    last.undone = true;
    await store.act(number, "undo", {}, { question: last.said.question, before: last.local.before });
  }
  toast(t("field.undone"));
  go(`/t/${encodeURIComponent(number)}/q/${last.said.question}`);
}

function note(task, question) {
  const id = field(task, question, "note");
  const kept = question.given?.note ?? "";
  const keep = () => keepNote(task.number, question.n);
  return h("div.field.note", {}, h("label", { for: id }, t(due(task, question))),
    h("textarea", { id, rows: 2, maxlength: 4000, value: draft(id, kept), oninput: (event) => { typing(id)(event); later(id, keep, RESTED); }, onchange: () => later(id, keep, LEFT) }));
}

// Why a word is asked for: the point fails, or the value contradicts the verdict.
function due(task, question) {
  const missing = question.given ? gapsOf(task, question) : [];
  return missing.includes("note") ? "field.note.due" : missing.includes("limit") ? "field.note.limit" : missing.includes("sample") ? "field.note.sample" : "field.note";
}

function typedNote(task, question) {
  const id = field(task, question, "note");
  const kept = question.given?.note ?? "";
  return has(id) && draft(id).trim() !== kept ? { note: draft(id).trim() } : {};
}

async function keepNote(number, n) {
  const task = store.task(number);
  const question = task && questionOf(task, n);
  if (!question) return;
  const what = typedNote(task, question);
  if (!("note" in what)) return;
  await say(task, question, what);
  drop(field(task, question, "note"));
  toast(t("field.saved"));
}

// Two officers answered differently: both stand here until somebody chooses (D22).
function conflict(task, question) {
  const given = question.given;
  if (!given?.conflict) return null;
  const offer = (one, whose) => h("button.choice", { onclick: () => choose(task, question, one) },
    h("b", {}, name(task, one.by)), h("span", {}, [one.verdict && t(`verdict.${one.verdict}`), one.value, one.note].filter(Boolean).join(" · ")), h("small", {}, whose));
  return h("section.card.ask", { role: "alert" }, h("h2", {}, t("field.conflict.title")),
    question.rival ? [h("p", {}, t("field.conflict.text")), h("div.choices", {}, offer(given, t("field.conflict.now")), offer(question.rival, t("field.conflict.before")))]
      : h("p", {}, t("field.conflict.waiting")));
}

async function choose(task, question, one) {
  await store.act(task.number, "answer", {
    question: question.n, seen: question.given.version, ...(one.verdict ? { verdict: one.verdict } : {}), ...(one.value ? { value: one.value } : {}), note: one.note,
  }, { before: question.given });
  onward(task.number, question.n, t("field.saved"));
}

function standing(task, question) {
  const given = said(question);
  return h("div.standing", {},
    given.verdict ? h("p.answer", { class: given.verdict }, t(`verdict.${given.verdict}`), given.value && ` · ${given.value}`) : h("p.soft", {}, t("field.unanswered")),
    given.note && h("p", {}, given.note), strip(task, question, { closed: true }));
}

// ---- the jump list, with a search; one tap to any question ----

export function jumpScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `jump/${number}`;
  const wanted = draft(id).trim().toLowerCase();
  const own = ownOf(task);
  const others = task.questions.filter((one) => one.department !== task.department);
  const fits = (one) => !wanted || `${one.n} ${one.text} ${one.basis}`.toLowerCase().includes(wanted);
  return {
    title: t("field.jump"), under: task.target, back: link(task),
    main: [
      h("div.search", {}, icon("search"), h("input", { id, type: "search", "aria-label": t("field.search"), placeholder: t("field.search"), value: draft(id), oninput: (event) => { put(id, event.target.value); store.notify(); } })),
      own.filter(fits).map((one) => line(task, one)),
      others.filter(fits).length > 0 && h("h2.apart", {}, t("field.others_questions")),
      others.filter(fits).map((one) => line(task, one)),
    ],
    bottom: task.draft === "final" ? undefined : [h("span"), h("a.button.main", { href: `#${link(task, "end")}` }, t("field.end")), h("span")],
  };
}

function line(task, question) {
  const done = settled(question) || !gapsOf(task, question).length;
  const begun = Boolean(question.given);
  const photos = photosOf(task, question.n).length;
  const key = settled(question) ? "settled" : done ? "done" : begun ? "gap" : "open";
  const verdict = settled(question) ? question.found.verdict : question.given?.verdict;
  return h("a.card.line", { href: `#${link(task, "q", question.n)}` },
    h("span.number", { class: verdict ? `is-${verdict}` : "" }, question.n),
    h("span.grow", {}, h("b", {}, question.text), h("small", {}, [t(`field.mark.${key}`), verdict && t(`verdict.${verdict}`), question.given?.value, question.waiting && t("field.sample.waiting"), question.share?.name, photos ? t("field.photos", { n: photos }) : ""].filter(Boolean).join(" · "))),
    icon(key === "gap" ? "warn" : done ? "check" : "next"));
}

// ---- the end of the section: what is missing, each one tap away; then 定稿 ----

export function endScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const missing = openGaps(task);
  const { done, all } = progress(task);
  return {
    title: t("field.end.title"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => one.act === "finalise") }, store),
      h("section.card.center", {}, h("p.big", {}, `${done}/${all}`), bar(done, all),
        h("p", {}, task.draft === "final" ? t("field.end.final") : missing.length ? t("field.end.gaps", { n: missing.length }) : t("field.end.ready"))),
      missing.map(({ question, missing: what }) => h("a.card.line", { href: `#${link(task, "q", question.n)}`, "data-missing": question.n },
        h("span.number", {}, question.n), h("span.grow", {}, h("b", {}, question.text), h("small.bad", {}, what.map((one) => t(`gap.${one === "answer" && question.given ? "verdict" : one}`)).join("、"))), icon("next"))),
      may(task, "finalise", store.now()) && h("button.main.good", { id: "finalise", onclick: () => finalise(task) }, t("field.do.finalise")),
      task.waiting > 0 && h("p.soft.center", {}, t("field.end.waiting", { n: task.waiting })),
      h("a.button.quiet", { href: `#${link(task)}` }, t("field.to_task")),
    ],
  };
}

async function finalise(task) {
  await store.act(task.number, "finalise");
  toast(t("field.did.finalise"));
  go(link(task));
}
