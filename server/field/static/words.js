// What people read, from the house's catalogues; dates and times in the district's zone.

const ZONE = "Asia/Shanghai";
let said = {}, spoken = "zh_Hans";

export const language = () => spoken;

export async function speak(wanted) {
  spoken = wanted === "en" ? "en" : "zh_Hans";
  const response = await fetch(`/field/words-${spoken}.json`);
  said = await response.json();
  document.documentElement.lang = spoken === "en" ? "en" : "zh-CN";
}

export function t(key, params = {}) {
  const forms = said[key];
  if (forms === undefined) return key;
  const form = Array.isArray(forms) ? forms[params.n === 1 ? 0 : forms.length - 1] : forms;
  return form.replace(/\{(\w+)\}/g, (whole, name) => (params[name] ?? whole));
}

export const has = (key) => key in said;

function parts(at) {
  const found = {};
  const form = new Intl.DateTimeFormat("en-CA", {
    timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  for (const { type, value } of form.formatToParts(new Date(at))) found[type] = value;
  return found;
}

export function localDay(at) {
  const p = parts(at);
  return `${p.year}-${p.month}-${p.day}`;
}

export function clock(at) {
  const p = parts(at);
  return `${p.hour}:${p.minute}`;
}

export function day(iso) {
  const [year, month, date] = iso.slice(0, 10).split("-").map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay() || 7;
  return t("field.date", { month, day: date, weekday: t(`date.weekday.${weekday}`) });
}

export const moment = (at) => `${day(localDay(at))} ${clock(at)}`;

export function span(from, until) {
  if (!from) return "";
  return localDay(from) === localDay(until) ? `${moment(from)}–${clock(until)}` : `${moment(from)} – ${moment(until)}`;
}

export function bytes(size) {
  return size < 1e6 ? `${Math.max(1, Math.round(size / 1e3))} KB` : `${(size / 1e6).toFixed(1)} MB`;
}
