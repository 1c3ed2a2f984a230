"""What anybody may read: results as they are public now, their corrections, objections. People never (Art. 8, 16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.queries import (
    department_result,
    public_search,
    publication,
    reassignments,
    rectification,
    responsible,
    retention,
    signing,
)
from models.queries.plans import names
from models.queries.public_search import Search
from models.queries.public_words import hiding
from models.queries.reassignments import ReassignedTask
from models.queries.sheet import sheets_of
from models.rules import text
from models.rules.checklist import ChecklistSheet
from models.rules.public.result import PublicationRow, PublicPart, PublicResult, TaskFacts, public_result
from models.rules.target_number import NumberKind, number_of
from models.rules.visit import local_day
from models.states import PUBLIC
from models.tables import (
    Batch,
    Item,
    Objection,
    Revision,
    Target,
    Task,
)

EVERYTHING = Search()
DESTROYED = "案卷保管期限届满，已依法销毁"
"""A public reason, in the language of all of them."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What is public of one inspection, its items and departments by name."""

    number: str
    target: str
    code: str
    numbered: NumberKind  # what `code` is
    party: tuple[str, str]  # name and credit code of the responsible party, "" where there is none or no name
    title: str
    result: PublicResult
    on_site: tuple[str, ...]  # names of items
    online: tuple[str, ...]
    departments: tuple[str, ...]
    called: Mapping[str, str]  # what the departments of its parts are called
    reassigned: tuple[ReassignedTask, ...]


async def results(
    *, page: int = 1, per_page: int = 50, search: Search = EVERYTHING
) -> tuple[tuple[ResultLine, ...], int]:
    """Published results, newest first, and how many there are."""
    ids, count = await public_search.ids_of(search, page, per_page)
    return await of_ids(ids), count


async def changed(*, page: int = 1, per_page: int = 50) -> tuple[ResultLine, ...]:
    """Published results by their newest change, the last change first."""
    return await of_ids([change.id for change in await public_search.changes(page, per_page)])


async def result(number: str) -> ResultLine | None:
    """What is public of one task; None while nothing is."""
    row = await Task.get_or_none(number=number, state__in=PUBLIC)
    lines = await of_ids([row.id]) if row else ()
    return lines[0] if lines else None


async def of_ids(ids: Sequence[int]) -> tuple[ResultLine, ...]:
    """What is public of these tasks, in their order."""
    rows = {row.id: row for row in await Task.filter(id__in=list(ids)).select_related("target")}
    return await _lines([rows[id] for id in ids])


async def _lines(rows: Sequence[Task]) -> tuple[ResultLine, ...]:
    return await worded(rows, await facts_of(rows))


async def worded(rows: Sequence[Task], facts: Mapping[int, TaskFacts]) -> tuple[ResultLine, ...]:
    """What these facts make public, with names in place of codes; tasks of which nothing is public are left out."""
    called = await names()
    called_titles, items = (
        await titles({row.batch_id for row in rows}),
        {i.code: i.name for i in await Item.all()},
    )
    parties = await responsible.names({row.target.linked for row in rows})
    moved = await reassignments.of_tasks(row.id for row in rows)
    lines = []
    for row in rows:
        result = public_result(facts[row.id])
        if result is None:
            continue
        target: Target = row.target
        lines.append(
            ResultLine(
                row.number, text.name(target.name), *number_of(target), (parties.get(target.linked, ""), target.linked),
                called_titles[row.batch_id], result, tuple(items.get(value, value) for value in result.on_site),
                tuple(items.get(value, value) for value in result.online), tuple(called.get(d, d) for d in result.departments),
                {part.department: called.get(part.department, part.department) for part in result.parts},
                moved.get(row.id, ()),
            )
        )  # fmt: skip
    return tuple(lines)


async def facts_of(rows: Sequence[Task]) -> dict[int, TaskFacts]:
    """By task what its rows say was done."""
    ids = [row.id for row in rows]
    published, sheets = await publication.published(ids), await sheets_of(rows)
    planned = await _planned({row.batch_id for row in rows})
    objections: dict[int, list[tuple[datetime, bool | None]]] = defaultdict(list)
    for objection in await Objection.filter(task_id__in=ids).order_by("id"):
        objections[objection.task_id].append((objection.at, objection.upheld))
    correcting = {revision.task_id for revision in await Revision.filter(task_id__in=ids, outcome="")}
    parts = await parts_by([each.result for several in published.values() for each in several if each.result])
    signed, shown = await signing.signed_of(rows), await _hiding(rows, published)
    orders, gone = await rectification.public_facts(ids), await retention.gone_of(ids)
    return {
        row.id: _tombstone(gone[row.id], published.get(row.id, ()))
        if row.id in gone
        else TaskFacts(
            tuple(
                PublicationRow(
                    version.kind,
                    version.types,
                    shown(version.reason),
                    version.at,
                    parts.get(version.result or 0, ()),
                )
                for version in published.get(row.id, ())
            ),
            sheets[row.id],
            _serves(planned[row.batch_id], sheets[row.id]),
            local_day(row.started_at) if row.started_at else None,
            local_day(row.ended_at) if row.ended_at else None,
            tuple(objections[row.id]),
            row.id in correcting,
            *signed[row.id],
            orders.get(row.id, ()),
        )
        for row in rows
    }


def _tombstone(at: datetime, versions: Sequence[publication.PublishedVersion]) -> TaskFacts:
    """What was destroyed by term reads like a result that was withdrawn: that it was there, since when no more, why."""
    return TaskFacts(
        (
            *(PublicationRow("withdrawn", (), "", version.at) for version in versions[:1]),
            PublicationRow("withdrawn", (), DESTROYED, at),
        )
    )


async def parts_by(results: Sequence[int]) -> dict[int, tuple[PublicPart, ...]]:
    """By result (its id) the departments' parts of it."""
    return {
        id: tuple(
            PublicPart(row.department, row.entry.types, row.entry.measures, row.entry.late, True)
            if row.entry
            else PublicPart(row.department, (), (), False, False)
            for row in rows
        )
        for id, rows in (await department_result.standings_by(results)).items()
    }


async def _hiding(
    rows: Sequence[Task], published: Mapping[int, Sequence[publication.PublishedVersion]]
) -> Callable[[str], str]:
    """How a reason is shown; names are asked for only where there is one."""
    given = {id for id, several in published.items() if any(each.reason for each in several)}
    return await hiding([str(row.target_id) for row in rows if row.id in given]) if given else str


async def of_task(task: Task) -> PublicResult | None:
    """What is said in public of one task."""
    await task.fetch_related("target")
    return public_result((await facts_of([task]))[task.id])


async def titles(codes: set[str]) -> dict[str, str]:
    """By batch the title of its planned inspection."""
    rows = Batch.filter(code__in=list(codes)).values_list("code", "scheme__entry__title")
    return {str(code): str(title) for code, title in await rows} if codes else {}


async def _planned(codes: set[str]) -> dict[str, tuple[str, ...]]:
    """By batch the planned items."""
    batches = Batch.filter(code__in=list(codes)).select_related("scheme__entry")
    return {row.code: tuple(row.scheme.entry.items) for row in await batches} if codes else {}


def _serves(items: Sequence[str], sheet: ChecklistSheet) -> dict[str, frozenset[int]]:
    """By planned item the numbers of its own questions."""
    return {item: frozenset(ask.number for ask in sheet.asks if item in ask.items) for item in items}
