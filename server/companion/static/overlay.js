// Tasks as the screens show them: what the house told, and over it each act of this phone without a receipt yet.

import { overlays as onRecord } from "./record_overlay.js";
import { isBarrier } from "./queue.js";
import { inspected, question as questionOf, section } from "./sheet.js";
import { state } from "./state.js";
import { localDay } from "./words.js";

/** @param {Item} item */
const isGoing = (item) => item.state !== "refused" && item.state !== "dropped";

const LEAVES = ["finalise", "conclude", "suspend"]; // acts after which this officer may be at another visit

export const waiting = () => state.items.filter(isGoing).length;
/** @param {string} number */
export const waitingOf = (number) => state.items.some((item) => item.task === number);
export const troubled = () => state.items.filter((item) => item.state === "refused");
export const tasks = () => state.tasks.map(overlaid);

/** @param {string} number */
export function task(number) {
  const told = state.tasks.find((task) => task.number === number);
  return told ? overlaid(told) : null;
}

// A task with everything over it that this phone did: receipted since the last fetch, and still waiting.
/** @param {Task} told */
function overlaid(told) {
  const task = structuredClone(told);
  task.departments ??= []; // kept by a phone before departments entered results of their own
  const me = task.members.find((one) => one.id === task.me);
  if (me?.elsewhere) me.elsewhere = !state.items.some((item) => LEAVES.includes(item.act) && item.task !== told.number && isGoing(item));
  const own = state.items.filter((item) => item.task === told.number);
  const receipted = state.sent.filter((item) => item.task === told.number && !item.covers).reverse();
  for (const item of [...receipted, ...own.filter(isGoing)]) applyOptimistically(task, item);
  task.waiting = own.filter(isGoing).length;
  task.refused = own.filter((item) => item.state === "refused" && !own.some((newer) => isDoneAnew(item, newer)));
  const mine = section(task);
  task.draft = mine && !mine.final ? "draft" : "final";
  return task;
}

/** @param {Item} item @param {Item} newer */
const isDoneAnew = (item, newer) => isBarrier(item) && newer.act === item.act && (newer.id ?? 0) > (item.id ?? 0);

/** @param {Task} task @param {Item} item */
export function applyOptimistically(task, item) {
  const said = item.said, me = task.members.find((one) => one.id === task.me);
  const question = said.question ? questionOf(task, said.question) : null;
  /** @type {Record<string, () => void>} */
  const overlays = {
    accept() { task.accepted = true; if (me) me.accepted = true; },
    reply() { task.agreed = said.can; if (me) me.agreed = said.can; },
    find() {
      if (!question) return;
      const settles = question.network === "full" && said.verdict !== "open";
      question.found = { ...said, settles, by: task.me, version: question.found?.version ?? 0, shot: item.kind === "photo" ? item.key : null };
    },
    close_network() { task.state = "network_checked"; },
    propose() {
      task.proposed_from = said.begins;
      task.proposed_until = said.ends;
      for (const one of task.members) one.agreed = one.id === task.me ? true : null;
    },
    fix() { Object.assign(task, { state: "scheduled", visit_from: task.proposed_from, visit_until: task.proposed_until, proposed_from: null }); },
    begin() {
      task.state = "on_site";
      for (const one of task.members) one.present = said.present.includes(one.id);
    },
    answer() {
      if (!question) return;
      const before = question.given ?? { version: 0, verdict: "", value: "", note: "" };
      const version = Math.max(before.version, item.receipt?.version ?? 0);
      const conflict = item.receipt ? item.receipt.conflict : before.conflict && said.seen < before.version;
      question.given = {
        version, conflict, by: task.me, verdict: said.verdict ?? before.verdict, value: said.value ?? before.value,
        note: said.note ?? before.note, method: said.method ?? before.method ?? "", day: localDay(item.made),
      };
    },
    arrive_located() { task.here = [...(task.here ?? []), task.me]; },
    arrive_by_hand() { task.here = [...(task.here ?? []), task.me]; },
    refusal() { task.refusal ??= { ...said, by: task.me, name: me?.name ?? "", at: new Date(item.made).toISOString(), confirmed: "" }; },
    absence() { task.absence ??= { ...said, by: task.me, name: me?.name ?? "", at: new Date(item.made).toISOString(), confirmed: "" }; },
    confirm_refusal() { if (task.refusal) task.refusal.confirmed = me?.name ?? ""; },
    confirm_absence() { Object.assign(task, { state: "unreachable", absence: null, code: null }); },
    suspend() { Object.assign(task, { state: "scheduled", visit_from: null, visit_until: null, code: null }); },
    sample() {
      if (item.receipt && task.samples.some((one) => one.id === item.receipt?.sample)) return;
      task.samples.push({ ...said, id: item.receipt?.sample, by: task.me, at: new Date(item.made).toISOString(), outcome: "" });
      if (question) question.waiting = true;
    },
    sample_report() {
      const one = task.samples.find((found) => found.id === said.sample);
      if (!one || one.outcome) return;
      Object.assign(one, { outcome: said.outcome, finding: said.finding, report: said.report });
      const asked = questionOf(task, one.question);
      if (asked) Object.assign(asked, { waiting: false, given: { ...asked.given, version: asked.given?.version ?? 0, value: asked.given?.value ?? "", note: said.finding, by: task.me, method: "sample", verdict: asked.given?.verdict === "fail" ? "fail" : said.outcome } });
    },
    entrust() {
      if (!item.receipt || !task.agencies.some((one) => one.id === item.receipt?.entrustment)) task.agencies.push({ ...said, id: item.receipt?.entrustment });
    },
    entrust_end() { for (const one of task.agencies) if (one.id === said.entrustment) one.ended_at ??= new Date(item.made).toISOString(); },
    undo() {
      const undone = item.local.question && questionOf(task, item.local.question);
      if (undone) undone.given = item.local.before;
    },
    finalise() {
      const own = section(task);
      if (!own || own.final) return;
      own.final = true;
      task.reopenable = [...(task.reopenable ?? []), own.department];
    },
    reopen() {
      const one = task.sections.find((found) => found.department === said.department);
      if (one) one.final = false;
      task.reopenable = (task.reopenable ?? []).filter((/** @type {string} */ found) => found !== said.department);
      if (task.record) Object.assign(task.record, { closed: false, current: false });
    },
    conclude() { task.state = "concluded"; },
    enter() {
      if (!task.departments.length) task.departments = inspected(task).map((department) => ({ department, name: department, types: [], measures: [], entered: false, silent: false, late: false, returned: "" }));
      const own = task.departments.find((/** @type {any} */ one) => one.department === task.department);
      if (own) Object.assign(own, { types: said.types, measures: said.measures ?? [], note: said.note, entered: true, silent: false, returned: "" });
      task.state = task.leader && task.departments.every((/** @type {any} */ one) => one.entered) ? "entered" : "concluded";
      if (task.state === "entered") task.result = [...new Set(task.departments.flatMap((/** @type {any} */ one) => one.types))].sort().filter((one, _, all) => one !== "R01" || all.length === 1);
    },
    revision_propose() { task.correct = null; },
    confirm() { task.state = "entered"; },
    rectify() { task.orderable = (task.orderable ?? []).filter((/** @type {any} */ one) => !said.points.includes(one.n)); },
    recheck_begin() { for (const order of task.orders ?? []) for (const one of order.rechecks) if (one.id === said.recheck) one.begun_at ??= new Date(item.made).toISOString(); },
    receipt() { task.receipt = said.receipt; },
    photo() {
      if (item.receipt && task.photos.some((one) => one.id === item.receipt?.photo)) return;
      task.photos.push({ local: true, key: item.key, question: said.question, about: said.about ?? "", item, size: item.size, ...item.local });
    },
  };
  overlays[item.act]?.();
  onRecord[item.act]?.(task, item);
}
