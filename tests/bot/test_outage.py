"""An outage of a neighbour is no failure of an update: nothing is lost, order is kept, others go on (Art. 16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import store
from models.procedure import set_aside
from models.queries import set_aside as queries
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Answer, Inbox, InboxState, Photo, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture, questions
from tests.support import district
from tests.support.waiting import until

ALWAYS = 1_000_000


@pytest.mark.parametrize("method", ["getFile", "download"])
@pytest.mark.parametrize("minutes", [1, 45, 3 * 24 * 60])
async def test_e1_photos_sent_while_telegram_gives_no_files_are_all_entered_in_order(
    site: Chat, task: Task, method: str, minutes: int
) -> None:
    officer = await site.at_question(task, "GA", 3)
    colleague = await site.at_question(task, "WJ", 9)
    async with site.stored():
        site.stage.faults.server_error(method, 502, times=ALWAYS, html=True)
        for n in range(4):
            await officer.send_photo(picture(side=40 + n))
        await site.stage.bot_is_idle()
        await site.tap(colleague, "合格")
        for _ in range(12):
            await site.push(timedelta(minutes=minutes) / 12)
        assert await Photo.all().count() == 0
        assert (await Answer.get(verdict="pass")).by == (await district.team_of(task))["WJ"][0].id
        assert await Inbox.filter(state=InboxState.QUARANTINED).count() == 0
        assert "update.waiting" in await site.post()
        assert "自动存入" in (await officer.wait_for("消息已收到，还没有存入", any_time=True)).text
        site.stage.faults.clear()
        await site.push(timedelta(seconds=61))
        await until(lambda: Photo.filter(task=task).count())
        await site.push(timedelta(seconds=1))
    assert "update.entered" in await site.post()
    await officer.wait_for("已经存入", any_time=True)
    assert not any("还没有存入" in one.text for one in officer.messages())
    assert await questions(task) == [(3, "C")] * 4
    sizes = [row.width for row in await Photo.filter(task=task).order_by("id")]
    assert sizes == [40, 41, 42, 43]
    assert await Inbox.exclude(state=InboxState.DONE).count() == 0


async def test_e1_a_file_that_is_temporarily_unavailable_is_waited_for_and_then_asked_for_again(
    site: Chat, task: Task
) -> None:
    site.services.telegram_clock.taken.clear()
    officer = await site.at_question(task, "GA", 3)
    away = ("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    async with site.stored():
        site.stage.faults.refuse(*away, times=ALWAYS)
        await officer.send_photo(picture(side=40))
        await site.stage.bot_is_idle()
        await site.push(timedelta(minutes=2))
        site.stage.faults.clear()
        await site.push(timedelta(minutes=5))
        await until(lambda: Photo.filter(task=task).count())
        site.stage.faults.refuse(*away, times=ALWAYS)
        await officer.send_photo(picture(side=41))
        await site.stage.bot_is_idle()
        for _ in range(6):
            await site.push(timedelta(minutes=2))
        await officer.wait_for("请重发", any_time=True)
    assert await Photo.all().count() == 1


async def test_e1_an_object_store_that_is_away_costs_no_photo(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    here = store.objects
    store.objects = await store.object_store(
        "s3://b?endpoint=http://127.0.0.1:9&region=x&access_key_id=x&secret_access_key=x"
    )
    try:
        async with site.stored():
            await officer.send_photo(picture())
            await site.stage.bot_is_idle(quiet=0.5)
            await until(lambda: Inbox.filter(waiting_since__isnull=False).count(), 30)
            store.objects = here
            await site.push(timedelta(hours=5))
    finally:
        store.objects = here
    assert await questions(task) == [(3, "C")]


async def test_e1_whoever_waits_for_files_holds_nobody_else_up(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    crowd = [site.stage.phone(f"某人{n}") for n in range(40)]
    site.stage.faults.delay("getFile", 6.0, times=ALWAYS)
    async with site.stored():
        for phone in crowd:
            team = (await district.team_of(task))["XF"][0]
            await site.officer(team) if phone is crowd[0] else None
            site.stage.exchange.chats.change(phone.id, opened=True)
            await phone.send_photo(picture(side=16))
        await site.tap(officer, "合格")
        await until(lambda: Answer.filter(verdict="pass").exists(), 5)


async def poisoned(site: Chat, task: Task) -> tuple[object, int]:
    """An officer whose reply makes a card that Telegram does not take."""
    officer = await site.at_question(task, "GA", 4)
    site.stage.faults.refuse("sendMessage", 400, "Bad Request: can't parse entities", times=ALWAYS)
    site.stage.faults.refuse("editMessageText", 400, "Bad Request: can't parse entities", times=ALWAYS)
    await officer.say("20/18", reply_to=officer.last())
    await site.stage.bot_is_idle()
    for _ in range(7):
        await site.push(timedelta(minutes=1))
    site.stage.faults.clear()
    return officer, (await Inbox.get(state=InboxState.QUARANTINED)).update_id


async def test_e1_only_poison_is_set_aside_and_its_sender_has_another_try(site: Chat, task: Task) -> None:
    async with site.stored():
        officer, number = await poisoned(site, task)
        assert "update.set_aside" in await site.post()
        told = await officer.wait_for("有一条消息没有存入", any_time=True)
        assert "20/18" in told.text
        assert (await site.tap(officer, "再试一次")).text == "正在重新存入"
        await site.push(timedelta(seconds=1))
        assert (await Inbox.get(update_id=number)).state == InboxState.DONE
        await officer.say("/today")
        await officer.wait_for("我的任务")
        assert not any("未能存入" in one for one in officer.last().buttons)
    assert (await Answer.get(value="20/18")).task_id == task.id


async def test_e1_what_is_set_aside_is_on_the_list_of_those_it_concerns(site: Chat, task: Task) -> None:
    async with site.stored():
        officer, number = await poisoned(site, task)
        await officer.say("/today")
        await site.tap(officer, "未能存入的消息 1")
        assert "1. " in officer.last().text and "20/18" in officer.last().text
    ga, other = Actor(Role.HEAD, "GA", department="GA"), Actor(Role.HEAD, "WJ", department="WJ")
    assert [one.update_id for one in await queries.set_aside(district.OFFICE)] == [number]
    assert [one.update_id for one in await queries.set_aside(ga)] == [number]
    assert await queries.set_aside(other) == ()
    with pytest.raises(Refusal):
        await set_aside.close(number, "重复", by=other, at=site.clock())
    with pytest.raises(Refusal):
        await set_aside.close(number, "  ", by=district.OFFICE, at=site.clock())
    await set_aside.close(number, "重复发送", by=district.OFFICE, at=site.clock())
    assert await queries.set_aside() == ()
    assert (await Inbox.get(update_id=number)).state == InboxState.CLOSED
