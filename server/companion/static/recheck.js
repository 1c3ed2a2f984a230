// 现场复查: a small visit that verifies an order: set, begun, ended point by point, signed by both officers (Art. 17).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { choices, labelled, name } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { place } from "./camera.js";
import { settings } from "./settings.js";
import { strip } from "./photos.js";
import { forget, pane } from "./signature_pad.js";
import { localDay, moment, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

const FOUND = ["rectified", "partly", "not_done"];
const DAY = 86_400_000;
export const ACTS = ["recheck_set", "recheck_begin", "recheck_end", "recheck_sign", "recheck_refuse"];
const sent = (task, act, said) => store.state.items.some((item) => item.act === act && item.task === task.number && item.state !== "refused" && Object.entries(said).every(([field, value]) => item.said[field] === value));
const open = (task, act, said) => may(task, act, store.now(), said) && !sent(task, act, said);
const stood = (one) => (one.settled ? "settled" : !one.on ? "over" : one.ended_at ? "ended" : one.begun_at ? "begun" : "set");

// What is waited for while a recheck goes on: its day, its end, or signatures; "" where none does.
export function awaited(order) {
  const one = order.rechecks.find((held) => held.on && !held.settled);
  if (!one) return "";
  if (one.ended_at) return t("recheck.waits.sign", { names: one.missing.map((who) => who.name).join("、") });
  return one.begun_at ? t("recheck.waits.end") : t("recheck.waits.day", { time: moment(one.begins) });
}

// What was set before for one order, and what goes on now.
export function rechecks(task, order) {
  return order.rechecks.map((one) => h("section.recheck", { "data-recheck": one.id },
      h("h3", {}, t("recheck.title"), " ", h("span.chip", { class: one.settled ? "good" : "" }, t(`recheck.state.${stood(one)}`))),
      h("p", {}, `${moment(one.begins)} · ${one.officers.map((who) => who.name).join("、")}`),
      one.begun_at && h("p.soft", {}, `${t("recheck.began")} ${moment(one.begun_at)}`),
      one.ended_at && h("p.soft", {}, `${t("recheck.ended")} ${moment(one.ended_at)}`),
      open(task, "recheck_begin", { recheck: one.id }) && h("button.main", { onclick: () => begin(task, one) }, t("recheck.do.begin")),
      open(task, "recheck_end", { recheck: one.id }) && points(task, order, one),
      one.findings.length > 0 && h("ul.plain", {}, one.findings.map((found) => h("li", {}, `${found.n}. ${t(`recheck.found.${found.found}`)}`, found.note && h("small", {}, ` ${found.note}`)))),
      one.sha256 && signing(task, one)));
}

export const setting = (task, order) => open(task, "recheck_set", { order: order.id }) && set(task, order);

async function where() {
  const here = settings.place ? await place() : null;
  return here ? { latitude: here.latitude, longitude: here.longitude, accuracy: Math.round(here.accuracy ?? 0) } : {};
}

async function begin(task, one) {
  await store.act(task.number, "recheck_begin", { recheck: one.id, ...(await where()) });
  toast(t("field.saved"));
}

function set(task, order) {
  const id = `recheck/${order.id}`;
  const others = task.members.filter((one) => one.id !== task.me);
  const second = draft(`${id}/second`, others[0]?.id ?? ""), day = draft(`${id}/day`, localDay(store.now() + DAY)), clock = draft(`${id}/clock`, "10:00");
  const keep = async () => {
    await store.act(task.number, "recheck_set", { order: order.id, second, begins: `${day}T${clock}:00+08:00` });
    drop(`${id}/second`, `${id}/day`, `${id}/clock`);
    toast(t("field.saved"));
  };
  const kept = (field) => (event) => { typing(`${id}/${field}`)(event); store.notify(); };
  return h("details", { open: Boolean(draft(`${id}/day`, "") || draft(`${id}/second`, "")) }, h("summary", {}, t("recheck.do.set")), h("p.soft", {}, t("recheck.what")),
    labelled(`recheck-day-${order.id}`, t("recheck.day"), h("input", { id: `recheck-day-${order.id}`, type: "date", min: localDay(store.now()), value: day, onchange: kept("day") })),
    labelled(`recheck-clock-${order.id}`, t("recheck.clock"), h("input", { id: `recheck-clock-${order.id}`, type: "time", value: clock, onchange: kept("clock") })),
    h("p", {}, h("b", {}, t("recheck.second"))),
    choices(t("recheck.second"), others.map((one) => [one.id, one.name]), second, (who) => { put(`${id}/second`, who); store.notify(); }),
    h("button", { disabled: !second || !day || !clock, onclick: keep }, t("recheck.do.set")));
}

function points(task, order, one) {
  const id = `recheck/end/${one.id}`, left = order.points.filter((point) => !point.done);
  const found = (n) => draft(`${id}/${n}`), note = (n) => draft(`${id}/note/${n}`);
  const keep = async () => {
    if (left.some((point) => !found(point.n))) return toast(t("recheck.say_all"), { bad: true });
    if (left.some((point) => found(point.n) !== "rectified" && !note(point.n).trim())) return toast(t("recheck.say_note"), { bad: true });
    const findings = left.map((point) => ({ n: point.n, found: found(point.n), note: note(point.n).trim() }));
    await store.act(task.number, "recheck_end", { recheck: one.id, findings, ...(await where()) });
    drop(...left.flatMap((point) => [`${id}/${point.n}`, `${id}/note/${point.n}`]));
    toast(t("field.saved"));
  };
  return h("div", {}, left.map((point) => h("div", {}, h("p", {}, `${point.n}. ${point.text}`),
    choices(`${point.n}. ${point.text}`, FOUND.map((how) => [how, t(`recheck.found.${how}`)]), found(point.n), (how) => { put(`${id}/${point.n}`, how); store.notify(); }, { dense: true }),
    found(point.n) && found(point.n) !== "rectified" && labelled(`note-${one.id}-${point.n}`, t("recheck.note"), h("input", { id: `note-${one.id}-${point.n}`, maxlength: 400, value: note(point.n), oninput: typing(`${id}/note/${point.n}`) })))),
  h("h3", {}, t("recheck.photos")), strip(task, { about: "recheck" }, { closed: !may(task, "photo", store.now(), { about: "recheck" }) }),
  h("button.main.good", { onclick: keep }, t("recheck.do.end")));
}

function signing(task, one) {
  const entity = one.hands.find((hand) => hand.role === "entity" && !hand.refused);
  const hands = [...one.missing.map((who) => who.id), ...(entity ? [] : ["entity"])].filter((who) => open(task, "recheck_sign", { recheck: one.id, officer: who === "entity" ? "" : who }));
  const chosen = hands.find((who) => who === draft(`recheck/hand/${one.id}`));
  return h("div", {},
    h("p", {}, h("a.button", { href: `/console/rechecks/${one.id}.pdf`, target: "_blank", rel: "noopener" }, t("recheck.pdf"))),
    h("ul.plain", {}, one.hands.map((hand) => h("li.row", {}, h("span", {}, h("b", {}, t(`field.record.${hand.role}`)), " ", hand.name), h("span.chip", { class: hand.refused ? "bad" : "good" }, t(hand.refused ? "field.record.refused" : "field.record.has_signed"))))),
    hands.length > 0 && choices(t("recheck.do.sign"), hands.map((who) => [who, who === "entity" ? t("recheck.entity.sign") : `${t("recheck.do.sign")} · ${name(task, who)}`]), chosen, (who) => { put(`recheck/hand/${one.id}`, who); store.notify(); }),
    chosen && glass(task, one, chosen === "entity" ? "" : chosen),
    open(task, "recheck_refuse", { recheck: one.id }) && refusing(task, one));
}

function glass(task, one, officer) {
  const id = `recheck/sign/${one.id}/${officer || "entity"}`, pad = pane(id, () => store.notify()), who = draft(`${id}/name`);
  const keep = async () => {
    await store.act(task.number, "recheck_sign", { recheck: one.id, sha256: one.sha256, officer, picture: await pad.png(), name: officer ? "" : who.trim(), position: officer ? "" : draft(`${id}/position`).trim() });
    drop(`${id}/name`, `${id}/position`);
    forget(id);
    toast(t("field.saved"));
  };
  const typed = (field) => labelled(`${field}-${one.id}`, t(`recheck.entity.${field}`), h("input", { id: `${field}-${one.id}`, maxlength: 80, autocomplete: "off", value: draft(`${id}/${field}`), oninput: (event) => { typing(`${id}/${field}`)(event); store.notify(); } }));
  return h("div", {}, !officer && [typed("name"), typed("position")],
    h("section.glass", {}, h("p.row", {}, h("b", {}, t("field.sign.here")), h("button.quiet", { type: "button", disabled: pad.empty, onclick: () => pad.clear() }, icon("undo"), t("field.sign.clear"))), pad.canvas),
    h("button.main.good", { disabled: pad.empty || (!officer && !who.trim()), onclick: keep }, icon("check"), t("field.sign.save")));
}

function refusing(task, one) {
  const id = `recheck/refused/${one.id}`;
  const keep = async () => {
    const reason = draft(`${id}/why`).trim(), witness = draft(`${id}/witness`).trim();
    if (!reason || !witness) return toast(t(reason ? "recheck.refuse.witness" : "recheck.refuse.why"), { bad: true });
    await store.act(task.number, "recheck_refuse", { recheck: one.id, sha256: one.sha256, reason, witness });
    drop(`${id}/why`, `${id}/witness`);
    toast(t("field.saved"));
  };
  const typed = (field, most) => labelled(`${field}-${one.id}`, t(`recheck.refuse.${field}`), h("input", { id: `${field}-${one.id}`, maxlength: most, value: draft(`${id}/${field}`), oninput: typing(`${id}/${field}`) }));
  return h("details", { open: Boolean(draft(`${id}/why`)) }, h("summary", {}, t("recheck.do.refuse")), typed("why", 400), typed("witness", 80), h("button", { onclick: keep }, t("recheck.do.refuse")));
}
