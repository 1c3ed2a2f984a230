"""What happens is told to all who watch, whoever leaves meanwhile."""

from contextlib import suppress

import pytest

from models import store
from models.operations import event
from server.watching import Watch
from tests.support.district import CEREMONY, OFFICE
from tests.support.waiting import until


@pytest.fixture
async def watch(db):
    made = Watch()
    made.tick = 0.0
    yield made
    with suppress(KeyError):
        await made.close()


@store.transactional
async def happened():
    await event.record("task:示例-001", "task.sample", by=OFFICE, at=CEREMONY)


async def test_one_who_leaves_while_others_are_told_silences_nobody(watch):
    """All who leave at once: those who stay are told of this and of what comes after."""

    async def sees(tasks):
        for listener in leaving:
            watch.leave(listener)
        return set(tasks)

    stays = await watch.listen("示例甲", sees)
    leaving = [await watch.listen(f"示例{n}", sees) for n in range(3)]
    for _ in range(2):
        await happened()
        await until(lambda: stays._pending)
        assert stays._pending.popleft().task == "示例-001"
    assert not watch.task.done()
