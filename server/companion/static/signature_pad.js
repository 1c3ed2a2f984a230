// A pane of glass to sign on with one finger: strokes kept thin, the picture cut to what was drawn and small.

import { h } from "./dom.js";
import { t } from "./words.js";

const WIDE = 1000, HIGH = 680, THICK = 9, CLOSE = 4, MARGIN = 24, LARGEST = 44_000;
const panes = new Map();

// The same pane again for the same place, however often the screen is drawn anew.
export function pane(place, changed) {
  if (!panes.has(place)) {
    panes.clear();
    panes.set(place, make());
  }
  const one = panes.get(place);
  one.changed = changed;
  return one;
}

export const forget = (place) => panes.delete(place);

function make() {
  const canvas = h("canvas.pane", { width: WIDE, height: HIGH, role: "img", "aria-label": t("field.sign.pane") });
  /** @type {{ canvas: HTMLCanvasElement, strokes: number[][][], empty: boolean, changed: () => void, clear: () => void, png: () => any }} */
  const one = { canvas, strokes: [], empty: true, changed: () => {}, clear: () => clear(one), png: () => png(one) };
  /** @type {number | null} */
  let finger = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [Math.round((event.clientX - box.left) * WIDE / box.width), Math.round((event.clientY - box.top) * HIGH / box.height)];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (finger !== null || event.button > 0) return;
    finger = event.pointerId;
    canvas.setPointerCapture(finger);
    one.strokes.push([at(event)]);
    draw(one);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== finger) return;
    const stroke = one.strokes.at(-1) ?? [];
    for (const step of event.getCoalescedEvents?.() ?? [event]) {
      const [x, y] = at(step), [px, py] = stroke.at(-1) ?? at(step);
      if (Math.hypot(x - px, y - py) >= CLOSE) stroke.push([x, y]);
    }
    draw(one);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => {
      if (event.pointerId !== finger) return;
      finger = null;
      one.empty = !one.strokes.some((stroke) => stroke.length > 2);
      one.changed();
    });
  }
  return one;
}

function clear(one) {
  one.strokes = [];
  one.empty = true;
  draw(one);
  one.changed();
}

const draw = (one) => ink(one.canvas.getContext("2d"), one.strokes, WIDE, HIGH, 0, 0, 1);

function ink(pen, strokes, wide, high, left, top, scale) {
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, wide, high);
  pen.setTransform(scale, 0, 0, scale, -left * scale, -top * scale);
  Object.assign(pen, { lineWidth: THICK, lineCap: "round", lineJoin: "round", strokeStyle: "#10203c" });
  for (const stroke of strokes) {
    pen.beginPath();
    pen.moveTo(...stroke[0]);
    for (let n = 1; n < stroke.length - 1; n++) {
      const [x, y] = stroke[n], [nx, ny] = stroke[n + 1];
      pen.quadraticCurveTo(x, y, (x + nx) / 2, (y + ny) / 2);
    }
    pen.lineTo(...stroke.at(-1));
    pen.stroke();
  }
}

// Base64 of a PNG of what was drawn, made smaller until it travels within an act.
async function png(one) {
  const all = one.strokes.flat();
  const xs = all.map(([x]) => x), ys = all.map(([, y]) => y);
  const left = Math.min(...xs) - MARGIN, top = Math.min(...ys) - MARGIN;
  const wide = Math.max(...xs) + MARGIN - left, high = Math.max(...ys) + MARGIN - top;
  for (let scale = 0.8; scale > 0.1; scale *= 0.7) {
    const canvas = h("canvas", { width: Math.ceil(wide * scale), height: Math.ceil(high * scale) });
    ink(canvas.getContext("2d"), one.strokes, canvas.width, canvas.height, left, top, scale);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (blob.size <= LARGEST) return base64(await blob.arrayBuffer());
  }
  throw new Error("a signature that does not get small");
}

function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  let said = "";
  for (let at = 0; at < bytes.length; at += 8192) said += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(said);
}
