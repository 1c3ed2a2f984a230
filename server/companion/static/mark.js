// 标注: arrows, boxes and hidden parts on a copy of a photo; the original stays as it is (Art. 16 (3)).

import { h, icon } from "./dom.js";
import * as store from "./store.js";
import { choices, go, gone, link } from "./widgets.js";
import { t } from "./words.js";
import { toast } from "./toast.js";

const SVG = "http://www.w3.org/2000/svg", WHOLE = 10_000, LEAST = 120, MOST = 20;
const TOOLS = ["arrow", "box", "hide"];
/** @type {any} */
let open = null;

export function markScreen(number, id) {
  const task = store.task(number), photo = task?.photos.find((one) => !one.local && String(one.id) === id);
  if (!task || !photo) return gone();
  if (open?.id !== photo.id) open = begin(photo);
  const changed = JSON.stringify(open.marks) !== JSON.stringify(photo.marks ?? []);
  return {
    title: t("field.mark.title"), under: task.target, back: link(task),
    main: [
      h("p.lead", {}, t("field.mark.text")),
      h("div.tools", {}, choices(t("field.mark.title"), TOOLS.map((one) => [one, t(`field.mark.${one}`)]), open.tool, (one) => { open.tool = one; store.notify(); }, { dense: true })),
      open.frame,
      h("div.pair", {}, h("button", { disabled: !open.marks.length, onclick: () => { open.marks.pop(); paint(); store.notify(); } }, icon("undo"), t("field.mark.undo")),
        h("button.main.good", { id: "save", disabled: !changed, onclick: () => save(task, photo) }, icon("check"), t("field.mark.save"))),
    ],
  };
}

function begin(photo) {
  const sent = store.state.sent.find((item) => item.receipt?.photo === photo.id);
  const image = h("img", { alt: t("field.mark.photo"), draggable: "false", src: (sent && store.pictured(sent.key)) || `/field/api/photos/${photo.id}/plain` });
  const over = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${WHOLE} ${WHOLE}`, preserveAspectRatio: "none", role: "img", "aria-label": t("field.mark.pane") })) over.setAttribute(name, value);
  image.addEventListener("error", () => image.replaceWith(h("p.blank", {}, t("field.mark.no_photo"))), { once: true });
  const one = { id: photo.id, tool: "arrow", marks: structuredClone(photo.marks ?? []), over, frame: h("div.frame.marking", {}, image, over) };
  drawOn(one);
  queueMicrotask(paint);
  return one;
}

function drawOn(one) {
  /** @type {{ id: number, mark: any } | null} */
  let drawing = null;
  const at = (event) => {
    const box = one.over.getBoundingClientRect();
    const within = (value) => Math.max(0, Math.min(WHOLE, Math.round(value * WHOLE)));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  };
  one.over.addEventListener("pointerdown", (event) => {
    if (drawing || one.marks.length >= MOST) return;
    const [x1, y1] = at(event);
    drawing = { id: event.pointerId, mark: { kind: one.tool, x1, y1, x2: x1, y2: y1 } };
    one.over.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  one.over.addEventListener("pointermove", (event) => {
    if (!drawing || event.pointerId !== drawing.id) return;
    [drawing.mark.x2, drawing.mark.y2] = at(event);
    paint(drawing.mark);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    one.over.addEventListener(name, (event) => {
      if (!drawing || event.pointerId !== drawing.id) return;
      const { mark } = drawing;
      drawing = null;
      if (name === "pointerup" && large(mark)) one.marks.push(mark);
      paint();
      store.notify();
    });
  }
}

function large({ kind, x1, y1, x2, y2 }) {
  const sides = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
  return kind === "arrow" ? Math.max(...sides) >= LEAST : Math.min(...sides) >= LEAST;
}

function paint(under) {
  open.over.replaceChildren(...[...open.marks, ...(under ? [under] : [])].flatMap(shape));
}

function shape({ kind, x1, y1, x2, y2 }) {
  if (kind === "arrow") return [line(`M${x1} ${y1}L${x2} ${y2}`, "edge"), line(`M${x1} ${y1}L${x2} ${y2}`, "ink"), ...head(x1, y1, x2, y2)];
  const path = `M${x1} ${y1}H${x2}V${y2}H${x1}Z`;
  return kind === "hide" ? [line(path, "veil")] : [line(path, "edge"), line(path, "ink")];
}

// The head keeps its shape on a photo that is not square.
function head(x1, y1, x2, y2) {
  const box = open.over.getBoundingClientRect();
  const wide = box.width || 1, high = box.height || 1, long = Math.max(wide, high) / 40;
  const back = Math.atan2((y1 - y2) * high, (x1 - x2) * wide);
  return [Math.PI / 7, -Math.PI / 7].flatMap((turn) => {
    const x = x2 + long * Math.cos(back + turn) * WHOLE / wide, y = y2 + long * Math.sin(back + turn) * WHOLE / high;
    return [line(`M${x} ${y}L${x2} ${y2}`, "edge"), line(`M${x} ${y}L${x2} ${y2}`, "ink")];
  });
}

function line(path, kind) {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("d", path);
  made.setAttribute("class", kind);
  made.setAttribute("vector-effect", "non-scaling-stroke");
  return made;
}

async function save(task, photo) {
  await store.act(task.number, "photo_mark", { photo: photo.id, marks: open.marks });
  open = null;
  toast(t("field.did.photo_mark"));
  go(photo.question ? link(task, "q", photo.question) : link(task));
}
