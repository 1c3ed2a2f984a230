// The line to the server. Nothing counts as done but the server's own receipt: the key and the SHA-256 of what was
// sent, in JSON. A hotel's sign-in page answering 200 is no receipt, nor is a redirect.

const TIMEOUT = 25_000, LONGEST = 120_000;
const SMALLEST = 64 * 1024, LARGEST = 1024 * 1024, SECONDS = 5; // a part of a photo: what goes in five seconds

export class Offline extends Error {}      // nobody answers: try again later
export class CaptivePortal extends Error {}      // somebody else answers: a sign-in page of the network
export class SignedOut extends Error {}    // the session is over: the person signs in again
export class Refused extends Error {       // the regulation or the server says no: a person has to look
  /** @param {{ code?: string, text?: string, status?: number, kept?: string, given?: string }} error */
  constructor(error) {
    super(error.text ?? "");
    this.code = error.code ?? "";
    this.status = error.status;
    this.kept = error.kept;
    this.given = error.given;
  }
}

/** @typedef {RequestInit & { headers?: Record<string, string>, patience?: number }} Call  patience: milliseconds */
let csrf = "";

/** @param {Bytes} bytes */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} path @param {Call} options */
async function call(path, options = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf, ...options.headers };
  let response;
  try {
    response = await fetch(`/field/api${path}`, {
      ...options, headers, redirect: "manual", cache: "no-store", credentials: "same-origin",
      signal: AbortSignal.timeout(options.patience ?? TIMEOUT),
    });
  } catch {
    throw new Offline();
  }
  if (response.status === 304) return { status: 304, body: null, response };
  const json = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  const body = json ? await response.json().catch(() => null) : null;
  if (body === null) throw response.status >= 500 ? new Offline() : new CaptivePortal();
  return { status: response.status, body, response };
}

// Who is signed in; fetched anew whenever the session may have changed.
export async function me() {
  const { status, body } = await call("/me");
  if (status !== 200 || !("signed_in" in body) || !("policy" in body)) throw new CaptivePortal();
  csrf = body.csrf ?? "";
  return body;
}

// Signed in by what Telegram handed over when it opened the app. Raises Refused with the house's words.
/** @param {string} initData */
export async function launch(initData) {
  const body = JSON.stringify({ init_data: initData });
  const answer = await call("/launch", { method: "POST", body, headers: { "Content-Type": "application/json" } });
  if (answer.status !== 200) throw refusal(answer.status, answer.body);
}

// Ours, not ours, or nobody signed in: a 303 or 403 of ours means that /me says so.
/** @param {string} path @param {Call} options */
async function authenticatedCall(path, options) {
  try {
    const answer = await call(path, options);
    if (answer.status !== 403 || answer.body.error?.code) return answer;
  } catch (no) {
    if (!(no instanceof CaptivePortal)) throw no;
  }
  const before = csrf;
  const house = await me();
  if (!house.signed_in) throw new SignedOut();
  if (before === csrf) throw new CaptivePortal();
  return call(path, options);
}

/** @param {string} path @param {string | null} tag */
export async function get(path, tag) {
  const { status, body, response } = await authenticatedCall(path, tag ? { headers: { "If-None-Match": tag } } : {});
  if (status === 304) return { unchanged: true };
  if (status !== 200) throw refusal(status, body);
  return { body, tag: response.headers.get("ETag") };
}

/** @param {number} status @param {any} body */
function refusal(status, body) {
  if (!body?.error) return new CaptivePortal();
  if (status === 429 || status >= 500) return body.error.code ? new Refused(body.error) : new Offline();
  return new Refused(body.error);
}

// Send an act; only its receipt is success.
/** @param {Item} item @returns {Promise<Receipt>} */
export async function act(item) {
  const bytes = new TextEncoder().encode(item.body);
  const hash = await sha256(bytes);
  const { status, body } = await authenticatedCall(item.path ?? "", {
    method: "POST", body: bytes, headers: { "Content-Type": "application/json" },
  });
  if ((status === 200 || status === 201) && body.key === item.key && body.sha256 === hash) return body;
  if (status < 400) throw new CaptivePortal();
  throw refusal(status, body);
}

// Something asked for while somebody looks on: what is answered is shown, and kept nowhere.
/** @param {string} path @param {unknown} said @returns {Promise<any>} */
export async function ask(path, said) {
  const { status, body } = await authenticatedCall(path, { method: "POST", body: JSON.stringify(said), headers: { "Content-Type": "application/json" } });
  if (status >= 400) throw refusal(status, body);
  return body;
}

// Something the house is told and nobody waits for: no receipt, no second try.
/** @param {string} path @param {unknown} said */
export async function tell(path, said) {
  await ask(path, said);
}

// Send a photo from where the server is on; `told(sent)` hears of every part that is there. A line that is cut now
// and then is taken up again at once: what came is there. Parts are small where the line is slow, since a browser
// may repeat a cut one from its beginning. One that stands still is given up, sooner when those before went quickly.
/** @param {Item} item @param {Bytes} bytes @param {number} part @param {(sent: number) => void} told @returns {Promise<Receipt>} */
export async function photo(item, bytes, part, told) {
  let here = await announced(item);
  let stuck = 0, patience = LONGEST;
  while (typeof here === "number") {
    told(here);
    const ends = Math.min(here + part, bytes.byteLength);
    const since = Date.now();
    const answer = await authenticatedCall(`/uploads/${item.key}`, {
      method: "PUT", body: bytes.slice(here, ends), patience,
      headers: { "Content-Type": "application/octet-stream", "Content-Range": `bytes ${here}-${ends - 1}/${bytes.byteLength}` },
    }).catch((no) => {
      if (no instanceof Offline && stuck < 3) return null;
      throw no;
    });
    const before = here;
    if (answer === null) {
      part = Math.max(Math.round(part / 2), SMALLEST);
      here = await announced(item);
    } else {
      const { status, body } = answer;
      if (receipt(item, status, body)) return body;
      if (status === 404) here = await announced(item);
      else if (body.key === item.key && Number.isInteger(body.offset)) here = body.offset;
      else if (status < 400) throw new CaptivePortal();
      else throw refusal(status, body);
      if (here >= bytes.byteLength) here = await announced(item); // all is there: the receipt was lost
      const took = Math.max(Date.now() - since, 1);
      part = Math.round(Math.min(Math.max((SECONDS * 1000 * (ends - before)) / took, SMALLEST), LARGEST));
      patience = Math.min(Math.max(4 * took, TIMEOUT), LONGEST);
    }
    stuck = here > before ? 0 : stuck + 1;
    if (stuck > 3 && typeof here === "number") throw new Offline();
  }
  return here;
}

/** @param {Item} item @param {number} status @param {any} body */
const receipt = (item, status, body) =>
  status === 201 && body.key === item.key && body.sha256 === item.sha256 && Number.isInteger(body.photo ?? body.question);

/** @param {Item} item @returns {Promise<number | any>} */
async function announced(item) {
  const { status, body } = await authenticatedCall("/photos", {
    method: "POST", body: item.body, headers: { "Content-Type": "application/json" },
  });
  if (receipt(item, status, body)) return body;
  if (status === 200 && body.key === item.key && Number.isInteger(body.offset)) return body.offset;
  if (status < 400) throw new CaptivePortal();
  throw refusal(status, body);
}
