// Signing on glass: the entity, an officer, or 拒签 with its reason and a witness (Art. 16 (3)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { choices, go, gone, labelled, link } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { forget, pane } from "./signature_pad.js";
import { short } from "./record_overlay.js";
import { t } from "./words.js";
import { toast } from "./toast.js";

const REASONS = ["disagrees", "absent", "unsaid", "other"];

export function signScreen(number, who) {
  const task = store.task(number), last = task?.record?.versions.at(-1);
  if (!last) return gone();
  return who === "refused" ? refusing(task, last) : signing(task, last, who);
}

function signing(task, last, who) {
  const place = `sign/${task.number}/${who}`;
  const officer = last.missing.find((one) => one.id === who);
  if (who !== "entity" && !officer) return gone(link(task, "record"));
  const name = officer?.name ?? draft(`${place}/name`, task.record.representative);
  const glass = pane(place, () => store.notify());
  return {
    title: t("field.sign.title"), under: officer ? `${officer.name} ${officer.unit}` : task.target, back: link(task, "record"),
    main: [
      under(last),
      officer ? null : h("div.values", {}, typed(place, "name", task.record.representative), typed(place, "position")),
      onGlass(glass, "field.sign.here"),
      h("button.main.good.wide", { id: "sign", disabled: glass.empty || !name.trim(), onclick: () => sign(task, last, who, officer, place, glass) }, icon("check"), t("field.sign.save")),
      h("p.soft", {}, t("field.sign.or_paper")),
    ],
  };
}

// Which version, so that whoever signs can compare it with the paper and the page.
function under(last) {
  return h("p.found", {}, t("field.sign.under", { version: last.version }), " ", h("span.hash", {}, short(last.sha256)));
}

function onGlass(glass, label) {
  return h("section.glass", {}, h("p.row", {}, h("b", {}, t(label)), h("button.quiet", { type: "button", disabled: glass.empty, onclick: () => glass.clear() }, icon("undo"), t("field.sign.clear"))), glass.canvas);
}

function typed(place, name, otherwise = "") {
  const id = `${place}/${name}`;
  return labelled(name, t(`field.sign.${name}`), h("input", { id: name, maxlength: 80, autocomplete: "off", value: draft(id, otherwise), oninput: (event) => { typing(id)(event); store.notify(); } }));
}

async function sign(task, last, who, officer, place, glass) {
  const said = { sha256: last.sha256, role: officer ? "officer" : "entity", picture: await glass.png() };
  if (officer) said.officer = who;
  else Object.assign(said, { name: draft(`${place}/name`, task.record.representative).trim(), position: draft(`${place}/position`).trim() });
  await store.act(task.number, "record_sign", said);
  done(task, place, "record_sign", "name", "position");
}

function done(task, place, act, ...fields) {
  drop(...fields.map((one) => `${place}/${one}`));
  forget(place);
  toast(t(`field.did.${act}`));
  go(link(task, "record"));
}

function refusing(task, last) {
  const place = `sign/${task.number}/refused`;
  const chosen = draft(`${place}/why`);
  const reason = chosen && chosen !== "other" ? t(`field.sign.reason.${chosen}`) : draft(`${place}/reason`).trim();
  const glass = pane(place, () => store.notify());
  return {
    title: t("field.sign.refused"), under: task.target, back: link(task, "record"),
    main: [
      under(last),
      h("section.card", {}, h("h2", {}, t("field.sign.reason")),
        choices(t("field.sign.reason"), REASONS.map((one) => [one, t(`field.sign.reason.${one}`)]), chosen, (one) => { put(`${place}/why`, one); store.notify(); }),
        chosen === "other" && typed(place, "reason")),
      h("section.card", {}, h("h2", {}, t("field.sign.witness")), h("p.soft", {}, t("field.sign.witness.text")),
        h("div.values", {}, typed(place, "witness_name"), typed(place, "witness_position")), onGlass(glass, "field.sign.witness_here")),
      h("button.main.bad.wide", { id: "refuse", disabled: !reason || !draft(`${place}/witness_name`).trim(), onclick: () => refuse(task, last, place, reason, glass) }, t("field.sign.save_refused")),
    ],
  };
}

async function refuse(task, last, place, reason, glass) {
  await store.act(task.number, "record_refuse", {
    sha256: last.sha256, reason, witness: draft(`${place}/witness_name`).trim(), witness_position: draft(`${place}/witness_position`).trim(),
    name: "", picture: glass.empty ? "" : await glass.png(),
  });
  done(task, place, "record_refuse", "why", "reason", "witness_name", "witness_position");
}
