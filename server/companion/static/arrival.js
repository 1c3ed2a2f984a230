// 到场: 亮码 for the entity's phone, the notice at the door, the place by the phone, or by hand (Art. 16 (2)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { place } from "./camera.js";
import { codeCard } from "./code.js";
import { gone, link, troubles } from "./widgets.js";
import { draft, drop, typing } from "./drafts.js";
import { moment, t } from "./words.js";
import { toast } from "./toast.js";
import { may } from "./offers.js";

const OWN = ["arrive_located", "arrive_by_hand"];

export const arrived = (task, id = task.me) => (task.here ?? []).includes(id);

export function arrivalScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  return {
    title: t("onsite.arrival"), under: task.target, back: link(task),
    main: [
      troubles({ ...task, refused: task.refused.filter((one) => OWN.includes(one.act)) }, store),
      may(task, "arrive_by_hand", store.now()) ? [
        h("p.lead.center", {}, t("onsite.code.show")),
        codeCard(task),
        arrived(task) && h("p.found", { role: "status", id: "arrived" }, icon("check"), " ", t("onsite.arrived")),
        h("section.card", {}, h("p.soft", {}, t("onsite.code.what", { name: store.state.who?.name ?? "", tail: (store.state.who?.tail ?? "").replace(/^-+/, "") }))),
        otherWays(task),
      ] : h("section.card.center", {}, h("p", {}, t(task.code ? "onsite.code.another_day" : "onsite.code.none"))),
      task.arrivals?.length > 0 && h("section.card", {}, h("h2", {}, t("onsite.arrivals")), arrivals(task)),
    ],
  };
}

function otherWays(task) {
  const id = `arrive/${task.number}/why`;
  return h("details.card", {}, h("summary", {}, t("onsite.other_ways")),
    h("p.soft", {}, t("onsite.by_notice")),
    h("button", { class: "wide", onclick: () => locate(task) }, t("onsite.do.locate")),
    h("div.field", {}, h("label", { for: id }, t("onsite.by_hand.why")), h("input", { id, maxlength: 400, value: draft(id), oninput: typing(id) })),
    h("button", { class: "wide", onclick: () => byHand(task, id) }, t("onsite.do.by_hand")));
}

async function locate(task) {
  const where = await place();
  if (!where) return toast(t("onsite.no_place"), { bad: true });
  await store.act(task.number, "arrive_located", where);
  toast(t("onsite.did.arrive"));
}

async function byHand(task, id) {
  const reason = draft(id).trim();
  if (!reason) return toast(t("onsite.by_hand.why"), { bad: true });
  await store.act(task.number, "arrive_by_hand", { reason });
  drop(id);
  toast(t("onsite.did.arrive"));
}

function arrivals(task) {
  return h("ul.plain", {}, task.arrivals.map((one) => h("li", {},
    h("span.row", {}, h("span", {}, one.name), h("span.soft", {}, moment(one.at))),
    h("small", {}, t(`onsite.how.${one.how}`), one.distance !== null ? ` · ${t(one.accuracy ? "onsite.distance" : "onsite.distance.bare", { n: one.distance, accuracy: one.accuracy })}` : one.how === "location" ? ` · ${t("onsite.no_distance")}` : "", one.reason && ` · ${one.reason}`),
    one.far && h("span.chip.watch", {}, t("onsite.far")))));
}
