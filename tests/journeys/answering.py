"""Two inspectors who answer at a steady pace, whatever the process on the other side is going through."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from models import store
from models.queries import evidence
from models.queries.sheet import sheet_of
from models.tables import Answer, Event, Inbox, InboxState, Stray, Task
from server.practice import Phone
from tests.journeys.served import Served
from tests.support.practice_phones import Stage
from tests.support.waiting import pause as pause_

TYPED, PRESSED = 3, (5, 6)
DEPARTMENT = "GA"
PATIENCE = 300.0
BETWEEN = 0.1  # seconds of the stand-in's clock: 1,500 acts may wait before the first press is too old


async def open_checklist(phone: Phone) -> None:
    await phone.say("/today")
    for label in ("宾馆", "检查表"):
        await tap(phone, label)


async def at_question(phone: Phone, number: int) -> dict[str, str]:
    """Open a question through the chat; the data of its verdicts' buttons."""
    for label in ("要点列表", f" {number} "):
        await tap(phone, label)
    shown = await phone.wait_for(f"第{number}项", any_time=True, timeout=PATIENCE)
    keys = [key.get("callback_data", "") for row in shown.rows for key in row]
    return {said: key for said in ("pass", "fail") for key in keys if f":{number}:{said}:" in key}


async def tap(phone: Phone, label: str) -> None:
    shown = await phone.wait_for(
        lambda shown: any(label in one for one in shown.buttons), any_time=True, timeout=PATIENCE
    )
    await phone.answer(await phone.press(label, shown), timeout=PATIENCE)


@dataclass
class Hand:
    """A person who answers at a steady pace, whatever the other side is doing. The stand-in's clock goes on with each
    act and not with the machine, so that no press grows too old at Telegram while a process takes its time.
    """

    stage: Stage
    dice: random.Random
    typed: list[str] = field(default_factory=list)
    pressed: dict[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def given(self) -> int:
        return len(self.typed) + len(self.pressed)

    async def type(self, phone: Phone, pause: float) -> None:
        while True:
            self.typed.append(f"所见{len(self.typed):05}")
            await phone.say(self.typed[-1])
            await self._rest(pause)

    async def press(self, phone: Phone, keys: dict[int, dict[str, str]], pause: float) -> None:
        card = phone.last()
        while True:
            for said in ("pass", "fail"):
                for question in PRESSED:
                    await phone.forge(keys[question][said], card)
                    self.pressed[self.stage.waiting_updates()[-1]["update_id"]] = (question, said)
                    await self._rest(pause)

    async def _rest(self, pause: float) -> None:
        if self.stage.exchange.updates.webhook and self.dice.random() < 0.1:
            self.stage.faults.duplicate()
        if self.stage.exchange.updates.webhook and self.dice.random() < 0.1:
            self.stage.faults.swap()
        self.stage.exchange.clock.advance(BETWEEN)
        await pause_(self.dice.uniform(0.5, 1.5) * pause)


@asynccontextmanager
async def answering(
    stage: Stage, typist: Phone, presser: Phone, dice: random.Random, pause: float = 0.5
) -> AsyncIterator[Hand]:
    """One types findings to a question, the other presses verdicts of two others, until the block ends."""
    hand = Hand(stage, dice)
    for phone in (typist, presser):
        await open_checklist(phone)
    await at_question(typist, TYPED)
    keys = {number: await at_question(presser, number) for number in PRESSED}
    stage.exchange.clock.hold()  # not before: what is typed must be later than the question, however slow the machine
    doing = [
        asyncio.create_task(hand.type(typist, pause)),
        asyncio.create_task(hand.press(presser, keys, pause)),
    ]
    try:
        yield hand
    finally:
        for one in doing:
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one


async def everything_once(served: Served, task: Task, hand: Hand, *, in_order: bool) -> None:
    """Every answer that was acknowledged stands in the records, once; and no log shows the token (F12)."""
    no_token(served)
    async with store.opened(f"sqlite://{served.database}", objects_at=served.folder / "objects"):
        await each_once(task, hand, in_order=in_order)


def no_token(served: Served) -> None:
    assert served.stage.token not in served.log
    assert served.stage.token.partition(":")[2] not in served.log


async def each_once(task: Task, hand: Hand, *, in_order: bool) -> None:
    """The records of the open store hold every answer once."""
    ask = {one.number: one.id for one in (await sheet_of(task)).asks}
    rows = await Answer.filter(task=task).order_by("id")
    typed = [row.note for row in rows if row.question_id == ask[TYPED]]
    exactly(typed, hand.typed, "typed")
    assert not in_order or typed == hand.typed, "typed answers changed places"
    written = [row for row in rows if row.question_id in {ask[number] for number in PRESSED}]
    assert len(written) == await pressed_once(hand), "rows that no press explains"
    verified = await evidence.verify()
    assert verified.differences == [], "the evidence is broken"
    left = await Inbox.exclude(state=InboxState.DONE).count(), await Stray.all().count()
    assert left == (0, 0), f"{left} not acted upon and put aside"


async def pressed_once(hand: Hand) -> int:
    """Each acknowledged press is one event with its verdict, or it said what stood at that moment; the events.

    A press waits at Telegram for 150 seconds: what nobody took in that time was never acknowledged (F4), and
    the next press of that question then repeats the verdict that stands.
    """
    lost = hand.stage.exchange.updates.lost
    given = {f"u{number}": said for number, said in hand.pressed.items() if number not in lost}
    events = [one for one in await Event.filter(kind="answer.given").order_by("seq") if one.key in given]
    acts = {one.key: (one.data["question"], one.data["verdict"]) for one in events}
    assert acts == {key: given[str(key)] for key in acts}, "other verdicts"
    assert len(acts) == len(events), "doubled presses"
    assert len(given) > len(hand.pressed) / 2, f"{len(lost)} of {len(hand.pressed)} were never acknowledged"
    for key in given.keys() - acts.keys():
        done = await Inbox.get(update_id=int(key[1:]))
        before = [one for one in events if one.data["question"] == given[key][0] and one.at <= done.done_at]
        assert before, f"{key} is lost"
        assert before[-1].data["verdict"] == given[key][1], f"{key} is lost"
    return len(acts)


def exactly(found: list[str], given: list[str], what: str) -> None:
    counted = Counter(found)
    lost = [one for one in given if not counted[one]]
    doubled = [one for one, times in counted.items() if times > 1]
    assert not lost, f"{len(lost)} of {len(given)} {what} answers lost: {lost[:5]}"
    assert not doubled, f"{len(doubled)} of {len(given)} {what} answers doubled: {doubled[:5]}"
    assert len(counted) == len(given), f"more {what} answers than were given"
