// 亮码: the code of this half minute, made here without reception from the day's key, and drawn as QR (Art. 16 (2)).

import { correction, generate } from "./lean-qr.js";
import { h } from "./dom.js";
import * as store from "./store.js";
import { t } from "./words.js";

const STEP = 30_000, SVG = "http://www.w3.org/2000/svg", QUIET = 4;
const keys = new Map();
const shown = { link: "", step: 0, of: 0 };
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;

const step = () => Math.floor(store.now() / STEP);

const raw = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const written = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function keyOf(code) {
  if (!keys.has(code.key)) keys.set(code.key, await crypto.subtle.importKey("raw", raw(code.key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]));
  return keys.get(code.key);
}

// 16 bytes: whose place in the team, which half minute, and 64 bits of HMAC over both.
export async function token(code, at) {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, code.assignment);
  view.setUint32(4, at);
  const mac = await crypto.subtle.sign("HMAC", await keyOf(code), bytes.slice(0, 8));
  bytes.set(new Uint8Array(mac).slice(0, 8), 8);
  return written(bytes);
}

// The code, renewed by itself for as long as it is on the screen.
export function codeCard(task) {
  const picture = h("div.qr", { role: "img", "aria-label": t("onsite.code.alt") });
  const left = h("progress", { max: STEP / 1000, "aria-hidden": "true" });
  const said = h("p.soft.center", {});
  const tick = async () => {
    const now = step();
    if (shown.step !== now || shown.of !== task.code.assignment) {
      const link = task.code.link + (await token(task.code, now));
      if (now === step()) Object.assign(shown, { link, step: now, of: task.code.assignment });
    }
    if (picture.dataset.link !== shown.link) draw(picture, shown.link);
    const seconds = STEP / 1000 - Math.floor((store.now() % STEP) / 1000);
    left.value = seconds;
    said.textContent = t("onsite.code.left", { n: seconds });
  };
  clearInterval(ticking);
  ticking = setInterval(() => (picture.isConnected ? tick() : clearInterval(ticking)), 1000);
  tick();
  return h("section.card.center.code", {}, picture, left, said);
}

function draw(place, link) {
  const code = generate(link, { minCorrectionLevel: correction.M });
  if (!code) return;
  const size = code.size + 2 * QUIET;
  let path = "";
  for (let y = 0; y < code.size; y += 1) for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${size} ${size}`, "shape-rendering": "crispEdges", "aria-hidden": "true" })) svg.setAttribute(key, value);
  svg.append(part("rect", { width: size, height: size, fill: "#fff" }), part("path", { d: path, fill: "#000" }));
  place.replaceChildren(svg);
  place.dataset.link = link;
}

function part(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
