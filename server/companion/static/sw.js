// Keeps the app itself on the phone. Every file is checked against its hash before it is kept, so that a network's
// sign-in page never takes its place; data never goes through here: it lies encrypted in the vault.

const NAME = `field-${VERSION}`;
const WORDS = new URL(location.href).searchParams.get("words");  // of which language; of each where none is named
const LANGUAGE = /^\/field\/words-(\w+)\.json$/;

addEventListener("install", (event) => event.waitUntil(fill()));

async function fill() {
  const cache = await caches.open(NAME);
  const kept = await keptBefore();
  const wanted = Object.keys(SHELL).filter((path) => !WORDS || !LANGUAGE.test(path) || kept.includes(path));
  await Promise.all(wanted.map(async (path) => { if (!await cache.match(path)) await keep(cache, path); }));
  await skipWaiting();
}

// The words that are kept: of the language that was asked for first, and of each that an earlier version was asked for.
async function keptBefore() {
  const found = [`/field/words-${WORDS}.json`];
  for (const name of await caches.keys()) {
    if (!name.startsWith("field-")) continue;
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  }
  return found;
}

async function keep(cache, path) {
  const response = await fetch(path, { cache: "no-cache", redirect: "error", credentials: "omit" });
  const bytes = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
  if (found !== SHELL[path]) throw new Error(`not ours: ${path}`);
  await cache.put(path, response.clone());
  return response;
}

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("field-") && name !== NAME) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const path = event.request.mode === "navigate" && url.pathname.startsWith("/field/") ? "/field/" : url.pathname;
  if (!(path in SHELL)) return;
  event.respondWith(answer(path, event.request));
});

// The other language's words come when they are wanted, and stay.
async function answer(path, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) ?? (LANGUAGE.test(path) ? keep(cache, path) : fetch(request));
}
