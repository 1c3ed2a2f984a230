// What waits on the phone: encrypted with a key that cannot leave it. Nothing here is deleted by age or by what a clock
// says: an item goes with the house's receipt, or with the receipt of the act by which a person gave it up.

const NAME = "ssj-field";
const STORES = ["keys", "items", "blobs", "cache"];
export const WEEK = 7 * 86400e3;
/** @typedef {{ iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer }} Sealed */
/** @type {IDBDatabase} */
let base;
/** @type {CryptoKey} */
let secret;
let persisted = false; // the browser promised not to clear this store by itself

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function wait(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction */
function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("not written"));
  });
}

export async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("items", { keyPath: "id", autoIncrement: true });
    request.result.createObjectStore("blobs");
    request.result.createObjectStore("cache");
  };
  base = await wait(request);
  secret = await wait(base.transaction("keys").objectStore("keys").get("aes"));
  if (!secret) {
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const writing = base.transaction("keys", "readwrite");
    const before = await wait(writing.objectStore("keys").get("aes")); // another tab may have been quicker
    if (!before) writing.objectStore("keys").put(fresh, "aes");
    await done(writing);
    secret = before ?? fresh;
  }
  persisted = Boolean(await navigator.storage?.persist?.().catch(() => false));
}

// Bytes used and allowed, as the browser estimates them; null where it does not say.
export async function room() {
  const said = await navigator.storage?.estimate?.().catch(() => null);
  return said?.quota ? { used: said.usage ?? 0, left: Math.max(0, said.quota - (said.usage ?? 0)), persisted } : null;
}

/** @param {Bytes} bytes */
async function seal(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, bytes) };
}

/** @param {Sealed} kept */
async function unseal(kept) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, secret, kept.data);
}

/** @param {unknown} value */
const text = (value) => new TextEncoder().encode(JSON.stringify(value));
/** @param {Sealed} kept */
const read = async (kept) => JSON.parse(new TextDecoder().decode(await unseal(kept)));
/** @param {string} key */
const originalOf = (key) => `${key}/original`;

// A new item, with its photo's bytes if it has any, and the camera's own where those are smaller ones: all or nothing.
/** @param {string} who @param {Item} item @param {Bytes} [bytes] @param {Bytes} [original] @returns {Promise<number>} */
export async function keep(who, item, bytes, original) {
  const sealed = await seal(text(item));
  /** @type {[string, Sealed][]} */
  const blobs = [];
  if (bytes) blobs.push([item.key, await seal(bytes)]);
  if (original) blobs.push([originalOf(item.key), await seal(original)]);
  const writing = base.transaction(["items", "blobs"], "readwrite", { durability: "strict" });
  const adding = writing.objectStore("items").add({ who, made: Date.now(), sealed });
  for (const [name, blob] of blobs) writing.objectStore("blobs").put(blob, name);
  await done(writing);
  return Number(adding.result);
}

// The item anew; with other bytes in place of those before, if there are any.
/** @param {number} id @param {Partial<Item> & { key: string }} item @param {{ bytes?: Bytes, before?: string, original?: Bytes | null }} [with_] */
export async function change(id, item, { bytes, before, original } = {}) {
  const sealed = await seal(text(item));
  const blob = bytes ? await seal(bytes) : null, camera = original ? await seal(original) : null;
  const writing = base.transaction(["items", "blobs"], "readwrite", { durability: "strict" });
  const row = await wait(writing.objectStore("items").get(id));
  if (row) writing.objectStore("items").put({ ...row, sealed });
  if (row && blob) {
    for (const name of [before ?? item.key, originalOf(before ?? item.key)]) writing.objectStore("blobs").delete(name);
    writing.objectStore("blobs").put(blob, item.key);
    if (camera) writing.objectStore("blobs").put(camera, originalOf(item.key));
  }
  await done(writing);
}

// Only for what was receipted, or never asked for outside this page.
/** @param {number} id @param {string} key */
export async function wipe(id, key) {
  const writing = base.transaction(["items", "blobs"], "readwrite", { durability: "strict" });
  writing.objectStore("items").delete(id);
  for (const name of [key, originalOf(key)]) writing.objectStore("blobs").delete(name);
  await done(writing);
}

// Everything of this person, oldest first; what others left here, by person; what cannot be read, which stays too.
/** @param {string} who */
export async function items(who) {
  const rows = await wait(base.transaction("items").objectStore("items").getAll());
  /** @type {{ mine: (Item & { id: number })[], others: { who: string, made: number }[], unreadable: { id: number, made: number }[] }} */
  const found = { mine: [], others: [], unreadable: [] };
  for (const row of rows) {
    if (row.who !== who) {
      found.others.push({ who: row.who, made: row.made });
      continue;
    }
    const item = await read(row.sealed).catch(() => null);
    if (item) found.mine.push({ ...item, id: row.id, made: row.made });
    else found.unreadable.push({ id: row.id, made: row.made });
  }
  return found;
}

// How many items lie here, whoever's they are.
export const count = () => wait(base.transaction("items").objectStore("items").count());

/** @param {string} key @returns {Promise<ArrayBuffer | null>} */
export async function photo(key) {
  const kept = await wait(base.transaction("blobs").objectStore("blobs").get(key));
  return kept ? unseal(kept) : null;
}

/** @param {string} key */
export const original = (key) => photo(originalOf(key));

/** @param {string} name @param {unknown} value */
export async function remember(name, value) {
  const sealed = await seal(text(value));
  const writing = base.transaction("cache", "readwrite");
  writing.objectStore("cache").put({ ...sealed, at: Date.now() }, name);
  await done(writing);
}

/** @param {string} name @returns {Promise<any>} */
export async function recall(name) {
  const kept = await wait(base.transaction("cache").objectStore("cache").get(name));
  return kept ? read(kept).catch(() => null) : null;
}

// ---- the lock: seven days without the house, by the latest time that this phone's clock ever showed ----

export async function met(now = Date.now()) {
  const writing = base.transaction("cache", "readwrite");
  writing.objectStore("cache").put({ met: now, seen: now }, "clock");
  await done(writing);
}

// Milliseconds since the house was last met. A clock put back does not shorten them.
export async function away(now = Date.now()) {
  const known = await wait(base.transaction("cache").objectStore("cache").get("clock"));
  if (!known) return 0;
  if (now > known.seen) {
    const writing = base.transaction("cache", "readwrite");
    writing.objectStore("cache").put({ ...known, seen: now }, "clock");
    await done(writing).catch(() => {}); // a full phone: what was seen before still counts
  }
  return Math.max(now, known.seen) - known.met;
}

// Leave nothing on this phone, the key included; refused (false) while anything here has no receipt.
export async function forgetAll() {
  const writing = base.transaction(STORES, "readwrite");
  const waiting = await wait(writing.objectStore("items").count());
  if (!waiting) for (const store of STORES) writing.objectStore(store).clear();
  await done(writing);
  return !waiting;
}
