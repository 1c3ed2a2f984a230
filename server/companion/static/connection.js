// The line to the house as it comes and goes: who is signed in, the tasks as the house tells them, its live news.

import * as net from "./net.js";
import * as vault from "./encrypted_store.js";
import { byAnother, enter } from "./launch.js";
import { loadItems, look, onOtherTab, retryWhereTasksMoved } from "./queue.js";
import { report, send } from "./sender.js";
import { above, notify, now, state } from "./state.js";

const RETRY = [2, 5, 10, 20, 40, 60]; // seconds
const LOOK_AGAIN = 15_000, LISTEN_AGAIN = 30_000; // milliseconds
/** @type {string | null} */
let tag = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let tries = 0, again = false;
/** @type {Promise<void> | null} */
let fetching = null;
/** @type {EventSource | null} */
let live = null;

export async function start() {
  await vault.open();
  state.who = (await byAnother()) ? null : await vault.recall("who");
  state.house = await vault.recall("house");
  if (state.who && !(await lockIfAway())) await load();
  state.ready = true;
  look();
  notify();
  onOtherTab(async () => { await loadItems(); notify(); });
  addEventListener("online", () => wake());
  addEventListener("offline", () => { connected("off"); later(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") wake(); else report(); });
  addEventListener("beforeunload", (event) => { if (state.unkept.length) event.preventDefault(); });
  setInterval(() => { if (document.visibilityState === "visible" && state.line !== "on") wake(); }, LOOK_AGAIN);
  await wake();
}

// After seven days without the house nothing is shown until the person signs in again. Nothing is deleted.
async function lockIfAway() {
  if (state.locked || (await vault.away()) <= vault.WEEK) return state.locked;
  Object.assign(state, { locked: true, tasks: [], items: [], held: await vault.count() });
  notify();
  return true;
}

// A copy that spares asking again; a phone without room for it works on, and says so.
/** @param {string} name @param {unknown} value */
async function remember(name, value) {
  try {
    await vault.remember(name, value);
    return true;
  } catch {
    return false;
  }
}

async function load() {
  const kept = await vault.recall(`tasks:${state.who?.id}`);
  const readable = (/** @type {Task} */ task) => task.questions.every((question) => question.limits); // as this app reads them
  state.tasks = (kept?.tasks ?? []).filter(readable);
  state.away = kept?.away ?? [];
  state.fetchedAt = kept?.at ?? null;
  await loadItems();
}

// Look whether the line is there; then send, then fetch.
export async function wake() {
  clearTimeout(timer);
  try {
    await enter();
    if (state.notEntered) return connected("signed_out");
    await signedIn({ ...(await net.me()), heard: Date.now() });
  } catch (error) {
    connected(error instanceof net.CaptivePortal ? "captive_portal" : "off");
  }
  if (state.line !== "on") {
    if (state.who) await lockIfAway();
    return later();
  }
  tries = 0;
  listen();
  await send();
  await fetchTasks();
  await report();
}

/** @param {House} house */
async function signedIn(house) {
  state.house = house;
  await remember("house", house);
  if (!house.signed_in) {
    state.otherRole = house.other_role;
    return connected("signed_out");
  }
  const other = state.who?.id !== house.signed_in.id || state.locked;
  state.who = house.signed_in;
  state.locked = false;
  await remember("who", state.who);
  await vault.met().catch(() => {});
  if (other) { tag = null; state.fresh = false; await load(); }
  connected("on");
}

/** @param {CompanionState["line"]} line */
function connected(line) {
  const changed = state.line !== line;
  state.line = line;
  if (line !== "on") { live?.close(); live = null; }
  if (changed) notify({ line });
}

function later() {
  clearTimeout(timer);
  if (state.line === "signed_out") return;
  timer = setTimeout(wake, RETRY[Math.min(tries++, RETRY.length - 1)] * 1000);
}

// What went wrong with the line, told once, for whatever was being asked.
/** @param {unknown} error */
function lineBroken(error) {
  if (error instanceof net.SignedOut) connected("signed_out");
  else if (error instanceof net.CaptivePortal) connected("captive_portal");
  else if (error instanceof net.Offline) connected("off");
  else throw error;
  later();
}

export async function fetchTasks() {
  if (state.line !== "on") return;
  if (fetching) { again = true; return fetching; }
  fetching = fetchUntilQuiet().finally(() => { fetching = null; });
  return fetching;
}

async function fetchUntilQuiet() {
  try {
    do {
      again = false;
      await fetchOnce();
      await retryWhereTasksMoved();
      notify({ fetched: true });
    } while (again);
  } catch (error) {
    if (error instanceof net.Refused) return later();
    lineBroken(error);
  }
}

async function fetchOnce() {
  const since = performance.now();
  const answer = await net.get("/tasks", tag);
  if (answer.body) {
    tag = answer.tag ?? null;
    state.tasks = answer.body.tasks;
    state.away = answer.body.away ?? [];
  }
  state.fetchedAt = new Date(now()).toISOString();
  state.fresh = true;
  for (const item of state.sent) item.covers ||= item.settledAt <= since;
  state.uncached = !(await remember(`tasks:${state.who?.id}`, { tasks: state.tasks, away: state.away, at: state.fetchedAt }));
}

function listen() {
  if (live || state.line !== "on") return;
  const source = live = new EventSource("/field/api/live");
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    if (!news.mine) notify({ colleague: news });
    fetchTasks();
  };
  source.onerror = () => {
    if (live?.readyState === EventSource.CLOSED) { live = null; setTimeout(listen, LISTEN_AGAIN); }
  };
}

Object.assign(above, { wake, fetchTasks, lineBroken });
