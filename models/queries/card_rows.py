"""What a task's card is made from, in one trip to the database (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models import store
from models.fields import calendar_day, json_value
from models.queries import question, sheet
from models.queries.substitution import items_of
from models.rules import fitness
from models.rules.checklist import ChecklistSheet
from models.states import STANDING, TO_VISIT
from models.store import SqlStatement, marks
from models.tables import Task

FRAME = """
SELECT g.name AS target, g.address, g.street, g.code AS target_code, g.credit_code, m.number AS team, b.opens, b.closes,
       b.crew, e.title, e.items, e.methods,
       (SELECT n.state FROM notice n WHERE n.task_id = t.id AND n.state IN ({standing})
        ORDER BY n.version DESC LIMIT 1) AS notice,
       (SELECT COUNT(*) FROM result r WHERE r.task_id = t.id) AS results,
       (SELECT COUNT(*) FROM revision v WHERE v.task_id = t.id AND v.outcome = '') AS revisions,
       (SELECT COUNT(*) FROM substitution u WHERE u.team_id = t.team_id) AS substitutions
FROM task t JOIN target g ON g.code = t.target_id JOIN team m ON m.id = t.team_id JOIN batch b ON b.code = t.batch_id
JOIN scheme c ON c.code = b.scheme_id JOIN plan_entry e ON e.code = c.entry_id WHERE t.{by} = ?"""
SEATS = """
SELECT s.id, s.department, s.leader, s.accepted_at, s.agreed_from, s.declined_from, s.arrived_at, i.code, i.name,
       i.department AS home, i.status, i.certificate_until, i.leave_from, i.leave_until, i.areas, i.items, i.recused
FROM assignment s JOIN inspector i ON i.code = s.inspector_id
WHERE s.until IS NULL AND s.task_id IN (SELECT id FROM task WHERE {by} = ?) ORDER BY s.leader DESC, s.id"""
UNITS = "SELECT code, name FROM department"
ITEMS = "SELECT code, name, initiating, participating FROM item"


@dataclass(slots=True)
class _RegisterRow:
    """An officer as the register has them, for `fitness`."""

    department: str
    status: str
    certificate_until: date | None
    leave_from: date | None
    leave_until: date | None
    areas: list[str]
    items: list[str]
    recused: list[str]


@dataclass(frozen=True, slots=True)
class CardRows:
    """`frame`: a row of FRAME; `seats`: rows of SEATS; `names`: of departments; `beside`: whether there are samples,
    agencies or corrections.
    """

    task: Task
    frame: Any
    seats: Sequence[Any]
    names: Mapping[str, str]
    items: Mapping[str, Any]  # code -> a row of ITEMS
    planned: Sequence[str]  # codes of the entry's items
    methods: Sequence[str]
    sheet: ChecklistSheet
    again: Sequence[str]
    beside: bool

    def fit(self, day: date) -> bool:
        """Whether the register rules out nobody of the team on this day."""
        among = {
            code: frozenset({row["initiating"], *row["participating"].split(";")})
            for code, row in self.items.items()
        }
        crew = json_value(self.frame["crew"])
        place = fitness.Place(
            self.frame["street"], self.task.state in TO_VISIT,
            {department: items_of(department, self.planned, among) for department in crew},
            frozenset(filter(None, (self.frame["target_code"], self.frame["credit_code"]))),
            self.task.visit_from is not None,
        )  # fmt: skip
        return not any(fitness.unfit(_officer(row), place, day) for row in self.seats)


async def card_rows(task: int | str) -> CardRows | None:
    """By id or number; None for a task that is not there."""
    by = "number" if isinstance(task, str) else "id"
    tasks, frames, seats, units, items, answers, findings, marked = await store.run(
        SqlStatement(f"SELECT * FROM task WHERE {by} = ?", (task,)),  # noqa: S608 - `by` is one of two words
        SqlStatement(FRAME.format(by=by, standing=marks(STANDING)), (*STANDING, task), light=True),
        SqlStatement(SEATS.format(by=by), (task,), light=True),
        SqlStatement(UNITS, light=True),
        SqlStatement(ITEMS, light=True),
        *question.of_sheet(by, task),
    )
    if not tasks:
        return None
    row, frame = Task._init_from_db(**tasks[0]), frames[0]
    again = (await sheet.again_for(str(row.draw_id))).get(row.pool_id, ())
    asks = await sheet.asks_of(str(row.batch_id), str(row.draw_id), row.pool_id)
    return CardRows(
        row, frame, seats, {unit["code"]: unit["name"] for unit in units}, {item["code"]: item for item in items},
        json_value(frame["items"]), json_value(frame["methods"]), sheet.sheet_from(asks, answers, findings, marked),
        tuple(again), any(mark["what"] == "beside" for mark in marked),
    )  # fmt: skip


def _officer(row: Any) -> _RegisterRow:
    return _RegisterRow(
        row["home"], row["status"], calendar_day(row["certificate_until"]), calendar_day(row["leave_from"]),
        calendar_day(row["leave_until"]), json_value(row["areas"]), json_value(row["items"]), json_value(row["recused"]),
    )  # fmt: skip
