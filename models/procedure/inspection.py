"""组织检查: network check, visit, answers, closing of sections, end of the visit (Art. 16).

Nothing is overwritten: each answer is a new version, and the newest stands.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from tortoise.models import Model

from models import store
from models.district import District
from models.fields import readable_json
from models.operations import event, outbox
from models.procedure import method as methods
from models.procedure import notice, notice_records, notification, recipients, record, reopening, suspension
from models.procedure import task as tasks
from models.queries import clash
from models.queries import contact as contacts
from models.queries import record as records
from models.queries.question import QuestionCard, from_elsewhere, with_rivals
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist, contact, fitness, text, visit
from models.rules.actor import Actor
from models.rules.checklist import Ask, ChecklistSheet, TypedValue
from models.rules.online import reopens
from models.rules.text import visible
from models.states import UNTIL_CONCLUDED
from models.states import TaskState as T
from models.tables import Answer, Assignment, Batch, NetworkFinding, Task


@store.transactional
async def find_online(
    number: str,
    question: int,
    verdict: str,
    finding: str,
    source: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    link: str = "",
    screenshot: str = "",
    key: str | None = None,
) -> None:
    """A row of the network check's ledger: `verdict` pass, fail or open (goes on to the site).

    A finding without a source is refused; so is changing a settled one without a reason. Once the visit has begun a point
    that was settled may be opened, to be inspected on site, while its section is not final; nothing else changes. `link` is
    kept as text, nothing is ever fetched from it (D67); `screenshot` names an object that is stored already.
    """
    task = await tasks.find(number)
    if await event.find_by_key(key):
        return
    ask, sheet = await _own_question(task, question, by)
    tasks.in_state(task, *UNTIL_CONCLUDED, article="16(1)")
    if ask.network == "no":
        raise Refusal("network.not_online", article="16(1)", number=question)
    if verdict not in ("pass", "fail", "open") or not visible(source).strip() or not visible(finding).strip():
        raise Refusal("network.no_source", article="16(1)", number=question)
    before = sheet.network.get(question)
    if task.state == T.ON_SITE:
        reopens(ask, sheet, verdict, number)
    if before and before.settles and not visible(reason).strip():
        raise Refusal("network.reopening_needs_reason", article="16(1)", number=question)
    if checklist.settles(ask, verdict) and ask.kind in ("NUM", "DATE"):
        finding = checklist.read(ask, finding, visit.local_day(at)).value
    link = checklist.read_link(link)
    if screenshot and not await store.objects.exists(screenshot):
        raise Refusal("photo.gone", article="16(1)")
    row = await NetworkFinding.create(
        task=task, question_id=ask.id, version=before.version + 1 if before else 1, verdict=verdict,
        source=source.strip(), finding=finding.strip(), reason=reason, link=link, screenshot=screenshot, by=by.id,
        at=at,
    )  # fmt: skip
    proof = {name: value for name, value in (("link", link), ("screenshot", screenshot)) if value}
    await tasks.note(
        task, "network.found", by=by, at=at, key=key, rows=[row], question=question, verdict=verdict,
        source=source, finding=finding, **proof,
    )  # fmt: skip


@store.transactional
async def close_network_check(number: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The leader ends the network check; what it did not settle goes on to the site."""
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if await event.find_by_key(key) or task.state == T.NETWORK_CHECKED:
        return
    tasks.in_state(task, T.ASSIGNED, article="16(1)")
    sheet = await sheet_of(task)
    await tasks.to(task, T.NETWORK_CHECKED, "16(1)")
    await tasks.note(
        task,
        "network.closed",
        by=by,
        at=at,
        key=key,
        settled=[a.number for a in sheet.asks if sheet.settled(a)],
        on_site=[a.number for a in sheet.asks if not sheet.settled(a)],
    )


@store.transactional
async def begin(
    number: str, present: list[str], *, by: Actor, at: datetime, reason: str = "", untold: str = "",
    key: str | None = None,
) -> None:  # fmt: skip
    """The visit begins, or goes on after 改日再查. `present`: inspectors on site.

    Fewer than two of a department need a reason; so does a visit of which the entity was not told (`untold`). Both
    stay with the task and show on its record.
    """
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if await event.find_by_key(key) or task.state == T.ON_SITE:
        return
    tasks.in_state(task, T.SCHEDULED, article="16(2)")
    if task.visit_from is None:
        raise Refusal("visit.no_time", article="16(2)", task=number)
    if visit.local_day(at) < visit.local_day(task.visit_from):
        raise Refusal("visit.too_early", article="16(2)", day=visit.local_day(task.visit_from))
    await _fit_to_begin(task, present, reason, at)
    told = await notice_records.reached(task)
    if not told and not visible(untold).strip():
        raise Refusal("visit.not_told", article="16(2)", task=number)
    arrived = Assignment.filter(task=task, until=None, inspector_id__in=present)
    await arrived.update(arrived_at=at)
    resumed = await suspension.resume(task, at=at)
    first = {"started_at": at, "started_short": reason} if resumed is None else {}
    without = "" if told else untold.strip()
    if without:
        first["started_untold"] = "; ".join(filter(None, (task.started_untold, without)))
    await tasks.to(task, T.ON_SITE, "16(2)", **first)
    await tasks.note(
        task,
        "visit.begun",
        by=by,
        at=at,
        key=key,
        rows=[*await arrived, *([resumed] if resumed else [])],
        present=sorted(present),
        reason=reason,
        **({"untold": without} if without else {}),
    )


async def _fit_to_begin(task: Task, present: list[str], reason: str, at: datetime) -> None:
    """Refuse a beginning with strangers, with nobody, with one who may not be there or is at another visit, or short of
    officers (Art. 15)."""
    seats = Assignment.filter(task=task, until=None).select_related("inspector")
    serving = {str(seat.inspector_id): seat for seat in await seats}
    if strangers := [code for code in present if code not in serving]:
        raise Refusal("visit.not_of_the_team", article="15", inspector=strangers[0])
    if not present:
        raise Refusal("visit.nobody_present", article="16(2)")
    for code in present:
        officer = serving[code].inspector
        if why := fitness.absent(officer, visit.local_day(at)):
            raise Refusal("visit.unfit_present", article="10", name=officer.name, ground=why)
    if away := await clash.at_other_visits(task, present):
        names = [serving[code].inspector.name for code in present if code in away]
        raise Refusal("visit.present_elsewhere", article="15", names=names)
    crew = {seat.department for seat in serving.values()}
    short = visit.short_handed(crew, [serving[code].department for code in present])
    if short and not visible(reason).strip():
        raise Refusal("visit.short_handed", article="16(2)", departments=short)


@store.plain
async def answer(
    number: str,
    question: int,
    *,
    by: Actor,
    at: datetime,
    verdict: str | None = None,
    value: str | None = None,
    note: str | None = None,
    method: str | None = None,
    seen: int | None = None,
    key: str | None = None,
    source: str = "",
) -> QuestionCard:
    """Answer a question, or complete its answer: verdict, typed value, note and method may come one by one.

    `seen` is the version the officer had before them. What a colleague wrote since, or the officer elsewhere, is kept
    beside it, and one of the two must choose (D22). `value` is read as the question demands; a doubtful date is refused
    as `checklist.date_unsure` until it is written out. What the screen shows afterwards comes back.
    """
    served = await tasks.served(number, by, key)
    task, card = served.task, served.card
    ask, sheet = _question_of(card, question), card.sheet
    if served.done:
        return card
    _answerable(task, ask, sheet)
    before = sheet.given.get(question, checklist.GivenAnswer())
    typed = _typed(ask, value, at) if value is not None else before.value
    wording = checklist.check_verdict(ask, verdict).value if verdict is not None else before.verdict
    remark = text.visible(note).strip() if note is not None else before.note
    how = await methods.checked(task, ask, method) if method is not None else before.method
    content = (wording, typed, remark, how)
    if content == (before.verdict, before.value, before.note, before.method) and not before.conflict:
        return card
    unseen = seen is not None and before.version > seen
    unseen = unseen and (before.by != by.id or await from_elsewhere(task.id, ask.id, before.version, source))
    clash = unseen and (
        (verdict is not None and before.verdict not in ("", wording))
        or (value is not None and before.value not in ("", typed))
        or (note is not None and before.note not in ("", remark))
    )
    unsettled = before.conflict and seen is not None and before.version > seen
    await _write(
        task,
        ask,
        before.version + 1,
        *content,
        by=by,
        at=at,
        key=key,
        source=source,
        conflict=clash or unsettled,
    )
    given = checklist.GivenAnswer(
        before.version + 1, wording, typed, remark, before.photos, clash or unsettled, by.id, how,
        visit.local_day(at).isoformat(), before.samples,
    )  # fmt: skip
    return await with_rivals(replace(card, sheet=sheet.with_answer(question, given)))


@store.transactional
async def undo(number: str, *, by: Actor, at: datetime, key: str | None = None) -> ChecklistSheet:
    """Take back the officer's own last answer: the version before it stands again."""
    task = await tasks.find(number)
    await tasks.serving(task, by)
    if not await event.find_by_key(key):
        last = await Answer.filter(task=task, by=by.id).order_by("-id").select_related("question").first()
        sheet = await sheet_of(task)
        ask = next((a for a in sheet.asks if last and a.id == last.question.id), None)
        if last is None or ask is None or sheet.given[ask.number].version != last.version:
            raise Refusal("checklist.nothing_to_undo", article="16", task=number)
        _answerable(task, ask, sheet)
        earlier = await Answer.get_or_none(task=task, question_id=ask.id, version=last.version - 1)
        content = (
            (earlier.verdict, earlier.value, earlier.note, earlier.method) if earlier else ("", "", "", "")
        )
        await _write(task, ask, last.version + 1, *content, by=by, at=at, key=key, source="undo")
    return await sheet_of(task)


@store.transactional
async def finalise(number: str, *, by: Actor, at: datetime, key: str | None = None) -> ChecklistSheet:
    """定稿: close the officer's department's section; refused with the list of gaps while there are any."""
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    sheet = await sheet_of(task)
    if await event.find_by_key(key) or mine.department in sheet.closed:
        return sheet
    tasks.in_state(task, T.ON_SITE, article="16(3)")
    if missing := checklist.open_gaps(sheet, mine.department):
        listed = [(ask.number, [str(gap) for gap in kinds]) for ask, kinds in missing]
        raise Refusal("checklist.gaps", article="16(3)", task=number, gaps=listed, count=len(listed))
    closed = await reopening.close_section(task, mine.department, _hash(sheet, mine.department), by, at)
    await tasks.note(
        task, "section.finalised", by=by, at=at, key=key, rows=[closed], department=mine.department,
        version=closed.version,
    )  # fmt: skip
    return await sheet_of(task)


@store.transactional
async def conclude(
    number: str, *, by: Actor, at: datetime, district: District, key: str | None = None
) -> None:
    """结束检查: every section is final, or the visit could not be held (Art. 18); the 20 working days begin."""
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if await event.find_by_key(key) or task.state == T.CONCLUDED:
        return
    tasks.in_state(task, T.ON_SITE, T.REFUSED, T.UNREACHABLE, article="16(3)")
    if task.state == T.UNREACHABLE:
        contact.check_enough(await contacts.tries(task.id))
    sheet = await sheet_of(task)
    if task.state == T.ON_SITE and (
        waiting := [
            d for d in checklist.departments(sheet.asks) if d not in sheet.closed and sheet.on_site(d)
        ]
    ):
        raise Refusal("checklist.sections_open", article="16(3)", departments=waiting)
    due = district.calendar.nth_workday_after(visit.local_day(at))
    await tasks.to(
        task, T.CONCLUDED, "16(3)", ended_at=at, entry_due=due.date, due_provisional=due.provisional
    )
    told: list[Model] = [
        *await notice.page_afterwards(task, by=by, at=at, district=district),
        *await notification.owe(task, "concluded", at), *await record.ready(task, at),
    ]  # fmt: skip
    unsigned = [code for code, _, _ in (await records.papers(task.id)).missing]
    await tasks.note(
        task, "visit.concluded", by=by, at=at, key=key, rows=told, due=due.date.isoformat(),
        provisional=due.provisional, unsigned=unsigned,
    )  # fmt: skip
    accounts = list((await recipients.leader(task)).accounts)
    await outbox.enqueue_card_refresh(accounts, f"task:{number}", key=f"concluded:{number}", at=at)


async def batch_of(task: Task) -> Batch:
    """The batch that the task belongs to."""
    return await Batch.get(code=task.batch_id)


async def _own_question(task: Task, question: int, by: Actor) -> tuple[Ask, ChecklistSheet]:
    mine = await tasks.serving(task, by)
    sheet = await sheet_of(task)
    ask = sheet.ask(question)
    if ask.department != mine.department:
        raise Refusal("checklist.other_department", article="16(3)", number=question)
    return ask, sheet


def _question_of(card: QuestionCard, question: int) -> Ask:
    ask = card.sheet.ask(question)
    if ask.department != card.department:
        raise Refusal("checklist.other_department", article="16(3)", number=question)
    return ask


def _answerable(task: Task, ask: Ask, sheet: ChecklistSheet) -> None:
    if ask.department in sheet.closed:
        raise Refusal("checklist.final", article="16(3)", task=task.number)
    tasks.in_state(task, T.ON_SITE, article="16(2)")
    if sheet.settled(ask):
        raise Refusal("checklist.settled_online", article="16(1)", number=ask.number)


def _typed(ask: Ask, raw: str, at: datetime) -> str:
    typed: TypedValue = checklist.read(ask, raw, visit.local_day(at))
    if not typed.sure:
        raise Refusal("checklist.date_unsure", article="16", value=typed.value)
    return typed.value


async def _write(
    task: Task,
    ask: Ask,
    version: int,
    verdict: str,
    value: str,
    note: str,
    method: str,
    *,
    by: Actor,
    at: datetime,
    key: str | None,
    source: str,
    conflict: bool = False,
) -> None:
    [created] = await store.run_one(
        "INSERT INTO answer (task_id, question_id, version, verdict, value, note, \"by\", at, source, conflict, method) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        task.id, ask.id, version, verdict, value, note, by.id, at, source, conflict, method,
    )  # fmt: skip
    await tasks.note(
        task,
        "answer.given",
        by=by,
        at=at,
        key=key,
        rows=[Answer(id=created["id"])],
        question=ask.number,
        version=version,
        verdict=verdict,
        value=value,
        note=note,
        conflict=conflict,
        source=source,
        **({"method": method} if method else {}),
    )


def _hash(sheet: ChecklistSheet, department: str) -> str:
    """SHA-256 of what a section says when it is closed."""
    rows = []
    for ask in sheet.of(department):
        given, network = sheet.given.get(ask.number), sheet.network.get(ask.number)
        rows.append(
            [
                ask.number,
                given and [given.version, given.verdict, given.value, given.note, given.photos],
                network and [network.verdict, network.source, network.finding],
            ]
        )
    return hashlib.sha256(readable_json(rows).encode()).hexdigest()
