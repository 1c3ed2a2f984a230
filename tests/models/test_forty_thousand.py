"""More rows than a statement takes values (32,766 on SQLite, 32,767 on PostgreSQL): acts and lists of a whole district."""

import pytest

from models.procedure import anchor, availability, reminder
from models.queries import (
    declarations,
    draw_texts,
    evidence,
    performance,
    platform,
    register,
    since_commit,
    year_visits,
)
from models.queries.board import Sight
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Declaration, Event, Target, Task, TermReminder
from tests.support import crowd_of_tasks
from tests.support import district as sample
from tests.support.crowd_of_tasks import copied, literal
from tests.support.district import BATCH, CEREMONY, CREW, OFFICE
from tests.support.stock_sqlite import limited

pytestmark = pytest.mark.timeout(1800)

ALL, FEW = 40_000, 1_500
PLACE = sample.district()


@pytest.fixture
async def register_of_targets(any_db):
    await limited()
    await sample.found()
    await copied(
        Target, "t.code = 'OBJ00001'", ALL, code="'OBJ9' || (100000 + n.n)", name="'示例店' || n.n",
        credit_code="'91410402XX' || (10000000 + n.n)",
    )  # fmt: skip


@pytest.fixture
async def many(full_size):
    """How many tasks: the full size takes minutes on each database."""
    return ALL if full_size else FEW


@pytest.fixture
async def crowd(many, any_db):
    """Each with a result to be entered today."""
    await limited()
    tasks = await crowd_of_tasks.crowd()
    await sample.team_of(tasks.task)
    for department in CREW:
        await sample.account(Role.HEAD, department)
    await tasks.due_today(many)
    return tasks


async def test_fd11_forty_thousand_are_declared_and_listed(register_of_targets):
    first = await Declaration.create(
        batch_id=BATCH, target="OBJ9100001", ground="art3-2", document="示例", document_sha256="0" * 64,
        declared_by="x", declared_at=CEREMONY,
    )  # fmt: skip
    await copied(Declaration, f"t.id = {first.id}", ALL - 1, target="'OBJ9' || (100001 + n.n)")
    lines = await declarations.listed(BATCH, OFFICE)
    assert len(lines) == ALL
    assert all(line.name for line in lines)
    assert len((await declarations.standing(BATCH)).rows) == ALL


async def test_fd11_a_pool_of_forty_thousand_is_committed_and_held(register_of_targets):
    held = await sample.drawn()
    assert len(await draw_texts.targets(held)) > ALL
    assert await since_commit.since_commit(held.code) == ()
    assert await Task.filter(draw=held).count() == 5


async def test_fd11_forty_thousand_leave_in_a_file(register_of_targets):
    assert sum([len(part) async for part in register.exported("targets")]) == ALL + 12


async def test_fd11_forty_thousand_terms_are_said_in_one_sweep(crowd, many):
    assert await reminder.sweep(at=crowd.at, district=PLACE) > 0
    assert len(set(await TermReminder.all().values_list("subject", flat=True))) == many
    assert await reminder.sweep(at=crowd.at, district=PLACE) == 0


async def test_fd11_forty_thousand_tasks_are_looked_at_by_everything_that_reads_them_all(crowd, many):
    assert await availability.review(by=OFFICE, at=crowd.at) == 0
    await Task.filter(id__gt=crowd_of_tasks.FIRST).update(
        state=TaskState.PUBLISHED, published_at=crowd.at, reviewed_at=crowd.at
    )
    assert len(await platform.to_enter(every=True)) == many + 5
    assert await performance.performance(Sight(), crowd.at)
    assert len((await year_visits.ledger(2026)).visits) == many + 5
    chains = {"chain": f"'task:X{crowd_of_tasks.FIRST}-' || n.n", "seq": "1", "key": literal(None)}
    first = await Event.all().order_by("id").first()
    await copied(Event, f"t.id = {first.id}", many, **chains)
    day = CEREMONY.date()
    closed = await anchor.close_day(day, by=OFFICE, at=crowd.at.replace(day=day.day + 2), district=PLACE)
    assert len(closed.ends) > many
    assert (await evidence.verify()).rows > many
