"""方案草案: a scheme is drafted from a published plan's entry, signed by the heads of its crews, and takes effect (Art. 13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import recipients
from models.procedure.scheme import entry_of_plan, put_in_force, refuse_short_crews
from models.queries import scheme_drafts, scheme_figures
from models.queries.known import known
from models.queries.planned import entry_value
from models.queries.scheme_drafts import DraftOfScheme
from models.refusal import Refusal
from models.rules import scheme as rules
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.scheme import ARTICLE
from models.rules.scheme_draft import SchemeForm, checked, content_of, file_of
from models.rules.scheme_figures import SchemeFigures
from models.rules.workdays import Calendar
from models.states import PlanState
from models.tables import Batch, PlanEntry, Scheme, SchemeDraft

LONGEST = 500


@store.transactional
async def put(form: SchemeForm, reason: str = "", *, by: Actor, at: datetime, most: int = 0) -> DraftOfScheme:
    """Keep a scheme as it is filled in; what is changed nobody has signed any more.

    An adopted one is amended, with the reason; its committed batches stay as they are. Refuses what a signed file
    would be refused for, quantities above the pool included. `most`: the district's cap on visits of a year.
    """
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    entry, scheme = await _checked(form, by)
    await event.lock(f"chain scheme:{scheme.code}")
    why = text.visible(reason).strip()[:LONGEST]
    await _refuse_other(scheme, why)
    planned, initiating = entry_value(entry), entry.plan.department
    await refuse_short_crews(scheme.batches, planned.items)
    today = await scheme_figures.sort(scheme.code, scheme.batches, planned, initiating, most=most)
    for batch in scheme.batches:
        if eligible := today.eligible.get(batch.code):
            rules.check_quantities(batch, planned, eligible.sizes, eligible.spent)
    rules.check_together(today.together, today.sizes, today.again)
    content = content_of(scheme.batches)
    row = await SchemeDraft.get_or_none(code=scheme.code, adopted_at=None, dropped_at=None)
    if row is None:
        row = await SchemeDraft.create(
            code=scheme.code, entry=entry.code, batches=content, signatures={}, reason=why, begun_by=by.mark, begun_at=at
        )  # fmt: skip
    elif (row.entry, row.batches, row.reason) != (entry.code, content, why):
        row.entry, row.batches, row.reason, row.signatures, row.asked_at = entry.code, content, why, {}, None
        await row.save()
    await _record(row, "scheme.drafted", by, at)
    return await scheme_drafts.draft_of(row)


async def counted(form: SchemeForm, calendar: Calendar, *, by: Actor, most: int = 0) -> SchemeFigures:
    """What the form comes to before it is kept. Changes nothing."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    entry, scheme = await _checked(form, by)
    return await scheme_figures.figures(
        scheme.code, scheme.batches, entry_value(entry), entry.plan.department, calendar, most=most
    )


@store.transactional
async def ask(draft_id: int, *, by: Actor, at: datetime) -> DraftOfScheme:
    """Ask the heads who have not signed what stands now, each once."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _draft(draft_id)
    _own((await entry_of_plan(row.entry)).plan.department, by)
    silent = [line.department for line in (await scheme_drafts.draft_of(row)).crews if line.agreed is None]
    if row.asked_at or not silent:
        return await scheme_drafts.draft_of(row)
    row.asked_at = at
    await row.save(update_fields=["asked_at"])
    happened = await _record(row, "scheme.signatures_asked", by, at)
    await recipients.tell(
        await recipients.heads(silent), "scheme.sign_asked", key=f"sign:{row.id}:{happened.seq}", at=at,
        chain=f"scheme:{row.code}", draft=row.id,
    )  # fmt: skip
    return await scheme_drafts.draft_of(row)


@store.transactional
async def sign(
    draft_id: int,
    agree: bool,
    reason: str = "",
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    most: int = 0,
) -> DraftOfScheme:
    """The head of a department that sends officers signs, or objects with a reason. With the last signature the scheme
    takes effect and its batches may be committed; until then a head may say otherwise. Refuses to promise officers whom
    the department does not have: the draw could not be committed. `most`: the district's cap on visits of a year."""
    require(by, Role.HEAD, article=ARTICLE)
    if await event.find_by_key(key):
        return await scheme_drafts.draft_of(await SchemeDraft.get(id=draft_id))
    row = await _draft(draft_id)
    drafted = await scheme_drafts.draft_of(row)
    if by.department not in {line.department for line in drafted.crews}:
        raise Refusal("scheme.not_in_crew", ARTICLE, scheme=row.code)
    why = text.visible(reason).strip()[:LONGEST]
    if not agree and not why:
        raise Refusal("scheme.objection_needs_reason", ARTICLE)
    if agree:
        await _refuse_short(drafted, by.department, most)
    row.signatures = {
        **row.signatures,
        by.department: {
            "agreed": agree, "reason": "" if agree else why, "by": by.mark, "name": by.name or by.mark, "at": at.isoformat(),
        },
    }  # fmt: skip
    await row.save(update_fields=["signatures"])
    happened = await _record(
        row,
        "scheme.signed" if agree else "scheme.objected",
        by,
        at,
        key=key,
        department=by.department,
        reason=why,
    )
    await outbox.enqueue_follow_up([f"scheme:{row.id}"], at=at)
    drafted = await scheme_drafts.draft_of(row)
    if drafted.complete:
        await _take_effect(row, drafted, by=by, at=at)
    if drafted.complete or not agree:
        await _tell(
            row, drafted, "scheme.in_force" if drafted.complete else "scheme.objected", happened.seq, by, at
        )
    return await scheme_drafts.draft_of(row)


@store.transactional
async def drop(draft_id: int, reason: str, *, by: Actor, at: datetime) -> DraftOfScheme:
    """Give a draft up with a reason; what is in force stays so."""
    require(by, Role.LIAISON, Role.OFFICE, article=ARTICLE)
    row = await _draft(draft_id)
    entry = await PlanEntry.get_or_none(code=row.entry).select_related("plan")
    if entry:  # the office alone gives up what stands on no plan any more
        _own(entry.plan.department, by)
    elif by.role != Role.OFFICE:
        raise Refusal("scheme.no_plan_entry", ARTICLE, entry=row.entry)
    if not (why := text.visible(reason).strip()[:LONGEST]):
        raise Refusal("scheme.drop_needs_reason", ARTICLE)
    row.dropped_at, row.dropped_by = at, by.mark
    await row.save(update_fields=["dropped_at", "dropped_by"])
    await _record(row, "scheme.draft_dropped", by, at, reason=why)
    await outbox.enqueue_follow_up([f"scheme:{row.id}"], at=at)
    return await scheme_drafts.draft_of(row)


async def _checked(form: SchemeForm, by: Actor) -> tuple[PlanEntry, rules.Scheme]:
    entry = await entry_of_plan(form.entry)
    _own(entry.plan.department, by)
    if entry.plan.state != PlanState.PUBLISHED:
        raise Refusal("scheme.no_plan_entry", ARTICLE, entry=entry.code)
    return entry, checked(form, entry_value(entry), entry.plan.department, await known(in_force=True))


async def _refuse_other(scheme: rules.Scheme, reason: str) -> None:
    """One number is one scheme of one entry; what is in force changes with a reason."""
    there = await Scheme.get_or_none(code=scheme.code)
    drafted = await SchemeDraft.get_or_none(code=scheme.code, adopted_at=None, dropped_at=None)
    if {there.entry_id if there else scheme.entry, drafted.entry if drafted else scheme.entry} != {
        scheme.entry
    }:
        raise Refusal("scheme.code_taken", ARTICLE, scheme=scheme.code)
    if there and not reason:
        raise Refusal("scheme.amendment_needs_reason", ARTICLE, scheme=scheme.code)
    numbers = [batch.code for batch in scheme.batches]
    if taken := await Batch.filter(code__in=numbers).exclude(scheme_id=scheme.code).first():
        raise Refusal("scheme.batch_taken", ARTICLE, batch=taken.code)


async def _refuse_short(drafted: DraftOfScheme, department: str, most: int) -> None:
    """A head promises no officers whom the register does not have."""
    for short in await scheme_drafts.shortages(drafted, most=most):
        if short.department == department:
            raise Refusal(
                "scheme.crew_short", ARTICLE, batch=short.batch, department=department, seats=short.seats,
                filled=short.filled,
            )  # fmt: skip


async def _take_effect(row: SchemeDraft, drafted: DraftOfScheme, *, by: Actor, at: datetime) -> None:
    entry = await entry_of_plan(row.entry)
    signed = {line.department: row.signatures[line.department]["name"] for line in drafted.crews}
    data = file_of(row.code, row.entry, drafted.form.batches, signed)
    await put_in_force(data, entry, by=by, at=at, amend=row.reason)
    row.adopted_at = at
    await row.save(update_fields=["adopted_at"])


async def _tell(
    row: SchemeDraft, drafted: DraftOfScheme, kind: str, seq: int, by: Actor, at: datetime
) -> None:
    """Who drafted, the own head and, once it is in force, every head of the crews; not whoever did it."""
    entry = await entry_of_plan(row.entry)
    heads = {entry.plan.department, *(line.department for line in drafted.crews if drafted.complete)}
    to = (
        await recipients.heads(sorted(heads))
        + await recipients.liaisons([entry.plan.department])
        + await recipients.office()
    )
    await recipients.tell(
        to.but(by.account), kind, key=f"scheme:{row.code}:{seq}", at=at, chain=f"scheme:{row.code}", draft=row.id,
        department=by.department,
    )  # fmt: skip


def _own(department: str, by: Actor) -> None:
    if by.role != Role.OFFICE and by.department != department:
        raise Refusal("plan.other_department", ARTICLE, department=department)


async def _draft(draft_id: int) -> SchemeDraft:
    """The open draft, once nobody else acts on this scheme."""
    row = await SchemeDraft.get_or_none(id=draft_id)
    if row is None:
        raise Refusal("scheme.draft_unknown", ARTICLE)
    await event.lock(f"chain scheme:{row.code}")
    row = await SchemeDraft.get(id=draft_id)
    if row.adopted_at or row.dropped_at:
        raise Refusal("scheme.draft_over", ARTICLE, scheme=row.code)
    return row


async def _record(
    row: SchemeDraft, kind: str, by: Actor, at: datetime, key: str | None = None, **data: Any
) -> Any:
    return await event.record(f"scheme:{row.code}", kind, by=by, at=at, key=key, draft=row.id, **data)
