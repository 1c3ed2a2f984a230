"""Open tasks of which the register may rule somebody out: chosen by plain rows, wider than exact, so that a look at everybody
weighs one by one only what may be wrong (Art. 10, 14 (2))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models import store
from models.fields import instant, json_value
from models.queries.substitution import departments_of_items, in_doubt, items_of
from models.rules import fitness
from models.rules.visit import local_day
from models.states import TO_VISIT
from models.tables import Batch

TOGETHER = 500  # tasks in one statement
OPEN = "SELECT id, visit_from FROM task WHERE state IN ({})"
SEATS = """SELECT t.id, t.batch_id, a.inspector_id, g.code, g.credit_code, g.street FROM task t
JOIN target g ON g.code = t.target_id JOIN assignment a ON a.task_id = t.id AND a.until IS NULL WHERE t.id IN ({})"""
OFFICERS = "SELECT code, department, areas, items, recused FROM inspector WHERE code IN ({})"


@dataclass(frozen=True, slots=True)
class RegisteredReach:
    """Where an officer may go, and what they may check, by the register."""

    department: str
    areas: list[str]
    items: list[str]
    recused: list[str]


class SuitedOfficers:
    """What was found of each officer, street and batch: they are few and come again."""

    def __init__(self) -> None:
        self.officers: dict[str, RegisteredReach] = {}
        self.batches: dict[str, Mapping[str, frozenset[str]]] = {}
        self.known: dict[tuple[str, str, str], bool] = {}

    def unsuited(self, row: Any) -> bool:
        """Whether street, items or the target itself speak against the officer of this seat."""
        who, street, batch = row["inspector_id"], row["street"], row["batch_id"]
        officer = self.officers[who]
        if officer.recused and {row["code"], row["credit_code"]} & {*officer.recused}:
            return True
        key = (who, street, batch)
        if key not in self.known:
            self.known[key] = bool(
                fitness.unsuited(officer, fitness.Place(street, True, self.batches[batch]))
            )
        return self.known[key]


async def ids(day: date) -> list[int]:
    """The tasks of officers who are or will be away by the last visit that is fixed, and those for whose target an officer
    is not suited."""
    open_ = await store.run_one(OPEN.format(store.marks(list(TO_VISIT))), *map(str, TO_VISIT))
    last = max((at for row in open_ if (at := instant(row["visit_from"]))), default=None)
    doubtful = set(await in_doubt(day, local_day(last) + timedelta(days=1) if last else None))
    numbers, suits = sorted(row["id"] for row in open_), SuitedOfficers()
    for start in range(0, len(numbers), TOGETHER):
        some = numbers[start : start + TOGETHER]
        rows = await store.run_one(SEATS.format(store.marks(some)), *some)
        await _learn(suits, rows)
        doubtful |= {row["id"] for row in rows if suits.unsuited(row)}
    return sorted(doubtful)


async def _learn(suits: SuitedOfficers, rows: Iterable[Any]) -> None:
    """Read the officers and batches that were not met before."""
    if codes := list({row["inspector_id"] for row in rows} - suits.officers.keys()):
        for row in await store.run_one(OFFICERS.format(store.marks(codes)), *codes):
            reach = (json_value(row[column]) or [] for column in ("areas", "items", "recused"))
            suits.officers[row["code"]] = RegisteredReach(row["department"], *reach)
    if batches := list({row["batch_id"] for row in rows} - suits.batches.keys()):
        items = await departments_of_items()
        for batch in await Batch.filter(code__in=batches).select_related("scheme__entry"):
            wanted = batch.scheme.entry.items
            suits.batches[batch.code] = {
                department: items_of(department, wanted, items) for department in batch.crew
            }
