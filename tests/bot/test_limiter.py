"""Every call of the Bot API through one limiter: whoever was asked to wait waits, nobody else does (F8)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from telegram.error import RetryAfter

from bot.application import handle
from bot.limiter import PATIENCE, Limiter, patience
from models.delivery import Outage, step_aside
from models.tables import Task
from tests.bot.chat import Chat
from tests.support.virtual_time import Steps


class Watch:
    """Monotonic seconds as a test tells them; sleeping lets them pass."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


class Api:
    """What Telegram answers: 429 for so many calls to a chat, then yes."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.limiter = Limiter(self.watch, self.watch.sleep)
        self.busy: dict[int, list[int]] = {}
        self.calls: list[tuple[float, int]] = []

    async def send(self, chat: int, endpoint: str = "sendMessage") -> bool:
        async def call() -> bool:
            self.calls.append((round(self.watch.at, 2), chat))
            if waits := self.busy.get(chat):
                raise RetryAfter(waits.pop(0))
            return True

        return await self.limiter.process_request(call, (), {}, endpoint, {"chat_id": chat}, None)


@pytest.fixture
def api() -> Iterator[Api]:
    token = patience.set(PATIENCE)
    yield Api()
    patience.reset(token)  # the next test of this process waits for nobody


async def test_e15_an_answer_waits_as_long_as_it_was_asked_and_goes_out(api: Api) -> None:
    api.busy[7] = [4, 3]
    assert await api.send(7)
    assert api.calls == [(100.0, 7), (104.0, 7), (107.0, 7)]


async def test_e15_a_long_wait_is_handed_back_and_the_chat_is_left_alone_meanwhile(api: Api) -> None:
    api.busy[7] = [40]
    with pytest.raises(RetryAfter):
        await api.send(7)
    with pytest.raises(RetryAfter) as again:
        await api.send(7, "editMessageText")
    assert again.value.retry_after.total_seconds() == 40
    assert len(api.calls) == 1
    assert await api.send(8)
    api.watch.at += 40
    assert await api.send(7)


async def test_e15_what_the_courier_sends_never_waits_here(api: Api) -> None:
    token = patience.set(0.0)
    api.busy[7] = [1]
    with pytest.raises(RetryAfter):
        await api.send(7)
    assert api.watch.at == 100.0
    patience.reset(token)


async def test_e15_three_chats_that_hear_it_at_once_mean_everybody(api: Api) -> None:
    token = patience.set(0.0)
    for chat in (1, 2, 3):
        api.busy[chat] = [5]
        with pytest.raises(RetryAfter):
            await api.send(chat)
    with pytest.raises(RetryAfter):
        await api.send(4)
    api.watch.at += 5
    assert await api.send(4)
    patience.reset(token)


async def test_e15_no_second_sees_more_than_thirty_messages(api: Api) -> None:
    for chat in range(100):
        await api.send(chat)
    times = [at for at, _ in api.calls]
    assert all(len([one for one in times if at <= one < at + 1.0]) <= 30 for at in times)


async def test_e15_those_who_wait_for_the_thirty_go_in_the_order_in_which_they_came() -> None:
    steps, went = Steps(), []
    limiter = Limiter(steps.monotonic, steps.sleep)

    async def send(chat: int) -> None:
        async def call() -> None:
            went.append(chat)

        await limiter.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, None)

    waiting = [asyncio.create_task(send(chat)) for chat in range(100)]
    with steps.watching(lambda: waiting):
        await steps.until_true(lambda: len(went) == 100)
    assert went == list(range(100))


async def test_e15_only_who_waits_steps_aside(api: Api) -> None:
    aside: list[int] = []
    token = step_aside.set(lambda: aside.append(len(api.calls)))
    for chat in range(31):
        await api.send(chat)
    api.busy[7] = [4]
    await api.send(7, "editMessageText")
    step_aside.reset(token)
    assert aside == [30, 32]


async def test_e15_an_answer_to_a_person_honours_429(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    site.stage.faults.too_many("sendMessage", retry_after=1, chat_id=officer.id)
    before = len(site.stage.calls("sendMessage"))
    await officer.say("/today")
    await officer.wait_for("我的任务")
    first, second = site.stage.calls("sendMessage")[before : before + 2]
    assert second.at - first.at >= 1.0
    assert site.errors == []


async def test_e15_an_answer_that_must_wait_for_long_waits_in_the_inbox(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    site.stage.faults.too_many(retry_after=35, chat_id=officer.id)
    message = {
        "message_id": 9000,
        "date": 1,
        "chat": {"id": officer.id, "type": "private"},
        "from": officer.person.user(),
    }
    raw = {"update_id": 900_000_000, "message": {**message, "text": "您好"}}
    with pytest.raises(Outage) as wait:
        await handle(site.app, raw)
    assert wait.value.seconds == 35
