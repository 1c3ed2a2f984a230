"""核验: whether events, rows, photos and daily roots still say what was written down (Art. 16 (3), 20).

Everything is computed anew from what is stored; each difference names the event, row, object or day that
differs. What nobody published or stamped elsewhere can only be compared with itself: give `expected` roots.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from models import store
from models.objects import Damaged
from models.queries import roots, verbatim
from models.queries.verbatim import Row
from models.rules import anchor as rules
from models.rules.chain import GENESIS, digest, seal
from models.tables import (
    Anchor,
    Attempt,
    Event,
    NetworkFinding,
    Notice,
    Paper,
    Photo,
    Record,
    Signature,
    Substitution,
    Task,
)
from models.tables.sealed import OF_NOTICES, OF_TASKS, called, columns

OBJECTS = {
    Photo: ("sha256", "thumbnail", "stamped", "marked"), Notice: ("pdf",), NetworkFinding: ("screenshot",),
    Attempt: ("proof",), Record: ("pdf",), Signature: ("picture",), Paper: ("sha256", "thumbnail"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` as `evidence.<kind>` words it; `subject`: `answer:17`, `event:9`, `day:2026-12-08`, a chain."""

    kind: str
    subject: str
    chain: str = ""
    seq: int | None = None
    seen: str = ""


@dataclass
class Report:
    """How much was looked at, and what differs."""

    chains: int = 0
    events: int = 0
    rows: int = 0
    objects: int = 0
    days: int = 0
    unanchored: int = 0  # events that no daily root covers yet
    unstamped: int = 0  # days that no authority stamped yet
    differences: list[Difference] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.differences

    def tell(self, kind: str, subject: str, chain: str = "", seq: int | None = None, seen: str = "") -> None:
        self.differences.append(Difference(kind, subject, chain, seq, seen))


async def verify(
    number: str | None = None, *, expected: Collection[str] = (), authorities: bytes = b""
) -> Report:
    """Look at everything, or at one task with the daily roots.

    `expected`: roots as somebody outside wrote them down, each must turn up. `authorities`: PEM certificates
    that time stamps must lead to. The object store must be open.
    """
    report, seen = Report(), set[str]()
    anchored = await roots.check(report.tell, expected, authorities)
    report.days, report.unstamped = anchored.days, anchored.unstamped
    checked: dict[str, str] = {}
    async for chain, present in _chains(number):
        seen.add(chain)
        events = await verbatim.rows(Event, "chain", [chain])
        named = _events(report, chain, events)
        _anchored(report, chain, events, anchored)
        _rows(report, chain, present, named)
        for row in present:
            await _objects(report, row, checked)
        report.chains, report.events, report.rows = (
            report.chains + 1, report.events + len(events), report.rows + len(present),
        )  # fmt: skip
    if number is None:
        for chain in sorted(set(anchored.ends) - seen):
            _anchored(report, chain, [], anchored)
        await _no_text(report)
    report.objects = len(checked)
    return report


async def chain_of(number: str) -> tuple[str, list[Row], list[Row]]:
    """A task's chain: its name, its events in order, the rows that they speak of."""
    async for chain, present in _chains(number):
        events = await verbatim.rows(Event, "chain", [chain])
        return chain, sorted(events, key=_place), present
    return f"task:{number}", [], []


async def _chains(number: str | None) -> AsyncIterator[tuple[str, list[Row]]]:
    """Every chain with the rows that hang on its owner; a chain whose owner is gone has none."""
    if number is not None:
        found = await verbatim.rows(Task, "number", [number])
        for task, rows in (await _hanging(found)).items():
            yield f"task:{task}", rows
        if not found:
            yield f"task:{number}", []
        return
    left = {name for name in await verbatim.distinct(Event, "chain") if isinstance(name, str)}
    tasks = await verbatim.ids(Task)
    for start in range(0, len(tasks), verbatim.BATCH):
        some = await verbatim.rows(Task, "id", tasks[start : start + verbatim.BATCH])
        for task, rows in (await _hanging(some)).items():
            left.discard(f"task:{task}")
            yield f"task:{task}", rows
    teams = await _by(Substitution, "team_id")
    left |= {f"team:{team}" for team in teams}
    days = await verbatim.rows(Anchor, "id", await verbatim.ids(Anchor))
    left |= {rules.CHAIN} if days else set()
    for chain in sorted(left):
        kind, _, owner = chain.partition(":")
        own = teams.get(owner, []) if kind == "team" else days if chain == rules.CHAIN else []
        yield chain, own


async def _hanging(tasks: Sequence[Row]) -> dict[str, list[Row]]:
    """By task number the task's row and all that hang on it."""
    numbers = {task.pk: str(task["number"] or f"?{task.pk}") for task in tasks}
    found = {numbers[task.pk]: [task] for task in tasks}
    notices: dict[Any, str] = {}
    for table in OF_TASKS:
        for row in await verbatim.rows(table, "task_id", numbers):
            found[numbers[row["task_id"]]].append(row)
            if table is Notice:
                notices[row.pk] = numbers[row["task_id"]]
    for table in OF_NOTICES:
        for row in await verbatim.rows(table, "notice_id", notices):
            found[notices[row["notice_id"]]].append(row)
    return found


async def _by(table: type[Substitution], column: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in await verbatim.rows(table, "id", await verbatim.ids(table)):
        found[str(row[column])].append(row)
    return found


def _place(row: Row) -> tuple[int, Any]:
    seq = row["seq"]
    return seq if isinstance(seq, int) else -1, row.pk


def _events(report: Report, chain: str, events: Iterable[Row]) -> dict[str, tuple[str, int]]:
    """Follow a chain; what each row was when an event spoke of it last."""
    named: dict[str, tuple[str, int]] = {}
    previous, expected = GENESIS, 1
    for row in sorted(events, key=_place):
        subject = called(Event, row.pk)
        if row.wrong:
            report.tell("event.unreadable", subject, chain, expected, ", ".join(row.wrong))
            previous, expected = row["sha256"], expected + 1
            continue
        seq = row["seq"]
        if seq > expected:
            missing = str(expected) if seq == expected + 1 else f"{expected}-{seq - 1}"
            report.tell("event.missing", chain, chain, expected, missing)
        elif row["previous"] != previous:
            report.tell("event.cut_in", subject, chain, seq)
        if event_hash(row) != row["sha256"]:
            report.tell("event.changed", subject, chain, seq, row["kind"])
        sealed = row["data"].get("rows") if isinstance(row["data"], dict) else None
        for name, value in (sealed if isinstance(sealed, dict) else {}).items():
            named[name] = (value, seq)
        previous, expected = row["sha256"], seq + 1
    return named


def event_hash(row: Row) -> str:
    """What an event's hash must be."""
    parts = (row["chain"], row["seq"], row["kind"], row["by"], row["at"], row["data"])
    return digest(*parts, row["previous"], row["key"])


def _anchored(report: Report, chain: str, events: Sequence[Row], anchored: roots.Anchored) -> None:
    """Compare a chain with what the days' roots say of it."""
    hashes = {row["seq"]: row["sha256"] for row in events}
    covered = 0
    for end, day in anchored.ends.get(chain, ()):
        covered = end.length
        if end.length not in hashes:
            report.tell("chain.cut", chain, chain, end.length, str(day))
        elif hashes[end.length] != end.sha256:
            report.tell("chain.rewritten", chain, chain, end.length, str(day))
    report.unanchored += sum(1 for row in events if isinstance(row["seq"], int) and row["seq"] > covered)


def _rows(report: Report, chain: str, present: Iterable[Row], named: dict[str, tuple[str, int]]) -> None:
    """Compare rows with the hashes that the events keep of them."""
    left = dict(named)
    for row in present:
        name = called(row.table, row.pk)
        sealed, seq = left.pop(name, (None, None))
        if row.wrong:
            report.tell("row.unreadable", name, chain, seq, ", ".join(row.wrong))
        elif sealed is None:
            report.tell("row.unknown", name, chain)
        elif row_hash(row) != sealed:
            report.tell("row.changed", name, chain, seq)
    for name, (_, seq) in left.items():
        report.tell("row.missing", name, chain, seq)


def row_hash(row: Row) -> str:
    """What the last event of a row must say of it."""
    return seal(sealed_values(row))


def sealed_values(row: Row) -> dict[str, Any]:
    """The columns that a row's hash covers."""
    return {column: row[attribute] for column, attribute in columns(row.table).items()}


async def _objects(report: Report, row: Row, checked: dict[str, str]) -> None:
    for column in OBJECTS.get(row.table, ()):
        name = row[column]
        if not name:
            continue
        if name not in checked:
            checked[name] = await state_of(name)
        if checked[name]:
            report.tell(f"object.{checked[name]}", called(row.table, row.pk), seen=f"{column} {name}")


async def state_of(name: str) -> str:
    """`missing`, `damaged`, or nothing when the object's bytes carry its name."""
    digested = hashlib.sha256()
    try:
        async for piece in store.objects.stream(name):
            digested.update(piece)
    except (FileNotFoundError, ValueError):
        return "missing"
    except Damaged:
        return "damaged"
    return "" if digested.hexdigest() == name else "damaged"


async def _no_text(report: Report) -> None:
    """Events whose chain's name is no text any more belong to none."""
    for name in await verbatim.distinct(Event, "chain"):
        if isinstance(name, bytes):
            for pk in await verbatim.where_bytes(Event, "chain", name):
                report.tell("event.unreadable", called(Event, pk), seen="chain")


async def orphans() -> tuple[list[str], list[Difference]]:
    """Objects that no row names, and rows whose object is not there."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for table, names in OBJECTS.items():
        for row in await verbatim.rows(table, "id", await verbatim.ids(table)):
            for column in names:
                if row[column]:
                    wanted[row[column]].append(f"{called(table, row.pk)} {column}")
    there = {name async for name in store.objects.names()}
    lacking = [
        Difference("object.missing", owner.partition(" ")[0], seen=f"{owner.partition(' ')[2]} {name}")
        for name, owners in sorted(wanted.items())
        if name not in there
        for owner in owners
    ]
    return sorted(there - set(wanted)), lacking
