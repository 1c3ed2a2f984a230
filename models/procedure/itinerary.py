"""一批告知: a leader proposes and fixes many visits in one go; each task stays an act of its own (Art. 15, 16 (2)).

What one task refuses does not hold up the others; done again under the same key, only what failed is tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models import store
from models.district import District
from models.procedure import message, notice, schedule
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.window import Window


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task: done, or why not."""

    number: str
    refused: Refusal | None = None


async def propose(
    wanted: Sequence[tuple[str, Window]], *, by: Actor, at: datetime, key: str
) -> tuple[Outcome, ...]:
    """Propose each task's time; every member is asked once about all of theirs."""
    made = []
    for number, window in wanted:
        try:
            await schedule.propose(number, *window, by=by, at=at, key=f"{key}:{number}", ask=False)
        except Refusal as no:
            made.append(Outcome(number, no))
        else:
            made.append(Outcome(number))
    await _tell("visits.proposed", _done(made), by=by, at=at, key=key)
    return tuple(made)


async def fix(
    numbers: Iterable[str], *, by: Actor, at: datetime, district: District, key: str, reason: str = ""
) -> tuple[Outcome, ...]:
    """Fix each proposed time and let its letter go out; every member is told once about all of theirs."""
    made = []
    for number in numbers:
        try:
            await schedule.fix(
                number, by=by, at=at, district=district, reason=reason, key=f"{key}:{number}", tell=False
            )
        except Refusal as no:
            made.append(Outcome(number, no))
        else:
            made.append(Outcome(number))
    await _tell("visits.fixed", _done(made), by=by, at=at, key=key)
    return tuple(made)


async def renew(
    numbers: Iterable[str], *, by: Actor, at: datetime, district: District, key: str
) -> tuple[Outcome, ...]:
    """A new version of each letter that names other people than will come."""
    made = []
    for number in numbers:
        try:
            await notice.renew(number, by=by, at=at, district=district, key=f"{key}:{number}")
        except Refusal as no:
            made.append(Outcome(number, no))
        else:
            made.append(Outcome(number))
    return tuple(made)


def _done(made: Iterable[Outcome]) -> list[str]:
    return [one.number for one in made if one.refused is None]


@store.transactional
async def _tell(kind: str, numbers: list[str], *, by: Actor, at: datetime, key: str) -> None:
    """One message for each member, whatever the number of tasks."""
    theirs: dict[int, list[str]] = {}
    for number in numbers:
        for account in await tasks.accounts(await tasks.find(number)):
            if account != by.account:
                theirs.setdefault(account, []).append(number)
    for account, mine in theirs.items():
        await message.owe(
            account, kind, key=f"{key}:{kind}:{_named(mine)}:{account}", at=at, lane=message.INTERACTIVE, tasks=mine
        )


def _named(numbers: list[str]) -> str:
    """What is tried again is told again, and nothing else is."""
    return hashlib.sha256("\n".join(numbers).encode()).hexdigest()[:16]
