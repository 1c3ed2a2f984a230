"""A reviewed result with points found wanting by two departments, by the real acts: something can be ordered (Art. 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models import store
from models.procedure import inspection, photo, recheck, rectification
from models.procedure.enrolment import actor_of
from models.queries import sheet as sheets
from models.queries.rectification import OrderLine
from models.rules.actor import Actor, Role
from models.rules.recheck import PointFinding, PointFound
from models.rules.rectification import RectificationOutcome
from models.tables import Task
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import CREW, VISIT, account, district

ENDED = VISIT + timedelta(hours=3)
DUE = date(2026, 12, 18)  # a Friday, ten days after the visit


@dataclass(frozen=True)
class Wanting:
    """`points`: numbers found wanting by the first department; `other`: an officer of the second one."""

    task: Task
    department: str
    points: tuple[int, ...]
    officer: Actor
    head: Actor
    other: Actor
    others: tuple[int, ...]

    async def ordered(self, due: date = DUE, at: datetime = ENDED) -> OrderLine:
        return await rectification.issue(self.task.number, due, by=self.officer, at=at, district=district())


async def reviewed(types: tuple[str, ...] = ("R05",)) -> Wanting:
    """The first task of a fresh draw."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    return await wanting(task, types)


async def wanting(task: Task, types: tuple[str, ...] = ("R05",), begins: datetime = VISIT) -> Wanting:
    """A task visited, concluded, entered and reviewed."""
    for code in CREW:
        await account(Role.HEAD, code)
    await sample.visit_fixed(task, district(), begins=begins)
    crew, leader = await sample.team_of(task), await sample.leader_of(task)
    asks = [ask for ask in (await sheets.sheet_of(task)).asks if ask.photo != "always" and ask.kind == "TRI"]
    by_department = {
        ask.department: [each for each in asks if each.department == ask.department] for ask in asks
    }
    first, second = sorted(by_department, key=lambda code: -len(by_department[code]))[:2]
    mine = tuple(ask.number for ask in by_department[first][:2])
    theirs = tuple(ask.number for ask in by_department[second][:1])
    await _visited(task, crew, leader, {*mine, *theirs}, begins)
    at = begins + timedelta(hours=3)
    await publishing.entered(task, list(types), actor_of(await account(Role.HEAD, "GA")), at)
    head = actor_of(await account(Role.HEAD, first))
    task = await Task.get(id=task.id)
    return Wanting(task, first, mine, crew[first][0], head, crew[second][0], theirs)


async def partly(task: Task, begins: datetime) -> None:
    """An order on which the entity reported, of which a part was verified; a recheck of the rest waits for a signature."""
    of, at = await wanting(task, begins=begins), begins + timedelta(hours=3)
    order = await of.ordered(at=at)
    await rectification.hand_in(order.number, "示例:已整改", by=publishing.HOLDER, at=at)
    outcome = RectificationOutcome.PARTLY
    await rectification.decide(order.id, outcome, "示例:其余未改", of.points[:1], by=of.officer, at=at)
    mate, then = (await sample.team_of(task))[of.department][1], at + timedelta(hours=1)
    line = await recheck.announce(order.id, then, mate.id, by=of.officer, at=at)
    await recheck.begin(line.id, by=of.officer, at=then)
    left = [PointFinding(number, PointFound.NOT_DONE, "示例:仍未改") for number in of.points[1:]]
    line = await recheck.conclude(line.id, left, by=of.officer, at=then)
    await recheck.sign(line.id, line.sha256, of.officer.id, by=of.officer, at=then)


async def _visited(
    task: Task, crew: dict[str, list[Actor]], leader: Actor, wanting: set[int], at: datetime
) -> None:
    people = [one.id for each in crew.values() for one in each]
    await inspection.begin(task.number, people, by=leader, at=at, untold="示例:当面告知")
    for ask in (await sheets.sheet_of(task)).asks:
        if ask.number in wanting:
            await _photographed(task, ask.number, crew[ask.department][0], at)
        await inspection.answer(
            task.number, ask.number, verdict="fail" if ask.number in wanting else "na" if ask.may_not_apply else "pass",
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
            note="示例:未落实", by=crew[ask.department][0], at=at,
        )  # fmt: skip
    for each in crew.values():
        await inspection.finalise(task.number, by=each[0], at=at)
    await inspection.conclude(task.number, by=leader, at=at + timedelta(hours=2), district=district())


async def _photographed(task: Task, number: int, by: Actor, at: datetime) -> None:
    data = f"example {task.number} {number}".encode()
    name = await store.objects.put(data)
    await photo.take(
        task.number, number, by=by, at=at, sha256=name, size=len(data), format="JPEG", width=640, height=480, grade="C",
        labels=[], exif={},
    )  # fmt: skip
