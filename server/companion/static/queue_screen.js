// Everything this phone has not yet been receipted for, item by item, and what has arrived since it was opened.

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { giveUp } from "./widgets.js";
import { givingUp } from "./why.js";
import { bytes, clock, moment, t } from "./words.js";

export function queueScreen() {
  const { items, sent, line } = store.state;
  const photos = items.filter((one) => one.kind === "photo");
  const size = photos.reduce((sum, one) => sum + (one.size ?? 0), 0);
  return {
    title: t("field.queue.title"), under: t(`field.line.${line}`),
    main: [
      h("section.card.center", {}, h("p.big", {}, String(items.length)), h("p", {}, items.length ? t("field.queue.waiting", { n: items.length }) : t("field.queue.empty")),
        size > 0 && h("p.soft", {}, t("field.queue.size", { n: photos.length, size: bytes(size) }), mobile() && ` ${t("field.queue.mobile")}`),
        items.length > 0 && h("button.main", { onclick: () => store.retryAll() }, icon("up"), t("field.queue.now"))),
      space(),
      store.state.unkept.length > 0 && [h("h2.apart", {}, t("field.queue.unkept")), h("ol.plain", {}, store.state.unkept.map(({ item }) => row({ ...item, state: "unkept" })))],
      store.state.others.length > 0 && h("p.banner.watch", {}, t("field.list.others", { n: store.state.others.length })),
      store.state.unreadable.map((one) => h("section.card.wrong", { role: "alert" }, h("p", {}, t("field.queue.unreadable", { at: moment(one.made) })),
        h("p.row", {}, h("button.quiet", { onclick: async () => { const reason = await givingUp(); if (reason) await store.discardUnreadable(one, reason); } }, t("field.discard"))))),
      items.length > 0 && h("ol.plain", {}, items.map(row)),
      sent.length > 0 && [h("h2.apart", {}, t("field.queue.sent")), h("ol.plain", {}, sent.slice(0, 50).map(row))],
      h("p.soft", {}, t("field.queue.how")),
    ],
  };
}

// What the browser says of the room here, and whether it may clear it by itself.
export function space() {
  const { room, uncached } = store.state;
  return [
    room && h("p.soft", { id: "room", "data-persisted": String(room.persisted) }, t("field.room", { used: bytes(room.used), left: bytes(room.left) }), " ", t(room.persisted ? "field.room.safe" : "field.room.unsafe")),
    room && room.left < LEAST && h("p.banner.watch", {}, t("field.room.low", { left: bytes(room.left) })),
    uncached && h("p.banner.watch", {}, t("field.room.uncached")),
  ];
}

const LEAST = 50e6;
function mobile() {
  const { connection } = /** @type {any} */ (navigator); // not every browser tells
  return connection?.type === "cellular" || connection?.saveData;
}

function row(item) {
  const task = store.state.tasks.find((one) => one.number === item.task);
  const part = item.kind === "photo" && item.state === "sending" && item.size ? Math.round(((item.sent ?? 0) / item.size) * 100) : null;
  return h("li.card.item", { "data-state": item.state, "data-key": item.key },
    h("div.row", {}, h("b", {}, t(`field.act.${item.act}`, { n: item.said.question ?? "" }), detail(item)), h("span.chip", { class: kind(item) }, t(`field.item.${item.state}`), part === null ? "" : ` ${part}%`)),
    h("small.soft", {}, [task?.target ?? item.task, moment(item.made)].join(" · ")),
    part !== null && h("progress", { value: part, max: 100, "aria-label": t("field.item.sending") }),
    item.receipt && h("small.soft.hash", {}, t("field.queue.receipt", { at: clock(item.receipt.at), hash: item.receipt.sha256.slice(0, 12) })),
    item.state === "refused" && [
      h("p.bad", {}, item.error || t("field.toast.refused")),
      item.kept && h("small.hash", {}, t("field.queue.hashes", { kept: item.kept.slice(0, 16), given: item.given.slice(0, 16) })),
      h("p.row", {}, h("button", { onclick: () => store.retry(item) }, t(store.isMovedOn(item) ? "field.again" : "field.retry")), h("button.quiet", { onclick: () => giveUp(item) }, t("field.discard"))),
    ],
    item.state === "waiting" && store.state.line !== "on" && h("p.row", {}, h("button.small", { onclick: () => store.retry(item) }, t("field.retry"))));
}

function detail(item) {
  if (item.kind === "photo") return ` · ${bytes(item.size)}`;
  if (item.act === "answer") return ` · ${[item.said.verdict && t(`verdict.${item.said.verdict}`), item.said.value, item.said.note && t("field.note")].filter(Boolean).join(" · ")}`;
  return "";
}

const kind = (item) => ({ waiting: "watch", sending: "busy", refused: "bad", sent: "good", dropped: "soft", unkept: "bad" })[item.state];
