"""无法预览: a photo that the darkroom refuses is kept, said so once, and not tried again (Art. 16, D40, D41)."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from bot.photos import DEATHS, develop
from models import store
from models.imaging import ImagingPool
from models.procedure import photo as photos
from models.queries import evidence
from models.refusal import Refusal
from models.tables import Event, Photo, Task
from tests.bot.chat import Chat


def broken() -> bytes:
    """A PNG whole from head to tail whose picture ends in the middle."""
    out = io.BytesIO()
    Image.effect_noise((300, 200), 60).save(out, "PNG")
    whole = out.getvalue()
    return whole[: len(whole) // 2] + whole[-12:]


@pytest.fixture
async def room(site: Chat) -> AsyncIterator[ImagingPool]:
    made = ImagingPool(workers=1)
    await made.start()
    object.__setattr__(site.services, "darkroom", made)
    yield made
    await made.stop()


async def test_d41_a_photo_that_cannot_be_developed_is_noted_with_its_reason_and_not_tried_again(
    site: Chat, task: Task, room: ImagingPool
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_document(broken(), "a.png")
    await officer.wait_for("已保存")
    await site.idle()
    kept = await Photo.get(task=task)
    assert kept.unprintable in ("truncated", "undevelopable")
    assert await photos.undeveloped() == []
    assert len(await store.objects.get(kept.sha256)) == kept.size
    noted = await Event.get(kind="photo.unprintable")
    assert noted.by == "system:clock" and noted.data["rows"].keys() >= {f"photo:{kept.id}"}
    await develop(kept.id, site.services)
    assert await Event.filter(kind="photo.unprintable").count() == 1
    assert (await evidence.verify()).differences == []


async def test_a_darkroom_that_dies_is_not_taken_for_the_photo_s_fault_until_the_third_time(
    site: Chat, task: Task
) -> None:
    class Dying:
        async def develop(self, data: bytes, stamp: object) -> None:
            raise Refusal("photo.undevelopable", died=True)

    object.__setattr__(site.services, "darkroom", Dying())
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_document(broken(), "a.png")
    await officer.wait_for("已保存")
    await site.idle()
    for _ in range(DEATHS - 1):
        (owed,) = await photos.undeveloped()
        assert (await Photo.get(id=owed)).unprintable == ""
        await develop(owed, site.services)
    assert await photos.undeveloped() == []
