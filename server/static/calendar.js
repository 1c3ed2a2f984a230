// 检查日历: a visit moved by hand, finger or keyboard. What each time would come to is asked of the house before it can be
// chosen; a refusal leaves the visit where it was. Without this script each visit has a form.

import { catchUp, keepUp, mover, refresh, said, tell, week } from "/static/week.js";

/** @typedef {{ begins: string, at: string, state: string, called: string, why: string }} Slot */
/** @typedef {{ target: string, days: { day: string, slots: Slot[] }[] }} Offered */

const FAR = 6; // pixels after which a press is a drag
const EDGE = 72, STRIDE = 14; // near the screen's edge a drag scrolls

/** The visit whose times stand open.
 * @type {{ task: string, offered: Offered } | null} */
let open = null;
/** A drag: where it began, the ghost that follows.
 * @type {{ task: string, x: number, y: number, ghost: HTMLElement | null } | null} */
let drag = null;
/** What is asked about the visit's times.
 * @type {Promise<Offered | null> | null} */
let asking = null;
let dropped = false; // `dropped`: the click that ends a drag is no press

const slotsShown = () => /** @type {HTMLButtonElement[]} */ ([...week().querySelectorAll("button[data-begins]")]);

// What each time comes to

/** @param {string} task @returns {Promise<Offered | null>} */
async function ask(task) {
  const query = new URLSearchParams({ task, week: week().dataset.week ?? "" });
  try {
    const answer = await fetch(`/console/calendar/slots.json?${query}`, { headers: { Accept: "application/json" } });
    const body = await answer.json();
    if (answer.ok) return body;
    tell(said.dataset.back + body.error.text, true);
  } catch { tell(said.dataset.lost ?? "", true); }
  return null;
}

/** @param {string} task */
async function lay(task, pressed = true) {
  close();
  asking ??= ask(task);
  const offered = await asking;
  asking = null;
  if (!offered || (!pressed && drag?.task !== task)) return;
  open = { task, offered };
  for (const { day, slots } of offered.days) {
    const place = week().querySelector(`[data-day="${day}"]`);
    const list = document.createElement("ol");
    list.className = "slots";
    list.append(...slots.map((slot) => line(day, slot)));
    place?.append(list);
  }
  mover(task)?.setAttribute("aria-expanded", "true");
  tell(offered.days.length ? (said.dataset.choose ?? "").replace("#", offered.target) : said.dataset.none ?? "");
  if (pressed) {
    const shown = slotsShown();
    (shown.find((one) => one.dataset.state === "here") ?? shown.find((one) => one.dataset.state === "free") ?? shown[0])?.focus();
  }
}

/** @param {string} day @param {Slot} slot */
function line(day, slot) {
  const item = document.createElement("li"), button = document.createElement("button");
  button.type = "button";
  Object.assign(button.dataset, { day, begins: slot.begins, state: slot.state });
  if (slot.state === "refused") button.setAttribute("aria-disabled", "true");
  button.append(slot.at, " ");
  const why = document.createElement("small");
  why.textContent = slot.state === "free" ? slot.called : [slot.called, slot.why].filter(Boolean).join(" · ");
  button.append(why);
  item.append(button);
  return item;
}

function close() {
  for (const list of week().querySelectorAll(".slots")) list.remove();
  if (open) mover(open.task)?.removeAttribute("aria-expanded");
  open = null;
}

function cancel() {
  const task = open?.task ?? "";
  close();
  tell(said.dataset.cancelled ?? "");
  mover(task)?.focus();
  catchUp();
}

/** @param {HTMLButtonElement} slot */
async function choose(slot) {
  if (!open) return;
  const { task } = open, { day = "", begins = "", state } = slot.dataset;
  if (state === "refused") { tell(said.dataset.back + (slot.textContent ?? ""), true); return; }
  if (state === "here") { cancel(); return; }
  close();
  const body = new URLSearchParams({ csrf: week().dataset.csrf ?? "", task, day, begins });
  try {
    const answer = await fetch("/console/calendar/move", { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json();
    await refresh();
    tell(answer.ok ? told.done : said.dataset.back + told.error.text, !answer.ok);
  } catch { tell(said.dataset.lost ?? "", true); }
  mover(task)?.focus();
}

// By hand and finger

document.addEventListener("pointerdown", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest?.("[data-move]");
  if (!(button instanceof HTMLElement) || event.button !== 0) return;
  dropped = false;
  drag = { task: button.dataset.move ?? "", x: event.clientX, y: event.clientY, ghost: null };
  button.setPointerCapture?.(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
    drag.ghost = document.createElement("div");
    drag.ghost.className = "ghost";
    drag.ghost.textContent = mover(drag.task)?.closest("[data-task]")?.querySelector("a")?.textContent ?? "";
    document.body.append(drag.ghost);
    document.body.classList.add("dragging");
    lay(drag.task, false);
  }
  Object.assign(drag.ghost.style, { left: `${event.clientX + 12}px`, top: `${event.clientY + 12}px` });
  if (event.clientY < EDGE) scrollBy(0, -STRIDE);
  else if (event.clientY > innerHeight - EDGE) scrollBy(0, STRIDE);
  const over = under(event);
  for (const slot of slotsShown()) slot.classList.toggle("over", slot === over);
  if (over) tell(over.textContent ?? "", over.dataset.state === "refused");
});

document.addEventListener("pointerup", (event) => {
  if (!drag?.ghost) { drag = null; return; }
  const slot = under(event);
  release();
  if (slot) choose(slot);
  else cancel();
});

document.addEventListener("pointercancel", () => { if (drag?.ghost) { release(); cancel(); } drag = null; });

function release() {
  drag?.ghost?.remove();
  document.body.classList.remove("dragging");
  drag = null;
  dropped = true;
}

/** @param {PointerEvent} event */
function under(event) {
  return /** @type {HTMLButtonElement | null} */ (document.elementFromPoint(event.clientX, event.clientY)?.closest("button[data-begins]") ?? null);
}

// By a press and by keyboard

document.addEventListener("click", (event) => {
  const pressed = /** @type {HTMLElement} */ (event.target);
  const button = pressed.closest("[data-move]"), slot = pressed.closest("button[data-begins]");
  if (slot instanceof HTMLButtonElement) choose(slot);
  else if (button instanceof HTMLElement && !dropped) {
    if (open?.task === button.dataset.move) cancel();
    else lay(button.dataset.move ?? "");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && (open || drag?.ghost)) { if (drag?.ghost) release(); cancel(); return; }
  const slot = document.activeElement;
  if (!(slot instanceof HTMLButtonElement) || !slot.dataset.begins) return;
  const to = beside(slot, event.key);
  if (to) { event.preventDefault(); to.focus(); }
});

/** @param {HTMLButtonElement} slot @param {string} key */
function beside(slot, key) {
  const all = slotsShown(), mine = all.filter((one) => one.dataset.day === slot.dataset.day);
  const days = [...new Set(all.map((one) => one.dataset.day))];
  const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[key];
  if (!step) return key === "Home" ? mine[0] : key === "End" ? mine.at(-1) : undefined;
  if (key === "ArrowUp" || key === "ArrowDown") return mine[mine.indexOf(slot) + step];
  const day = days[days.indexOf(slot.dataset.day) + step];
  return all.find((one) => one.dataset.day === day && one.dataset.begins === slot.dataset.begins);
}

keepUp(() => Boolean(open || drag));
