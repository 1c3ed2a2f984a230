// Begins: words, vault, line; then shows the screen that the address names, again whenever something changes.

import { h, icon, replace } from "./dom.js";
import * as store from "./store.js";
import { clock, language, speak, t } from "./words.js";
import { apply as applySettings, settings } from "./settings.js";
import { listScreen } from "./list.js";
import { taskScreen } from "./task.js";
import { networkScreen, networkQuestion } from "./network.js";
import { visitScreen, beginScreen } from "./visit.js";
import { questionScreen, jumpScreen, endScreen } from "./checklist.js";
import { agencyScreen, reportScreen, sampleScreen } from "./methods.js";
import { resultScreen, revisionScreen } from "./result.js";
import { receiptScreen } from "./receipt.js";
import { queueScreen } from "./queue_screen.js";
import { meScreen } from "./me.js";
import { awayScreen } from "./away.js";
import { timetableScreen } from "./timetable.js";
import { joinsScreen } from "./joins.js";
import { outScreen, phoneScreen } from "./reasons.js";
import { handedScreen } from "./handed.js";
import { arrivalScreen } from "./arrival.js";
import { reopenScreen } from "./reopening.js";
import { absenceScreen, refusalScreen, suspendScreen } from "./onsite.js";
import { recordScreen } from "./record.js";
import { signScreen } from "./sign.js";
import { markScreen } from "./mark.js";
import { entityScreen } from "./entity.js";
import { ordersScreen } from "./orders.js";
import { inTelegram, unfold } from "./launch.js";
import { toast } from "./toast.js";

/** @type {[RegExp, (...args: any[]) => View, string?][]} */
const SCREENS = [
  [/^\/$/, listScreen, "tasks"],
  [/^\/queue$/, queueScreen, "queue"],
  [/^\/me$/, meScreen, "me"],
  [/^\/away$/, awayScreen],
  [/^\/timetable$/, timetableScreen],
  [/^\/joins$/, joinsScreen],
  [/^\/t\/([^/]+)$/, taskScreen],
  [/^\/t\/([^/]+)\/network$/, networkScreen],
  [/^\/t\/([^/]+)\/network\/(\d+)$/, networkQuestion],
  [/^\/t\/([^/]+)\/visit$/, visitScreen],
  [/^\/t\/([^/]+)\/begin$/, beginScreen],
  [/^\/t\/([^/]+)\/q\/(\d+)$/, questionScreen],
  [/^\/t\/([^/]+)\/jump$/, jumpScreen],
  [/^\/t\/([^/]+)\/sample\/(\d+)$/, sampleScreen],
  [/^\/t\/([^/]+)\/report\/(\d+)$/, reportScreen],
  [/^\/t\/([^/]+)\/agency$/, agencyScreen],
  [/^\/t\/([^/]+)\/end$/, endScreen],
  [/^\/t\/([^/]+)\/result$/, resultScreen],
  [/^\/t\/([^/]+)\/revise$/, revisionScreen],
  [/^\/t\/([^/]+)\/receipt$/, receiptScreen],
  [/^\/t\/([^/]+)\/record$/, recordScreen],
  [/^\/t\/([^/]+)\/sign\/([^/]+)$/, signScreen],
  [/^\/t\/([^/]+)\/mark\/(\d+)$/, markScreen],
  [/^\/t\/([^/]+)\/out\/(recuse|excuse|withhold)$/, outScreen],
  [/^\/t\/([^/]+)\/phone$/, phoneScreen],
  [/^\/t\/([^/]+)\/handed$/, handedScreen],
  [/^\/t\/([^/]+)\/entity$/, entityScreen],
  [/^\/t\/([^/]+)\/orders$/, ordersScreen],
  [/^\/t\/([^/]+)\/arrive$/, arrivalScreen],
  [/^\/t\/([^/]+)\/refusal$/, refusalScreen],
  [/^\/t\/([^/]+)\/absence$/, absenceScreen],
  [/^\/t\/([^/]+)\/suspend$/, suspendScreen],
  [/^\/t\/([^/]+)\/reopen$/, reopenScreen],
];

/** @param {"top" | "main" | "bottom"} id @returns {HTMLElement} */
const place = (id) => document.querySelector(`#${id}`) ?? document.body;
/** @type {string | null} */
let shownPath = null;

function draw() {
  const path = location.hash.slice(1) || "/";
  const [pattern, screen, tab] = SCREENS.find(([one]) => one.test(path)) ?? SCREENS[0];
  const args = (pattern.exec(path) ?? []).slice(1).map(decodeURIComponent);
  const fresh = path !== shownPath;
  /** @type {View} */
  const view = gate(tab) ?? screen(...args);
  if (fresh) place("main").replaceChildren();
  replace(place("top"), top(view));
  replace(place("main"), banner(), view.main);
  replace(place("bottom"), view.bottom ?? tabs(tab));
  place("bottom").className = view.bottom ? "acts" : "tabs";
  document.title = `${view.title} · ${t("field.app")}`;
  if (fresh) {
    shownPath = path;
    scrollTo(0, 0);
    place("main").focus({ preventScroll: true });
  }
}

// Nobody was ever signed in on this phone: the only thing to do is to sign in.
function gate(tab) {
  if (store.state.notEntered) return notEntered();
  if (store.state.locked && tab !== "me") return lock();
  if (store.state.who || tab === "me") return null;
  return {
    title: t("field.app"),
    main: h("section.card.center", {},
      h("img", { src: "/field/seal.svg", alt: "", width: 72, height: 72 }),
      h("h2.head", {}, t("field.app")),
      h("p.soft", {}, t(store.state.line === "on" || store.state.line === "signed_out" ? "field.signin.text" : "field.signin.offline")),
      store.state.otherRole && h("p.soft", {}, t("field.signin.other_role")),
      signIn("a.button.main")),
    bottom: [],
  };
}

// Telegram opened this for somebody whom the house does not sign in: why, and what to do, in the house's words.
function notEntered() {
  return {
    title: t("field.app"),
    main: h("section.card.center", { id: "not-entered" },
      h("img", { src: "/field/seal.svg", alt: "", width: 72, height: 72 }),
      h("h2.head", {}, t("field.launch.refused")),
      h("p", { role: "alert" }, store.state.notEntered)),
    bottom: [],
  };
}

// In Telegram the bot's menu signs in; elsewhere the house's page does.
function signIn(form) {
  return inTelegram ? h("p.soft", {}, t("field.launch.again")) : h(form, { href: "/login?next=%2Ffield%2F" }, t("field.signin.button"));
}

// Seven days without the house: everything is still here, and opens for the person who signs in again.
function lock() {
  const { line, held, who } = store.state;
  const off = line !== "signed_out" && line !== "on";
  return {
    title: t("field.app"),
    main: h("section.card.center", { id: "locked" },
      h("h2.head", {}, t("field.locked")),
      h("p", {}, t("field.locked.text", { n: held, name: who?.name ?? "" })),
      h("p.soft", {}, t(off ? "field.locked.offline" : "field.locked.signin")),
      signIn("a.button.main")),
  };
}

function top(view) {
  return [
    view.back
      ? h("a.round", { href: `#${view.back}`, "aria-label": t("field.back") }, icon("back"))
      : h("img.seal", { src: "/field/seal.svg", alt: "", width: 30, height: 30 }),
    h("div.title", {}, h("h1", {}, view.title), view.under && h("small", {}, view.under)),
    store.state.notEntered ? null : pill(),
  ];
}

// Where everything stands, on every screen: 正在下载, 已同步 hh:mm, 待上传 n, 需处理 n, 离线.
function pill() {
  const { line } = store.state;
  const waiting = store.waiting(), wrong = store.troubled().length;
  const off = line === "off" || line === "captive_portal";
  const unkept = store.state.unkept.length;
  const [kind, said] = unkept ? ["bad", t("field.pill.unkept", { n: unkept })]
    : wrong ? ["bad", t("field.pill.wrong", { n: wrong })]
    : line === "signed_out" && store.state.who ? ["watch", t("field.pill.signed_out", { n: waiting })]
    : waiting ? [off ? "watch" : "busy", t(off ? "field.pill.waiting_off" : "field.pill.waiting", { n: waiting })]
    : off ? ["soft", t("field.pill.off")]
    : line === "on" ? (store.state.fresh ? ["good", t("field.pill.synced", { at: clock(store.state.fetchedAt) })] : ["busy", t("field.pill.downloading")])
    : ["soft", t("field.pill.looking")];
  return h("a.pill", { class: kind, href: "#/queue", "data-line": line, "data-waiting": waiting }, icon(wrong || unkept ? "warn" : off ? "off" : waiting ? "up" : kind === "good" ? "check" : "clock"), said);
}

function banner() {
  const { line, who } = store.state;
  if (!who) return null;
  if (store.state.unkept.length) {
    return h("p.banner.bad", { role: "alert", id: "unkept" }, t("field.banner.unkept", { n: store.state.unkept.length }),
      h("button", { onclick: () => store.keepAgain() }, t("field.retry")), h("a.button", { href: "#/queue" }, t("field.look")));
  }
  if (line === "signed_out") {
    return h("p.banner.watch", {}, t("field.banner.signed_out"), signIn("a.button"));
  }
  if (line === "captive_portal") {
    return h("p.banner.watch", { role: "alert" }, t("field.banner.foreign"), h("button", { onclick: () => store.wake() }, t("field.retry")));
  }
  if (store.state.unreadable.length) return h("p.banner.bad", {}, t("field.banner.unreadable", { n: store.state.unreadable.length }), h("a.button", { href: "#/queue" }, t("field.look")));
  return null;
}

function tabs(tab) {
  const wrong = store.state.items.length + store.state.unkept.length;
  return [["tasks", "/", "tasks"], ["queue", "/queue", "up"], ["me", "/me", "person"]].map(([name, path, sign]) =>
    h("a", { href: `#${path}`, "aria-current": tab === name ? "page" : null },
      h("span.sign", {}, icon(sign), name === "queue" && wrong ? h("i.badge", {}, String(wrong)) : null), t(`field.tab.${name}`)));
}

// Never under a finger: what is being pressed stays where it is until it is let go.
let asked = false, pressed = false;
function redraw() {
  if (asked) return;
  asked = true;
  if (!pressed) requestAnimationFrame(drawAsked);
}

function drawAsked() {
  if (!asked || pressed) return;
  asked = false;
  draw();
}

addEventListener("pointerdown", () => { pressed = true; }, true);
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, () => setTimeout(() => { pressed = false; drawAsked(); }, 50), true);
}

function heard(news) {
  if (news.colleague?.question) {
    const number = news.colleague.task;
    toast(t("field.toast.colleague", { n: news.colleague.question }), {
      label: t("field.look"), act: () => { location.hash = `/t/${encodeURIComponent(number)}/q/${news.colleague.question}`; },
    });
  }
  if (news.unkept) toast(t("field.toast.unkept"), { bad: true });
  if (news.refused) toast(news.refused.error || t("field.toast.refused"), { bad: true });
  if (news.quiet && !location.hash.startsWith("#/queue")) return;
  redraw();
}

// The phone keeps the app and the words of the language that is spoken; the worker keeps those of the other when they are
// wanted. One that is there is asked for by its own address: another address would be another worker, and a page that is
// loaded anew while they change places waits for minutes (Chromium 156).
// A network that breaks off meanwhile leaves nothing kept: then it is tried again with the next news.
let keeping = false;
async function keepApp() {
  if (keeping) return;
  keeping = true;
  try {
    const present = await navigator.serviceWorker?.getRegistration("/field/");
    const address = present?.active?.scriptURL ?? `/field/sw.js?words=${language()}`;
    const registration = await navigator.serviceWorker?.register(address, { scope: "/field/", updateViaCache: "none" });
    const worker = registration?.installing;
    worker?.addEventListener("statechange", () => { if (worker.state === "redundant") keeping = false; });
  } catch {
    keeping = false;
  }
}

let changing = false;
async function changeLanguage() {
  const wanted = settings.language || store.state.house?.language;
  if (!wanted || wanted === language() || changing) return true;
  changing = true;
  const changed = await speak(wanted);
  changing = false;
  if (!changed) return false;
  draw();
  return true;
}

async function begin() {
  unfold();
  applySettings();
  const first = settings.language || (navigator.language.startsWith("zh") ? "zh_Hans" : "en");
  if (!await speak(first)) await speak(first === "en" ? "zh_Hans" : "en");
  if (!globalThis.isSecureContext || !crypto.subtle) {
    place("main").replaceChildren(h("p.card", {}, t("field.insecure")));
    return;
  }
  addEventListener("hashchange", draw);
  addEventListener("field:language", async () => { if (!await changeLanguage()) toast(t("field.toast.words")); });
  store.subscribe(heard);
  store.subscribe(changeLanguage);
  store.subscribe(keepApp);
  keepApp();
  addEventListener("unhandledrejection", (event) => { if (event.reason instanceof store.NotKept) event.preventDefault(); }); // said already
  try {
    await store.start();
  } catch (no) {
    place("main").replaceChildren(h("p.card", { role: "alert" }, t("field.no_store"), " ", h("small.soft", {}, no instanceof Error ? no.name : "")));
    return;
  }
  draw();
  document.body.classList.add("ready");
}

begin();
