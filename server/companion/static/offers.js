// What an officer may do at a task now: every screen asks here before it offers an act. The house decides again, and
// what stands here is held against what it decides (tests/test_every_companion.py; models/rules/acts.py).

import { entityOf } from "./record_overlay.js";
import { asked, inspected, maySample, onSite, online, openGaps, ownOf, section, settled } from "./sheet.js";
import { localDay } from "./words.js";

const LEDGER = ["assigned", "network_checked", "scheduled"]; // the network check is still open
const PLANNING = [...LEDGER, "unreachable"];
const REPLACED = [...PLANNING, "on_site"];
const VISITED = ["on_site", "concluded"];
const MARKED = [...VISITED, "entered"];
const HEARD = [...MARKED, "refused", "unreachable"];
const ENDED = ["concluded", "entered", "reviewed", "recorded", "published"];
const REPORTED = ["on_site", "refused", "unreachable", ...ENDED]; // a laboratory's report, however late
const REOPENED = ["entered", "reviewed", "recorded"]; // only for a department that was left out
const UNCONFIRMED = ["approved", "failed", "by_hand", "sent", "opened"]; // letters that nobody has answered yet

/** @param {Task} task */
const isOpen = (task) => section(task)?.final === false && task.state === "on_site";
/** @param {Task} task @param {number} at */
const isTheDay = (task, at) => Boolean(task.code) && task.code.day === localDay(at);
/** @param {Task} task @param {string} about */
const about = (task, about) => task.photos.filter((one) => one.about === about);
/** @param {Task} task */
const untold = (task) => PLANNING.includes(task.state) && (UNCONFIRMED.includes(task.notice) || (Boolean(task.notice) && task.state === "unreachable"));
/** @param {Task} task */
const closed = (task) => task.sections.every((one) => one.final || !task.questions.some((q) => q.department === one.department && !settled(q) && asked(task, q)));
/** @param {Task} task */
const lastOf = (task) => task.record?.versions.at(-1);
/** @param {Task} task  the version under which somebody may sign */
const signable = (task) => (task.record?.current ? lastOf(task) : undefined);

/** @param {Task} task @param {number} at */
const seenThere = (task, at) => about(task, "place").some((one) => !task.missed_at || !one.at || one.at > task.missed_at);

/** @param {Task} task  the orders to rectify of the own department  @returns {any[]} */
const own = (task) => (task.orders ?? []).filter((/** @type {any} */ one) => one.mine);

/** @param {Task} task  the rechecks that this officer holds  @returns {any[]} */
const rechecks = (task) => (task.orders ?? []).flatMap((/** @type {any} */ one) => one.rechecks).filter((/** @type {any} */ one) => one.mine);
/** @param {Task} task  those that can go on */
const going = (task) => rechecks(task).filter((one) => one.on);
/** @param {Task} task  those whose record can be signed */
const written = (task) => rechecks(task).filter((one) => one.ended_at && (one.on || one.settled));

// By act: whether it may be done, or to which things, each as the fields that name it.
/** @type {Record<string, (task: Task, at: number) => boolean | Said[]>} */
const RULES = {
  accept: (task) => !task.accepted && PLANNING.includes(task.state),
  reply: (task) => Boolean(task.proposed_from) && !task.leader && PLANNING.includes(task.state),
  ask_out: (task) => REPLACED.includes(task.state),
  telephoned: untold,
  handed: untold,
  find: (task) => (LEDGER.includes(task.state) ? online(task) : isOpen(task) ? online(task).filter(settled) : []).map((one) => ({ question: one.n })),
  close_network: (task) => task.leader && task.state === "assigned",
  end_online: (task) => task.leader && LEDGER.includes(task.state),
  propose: (task) => task.leader && PLANNING.includes(task.state) && task.days?.length > 0,
  fix: (task) => task.leader && Boolean(task.proposed_from) && PLANNING.includes(task.state) && task.state !== "assigned",
  withhold: (task) => task.leader && PLANNING.includes(task.state) && !task.notice,
  postponement: (task) => (task.leader && task.wish ? [false, ...(PLANNING.includes(task.state) ? [true] : [])].map((granted) => ({ wish: task.wish.id, granted })) : []),
  entrust: (task) => task.leader && LEDGER.includes(task.state),
  entrust_end: (task) => (task.leader && [...LEDGER, "on_site"].includes(task.state) ? task.agencies.filter((one) => !one.ended_at && one.id).map((one) => ({ entrustment: one.id })) : []),
  begin: (task, at) => task.leader && task.state === "scheduled" && Boolean(task.visit_from) && localDay(at) >= localDay(task.visit_from),
  arrive_located: isTheDay,
  arrive_by_hand: isTheDay,
  refusal: (task, at) => isTheDay(task, at) && !task.refusal,
  confirm_refusal: (task) => (task.refusal && !task.refusal.confirmed && task.refusal.by !== task.me && about(task, "refusal").length ? [{ report: task.refusal.id }] : []),
  absence: (task, at) => isTheDay(task, at) && !task.absence && seenThere(task, at),
  confirm_absence: (task, at) => (isTheDay(task, at) && task.absence && task.absence.by !== task.me ? [{ report: task.absence.id }] : []),
  suspend: (task) => task.leader && task.state === "on_site",
  answer: (task) => (isOpen(task) ? onSite(task).map((one) => ({ question: one.n })) : []),
  finalise: (task) => isOpen(task) && onSite(task).length > 0 && !openGaps(task).length,
  reopen: (task) => (task.state === "on_site" ? (task.reopenable ?? []).map((one) => ({ department: one })) : []),
  sample: (task) => (isOpen(task) ? onSite(task).filter((one) => !one.waiting && maySample(task, one)).map((one) => ({ question: one.n })) : []),
  sample_report: (task) => (REPORTED.includes(task.state) ? task.samples.filter((one) => !one.outcome && one.id && isOwn(task, one)).map((one) => ({ sample: one.id })) : []),
  conclude: (task) => task.leader && ((task.state === "on_site" && closed(task)) || task.state === "refused" || (task.state === "unreachable" && task.tried)),
  record_hear: (task) => HEARD.includes(task.state),
  record_draw: (task) => Boolean(task.record?.drawable),
  record_sign: (task) => {
    const one = signable(task), entity = one && entityOf(one);
    if (!one) return [];
    return [...(entity && !entity.refused ? [] : [{ role: "entity" }]), ...one.missing.map((/** @type {any} */ member) => ({ role: "officer", officer: member.id }))];
  },
  record_refuse: (task) => Boolean(signable(task)) && !entityOf(signable(task)),
  photo_void: (task) => (["scheduled", ...MARKED].includes(task.state) ? kept(task).filter((one) => task.leader || one.by === task.me).map((one) => ({ photo: one.id })) : []),
  photo_mark: (task) => (MARKED.includes(task.state) ? kept(task).filter((one) => !one.unprintable).map((one) => ({ photo: one.id })) : []),
  correction: (task) => (task.entity?.corrections ?? []).filter((/** @type {any} */ one) => one.accepted === null && one.mine).map((/** @type {any} */ one) => ({ correction: one.id })),
  enter: (task) => task.samples.every((one) => one.outcome || !isOwn(task, one)) && (task.state === "concluded" ? inspected(task).includes(task.department) : REOPENED.includes(task.state) && Boolean(ownResult(task)?.silent)),
  revision_propose: (task) => Boolean(task.correct),
  confirm: (task) => task.leader && task.state === "concluded" && task.departments.some((one) => one.entered) && task.departments.every((one) => one.entered || one.silent),
  rectify: (task) => (task.orderable ?? []).length > 0,
  verify: (task) => own(task).filter((one) => one.provable).map((one) => ({ order: one.id })),
  rectify_extend: (task) => own(task).filter((one) => one.open).map((one) => ({ order: one.id })),
  recheck_set: (task) => own(task).filter((one) => one.provable).map((one) => ({ order: one.id })),
  recheck_begin: (task, at) => going(task).filter((one) => !one.begun_at && localDay(at) >= localDay(one.begins)).map((one) => ({ recheck: one.id })),
  recheck_end: (task) => going(task).filter((one) => one.begun_at && !one.ended_at).map((one) => ({ recheck: one.id })),
  recheck_sign: (task) => written(task).flatMap((one) => [
    ...one.missing.map((/** @type {any} */ who) => ({ recheck: one.id, officer: who.id })),
    ...(one.hands.some((/** @type {any} */ hand) => hand.role === "entity" && !hand.refused) ? [] : [{ recheck: one.id, officer: "" }]),
  ]),
  recheck_refuse: (task) => written(task).filter((one) => !one.hands.some((/** @type {any} */ hand) => hand.role === "entity")).map((one) => ({ recheck: one.id })),
  receipt: (task) => task.leader && ENDED.includes(task.state),
  photo: (task, at) => [
    ...(isOpen(task) ? onSite(task).map((one) => ({ question: one.n })) : []),
    ...(isTheDay(task, at) ? [{ about: "refusal" }, { about: "place" }] : []),
    ...(going(task).some((one) => one.begun_at && !one.ended_at) ? [{ about: "recheck" }] : []),
    ...(VISITED.includes(task.state) ? [{ about: "sample" }, { about: "record" }] : []),
  ],
};

/** @param {Task} task */
export const ownResult = (task) => task.departments.find((one) => one.department === task.department);
/** @param {Task} task */
const kept = (task) => task.photos.filter((one) => !one.local);
/** @param {Task} task @param {any} sample */
const isOwn = (task, sample) => !sample.question || ownOf(task).some((one) => one.n === sample.question);

// The things to which an act may be done, each as the fields that name it; one without fields where it needs none.
/** @param {Task} task @param {string} act @param {number} at  milliseconds since 1970 @returns {Said[]} */
export function targets(task, act, at) {
  const found = RULES[act](task, at);
  return Array.isArray(found) ? found : found ? [{}] : [];
}

// True if the act may be done; with `said`, to the thing that these fields name.
/** @param {Task} task @param {string} act @param {number} at @param {Said} [said] */
export const may = (task, act, at, said = {}) =>
  targets(task, act, at).some((one) => Object.entries(said).every(([name, value]) => one[name] === value));

export const ACTS = Object.keys(RULES);
