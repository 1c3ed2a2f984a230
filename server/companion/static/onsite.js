// A visit that does not go its way: 不予配合, 无法联系, 改日再查 (Art. 18, 16).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { choices, go, gone, labelled, link, troubles } from "./widgets.js";
import { draft, drop, put, typing } from "./drafts.js";
import { strip } from "./photos.js";
import { may } from "./offers.js";
import { moment, t } from "./words.js";
import { toast } from "./toast.js";

const GROUNDS = [1, 2, 3, 4, 5];
const only = (task, ...acts) => ({ ...task, refused: task.refused.filter((one) => acts.includes(one.act)) });

// What is reported and waits: for a second officer, or for the head.
export function pending(task) {
  return [["refusal", task.refusal], ["absence", task.absence]].filter(([, one]) => one).map(([kind, one]) => {
    const mine = one.by === task.me;
    const confirm = async () => {
      await store.act(task.number, `confirm_${kind}`, { report: one.id });
      toast(t("onsite.did.confirm"));
    };
    return h("section.card.ask", { id: `pending-${kind}` },
      h("h2", {}, t(`onsite.${kind}`)),
      (one.grounds ?? []).map((ground) => h("p", {}, t(`onsite.ground.${ground}`))),
      h("p", {}, one.facts),
      h("p.soft", {}, t("onsite.reported", { name: one.name, at: moment(one.at) })),
      !one.confirmed && kind === "refusal" && may(task, "photo", store.now(), { about: "refusal" }) && strip(task, { about: "refusal" }),
      one.confirmed ? h("p.found", {}, t("onsite.waits.head", { name: one.confirmed }))
        : mine ? h("p.found", {}, t("onsite.waits.second"))
          : may(task, `confirm_${kind}`, store.now()) ? h("button.main", { onclick: confirm }, t(`onsite.confirm.${kind}`))
            : kind === "refusal" && h("p.found", {}, t("onsite.waits.photo")));
  });
}

// What may be said of the visit besides the checklist.
export function otherwise(task) {
  const now = store.now();
  const found = [
    may(task, "refusal", now) && h("a.button", { href: `#${link(task, "refusal")}` }, t("onsite.do.refusal")),
    may(task, "photo", now, { about: "place" }) && !task.absence && h("a.button", { href: `#${link(task, "absence")}` }, t("onsite.do.absence")),
    may(task, "suspend", now) && h("a.button", { href: `#${link(task, "suspend")}` }, t("onsite.do.suspend")),
  ].filter(Boolean);
  return found.length > 0 && h("details.card", { id: "otherwise" }, h("summary", {}, t("onsite.otherwise")), h("div.others", {}, found));
}

export function refusalScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `refusal/${number}`;
  const grounds = JSON.parse(draft(`${id}/grounds`, "[]"));
  const toggle = (one) => { put(`${id}/grounds`, JSON.stringify(grounds.includes(one) ? grounds.filter((n) => n !== one) : [...grounds, one].sort())); store.notify(); };
  const ready = grounds.length > 0 && draft(`${id}/facts`).trim() && may(task, "refusal", store.now());
  return {
    title: t("onsite.refusal"), under: task.target, back: link(task),
    main: [
      troubles(only(task, "refusal", "photo"), store),
      h("p.lead", {}, t("onsite.refusal.text")),
      choices(t("onsite.refusal.grounds"), GROUNDS.map((one) => [one, [icon(grounds.includes(one) ? "check" : "dash"), h("span.grow", {}, t(`onsite.ground.${one}`))], { "data-ground": one }]), grounds, toggle, { many: true }),
      facts(`${id}/facts`, t("onsite.refusal.facts")),
      h("h2", {}, t("onsite.about.refusal")), strip(task, { about: "refusal" }),
      h("button.main.bad", { id: "report", disabled: !ready, onclick: () => report(task, "refusal", { grounds, facts: draft(`${id}/facts`).trim() }, id) }, t("onsite.do.report")),
    ],
  };
}

export function absenceScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `absence/${number}`;
  const ready = draft(`${id}/facts`).trim() && may(task, "absence", store.now());
  return {
    title: t("onsite.absence"), under: task.address, back: link(task),
    main: [
      troubles(only(task, "absence", "photo"), store),
      h("p.lead", {}, t("onsite.absence.text")),
      h("h2", {}, t("onsite.about.place")), strip(task, { about: "place" }),
      facts(`${id}/facts`, t("onsite.absence.facts")),
      h("button.main", { id: "report", disabled: !ready, onclick: () => report(task, "absence", { facts: draft(`${id}/facts`).trim() }, id) }, t("onsite.do.report")),
    ],
  };
}

export function suspendScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const id = `suspend/${number}`;
  const say = async (reason) => {
    if (!confirm(t("onsite.suspend.sure"))) return;
    await report(task, "suspend", { reason }, id);
  };
  const own = draft(`${id}/facts`).trim();
  return {
    title: t("onsite.suspend"), under: task.target, back: link(task),
    main: [
      troubles(only(task, "suspend"), store),
      h("p.lead", {}, t("onsite.suspend.text")),
      h("div.choices", {}, ["time", "entity", "material"].map((one) => h("button.choice", { onclick: () => say(t(`onsite.suspend.${one}`)) }, t(`onsite.suspend.${one}`)))),
      facts(`${id}/facts`, t("onsite.suspend.why")),
      h("button.main", { disabled: !own || !may(task, "suspend", store.now()), onclick: () => say(own) }, t("onsite.do.suspend")),
    ],
  };
}

function facts(id, label) {
  return labelled(id, label, h("textarea", { id, rows: 4, maxlength: 4000, value: draft(id), oninput: (event) => { typing(id)(event); store.notify(); } }));
}

async function report(task, act, said, id) {
  await store.act(task.number, act, said);
  drop(`${id}/facts`, `${id}/grounds`);
  toast(t(`onsite.did.${act}`));
  go(link(task));
}
