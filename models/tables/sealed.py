"""Which rows are evidence: the event of the act that wrote one keeps its hash (Art. 16 (3), 20).

A row belongs to the chain of one thing for good, and every act that changes it notes it there. Columns that
are left out can be made again from the others at any time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tortoise.models import Model

from models.rules.chain import seal
from models.tables.anchor import Anchor
from models.tables.arrival import Arrival
from models.tables.cooperation import Absence, NonCooperation, Suspension
from models.tables.draw import Substitution
from models.tables.entity import Correction, Objection, Paper, Preparation
from models.tables.inspection import Answer, NetworkFinding, Photo
from models.tables.notice import Attempt, Notice, Postponement
from models.tables.publication import (
    Notification,
    NotificationAttempt,
    PlatformReceipt,
    Publication,
    Revision,
)
from models.tables.record import Record, Signature, Statement
from models.tables.sample import Entrustment, Sample
from models.tables.task import Assignment, Finalised, Result, Task

# The column that leads to the owner of the chain: a task, a notice of a task, or a team.
OF_TASKS: tuple[type[Model], ...] = (
    Assignment, NetworkFinding, Answer, Photo, Finalised, Result, Notice,
    Arrival, NonCooperation, Absence, Suspension, Sample, Entrustment, Record, Statement, Signature,
    Preparation, Paper, Correction, Objection,
    Publication, Revision, PlatformReceipt, Notification, NotificationAttempt,
)  # fmt: skip
OF_NOTICES: tuple[type[Model], ...] = (Attempt, Postponement)
OF_TEAMS: tuple[type[Model], ...] = (Substitution,)

SEALED: tuple[type[Model], ...] = (Task, *OF_TASKS, *OF_NOTICES, *OF_TEAMS, Anchor)

UNSEALED: Mapping[type[Model], frozenset[str]] = {
    Photo: frozenset({"thumbnail", "stamped", "marked"}),
    Notice: frozenset({"pdf"}),
    Record: frozenset({"pdf"}),
    Paper: frozenset({"thumbnail"}),
}


def called(table: type[Model], pk: Any) -> str:
    """A row's name in events: `answer:17`."""
    return f"{table._meta.db_table}:{pk}"


def columns(table: type[Model]) -> dict[str, str]:
    """Column to attribute, those left out of the seal not among them."""
    left_out = UNSEALED.get(table, frozenset())
    names = table._meta.fields_db_projection_reverse
    return {column: names[column] for column in sorted(names) if column not in left_out}


async def seals(rows: Iterable[Model]) -> dict[str, str]:
    """Name to hash of rows as the database has them at this moment. Rows of other tables are a TypeError."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for row in rows:
        if type(row) not in SEALED:
            raise TypeError(f"{type(row).__name__} is not among the sealed tables")
        wanted[type(row)].add(row.pk)
    found = {}
    for table, ids in wanted.items():
        for row in await table.filter(pk__in=ids):
            found[called(table, row.pk)] = seal({c: getattr(row, a) for c, a in columns(table).items()})
    return dict(sorted(found.items()))
