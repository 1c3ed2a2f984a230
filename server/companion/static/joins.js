// 合并上门: two batches' visits at one target made one by their leaders and heads; a word said here waits for the line (Art. 15).

import { h } from "./dom.js";
import * as net from "./net.js";
import * as store from "./store.js";
import { day, t } from "./words.js";
import { toast } from "./toast.js";
import { why } from "./why.js";

const SENT = ["join", "join_answer", "join_part"];
const OBJECTIONS = ["field.join.why.days", "field.join.why.people", "field.join.why.scope"];

/** @type {any} */
let known = null;
let asking = false, receipts = 0;

export function joinsScreen() {
  const settled = store.state.sent.filter((one) => SENT.includes(one.act)).length;
  if (settled !== receipts) { receipts = settled; known = null; }
  if (!known && !asking) look();
  return {
    title: t("field.join.title"), under: store.state.who?.name, back: "/",
    main: [h("p.soft", {}, t("field.join.text")), ...(known ? shown() : [waiting()])],
  };
}

function waiting() {
  const line = store.state.line === "on";
  return h("section.card.center", {}, h("p", { role: "status" }, t(line ? "field.downloading" : "field.join.offline")),
    !line && h("button", { onclick: () => look() }, t("field.retry")));
}

async function look() {
  asking = true;
  try {
    known = (await net.get("/joins", null)).body;
  } catch (no) {
    if (no instanceof net.Refused) toast(no.message, { bad: true });
  } finally {
    asking = false;
    store.notify();
  }
}

function shown() {
  const here = store.state.items.filter((one) => SENT.includes(one.act));
  if (!known.joins.length && !known.joinable.length) return [h("p.soft", { role: "status" }, t("field.join.none"))];
  return [
    ...known.joins.map((one) => proposal(one, here.find((item) => item.said.join === one.id))),
    ...known.joinable.map((one) => possible(one, here.find((item) => item.act === "join" && item.said.number === one.number && item.said.other === one.other))),
  ];
}

function head(one, numbers) {
  return [h("h2", {}, one.target), h("p.soft", {}, numbers.join(" · ")), h("p", {}, t("field.join.days", { opens: day(one.opens), closes: day(one.closes) }))];
}

function proposal(one, item) {
  return h("section.card", { "data-join": one.id }, head(one, one.numbers),
    one.joined && h("p", {}, h("b.good", {}, t(one.to_come ? "field.join.joined" : "field.join.apart"))),
    h("ul.plain", {}, one.parties.map((party) => h("li.row", {}, h("span", {}, party.name), said(party)))),
    item ? pending(item) : one.asks ? answers(one) : one.joined && one.to_come && h("button.quiet", { type: "button", onclick: () => part(one) }, t("field.join.part")));
}

function said(party) {
  if (party.agreed === null) return h("span.chip.watch", {}, t("field.join.silent"));
  return h("span.chip", { class: party.agreed ? "good" : "bad" }, t(party.agreed ? "field.join.yes" : "field.join.no"), party.reason && ` ${party.reason}`);
}

const pending = (item) => h("p", {}, h("span.chip.watch", {}, t(`field.item.${item.state}`)), item.error && ` ${item.error}`);

function answers(one) {
  return h("div.pair", {},
    h("button.quiet", { type: "button", onclick: () => object(one) }, t("field.join.object")),
    h("button.main.good", { type: "button", onclick: () => send("join_answer", { join: one.id, agree: true }) }, t("field.join.accept")));
}

function possible(one, item) {
  return h("section.card", { "data-joinable": one.number }, head(one, [one.number, one.other]),
    item ? pending(item) : h("button.main", { type: "button", onclick: () => send("join", { number: one.number, other: one.other }) }, t("field.join.propose")));
}

async function object(one) {
  const reason = await why(t("field.join.object"), t("field.join.object.text"), OBJECTIONS);
  if (reason) await send("join_answer", { join: one.id, agree: false, reason });
}

async function part(one) {
  const reason = await why(t("field.join.part"), t("field.join.part.text"), OBJECTIONS);
  if (reason) await send("join_part", { join: one.id, reason });
}

/** @param {string} act @param {Record<string, unknown>} what */
async function send(act, what) {
  await store.ownAct(act, what);
  toast(t(`field.did.${act}`));
  store.notify();
}
