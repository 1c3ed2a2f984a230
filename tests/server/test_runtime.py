"""What runs in the background is begun again when it fails, later and later, and daily looks come daily (Art. 20)."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from models import store
from models.operations import event
from models.procedure import draw_texts
from models.tables import DrawText
from server import integrity, runtime, sweeping
from tests.support.district import CEREMONY, OFFICE, Clock
from tests.support.virtual_time import Steps


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None], steps: Steps) -> AsyncIterator[asyncio.Task[None]]:
    """Runs it by a time that the test moves."""
    running = asyncio.create_task(work)
    try:
        with steps.watching(lambda: [running]):
            yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_fails_is_begun_again_after_twice_the_time_up_to_a_minute(caplog):
    steps, begun = Steps(), []

    async def fails():
        begun.append(steps.at)
        raise OSError("示例 neighbour is away")

    async with background(runtime.restarted("示例", fails, steps), steps) as running:
        await steps.passes(200)
        assert not running.done()
    assert begun == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    assert caplog.text.count("示例 failed; again in") == len(begun)


async def test_what_worked_for_more_than_a_minute_is_begun_again_at_once(caplog):
    steps, begun = Steps(), []

    async def works_then_fails():
        begun.append(steps.at)
        await steps.sleep(0 if len(begun) < 6 else 100)
        raise OSError("示例 neighbour is away")

    async with background(runtime.restarted("示例", works_then_fails, steps), steps):
        await steps.passes(250)
    assert begun == [0, 1, 3, 7, 15, 31, 132, 233]


async def test_what_comes_to_its_end_is_not_begun_again():
    steps, begun = Steps(), []

    async def ends():
        begun.append(steps.at)

    async with background(runtime.restarted("示例", ends, steps), steps) as running:
        await running
        await steps.passes(200)
    assert begun == [0]


async def test_e11_the_database_is_read_through_after_the_start_and_then_daily(tmp_path, caplog):
    steps, file = Steps(), tmp_path / "示例.sqlite3"
    file.write_bytes(b"SQLite format 3\0" + b"no pages" * 1000)
    async with background(integrity.run(f"sqlite://{file}", steps), steps):
        await steps.passes(integrity.AFTER_START - 1)
        assert integrity.whole()
        await steps.passes(1 + 2 * integrity.EVERY)
        assert not integrity.whole() and caplog.text.count("THE DATABASE IS DAMAGED") == 3
        file.unlink()  # and another day without damage
        await steps.passes(integrity.EVERY)
        assert integrity.whole()


@store.transactional
async def happened(at):
    await event.record("registry", "registry.sample", by=OFFICE, at=at)


async def test_e6_what_nothing_names_goes_into_the_bin_at_the_first_look_after_a_day(db, caplog):
    steps, clock = Steps(), Clock(CEREMONY)
    name = await store.objects.put(b"bytes of an act that was cut short")
    stored = await store.objects.kept_at(name)
    await happened(stored + timedelta(days=400))
    clock.at = stored + timedelta(hours=23)
    with steps.telling(lambda seconds: setattr(clock, "at", clock.at + timedelta(seconds=seconds))):
        async with background(sweeping.run(db, clock, steps), steps):
            await steps.passes(sweeping.AFTER_START)
            assert name in {name async for name in store.objects.names()}
            await steps.passes(sweeping.EVERY)
            assert name not in {name async for name in store.objects.names()}
    assert caplog.text.count("went into the bin") == 1


async def test_pieces_of_a_draw_that_was_never_committed_go_at_the_first_look(db):
    steps = Steps()
    await draw_texts.put_down({"0" * 64: "of an act that was cut short"})
    async with background(sweeping.run(db, Clock(CEREMONY), steps), steps):
        await steps.passes(sweeping.AFTER_START)
        assert not await DrawText.exists()
