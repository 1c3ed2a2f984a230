// What is being typed and not yet kept: survives a redraw, belongs to one field, is kept soon and before the app sleeps.

const drafts = new Map();
const pending = new Map();

/** @param {string} id @param {any} otherwise */
export const draft = (id, otherwise = "") => drafts.get(id) ?? otherwise;
export const typing = (id) => (event) => drafts.set(id, event.target.value);
export const put = (id, value) => drafts.set(id, value);
export const has = (id) => drafts.has(id);
export const drop = (...ids) => ids.forEach((id) => drafts.delete(id));

// Keep it when the typing has rested; a tap on an answer meanwhile takes it along.
export function later(id, work, rest) {
  clearTimeout(pending.get(id)?.timer);
  pending.set(id, { work, timer: setTimeout(() => run(id), rest) });
}

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
