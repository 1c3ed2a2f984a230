"""What opens the chat: an officer's tasks, an entity's notices, a head's open questions (Art. 15, 16)."""

from __future__ import annotations

from bot.handlers import checklist, network, set_aside
from bot.handlers.current_task import card_key
from bot.reader import Reader
from bot.views import View, batches, entity_requests, witness
from bot.views import pending_decisions as asking
from bot.views import rectification as orders
from bot.views import reviewing as review
from bot.views import task as views
from models.queries import (
    ceremony,
    entity,
    inbox,
    manual_deliveries,
    onsite,
    pending_decisions,
    publication,
    rectification,
    reviewing,
    windows_ending,
)
from models.queries import itinerary as rounds
from models.rules.actor import Role
from models.states import TO_VISIT, TaskState

SHOWN = 4  # of each kind; how many more there are is said
RESUMED = (checklist.FLOW, checklist.SECTION, checklist.JUMP, network.FLOW)


async def home(turn: Reader, page: int = 0) -> View:
    """What is to be done by the reader, and what was set aside."""
    return await set_aside.offered(turn, await _own(turn, page))


async def _own(turn: Reader, page: int) -> View:
    """An officer's tasks, an entity's notices, a head's open questions."""
    if turn.person.acting(Role.INSPECTOR):
        return await tasks(turn, page)
    if entities := turn.person.acting(Role.ENTITY):
        return asking.notices(await pending_decisions.letters_to(entities[0].id), turn.words)
    heads = [actor.department for actor in turn.person.acting(Role.HEAD)]
    outs, letters = await pending_decisions.pending(heads)
    reports = await onsite.undecided(heads)
    recusals = [recusal for department in heads for recusal in await entity.recusals(department)]
    objections = [objection for department in heads for objection in await entity.objections(department)]
    right = [revising for department in heads for revising in await publication.to_decide(department)]
    speaking, ending = await ceremony.awaited(heads), await windows_ending.soon(heads, turn.at)
    over = [order for department in heads for order in await rectification.lapsed(department)]
    lines = entity_requests.desk(
        tuple(recusals[:SHOWN]), tuple(objections[:SHOWN]), turn.words, tuple(right[:SHOWN])
    )
    lines += witness.desk(speaking[:SHOWN], turn.words)
    lines += batches.desk(ending[:SHOWN], turn.words)
    lines += review.desk(await reviewing.awaited(heads), turn.words)
    lines += orders.desk(over[:SHOWN], turn.words)
    more = sum(max(0, len(kind) - SHOWN) for kind in (recusals, objections, right, speaking, ending, over))
    console = turn.services.district.link("/console/")
    return asking.desk(outs, letters, console, turn.words, reports, lines, more)


async def tasks(turn: Reader, page: int = 0, headline: str = "") -> View:
    lines: list[inbox.InboxLine] = []
    for officer in turn.person.acting(Role.INSPECTOR):
        lines += await inbox.tasks_of(officer.id, turn.at)
    officers = turn.person.acting(Role.INSPECTOR)
    led = [len(await rounds.ready(actor.id, turn.at, turn.services.district)) for actor in officers]
    unchecked = sum(line.leader and line.state == TaskState.ASSIGNED for line in lines)
    return views.task_list(
        lines, turn.words, page=page, draft=await _draft(turn, lines), headline=headline, ready=sum(led),
        unchecked=unchecked, untold=await _untold(turn), untimed=_untimed(lines),
    )  # fmt: skip


def _untimed(lines: list[inbox.InboxLine]) -> int:
    """How many visits this person leads that have neither a fixed nor a proposed time."""
    return sum(line.leader and line.state in TO_VISIT and line.untimed for line in lines)


async def _untold(turn: Reader) -> views.UnreachedEntities | None:
    """How many of the entities that this person visits as leader are not reached yet."""
    counts = [await manual_deliveries.led(actor.id) for actor in turn.person.acting(Role.INSPECTOR)]
    n, all_ = sum(number for number, _ in counts), sum(number for _, number in counts)
    return views.UnreachedEntities(n, all_, turn.services.district.link("/console/letters")) if n else None


async def _draft(turn: Reader, lines: list[inbox.InboxLine]) -> str:
    """The target whose question was left open."""
    prompt = await turn.prompt()
    draft = (prompt.data if prompt else {}).get("draft")
    if not draft or draft["flow"] not in RESUMED:
        return ""
    return next((line.target for line in lines if draft["subject"] == card_key(line.number)), "")
