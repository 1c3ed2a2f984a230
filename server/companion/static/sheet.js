// The checklist's rules as the phone needs them without reception; the server decides again (Art. 7, 16).

import { beyond, read } from "./value.js";

/** @param {Question} question @param {number} photos  how many there are @param {number} samples  taken for it */
export function gaps(question, photos, samples = 0) {
  const missing = lacking(question, photos, samples);
  return question.waiting ? missing.filter((one) => one !== "answer" && one !== "value") : missing;
}

/** @param {Question} question @param {number} photos @param {number} samples */
function lacking(question, photos, samples) {
  const given = question.given;
  if (!given || (!given.verdict && !given.value)) return ["answer"];
  const missing = [];
  if (given.conflict) missing.push("conflict");
  if (!given.verdict) missing.push("answer");
  if (question.kind !== "TRI" && !given.value && given.verdict !== "na") missing.push("value");
  if (given.verdict !== "na" && !photos) {
    if (question.photo === "always" || (question.photo === "on_fail" && given.verdict === "fail")) missing.push("photo");
  }
  if (given.verdict === "fail" && !given.note) missing.push("note");
  else if (!given.note && beyond(question.limits, given.value, given.verdict, given.day ?? "")) missing.push("limit");
  if (question.sample === "required" && given.verdict && given.verdict !== "na" && !given.note && !samples) missing.push("sample");
  return missing;
}

/** Whether a point is asked now: every part of its condition holds, of points that are asked themselves
 * (models/rules/condition.py). @param {Task} task @param {Question} question @returns {boolean} */
export const asked = (task, question) => (question.when ?? []).every(([n, sign, word]) => {
  const earlier = task.questions.find((one) => one.n === n);
  return Boolean(earlier) && asked(task, /** @type {Question} */ (earlier)) && holds(/** @type {Question} */ (earlier), sign, word);
});

/** @param {Question} question @param {string} sign @param {string} word */
function holds(question, sign, word) {
  const found = settled(question) ? question.found : undefined;
  const verdict = found ? found.verdict : question.given?.verdict ?? "";
  const value = found ? (question.kind === "TRI" ? "" : found.finding) : question.given?.value ?? "";
  if (!verdict && !value) return false;
  if (sign === "=" || sign === "!=") return [verdict, value, ...value.split("、")].includes(word) === (sign === "=");
  if (!/^-?[0-9]{1,9}(\.[0-9]{1,6})?$/.test(value)) return false;
  const number = Number(value), limit = Number(word);
  return { ">=": number >= limit, "<=": number <= limit, ">": number > limit, "<": number < limit }[sign] ?? false;
}

// The value once an option is tapped: it alone, or of several with or without it, never none (models/rules/value.py).
/** @param {Question} question @param {string} option */
export function toggledOption(question, option) {
  const value = question.given?.value ?? "";
  const taken = new Set(question.kind === "MANY" && value ? value.split("、") : []);
  if (!taken.delete(option) || !taken.size) taken.add(option);
  return (question.options ?? []).filter((one) => taken.has(one)).join("、");
}

/** @param {Task} task @param {number} n */
export const photosOf = (task, n) => task.photos.filter((one) => one.question === n);
/** @param {Task} task @param {Question} question */
export const gapsOf = (task, question) => gaps(question, photosOf(task, question.n).length, task.samples.filter((one) => one.question === question.n).length);
/** Whether a sample may be taken for a question. @param {Task} task @param {Question} question */
export const maySample = (task, question) =>
  question.sample === "required" || (question.sample !== "no" && task.methods.includes("sample"));
/** @param {Question} question */
export const settled = (question) => Boolean(question.found?.settles);
/** @param {Task} task */
export const ownOf = (task) => task.questions.filter((one) => one.department === task.department && asked(task, one));
/** @param {Task} task */
export const onSite = (task) => ownOf(task).filter((one) => !settled(one));
/** @param {Task} task */
export const section = (task) => task.sections.find((one) => one.department === task.department);
/** @param {Task} task */
export const online = (task) => ownOf(task).filter((one) => one.network !== "no");
/** @param {Task} task @param {number} n */
export const question = (task, n) => task.questions.find((one) => one.n === n && asked(task, one));

/** @param {Task} task */
export function progress(task) {
  const own = ownOf(task);
  return { done: own.filter((one) => settled(one) || !gapsOf(task, one).length).length, all: own.length };
}

/** @param {Task} task */
export const openGaps = (task) =>
  onSite(task).map((one) => ({ question: one, missing: gapsOf(task, one) })).filter((one) => one.missing.length);

// The next question after `n` that still wants an answer or its value, else the first one; none when all have theirs.
/** @param {Task} task */
export function nextOpen(task, n = 0) {
  const waiting = openGaps(task).filter(({ missing }) => missing.includes("answer") || missing.includes("value")).map((one) => one.question);
  const own = waiting.filter((one) => !one.share || one.share.by === task.me);
  const first = own.length ? own : waiting; // what a colleague took comes last (分工)
  return first.find((one) => one.n > n) ?? first[0];
}

/** @param {Task} task @param {number} n */
export function neighbours(task, n) {
  const own = onSite(task);
  const place = own.findIndex((one) => one.n === n);
  return { before: own[place - 1], after: own[place + 1], place: place + 1, all: own.length };
}

// What is typed for the question's values: { value, sure } or { refused }, as the server will read it.
/** @param {Question} question @param {string[]} parts @param {string} today */
export function typed(question, parts, today) {
  if (question.kind === "NUM" && parts.some((one) => !one.trim())) return { refused: "checklist.value_empty" };
  return read(question, parts.join("/"), today);
}

/** @param {Task} task  the own department's: nobody enters what another found */
export const failures = (task) =>
  ownOf(task).filter(isFailed).map((one) => one.n);

/** @param {Question} one */
const isFailed = (one) => (settled(one) ? one.found.verdict : one.given?.verdict) === "fail";

// The departments that answered, sampled or settled anything; the leader's where nobody did (models/rules/department_result.py).
/** @param {Task} task @returns {string[]} */
export function inspected(task) {
  const done = task.questions.filter((one) => asked(task, one) && (settled(one) || one.given?.verdict || one.waiting)).map((one) => one.department);
  return done.length ? [...new Set(done)] : task.members.filter((one) => one.leader).map((one) => one.department);
}

/** @param {Task} task @param {string[]} present  ids of officers */
export function shortHanded(task, present) {
  const departments = [...new Set(task.members.map((one) => one.department))];
  return departments.filter((one) => task.members.filter((m) => m.department === one && present.includes(m.id)).length < 2);
}

// The choice after a tap on a type: 未发现问题 and the others push each other out; what is established stays.
/** @param {string[]} types @param {string} code @param {string[]} established */
export function toggledTypes(types, code, established = []) {
  const chosen = types.includes(code) ? types.filter((one) => one !== code) : code === "R01" ? ["R01"] : [...types, code];
  return withEstablished(chosen, established);
}

// A choice with what two officers and the head have settled meanwhile (Art. 18).
/** @param {string[]} types @param {string[]} established */
export function withEstablished(types, established = []) {
  const all = [...new Set([...types, ...established])].sort();
  return all.length > 1 ? all.filter((one) => one !== "R01") : all;
}

export const MEASURES = ["none", "stopped", "ordered", "case", "informed", "other"];

// The measures that the form proposes for these types (models/rules/department_result.py).
/** @param {string[]} types @returns {string[]} */
export function usualMeasures(types) {
  if (types.includes("R01")) return ["none"];
  if (types.some((one) => ["R02", "R03", "R05", "R06", "R08"].includes(one))) return types.every((one) => ["R02", "R05"].includes(one)) ? ["ordered"] : [];
  return types.length && types.every((one) => ["R04", "R07", "R09", "R10", "R11", "R12", "R13"].includes(one)) ? ["stopped"] : [];
}

/** @param {string[]} measures @param {string} code */
export const toggledMeasures = (measures, code) =>
  measures.includes(code) ? measures.filter((one) => one !== code)
    : code === "none" ? ["none"] : MEASURES.filter((one) => one !== "none" && (one === code || measures.includes(one)));

// Why these measures cannot stand beside the types, as the key of a sentence; "" when they can.
/** @param {string[]} types @param {string[]} measures @param {string} note */
export function measuresWrong(types, measures, note) {
  if (measures.includes("none") && types.includes("R08")) return "field.result.follow_up";
  if (types.includes("R01") && measures.some((one) => one !== "none")) return "field.result.no_measure";
  return measures.includes("other") && !note.trim() ? "field.result.note_due" : "";
}

export const TYPES = Array.from({ length: 14 }, (_, n) => `R${String(n + 1).padStart(2, "0")}`);
const PROBLEMS = ["R02", "R03", "R05", "R06", "R08", "R14"];

// Why these result types cannot stand, as the key of a sentence; "" when they can (models/rules/entry.py).
/** @param {Task} task @param {string[]} types @param {string} note */
export const typesWrong = (task, types, note) => contradicted(types, note, failures(task), task.established ?? []);

/** @param {string[]} types @param {string} note @param {number[]} wrong @param {string[]} established */
function contradicted(types, note, wrong, established) {
  if (!types.length) return "field.result.none";
  if (established.some((one) => !types.includes(one))) return "field.result.established";
  if (types.includes("R01") && types.length > 1) return "field.result.alone";
  if (types.includes("R01") && wrong.length) return "field.result.contradicts";
  if (wrong.length && !types.some((one) => PROBLEMS.includes(one))) return "field.result.unnamed";
  if (types.includes("R14") && !note.trim()) return "field.result.note_due";
  return "";
}

// The failed points that a correction may set aside: of a result that was entered as one, every department's.
/** @param {Task} task */
export const correctable = (task) =>
  (task.correct?.whole ? task.questions.filter((one) => asked(task, one)) : ownOf(task)).filter(isFailed).map((one) => one.n);

// Why this cannot take the place of what is public, as the key of a sentence (models/rules/revision.py).
/** @param {string[]} types @param {string} note @param {number[]} wrong @param {number[]} aside @param {string[]} before */
export function revisionWrong(types, note, wrong, aside, before) {
  const no = contradicted(types, note, wrong.filter((n) => !aside.includes(n)), []);
  return no || (aside.length || note.trim() || `${types}` !== `${[...before].sort()}` ? "" : "field.revision.unchanged");
}
