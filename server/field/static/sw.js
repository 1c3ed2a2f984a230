// Keeps the app itself on the phone. Every file is checked against its hash before it is kept, so that a network's
// sign-in page never takes its place; data never goes through here: it lies encrypted in the vault.

const NAME = `field-${VERSION}`;
const WORDS = new URL(location.href).searchParams.get("words");  // of which language; of each where none is named

addEventListener("install", (event) => event.waitUntil(fill()));

async function fill() {
  const cache = await caches.open(NAME);
  const others = (path) => WORDS && path.startsWith("/field/words-") && path !== `/field/words-${WORDS}.json`;
  await Promise.all(Object.entries(SHELL).map(async ([path, wanted]) => {
    if (others(path) || await cache.match(path)) return;
    const response = await fetch(path, { cache: "no-cache", redirect: "error", credentials: "omit" });
    const bytes = await response.clone().arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const found = Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
    if (found !== wanted) throw new Error(`not ours: ${path}`);
    await cache.put(path, response);
  }));
  await skipWaiting();
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
  event.respondWith(caches.open(NAME).then(async (cache) => (await cache.match(path)) ?? fetch(event.request)));
});
