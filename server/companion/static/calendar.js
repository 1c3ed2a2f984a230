// The private address of this person's calendar: asked for with a press, shown until the app is left.

import { h } from "./dom.js";
import * as net from "./net.js";
import * as store from "./store.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @type {{ address: string, program: string } | null} */
let shown = null;

export function calendar() {
  return h("section.card", { id: "calendar" }, h("h2", {}, t("field.feed.title")), h("p.soft", {}, t("field.feed.what")),
    shown && [h("p.hash", {}, shown.address), h("a.button.main", { href: shown.program }, t("field.feed.open"))],
    h("button", { onclick: reset }, t("field.feed.get")));
}

async function reset() {
  try {
    shown = await net.ask("/calendar", { key: net.newKey() });
  } catch (no) {
    toast(no instanceof net.Refused ? no.message : t("field.line.off"), { bad: true });
  }
  store.notify();
}
