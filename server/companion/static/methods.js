// 检查方式: how an answer was come by, samples and their reports, entrusted agencies (Art. 10, 16).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { question as questionOf } from "./sheet.js";
import { choices, go, gone, labelled, link, name, troubles } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { strip } from "./photos.js";
import { moment, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

const chosenId = (task, question) => `q/${task.number}/${question.n}/method`;

// What goes along with an answer: nothing, unless a way was chosen for it beforehand.
export function chosen(task, question) {
  const id = chosenId(task, question), method = draft(id, null);
  drop(id);
  return method === null || method === (question.given?.method ?? "") ? {} : { method };
}

// One row of chips, only where the plan lists other ways: nobody has to touch it.
export function chips(task, question, say) {
  const ways = usable(task, question);
  if (!ways.length) return null;
  const id = chosenId(task, question);
  const now = draft(id, question.given?.method ?? "");
  return h("details.ways", { open: Boolean(now) },
    h("summary", {}, t("field.method"), " ", h("span.chip", {}, t(`field.method.${now || "on_site"}`))),
    choices(t("field.method"), ["", ...ways].map((one) => [one, t(`field.method.${one || "on_site"}`), { "data-method": one || "on_site" }]), now, async (one) => {
      if (!question.given?.verdict) { put(id, one); return store.notify(); }
      await say({ method: one });
      toast(t("field.saved"));
    }, { dense: true }));
}

function usable(task, question) {
  const reported = task.samples.some((one) => one.question === question.n && one.outcome);
  return task.methods.filter((one) => one === "document" || (one === "sample" && reported) || (one === "entrusted" && task.agencies.length));
}

// ---- samples ----

const samplesOf = (task, n) => task.samples.filter((one) => one.question === n);

export function sampling(task, question) {
  const own = samplesOf(task, question.n);
  return [
    own.map((one) => sampleCard(task, one)),
    may(task, "sample", store.now(), { question: question.n }) && h("p", {}, h("a.button.quiet", { href: `#${link(task, "sample", question.n)}`, "data-do": "sample" }, icon("pen"), t("field.sample.take"))),
  ];
}

function sampleCard(task, one) {
  return h("section.found.sample", { "data-sample": one.id ?? "" },
    h("b", {}, one.outcome ? t("field.sample.reported", { outcome: t(`verdict.${one.outcome}`) }) : t("field.sample.waiting")), " ", one.name,
    h("p", {}, t("field.sample.line", { quantity: one.quantity, seal: one.seal, agency: one.agency })),
    h("small", {}, t("field.sample.by", { by: name(task, one.by), witness: name(task, one.witness), at: moment(one.at) })),
    one.outcome ? h("p", {}, t("field.sample.finding", { report: one.report, finding: one.finding }))
      : [h("p.soft", {}, t("field.sample.why")),
        may(task, "sample_report", store.now(), { sample: one.id }) && h("a.button", { href: `#${link(task, "report", one.id)}` }, t("field.sample.report"))]);
}

export function sampleScreen(number, n) {
  const task = store.task(number), question = task && questionOf(task, Number(n));
  if (!question) return gone();
  const id = `sample/${number}/${n}`;
  const others = task.members.filter((one) => one.present && one.id !== task.me);
  const text = (part, more = {}) => labelled(part, t(`field.sample.${part}`), h("input", { id: part, type: "text", value: draft(`${id}/${part}`), oninput: typing(`${id}/${part}`), maxlength: 80, autocomplete: "off", ...more }));
  return {
    title: t("field.sample.title", { n }), under: task.target, back: link(task, "q", n),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => one.act === "sample") }, store),
      h("form.card", { onsubmit: (event) => { event.preventDefault(); take(task, question, id); } },
        h("p.soft", {}, question.text), text("name", { maxlength: 200 }), text("quantity"), text("lot"), text("seal"), text("agency", { maxlength: 200 }),
        h("h2", {}, t("field.sample.witness")),
        others.length ? choices(t("field.sample.witness"), others.map((one) => [one.id, one.name]), draft(`${id}/witness`, ""), (one) => { put(`${id}/witness`, one); store.notify(); }, { dense: true })
          : h("p.bad", {}, t("field.sample.nobody")),
        h("button.main", { type: "submit" }, t("field.sample.keep"))),
    ],
  };
}

async function take(task, question, id) {
  const said = Object.fromEntries(["name", "quantity", "lot", "seal", "agency", "witness"].map((part) => [part, draft(`${id}/${part}`, "").trim()]));
  const missing = ["name", "quantity", "seal", "agency", "witness"].find((part) => !said[part]);
  if (missing) return toast(t("field.missing", { what: t(`field.sample.${missing}`) }), { bad: true });
  await store.act(task.number, "sample", { question: question.n, ...said });
  drop(chosenId(task, question), ...Object.keys(said).map((part) => `${id}/${part}`));
  toast(t("field.sample.taken"));
  go(link(task, "q", question.n));
}

export function reportScreen(number, sample) {
  const task = store.task(number), one = task?.samples.find((found) => String(found.id) === sample);
  if (!task || !one) return gone();
  const id = `report/${number}/${sample}`;
  const back = one.question ? link(task, "q", one.question) : link(task);
  const outcome = draft(`${id}/outcome`, "");
  return {
    title: t("field.sample.report"), under: `${one.name} · ${one.seal}`, back,
    main: [
      troubles({ ...task, refused: task.refused.filter((item) => item.act === "sample_report") }, store),
      !may(task, "sample_report", store.now(), { sample: one.id }) ? sampleCard(task, one) : h("form.card.question", { onsubmit: (event) => { event.preventDefault(); report(task, one, id, back); } },
        h("p.soft", {}, t("field.sample.report.text")),
        choices(t("field.sample.outcome"), ["pass", "fail"].map((v) => [v, t(`verdict.${v}`), { class: `verdict ${v}` }]), outcome, (v) => { put(`${id}/outcome`, v); store.notify(); }),
        labelled("number", t("field.sample.number"), h("input", { id: "number", type: "text", maxlength: 80, value: draft(`${id}/number`), oninput: typing(`${id}/number`) })),
        labelled("finding", t("field.sample.found"), h("textarea", { id: "finding", rows: 3, maxlength: 4000, value: draft(`${id}/finding`), oninput: typing(`${id}/finding`) })),
        h("h2", {}, t("field.sample.paper")), strip(task, { about: "sample" }),
        h("button.main", { type: "submit" }, t("field.save"))),
    ],
  };
}

async function report(task, one, id, back) {
  const said = { sample: one.id, outcome: draft(`${id}/outcome`, ""), report: draft(`${id}/number`).trim(), finding: draft(`${id}/finding`).trim() };
  const missing = [["outcome", "outcome"], ["report", "number"], ["finding", "found"]].find(([part]) => !said[part]);
  if (missing) return toast(t("field.missing", { what: t(`field.sample.${missing[1]}`) }), { bad: true });
  await store.act(task.number, "sample_report", said, { question: one.question });
  drop(`${id}/outcome`, `${id}/number`, `${id}/finding`);
  toast(t("field.saved"));
  go(back);
}

// ---- agencies ----

export function assisting(task) {
  const waiting = task.samples.filter((one) => !one.outcome);
  return [
    task.agencies.map((one) => h("section.card.agency", { "data-agency": one.id ?? "" },
      h("h2", {}, t("field.agency")), h("b", {}, one.agency), one.ended_at && h("span.chip", {}, t("field.agency.ended")),
      h("p", {}, t("field.agency.line", { letter: one.letter, scope: one.scope })),
      h("p", {}, one.people.map(([who, title]) => `${who}（${title}）`).join("、")),
      h("small", {}, t("field.agency.assist")),
      may(task, "entrust_end", store.now(), { entrustment: one.id }) && h("p", {}, h("button.quiet", { onclick: () => end(task, one) }, t("field.agency.end"))))),
    waiting.length > 0 && h("section.card", {}, h("h2", {}, t("field.sample.out", { n: waiting.length })), waiting.map((one) => sampleCard(task, one))),
    may(task, "entrust", store.now()) && h("a.button.quiet", { href: `#${link(task, "agency")}` }, t("field.agency.entrust")),
  ];
}

async function end(task, one) {
  if (!confirm(t("field.agency.sure", { agency: one.agency }))) return;
  await store.act(task.number, "entrust_end", { entrustment: one.id });
  toast(t("field.saved"));
}

export function agencyScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `agency/${number}`;
  const count = Number(draft(`${id}/count`, "1"));
  const text = (part, label, more = {}) => labelled(part, label, h("input", { id: part, type: "text", value: draft(`${id}/${part}`), oninput: typing(`${id}/${part}`), maxlength: 80, autocomplete: "off", ...more }));
  return {
    title: t("field.agency.entrust"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => one.act === "entrust") }, store),
      h("form.card", { onsubmit: (event) => { event.preventDefault(); entrust(task, id, count); } },
        h("p.soft", {}, t("field.agency.text")),
        text("agency", t("field.agency.name"), { maxlength: 200 }), text("code", t("field.agency.code"), { maxlength: 18, autocapitalize: "characters" }),
        text("letter", t("field.agency.letter")), text("scope", t("field.agency.scope"), { maxlength: 400 }),
        h("h2", {}, t("field.agency.people")),
        Array.from({ length: count }, (_, place) => h("div.pair", {}, text(`name${place}`, t("field.agency.person")), text(`title${place}`, t("field.agency.title")))),
        count < 12 && h("p", {}, h("button.small", { type: "button", onclick: () => { put(`${id}/count`, String(count + 1)); store.notify(); } }, t("field.agency.more"))),
        h("button.main", { type: "submit" }, t("field.agency.keep"))),
    ],
  };
}

async function entrust(task, id, count) {
  const of = (part) => draft(`${id}/${part}`, "").trim();
  const people = Array.from({ length: count }, (_, place) => [of(`name${place}`), of(`title${place}`)]).filter(([who, title]) => who || title);
  const said = { agency: of("agency"), credit_code: of("code"), letter: of("letter"), scope: of("scope"), people };
  const missing = [["agency", "name"], ["letter", "letter"], ["scope", "scope"]].find(([part]) => !said[part]);
  if (missing) return toast(t("field.missing", { what: t(`field.agency.${missing[1]}`) }), { bad: true });
  if (!people.length || people.some((one) => one.some((part) => !part))) return toast(t("field.missing", { what: t("field.agency.people") }), { bad: true });
  await store.act(task.number, "entrust", said);
  drop(...["agency", "code", "letter", "scope", "count"].map((part) => `${id}/${part}`), ...people.flatMap((_, place) => [`${id}/name${place}`, `${id}/title${place}`]));
  toast(t("field.saved"));
  go(link(task));
}
