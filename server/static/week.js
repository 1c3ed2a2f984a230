// 检查日历: the week on the page, brought up to date when somebody else changes it, and what is said beside it.

const AGAIN = 15000; // milliseconds between looks where the line for news cannot be held

export const said = /** @type {HTMLElement} */ (document.getElementById("moved"));
export const week = () => /** @type {HTMLElement} */ (document.getElementById("week"));

/** The button that moves a visit.
 * @param {string} task */
export const mover = (task) =>
  /** @type {HTMLButtonElement | null} */ (week().querySelector(`[data-move="${CSS.escape(task)}"]`));

/** @param {string} text */
export function tell(text, bad = false) {
  said.hidden = !text;
  said.classList.toggle("late", bad);
  said.textContent = text;
}

let shown = week().innerHTML, behind = false;
let moving = () => false;

function show() {
  for (const button of week().querySelectorAll("[data-move]")) /** @type {HTMLElement} */ (button).hidden = false;
}

/** The week as the house has it now; whoever had the focus keeps it. */
export async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("week");
  if (!fresh || fresh.innerHTML === shown) return;
  shown = fresh.innerHTML;
  const focused = document.activeElement?.closest("#week [data-move], #week a[href]");
  week().replaceWith(document.adoptNode(fresh));
  show();
  if (focused instanceof HTMLAnchorElement) [...week().querySelectorAll("a")].find((one) => one.href === focused.href)?.focus();
  else if (focused instanceof HTMLElement) mover(focused.dataset.move ?? "")?.focus();
}

/** A change of somebody else's waits while a person is at a visit of this page. */
export async function catchUp(news = false) {
  behind ||= news;
  if (!behind || (moving() || week().querySelector("details[open]"))) return;
  behind = false;
  const before = shown;
  await refresh().catch(() => {});
  if (shown !== before) tell(said.dataset.changed ?? "");
}

document.addEventListener("focusout", () => setTimeout(catchUp));
document.addEventListener("toggle", () => catchUp(), true);

/** Keep the week up to date. `busy`: while a visit is being moved nothing changes under the hand.
 * @param {() => boolean} busy */
export function keepUp(busy) {
  moving = busy;
  show();
  if ("EventSource" in window) listen();
  else look();
}

function listen() {
  const source = new EventSource("/console/calendar/live");
  let held = false;
  source.onopen = () => { if (held) catchUp(true); held = true; };
  source.onmessage = () => catchUp(true);
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) look(); };
}

function look() {
  setInterval(() => { if (!document.hidden) catchUp(true); }, AGAIN);
}
