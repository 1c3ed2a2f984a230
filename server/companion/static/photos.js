// Photos of a question: one tap to the rear camera, several to a question, from the gallery with a label.

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { photosOf } from "./sheet.js";
import { place, prepared } from "./camera.js";
import { settings } from "./settings.js";
import { called, fill, stamp } from "./photo.js";
import { bytes, t } from "./words.js";
import { toast } from "./toast.js";
import { view } from "./viewer.js";

// `question`: one of the sheet, or { about } for photos of no question: the refusal, the place.
// `onTaken(number, n)` hears when the photo of an answered question was taken.
export function strip(task, question, { closed = false, onTaken = (number, n) => {} } = {}) {
  const photos = question.about ? photosAbout(task, question.about) : photosOf(task, question.n);
  return h("section.photos", { "aria-label": t("field.photos", { n: photos.length }) },
    photos.length > 0 && h("ul.strip", {}, photos.map((one) => h("li", {}, thumb(task, question, one)))),
    !closed && [
      h("div.pair", {}, picker(task, question, "camera", { capture: "environment" }, onTaken), picker(task, question, "gallery", { multiple: true }, onTaken)),
      h("p.soft.stamp", {}, t("field.photo.stamp", { stamp: stamp(task, question).join(" · ") })),
    ]);
}

export const photosAbout = (task, about) => task.photos.filter((one) => one.about === about);
function picker(task, question, kind, more, onTaken) {
  const id = `${kind}-${question.about ?? question.n}`;
  const input = h("input.hidden", { id, type: "file", accept: "image/*", tabindex: -1, "aria-hidden": "true", ...more, onchange: (event) => taken(task.number, question, kind, event.target, onTaken) });
  return h("span.picker", {}, input, h("button", { class: kind === "camera" ? "main camera" : "", type: "button", onclick: () => input.click() }, icon(kind), t(`field.photo.${kind}`)));
}

async function taken(number, { n, about }, kind, input, onTaken) {
  const files = [...input.files];
  input.value = "";
  if (!files.length) return;
  const where = settings.place ? await place() : null;
  let shrunk = 0, size = 0, unkept = 0;
  const notKept = (no) => { // said already; the next picture may still find room
    if (!(no instanceof store.NotKept)) throw no;
    unkept += 1;
  };
  for (const file of files) {
    const policy = store.state.house?.policy;
    if (!policy) return;
    const made = await prepared(file, policy, settings.original);
    if (made.bytes.byteLength > policy.largest) {
      toast(t("field.photo.too_large", { size: bytes(made.bytes.byteLength) }), { bad: true });
      continue;
    }
    shrunk += made.shrunk ? 1 : 0;
    size += made.bytes.byteLength;
    await store.photo(number, n ?? null, made.bytes, { ...made, about, gallery: kind === "gallery", place: where }).catch(notKept);
  }
  if (!size) return;
  const said = shrunk ? t("field.photo.kept_shrunk", { n: files.length, size: bytes(size) }) : t("field.photo.kept", { n: files.length, size: bytes(size) });
  if (!unkept) toast(said);
  const task = store.task(number);
  if (n && task?.questions.find((one) => one.n === n)?.given) onTaken(number, n);
}

function thumb(task, question, one) {
  const key = one.local ? one.key : `s${one.id}`;
  const image = h("img", { alt: called(question), "data-photo": key });
  fill(image, one);
  const state = one.local ? (one.item.receipt ? "sent" : one.item.state) : "sent";
  return h("button.thumb", { "data-state": state, onclick: () => view(task, question, one) }, image,
    h("span.tag", {}, t(`field.item.${state}`)), one.gallery || one.labels?.includes("gallery") ? h("span.tag.from", {}, t("field.photo.from_gallery")) : null);
}
