"""结果检索: which published results are asked for, and in which order; each page costs what it shows (Art. 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tortoise.expressions import Q

from models import store
from models.fields import instant
from models.queries.sheet import asks_in
from models.read_once import ReadOnce
from models.rules.visit import SHANGHAI
from models.states import PUBLIC
from models.tables import Batch, Item, PlanEntry, Scheme, Task

WITHDRAWN = "withdrawn"
_ordered = ReadOnce()
WITH_RESULTS = f"""
SELECT b.code FROM batch b WHERE EXISTS (
    SELECT 1 FROM task t WHERE t.batch_id = b.code AND t.state IN ({store.marks(PUBLIC)}))"""  # noqa: S608
OF_TYPE = """
SELECT p.task_id FROM publication p JOIN result r ON r.id = p.result_id
WHERE NOT EXISTS (SELECT 1 FROM publication n WHERE n.task_id = p.task_id AND n.id > p.id)
AND CAST(r.types AS TEXT) LIKE ?
UNION SELECT r.task_id FROM result r WHERE CAST(r.types AS TEXT) LIKE ?
AND NOT EXISTS (SELECT 1 FROM publication p WHERE p.task_id = r.task_id)
AND NOT EXISTS (SELECT 1 FROM result n WHERE n.task_id = r.task_id AND n.version > r.version)"""
TAKEN_BACK = """
SELECT p.task_id FROM publication p WHERE p.kind = 'withdrawn'
AND NOT EXISTS (SELECT 1 FROM publication n WHERE n.task_id = p.task_id AND n.id > p.id)
UNION SELECT s.task_id FROM tombstone s"""
ANSWERED = """
SELECT DISTINCT a.task_id FROM answer a JOIN task t ON t.id = a.task_id
WHERE t.batch_id = ? AND COALESCE(a.verdict, '') <> '' AND a.question_id IN ({marks}) AND NOT EXISTS (
    SELECT 1 FROM answer n WHERE n.task_id = a.task_id AND n.question_id = a.question_id AND n.version > a.version)"""
SETTLED = """
SELECT DISTINCT a.task_id FROM network_finding a JOIN task t ON t.id = a.task_id
WHERE t.batch_id = ? AND a.verdict IN ('pass', 'fail') AND a.question_id IN ({marks}) AND NOT EXISTS (
    SELECT 1 FROM network_finding n
    WHERE n.task_id = a.task_id AND n.question_id = a.question_id AND n.version > a.version)"""
IN_ORDER = f"""
SELECT id FROM task WHERE state IN ({store.marks(PUBLIC)}) ORDER BY published_at DESC, id DESC"""  # noqa: S608
MARK = f"""
SELECT (SELECT COUNT(*) FROM task WHERE state IN ({store.marks(PUBLIC)})) AS tasks,
(SELECT COUNT(*) FROM publication) AS publications, (SELECT COUNT(*) FROM result) AS results,
(SELECT COUNT(*) FROM tombstone) AS tombstones"""  # noqa: S608
OF_A_STATE = """
SELECT * FROM (SELECT id, published_at FROM task WHERE state = ? ORDER BY published_at DESC, id DESC LIMIT ?) AS s"""
NEWEST = f"""
SELECT id FROM ({" UNION ALL ".join([OF_A_STATE] * len(PUBLIC))}) AS newest
ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?"""  # noqa: S608 - put together from what stands here
CHANGED = """
SELECT t.id, t.number, COALESCE((SELECT MAX(p.at) FROM publication p WHERE p.task_id = t.id), t.published_at) AS since
FROM task t WHERE t.state IN ('published', 'archived') ORDER BY since DESC, t.id DESC LIMIT ? OFFSET ?"""


@dataclass(frozen=True, slots=True)
class Search:
    """`words`: part of a name or the whole code; `since`, `until`: days of the first publication; `type`: a result
    type as it is public now, or `withdrawn`; `item`: the code of an item that was inspected."""

    words: str = ""
    since: date | None = None
    until: date | None = None
    type: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A result's number, and since when what is public of it is public."""

    id: int
    number: str
    since: datetime


async def ids_of(search: Search, page: int, per_page: int) -> tuple[list[int], int]:
    """Ids of the tasks of one page, newest first, and how many there are."""
    rows, first = Task.filter(state__in=PUBLIC), (page - 1) * per_page
    if search.words:
        whole = search.words.upper()
        rows = rows.filter(
            Q(target__name__contains=search.words)
            | Q(target__credit_code=whole)
            | Q(target__registration=whole)
            | Q(target__linked=whole)
        )
    if search.since:
        rows = rows.filter(published_at__gte=_midnight(search.since))
    if search.until:
        rows = rows.filter(published_at__lt=_midnight(search.until + timedelta(days=1)))
    if search == Search():
        return await _newest(first, per_page), await rows.count()
    if search == Search(type=search.type):
        chosen = await _ordered_of_type(search.type)
        return chosen[first : first + per_page], len(chosen)
    rows = rows.order_by("-published_at", "-id")
    if not (search.type or search.item):
        ids = await rows.offset(first).limit(per_page).values_list("id", flat=True)
        return [int(str(id)) for id in ids], await rows.count()
    among = await _of_type(search.type) if search.type else None
    if search.item:
        inspected = await _with_item(search.item)
        among = inspected if among is None else among & inspected
    newest: list[Any] = await rows.values_list("id", flat=True)
    chosen = [id for id in newest if id in (among or ())]
    return chosen[first : first + per_page], len(chosen)


async def _newest(first: int, count: int) -> list[int]:
    """Of all results one page, newest first: of each state's index as many as come before it."""
    upto = [(state, first + count) for state in PUBLIC]
    rows = await store.run_one(NEWEST, *(value for pair in upto for value in pair), count, first)
    return [int(row["id"]) for row in rows]


async def changes(page: int, per_page: int) -> tuple[Change, ...]:
    """Every published result by its newest change, the last change first."""
    rows = await store.run_one(CHANGED, per_page, (page - 1) * per_page)
    changed = []
    for row in rows:
        since = instant(row["since"])
        assert since
        changed.append(Change(row["id"], row["number"], since))
    return tuple(changed)


async def count() -> int:
    return await Task.filter(state__in=PUBLIC).count()


async def items() -> tuple[tuple[str, str], ...]:
    """Code and name of every item that a public result may have been inspected for."""
    planned = {item for codes in (await _planned()).values() for item in codes}
    return tuple((row.code, row.name) for row in await Item.filter(code__in=list(planned)).order_by("code"))


async def mark() -> tuple[int, ...]:
    """What grows with whatever changes what is public of any result: nothing of these is ever taken away, but for what a
    tombstone is put up for."""
    [row] = await store.run_one(MARK, *PUBLIC)
    return (row["tasks"], row["publications"], row["results"], row["tombstones"])


async def _ordered_of_type(code: str) -> list[int]:
    """Ids of all results of a type, newest first; read anew once something that is public has changed."""
    now, known = await mark(), _ordered.known.get(code)
    if known is None or known[0] != now:
        among = await _of_type(code)
        ids = [row["id"] for row in await store.run_one(IN_ORDER, *PUBLIC)]
        known = _ordered.known[code] = now, [id for id in ids if id in among]
    return known[1]


async def _of_type(code: str) -> set[int]:
    if code == WITHDRAWN:
        rows = await store.run_one(TAKEN_BACK)
    else:
        like = f'%"{code}"%'
        rows = await store.run_one(OF_TYPE, like, like)
        gone = {int(row["task_id"]) for row in await store.run_one("SELECT task_id FROM tombstone")}
        return {int(row["task_id"]) for row in rows} - gone
    return {int(row["task_id"]) for row in rows}


async def _with_item(item: str) -> set[int]:
    """Tasks in which a question of the item was answered or settled online; of a withdrawn result nothing is said."""
    batches = [batch for batch, items in (await _planned()).items() if item in items]
    inspected: set[int] = set()
    for batch, asks in (await asks_in(set(batches))).items():
        serving = [ask for ask in asks if item in ask.items]
        online = [ask.id for ask in serving if ask.network == "full"]
        for sql, questions in ((ANSWERED, [ask.id for ask in serving]), (SETTLED, online)):
            if questions:
                marks = ", ".join("?" * len(questions))
                rows = await store.run_one(sql.format(marks=marks), batch, *questions)
                inspected |= {int(row["task_id"]) for row in rows}
    return inspected - await _of_type(WITHDRAWN)


async def _planned() -> dict[str, tuple[str, ...]]:
    """By batch with a public result the planned items."""
    codes = {str(row["code"]) for row in await store.run_one(WITH_RESULTS, *PUBLIC)}
    schemes = {row.code: row.scheme_id for row in await Batch.filter(code__in=list(codes))}
    entries = {row.code: row.entry_id for row in await Scheme.filter(code__in=list(set(schemes.values())))}
    plans = {
        row.code: tuple(row.items) for row in await PlanEntry.filter(code__in=list(set(entries.values())))
    }
    return {batch: plans[entries[scheme]] for batch, scheme in schemes.items()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
