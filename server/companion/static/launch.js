// Opened inside Telegram: its app says in the address who opened this, signed for the house to prove. Taken from there at
// once, so that it stays in no history; used in Telegram's own app alone, so that nobody's link signs anybody in.

import * as vault from "./encrypted_store.js";
import * as net from "./net.js";
import { state } from "./state.js";

/** @type {{ postEvent: (name: string, data: string) => void } | undefined} */
const telegram = /** @type {any} */ (globalThis).TelegramWebviewProxy;
export const inTelegram = telegram !== undefined;

let initData = inTelegram ? taken() : (taken(), "");

function taken() {
  const hash = location.hash.slice(1);
  const begins = hash.search(/(^|[?&])tgWebApp\w+=/);
  if (begins < 0) return "";
  history.replaceState(null, "", `#${hash.slice(0, begins) || "/"}`);
  return new URLSearchParams(hash.slice(begins).replace(/^[?&]/, "")).get("tgWebAppData") ?? "";
}

// The whole height of the screen, where the app would show half of it.
export function unfold() { telegram?.postEvent("web_app_expand", "{}"); }

function opener() {
  try {
    return String(JSON.parse(new URLSearchParams(initData).get("user") ?? "").id);
  } catch {
    return "";
  }
}

// Several people of one Telegram app share its store: nothing of another's is shown before the house says who this is.
export async function byAnother() {
  return initData !== "" && (await vault.recall("telegram")) !== opener();
}

// Sign in with what was handed over; what the house refuses is said, and nobody is signed in.
export async function enter() {
  if (!initData) return;
  try {
    await net.launch(initData);
  } catch (no) {
    if (!(no instanceof net.Refused)) throw no;
    initData = "";
    state.notEntered = no.message;
    return;
  }
  await vault.remember("telegram", opener()).catch(() => {});
  initData = "";
}
