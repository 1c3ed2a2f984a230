"""公示统计 is counted by the database in four questions, and says what every single row says (Art. 8)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from models.queries import publication
from models.queries.public_figures import public_figures
from models.rules.public.figures import CountedResult, figures
from models.states import PUBLIC
from models.tables import Draw, Publication, Result, Task
from tests.support.crowd_of_tasks import crowd
from tests.support.district import CEREMONY
from tests.support.statements import counted

NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)  # midnight in the district


async def row_by_row():
    """The same from each task by itself."""
    tasks = await Task.all().select_related("draw")
    stand = [task.draw.held_at for task in tasks if task.draw.held_at and not task.draw.voided_at]
    over = [task.ended_at for task in tasks if task.started_at and task.ended_at]
    rows = (await publication.published([task.id for task in tasks if task.state in PUBLIC])).values()
    shown = [several for several in rows if several[-1].types]
    public = [CountedResult(several[0].at, several[-1].types) for several in shown]
    return figures(Counter(stand), Counter(over), public, len(rows) - len(shown))


async def varied():
    """Results that were published around the turn of the year, corrected, withdrawn, or before rows were kept."""
    many = await crowd()
    await many.grow(60)
    await many.spread(each=20)
    tasks = await Task.filter(state__in=PUBLIC).order_by("id")
    for n, task in enumerate(tasks):
        begins = NEW_YEAR + timedelta(minutes=n - len(tasks) // 2)
        await Task.filter(id=task.id).update(ended_at=begins, started_at=CEREMONY, published_at=begins)
        result = await Result.filter(task=task).first()
        if n % 4 == 0 or result is None:
            continue
        await Publication.create(task=task, kind="published", result=result, at=begins, by="x")
        if n % 4 == 1:
            other = await Result.create(task=task, version=2, types=["R05", "R02"], by="x", at=begins)
            await Publication.create(task=task, kind="corrected", result=other, at=CEREMONY, by="x")
        if n % 4 == 2:
            await Publication.create(task=task, kind="withdrawn", at=CEREMONY, by="x")
    last = await Draw.all().order_by("-number").first()
    await Draw.filter(code=last.code).update(voided_at=CEREMONY)
    return many


async def test_the_figures_are_those_of_each_row(any_db):
    await varied()
    counted_ = await public_figures()
    assert counted_ == await row_by_row()
    assert counted_.withdrawn > 0 and len(counted_.months) == 3 and len(counted_.classes) == 3


async def test_more_results_are_no_more_questions(db):
    many = await varied()
    await many.grow(600)
    async with counted() as asked:
        await public_figures()
    assert len(asked.statements) == 4, asked.listed()
