"""What opens the chat: an officer's tasks, an entity's notices, a head's open questions (Art. 15, 16)."""

from __future__ import annotations

from bot.handlers import checklist, network, set_aside
from bot.handlers.current_task import card_key
from bot.reader import Reader
from bot.views import View, batches, entity_requests, witness
from bot.views import pending_decisions as asking
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
    reviewing,
    windows_ending,
)
from models.queries import itinerary as rounds
from models.rules.actor import Role
from models.states import TaskState

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
    heads = [one.department for one in turn.person.acting(Role.HEAD)]
    outs, letters = await pending_decisions.pending(heads)
    reports = await onsite.undecided(heads)
    recusals = [recusal for department in heads for recusal in await entity.recusals(department)]
    objections = [objection for department in heads for objection in await entity.objections(department)]
    right = [one for department in heads for one in await publication.to_decide(department)]
    said = entity_requests.desk(tuple(recusals[:4]), tuple(objections[:4]), turn.words, tuple(right[:4]))
    said += witness.desk(await ceremony.awaited(heads), turn.words)
    said += batches.desk(await windows_ending.soon(heads, turn.at), turn.words)
    said += review.desk(await reviewing.awaited(heads), turn.words)
    return asking.desk(outs, letters, turn.services.district.link("/console/"), turn.words, reports, said)


async def tasks(turn: Reader, page: int = 0, headline: str = "") -> View:
    found: list[inbox.Line] = []
    for officer in turn.person.acting(Role.INSPECTOR):
        found += await inbox.tasks_of(officer.id, turn.at)
    officers = turn.person.acting(Role.INSPECTOR)
    led = [len(await rounds.ready(one.id)) for one in officers]
    unchecked = sum(line.leader and line.state == TaskState.ASSIGNED for line in found)
    return views.task_list(
        found, turn.words, page=page, draft=await _draft(turn, found), headline=headline, ready=sum(led),
        unchecked=unchecked, untold=await _untold(turn),
    )  # fmt: skip


async def _untold(turn: Reader) -> views.Untold | None:
    """How many of the entities that this person visits as leader are not reached yet."""
    counts = [await manual_deliveries.led(one.id) for one in turn.person.acting(Role.INSPECTOR)]
    n, all_ = sum(one for one, _ in counts), sum(one for _, one in counts)
    return views.Untold(n, all_, turn.services.district.link("/console/letters")) if n else None


async def _draft(turn: Reader, found: list[inbox.Line]) -> str:
    """The target whose question was left open."""
    prompt = await turn.prompt()
    draft = (prompt.data if prompt else {}).get("draft")
    if not draft or draft["flow"] not in RESUMED:
        return ""
    return next((line.target for line in found if draft["subject"] == card_key(line.number)), "")
