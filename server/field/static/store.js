// The one truth of the screens: tasks as the server told them, and over them what this phone did and has not yet
// been receipted for. Sends in order, tries again by itself, and shows every item.

import * as net from "./net.js";
import * as vault from "./vault.js";
import { laid as onRecord } from "./signed.js";
import { question as questionOf, section } from "./sheet.js";

const BARRIERS = ["finalise", "conclude", "enter", "begin", "close_network", "fix", "suspend", "refusal", "confirm_refusal", "absence", "record_draw"];
const RETRY = [2, 5, 10, 20, 40, 60];
const PHOTOS_AT_ONCE = 3;

export const state = {
  house: null,        // district, policy
  who: null,          // the officer signed in, or the last one known while there is no line
  tasks: [],          // as the server told them
  items: [],          // waiting, sending, refused
  sent: [],           // receipted in this session
  line: "unknown",    // on, off, foreign, signed_out
  others: 0, lost: 0, fetchedAt: null, ready: false,
};

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
  if (state.who) await load();
  state.ready = true;
  tell();
  channel?.addEventListener("message", async () => { await loadItems(); tell(); });
  addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") wake(); });
  setInterval(() => { if (document.visibilityState === "visible" && state.line !== "on") wake(); }, 15_000);
  await wake();
}

async function load() {
  const kept = await vault.recall(`tasks:${state.who.id}`);
  state.tasks = kept?.tasks ?? [];
  state.fetchedAt = kept?.at ?? null;
  await loadItems();
}

async function loadItems() {
  if (!state.who) return;
  const found = await vault.items(state.who.id);
  state.items = found.mine.map((one) => ({ ...one, state: one.state === "sending" ? "waiting" : one.state }));
  state.others = found.others;
  state.lost += found.lost;
}

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
    await vault.remember("house", house);
    if (house.signed_in) {
      const other = state.who?.id !== house.signed_in.id;
      state.who = house.signed_in;
      await vault.remember("who", state.who);
      if (other) { tag = null; await load(); }
      connected("on");
    } else {
      state.otherRole = house.other_role;
      connected("signed_out");
    }
  } catch (no) {
    connected(no instanceof net.Foreign ? "foreign" : "off");
  }
  if (state.line !== "on") return later();
  tries = 0;
  listen();
  await send();
  await fetchTasks();
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
        const since = Date.now();
        const found = await net.get("/tasks", tag);
        if (!found.unchanged) {
          tag = found.tag;
          state.tasks = found.body.tasks;
        }
        state.fetchedAt = new Date().toISOString();
        for (const one of state.sent) one.covers ||= one.settledAt <= since;
        await vault.remember(`tasks:${state.who.id}`, { tasks: state.tasks, at: state.fetchedAt });
        await revive();
        tell({ fetched: true });
      } while (again);
    } catch (no) {
      if (no instanceof net.Refused) return;
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
    gallery: Boolean(how.gallery), shrunk: Boolean(how.shrunk), ...place,
  });
  pictures.set(key, URL.createObjectURL(new Blob([bytes], { type: how.type })));
  return enqueue({
    key, kind: "photo", act: "photo", task, body, sha256, size: bytes.byteLength, type: how.type,
    said: { question: n, about: how.about ?? "" }, local: { gallery: how.gallery, shrunk: how.shrunk }, sent: 0,
  }, bytes);
}

// What was seen online together with its screenshot: one item, so that neither arrives without the other.
export async function seen(task, { question, ...find }, bytes, type) {
  const key = net.newKey(), sha256 = await net.sha256(bytes);
  const body = JSON.stringify({ key, said_at: new Date().toISOString(), task, question, sha256, size: bytes.byteLength, find });
  pictures.set(key, URL.createObjectURL(new Blob([bytes], { type })));
  return enqueue({ key, kind: "photo", act: "find", task, body, sha256, size: bytes.byteLength, type, said: { question, ...find }, local: {}, sent: 0 }, bytes);
}

async function enqueue(item, bytes) {
  const stale = state.items.filter((one) => one.state === "refused" && one.act === item.act && one.task === item.task);
  if (BARRIERS.includes(item.act)) for (const one of stale) await discard(one);
  item.state = "waiting";
  item.made = Date.now();
  item.id = await vault.keep(state.who.id, { ...item }, bytes);
  state.items.push(item);
  channel?.postMessage("items");
  tell();
  send();
  return item;
}

// Take back what never left this phone. True if it did not.
export async function takeBack(item) {
  if (item.attempted || item.state === "sending") return false;
  return discard(item);
}

export async function discard(item) {
  if (item.state === "sending") return false;
  state.items = state.items.filter((one) => one !== item);
  await vault.wipe(item.id, item.key);
  channel?.postMessage("items");
  tell();
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
  await wake();
}

async function save(item) {
  const { id, made, ...rest } = item;
  await vault.change(id, state.who.id, rest);
}

// ---- sending ----

const bars = (item) => BARRIERS.includes(item.act) && item.state !== "refused";

// The next item that may go: acts in order; photos in order beside them; a closing act only after all before it.
function next(kind = "") {
  for (const [place, item] of state.items.entries()) {
    if (item.state !== "waiting" || (kind && item.kind !== kind)) continue;
    const before = state.items.slice(0, place).filter((one) => one.task === item.task);
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
  for (const one of found.mine) if (!here.has(one.id)) state.items.push({ ...one, state: one.state === "sending" ? "waiting" : one.state });
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
  await vault.wipe(item.id, item.key);
  state.items = state.items.filter((one) => one !== item);
  state.sent.unshift({ ...item, state: "sent", receipt, settledAt: Date.now() });
  state.sent.length = Math.min(state.sent.length, 200);
  channel?.postMessage("items");
  if (!next() || BARRIERS.includes(item.act) || item.act === "undo") fetchTasks();
}

async function refused(item, no) {
  Object.assign(item, {
    state: "refused", code: no.code, error: no.message, kept: no.kept, given: no.given,
    stood: state.tasks.find((one) => one.number === item.task)?.state,
  });
  await save(item);
  tell({ refused: item });
  fetchTasks();
}

// ---- what the screens show ----

export const waiting = () => state.items.filter((one) => one.state !== "refused").length;
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
    .filter((one) => one.task === told.number && one.state !== "refused");
  for (const item of over) lay(made, item);
  made.waiting = state.items.filter((one) => one.task === told.number && one.state !== "refused").length;
  made.refused = state.items.filter((one) => one.task === told.number && one.state === "refused");
  const own = made.sections.find((one) => one.department === made.department);
  made.draft = own && !own.final ? "draft" : "final";
  return made;
}

function lay(task, item) {
  const said = item.said, me = task.members.find((one) => one.id === task.me);
  const question = said.question ? questionOf(task, said.question) : null;
  const laid = {
    accept() { task.accepted = true; if (me) me.accepted = true; },
    reply() { task.agreed = said.can; if (me) me.agreed = said.can; },
    find() {
      const settles = question.network === "full" && said.verdict !== "open";
      question.found = { ...said, settles, by: task.me, version: question.found?.version ?? 0, shot: item.kind === "photo" ? item.key : null };
    },
    close_network() { task.state = "network_checked"; },
    propose() {
      task.proposed_from = said.begins;
      task.proposed_until = said.ends;
      for (const one of task.members) one.agreed = one.id === task.me ? true : null;
    },
    fix() { Object.assign(task, { state: "scheduled", visit_from: task.proposed_from, visit_until: task.proposed_until, proposed_from: null }); },
    begin() {
      task.state = "on_site";
      for (const one of task.members) one.present = said.present.includes(one.id);
    },
    answer() {
      const before = question.given ?? { version: 0, verdict: "", value: "", note: "" };
      const version = Math.max(before.version, item.receipt?.version ?? 0);
      const conflict = item.receipt ? item.receipt.conflict : before.conflict && said.seen < before.version;
      question.given = {
        version, conflict, by: task.me, verdict: said.verdict ?? before.verdict, value: said.value ?? before.value,
        note: said.note ?? before.note, method: said.method ?? before.method ?? "",
      };
    },
    arrive_located() { task.here = [...(task.here ?? []), task.me]; },
    arrive_by_hand() { task.here = [...(task.here ?? []), task.me]; },
    refusal() { task.refusal ??= { ...said, by: task.me, name: me?.name ?? "", at: new Date(item.made).toISOString(), confirmed: "" }; },
    absence() { task.absence ??= { ...said, by: task.me, name: me?.name ?? "", at: new Date(item.made).toISOString(), confirmed: "" }; },
    confirm_refusal() { if (task.refusal) task.refusal.confirmed = me?.name ?? ""; },
    confirm_absence() { Object.assign(task, { state: "unreachable", absence: null, code: null }); },
    suspend() { Object.assign(task, { state: "scheduled", visit_from: null, visit_until: null, code: null }); },
    sample() {
      if (item.receipt && task.samples.some((one) => one.id === item.receipt.sample)) return;
      task.samples.push({ ...said, id: item.receipt?.sample, by: task.me, at: new Date(item.made).toISOString(), outcome: "" });
      question.waiting = true;
    },
    sample_report() {
      const one = task.samples.find((found) => found.id === said.sample);
      if (!one || one.outcome) return;
      Object.assign(one, { outcome: said.outcome, finding: said.finding, report: said.report });
      const asked = questionOf(task, one.question);
      if (asked) Object.assign(asked, { waiting: false, given: { ...asked.given, version: asked.given?.version ?? 0, value: asked.given?.value ?? "", note: said.finding, by: task.me, method: "sample", verdict: asked.given?.verdict === "fail" ? "fail" : said.outcome } });
    },
    entrust() {
      if (!item.receipt || !task.agencies.some((one) => one.id === item.receipt.entrustment)) task.agencies.push({ ...said, id: item.receipt?.entrustment });
    },
    entrust_end() { for (const one of task.agencies) if (one.id === said.entrustment) one.ended_at ??= new Date(item.made).toISOString(); },
    undo() { if (item.local.question) questionOf(task, item.local.question).given = item.local.before; },
    finalise() { const own = section(task); if (own) own.final = true; },
    conclude() { task.state = "concluded"; },
    enter() { Object.assign(task, { state: "entered", result: said.types }); },
    photo() {
      if (item.receipt && task.photos.some((one) => one.id === item.receipt.photo)) return;
      task.photos.push({ local: true, key: item.key, question: said.question, about: said.about ?? "", item, size: item.size, ...item.local });
    },
  };
  laid[item.act]?.();
  onRecord[item.act]?.(task, item);
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
