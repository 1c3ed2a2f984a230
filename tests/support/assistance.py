"""What others find out for a team, for the tests: an agency that was entrusted, a sample and its report."""

from __future__ import annotations

from datetime import datetime, timedelta

from models import store
from models.operations import event
from models.procedure import entrustment, sample
from models.procedure.inspection import sheet_of
from models.rules.actor import CLOCK, Actor
from models.tables import PlanEntry, Sample, Task
from tests.support.district import CEREMONY

METHODS = ["NETWORK", "ON_SITE", "DOCUMENT", "SAMPLE_TEST", "ENTRUSTED"]


async def planned(methods: list[str] = METHODS) -> None:
    """The plan lists these ways of checking."""
    async with store.transaction():
        await PlanEntry.all().update(methods=methods)
        await event.record("plan:2026-GA", "plan.sample", by=CLOCK, at=CEREMONY)


async def entrusted(task: Task, leader: Actor, at: datetime) -> int:
    return await entrustment.entrust(
        task.number, "示例检测技术有限公司", "示例委〔2026〕1号", "消防设施检测", [("示例师傅", "高级工程师")],
        by=leader, at=at,
    )  # fmt: skip


async def taken(
    task: Task, crew: list[Actor], at: datetime, seal: str = "示例封0001", question: int = 0
) -> Sample:
    own = next(
        ask
        for ask in (await sheet_of(task)).asks
        if ask.department == crew[0].department and ask.kind == "TRI"
    )
    number = await sample.take(
        task.number, question or own.number, "示例毛巾", "3条", seal, "示例检测技术有限公司", lot="示例批1",
        witness=crew[1].id, by=crew[0], at=at,
    )  # fmt: skip
    return await Sample.get(id=number)


async def assisted(task: Task, crew: list[Actor], at: datetime) -> None:
    """A sample taken and reported."""
    await planned()
    made = await taken(task, crew, at)
    await sample.report(
        made.id, "pass", "示例:符合标准", "示例检2026-1", by=crew[0], at=at + timedelta(minutes=1)
    )
