// Sends what waits, in order, and takes the receipts; says to the house what still lies here.

import * as net from "./net.js";
import * as vault from "./encrypted_store.js";
import { isBarrier, isSuperseded, loadNew, next, retry, save, tellOtherTabs } from "./queue.js";
import { above, notify, state } from "./state.js";

const PHOTOS_AT_ONCE = 3;
const REMEMBERED = 200; // receipts of this session
let busy = false, nudge = () => {};

// Small things first, one act at a time; beside them a few photos, so that a slow line stays full while one of
// them waits for its receipt.
function pick() {
  const sending = state.items.filter((item) => item.state === "sending");
  const act = sending.some((item) => item.kind === "act") ? null : next("act");
  if (act) return act;
  return sending.filter((item) => item.kind === "photo").length < PHOTOS_AT_ONCE ? next("photo") : null;
}

export async function send() {
  if (busy) nudge();
  if (busy || state.line !== "on" || !state.who) return;
  busy = true;
  try {
    await alone(sendAll);
  } finally {
    busy = false;
  }
}

async function sendAll() {
  await loadNew();
  /** @type {Set<Promise<void>>} */
  const going = new Set();
  do {
    for (let item = pick(); item && state.line === "on"; item = pick()) {
      const sending = sendOne(item).finally(() => going.delete(sending));
      going.add(sending);
    }
    if (going.size) await Promise.race([...going, new Promise((resolve) => { nudge = () => resolve(undefined); })]);
  } while (going.size || (state.line === "on" && pick()));
}

// One tab sends at a time.
/** @param {() => Promise<void>} work */
function alone(work) {
  return navigator.locks ? navigator.locks.request("ssj-send", { ifAvailable: true }, (lock) => lock && work()) : work();
}

/** @param {Item} item */
async function sendOne(item) {
  item.state = "sending";
  if (!item.attempted) { item.attempted = true; await save(item); }
  notify();
  try {
    const receipt = item.kind === "photo" ? await sendPhoto(item) : await net.act(item);
    await arrived(item, receipt);
  } catch (error) {
    item.state = "waiting";
    if (error instanceof net.Refused) await refused(item, error);
    else above.lineBroken(error);
  }
  notify();
}

/** @param {Item} item */
async function sendPhoto(item) {
  const bytes = await vault.photo(item.key);
  if (!bytes) throw new net.Refused({ code: "field.gone", text: "" });
  return net.photo(item, bytes, firstPart(), (sent) => { item.sent = sent; notify({ quiet: true }); });
}

const firstPart = () => state.house?.policy.part ?? 0;

// What this phone had no room for, straight to the house; whether it is there.
/** @param {Item} item @param {Bytes} [bytes] */
async function sendUnsaved(item, bytes) {
  if (state.line !== "on") return false;
  try {
    const receipt = bytes ? await net.photo(item, bytes, firstPart(), () => {}) : await net.act(item);
    receipted(item, receipt);
    notify();
    above.fetchTasks();
    return true;
  } catch {
    return false;
  }
}

/** @param {Item} item @param {Receipt} receipt */
function receipted(item, receipt) {
  state.sent.unshift({ ...item, state: "sent", receipt, settledAt: performance.now() });
  state.sent.length = Math.min(state.sent.length, REMEMBERED);
}

/** @param {Item} item @param {Receipt} receipt */
async function arrived(item, receipt) {
  const isOver = (/** @type {Item} */ other) => (item.act === "discard" ? other.id === item.local.of : isSuperseded(other, item));
  const over = [item, ...state.items.filter(isOver)];
  for (const done of over) await vault.wipe(done.id ?? 0, done.key);
  if (item.act === "discard") await vault.wipe(item.local.of ?? 0, item.said.of);
  state.items = state.items.filter((other) => !over.includes(other));
  state.unreadable = state.unreadable.filter((row) => item.act !== "discard" || row.id !== item.local.of);
  receipted(item, receipt);
  tellOtherTabs();
  if (!next() || isBarrier(item) || item.act === "undo") above.fetchTasks();
}

/** @param {Item} item @param {net.Refused} error */
async function refused(item, error) {
  const givenUp = item.act === "discard" && state.items.find((other) => other.id === item.local.of && other.state === "dropped");
  if (givenUp) await retry(givenUp, false);
  Object.assign(item, {
    state: "refused", code: error.code, error: error.message, kept: error.kept, given: error.given,
    stood: state.tasks.find((task) => task.number === item.task)?.state,
  });
  await save(item);
  notify({ refused: item });
  above.fetchTasks();
}

// ---- what stays on this phone is said to the house, so that the leader hears of it ----

export async function report() {
  if (state.line !== "on" || !state.who) return;
  const held = heldHere(state.who.id);
  const said = JSON.stringify(held);
  const before = (await vault.recall("reported")) ?? { device: net.newKey(), said: "[]", officers: [] };
  if (said === before.said) return;
  const gone = before.officers.filter((/** @type {string} */ id) => !held.some(({ officer }) => officer === id));
  try {
    const lines = [...held, ...gone.map((/** @type {string} */ officer) => ({ officer, lines: [] }))];
    await net.tell("/held", { key: net.newKey(), device: before.device, held: lines });
    await vault.remember("reported", { device: before.device, said, officers: held.map(({ officer }) => officer) });
  } catch { /* said at the next look */ }
}

// Each officer's tasks with how many items lie here for them and since when; a task that is not known is "".
/** @param {string} me */
function heldHere(me) {
  const rows = [
    ...state.items.filter((item) => item.act !== "discard").map((item) => ({ officer: me, task: item.task, made: item.made })),
    ...state.others.map((other) => ({ officer: other.who, task: "", made: other.made })),
    ...state.unreadable.map((row) => ({ officer: me, task: "", made: row.made })),
  ];
  /** @type {{ officer: string, lines: { task: string, count: number, since: string }[] }[]} */
  const held = [];
  for (const row of rows) {
    let officer = held.find((known) => known.officer === row.officer);
    if (!officer) held.push((officer = { officer: row.officer, lines: [] }));
    const line = officer.lines.find((known) => known.task === row.task);
    if (line) line.count += 1;
    else officer.lines.push({ task: row.task, count: 1, since: new Date(row.made).toISOString() });
  }
  return held;
}

Object.assign(above, { send, sendUnsaved });
