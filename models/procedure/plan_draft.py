"""计划草案: the liaison drafts, participants' heads consent, the own head hands in, the office publishes (Art. 12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import plan as plans
from models.procedure import recipients
from models.queries import plan_drafts
from models.queries.known import known
from models.queries.plan_drafts import Draft, DraftedEntry, EntryCount
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.plan import ARTICLE
from models.rules.plan_draft import EntryForm, checked, content_of, file_of
from models.rules.visit import local_day
from models.tables import DraftEntry, PlanDraft, PlanEntry


@store.transactional
async def put(year: int, form: EntryForm, *, by: Actor, at: datetime) -> Draft:
    """An entry of the own department's plan, new or changed; the first begins the draft, a published plan's entries in it.

    A changed entry has nobody's consent any more. Refuses what a signed file would be refused for.
    """
    require(by, Role.LIAISON, article=ARTICLE)
    if not 2000 <= year <= 2099:
        raise Refusal("plan.year", ARTICLE, key="year", value=year)
    chain = f"plan:{year}-{by.department}"
    await event.lock(f"chain {chain}")
    entry = checked(form, year, by.department, await known(in_force=True))
    await plans.check_entries((entry,))
    row = await _open_draft(year, by, at)
    _refuse_handed_in(row)
    await _refuse_taken(entry.code, row)
    content = content_of(entry)
    there = await DraftEntry.get_or_none(draft=row, code=entry.code)
    if there is None:
        await DraftEntry.create(draft=row, code=entry.code, content=content, consents={})
    elif there.content != content:
        there.content, there.consents, there.asked_at = content, {}, None
        await there.save(update_fields=["content", "consents", "asked_at"])
    await event.record(chain, "plan.entry_drafted", by=by, at=at, entry=entry.code)
    return await plan_drafts.draft_of(row)


@store.transactional
async def amend(year: int, *, by: Actor, at: datetime) -> Draft:
    """Open the amendment of the own department's published plan, its entries in it; one that is open already comes back.
    The head may open it too: the liaison edits it, the head signs."""
    require(by, Role.LIAISON, Role.HEAD, article=ARTICLE)
    chain = f"plan:{year}-{by.department}"
    await event.lock(f"chain {chain}")
    if await plan_drafts.published(year, by.department) is None:
        raise Refusal("plan.not_published", ARTICLE, year=year)
    if row := await PlanDraft.get_or_none(year=year, department=by.department, published_at=None):
        return await plan_drafts.draft_of(row)
    row = await _open_draft(year, by, at)
    await _record(row, "plan.amendment_begun", by, at)
    return await plan_drafts.draft_of(row)


async def counted(year: int, form: EntryForm, *, by: Actor, most: int = 0) -> EntryCount:
    """What the form comes to, before it is kept: targets, and numbers by class. Changes nothing."""
    require(by, Role.LIAISON, article=ARTICLE)
    entry = checked(form, year, by.department, await known(in_force=True))
    return await plan_drafts.count(entry, most=most)


async def _refuse_taken(code: str, row: PlanDraft) -> None:
    """One number is one entry of one department."""
    standing = await PlanEntry.get_or_none(code=code).select_related("plan")
    other = standing is not None and (standing.plan.year, standing.plan.department) != (
        row.year,
        row.department,
    )
    drafted = DraftEntry.filter(code=code, draft__published_at=None).exclude(draft=row)
    if other or await drafted.exists():
        raise Refusal("plan.entry_taken", ARTICLE, entry=code)


async def _open_draft(year: int, by: Actor, at: datetime) -> PlanDraft:
    row = await PlanDraft.get_or_none(year=year, department=by.department, published_at=None)
    if row:
        return row
    row = await PlanDraft.create(year=year, department=by.department, begun_by=by.mark, begun_at=at)
    standing = await plan_drafts.contents(await plan_drafts.published(year, by.department))
    for code, content in standing.items():
        await DraftEntry.create(draft=row, code=code, content=content, consents={})
    return row


@store.transactional
async def remove(entry_id: int, *, by: Actor, at: datetime) -> Draft:
    """An entry goes out of the draft; one of the published plan is withdrawn when the draft is published."""
    require(by, Role.LIAISON, article=ARTICLE)
    entry, row = await _entry(entry_id)
    if row.department != by.department:
        raise Refusal("plan.other_department", ARTICLE, department=row.department)
    _refuse_handed_in(row)
    await entry.delete()
    await _record(row, "plan.entry_removed", by, at, entry=entry.code)
    await outbox.enqueue_follow_up([f"plan_entry:{entry_id}"], at=at)
    return await plan_drafts.draft_of(row)


@store.transactional
async def ask(draft_id: int, *, by: Actor, at: datetime) -> Draft:
    """Ask the heads whose consent is missing, each once for what stands now; where none is, as when an amendment only
    withdraws, the own head to sign."""
    require(by, Role.LIAISON, article=ARTICLE)
    row = await _draft(draft_id, by)
    _refuse_handed_in(row)
    happened = await _record(row, "plan.consent_asked", by, at)
    for entry in (await plan_drafts.draft_of(row)).entries:
        silent = [answer.department for answer in entry.participating if answer.agreed is None]
        if entry.unchanged or entry.asked or not silent:
            continue
        await DraftEntry.filter(id=entry.id).update(asked_at=at)
        await recipients.tell(
            await recipients.heads(silent), "plan.consent_asked", key=f"consent:{entry.id}:{happened.seq}", at=at,
            chain=_chain(row), entry=entry.id,
        )  # fmt: skip
    draft = await plan_drafts.draft_of(row)
    if draft.complete:
        await recipients.tell(
            await recipients.heads([row.department]), "plan.complete", key=f"{happened.chain}:{happened.seq}", at=at,
            chain=_chain(row), draft=row.id,
        )  # fmt: skip
    return draft


@store.transactional
async def consent(
    entry_id: int, agree: bool, reason: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> DraftedEntry:
    """A participating department's head consents to an entry, or objects with a reason; until it is handed in the
    head may say otherwise."""
    require(by, Role.HEAD, article=ARTICLE)
    entry, row = await _entry(entry_id)
    if by.department not in entry.content["participating"]:
        raise Refusal("plan.not_participating", ARTICLE, entry=entry.code)
    if await event.find_by_key(key):
        return await _drafted(entry)
    _refuse_handed_in(row)
    why = text.visible(reason).strip()[:500]
    if not agree and not why:
        raise Refusal("plan.objection_needs_reason", ARTICLE, entry=entry.code)
    entry.consents = {
        **entry.consents,
        by.department: {"agreed": agree, "reason": "" if agree else why, "by": by.mark, "at": at.isoformat()},
    }
    await entry.save(update_fields=["consents"])
    kind = "plan.consented" if agree else "plan.objected"
    happened = await _record(
        row, kind, by, at, key=key, entry=entry.code, department=by.department, reason=why
    )
    await outbox.enqueue_follow_up([f"plan_entry:{entry.id}"], at=at)
    now = await plan_drafts.draft_of(row)
    if not agree or now.complete:
        to = await recipients.heads([row.department]) + await recipients.liaisons([row.department])
        await recipients.tell(
            to, "plan.complete" if agree else "plan.objected", key=f"{happened.chain}:{happened.seq}", at=at,
            chain=_chain(row), draft=row.id, entry=entry.id, department=by.department,
        )  # fmt: skip
    return await _drafted(entry)


@store.transactional
async def hand_in(
    draft_id: int, reason: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> Draft:
    """The own head signs and hands the plan in; after 31 January by this clock it is late. Every participant has
    consented by then; an amendment says why."""
    require(by, Role.HEAD, article=ARTICLE)
    row = await _draft(draft_id, by)
    if await event.find_by_key(key):
        return await plan_drafts.draft_of(row)
    _refuse_handed_in(row)
    draft = await plan_drafts.draft_of(row)
    _refuse_unsigned(draft)
    why = text.visible(reason).strip()[:500]
    if draft.amends and not why:
        raise Refusal("plan.amendment_needs_reason", ARTICLE)
    row.handed_in_at, row.handed_in_by, row.reason = at, by.mark, why
    await row.save(update_fields=["handed_in_at", "handed_in_by", "reason"])
    await _record(row, "plan.handed_in", by, at, key=key, reason=why)
    drafted = [f"plan_entry:{entry.id}" for entry in draft.entries]
    await outbox.enqueue_follow_up([f"plan:{row.id}", *drafted], at=at)
    return await plan_drafts.draft_of(row)


@store.transactional
async def send_back(draft_id: int, reason: str, *, by: Actor, at: datetime) -> Draft:
    """The office gives a plan back with a reason; it is a draft again and its head hands it in anew."""
    require(by, Role.OFFICE, article=ARTICLE)
    row = await _handed_in(draft_id)
    if not (why := text.visible(reason).strip()[:500]):
        raise Refusal("plan.send_back_needs_reason", ARTICLE)
    row.handed_in_at = row.handed_in_by = None
    await row.save(update_fields=["handed_in_at", "handed_in_by"])
    happened = await _record(row, "plan.sent_back", by, at, reason=why)
    to = await recipients.heads([row.department]) + await recipients.liaisons([row.department])
    await recipients.tell(
        to,
        "plan.sent_back",
        key=f"{happened.chain}:{happened.seq}",
        at=at,
        chain=_chain(row),
        draft=row.id,
        reason=why,
    )
    return await plan_drafts.draft_of(row)


@store.transactional
async def publish(draft_id: int, *, by: Actor, at: datetime) -> Draft:
    """The office publishes what was handed in, with every signature there; what stood before is kept as amended."""
    require(by, Role.OFFICE, article=ARTICLE)
    row = await _handed_in(draft_id)
    draft = await plan_drafts.draft_of(row)
    _refuse_unsigned(draft)
    assert row.handed_in_at
    registers, handed_in = await known(in_force=True), local_day(row.handed_in_at)
    entries = [checked(entry.form, row.year, row.department, registers) for entry in draft.entries]
    await plans.publish(
        file_of(row.year, row.department, handed_in, entries),
        handed_in=handed_in,
        by=by,
        at=at,
        amend=row.reason,
    )
    row.published_at = at
    await row.save(update_fields=["published_at"])
    await _record(row, "plan.published", by, at, signatures=await _signatures(row))
    return await plan_drafts.draft_of(row)


async def _signatures(row: PlanDraft) -> dict[str, Any]:
    entries = await DraftEntry.filter(draft=row).order_by("code")
    heads = {entry.code: {code: signed["by"] for code, signed in entry.consents.items()} for entry in entries}
    return {"head": row.handed_in_by, "entries": heads}


def _refuse_unsigned(draft: Draft) -> None:
    if not (draft.entries or draft.amends):
        raise Refusal("plan.draft_empty", ARTICLE)
    for entry in draft.entries:
        if entry.missing:
            raise Refusal(
                "plan.consent_missing", ARTICLE, entry=entry.form.code, departments=list(entry.missing)
            )


def _refuse_handed_in(row: PlanDraft) -> None:
    if row.published_at:
        raise Refusal("plan.draft_published", ARTICLE)
    if row.handed_in_at:
        raise Refusal("plan.draft_handed_in", ARTICLE)


async def _draft(draft_id: int, by: Actor) -> PlanDraft:
    """The own department's draft, locked."""
    row = await PlanDraft.get_or_none(id=draft_id)
    if row is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    if by.department != row.department:
        raise Refusal("plan.other_department", ARTICLE, department=row.department)
    return await _locked(row)


async def _handed_in(draft_id: int) -> PlanDraft:
    row = await PlanDraft.get_or_none(id=draft_id)
    if row is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    row = await _locked(row)
    if row.published_at:
        raise Refusal("plan.draft_published", ARTICLE)
    if not row.handed_in_at:
        raise Refusal("plan.not_handed_in", ARTICLE)
    return row


async def _entry(entry_id: int) -> tuple[DraftEntry, PlanDraft]:
    entry = await DraftEntry.get_or_none(id=entry_id).select_related("draft")
    if entry is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    row = await _locked(entry.draft)
    entry = await DraftEntry.get_or_none(id=entry_id)
    if entry is None:
        raise Refusal("plan.draft_unknown", ARTICLE)
    return entry, row


async def _locked(row: PlanDraft) -> PlanDraft:
    """The row as it is once nobody else acts on this plan."""
    await event.lock(f"chain {_chain(row)}")
    return await PlanDraft.get(id=row.id)


async def _drafted(entry: DraftEntry) -> DraftedEntry:
    drafted = await plan_drafts.entry(entry.id)
    assert drafted
    return drafted


def _chain(row: PlanDraft) -> str:
    return f"plan:{row.year}-{row.department}"


async def _record(
    row: PlanDraft, kind: str, by: Actor, at: datetime, key: str | None = None, **data: Any
) -> Any:
    return await event.record(_chain(row), kind, by=by, at=at, key=key, year=row.year, **data)
