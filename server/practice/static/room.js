// The room: phones side by side (one at a time on a small screen), the tour, and news as it happens.

import { act, el, fetched, word } from "./dom.js";
import { Guide } from "./guide.js";
import { Phone } from "./phone.js";

const GUIDE_EVERY = 4000;

/** @param {string} name @returns {HTMLElement} */
const part = (name) => document.querySelector(`.${name}`) ?? document.body;
const row = part("phones"), switcher = part("switcher"), connection = part("connection"), guideToggle = part("guide-toggle");
const narrow = window.matchMedia("(max-width: 760px)");
const phones = new Map();
const visible = new Set();
const guide = new Guide(part("guide"), phones, show);

function show(phone) {
  document.body.classList.remove("guide-open");
  guideToggle.setAttribute("aria-expanded", "false");
  for (const other of phones.values()) {
    other.element.classList.toggle("current", other === phone);
    other.chip.setAttribute("aria-pressed", String(other === phone));
  }
  if (!narrow.matches) phone.element.scrollIntoView({ inline: "nearest", block: "nearest", behavior: "smooth" });
  phone.toEnd();
  readVisible();
}

function add(person) {
  const phone = new Phone(person);
  phone.dot = el("span", { class: "dot", hidden: true });
  phone.chip = el("button", { type: "button", class: "chip", "aria-pressed": "false", onclick: () => show(phone) },
    el("b", {}, person.name), el("small", {}, person.role), phone.dot);
  phone.onUnread = (count) => {
    phone.dot.hidden = !count;
    phone.dot.textContent = count > 99 ? "99" : String(count);
    phone.dot.setAttribute("aria-label", word("unread", { n: count }));
    if (count) readVisible();
  };
  phones.set(person.id, phone);
  switcher.append(phone.chip);
  row.append(phone.element);
  watcher.observe(phone.element);
}

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) visible.add(target); else visible.delete(target);
  }
  readVisible();
}, { threshold: 0.6 });

function readVisible() {
  if (document.hidden) return;
  for (const phone of phones.values()) {
    if (visible.has(phone.element) && phone.screen?.person.unread) {
      phone.screen.person.unread = 0;
      act(phone.id, "read");
    }
  }
}

function follow() {
  const stream = new EventSource("api/events");
  stream.addEventListener("hello", () => {
    connection.hidden = true;
    for (const phone of phones.values()) phone.refresh();
    guide.refresh();
  });
  stream.addEventListener("phone", ({ data }) => {
    phones.get(Number(data))?.refresh();
    guideSoon();
  });
  stream.addEventListener("error", () => { connection.hidden = false; });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
function guideSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => roundabout().catch(() => {}), 400);
}

// People may join while the page is open: after a draw the officers who were drawn.
async function roundabout() {
  for (const person of await fetched("api/people")) {
    if (!phones.has(person.id)) {
      add(person);
      await phones.get(person.id).refresh();
    }
  }
  await guide.refresh();
}

// An address such as ?phone=1001&start=PAYLOAD opens the invitation on that phone, once.
function invited() {
  const asked = new URLSearchParams(location.search);
  const phone = phones.get(Number(asked.get("phone")));
  if (phone) show(phone);
  if (phone && asked.has("start")) {
    act(phone.id, "start", { payload: asked.get("start") });
    asked.delete("start");
    history.replaceState(null, "", `?${asked}`);
  }
}

guideToggle.addEventListener("click", () => {
  const open = document.body.classList.toggle("guide-open");
  guideToggle.setAttribute("aria-expanded", String(open));
});
document.addEventListener("visibilitychange", readVisible);

(await fetched("api/people")).forEach(add);
await Promise.all([...phones.values()].map((phone) => phone.refresh()));
const [first] = phones.values();
if (first) show(first);
for (const phone of phones.values()) phone.toEnd();
invited();
await guide.refresh();
follow();
setInterval(() => roundabout().catch(() => {}), GUIDE_EVERY);
document.body.classList.add("ready");
