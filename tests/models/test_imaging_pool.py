"""The processes that make copies of photos: a photo that breaks one takes nothing else with it (D36 to D42)."""

import asyncio

import psutil
import pytest

from models.imaging import ImagingPool, render
from models.refusal import Refusal
from tests.models.test_imaging import STAMP, exif, picture, png_of, saved
from tests.support.waiting import pause, until


@pytest.fixture
async def darkroom():
    room = ImagingPool(timeout=600)
    await room.start()
    yield room
    await room.stop()


def workers():
    return [child for child in psutil.Process().children() if "models.imaging.worker" in child.cmdline()]


async def test_a_darkroom_makes_the_same_prints(darkroom):
    photos = [saved(picture(600 + 10 * n, 400), exif=exif(6)) for n in range(6)]
    prints = await asyncio.gather(*(darkroom.develop(photo, STAMP) for photo in photos))
    assert prints == [render(photo, STAMP) for photo in photos]


async def test_a_refusal_comes_back_from_the_darkroom_as_one(darkroom):
    with pytest.raises(Refusal) as refused:
        await darkroom.develop(png_of(13_300, 13_300))
    assert refused.value.code == "photo.too_many_pixels" and refused.value.params["width"] == 13_300


async def test_a_worker_that_dies_of_a_photo_takes_only_that_photo_with_it(darkroom):
    slow = asyncio.create_task(darkroom.develop(png_of(7000, 7000)))
    await until(lambda: darkroom._idle.qsize() < 2)
    for worker in workers():
        worker.kill()
    with pytest.raises(Refusal) as refused:
        await slow
    assert refused.value.code == "photo.undevelopable"
    assert (await darkroom.develop(saved(picture()))).width == 640
    assert (await darkroom.develop(saved(picture()))).width == 640


async def test_a_photo_that_takes_too_long_is_refused():
    room = ImagingPool(workers=1, timeout=0.02)
    await room.start()
    with pytest.raises(Refusal) as refused:
        await room.develop(png_of(7000, 7000))
    assert refused.value.code == "photo.undevelopable"
    await room.stop()
    assert workers() == []


async def test_who_stops_waiting_leaves_no_answer_for_the_next(darkroom):
    for _ in range(3):
        impatient = asyncio.create_task(darkroom.develop(saved(picture(3000, 2000))))
        await pause(0.01)  # somewhere in the middle
        impatient.cancel()
    prints = await asyncio.gather(*(darkroom.develop(saved(picture(100 + n, 80))) for n in range(4)))
    assert [one.width for one in prints] == [100, 101, 102, 103]


async def test_a_darkroom_that_closes_refuses_who_still_waits_and_leaves_nobody_behind():
    room = ImagingPool(workers=1)
    await room.start()
    waiting = [asyncio.create_task(room.develop(saved(picture(3000, 2000)))) for _ in range(5)]
    await until(room._idle.empty)
    await room.stop()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert [getattr(end, "code", "") for end in ends[1:]] == ["photo.undevelopable"] * 4
    assert workers() == []


async def test_a_worker_knows_no_secret(darkroom, monkeypatch):
    monkeypatch.setenv("SHUANGSUIJI_BOT_TOKEN", "canary")
    room = ImagingPool(workers=1)
    await room.start()
    assert len(workers()) == 3
    assert all("canary" not in str(worker.environ()) for worker in workers())
    await room.stop()
