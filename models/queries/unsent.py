"""Evidence that waits on phones: whose, how much, since when, as the phones said last (Art. 16 (3), 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.rules import text
from models.tables import Assignment, Event, Inspector

CHAIN, KIND = "companion:", "phone.unsent"


@dataclass(frozen=True, slots=True)
class Unsent:
    """What lies on one officer's phone. `task` is "" where only that officer can read it."""

    officer: str
    name: str
    task: str
    count: int
    since: datetime | None  # by the phone's clock
    said_at: datetime


async def of_task(number: str) -> tuple[Unsent, ...]:
    """What the officers who serve in this task have left on phones, for it or for a task that is not known."""
    seats = await Assignment.filter(task__number=number, until=None).values_list("inspector_id", flat=True)
    found = await of_officers([str(seat) for seat in seats])
    return tuple(one for one in found if one.task in ("", number))


async def of_officers(officers: Sequence[str]) -> tuple[Unsent, ...]:
    """The newest word of each phone about each of these officers, oldest entries first."""
    if not officers:
        return ()
    rows = await Event.filter(chain__in=[f"{CHAIN}{one}" for one in officers], kind=KIND).order_by("id")
    newest = {(row.chain, row.data["device"]): row for row in rows}
    names = dict(await Inspector.filter(code__in=list(officers)).values_list("code", "name"))
    found = []
    for row in newest.values():
        officer = row.chain.removeprefix(CHAIN)
        for task, count, since in row.data["lines"]:
            if count:
                found.append(
                    Unsent(officer, text.name(names.get(officer, officer)), task, count, _time(since), row.at)
                )
    return tuple(sorted(found, key=lambda one: (one.said_at, one.officer)))


def _time(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None
