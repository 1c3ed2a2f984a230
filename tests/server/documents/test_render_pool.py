"""Letters are set in processes of their own, the same to the byte, and whoever dies there is replaced."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import psutil
import pytest

from server.documents import render_worker
from server.documents.layout import LaidOutDocument
from server.documents.letter import notice_pdf, print_letter, sheet_of
from server.documents.record import record_pdf
from server.documents.render_pool import RenderFailed, RenderPool
from tests.server.documents.samples import RECORD_ZH, ZH, letter, record
from tests.support.waiting import until


@pytest.fixture
async def room() -> AsyncIterator[RenderPool]:
    made = RenderPool(workers=2)
    yield made
    await made.stop()


def presses() -> list[psutil.Process]:
    found = []
    for one in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if render_worker.__name__ in " ".join(one.cmdline()):
                found.append(one)
    return found


async def test_a_letter_set_elsewhere_is_the_same_to_the_byte(room: RenderPool) -> None:
    assert await notice_pdf(letter(), ZH, press=room) == print_letter((letter(), ZH))[0]
    pictures = await room(sheet_of((letter(), ZH), form="png", ppi=72))
    assert pictures == print_letter((letter(), ZH), form="png", ppi=72)


async def test_nobody_is_hired_before_there_is_work_and_never_more_than_the_room_holds(
    room: RenderPool,
) -> None:
    assert presses() == []
    pdfs = await asyncio.gather(*(notice_pdf(letter(number=f"XH-{n}"), ZH, press=room) for n in range(8)))
    assert len(set(pdfs)) == 8
    assert 1 <= len(presses()) <= 2


async def test_a_press_that_dies_is_replaced_and_the_letter_is_made(room: RenderPool) -> None:
    before = await notice_pdf(letter(), ZH, press=room)
    for one in presses():
        one.kill()
        one.wait(5)
    assert await notice_pdf(letter(), ZH, press=room) == before


async def test_a_sheet_that_cannot_be_set_is_told_and_the_next_one_is_made(room: RenderPool) -> None:
    with pytest.raises(RenderFailed, match="part"):
        await room(LaidOutDocument("notice", b"{}", (), 0))
    assert (await notice_pdf(letter(), ZH, press=room)).startswith(b"%PDF")


async def test_a_caller_who_goes_away_leaves_no_answer_for_the_next_one() -> None:
    room = RenderPool(workers=1)
    await notice_pdf(letter(), ZH, press=room)
    gone = asyncio.create_task(notice_pdf(letter(number="XH-GONE"), ZH, press=room))
    await until(lambda: room._idle is not None and room._idle.empty(), glance=0)
    gone.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await gone
    assert await notice_pdf(letter(), ZH, press=room) == print_letter((letter(), ZH))[0]
    await room.stop()


async def test_pictures_travel_with_their_sheet(room: RenderPool) -> None:
    assert (await record_pdf(record(), RECORD_ZH)).startswith(b"%PDF")
    (again,) = await room(
        LaidOutDocument("notice", sheet_of((letter(), ZH)).data, (b"\xff\xd8 a picture nobody asks for",), 0)
    )
    assert again.startswith(b"%PDF")
