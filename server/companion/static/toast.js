// A short word at the bottom: what was saved, with a way back.

import { h } from "./dom.js";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
const place = () => document.querySelector("#toast") ?? document.body;

/** @param {string} said @param {{ label?: string, act?: () => void, bad?: boolean }} [how] */
export function toast(said, { label, act, bad } = {}) {
  clearTimeout(timer);
  place().replaceChildren(h("div.toast", { class: bad ? "bad" : "" }, h("span", {}, said),
    label && h("button", { onclick: () => { hideToast(); act?.(); } }, label)));
  timer = setTimeout(hideToast, bad ? 8000 : label ? 6000 : 3500);
}

export function hideToast() {
  clearTimeout(timer);
  place().replaceChildren();
}
