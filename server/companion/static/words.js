// What people read, from the house's catalogues; dates and times in the district's zone.

const ZONE = "Asia/Shanghai";
/** @type {Record<string, string | string[]>} */
let said = {};
let spoken = "zh_Hans";

export const language = () => spoken;

/**
 * False, with the words as they were, where these are neither on this phone nor to be had.
 * @param {string} wanted
 */
export async function speak(wanted) {
  const next = wanted === "en" ? "en" : "zh_Hans";
  try {
    const response = await fetch(`/field/words-${next}.json`);
    if (!response.ok) return false;
    said = await response.json();
  } catch {
    return false;
  }
  spoken = next;
  document.documentElement.lang = spoken === "en" ? "en" : "zh-CN";
  return true;
}

/** @param {string} key @param {Record<string, any>} params */
export function t(key, params = {}) {
  const forms = said[key];
  if (forms === undefined) return key;
  const form = Array.isArray(forms) ? forms[params.n === 1 ? 0 : forms.length - 1] : forms;
  return form.replace(/\{(\w+)\}/g, (whole, name) => (params[name] ?? whole));
}

/** @param {string} key */
export const has = (key) => key in said;

/** @param {string | number} at  an instant */
function parts(at) {
  /** @type {Record<string, string>} */
  const found = {};
  const form = new Intl.DateTimeFormat("en-CA", {
    timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  for (const { type, value } of form.formatToParts(new Date(at))) found[type] = value;
  return found;
}

/** @param {string | number | null} [at]  an instant; without one, nothing is said */
export function localDay(at) {
  if (at === null || at === undefined) return "";
  const p = parts(at);
  return `${p.year}-${p.month}-${p.day}`;
}

/** @param {string | number | null} [at] */
export function clock(at) {
  if (at === null || at === undefined) return "";
  const p = parts(at);
  return `${p.hour}:${p.minute}`;
}

/** @param {string} iso */
export function day(iso) {
  const [year, month, date] = iso.slice(0, 10).split("-").map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay() || 7;
  return t("field.date", { month, day: date, weekday: t(`date.weekday.${weekday}`) });
}

/** @param {string | number | null} [at] */
export const moment = (at) => (at === null || at === undefined ? "" : `${day(localDay(at))} ${clock(at)}`);

/** @param {string | null} from @param {string | null} until */
export function span(from, until) {
  if (!from) return "";
  return localDay(from) === localDay(until) ? `${moment(from)}–${clock(until)}` : `${moment(from)} – ${moment(until)}`;
}

/** @param {number} size */
export function bytes(size) {
  return size < 1e6 ? `${Math.max(1, Math.round(size / 1e3))} KB` : `${(size / 1e6).toFixed(1)} MB`;
}
