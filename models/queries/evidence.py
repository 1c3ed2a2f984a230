"""核验: whether events, rows, photos and daily roots still say what was written down (Art. 16 (3), 20).

Everything is computed anew from what is stored; each difference names the event, row, object or day that
differs. What nobody published or stamped elsewhere can only be compared with itself: give `expected` roots.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from tortoise.models import Model

from models.queries import anchor, draw_texts, objects, raw_rows
from models.queries.objects import OBJECTS, Difference
from models.queries.raw_rows import Row
from models.rules.chain import GENESIS, digest
from models.rules.visit import local_day
from models.tables import (
    Draw,
    DrawText,
    Event,
    Notice,
    SealForm,
    Task,
    Tombstone,
)
from models.tables.hashed_rows import (
    FIRST_FORM,
    HOMES,
    OF_NOTICES,
    OF_TASKS,
    columns,
    first_form,
    name_of,
    row_name,
)
from models.tables.hashed_rows import form as sealed_form

Form = Mapping[str, Sequence[str]]

GONE = ""  # an act removed the row
NOWHERE = "-"  # in place of a chain: the row's references lead to nothing
TAKEN = "seals.taken"  # rows that were written before their table or column was sealed


class Seal(NamedTuple):
    """What an event says of a row: its hash, the event's number, and the form that says what is covered."""

    sha256: str
    seq: int
    form: str


@dataclass
class EvidenceReport:
    """How much was looked at, and what differs."""

    chains: int = 0
    events: int = 0
    rows: int = 0
    objects: int = 0
    days: int = 0
    unanchored: int = 0  # events that no daily root covers yet
    unstamped: int = 0  # days that no authority stamped yet
    destroyed: dict[str, str] = field(default_factory=dict)  # by task the day on which its files went by term
    since: dict[str, dict[str, int]] = field(default_factory=dict)  # by day and table: rows sealed only then
    differences: list[Difference] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.differences

    def tell(self, kind: str, subject: str, chain: str = "", seq: int | None = None, seen: str = "") -> None:
        self.differences.append(Difference(kind, subject, chain, seq, seen))


async def verify(
    number: str | None = None, *, expected: Collection[str] = (), authorities: bytes = b""
) -> EvidenceReport:
    """Look at everything, or at one task with the daily roots.

    `expected`: roots as somebody outside wrote them down, each must turn up. `authorities`: PEM certificates
    that time stamps must lead to. The object store must be open.
    """
    report, seen = EvidenceReport(), set[str]()
    forms, used = await forms_of(report), set[str]()
    anchored = await anchor.check(report.tell, expected, authorities)
    report.days, report.unstamped = anchored.days, anchored.unstamped
    checked: dict[str, str] = {}
    async for chain, present in chains(number):
        seen.add(chain)
        events = await raw_rows.rows(Event, "chain", [chain])
        named = last_seals(report, chain, events, forms)
        used |= {sealed.form for sealed in named.values()}
        _anchored(report, chain, events, anchored)
        await with_moved(present, named, forms)
        _rows(report, chain, present, named, forms)
        gone = _destroyed(report, chain, present)
        for row in present:
            await _objects(report, row, checked, gone)
        report.chains, report.events, report.rows = (
            report.chains + 1, report.events + len(events), report.rows + len(present),
        )  # fmt: skip
    if number is None:
        for chain in sorted(set(anchored.ends) - seen):
            _anchored(report, chain, [], anchored)
        await _no_text(report)
        await _pieces(report)
    for name in sorted(used - await _stored_forms()):
        report.tell("form.missing", row_name(SealForm, name))
    report.objects = len(checked)
    return report


async def chain_of(number: str) -> tuple[str, list[Row], list[Row]]:
    """A task's chain: its name, its events in order, the rows that they speak of."""
    async for chain, present in chains(number):
        events = await raw_rows.rows(Event, "chain", [chain])
        return chain, sorted(events, key=_place), present
    return f"task:{number}", [], []


async def chains(number: str | None = None) -> AsyncIterator[tuple[str, list[Row]]]:
    """Every chain with the sealed rows that belong to it; a chain whose owner is gone has none."""
    if number is not None:
        stored_rows = await raw_rows.rows(Task, "number", [number])
        for task, rows in (await _hanging(stored_rows)).items():
            yield f"task:{task}", rows
        if not stored_rows:
            yield f"task:{number}", []
        return
    left = {name for name in await raw_rows.distinct(Event, "chain") if isinstance(name, str)}
    tasks = await raw_rows.ids(Task)
    for start in range(0, len(tasks), raw_rows.BATCH):
        some = await raw_rows.rows(Task, "id", tasks[start : start + raw_rows.BATCH])
        for task, rows in (await _hanging(some)).items():
            left.discard(f"task:{task}")
            yield f"task:{task}", rows
    others = await _of_no_task()
    for chain in sorted(left | set(others)):
        yield chain, others.get(chain, [])


async def _hanging(tasks: Sequence[Row]) -> dict[str, list[Row]]:
    """By task number the task's row and all that hang on it."""
    numbers = {task.pk: str(task["number"] or f"?{task.pk}") for task in tasks}
    rows = {numbers[task.pk]: [task] for task in tasks}
    notices: dict[Any, str] = {}
    for table in OF_TASKS:
        for row in await raw_rows.rows(table, "task_id", numbers):
            rows[numbers[row["task_id"]]].append(row)
            if table is Notice:
                notices[row.pk] = numbers[row["task_id"]]
    for table in OF_NOTICES:
        for row in await raw_rows.rows(table, "notice_id", notices):
            rows[notices[row["notice_id"]]].append(row)
    return rows


async def _of_no_task() -> dict[str, list[Row]]:
    """By chain the rows of every table that hangs on no task, and those whose references lead nowhere."""
    stored_rows: dict[str, list[Row]] = defaultdict(list)
    for table in HOMES:
        if table in (Task, *OF_TASKS, *OF_NOTICES):
            for row in await _loose(table):
                stored_rows[NOWHERE].append(row)
            continue
        rows = await raw_rows.rows(table, table._meta.db_pk_column, await raw_rows.ids(table))
        ends = await chains_of(table, rows)
        for row in rows:
            stored_rows[ends.get(row.pk, NOWHERE)].append(row)
    return stored_rows


async def _loose(table: type[Model]) -> list[Row]:
    """Rows that hang on a task or a notice that is not there."""
    if not (through := HOMES[table].through):
        return []
    column, parent = through[0]
    return await raw_rows.rows(table, table._meta.db_pk_column, await raw_rows.loose(table, column, parent))


async def chains_of(
    table: type[Model], rows: Iterable[Row], parents: dict[tuple[type[Model], Any], Row] | None = None
) -> dict[Any, str]:
    """By primary key the chain of each row; one whose references lead nowhere has none.

    `parents`: rows that references lead to, as far as they are known; those looked up join them.
    """
    parents = {} if parents is None else parents
    home, ends = HOMES[table], {row.pk: row for row in rows}
    for attribute, parent in home.through:
        wanted = {row[attribute] for row in ends.values()} - {pk for kind, pk in parents if kind is parent}
        for row in await raw_rows.rows(parent, parent._meta.db_pk_column, wanted, short=True):
            parents[parent, row.pk] = row
        ends = {
            pk: parents[parent, row[attribute]]
            for pk, row in ends.items()
            if (parent, row[attribute]) in parents
        }
    return {pk: home.chain(row) for pk, row in ends.items()}


def _place(row: Row) -> tuple[int, Any]:
    seq = row["seq"]
    return seq if isinstance(seq, int) else -1, row.pk


def last_seals(
    report: EvidenceReport, chain: str, events: Iterable[Row], forms: Mapping[str, Form] | None = None
) -> dict[str, Seal]:
    """Follow a chain; what each row was when an event spoke of it last."""
    named: dict[str, Seal] = {}
    previous, expected = GENESIS, 1
    for row in sorted(events, key=_place):
        subject = row_name(Event, row.pk)
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
        data = row["data"] if isinstance(row["data"], dict) else {}
        sealed, before = data.get("rows"), data.get("before")
        for name, value in (sealed if isinstance(sealed, dict) else {}).items():
            now = Seal(value, seq, str(data.get("form", FIRST_FORM)))
            if isinstance(before, dict) and not _follows(
                name, named.get(name), before.get(name), now, forms or {}
            ):
                report.tell("row.changed_before", name, chain, seq)
            named[name] = now
        if row["kind"] == TAKEN and isinstance(data.get("new"), dict):
            day = report.since.setdefault(str(row["at"].date()), {})
            for table, count in data["new"].items():
                day[table] = day.get(table, 0) + int(count)
        previous, expected = row["sha256"], seq + 1
    return named


def _follows(name: str, last: Seal | None, before: str | None, now: Seal, forms: Mapping[str, Form]) -> bool:
    """Whether a row was, when an act wrote it again, what the event before says of it; `?`: nobody looked."""
    known = last.sha256 if last else GONE
    if before == "?" or (before or GONE) == known:
        return True
    if last is None or not before or last.form == now.form:
        return False
    table = name.partition(":")[0]
    columns_then, columns_now = (forms.get(form, {}).get(table) for form in (last.form, now.form))
    return columns_then != columns_now


def event_hash(row: Row) -> str:
    """What an event's hash must be."""
    parts = (row["chain"], row["seq"], row["kind"], row["by"], row["at"], row["data"])
    return digest(*parts, row["previous"], row["key"])


def _anchored(report: EvidenceReport, chain: str, events: Sequence[Row], anchored: anchor.Anchored) -> None:
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


def _rows(
    report: EvidenceReport,
    chain: str,
    present: Iterable[Row],
    named: dict[str, Seal],
    forms: Mapping[str, Form],
) -> None:
    """Compare rows with the hashes that the events keep of them."""
    left = dict(named)
    for row in present:
        name = row_name(row.table, row.pk)
        sealed = left.pop(name, None)
        if row.wrong:
            report.tell("row.unreadable", name, chain, sealed.seq if sealed else None, ", ".join(row.wrong))
        elif sealed is None or sealed.sha256 == GONE:
            report.tell("row.unknown", name, chain)
        elif (form := forms.get(sealed.form)) is None:
            report.tell("row.formless", name, chain, sealed.seq, str(sealed.form))
        elif not matches(row, sealed, form):
            report.tell("row.changed", name, chain, sealed.seq)
    for name, sealed in left.items():
        if sealed.sha256 != GONE:
            report.tell("row.missing", name, chain, sealed.seq)


def matches(row: Row, sealed: Seal, form: Form) -> bool:
    """Whether a row is what its last event says, over the columns that were covered then."""
    covered = covered_columns(row, form)
    return covered is not None and raw_rows.hashed(row, covered) == sealed.sha256


async def with_moved(present: Iterable[Row], named: Mapping[str, Seal], forms: Mapping[str, Form]) -> None:
    """Give draws whose last hash is from before their files lay in pieces the columns that it covers."""
    for row in present:
        sealed = named.get(row_name(Draw, row.pk)) if row.table is Draw and not row.wrong else None
        if sealed and "files" in forms.get(sealed.form, {}).get("draw", ()):
            with suppress(AttributeError, KeyError, TypeError):  # what no act wrote differs all the same
                row.values.update(await draw_texts.with_moved(row.values))


def covered_columns(row: Row, form: Form) -> dict[str, str] | None:
    """Column to attribute of what a form covers of a row; None when one of the columns is no more."""
    names = row.table._meta.fields_db_projection_reverse
    if "files" in row.values and "files" in form.get("draw", ()):
        names = names | draw_texts.MOVED
    wanted = form.get(row.table._meta.db_table, ())
    return {column: names[column] for column in wanted} if wanted and set(wanted) <= set(names) else None


async def forms_of(report: EvidenceReport | None = None) -> dict[str, Form]:
    """By name which columns hashes cover; a form that does not bear its name is told and left out."""
    now = sealed_form()
    forms: dict[str, Form] = {FIRST_FORM: first_form(), name_of(now): now}
    for row in await raw_rows.rows(SealForm, "id", await raw_rows.ids(SealForm)):
        if row.wrong or name_of(row["columns"]) != row.pk:
            if report is not None:
                report.tell("form.changed", row_name(SealForm, row.pk))
        else:
            forms.setdefault(row.pk, row["columns"])
    return forms


async def _stored_forms() -> set[str]:
    return {FIRST_FORM, *(str(name) for name in await raw_rows.ids(SealForm))}


def sealed_values(row: Row, form: Form | None = None) -> dict[str, Any]:
    """The columns that a row's hash covers: of the form that its last event names, else of today's."""
    covered = (covered_columns(row, form) if form else None) or columns(row.table)
    return {column: row[attribute] for column, attribute in covered.items()}


def _destroyed(report: EvidenceReport, chain: str, present: Iterable[Row]) -> frozenset[str]:
    """Files of the chain's task that its tombstone names: they went by term, and their hashes stay (Art. 20)."""
    gone: set[str] = set()
    for row in present:
        if row.table is Tombstone and not row.wrong:
            report.destroyed[chain.removeprefix("task:")] = local_day(row["at"]).isoformat()
            gone |= {str(name) for name in row["objects"]}
    return frozenset(gone)


async def _objects(
    report: EvidenceReport, row: Row, checked: dict[str, str], gone: frozenset[str] = frozenset()
) -> None:
    for column in OBJECTS.get(row.table, ()):
        name = row[column]
        if not name:
            continue
        if name not in checked:
            checked[name] = await objects.state_of(name)
        if checked[name] and not (checked[name] == "missing" and name in gone):
            report.tell(f"object.{checked[name]}", row_name(row.table, row.pk), seen=f"{column} {name}")


async def _pieces(report: EvidenceReport) -> None:
    """Each piece of a draw's files bears its name, and each that a draw names is there."""
    there = await raw_rows.ids(DrawText)
    for start in range(0, len(there), draw_texts.TOGETHER):
        for row in await raw_rows.rows(DrawText, "id", there[start : start + draw_texts.TOGETHER]):
            if row.wrong or sha256(str(row["text"]).encode()).hexdigest() != row.pk:
                report.tell("text.changed", row_name(DrawText, row.pk))
    for draw in await raw_rows.rows(Draw, "code", await raw_rows.ids(Draw)):
        texts = draw["texts"] if isinstance(draw["texts"], dict) else {}
        for name in sorted({name for names in texts.values() for name in names}.difference(there)):
            report.tell("text.missing", row_name(DrawText, name))


async def _no_text(report: EvidenceReport) -> None:
    """Events whose chain's name is no text any more belong to none."""
    for name in await raw_rows.distinct(Event, "chain"):
        if isinstance(name, bytes):
            for pk in await raw_rows.where_bytes(Event, "chain", name):
                report.tell("event.unreadable", row_name(Event, pk), seen="chain")
