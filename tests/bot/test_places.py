"""A place counts only if it is the sender's own, live or just taken; anything else is said to be what it is (Art. 16 (2))."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.rules.photo import Claims, Grade, Origin, Point, Way, grade
from models.tables import Arrival, Event, Photo, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district
from tests.support.waiting import until

HERE = (33.7372, 113.2941)
WRONG = {
    "转发来的位置": {"forwarded": True},
    "转发来的": {"forwarded": True, "live_period": 900},
    "选定的地点": {"venue": "示例宾馆"},
    "地图上的一个点": {},
}


@pytest.mark.parametrize("said", WRONG)
async def test_a16_a_place_that_is_not_the_senders_own_gives_no_arrival_and_no_grade(
    site: Chat, task: Task, said: str
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await site.tap(officer, "返回任务", "亮码 · 到场", "定位登记")
    await officer.wait_for("发送我的位置", any_time=True)
    await officer.share_location(*HERE, **WRONG[said])
    await officer.wait_for(said, any_time=True)
    await site.idle()
    assert await Arrival.all().count() == 0
    await officer.press("发送我的位置")
    await site.idle()
    arrived = await Arrival.get()
    assert (arrived.how, arrived.inspector_id) == ("location", (await district.team_of(task))["WJ"][0].id)


@pytest.mark.parametrize("said", WRONG)
async def test_a16_a_photo_after_a_place_of_another_is_no_grade_b(site: Chat, task: Task, said: str) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.share_location(*HERE, **WRONG[said])
    await officer.wait_for(said, any_time=True)
    await officer.send_photo(picture())
    await officer.wait_for("C级")
    assert (await Photo.get(task=task)).grade == "C"


async def test_a16_a_live_location_and_one_by_the_key_give_grade_b(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    live = await officer.share_location(*HERE, live_period=900)
    await officer.wait_for("位置已记录")
    await officer.send_photo(picture())
    await officer.wait_for("B级")
    await officer.move_live(live, 34.0, 113.2941)
    await site.idle()
    await officer.send_photo(picture("red"))
    await site.idle()
    assert [one.grade for one in await Photo.filter(task=task)] == ["B", "B"]
    assert site.errors == []


async def test_a16_the_key_of_a_rejected_pin_is_answered_with_the_own_place(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.share_location(*HERE)
    await officer.wait_for("地图上的一个点", any_time=True)
    await officer.press("发送我的位置")
    await officer.wait_for("位置已记录")
    await officer.send_photo(picture())
    await officer.wait_for("B级")


def test_a16_a_photo_that_was_passed_on_has_not_the_place_of_whoever_passes_it_on() -> None:
    origin = {"way": Way.PHOTO, "received_at": district.VISIT, "claims": Claims(), "shared": Point(*HERE)}
    assert grade(Origin(**origin)) == Grade.B
    assert grade(Origin(**origin, forwarded=True)) == Grade.C


async def test_a16_a_contact_that_was_passed_on_binds_nobody(drawn: Chat) -> None:
    phone = drawn.stage.phone("示例人", phone_number="13900001001")
    await phone.share_contact(forwarded=True)
    await drawn.idle()
    assert "已绑定" not in "".join(one.text for one in phone.messages())


class NoProcess:
    """Updates are stored while nobody acts upon them."""

    def wake(self) -> None:
        """Nobody is there to be woken."""


async def passed_by(site: Chat, by: timedelta) -> None:
    await site.idle()
    site.stage.exchange.clock.advance(by.total_seconds())
    site.clock.move(by)


async def test_a16_a_place_of_two_hours_ago_is_no_place_of_a_photo_that_is_taken_up_together_with_it(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    site.worker = NoProcess()
    await officer.share_location(*HERE, live_period=900)
    await passed_by(site, timedelta(hours=2))
    await officer.send_photo(picture())
    await passed_by(site, timedelta(minutes=1))
    async with site.stored():
        await site.push(timedelta(seconds=1))
        await until(lambda: Photo.filter(task=task).count())
    assert (await Photo.get(task=task)).grade == "C"


async def test_a16_a_place_taken_just_before_the_photo_counts_however_late_the_photo_can_be_fetched(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    async with site.stored():
        await officer.share_location(*HERE, live_period=900)
        await officer.wait_for("位置已记录")
        site.stage.faults.server_error("getFile", 502, times=1_000_000)
        await officer.send_photo(picture())
        await site.stage.bot_is_idle()
        await site.push(timedelta(hours=1))
        site.stage.faults.clear()
        await site.push(timedelta(minutes=5))
        await until(lambda: Photo.filter(task=task).count())
    assert (await Photo.get(task=task)).grade == "B"


async def test_a16_an_arrival_that_is_taken_up_late_says_when_the_place_was_taken(
    site: Chat, task: Task
) -> None:
    site.services.telegram_clock.taken.clear()
    officer = await site.at_question(task, "WJ", 9)
    await site.tap(officer, "返回任务", "亮码 · 到场", "定位登记")
    await officer.wait_for("发送我的位置", any_time=True)
    site.worker = NoProcess()
    await officer.press("发送我的位置")
    await passed_by(site, timedelta(hours=1))
    async with site.stored():
        await site.push(timedelta(seconds=1))
        await until(lambda: Arrival.all().count())
    said = datetime.fromisoformat((await Event.get(kind="arrival.recorded")).data["said_at"])
    assert timedelta(minutes=59) < (await Arrival.get()).at - said < timedelta(minutes=61)
