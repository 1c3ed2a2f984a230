"""归档: sealed once everything is over, and closed to every act after it (Art. 20)."""

from datetime import timedelta

import pytest

from models.procedure import archive, notification, publication, revision
from models.queries import board
from models.queries import dossier as queries
from models.queries import notification as notifications
from models.refusal import Refusal
from models.states import TaskState
from models.tables import Dossier, Event, Notification, Task
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.support import publishing
from tests.support.district import leader_of
from tests.support.evidence import filled

LATE = ENTERED + timedelta(days=30)


async def seal(task, at=LATE, events=None):
    there = await Event.filter(chain=f"task:{task.number}").count()
    sealed = await publishing.dossier(there if events is None else events)
    await archive.seal(task.number, sealed, by=HEAD, at=at, district=PLACE)


@pytest.fixture
async def task(db):
    """Published, without a receipt."""
    task = await over()
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    return await publishing.published(task, HEAD, ENTERED, PLACE)


async def refused(*given, **named):
    with pytest.raises(Refusal) as no:
        await seal(*given, **named)
    return no.value.code


async def test_a_task_is_archived_with_its_receipt_after_the_term_of_objection(task):
    assert await refused(task) == "archive.no_receipt"
    await publication.record(task.number, "示例-0001", by=HEAD, at=ENTERED)
    assert await refused(task, at=ENTERED + timedelta(days=1)) == "archive.objection_term"
    assert await refused(task, events=1) == "archive.changed"
    await revision.ask(task.number, "示例", by=HEAD, at=LATE)
    assert await refused(task) == "archive.waiting"
    await revision.drop(task.number, "示例", by=HEAD, at=LATE)
    await seal(task)
    await seal(task)  # pressed again
    assert (await Task.get(id=task.id)).state == TaskState.ARCHIVED
    sealed = await publishing.dossier(0)
    assert await Dossier.all().count() == 1 and await queries.kept(task.number) == sealed.sha256
    last = await Event.filter(chain=f"task:{task.number}").order_by("-seq").first()
    assert (last.kind, last.data["dossier"], last.data["sm3"]) == ("task.archived", sealed.sha256, sealed.sm3)


async def test_nothing_is_done_in_an_archived_task(task):
    await publishing.archived(task, HEAD, LATE, PLACE)
    for deed in (revision.ask, revision.withdraw, publication.record):
        with pytest.raises(Refusal) as no:
            await deed(task.number, "示例-9", by=HEAD, at=LATE)
        assert no.value.code == "task.state"


async def test_what_nobody_told_the_entity_is_not_offered_in_an_archived_task(db):
    await filled()
    closed = await Task.get(state=TaskState.ARCHIVED)
    owed = await Notification.filter(task=closed, overtaken_at=None).exclude(by_hand="").first()
    assert owed, "the sample has a step of it that no channel carried"
    assert not any(step.by_hand for step in await notifications.steps(closed.number))
    assert closed.number not in {step.task for step in await notifications.by_hand(board.ALL)}
    leader = await leader_of(closed)
    assert closed.number not in {step.task for step in await notifications.to_tell(leader.id)}
    with pytest.raises(Refusal) as no:
        await notification.told_by_a_person(
            owed.id, True, "示例", by=leader, at=LATE, spoke_with="示例人", channel="phone"
        )
    assert no.value.code == "task.state"
