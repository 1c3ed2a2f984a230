// The values that a question asks to write down, read and judged as the house does it (models/rules/value.py); the
// table tests/vectors/checklist.json is run by both. What a question allows comes with it.

const HIDDEN = /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const CONTROL = /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/g; // eslint-disable-line no-control-regex
const PICTURE = /[\u2190-\u2bff\ufe0f\u{1f000}-\u{1faff}]$/u;
const SPACE = /[\s\u0085\ufeff\x1c-\x1f]+/g;
const UNITS = /°c|rh/gi, NUMBER = /[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)/g;
const WRITTEN = /[〇零一二三四五六七八九十百千万两]/, WORDS = /[0-9 /,;、.+\-%\u4e00-\u9fff]/g;
const DATE = /^([0-9]{4}) ?[-./年] ?([0-9]{1,2}) ?[-./月] ?([0-9]{1,2}) ?日?$/, FIGURES = /^([0-9]{4})([0-9]{2})([0-9]{2})$/;
/** @type {Record<string, number>} */
const SPOKEN = { 今天: 0, 昨天: -1, 明天: 1, 前天: -2, 后天: 2, today: 0, yesterday: -1, tomorrow: 1 };
/** @param {string} why @returns {Read} */
const refused = (why) => ({ refused: `checklist.${why}` });
/** @param {string} said */
const trimmed = (said) => said.replace(/^[\s\u0085\x1c-\x1f]+|[\s\u0085\x1c-\x1f]+$/g, "");

/** @param {string} raw */
function visible(raw) {
  const shown = raw.replace(/\p{Surrogate}/gu, "\ufffd").replace(HIDDEN, "");
  const joined = shown.replace(/\u200d/g, (one, place) => (place + 1 < shown.length && PICTURE.test(shown.slice(0, place)) ? one : ""));
  return joined.replace(CONTROL, "");
}

// What `raw` means for the question on the day `today` (YYYY-MM-DD): { value, sure } or { refused }.
/** @param {{ kind: string, limits: Limits }} question @param {string} raw @param {string} today @returns {Read} */
export function read(question, raw, today) {
  const shown = visible(raw), folded = trimmed(shown.normalize("NFKC").replace(SPACE, " "));
  if (!folded) return refused("value_empty");
  if (question.kind === "NUM") return numbers(folded, question.limits.numbers);
  if (question.kind === "DATE") return day(folded, today);
  return { value: trimmed(shown), sure: true };
}

/** @param {string} folded @param {Limits["numbers"]} allowed @returns {Read} */
function numbers(folded, allowed) {
  const bare = folded.replace(UNITS, ""), found = bare.match(NUMBER) ?? [], left = bare.replace(WORDS, "");
  if (found.length !== allowed.length || WRITTEN.test(bare) || /[^\x00-\x7f]|[a-zA-Z]/.test(left)) return refused("not_a_number"); // eslint-disable-line no-control-regex
  for (const [place, one] of found.entries()) {
    const { low, high, decimals } = allowed[place], whole = /^[+-]*[0-9]+$/.test(one);
    if (Number(one) < low || Number(one) > high || (!decimals && !whole)) return refused("out_of_range");
  }
  return { value: found.map(plain).join("/"), sure: true };
}

/** @param {string} number */
function plain(number) {
  const sign = number[0] === "-" && Number(number) ? "-" : "", figures = number.replace(/^[+-]+/, "").replace(/\.$/, "");
  return sign + (figures.startsWith(".") ? `0${figures}` : figures);
}

/** @param {string} folded @param {string} today @returns {Read} */
function day(folded, today) {
  const spoken = folded.toLowerCase();
  if (Object.hasOwn(SPOKEN, spoken)) {
    const [year, month, date] = today.split("-").map(Number);
    return { value: iso(year, month, date, SPOKEN[spoken]), sure: false };
  }
  const [, year, month, date] = (DATE.exec(folded) ?? FIGURES.exec(folded) ?? []).map(Number);
  if (!year || !month || !date || month > 12 || date > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()) return refused("not_a_date");
  return { value: iso(year, month, date, 0), sure: true };
}

/** @param {number} year @param {number} month @param {number} date @param {number} more */
function iso(year, month, date, more) {
  const at = new Date(Date.UTC(2000, month - 1, date + more));
  at.setUTCFullYear(year, month - 1, date + more);
  return at.toISOString().slice(0, 10);
}

// True when a value is out of its question's own limits: 10/9 as 合格, more in order than were looked at.
/** @param {Limits} limits @param {string} value @param {string} verdict @param {string} today */
export function beyond(limits, value, verdict, today) {
  const said = limits.numbers.length ? value.split("/") : [value];
  if (!value || said.length !== Math.max(1, limits.numbers.length)) return false;
  return limits.bounds.some((bound) => broken(bound, said, verdict, today));
}

/** @param {Bound} bound @param {string[]} said @param {string} verdict @param {string} today */
function broken({ place, at, than, of, when }, said, verdict, today) {
  if (when === "pass" && verdict !== "pass") return false;
  if (than === "day") return Boolean(today) && said[place] < today;
  const one = Number(said[place]), other = than === "place" ? Number(said[of]) : of;
  return !{ "<=": one <= other, ">=": one >= other, "==": one === other }[at];
}
