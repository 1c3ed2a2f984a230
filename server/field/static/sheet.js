// The checklist's rules as the phone needs them without reception; the server decides again (Art. 7, 16).

import { beyond, read } from "./value.js";

/** @param {Question} question @param {number} photos  how many there are */
export function gaps(question, photos) {
  const missing = lacking(question, photos);
  return question.waiting ? missing.filter((one) => one !== "answer" && one !== "value") : missing;
}

/** @param {Question} question @param {number} photos */
function lacking(question, photos) {
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
  return missing;
}

/** @param {Task} task @param {number} n */
export const photosOf = (task, n) => task.photos.filter((one) => one.question === n);
/** @param {Task} task @param {Question} question */
export const gapsOf = (task, question) => gaps(question, photosOf(task, question.n).length);
/** @param {Question} question */
export const settled = (question) => Boolean(question.found?.settles);
/** @param {Task} task */
export const ownOf = (task) => task.questions.filter((one) => one.department === task.department);
/** @param {Task} task */
export const onSite = (task) => ownOf(task).filter((one) => !settled(one));
/** @param {Task} task */
export const section = (task) => task.sections.find((one) => one.department === task.department);
/** @param {Task} task */
export const online = (task) => ownOf(task).filter((one) => one.network !== "no");
/** @param {Task} task @param {number} n */
export const question = (task, n) => task.questions.find((one) => one.n === n);

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
  return waiting.find((one) => one.n > n) ?? waiting[0];
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

/** @param {Task} task */
export const failures = (task) =>
  task.questions.filter((one) => (settled(one) ? one.found.verdict : one.given?.verdict) === "fail").map((one) => one.n);

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

export const TYPES = Array.from({ length: 14 }, (_, n) => `R${String(n + 1).padStart(2, "0")}`);
const PROBLEMS = ["R02", "R03", "R05", "R06", "R08", "R14"];

// Why these result types cannot stand, as the key of a sentence; "" when they can (models/rules/entry.py).
/** @param {Task} task @param {string[]} types @param {string} note */
export function typesWrong(task, types, note) {
  const wrong = failures(task);
  if (!types.length) return "field.result.none";
  if ((task.established ?? []).some((/** @type {string} */ one) => !types.includes(one))) return "field.result.established";
  if (types.includes("R01") && types.length > 1) return "field.result.alone";
  if (types.includes("R01") && wrong.length) return "field.result.contradicts";
  if (wrong.length && !types.some((one) => PROBLEMS.includes(one))) return "field.result.unnamed";
  if (types.includes("R14") && !note.trim()) return "field.result.note_due";
  return "";
}
