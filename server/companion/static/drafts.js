// What is being typed and not yet kept: survives a redraw, belongs to one field, is kept soon and before the app sleeps.

/** @type {Map<string, any>} */
const drafts = new Map();
/** @type {Map<string, { work: () => void, timer: ReturnType<typeof setTimeout> }>} */
const pending = new Map();

/** @param {string} id @param {any} otherwise */
export const draft = (id, otherwise = "") => drafts.get(id) ?? otherwise;
/** @param {string} id */
export const typing = (id) => (/** @type {any} */ event) => drafts.set(id, event.target.value);
/** @param {string} id @param {any} value */
export const put = (id, value) => drafts.set(id, value);
/** @param {string} id */
export const has = (id) => drafts.has(id);
/** @param {...string} ids */
export const drop = (...ids) => ids.forEach((id) => drafts.delete(id));

// Keep it when the typing has rested; a tap on an answer meanwhile takes it along.
/** @param {string} id @param {() => void} work @param {number} rest  milliseconds */
export function later(id, work, rest) {
  clearTimeout(pending.get(id)?.timer);
  pending.set(id, { work, timer: setTimeout(() => run(id), rest) });
}

/** @param {string} id */
function run(id) {
  const one = pending.get(id);
  pending.delete(id);
  clearTimeout(one?.timer);
  one?.work();
}

export function keepAll() {
  for (const id of [...pending.keys()]) run(id);
}

document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepAll(); });
addEventListener("pagehide", keepAll);
addEventListener("hashchange", keepAll);
