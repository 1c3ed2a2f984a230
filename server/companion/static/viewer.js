// One photo large, with what is stamped on its copy and what is known of it.

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { called, fill, stamp } from "./photo.js";
import { giveUp, go, link } from "./widgets.js";
import { may } from "./offers.js";
import { toast } from "./toast.js";
import { voiding } from "./why.js";
import { bytes, t } from "./words.js";

const LONG = 2.5; // times as high as wide: read at full width, page by page

export function view(task, question, one) {
  const image = h("img", { alt: called(question), onload: () => image.classList.toggle("long", image.naturalHeight > LONG * image.naturalWidth) });
  const labels = [...(one.labels ?? []), ...(one.gallery ? ["gallery"] : []), ...(one.shrunk ? ["recompressed"] : [])];
  const waiting = one.local && one.item.state !== "sending" && !one.item.receipt;
  const dialog = h("dialog.viewer", { onclose: () => dialog.remove() },
    h("div.frame", {}, image, h("p.stamped", {}, stamp(task, question).map((line) => h("span", {}, line)))),
    h("p.row", {}, h("span", {}, one.grade ? t(`field.grade.${one.grade}`) : t("field.grade.none")), h("span.soft", {}, bytes(one.size))),
    one.unprintable && h("p.soft", {}, t(`field.unprintable.${one.unprintable}`)),
    h("p", {}, [...new Set(labels)].map((label) => h("span.chip.watch", {}, t(`field.label.${label.split(":")[0]}`, { amount: label.split(":")[1] ?? "" })))),
    one.marks?.length > 0 && h("p", {}, h("span.chip", {}, t("field.photo.marked"))),
    h("div.pair", {},
      may(task, "photo_mark", store.now(), { photo: one.id }) && h("button.quiet", { onclick: () => { dialog.close(); go(link(task, "mark", one.id)); } }, icon("pen"), t("field.mark.title")),
      may(task, "photo_void", store.now(), { photo: one.id }) && h("button.quiet", { "data-do": "void", onclick: () => { dialog.close(); voided(task, one); } }, t("field.void")),
      waiting && h("button.quiet", { onclick: () => { dialog.close(); giveUp(one.item); } }, t("field.photo.remove")),
      waiting && one.original && h("button.quiet", { onclick: () => { dialog.close(); original(one.item); } }, icon("up"), t("field.photo.send_original")),
      h("button.main", { onclick: () => dialog.close() }, icon("check"), t("field.close"))));
  document.body.append(dialog);
  fill(image, one);
  dialog.showModal();
}

async function original(item) {
  if (await store.sendOriginal(item)) toast(t("field.photo.original_waits", { size: bytes(item.size) }));
}

// Off the record for a reason; it stays in the trail.
async function voided(task, one) {
  const reason = await voiding();
  if (!reason) return;
  await store.act(task.number, "photo_void", { photo: one.id, reason });
  toast(t("field.did.photo_void"));
}
