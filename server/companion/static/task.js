// One task: what it is, who goes, where it stands, and the next thing to do as one large button.

import { h } from "./dom.js";
import * as store from "./store.js";
import { asked, failures, nextOpen, onSite, online, openGaps, progress, settled } from "./sheet.js";
import { bar, gone, link, standing, troubles } from "./widgets.js";
import { assisting } from "./methods.js";
import { day, moment, span, t } from "./words.js";
import { recordOffer } from "./record.js";
import { offer as heard } from "./entity.js";
import { offer as orders } from "./orders.js";
import { toast } from "./toast.js";
import { arrived } from "./arrival.js";
import { otherwise, pending } from "./onsite.js";
import { departments } from "./departments.js";
import { may, ownResult } from "./offers.js";

export function taskScreen(number) {
  const task = store.task(number);
  if (!task) return gone();
  const [first, ...others] = offers(task);
  return {
    title: task.target, under: task.number, back: "/",
    main: [
      troubles(task, store),
      pending(task),
      h("section.card", {},
        h("p.over", {}, h("span.chip.deep", {}, t(`state.${task.state}`)), task.notice && h("span.chip", {}, t(`field.notice.${task.notice}`)), standing(task)),
        h("h2.head", {}, task.target),
        h("p", {}, task.address, " ", h("button.small", { onclick: () => copy(task.address) }, t("field.copy"))),
        facts(task)),
      first && h("div.first", {}, first),
      staffing(task),
      may(task, "postponement", store.now()) && wish(task),
      unsent(task),
      h("div.others", {}, heard(task), orders(task), others),
      otherwise(task),
      assisting(task),
      team(task),
      h("details.card", {}, h("summary", {}, t("field.items")), h("ul", {}, task.items.map((one) => h("li", {}, one)))),
    ],
  };
}

// What waits on the team's phones, as they said last; this phone knows better what lies on itself.
const onPhones = (task) => (task.unsent ?? []).filter((one) => !one.mine || !store.waitingOf(task.number));

function unsent(task) {
  const found = onPhones(task);
  return found.length > 0 && h("section.card.ask", { id: "unsent", role: "status" }, h("h2", {}, t("field.unsent")),
    found.map((one) => h("p", {}, t("field.unsent.line", { name: one.name, n: one.n, at: moment(one.at) }))), h("p.soft", {}, t("field.unsent.text")));
}

function facts(task) {
  const rows = [];
  if (task.proposed_from) rows.push([t("field.proposed"), span(task.proposed_from, task.proposed_until)]);
  if (task.visit_from) rows.push([t("field.visit"), span(task.visit_from, task.visit_until)]);
  else rows.push([t("field.window_label"), t("field.window", { opens: day(task.opens), closes: day(task.closes) })]);
  if (task.due && task.state === "concluded") rows.push([t("field.due_label"), day(task.due) + (task.provisional ? t("field.provisional") : "")]);
  if (task.returned && task.state === "concluded") rows.push([t("field.returned"), task.returned]);
  if (task.result.length) rows.push([t("field.result.title"), task.result.map((one) => t(`result.${one}`)).join("、")]);
  return h("dl", {}, rows.map(([term, said]) => [h("dt", {}, term), h("dd", {}, said)]));
}

function team(task) {
  return h("section.card", {}, h("h2", {}, t("field.team", { n: task.team })),
    h("ul.plain", {}, task.members.map((one) => h("li.row", {},
      h("span", {}, one.name, one.leader && h("span.chip", {}, t("field.leader")), one.id === task.me && h("span.chip", {}, t("field.i"))),
      h("span.soft", {}, memberState(task, one))))),
    h("ul.plain.sections", {}, task.sections.map((one) => {
      const own = one.department === task.department ? { ...one, ...progress(task) } : one;
      return h("li", {}, h("span.row", {}, h("span", {}, own.name), h("span.soft", {}, own.final ? t("field.final") : `${own.done}/${own.all}`)), bar(own.done, own.all));
    })));
}

function staffing(task) {
  return (task.staffing ?? []).map((one) => h("p.found", {}, `${one.name} ${t(`web.unfit.${one.why}`)}${one.asked ? ` · ${t("field.staffing.asked")}` : ""}`));
}

function memberState(task, one) {
  if ((one.present && task.state === "on_site") || arrived(task, one.id)) return t("field.present");
  if (task.proposed_from) return t(one.agreed === null ? "field.reply.none" : one.agreed ? "field.reply.yes" : "field.reply.no");
  return t(one.accepted ? "field.accepted" : "field.not_accepted");
}

// What this officer may do now, the next thing first.
function offers(task) {
  const found = [], now = store.now();
  const act = (name, said, kind = "", more = {}) => found.push(h("button.main", { class: kind, onclick: async () => { await store.act(task.number, name, more); toast(t(`field.did.${name}`)); } }, said));
  const open = (path, said, kind = "") => found.push(h("a.button", { class: kind, href: `#${path}` }, said));
  if (may(task, "accept", now)) act("accept", t("field.do.accept"), "good");
  if (may(task, "reply", now)) {
    const say = (can) => () => store.act(task.number, "reply", { can, begins: task.proposed_from });
    found.push(h("p.when", {}, t("field.reply.asked", { time: span(task.proposed_from, task.proposed_until) })));
    found.push(task.agreed === null
      ? h("div.pair", {}, h("button.main.good", { onclick: say(true) }, t("field.do.can")), h("button.main.bad", { onclick: say(false) }, t("field.do.cannot")))
      : h("button.quiet", { onclick: say(!task.agreed) }, t(task.agreed ? "field.do.cannot_after_all" : "field.do.can_after_all")));
  }
  const recordFirst = task.record?.closed && !(task.record.heard ?? task.record.signed);
  if (recordFirst) recordOffer(task, open);
  if (task.state === "on_site") checklist(task, open, found);
  if (!recordFirst) recordOffer(task, open);
  if (task.state === "on_site" && task.reopenable?.length) open(link(task, "reopen"), t("reopen.title"), "quiet");
  if (may(task, "arrive_by_hand", now)) open(link(task, "arrive"), t("onsite.do.arrive"), arrived(task) ? "" : "main");
  if (may(task, "find", now)) {
    const looked = online(task).filter((one) => one.found).length;
    open(link(task, "network"), t("field.do.network", { done: looked, all: online(task).length }), task.state === "assigned" && looked < online(task).length ? "main" : "");
  }
  const lines = departments(task);
  if (lines) found.push(lines);
  if (may(task, "enter", now)) open(link(task, "result"), t(ownResult(task)?.entered ? "field.do.result_anew" : "field.do.result", { n: failures(task).length }), ownResult(task)?.entered ? "" : "main");
  if (may(task, "revision_propose", now)) open(link(task, "revise"), t("field.revision.title"), task.correct.asked ? "main" : "quiet");
  if (task.leader) leading(task, open, found, now);
  if (may(task, "telephoned", now)) {
    open(link(task, "phone"), t("field.do.telephoned"));
    open(link(task, "handed"), t("field.handed.title"));
  }
  if (may(task, "ask_out", now)) {
    found.push(h("div.pair", {}, h("a.button.quiet", { href: `#${link(task, "out", "recuse")}` }, t("field.do.recuse")),
      h("a.button.quiet", { href: `#${link(task, "out", "excuse")}` }, t("field.do.excuse"))));
  }
  return found;
}

function checklist(task, open, found) {
  const { done, all } = progress(task);
  if (!onSite(task).length) return;
  if (task.draft === "final") open(link(task, "jump"), t("field.do.look"));
  else if (openGaps(task).length) open(link(task, "q", (nextOpen(task) ?? openGaps(task)[0].question).n), t("field.do.checklist", { done, all }), "main");
  else open(link(task, "end"), t("field.do.finalise"), "main good");
}

function leading(task, open, found, now) {
  if (may(task, "begin", now)) open(link(task, "begin"), t("field.do.begin"), "main good");
  const waiting = task.sections.filter((one) => !one.final && task.questions.some((q) => q.department === one.department && !settled(q) && asked(task, q)));
  if (may(task, "conclude", now)) found.push(h("button.main.good", { onclick: () => conclude(task) }, t("field.do.conclude")));
  else if (task.state === "on_site") found.push(h("p.card.soft", {}, t("field.sections_open", { sections: waiting.map((one) => one.name).join("、") })));
  else if (task.state === "unreachable") found.push(h("p.card.soft", { id: "tries-due" }, t("field.tries_due")));
  if (may(task, "confirm", now)) found.push(h("button.main.good", { onclick: () => confirmResult(task) }, t("field.do.confirm")));
  if (task.state === "concluded" && task.samples.some((one) => !one.outcome)) found.push(h("p.card.soft", {}, t("field.reports_due")));
  if (may(task, "receipt", now)) open(link(task, "receipt"), t("button.receipt"), task.receipt || ["concluded", "entered"].includes(task.state) ? "quiet" : "main");
  if (task.days || task.proposed_from) open(link(task, "visit"), t(task.proposed_from ? "field.do.proposal" : "field.do.visit"), task.state === "network_checked" ? "main" : "");
  if (may(task, "close_network", now)) found.push(h("button", { onclick: () => closeNetwork(task) }, t("field.do.close_network")));
  if (may(task, "withhold", now)) open(link(task, "out", "withhold"), t("field.do.withhold"), "quiet");
}

async function confirmResult(task) {
  const left = task.departments.filter((one) => one.silent).map((one) => one.name);
  if (left.length && !confirm(t("field.sure.confirm", { names: left.join("、") }))) return;
  await store.act(task.number, "confirm");
  toast(t("field.did.confirm"));
}

async function conclude(task) {
  if (onPhones(task).length && !confirm(t("field.sure.conclude_unsent", { names: onPhones(task).map((one) => one.name).join("、") }))) return;
  if (!confirm(t(task.record && !task.record.signed ? "field.sure.conclude_unsigned" : "field.sure.conclude"))) return;
  await store.act(task.number, "conclude");
  toast(t("field.did.conclude"));
}

async function closeNetwork(task) {
  const open = task.questions.filter((one) => one.network !== "no" && !one.found && asked(task, one)).map((one) => one.n);
  if (open.length && !confirm(t("field.sure.close_network", { n: open.length, numbers: open.join("、") }))) return;
  await store.act(task.number, "close_network");
  toast(t("field.did.close_network"));
}

function wish(task) {
  const decide = (granted) => store.act(task.number, "postponement", { wish: task.wish.id, granted });
  return h("section.card.ask", {}, h("h2", {}, t("field.wish")), h("p", {}, task.wish.reason), task.wish.wanted && h("p", {}, task.wish.wanted),
    task.wish.begins && h("p.when", {}, t("field.entity.wanted", { time: span(task.wish.begins, task.wish.ends) })),
    h("div.pair", {}, may(task, "postponement", store.now(), { granted: true }) && h("button.main", { onclick: () => decide(true) }, t("field.do.grant")), h("button", { onclick: () => decide(false) }, t("field.do.keep"))));
}

async function copy(text) {
  await navigator.clipboard?.writeText(text).catch(() => {});
  toast(t("field.copied"));
}
