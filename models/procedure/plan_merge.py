"""合并抽查: the office proposes, every head concerned accepts, one entry goes on and the other is withdrawn (Art. 12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import plan as plans
from models.procedure import recipients
from models.queries import plan_merges
from models.queries.plan_merges import EntryMerge
from models.queries.planned import entry_value
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.plan import ARTICLE, Entry
from models.rules.plan_draft import content_of, file_of
from models.states import PlanState
from models.tables import DraftEntry, Plan, PlanDraft, PlanEntry, PlanMerge, Scheme


@store.transactional
async def propose(goes_on: str, ends: str, reason: str, *, by: Actor, at: datetime) -> EntryMerge:
    """Propose that one published entry goes on for both and the other ends, with the public reason; every head concerned
    is asked.

    Refused: entries of one department (it amends its plan), of different years, without a target, a day or a method in
    common, with a scheme, or in a proposal that is still open.
    """
    require(by, Role.OFFICE, article=ARTICLE)
    if not (why := text.visible(reason).strip()[:500]):
        raise Refusal("plan.merge_needs_reason", ARTICLE)
    going, ending = await _published(goes_on), await _published(ends)
    await _lock(going.plan, ending.plan)
    if going.plan.year != ending.plan.year or going.plan.department == ending.plan.department:
        raise Refusal("plan.merge_own", ARTICLE, entry=goes_on, other=ends)
    if await plan_merges.open_about(goes_on, ends):
        raise Refusal("plan.merge_open", ARTICLE, entry=goes_on, other=ends)
    merged, shared = await _merged(going, ending)
    row = await PlanMerge.create(
        year=going.plan.year, department=going.plan.department, other=ending.plan.department, goes_on=goes_on, ends=ends,
        content=content_of(merged), ended=content_of(entry_value(ending)), shared=shared, signatures={}, reason=why,
        proposed_by=by.mark, proposed_at=at,
    )  # fmt: skip
    happened = await _record(row, "plan.merge_proposed", by, at)
    await recipients.tell(
        await recipients.heads(plan_merges.asked(row)), "plan.merge_asked", key=f"merge:{row.id}:{happened.seq}", at=at,
        chain=_chain(row), merge=row.id,
    )  # fmt: skip
    return await plan_merges.merge_of(row)


@store.transactional
async def sign(
    merge_id: int, agree: bool, reason: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> EntryMerge:
    """A head accepts, or objects with a reason; until the last one has accepted each may say otherwise.

    With the last acceptance both plans are amended: one entry goes on with everybody, the other is withdrawn in public.
    """
    require(by, Role.HEAD, article=ARTICLE)
    if await event.find_by_key(key):
        return await plan_merges.merge_of(await PlanMerge.get(id=merge_id))
    row = await _open(merge_id)
    if by.department not in plan_merges.asked(row):
        raise Refusal("plan.merge_not_asked", ARTICLE, entry=row.goes_on, other=row.ends)
    why = text.visible(reason).strip()[:500]
    if not agree and not why:
        raise Refusal("plan.objection_needs_reason", ARTICLE, entry=row.goes_on)
    answer = {"agreed": agree, "reason": "" if agree else why, "by": by.mark, "at": at.isoformat()}
    row.signatures = {**row.signatures, by.department: answer}
    await row.save(update_fields=["signatures"])
    complete = all(row.signatures.get(code, {}).get("agreed") for code in plan_merges.asked(row))
    if complete:
        await _take_effect(row, by, at)
    kind = "plan.merge_accepted" if agree else "plan.merge_objected"
    happened = await _record(row, kind, by, at, key=key, department=by.department, reason=why)
    await outbox.enqueue_follow_up([f"plan_merge:{row.id}"], at=at)
    if complete or not agree:
        told = await recipients.office() + await recipients.liaisons([row.department, row.other])
        heads = await recipients.heads(plan_merges.asked(row) if complete else (row.department, row.other))
        await recipients.tell(
            (told + heads).but(by.account), "plan.merged" if complete else "plan.merge_objected",
            key=f"merge:{row.id}:{happened.seq}", at=at, chain=_chain(row), merge=row.id, department=by.department,
        )  # fmt: skip
    return await plan_merges.merge_of(row)


@store.transactional
async def drop(merge_id: int, reason: str, *, by: Actor, at: datetime) -> EntryMerge:
    """The office gives a proposal up with a reason; both entries stay as they are."""
    require(by, Role.OFFICE, article=ARTICLE)
    row = await _open(merge_id)
    if not (why := text.visible(reason).strip()[:500]):
        raise Refusal("plan.merge_drop_needs_reason", ARTICLE)
    row.dropped_at, row.dropped_by, row.drop_reason = at, by.mark, why
    await row.save(update_fields=["dropped_at", "dropped_by", "drop_reason"])
    await _record(row, "plan.merge_dropped", by, at, reason=why)
    await outbox.enqueue_follow_up([f"plan_merge:{row.id}"], at=at)
    return await plan_merges.merge_of(row)


async def _take_effect(row: PlanMerge, by: Actor, at: datetime) -> None:
    """Both plans in their new version. Refused where an entry or a draft is no longer what the heads were asked about."""
    going, ending = await _published(row.goes_on), await _published(row.ends)
    merged, _ = await _merged(going, ending)
    if (content_of(merged), content_of(entry_value(ending))) != (row.content, row.ended):
        raise Refusal("plan.merge_changed", ARTICLE, entry=row.goes_on, other=row.ends)
    await _follow_in_draft(going, content_of(merged))
    await _follow_in_draft(ending, None)
    row.merged_at = at
    await row.save(update_fields=["merged_at"])
    for entry, standing in ((ending, None), (going, merged)):
        rows = await PlanEntry.filter(plan=entry.plan).order_by("code")
        others = [entry_value(other) for other in rows if other.code != entry.code]
        entries = sorted([*others, *([standing] if standing else [])], key=lambda planned: planned.code)
        await plans.publish(
            file_of(entry.plan.year, entry.plan.department, entry.plan.submitted_on, entries),
            handed_in=entry.plan.submitted_on, by=by, at=at, amend=row.reason, merged={row.ends: row.goes_on},
        )  # fmt: skip


async def _follow_in_draft(entry: PlanEntry, content: dict[str, Any] | None) -> None:
    """An amendment that is being drafted goes on from the merged plan; what it changed already is not overwritten."""
    draft = await PlanDraft.get_or_none(
        year=entry.plan.year, department=entry.plan.department, published_at=None
    )
    if draft is None:
        return
    drafted = await DraftEntry.get_or_none(draft=draft, code=entry.code)
    if draft.handed_in_at or drafted is None or drafted.content != content_of(entry_value(entry)):
        raise Refusal("plan.merge_drafted", ARTICLE, entry=entry.code, department=entry.plan.department)
    if content is None:
        await drafted.delete()
        return
    drafted.content, drafted.consents, drafted.asked_at = content, {}, None
    await drafted.save(update_fields=["content", "consents", "asked_at"])


async def _merged(going: PlanEntry, ending: PlanEntry) -> tuple[Entry, int]:
    for entry in (going, ending):
        if await Scheme.exists(entry=entry):
            raise Refusal("plan.merge_scheme", ARTICLE, entry=entry.code)
    return await plan_merges.merged(going, ending)


async def _published(code: str) -> PlanEntry:
    row = await PlanEntry.get_or_none(code=code).select_related("plan")
    if row is None or row.plan.state != PlanState.PUBLISHED:
        raise Refusal("plan.merge_unknown", ARTICLE, entry=code)
    return row


async def _open(merge_id: int) -> PlanMerge:
    """The open proposal, once nobody else acts on either plan."""
    row = await PlanMerge.get_or_none(id=merge_id)
    if row is None:
        raise Refusal("plan.merge_missing", ARTICLE)
    for chain in sorted({_chain(row), f"plan:{row.year}-{row.other}"}):
        await event.lock(f"chain {chain}")
    row = await PlanMerge.get(id=merge_id)
    if row.merged_at or row.dropped_at:
        raise Refusal("plan.merge_over", ARTICLE)
    return row


async def _lock(*plans_: Plan) -> None:
    for chain in sorted({f"plan:{plan.year}-{plan.department}" for plan in plans_}):
        await event.lock(f"chain {chain}")


def _chain(row: PlanMerge) -> str:
    return f"plan:{row.year}-{row.department}"


async def _record(
    row: PlanMerge, kind: str, by: Actor, at: datetime, key: str | None = None, **data: Any
) -> Any:
    return await event.record(
        _chain(row), kind, by=by, at=at, key=key, entry=row.goes_on, other=row.ends, merge=row.id, **data
    )
