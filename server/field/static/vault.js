// What waits on the phone: encrypted with a key that cannot leave it, thrown away when it has arrived or is a week old.

const NAME = "ssj-field";
const STORES = ["keys", "items", "blobs", "cache"];
export const WEEK = 7 * 86400e3;
let base, secret;

function wait(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
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
  await navigator.storage?.persist?.().catch(() => false);
}

async function seal(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, bytes) };
}

async function unseal(kept) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, secret, kept.data);
}

const text = (value) => new TextEncoder().encode(JSON.stringify(value));
const read = async (kept) => JSON.parse(new TextDecoder().decode(await unseal(kept)));

// A new item, with its photo's bytes if it has any: both or neither.
export async function keep(who, item, bytes) {
  const sealed = await seal(text(item));
  const blob = bytes ? await seal(bytes) : null;
  const writing = base.transaction(["items", "blobs"], "readwrite", { durability: "strict" });
  const adding = writing.objectStore("items").add({ who, made: Date.now(), sealed });
  if (blob) writing.objectStore("blobs").put(blob, item.key);
  await done(writing);
  return adding.result;
}

export async function change(id, who, item) {
  const sealed = await seal(text(item));
  const writing = base.transaction("items", "readwrite");
  const before = await wait(writing.objectStore("items").get(id));
  if (before) writing.objectStore("items").put({ ...before, sealed });
  await done(writing);
}

export async function wipe(id, key) {
  const writing = base.transaction(["items", "blobs"], "readwrite", { durability: "strict" });
  writing.objectStore("items").delete(id);
  writing.objectStore("blobs").delete(key);
  await done(writing);
}

// Everything of this person, oldest first; how many others' there are; how many were too old or unreadable.
export async function items(who, now = Date.now()) {
  const rows = await wait(base.transaction("items").objectStore("items").getAll());
  const found = { mine: [], others: 0, lost: 0 };
  for (const row of rows) {
    if (now - row.made > WEEK) {
      const old = await read(row.sealed).catch(() => ({ key: "" }));
      await wipe(row.id, old.key);
      found.lost += row.who === who ? 1 : 0;
    } else if (row.who !== who) found.others += 1;
    else {
      try {
        found.mine.push({ ...(await read(row.sealed)), id: row.id, made: row.made });
      } catch {
        await wipe(row.id, "");
        found.lost += 1;
      }
    }
  }
  return found;
}

export async function photo(key) {
  const kept = await wait(base.transaction("blobs").objectStore("blobs").get(key));
  return kept ? unseal(kept) : null;
}

export async function remember(name, value) {
  const sealed = await seal(text(value));
  const writing = base.transaction("cache", "readwrite");
  writing.objectStore("cache").put({ ...sealed, at: Date.now() }, name);
  await done(writing);
}

export async function recall(name) {
  const kept = await wait(base.transaction("cache").objectStore("cache").get(name));
  if (!kept || Date.now() - kept.at > WEEK) return null;
  return read(kept).catch(() => null);
}

// Leave nothing on this phone, the key included.
export async function forgetAll() {
  const writing = base.transaction(STORES, "readwrite");
  for (const store of STORES) writing.objectStore(store).clear();
  await done(writing);
}
