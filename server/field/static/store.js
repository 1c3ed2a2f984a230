// The one truth of the screens: tasks as the server told them, and over them what this phone did and has not yet
// been receipted for. Sends in order, tries again by itself, and shows every item.

import * as net from "./net.js";
import * as vault from "./vault.js";
import { lay } from "./laid.js";

const BARRIERS = ["finalise", "conclude", "enter", "begin", "close_network", "fix", "suspend", "refusal", "confirm_refusal", "absence", "record_draw"];
const RETRY = [2, 5, 10, 20, 40, 60];
const PHOTOS_AT_ONCE = 3;

export const state = {
  house: null,        // district, policy
  who: null,          // the officer signed in, or the last one known while there is no line
  tasks: [],          // as the server told them
  items: [],          // waiting, sending, refused
  sent: [],           // receipted in this session
  unkept: [],         // what this phone had no room for: on this screen only
  line: "unknown",    // on, off, foreign, signed_out
  others: [], unreadable: [], fetchedAt: null, ready: false,
  fresh: false,       // the list of tasks came in this session
  locked: false,      // seven days without the house: everything is here, nothing is shown
  held: 0,            // how many items lie here while locked
  uncached: false,    // the list of tasks did not fit on the phone
  room: null,
};

// What could be kept neither on this phone nor at the house; whoever asked for it stays where they are.
export class NotKept extends Error {}

const hearers = new Set();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("ssj-field") : null;
const pictures = new Map();
let tag = null, timer = null, tries = 0, busy = false, again = false, fetching = null, live = null, nudge = () => {};

export function hear(hearer) { hearers.add(hearer); }
export function tell(news = {}) { for (const hearer of hearers) hearer(news); }

export async function start() {
  await vault.open();
  state.who = await vault.recall("who");
  state.house = await vault.recall("house");
  if (state.who && !(await lockIfAway())) await load();
  state.ready = true;
  look();
  tell();
  channel?.addEventListener("message", async () => { await loadItems(); tell(); });
  addEventListener("online", () => wake());
  addEventListener("offline", () => { connected("off"); later(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") wake(); else report(); });
  addEventListener("beforeunload", (event) => { if (state.unkept.length) event.preventDefault(); });
  setInterval(() => { if (document.visibilityState === "visible" && state.line !== "on") wake(); }, 15_000);
  await wake();
}

async function look() {
  state.room = await vault.room();
  tell();
}

// After seven days without the house nothing is shown until the person signs in again. Nothing is deleted.
async function lockIfAway() {
  if (state.locked || (await vault.away()) <= vault.WEEK) return state.locked;
  Object.assign(state, { locked: true, tasks: [], items: [], held: await vault.count() });
  tell();
  return true;
}

// A copy that spares asking again; a phone without room for it works on, and says so.
async function remember(name, value) {
  try {
    await vault.remember(name, value);
    return true;
  } catch {
    return false;
  }
}

async function load() {
  const kept = await vault.recall(`tasks:${state.who.id}`);
  state.tasks = (kept?.tasks ?? []).filter((one) => one.questions.every((asked) => asked.limits)); // as this app reads them
  state.fetchedAt = kept?.at ?? null;
  await loadItems();
}

async function loadItems() {
  if (!state.who || state.locked) return;
  const found = await vault.items(state.who.id);
  const known = new Map(state.items.map((one) => [one.id, one]));
  state.items = found.mine.map((one) => known.get(one.id) ?? asLeft(one));
  Object.assign(state, { others: found.others, unreadable: found.unreadable });
}

const asLeft = (one) => ({ ...one, state: one.state === "sending" ? "waiting" : one.state, attempted: true });

// The house's time, also without a line: a phone's clock may be wrong.
export function now() {
  const { house } = state;
  return house ? Date.now() - house.heard + Date.parse(house.now) : Date.now();
}

// Look whether the line is there; then send, then fetch.
export async function wake() {
  clearTimeout(timer);
  try {
    const house = { ...(await net.me()), heard: Date.now() };
    state.house = house;
    await remember("house", house);
    if (house.signed_in) {
      const other = state.who?.id !== house.signed_in.id || state.locked;
      state.who = house.signed_in;
      state.locked = false;
      await remember("who", state.who);
      await vault.met().catch(() => {});
      if (other) { tag = null; state.fresh = false; await load(); }
      connected("on");
    } else {
      state.otherRole = house.other_role;
      connected("signed_out");
    }
  } catch (no) {
    connected(no instanceof net.Foreign ? "foreign" : "off");
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

function connected(line) {
  const changed = state.line !== line;
  state.line = line;
  if (line !== "on") { live?.close(); live = null; }
  if (changed) tell({ line });
}

function later() {
  clearTimeout(timer);
  if (state.line === "signed_out") return;
  timer = setTimeout(wake, RETRY[Math.min(tries++, RETRY.length - 1)] * 1000);
}

// What went wrong with the line, told once, for whatever was being asked.
function broken(no) {
  if (no instanceof net.SignedOut) connected("signed_out");
  else if (no instanceof net.Foreign) connected("foreign");
  else if (no instanceof net.Offline) connected("off");
  else throw no;
  later();
}

export async function fetchTasks() {
  if (state.line !== "on") return;
  if (fetching) { again = true; return fetching; }
  fetching = (async () => {
    try {
      do {
        again = false;
        const since = performance.now();
        const found = await net.get("/tasks", tag);
        if (!found.unchanged) {
          tag = found.tag;
          state.tasks = found.body.tasks;
        }
        state.fetchedAt = new Date(now()).toISOString();
        state.fresh = true;
        for (const one of state.sent) one.covers ||= one.settledAt <= since;
        state.uncached = !(await remember(`tasks:${state.who.id}`, { tasks: state.tasks, at: state.fetchedAt }));
        await revive();
        tell({ fetched: true });
      } while (again);
    } catch (no) {
      if (no instanceof net.Refused) return later();
      broken(no);
    } finally {
      fetching = null;
    }
  })();
  return fetching;
}

// What was refused because of where a task stood is tried again once the task stands elsewhere.
async function revive() {
  for (const one of state.items) {
    if (one.state !== "refused" || one.code !== "task.state") continue;
    const task = state.tasks.find((t) => t.number === one.task);
    if (task && task.state !== one.stood) await retry(one, false);
  }
  if (next()) send();
}

function listen() {
  if (live || state.line !== "on") return;
  live = new EventSource("/field/api/live");
  live.onmessage = (event) => {
    const news = JSON.parse(event.data);
    if (!news.mine) tell({ colleague: news });
    fetchTasks();
  };
  live.onerror = () => {
    if (live?.readyState === EventSource.CLOSED) { live = null; setTimeout(listen, 30_000); }
  };
}

// ---- what this phone does ----

export async function act(task, name, said = {}, local = {}) {
  const key = net.newKey();
  const body = JSON.stringify({ key, said_at: new Date().toISOString(), ...said });
  return enqueue({ key, kind: "act", act: name, task, path: `/tasks/${encodeURIComponent(task)}/${name}`, body, said, local });
}

export async function photo(task, n, bytes, how) {
  const key = net.newKey();
  const sha256 = await net.sha256(bytes);
  const place = how.place ? { latitude: how.place.latitude, longitude: how.place.longitude, accuracy: how.place.accuracy } : {};
  const body = JSON.stringify({
    key, said_at: new Date().toISOString(), task, question: n, about: how.about ?? "", sha256, size: bytes.byteLength,
    gallery: Boolean(how.gallery), shrunk: Boolean(how.shrunk), ...(await shrinking(how)), ...place,
  });
  pictures.set(key, URL.createObjectURL(new Blob([bytes], { type: how.type })));
  return enqueue({
    key, kind: "photo", act: "photo", task, body, sha256, size: bytes.byteLength, type: how.type,
    said: { question: n, about: how.about ?? "" }, local: { gallery: how.gallery, shrunk: how.shrunk, original: Boolean(how.original), type: how.original?.type }, sent: 0,
  }, bytes, how.original?.bytes);
}

// What was made smaller says what became of the camera's words, and of which file it is a copy.
async function shrinking({ shrunk, exif, original }) {
  if (!shrunk) return {};
  return { exif: exif ?? "", ...(original ? { original_sha256: await net.sha256(original.bytes), original_size: original.bytes.byteLength } : {}) };
}

// What was seen online together with its screenshot: one item, so that neither arrives without the other.
export async function seen(task, { question, ...find }, { bytes, type, ...how }) {
  const key = net.newKey(), sha256 = await net.sha256(bytes);
  const body = JSON.stringify({ key, said_at: new Date().toISOString(), task, question, sha256, size: bytes.byteLength, shrunk: Boolean(how.shrunk), ...(await shrinking(how)), find });
  pictures.set(key, URL.createObjectURL(new Blob([bytes], { type })));
  return enqueue({ key, kind: "photo", act: "find", task, body, sha256, size: bytes.byteLength, type, said: { question, ...find }, local: { shrunk: how.shrunk, original: Boolean(how.original), type: how.original?.type }, sent: 0 }, bytes, how.original?.bytes);
}

async function enqueue(item, bytes, original) {
  item.state = "waiting";
  item.made = Date.now();
  if (!(await kept(item, bytes, original))) return straightOn(item, bytes, original);
  state.items.push(item);
  channel?.postMessage("items");
  tell();
  send();
  return item;
}

// On this phone, for good. A full one lets the camera's own bytes go before what will be sent.
async function kept(item, bytes, original) {
  try {
    item.id = await vault.keep(state.who.id, { ...item }, bytes, original);
    return true;
  } catch {
    if (original) return kept(Object.assign(item, { local: { ...item.local, original: false } }), bytes);
    return false;
  }
}

// No room on this phone: straight to the house if the line is there. Else it is said, and stays on this screen.
async function straightOn(item, bytes, original) {
  const held = state.items.some((one) => one.task === item.task && one.state !== "refused");
  if (state.line === "on" && !(held && BARRIERS.includes(item.act))) {
    try {
      const receipt = item.kind === "photo" ? await net.photo(item, bytes, state.house.policy.part, () => {}) : await net.act(item);
      state.sent.unshift({ ...item, state: "sent", receipt, settledAt: performance.now() });
      tell();
      fetchTasks();
      return item;
    } catch { /* neither here nor there */ }
  }
  state.unkept = state.unkept.filter((one) => one.item.key !== item.key);
  state.unkept.push({ item, bytes, original });
  look();
  tell({ unkept: item });
  throw new NotKept();
}

export async function keepAgain() {
  const all = state.unkept.splice(0);
  for (const one of all) await enqueue(one.item, one.bytes, one.original).catch(() => {});
}

// Take back what never left this phone: asked for on this page, and not tried yet. True if it did not.
export async function takeBack(item) {
  if (item.attempted || item.state === "sending") return false;
  state.items = state.items.filter((one) => one !== item);
  await vault.wipe(item.id, item.key);
  channel?.postMessage("items");
  tell();
  return true;
}

// Giving up what has no receipt is an act with a reason. It stays here until the house has receipted the act.
export async function discard(item, reason) {
  if (item.state === "sending" || !reason.trim()) return false;
  const key = net.newKey();
  const said = {
    task: item.task, what: item.act, of: item.key, question: item.said?.question ?? null, sha256: item.sha256 ?? "",
    size: item.size ?? 0, made: item.made ? new Date(item.made).toISOString() : "", reason: reason.trim(),
  };
  const body = JSON.stringify({ key, said_at: new Date().toISOString(), ...said });
  await enqueue({ key, kind: "act", act: "discard", task: item.task, path: "/discarded", body, said, local: { of: item.id } });
  if (state.items.includes(item)) {
    item.state = "dropped";
    await save(item);
  }
  tell();
  return true;
}

// What cannot be read any more is given up the same way; nobody knows of which task it was.
export const discardUnreadable = (row, reason) =>
  discard({ id: row.id, task: "", act: "unreadable", key: `unreadable-${row.id}-${row.made}`, made: row.made }, reason);

// The camera's own bytes instead of the smaller ones, while they are here.
export async function sendOriginal(item) {
  const bytes = await vault.original(item.key);
  if (!bytes || item.state === "sending") return false;
  const before = item.key, key = net.newKey(), sha256 = await net.sha256(bytes);
  const { original_sha256, original_size, exif, ...said } = JSON.parse(item.body);
  const body = JSON.stringify({ ...said, key, sha256, size: bytes.byteLength, shrunk: false });
  Object.assign(item, { key, sha256, size: bytes.byteLength, body, type: item.local.type ?? item.type, local: { ...item.local, shrunk: false, original: false }, state: "waiting", error: "", code: "" });
  const { id, made, ...rest } = item;
  await vault.change(id, rest, { bytes, before });
  pictures.set(key, URL.createObjectURL(new Blob([bytes], { type: item.type })));
  tell();
  send();
  return true;
}

export async function retry(item, now = true) {
  Object.assign(item, { state: "waiting", error: "", code: "" });
  await save(item);
  tell();
  if (now) await wake();
}

export async function retryAll() {
  for (const one of state.items) if (one.state === "refused") await retry(one, false);
  if (state.unkept.length) await keepAgain();
  await wake();
}

// A full phone keeps the item as it was; what changed holds while this page is open.
async function save(item) {
  const { id, made, ...rest } = item;
  await vault.change(id, rest).catch(() => {});
}

// ---- what stays on this phone is said to the house, so that the leader hears of it ----

export async function report() {
  if (state.line !== "on" || !state.who) return;
  const held = heldHere();
  const said = JSON.stringify(held);
  const before = (await vault.recall("reported")) ?? { device: net.newKey(), said: "[]", officers: [] };
  if (said === before.said) return;
  const gone = before.officers.filter((one) => !held.some((now) => now.officer === one)).map((officer) => ({ officer, lines: [] }));
  try {
    await net.tell("/held", { key: net.newKey(), device: before.device, held: [...held, ...gone] });
    await remember("reported", { device: before.device, said, officers: held.map((one) => one.officer) });
  } catch { /* said at the next look */ }
}

function heldHere() {
  const own = state.items.filter((one) => one.act !== "discard").map((one) => ({ officer: state.who.id, task: one.task, made: one.made }));
  const rest = [...state.others.map((one) => ({ officer: one.who, task: "", made: one.made })), ...state.unreadable.map((one) => ({ officer: state.who.id, task: "", made: one.made }))];
  const held = [];
  for (const one of [...own, ...rest]) {
    let officer = held.find((known) => known.officer === one.officer);
    if (!officer) held.push((officer = { officer: one.officer, lines: [] }));
    const line = officer.lines.find((known) => known.task === one.task);
    if (line) line.count += 1;
    else officer.lines.push({ task: one.task, count: 1, since: new Date(one.made).toISOString() });
  }
  return held;
}

// ---- sending ----

const bars = (item) => BARRIERS.includes(item.act) && item.state !== "refused";
const counts = (item) => item.state !== "dropped";

// The next item that may go: acts in order; photos in order beside them; a closing act only after all before it.
function next(kind = "") {
  for (const [place, item] of state.items.entries()) {
    if (item.state !== "waiting" || (kind && item.kind !== kind)) continue;
    const before = state.items.slice(0, place).filter((one) => one.task === item.task && counts(one));
    if (BARRIERS.includes(item.act) && before.some((one) => bars(one) || !BARRIERS.includes(one.act))) continue;
    if (before.some(bars)) continue;
    if (item.act === "undo" && before.some((one) => one.kind === "act")) continue;
    return item;
  }
  return null;
}

// Small things first, one act at a time; beside them a few photos, so that a slow line stays full while one of
// them waits for its receipt.
function pick() {
  const sending = state.items.filter((one) => one.state === "sending");
  const act = sending.some((one) => one.kind === "act") ? null : next("act");
  if (act) return act;
  return sending.filter((one) => one.kind === "photo").length < PHOTOS_AT_ONCE ? next("photo") : null;
}

export async function send() {
  if (busy) nudge();
  if (busy || state.line !== "on" || !state.who) return;
  busy = true;
  try {
    await alone(async () => {
      await loadNew();
      const going = new Set();
      do {
        for (let item = pick(); item && state.line === "on"; item = pick()) {
          const one = sendOne(item).finally(() => going.delete(one));
          going.add(one);
        }
        if (going.size) await Promise.race([...going, new Promise((resolve) => { nudge = resolve; })]);
      } while (going.size || (state.line === "on" && pick()));
    });
  } finally {
    busy = false;
  }
}

function alone(work) {
  return navigator.locks ? navigator.locks.request("ssj-send", { ifAvailable: true }, (lock) => lock && work()) : work();
}

// Another tab may have sent or added something.
async function loadNew() {
  const found = await vault.items(state.who.id);
  const ids = new Set(found.mine.map((one) => one.id));
  state.items = state.items.filter((one) => ids.has(one.id));
  const here = new Set(state.items.map((one) => one.id));
  for (const one of found.mine) if (!here.has(one.id)) state.items.push(asLeft(one));
  Object.assign(state, { others: found.others, unreadable: found.unreadable });
  state.items.sort((a, b) => a.id - b.id);
}

async function sendOne(item) {
  item.state = "sending";
  if (!item.attempted) { item.attempted = true; await save(item); }
  tell();
  try {
    const receipt = item.kind === "photo" ? await sendPhoto(item) : await net.act(item);
    await arrived(item, receipt);
  } catch (no) {
    item.state = "waiting";
    if (no instanceof net.Refused) await refused(item, no);
    else broken(no);
  }
  tell();
}

async function sendPhoto(item) {
  const bytes = await vault.photo(item.key);
  if (!bytes) throw new net.Refused({ code: "field.gone", text: "" });
  return net.photo(item, bytes, state.house.policy.part, (sent) => { item.sent = sent; tell({ quiet: true }); });
}

async function arrived(item, receipt) {
  const over = [item, ...state.items.filter((one) => (item.act === "discard" ? one.id === item.local.of : outdated(one, item)))];
  for (const one of over) await vault.wipe(one.id, one.key);
  if (item.act === "discard") await vault.wipe(item.local.of, item.said.of);
  state.items = state.items.filter((one) => !over.includes(one));
  state.unreadable = state.unreadable.filter((one) => item.act !== "discard" || one.id !== item.local.of);
  state.sent.unshift({ ...item, state: "sent", receipt, settledAt: performance.now() });
  state.sent.length = Math.min(state.sent.length, 200);
  channel?.postMessage("items");
  if (!next() || BARRIERS.includes(item.act) || item.act === "undo") fetchTasks();
}

// A closing act that was refused and then done anew: the receipt of the newer one is the older one's too.
const outdated = (one, done) => one.state === "refused" && BARRIERS.includes(done.act) && one.act === done.act && one.task === done.task && one.id < done.id;

async function refused(item, no) {
  const given = item.act === "discard" && state.items.find((one) => one.id === item.local.of && one.state === "dropped");
  if (given) await retry(given, false);
  Object.assign(item, {
    state: "refused", code: no.code, error: no.message, kept: no.kept, given: no.given,
    stood: state.tasks.find((one) => one.number === item.task)?.state,
  });
  await save(item);
  tell({ refused: item });
  fetchTasks();
}

// ---- what the screens show ----

export const waiting = () => state.items.filter((one) => !["refused", "dropped"].includes(one.state)).length;
export const waitingOf = (number) => state.items.some((one) => one.task === number);
export const troubled = () => state.items.filter((one) => one.state === "refused");
export const tasks = () => state.tasks.map((one) => shown(one));

export function task(number) {
  const found = state.tasks.find((one) => one.number === number);
  return found ? shown(found) : null;
}

// A task with everything over it that this phone did: receipted since the last fetch, and still waiting.
function shown(told) {
  const made = structuredClone(told);
  const over = [...state.sent.filter((one) => !one.covers).reverse(), ...state.items]
    .filter((one) => one.task === told.number && !["refused", "dropped"].includes(one.state));
  for (const item of over) lay(made, item);
  const own = state.items.filter((one) => one.task === told.number);
  made.waiting = own.filter((one) => !["refused", "dropped"].includes(one.state)).length;
  made.refused = own.filter((one) => one.state === "refused" && !own.some((newer) => newer.id > one.id && newer.act === one.act && BARRIERS.includes(one.act)));
  const part = made.sections.find((one) => one.department === made.department);
  made.draft = part && !part.final ? "draft" : "final";
  return made;
}

// A local photo's address, made from the vault when this session did not take it.
export async function picture(key) {
  if (!pictures.has(key)) {
    const bytes = await vault.photo(key);
    if (!bytes) return "";
    pictures.set(key, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
  }
  return pictures.get(key);
}

export const pictured = (key) => pictures.get(key) ?? "";
