"""一批告知: a leader proposes and fixes many visits in one go (Art. 15, 16 (2)).

One press is one transaction: what is answered is what is stored, and a process that dies in the middle has stored
nothing. What one task refuses is undone for that task alone and does not hold up the others; done again under the
same key, only what failed is tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models import store
from models.district import District
from models.operations import outbox
from models.procedure import inspection, notice, recipients, schedule, team
from models.procedure import task as tasks
from models.procedure.recipients import NewsItem
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.free_times import Window


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task: done, or why not."""

    number: str
    refused: Refusal | None = None


@store.transactional
async def propose(
    wanted: Sequence[tuple[str, Window]], *, by: Actor, at: datetime, key: str
) -> tuple[Outcome, ...]:
    """Propose each task's time; every member is asked once about all of theirs."""
    windows = dict(wanted)

    async def act_on(number: str) -> None:
        await schedule.propose(number, *windows[number], by=by, at=at, key=f"{key}:{number}", ask=False)

    outcomes = await _each(windows, act_on)
    await _tell("visits.proposed", _done(outcomes), by=by, at=at, key=key)
    return outcomes


@store.transactional
async def reply(
    numbers: Iterable[str], can: bool, *, by: Actor, at: datetime, key: str
) -> tuple[Outcome, ...]:
    """A member answers many proposed times alike."""

    async def act_on(number: str) -> None:
        await schedule.reply(number, can, by=by, at=at, key=f"{key}:{number}")

    return await _each(numbers, act_on)


@store.transactional
async def accept(numbers: Iterable[str], *, by: Actor, at: datetime, key: str) -> tuple[Outcome, ...]:
    """全部接受: an officer accepts every task named."""

    async def act_on(number: str) -> None:
        await team.accept(number, by=by, at=at, key=f"{key}:{number}")

    return await _each(numbers, act_on)


@store.transactional
async def close_network_checks(
    numbers: Iterable[str], *, by: Actor, at: datetime, key: str
) -> tuple[Outcome, ...]:
    """The leader ends the network check of each task; what it did not settle goes on to the site (Art. 16 (1))."""

    async def act_on(number: str) -> None:
        await inspection.close_network_check(number, by=by, at=at, key=f"{key}:{number}")

    return await _each(numbers, act_on)


@store.transactional
async def fix(
    numbers: Iterable[str], *, by: Actor, at: datetime, district: District, key: str, reason: str = "",
    begins: Mapping[str, datetime] | None = None,
) -> tuple[Outcome, ...]:  # fmt: skip
    """Fix each proposed time and let its letter go out; every member is told once about all of theirs.

    `begins`: by task the time that was read; where another was proposed meanwhile, that task is refused.
    """
    read = begins or {}

    async def act_on(number: str) -> None:
        await schedule.fix(
            number, by=by, at=at, district=district, reason=reason, key=f"{key}:{number}", tell=False,
            begins=read.get(number),
        )  # fmt: skip

    await tasks.visits_turn()
    outcomes = await _each(numbers, act_on)
    await _tell("visits.fixed", _done(outcomes), by=by, at=at, key=key)
    return outcomes


@store.transactional
async def renew(
    numbers: Iterable[str], *, by: Actor, at: datetime, district: District, key: str
) -> tuple[Outcome, ...]:
    """A new version of each letter that names other people than will come."""

    async def act_on(number: str) -> None:
        await notice.renew(number, by=by, at=at, district=district, key=f"{key}:{number}")

    return await _each(numbers, act_on)


async def _each(numbers: Iterable[str], act: Callable[[str], Awaitable[None]]) -> tuple[Outcome, ...]:
    """Do the act for each task, within the one transaction; a refusal undoes that task's part alone."""
    listed = list(dict.fromkeys(numbers))
    await tasks.turns(listed)
    outcomes = []
    for number in listed:
        try:
            async with store.savepoint():
                await act(number)
        except Refusal as no:
            outcomes.append(Outcome(number, no))
        else:
            outcomes.append(Outcome(number))
    return tuple(outcomes)


def _done(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.number for outcome in outcomes if outcome.refused is None]


async def _tell(kind: str, numbers: list[str], *, by: Actor, at: datetime, key: str) -> None:
    """One message for each member, whatever the number of tasks."""
    pieces = []
    for number in numbers:
        to_whom = (await recipients.team(await tasks.find(number))).but(by.account)
        pieces.append(NewsItem(to_whom, f"task:{number}", number, number))
    await recipients.tell_together(
        pieces, kind, at=at, key=lambda account, mine: f"{key}:{kind}:{_named(mine)}:{account}",
        payload=lambda mine: {"tasks": mine}, lane=outbox.INTERACTIVE,
    )  # fmt: skip


def _named(numbers: list[str]) -> str:
    """What is tried again is told again, and nothing else is."""
    return hashlib.sha256("\n".join(numbers).encode()).hexdigest()[:16]
