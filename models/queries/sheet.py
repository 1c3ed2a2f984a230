"""检查记录表 as it stands: questions, network findings and answers of one task (Art. 7, 16)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from models import store
from models.fields import instant
from models.queries import checklists
from models.read_once import ReadOnce
from models.rules.checklist import (
    Ask,
    ChecklistSheet,
    GivenAnswer,
    Network,
    ValueKind,
    arranged,
    settles,
)
from models.rules.condition import Clause, read_condition
from models.rules.visit import local_day
from models.store import SqlStatement, marks
from models.tables import Batch, Draw, Question, Task

ANSWERS = """
SELECT task_id, question_id, version, verdict, value, note, conflict, "by", method, at FROM answer a
WHERE task_id {among} AND NOT EXISTS (
    SELECT 1 FROM answer n WHERE n.task_id = a.task_id AND n.question_id = a.question_id AND n.version > a.version
) ORDER BY id"""
FINDINGS = """
SELECT id, task_id, question_id, version, verdict, source, finding, link, screenshot, "by", at FROM network_finding
WHERE task_id {among} ORDER BY version"""
MARKS = """
SELECT 'photo' AS what, task_id, question_id, '' AS department, COUNT(*) AS n FROM photo
WHERE task_id {among} AND removed_at IS NULL GROUP BY task_id, question_id
UNION ALL SELECT 'closed', task_id, NULL, department, 1 FROM finalised
WHERE task_id {among} AND reopened_at IS NULL
UNION ALL SELECT CASE outcome WHEN '' THEN 'sample' ELSE 'reported' END, task_id, question_id, '', 1 FROM sample
WHERE task_id {among} AND question_id IS NOT NULL
UNION ALL SELECT 'share', task_id, question_id, inspector_id, 1 FROM question_share
WHERE task_id {among} AND ended_at IS NULL"""
_asks = ReadOnce("batch", "question", "checklist")
_again = ReadOnce("draw")


async def sheet_of(task: Task) -> ChecklistSheet:
    """The sheet of a task, with the checklist versions that its batch began with."""
    return (await sheets_of([task]))[task.id]


async def sheets_of(tasks: Sequence[Task]) -> dict[int, ChecklistSheet]:
    """The sheets of many tasks by task id, asked of the database together."""
    if not tasks:
        return {}
    whole = await asks_in({str(task.batch_id) for task in tasks})
    asks = {
        task.id: _narrowed(
            whole[str(task.batch_id)], (await again_for(str(task.draw_id))).get(task.pool_id, ())
        )
        for task in tasks
    }
    results = await store.run(*statements([task.id for task in tasks]))
    rows = [_by_task(rows_of_kind) for rows_of_kind in results]
    return {task.id: sheet_from(asks[task.id], *(row.get(task.id, []) for row in rows)) for task in tasks}


def statements(ids: Sequence[int]) -> tuple[SqlStatement, SqlStatement, SqlStatement]:
    """Of tasks: the answers that stand, the network findings in order, and the marks: photos, closed sections,
    samples on their way or reported, questions that one of the team took.
    """
    among = f"IN ({marks(ids)})"
    return (
        SqlStatement(ANSWERS.format(among=among), tuple(ids), light=True),
        SqlStatement(FINDINGS.format(among=among), tuple(ids), light=True),
        SqlStatement(MARKS.format(among=among), tuple(ids) * 4, light=True),
    )


def _by_task(rows: Sequence[Any]) -> dict[int, list[Any]]:
    task: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        task[row["task_id"]].append(row)
    return task


async def cited(task: Task) -> tuple[str, ...]:
    """The key items for which alone this task inspects its target again in the year (Art. 14 (1)); none elsewhere."""
    return tuple((await again_for(str(task.draw_id))).get(task.pool_id, ()))


async def again_names(task: Task) -> tuple[str, ...]:
    """The same by name."""
    return await checklists.names(await cited(task))


async def asks_of(batch: str, draw: str, pool_id: str) -> tuple[Ask, ...]:
    """The questions of a task, numbered through all checklists of its batch."""
    whole = (await asks_in({batch}))[batch]
    return _narrowed(whole, (await again_for(draw)).get(pool_id, ()))


async def asks_in(batches: set[str]) -> dict[str, tuple[Ask, ...]]:
    """Neither a batch with tasks nor a version of a checklist changes: read once."""
    known = _asks.known
    if unknown := batches - known.keys():
        for batch in await Batch.filter(code__in=list(unknown)):
            questions = await Question.filter(checklist_id__in=batch.checklists).order_by(
                "checklist_id", "number"
            )
            belongs = await checklists.belongs(questions)
            places = {(row.checklist_id, row.number): number for number, row in enumerate(questions, 1)}
            known[batch.code] = tuple(
                _ask(number, question, belongs[question.id], _when(question, places))
                for number, question in enumerate(questions, 1)
            )
    return {batch: known[batch] for batch in batches}


async def again_for(draw: str) -> Mapping[str, Sequence[str]]:
    """By id under which a target was drawn: the key items for which alone it is inspected a second time in the year."""
    known = _again.known
    if draw not in known:
        row = await Draw.get(code=draw).only("code", "register")
        known[draw] = (row.register or {}).get("again", {})
    result: Mapping[str, Sequence[str]] = known[draw]
    return result


def _narrowed(asks: tuple[Ask, ...], items: Sequence[str]) -> tuple[Ask, ...]:
    """Of the questions those that belong to one of these items; all where none is cited. Numbers stay. A condition on a
    question that is not among them falls away: nobody would ever answer it."""
    if not items:
        return asks
    own = [ask for ask in asks if {*ask.items} & {*items}]
    numbers = {ask.number for ask in own}
    return tuple(
        replace(ask, when=tuple(clause for clause in ask.when if clause.number in numbers)) for ask in own
    )


def sheet_from(
    asks: tuple[Ask, ...], answers: Sequence[Any], findings: Sequence[Any], marked: Sequence[Any]
) -> ChecklistSheet:
    """The sheet of one task from the rows of its `statements`."""
    by_id = {ask.id: ask for ask in asks}
    photos = {row["question_id"]: row["n"] for row in marked if row["what"] == "photo"}
    taken = Counter(row["question_id"] for row in marked if row["what"] in ("sample", "reported"))
    given = {by_id[id].number: GivenAnswer(photos=n) for id, n in photos.items() if id in by_id}
    for row in answers:
        id = row["question_id"]
        given[by_id[id].number] = _given(row, photos.get(id, 0), taken[id])
    network = {}
    for row in findings:
        ask = by_id[row["question_id"]]
        network[ask.number] = Network(
            row["verdict"], row["source"], row["finding"], settles(ask, row["verdict"]), row["by"], row["version"],
            instant(row["at"]), row["link"], row["screenshot"], row["id"],
        )  # fmt: skip
    closed = frozenset(row["department"] for row in marked if row["what"] == "closed")
    sampled = [row["question_id"] for row in marked if row["what"] == "sample"]
    waiting = frozenset(by_id[id].number for id in sampled if id in by_id)
    shares = {by_id[row["question_id"]].number: row["department"] for row in marked if row["what"] == "share"}
    return arranged(ChecklistSheet(asks, given, network, closed, waiting, shares=shares))


def _when(question: Question, places: Mapping[tuple[int, int], int]) -> tuple[Clause, ...]:
    """The condition of a question, its list's numbers turned into those of the task."""
    clauses = read_condition(question.condition)
    return tuple(
        clause._replace(number=places.get((question.checklist_id, clause.number), 0)) for clause in clauses
    )


def _ask(number: int, q: Question, items: tuple[str, ...], when: tuple[Clause, ...]) -> Ask:
    """Numbered through all checklists of the task, so that a number means one question."""
    return Ask(
        q.id,
        number,
        q.department,
        q.text,
        q.basis,
        ValueKind(q.answer),
        q.fill_in,
        q.photo,
        q.network,
        q.network_source,
        q.may_not_apply,
        q.prepare,
        items,
        when,
        q.sample,
    )


def _given(row: Any, photos: int, samples: int) -> GivenAnswer:
    at = instant(row["at"])
    assert at
    return GivenAnswer(
        row["version"], row["verdict"], row["value"], row["note"], photos, bool(row["conflict"]), row["by"],
        row["method"], local_day(at).isoformat(), samples,
    )  # fmt: skip
