// 网络检查先行: what can be looked up is looked up first, with its source and what was found (Art. 16 (1)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { online, question as questionOf } from "./sheet.js";
import { choices, go, gone, labelled, link, name } from "./widgets.js";
import { prepared } from "./camera.js";
import { settings } from "./settings.js";
import { draft, drop, put, typing } from "./drafts.js";
import { bytes, moment, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

const FINDINGS = { pass: ["same"], fail: ["differs", "missing"], open: ["site"] };

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
      may(task, "end_online", store.now()) && ending(task, `gone/${number}`),
    ],
  };
}

// 办结: everything settled online, or the target is gone; no visit is needed (Art. 16 (1)).
function ending(task, id) {
  const result = draft(`${id}/result`, "");
  const end = async (more) => { await store.act(task.number, "end_online", more); drop(`${id}/result`, `${id}/source`, `${id}/finding`); toast(t("field.did.end_online")); go(link(task)); };
  const gone = () => draft(`${id}/source`).trim() && draft(`${id}/finding`).trim() && end({ result, source: draft(`${id}/source`).trim(), finding: draft(`${id}/finding`).trim() });
  return h("section.card", {},
    task.endable && h("button.main.good", { onclick: () => end({}) }, t("field.do.end_online")),
    h("details", { open: Boolean(result) }, h("summary", {}, t("field.gone")),
      choices(t("field.gone"), ["R09", "R10", "R11", "R12", "R13"].map((one) => [one, t(`result.${one}`)]), result, (one) => { put(`${id}/result`, one); store.notify(); }),
      result && labelled("source", t("field.gone.source"), h("input", { id: "source", maxlength: 200, value: draft(`${id}/source`), oninput: typing(`${id}/source`) })),
      result && labelled("finding", t("field.gone.finding"), h("input", { id: "finding", maxlength: 400, value: draft(`${id}/finding`), oninput: typing(`${id}/finding`) })),
      result && h("button.main", { onclick: gone }, t("field.do.end_online"))));
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
      question.found && seen(task, question.found),
      !may(task, "find", store.now(), { question: question.n }) ? h("p.soft", {}, t("field.network.over")) : [
        choices(t("field.network.verdict"), (task.state === "on_site" ? ["open"] : ["pass", "fail", "open"]).map((one) => [one, t(`field.network.${one}`), { class: `verdict ${one}` }]), verdict,
          (one) => { put(`${id}/verdict`, one); store.notify(); }),
        verdict && proof(id),
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

// What was found, by whom and when; the link stays text, the picture is ours to show.
export function seen(task, found) {
  return h("div.found", {}, h("p", {}, t("field.network.found", { verdict: t(`field.network.${found.verdict}`), finding: found.finding, source: found.source })),
    h("small", {}, [name(task, found.by), found.at && moment(found.at), found.reason && t("field.network.because", { reason: found.reason })].filter(Boolean).join(" · ")),
    found.link && h("p.link", {}, t("field.network.link_is"), h("code", {}, found.link)),
    found.shot ? h("img.shot", { src: store.pictured(found.shot), alt: t("field.network.shot") })
      : found.screenshot && h("img.shot", { src: `/field/api/findings/${found.screenshot}/screenshot`, alt: t("field.network.shot"), loading: "lazy" }));
}

// A screenshot or a link, for whoever wants to show where it was seen; the common way does without.
function proof(id) {
  const shot = draft(`${id}/shot`, null);
  const input = h("input.hidden", { id: "shot", type: "file", accept: "image/*", tabindex: -1, "aria-hidden": "true", onchange: (event) => take(id, event.target) });
  return h("details.proof", { open: Boolean(shot) },
    h("summary", {}, t("field.network.proof")), input,
    shot ? h("p.row", {}, h("img.shot.small", { src: shot.url, alt: t("field.network.shot") }), h("button.quiet", { type: "button", onclick: () => { drop(`${id}/shot`); store.notify(); } }, t("field.photo.remove")))
      : h("p", {}, h("button", { type: "button", onclick: () => input.click() }, icon("gallery"), t("field.network.add_shot"))),
    labelled("link", t("field.network.link"), h("input", { id: "link", type: "url", inputmode: "url", value: draft(`${id}/link`), oninput: typing(`${id}/link`), maxlength: 400, autocomplete: "off" }), t("field.network.link_hint")));
}

async function take(id, input) {
  const [file] = input.files;
  if (!file) return;
  const policy = store.state.house?.policy;
  if (!policy) return;
  const made = await prepared(file, policy, settings.original);
  if (made.bytes.byteLength > policy.largest) return toast(t("field.photo.too_large", { size: bytes(made.bytes.byteLength) }), { bad: true });
  put(`${id}/shot`, { ...made, url: URL.createObjectURL(new Blob([made.bytes], { type: made.type })) });
  store.notify();
}

async function save(task, question, id, tapped) {
  const said = {
    question: question.n, verdict: draft(`${id}/verdict`), finding: tapped ?? draft(`${id}/finding`).trim(),
    source: draft(`${id}/source`, question.network_source).trim(), reason: draft(`${id}/reason`).trim(),
  };
  const linked = draft(`${id}/link`).trim();
  if (linked) said.link = linked;
  if (linked && !/^https?:\/\/\S+$/i.test(linked)) return toast(t("field.network.link_hint"), { bad: true });
  if (!said.finding || !said.source) return toast(t("field.network.both"), { bad: true });
  if (question.found?.settles && !said.reason) return toast(t("field.network.reason_due"), { bad: true });
  const shot = draft(`${id}/shot`, null);
  if (shot) await store.seen(task.number, said, shot);
  else await store.act(task.number, "find", said);
  drop(...["verdict", "finding", "source", "reason", "link", "shot", "open"].map((one) => `${id}/${one}`));
  toast(t("field.saved"));
  const waiting = online(store.task(task.number) ?? task).filter((one) => !one.found);
  const next = waiting.find((one) => one.n > question.n) ?? waiting[0];
  go(next ? link(task, "network", next.n) : link(task, "network"));
}
