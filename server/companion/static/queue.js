// What this phone did and has no receipt for: encrypted here, in order, until the house has it or a person gives it up.

import * as net from "./net.js";
import * as vault from "./encrypted_store.js";
import { above, notify, state } from "./state.js";

// Acts that close something: nothing of the task's goes past them in either direction.
const BARRIERS = ["finalise", "reopen", "conclude", "enter", "revision_propose", "confirm", "begin", "close_network", "fix", "suspend", "refusal", "confirm_refusal", "absence", "record_draw", "recheck_begin", "recheck_end"];

// What could be kept neither on this phone nor at the house; whoever asked for it stays where they are.
export class NotKept extends Error {}

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("ssj-field") : null;
/** @type {Map<string, string>} */
const pictures = new Map();

/** @param {() => void} listener  another tab added or sent something */
export const onOtherTab = (listener) => channel?.addEventListener("message", listener);
export const tellOtherTabs = () => channel?.postMessage("items");

// ---- what this phone does ----

/** @param {string} task @param {string} name @param {Said} said @param {Item["local"]} local */
export async function act(task, name, said = {}, local = {}) {
  const key = net.newKey();
  const body = JSON.stringify({ key, said_at: new Date().toISOString(), as_of: known(task), ...said });
  return enqueue({ key, kind: "act", act: name, task, path: `/tasks/${encodeURIComponent(task)}/${name}`, body, said, local });
}

// The last event of the task that the house told of: what others did after it, this person has not heard.
/** @param {string} task */
const known = (task) => state.tasks.find(({ number }) => number === task)?.as_of;

// An act about the officer's own time, of no task.
/** @param {string} name @param {Said} said */
export async function ownAct(name, said) {
  const key = net.newKey();
  const body = JSON.stringify({ key, said_at: new Date().toISOString(), ...said });
  return enqueue({ key, kind: "act", act: name, task: "", path: `/me/${name}`, body, said, local: {} });
}

/** @param {string} task @param {number} question @param {Bytes} bytes @param {Taken} how */
export async function photo(task, question, bytes, how) {
  const key = net.newKey();
  const sha256 = await net.sha256(bytes);
  const about = how.about ?? "";
  const place = how.place ? { latitude: how.place.latitude, longitude: how.place.longitude, accuracy: how.place.accuracy } : {};
  const body = JSON.stringify({
    key, said_at: new Date().toISOString(), task, question, about, sha256, size: bytes.byteLength,
    gallery: Boolean(how.gallery), shrunk: Boolean(how.shrunk), ...(await shrinking(how)), ...place,
  });
  show(key, bytes, how.type);
  return enqueue({
    key, kind: "photo", act: "photo", task, body, sha256, size: bytes.byteLength, type: how.type, sent: 0,
    said: { question, about }, local: { gallery: how.gallery, ...originalOf(how) },
  }, bytes, how.original?.bytes);
}

// What was seen online together with its screenshot: one item, so that neither arrives without the other.
/** @param {string} task @param {Said} said @param {Taken & { bytes: Bytes }} shot */
export async function seen(task, { question, ...find }, { bytes, ...how }) {
  const key = net.newKey();
  const sha256 = await net.sha256(bytes);
  const body = JSON.stringify({
    key, said_at: new Date().toISOString(), as_of: known(task), task, question, sha256, size: bytes.byteLength,
    shrunk: Boolean(how.shrunk), ...(await shrinking(how)), find,
  });
  show(key, bytes, how.type);
  return enqueue({
    key, kind: "photo", act: "find", task, body, sha256, size: bytes.byteLength, type: how.type, sent: 0,
    said: { question, ...find }, local: originalOf(how),
  }, bytes, how.original?.bytes);
}

/** @param {Taken} how */
const originalOf = ({ shrunk, original }) => ({ shrunk, original: Boolean(original), type: original?.type });

// What was made smaller says what became of the camera's words, and of which file it is a copy.
/** @param {Taken} how */
async function shrinking({ shrunk, exif, original }) {
  if (!shrunk) return {};
  return { exif: exif ?? "", ...(original ? { original_sha256: await net.sha256(original.bytes), original_size: original.bytes.byteLength } : {}) };
}

// ---- kept here ----

/** @param {Omit<Item, "made">} fresh @param {Bytes} [bytes] @param {Bytes} [original] */
async function enqueue(fresh, bytes, original) {
  /** @type {Item} */
  const item = { ...fresh, state: "waiting", made: Date.now() };
  if (!(await kept(item, bytes, original))) return unsaved(item, bytes, original);
  state.items.push(item);
  tellOtherTabs();
  notify();
  above.send();
  return item;
}

// On this phone, for good. A full one lets the camera's own bytes go before what will be sent.
/** @param {Item} item @param {Bytes} [bytes] @param {Bytes} [original] @returns {Promise<boolean>} */
async function kept(item, bytes, original) {
  try {
    item.id = await vault.keep(officer().id, { ...item }, bytes, original);
    return true;
  } catch {
    if (original) return kept(Object.assign(item, { local: { ...item.local, original: false } }), bytes);
    return false;
  }
}

// No room on this phone: straight to the house if the line is there. Else it is said, and stays on this screen.
/** @param {Item} item @param {Bytes} [bytes] @param {Bytes} [original] */
async function unsaved(item, bytes, original) {
  if (!(isBarrier(item) && state.items.some((other) => other.task === item.task && other.state !== "refused"))) {
    if (await above.sendUnsaved(item, bytes)) return item;
  }
  state.unkept = state.unkept.filter((other) => other.item.key !== item.key);
  state.unkept.push({ item, bytes, original });
  look();
  notify({ unkept: item });
  throw new NotKept();
}

// How much room this phone has left, as far as its browser says.
export async function look() {
  state.room = await vault.room();
  notify();
}

export async function keepAgain() {
  const all = state.unkept.splice(0);
  for (const { item, bytes, original } of all) await enqueue(item, bytes, original).catch(() => {});
}

// A full phone keeps the item as it was; what changed holds while this page is open.
/** @param {Item} item */
export async function save(item) {
  const { id, made, ...rest } = item;
  await vault.change(number(id), rest).catch(() => {});
}

export async function loadItems() {
  if (!state.who || state.locked) return;
  const stored = await vault.items(state.who.id);
  const known = new Map(state.items.map((item) => [item.id, item]));
  state.items = stored.mine.map((item) => known.get(item.id) ?? asLeft(item));
  Object.assign(state, { others: stored.others, unreadable: stored.unreadable });
}

// Another tab may have sent or added something.
export async function loadNew() {
  const stored = await vault.items(officer().id);
  const ids = new Set(stored.mine.map((item) => item.id));
  state.items = state.items.filter((item) => ids.has(number(item.id)));
  const here = new Set(state.items.map((item) => item.id));
  for (const item of stored.mine) if (!here.has(item.id)) state.items.push(asLeft(item));
  Object.assign(state, { others: stored.others, unreadable: stored.unreadable });
  state.items.sort((a, b) => number(a.id) - number(b.id));
}

/** @param {Item & { id: number }} item @returns {Item} */
const asLeft = (item) => ({ ...item, state: item.state === "sending" ? "waiting" : item.state, attempted: true });

function officer() {
  if (!state.who) throw new Error("nobody is signed in");
  return state.who;
}

/** @param {number | undefined} id */
const number = (id) => id ?? 0;

// ---- taken back, given up, tried again ----

// Take back what never left this phone: asked for on this page, and not tried yet. True if it did not.
/** @param {Item} item */
export async function takeBack(item) {
  if (item.attempted || item.state === "sending") return false;
  state.items = state.items.filter((other) => other !== item);
  await vault.wipe(number(item.id), item.key);
  tellOtherTabs();
  notify();
  return true;
}

// Giving up what has no receipt is an act with a reason. It stays here until the house has receipted the act.
/** @param {Item} item @param {string} reason */
export async function discard(item, reason) {
  if (item.state === "sending" || !reason.trim()) return false;
  const key = net.newKey();
  const said = {
    task: item.task, what: item.act, of: item.key, question: item.said?.question ?? null, sha256: item.sha256 ?? "",
    size: item.size ?? 0, made: new Date(item.made).toISOString(), reason: reason.trim(),
  };
  const body = JSON.stringify({ key, said_at: new Date().toISOString(), ...said });
  await enqueue({ key, kind: "act", act: "discard", task: item.task, path: "/discarded", body, said, local: { of: item.id } });
  if (state.items.includes(item)) {
    item.state = "dropped";
    await save(item);
  }
  notify();
  return true;
}

// What cannot be read any more is given up the same way; nobody knows of which task it was.
/** @param {{ id: number, made: number }} row @param {string} reason */
export const discardUnreadable = (row, reason) =>
  discard({ id: row.id, kind: "act", task: "", act: "unreadable", key: `unreadable-${row.id}-${row.made}`, made: row.made, body: "", said: {}, local: {} }, reason);

// The camera's own bytes instead of the smaller ones, while they are here.
/** @param {Item} item */
export async function sendOriginal(item) {
  const bytes = await vault.original(item.key);
  if (!bytes || item.state === "sending") return false;
  const before = item.key, key = net.newKey(), sha256 = await net.sha256(bytes);
  const { original_sha256, original_size, exif, ...said } = JSON.parse(item.body);
  const body = JSON.stringify({ ...said, key, sha256, size: bytes.byteLength, shrunk: false });
  Object.assign(item, {
    key, sha256, size: bytes.byteLength, body, type: item.local.type ?? item.type,
    local: { ...item.local, shrunk: false, original: false }, state: "waiting", error: "", code: "",
  });
  const { id, made, ...rest } = item;
  await vault.change(number(id), rest, { bytes, before });
  show(key, bytes, item.type ?? "");
  notify();
  above.send();
  return true;
}

// Refused because of what others did since: whoever has read that says it again, on what stands now.
/** @param {Item} item */
export const isMovedOn = (item) => (item.code ?? "").startsWith("task.moved_on");

/** @param {Item} item */
async function sayAgain(item) {
  const before = item.key, key = net.newKey();
  const bytes = item.kind === "photo" ? await vault.photo(before) : null;
  const body = JSON.stringify({ ...JSON.parse(item.body), key, said_at: new Date().toISOString(), as_of: known(item.task) });
  const { id, made, ...rest } = { ...item, key, body };
  await vault.change(number(id), rest, bytes ? { bytes, before, original: await vault.original(before) } : {});
  Object.assign(item, { key, body });
  if (bytes) show(key, bytes, item.type ?? "");
}

/** @param {Item} item */
export async function retry(item, atOnce = true) {
  if (isMovedOn(item)) { await above.fetchTasks(); await sayAgain(item); } // else it is refused once more, for the same
  Object.assign(item, { state: "waiting", error: "", code: "" });
  await save(item);
  notify();
  if (atOnce) await above.wake();
}

export async function retryAll() {
  for (const item of state.items) if (item.state === "refused" && !isMovedOn(item)) await retry(item, false);
  if (state.unkept.length) await keepAgain();
  await above.wake();
}

// What was refused because of where a task stood is tried again once the task stands elsewhere.
export async function retryWhereTasksMoved() {
  for (const item of state.items) {
    if (item.state !== "refused" || item.code !== "task.state") continue;
    const task = state.tasks.find(({ number }) => number === item.task);
    if (task && task.state !== item.stood) await retry(item, false);
  }
  if (next()) above.send();
}

// ---- the order in which they go ----

/** @param {Item} item */
export const isBarrier = (item) => BARRIERS.includes(item.act);
/** @param {Item} item */
const bars = (item) => isBarrier(item) && item.state !== "refused";

// The next item that may go: acts in order; photos in order beside them; a closing act only after all before it.
/** @param {"act" | "photo" | ""} kind @returns {Item | null} */
export function next(kind = "") {
  for (const [place, item] of state.items.entries()) {
    if (item.state !== "waiting" || (kind && item.kind !== kind)) continue;
    const before = state.items.slice(0, place).filter((other) => other.task === item.task && other.state !== "dropped");
    if (isBarrier(item) && before.some((other) => bars(other) || !isBarrier(other))) continue;
    if (before.some(bars)) continue;
    if (item.act === "undo" && before.some((other) => other.kind === "act")) continue;
    return item;
  }
  return null;
}

// A closing act that was refused and then done anew: the receipt of the newer one is the older one's too.
/** @param {Item} item @param {Item} done */
export const isSuperseded = (item, done) =>
  item.state === "refused" && isBarrier(done) && item.act === done.act && item.task === done.task && number(item.id) < number(done.id);

// ---- pictures of this phone's own ----

/** @param {string} key @param {Bytes} bytes @param {string} type */
function show(key, bytes, type) {
  pictures.set(key, URL.createObjectURL(new Blob([bytes], { type })));
}

// A local photo's address, made from the vault when this session did not take it.
/** @param {string} key */
export async function picture(key) {
  if (!pictures.has(key)) {
    const bytes = await vault.photo(key);
    if (!bytes) return "";
    show(key, bytes, "image/jpeg");
  }
  return pictured(key);
}

/** @param {string} key */
export const pictured = (key) => pictures.get(key) ?? "";
