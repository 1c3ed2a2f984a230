"""Who was left out when something was told, as it stands on the office's desk (Art. 5-7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.rules.left_out import LeftOutReason, Missing, Whose
from models.tables import Account, Department, Inspector, LeftOut, Outbox, OutboxState, Target

REGISTERS: Mapping[Whose, Any] = {
    Whose.LEADER: Inspector, Whose.INSPECTOR: Inspector, Whose.HEAD: Department, Whose.LIAISON: Department,
    Whose.ENTITY: Target,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UntoldPerson:
    """One person with all that they were not told. `of`: as in `Missing`; `until`: the newest line shown."""

    whose: Whose
    of: str
    name: str
    why: LeftOutReason
    since: datetime
    until: int
    about: tuple[tuple[str, str], ...]  # kind of message, task


async def untold() -> tuple[UntoldPerson, ...]:
    """Everybody whose line is open, the longest first. A message that has gone out after all settles its line."""
    rows = await LeftOut.filter(settled_at=None).order_by("id")
    owed = [row.owed for row in rows if row.owed]
    sent = (
        await Outbox.filter(key__in=owed, state=OutboxState.SENT).values_list("key", flat=True)
        if owed
        else []
    )
    gone = {str(key) for key in sent}
    people: dict[tuple[Whose, str], list[LeftOut]] = defaultdict(list)
    for row in rows:
        if row.owed not in gone:
            people[row.whose, row.of].append(row)
    called = await names([Missing(whose, of, mine[-1].why) for (whose, of), mine in people.items()])
    return tuple(
        UntoldPerson(
            whose, of, called[Missing(whose, of, mine[-1].why)], mine[-1].why, mine[0].at, mine[-1].id,
            tuple(dict.fromkeys((row.about, row.task) for row in mine)),
        )
        for (whose, of), mine in people.items()
    )  # fmt: skip


async def names(people: Iterable[Missing]) -> Mapping[Missing, str]:
    """What those who were left out are called in the registers; the code where they are in none."""
    wanted = list(people)
    result = {person: person.of for person in wanted}
    for whose, register in REGISTERS.items():
        codes = [person.of for person in wanted if person.whose == whose]
        rows = {row.code: row.name for row in await register.filter(code__in=codes)} if codes else {}
        result |= {
            person: rows[person.of] for person in wanted if person.whose == whose and person.of in rows
        }
    for missing in wanted:
        if (
            missing.whose == Whose.OFFICE
            and missing.of
            and (row := await Account.get_or_none(id=int(missing.of)))
        ):
            result[missing] = row.name
    return result
