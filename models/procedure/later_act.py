"""An act says which state of the task it was made on; what others did since is not undone unheard (Art. 15, 16).

Nothing is lost by it: the act is refused with who did what since and why, and may be done again on what stands now.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from models import store
from models.operations import event
from models.queries import later_act, officers
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.later_act import TrailEvent, Undone, unheard
from models.tables import Task

Done = TypeVar("Done")
UNDONE: Mapping[str, tuple[Undone, ...]] = {
    "network.found": (Undone(kind="network.found", same="question"),),
    "network.ended": (Undone(kind="network.found"),),
    "visit.proposed": (Undone(kind="visit.proposed"), Undone(kind="visit.fixed")),
    "visit.replied": (Undone(kind="visit.replied", same="by"),),
    "visit.fixed": (Undone(kind="visit.proposed"), Undone(kind="visit.replied", where={"can": False})),
    "visit.begun": (Undone(kind="visit.suspended"),),
    "visit.suspended": (Undone(kind="visit.suspended"),),
    "absence.confirmed": (Undone(kind="visit.begun"),),
    "cooperation.confirmed": (Undone(kind="visit.suspended"),),
    "answer.given": (Undone(kind="answer.given", same="by"),),
    "section.finalised": (Undone(kind="section.reopened", same="department"), Undone(kind="visit.suspended")),
    "section.reopened": (Undone(kind="section.finalised", same="department"),),
    "visit.concluded": (Undone(kind="section.reopened"), Undone(kind="visit.suspended")),
    "photo.marked": (Undone(kind="photo.marked", same="photo"),),
    "department_result.entered": (
        Undone(kind="department_result.entered", same="department"),
        Undone(kind="result.entered", same="department"),
    ),
    "result.entered": (Undone(kind="department_result.entered"), Undone(kind="result.entered")),
    "result.reviewed": (Undone(kind="result.entered"),),
    "result.returned": (Undone(kind="result.entered"),),
    "result.published": (Undone(kind="result.entered"),),
    "result.corrected": (Undone(kind="revision.proposed"),),
    "revision.returned": (Undone(kind="revision.proposed"),),
    "result.recorded": (Undone(kind="result.recorded"),),
    "rectification.verified": (Undone(kind="rectification.proof", same="number"),),
    "rectification.partly": (Undone(kind="rectification.proof", same="number"),),
    "rectification.not_done": (Undone(kind="rectification.proof", same="number"),),
}
"""By the event that an act leaves: the events after the state it was made on that it would undo."""


async def on_state(
    number: str, as_of: int | None, deed: Callable[[], Awaitable[Done]], *, by: Actor, own: str = ""
) -> Done:
    """Do `deed`, and refuse it (`task.moved_on`) where it undoes an event after `as_of`, the last event of the task that
    was known where it was made; None: nobody said.

    `own`: what the keys of acts begin with that were done at the same place and are known there. Part of a transaction,
    which a refusal undoes.
    """
    if as_of is None:
        return await deed()
    before = (await event.chain_head(f"task:{number}")).seq
    done = await deed()
    since = await later_act.since(number, as_of)
    acts = [act for act, _ in since if act.seq > before and act.by == by.mark]
    others = [other for other, key in since if other not in acts and not (own and key.startswith(own))]
    for written in acts:
        if undone := unheard(written, others, UNDONE.get(written.kind, ())):
            raise await _moved_on(number, undone)
    return done


async def done_on_state(
    number: str, as_of: int | None, deed: Callable[[], Awaitable[Done]], *, by: Actor
) -> Done:
    """The same as a transaction of its own."""
    return await store.run_in_transaction(on_state, number, as_of, deed, by=by)


async def _moved_on(number: str, undone: TrailEvent) -> Refusal:
    people = await officers.people(await Task.get(number=number))
    doer = people.get(undone.by, undone.by.partition(":")[0])
    if why := str(undone.data.get("reason", "")):
        return Refusal(
            "task.moved_on_because", article="16", doer=doer, event=undone.kind, at=undone.at, reason=why
        )
    return Refusal("task.moved_on", article="16", doer=doer, event=undone.kind, at=undone.at)
