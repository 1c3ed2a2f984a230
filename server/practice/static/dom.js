// Small tools for building the page: elements, words, requests. Nothing is ever parsed as HTML.

export const language = document.body.dataset.language;
const words = JSON.parse(document.body.dataset.words ?? "{}");

export function word(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** @param {string} tag @param {Record<string, any>} properties @param {...any} children @returns {any} */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `static/icons.svg#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export async function fetched(path) {
  const answer = await fetch(`${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// One act of a person; what is refused comes back as {refused, status}.
export async function act(person, name, body = {}) {
  const form = body instanceof FormData;
  const answer = await fetch(`api/phones/${person}/${name}?lang=${language}`, {
    method: "POST",
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? body : JSON.stringify(body),
  });
  const result = await answer.json().catch(() => ({ refused: String(answer.status) }));
  return { ...result, status: answer.status };
}

export function botStart(link, username) {
  let url;
  try { url = new URL(link); } catch { return false; }
  const name = username.toLowerCase();
  if (url.protocol === "tg:") return (url.searchParams.get("domain") || "").toLowerCase() === name;
  return /^(www\.)?(t|telegram)\.me$/.test(url.hostname) && url.pathname.slice(1).toLowerCase() === name;
}

const clock = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
  hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai",
});
const calendar = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
  month: "long", day: "numeric", timeZone: "Asia/Shanghai",
});

export const timeOf = (seconds) => clock.format(seconds * 1000);
export const dayOf = (seconds) => calendar.format(seconds * 1000);
