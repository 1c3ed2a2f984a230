"""A question of a task as an officer of its team is asked it: what that one screen needs, in one trip (Art. 7, 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from models import store
from models.fields import json_value
from models.queries import entity, entrustment, sample, sheet
from models.queries.entrustment import AgencyLine
from models.queries.sample import SampleLine
from models.refusal import Refusal
from models.rules import checklist, text
from models.rules.checklist import ChecklistSheet, GivenAnswer
from models.rules.method import offered
from models.states import TaskState
from models.store import SqlStatement
from models.tables import Task

SEAT = """
SELECT t.*, g.name AS target_name, s.department AS own, i.name AS officer_name, i.status AS officer_status,
       d.name AS section_name, e.methods AS methods
FROM task t JOIN assignment s ON s.task_id = t.id AND s.until IS NULL AND s.inspector_id = ?
JOIN inspector i ON i.code = s.inspector_id JOIN target g ON g.code = t.target_id JOIN batch b ON b.code = t.batch_id
JOIN scheme c ON c.code = b.scheme_id JOIN plan_entry e ON e.code = c.entry_id
LEFT JOIN department d ON d.code = s.department WHERE t.{by} = ?"""
BESIDE = """
UNION ALL SELECT 'beside', task_id, NULL, '', 1 FROM entrustment WHERE task_id {among}
UNION ALL SELECT 'beside', task_id, NULL, '', 1 FROM sample WHERE task_id {among}
UNION ALL SELECT 'beside', task_id, NULL, '', 1 FROM correction WHERE task_id {among}"""
RIVAL = """
SELECT version, verdict, value, note, "by", method FROM answer
WHERE task_id = ? AND question_id = ? AND version < ? ORDER BY "by" <> ? DESC, version DESC LIMIT 1"""

FROM_THE_APP = "companion:"
"""What the source of an answer from a phone begins with; its clock follows. A desk has none."""


@dataclass(frozen=True, slots=True)
class ChecklistSection:
    """A department's part of the checklist."""

    department: str
    name: str
    done: int
    all: int
    final: bool


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """The checklist of a task for one officer: of `queries.card.TaskCard` what its questions show."""

    id: int
    number: str
    state: TaskState
    target: str
    department: str
    section: str  # the department's name
    sheet: ChecklistSheet
    rivals: Mapping[int, tuple[GivenAnswer, str]] = field(default_factory=dict)  # as in TaskCard
    authors: Mapping[str, str] = field(default_factory=dict)  # officer -> name, where two differ
    methods: tuple[str, ...] = ()
    samples: tuple[SampleLine, ...] = ()
    agencies: tuple[AgencyLine, ...] = ()
    mended: Mapping[int, str] = field(default_factory=dict)
    officer: str = ""
    shared: Mapping[int, str] = field(default_factory=dict)  # 分工: question number -> name of who takes it

    @property
    def mine(self) -> ChecklistSection | None:
        if not self.sheet.of(self.department):
            return None
        done, all_ = checklist.progress(self.sheet, self.department)
        return ChecklistSection(
            self.department, self.section, done, all_, self.department in self.sheet.closed
        )


@dataclass(frozen=True, slots=True)
class Served:
    """A task with an officer who serves in it. `name`, `status`: the officer's in the register. `done`: the event of
    the act that was asked about, if it happened already. `beside`: the rows of what was asked beside it.
    """

    task: Task
    card: QuestionCard
    name: str
    status: str
    done: bool
    beside: Sequence[Any] = ()


async def question_card(task: int | str, officer: str) -> QuestionCard:
    """By id or number, for an officer who serves in it; unknown to all others (D60)."""
    return (await served(task, officer)).card


async def served(
    task: int | str, officer: str, key: str | None = None, *, beside: SqlStatement | None = None
) -> Served:
    """What an answer is decided from and what its screen shows; refused as unknown to whoever does not serve (D60).

    `key`: of an act that may have happened already. `beside`: a light statement that goes in the same trip.
    """
    by = "number" if isinstance(task, str) else "id"
    statements = [SqlStatement(SEAT.format(by=by), (officer, task), light=True), *of_sheet(by, task)]
    if beside is not None:
        statements.append(beside)
    if key is not None:
        statements.append(SqlStatement("SELECT id FROM event WHERE key = ?", (key,), light=True))
    seats, answers, findings, marked, *more = await store.run(*statements)
    if not seats:
        raise Refusal("task.unknown", article="15", task=task if isinstance(task, str) else "")
    seat = seats[0]
    result = sheet.sheet_from(
        await sheet.asks_of(seat["batch_id"], seat["draw_id"], seat["pool_id"]), answers, findings, marked
    )
    card = QuestionCard(
        seat["id"], seat["number"], TaskState(seat["state"]), text.name(seat["target_name"]), seat["own"],
        seat["section_name"] or seat["own"], result, methods=offered(json_value(seat["methods"])), officer=officer,
    )  # fmt: skip
    if any(row["what"] == "beside" for row in marked):
        card = await _with_help(card, json_value(seat["methods"]))
    if result.shares:
        card = replace(card, shared=named_shares(result, await _authors(card.id)))
    card = await with_rivals(card)
    return Served(
        Task._init_from_db(**seat),
        card,
        seat["officer_name"],
        seat["officer_status"],
        key is not None and bool(more[-1]),
        more[0] if beside is not None else (),
    )


def of_sheet(by: str, task: int | str) -> tuple[SqlStatement, ...]:
    """What the sheet of a task is made from, and whether anything stands beside it; `by`: its id or its number."""
    among = f"IN (SELECT id FROM task WHERE {by} = ?)"  # noqa: S608 - `by` is one of two words
    return (
        SqlStatement(sheet.ANSWERS.format(among=among), (task,), light=True),
        SqlStatement(sheet.FINDINGS.format(among=among), (task,), light=True),
        SqlStatement((sheet.MARKS + BESIDE).format(among=among), (task,) * 7, light=True),
    )


async def _with_help(card: QuestionCard, methods: list[str]) -> QuestionCard:
    """What few tasks have: samples, agencies, what was put right before the visit."""
    agencies = await entrustment.agencies(card.id)
    return replace(
        card, agencies=agencies, methods=offered(methods, agency=bool(agencies)),
        samples=await sample.samples(card.id), mended=await entity.verified(card.id),
    )  # fmt: skip


def named_shares(sheet: ChecklistSheet, names: Mapping[str, str]) -> dict[int, str]:
    """By question the name of who takes it, as long as that officer serves."""
    return {number: names[code] for number, code in sheet.shares.items() if code in names}


async def with_rivals(card: QuestionCard) -> QuestionCard:
    """The card with the other answer to each question on which two officers differ, and their names (D22)."""
    differing = [number for number, given in card.sheet.given.items() if given.conflict]
    if not differing:
        return replace(card, rivals={}, authors={}) if card.rivals else card
    rivals = {}
    for number in differing:
        given = card.sheet.given[number]
        if other := await rival(card.id, card.sheet.ask(number).id, given):
            rivals[number] = (other, other.by)
    return replace(card, rivals=rivals, authors=await _authors(card.id))


async def rival(task: int, question: int, given: GivenAnswer) -> GivenAnswer | None:
    """What another officer had answered before the answer that stands now."""
    results = await store.run_one(RIVAL, task, question, given.version, given.by)
    return next((_other(row, given.photos) for row in results), None)


async def from_elsewhere(task: int, question: int, version: int, source: str) -> bool:
    """Whether the officer's own answer that stands came from elsewhere than the next one from a phone or a desk, which
    know what they sent themselves.
    """
    if not source.startswith(FROM_THE_APP):
        return False
    [last] = await store.run_one(
        "SELECT source FROM answer WHERE task_id = ? AND question_id = ? AND version = ?",
        task,
        question,
        version,
    )
    before = str(last["source"])
    if not before.startswith(FROM_THE_APP):
        return before.startswith("chat:")
    return (before == FROM_THE_APP) != (source == FROM_THE_APP)


def _other(row: Any, photos: int) -> GivenAnswer:
    return GivenAnswer(
        row["version"], row["verdict"], row["value"], row["note"], photos, False, row["by"], row["method"]
    )


async def _authors(task: int) -> dict[str, str]:
    rows = await store.run_one(
        "SELECT i.code, i.name FROM assignment s JOIN inspector i ON i.code = s.inspector_id "
        "WHERE s.task_id = ? AND s.until IS NULL",
        task,
    )
    return {row["code"]: text.name(row["name"]) for row in rows}
