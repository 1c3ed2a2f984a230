"""批次: the window is extended, the batch closes by itself or with a reason for what is left; one that nobody will draw is
voided (Art. 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from models import store
from models.operations import event
from models.procedure import recipients
from models.procedure.ceremony import initiating
from models.queries import windows_ending
from models.queries.draws import entry_of, find_batch
from models.queries.windows_ending import EndingBatch
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import CLOCK, Actor, Role, require
from models.rules.text import visible
from models.rules.visit import local_day
from models.states import BATCH_OVER, BATCH_RUNNING, NOT_PUBLIC, PUBLIC, BatchState, SchemeState, move
from models.tables import Assignment, Batch, Scheme, Task

ARTICLE = "13"
OVER = f"""
SELECT b.code FROM batch b WHERE b.state = ? AND NOT EXISTS (
    SELECT 1 FROM task t WHERE t.batch_id = b.code AND t.state IN ({store.marks(NOT_PUBLIC)})
) ORDER BY b.code
"""  # noqa: S608 - question marks alone are put in


@store.transactional
async def extend(batch_code: str, until: date, reason: str, *, by: Actor, at: datetime) -> EndingBatch:
    """The head of the initiating department moves the end of the window; told to team and office, and public.

    A batch that was closed with tasks left is open again with it. The window as it ends now.
    """
    require(by, Role.HEAD, article=ARTICLE)
    batch = await find_batch(batch_code)
    initiating(await entry_of(batch), by)
    if not visible(reason).strip():
        raise Refusal("batch.extend_needs_reason", ARTICLE, batch=batch.code)
    if batch.closes == until and batch.extensions and batch.extensions[-1][2] == reason.strip():
        return await windows_ending.of_batch(batch)
    if until <= max(batch.closes, local_day(at)):
        raise Refusal("batch.extend_backwards", ARTICLE, batch=batch.code, until=until, closes=batch.closes)
    if batch.state == BatchState.CLOSED and batch.left:
        batch.state = move(batch.state, BatchState.DRAWN, ARTICLE)
        batch.closed_at = batch.closed_by = batch.left = None
        await _scheme(batch, SchemeState.ADOPTED, by=by, at=at)
    if batch.state not in BATCH_RUNNING:
        raise Refusal("batch.not_under_way", ARTICLE, batch=batch.code, state=batch.state)
    moved = [batch.closes.isoformat(), until.isoformat(), reason.strip(), by.mark, at.isoformat()]
    batch.extensions, batch.closes = [*(batch.extensions or []), moved], until
    await batch.save()
    await event.record(
        f"batch:{batch.code}",
        "batch.extended",
        by=by,
        at=at,
        before=moved[0],
        until=moved[1],
        reason=moved[2],
    )
    await _tell(batch, "batch.extended", at, reason=reason.strip())
    return await windows_ending.of_batch(batch)


@store.transactional
async def close(batch_code: str, reasons: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """End a batch by hand. `reasons`: by task number why it is left as it is, for each that is not over."""
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    batch = await find_batch(batch_code)
    initiating(await entry_of(batch), by)
    if batch.state == BatchState.CLOSED:
        return
    left = [str(number) for number in await _left(batch).values_list("number", flat=True)]
    if silent := [number for number in left if not visible(reasons.get(number, "")).strip()]:
        raise Refusal("batch.close_needs_reasons", ARTICLE, batch=batch.code, tasks=silent)
    await _close(batch, {number: reasons[number].strip() for number in left}, by=by, at=at)


@store.transactional
async def withdraw(batch_code: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Void a batch that nobody will draw, with a reason that becomes public. Its scheme ends with its last batch."""
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    batch = await find_batch(batch_code)
    initiating(await entry_of(batch), by)
    why = text.visible(reason).strip()[:500]
    if batch.state == BatchState.VOIDED and batch.void_reason:
        return
    if not why:
        raise Refusal("batch.void_needs_reason", ARTICLE, batch=batch.code)
    if batch.state != BatchState.OPEN:
        raise Refusal("batch.not_open", ARTICLE, batch=batch.code, state=batch.state)
    batch.state = move(batch.state, BatchState.VOIDED, ARTICLE)
    batch.closed_at, batch.closed_by, batch.void_reason = at, by.mark, why
    await batch.save()
    await event.record(f"batch:{batch.code}", "batch.voided", by=by, at=at, reason=why)
    await _end_scheme(batch, by=by, at=at)
    to = await recipients.heads(batch.crew) + await recipients.office()
    await recipients.tell(
        to.but(by.account), "batch.voided", key=f"batch.voided:{batch.code}", at=at, chain=f"batch:{batch.code}",
        batch=batch.code, reason=why,
    )  # fmt: skip


async def close_finished(at: datetime) -> int:
    """Close every batch whose tasks are all over; how many. The clock asks this."""
    closed = 0
    for row in await store.run_one(OVER, BatchState.DRAWN, *NOT_PUBLIC):
        closed += await _close_if_over(str(row["code"]), at)
    return closed


@store.transactional
async def _close_if_over(code: str, at: datetime) -> bool:
    batch = await Batch.get(code=code)
    if batch.state != BatchState.DRAWN or await _left(batch).exists():
        return False
    await _close(batch, {}, by=CLOCK, at=at)
    return True


async def _close(batch: Batch, left: dict[str, str], *, by: Actor, at: datetime) -> None:
    batch.state = move(batch.state, BatchState.CLOSED, ARTICLE)
    batch.closed_at, batch.closed_by, batch.left = at, by.mark, left
    await batch.save()
    await event.record(f"batch:{batch.code}", "batch.closed", by=by, at=at, left=left)
    await _end_scheme(batch, by=by, at=at)
    await _tell(batch, "batch.closed", at)


async def _end_scheme(batch: Batch, *, by: Actor, at: datetime) -> None:
    others = Batch.filter(scheme_id=batch.scheme_id).exclude(state__in=BATCH_OVER)
    if not await others.exists():
        await _scheme(batch, SchemeState.CLOSED, by=by, at=at)


async def _scheme(batch: Batch, state: SchemeState, *, by: Actor, at: datetime) -> None:
    scheme = await Scheme.get(code=batch.scheme_id)
    if scheme.state != state:
        scheme.state = move(scheme.state, state, ARTICLE)
        await scheme.save(update_fields=["state"])
        await event.record(f"scheme:{scheme.code}", f"scheme.{state}", by=by, at=at, batch=batch.code)


def _left(batch: Batch):  # type: ignore[no-untyped-def]
    return Task.filter(batch=batch).exclude(state__in=PUBLIC).order_by("number")


async def _tell(batch: Batch, kind: str, at: datetime, reason: str = "") -> None:
    """Everybody who serves in a task that is not over, the heads of the departments, and the office."""
    left = await _left(batch).values_list("id", flat=True)
    seats = Assignment.filter(task_id__in=list(left), until=None).order_by("id")
    to_whom = (
        await recipients.officers(await seats.values_list("inspector_id", flat=True))
        + await recipients.heads(batch.crew)
        + await recipients.office()
    )
    await recipients.tell(
        to_whom, kind, key=f"{kind}:{batch.code}:{at.isoformat()}", at=at, chain=f"batch:{batch.code}", batch=batch.code,
        reason=reason,
    )  # fmt: skip
