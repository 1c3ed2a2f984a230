"""Evidence that waits on phones: whose, how much, since when, as the phones said last (Art. 16 (3), 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import store
from models.fields import instant, json_value
from models.rules import text
from models.store import SqlStatement, marks
from models.tables import Assignment

CHAIN, KIND = "companion:", "phone.unsent"
SAID = "SELECT chain, data, at FROM event WHERE kind = ? AND chain IN ({chains}) ORDER BY id"
NAMED = "SELECT code, name FROM inspector WHERE code IN ({officers})"


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
    unsent = await of_officers([str(seat) for seat in seats])
    return tuple(line for line in unsent if line.task in ("", number))


async def of_officers(officers: Sequence[str]) -> tuple[Unsent, ...]:
    """The newest word of each phone about each of these officers, oldest entries first."""
    if not officers:
        return ()
    rows, registered = await store.run(
        SqlStatement(
            SAID.format(chains=marks(officers)),
            (KIND, *(f"{CHAIN}{value}" for value in officers)),
            light=True,
        ),
        SqlStatement(NAMED.format(officers=marks(officers)), tuple(officers), light=True),
    )
    said = [(row["chain"].removeprefix(CHAIN), json_value(row["data"]), instant(row["at"])) for row in rows]
    newest = {(officer, data["device"]): (officer, data["lines"], at) for officer, data, at in said}
    names = {row["code"]: row["name"] for row in registered}
    unsent = []
    for officer, lines, at in newest.values():
        assert at
        for task, count, since in lines:
            if count:
                unsent.append(
                    Unsent(officer, text.name(names.get(officer, officer)), task, count, _time(since), at)
                )
    return tuple(sorted(unsent, key=lambda line: (line.said_at, line.officer)))


def _time(remark: str) -> datetime | None:
    try:
        return datetime.fromisoformat(remark)
    except ValueError:
        return None
