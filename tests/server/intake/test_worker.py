"""Stored updates are acted upon: in order for each person, poison put aside, restarts noticed by nobody."""

import asyncio
import json
import random
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from models import store
from models.delivery import step_aside
from models.operations import inbox
from models.tables import Inbox, InboxState
from server.intake.worker import TOGETHER, Worker
from tests.server.intake.gate import locked
from tests.support.virtual_time import Steps
from tests.support.waiting import pause, until

steps = Steps()
BEGAN = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)


def now():
    return BEGAN + timedelta(seconds=steps.at)


def update(number, sender, **more):
    return {"update_id": number, "message": {"from": {"id": sender}} | more}


async def arrive(*updates):
    await inbox.keep([inbox.read(json.dumps(one).encode()) for one in updates], at=now())


@asynccontextmanager
async def at_work(handle, clock=now, holder="worker"):
    worker = Worker(handle, clock, steps, holder=holder)
    running = asyncio.create_task(worker.run())
    try:
        with steps.watching(lambda: [running, *worker._busy.values()]):
            yield worker
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await worker.drain()


async def settled(*states):
    left = Inbox.exclude(state__in=states or [InboxState.DONE])

    async def none():
        return not await left.exists()

    await steps.until_true(none)


async def test_each_person_is_answered_in_order_and_nobody_waits_for_another(any_db):
    order, together = [], []

    async def handle(raw):
        together.append(raw["update_id"])
        await pause(random.random() / 200)
        order.append((raw["message"]["from"]["id"], raw["update_id"]))

    await arrive(*(update(n, n % 7) for n in range(140)))
    async with at_work(handle) as worker:
        await arrive(*(update(n, n % 7) for n in range(140, 210)))
        worker.wake()
        await settled()
    assert sorted(n for _, n in order) == list(range(210))
    for person in range(7):
        assert [n for who, n in order if who == person] == list(range(person, 210, 7))
    assert together[:7] == list(range(7))


async def test_e15_who_waits_for_telegrams_limit_keeps_nobody_else_from_being_served(any_db):
    served, may_send = [], asyncio.Event()

    async def handle(raw):
        sender = raw["message"]["from"]["id"]
        if sender <= TOGETHER:
            step_aside.get()()
            await may_send.wait()
        served.append(sender)

    await arrive(*(update(n, n) for n in range(1, TOGETHER + 2)))
    async with at_work(handle):
        await until(lambda: served)
        assert served == [TOGETHER + 1]
        may_send.set()
        await settled()
    assert sorted(served) == list(range(1, TOGETHER + 2))


async def test_r23_of_two_processes_one_alone_acts_upon_updates(any_db):
    acted = {"first": [], "second": []}

    def hand(name):
        async def handle(raw):
            acted[name].append(raw["update_id"])

        return handle

    await arrive(*(update(n, n % 3) for n in range(30)))
    async with at_work(hand("second"), holder="second"):
        async with at_work(hand("first"), holder="first"):
            await settled()
            first, second = sorted(map(len, acted.values()))
            assert (first, second) == (0, 30)
        await arrive(*(update(n, n % 3) for n in range(30, 60)))
        await settled()
    assert sorted(n for numbers in acted.values() for n in numbers) == list(range(60))


async def test_d4_what_cannot_be_read_is_put_aside_at_once_and_the_rest_goes_on(db):
    acted = []

    async def handle(raw):
        if "bad" in raw["message"]:
            raise ValueError("not an update")
        acted.append(raw["update_id"])

    await arrive(update(1, 5), update(2, 5, bad=True), update(3, 5))
    async with at_work(handle):
        await settled(InboxState.DONE, InboxState.QUARANTINED)
    assert acted == [1, 3]
    assert (await Inbox.get(update_id=2)).state == InboxState.QUARANTINED


async def test_an_act_that_fails_for_good_holds_up_its_person_for_a_while_and_nobody_else(db):
    acted, time = [], {"at": now()}

    async def handle(raw):
        if raw["update_id"] == 1:
            raise RuntimeError("always")
        acted.append(raw["update_id"])

    await arrive(update(1, 5), update(2, 5), update(3, 6))
    async with at_work(handle, lambda: time["at"]) as worker:
        await steps.quiet()
        assert acted == [3]
        for _ in range(6):
            time["at"] += timedelta(minutes=1)
            worker.wake()
            await steps.quiet()
        await settled(InboxState.DONE, InboxState.QUARANTINED)
    assert acted == [3, 2]
    row = await Inbox.get(update_id=1)
    assert (row.state, row.attempts) == (InboxState.QUARANTINED, 6)


async def test_an_act_that_fails_once_is_done_before_what_came_after_it(db):
    acted, failed = [], []

    async def handle(raw):
        if raw["update_id"] == 1 and not failed:
            failed.append(1)
            raise ConnectionError("no reception")
        acted.append(raw["update_id"])

    await arrive(update(1, 5), update(2, 5), update(3, 5))
    async with at_work(handle):
        await settled()
    assert acted == [1, 2, 3]


async def test_d8_a_database_that_is_away_costs_no_try_and_no_order(db):
    await store.close()
    acted = []
    async with store.opened(db + "&busy_timeout=20"):

        async def handle(raw):
            await store.run_in_transaction(touch)
            acted.append(raw["update_id"])

        async def touch():
            await Inbox.filter(update_id=0).update(repeats=1)

        await arrive(*(update(n, 5) for n in range(1, 6)))
        async with at_work(handle) as worker:
            with locked(db):
                worker.wake()
                await steps.passes(2.5)
                assert acted == []
            await settled()
        assert acted == [1, 2, 3, 4, 5]
        assert await Inbox.filter(attempts__gt=0).count() == 0


async def test_d8_an_act_that_the_database_did_not_take_costs_no_try(db):
    acted = []

    async def handle(raw):
        acted.append(raw["update_id"])
        if len(acted) == 1:
            raise store.Unavailable("away")

    await arrive(update(1, 5), update(2, 5))
    async with at_work(handle):
        await settled()
    assert acted == [1, 1, 2]
    assert (await Inbox.get(update_id=1)).attempts == 0


async def test_the_next_process_goes_on_where_the_last_one_stopped(db):
    acted = []

    async def handle(raw):
        await pause(0.01)
        acted.append(raw["update_id"])

    await arrive(*(update(n, n % 3) for n in range(60)))
    while len(acted) < 60:
        enough = min(60, len(acted) + random.randrange(1, 20))
        async with at_work(handle):
            await until(lambda enough=enough: len(acted) >= enough)
    assert sorted(acted) == list(range(60))
    await settled()


async def test_r22_mutated_updates_stall_nothing(db, full_size):
    """Half of what comes is broken in every way a byte can be; all that is whole is acted upon, once."""
    size, dice, acted = 1000 if full_size else 150, random.Random(22), []

    async def handle(raw):
        if set(raw) != {"update_id", "message"} or not isinstance(raw["message"], dict):
            raise ValueError("not an update")
        if "good" in raw["message"]:
            acted.append(raw["update_id"])

    good = [json.dumps(update(n, n % 9, good=True)).encode() for n in range(size)]
    bad = [mutated(json.dumps(update(10**6 + n, n % 9, text="合格")).encode(), dice) for n in range(size)]
    everything = good + bad
    dice.shuffle(everything)
    async with at_work(handle) as worker:
        for start in range(0, len(everything), 20):
            batch = [inbox.read(body) for body in everything[start : start + 20]]
            await inbox.keep(batch, at=now())
            worker.wake()
        await settled(InboxState.DONE, InboxState.QUARANTINED)
    assert sorted(n for n in acted if n < 10**6) == list(range(size))


def mutated(body, dice):
    cut = bytearray(body)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(cut))
        match dice.randrange(4):
            case 0:
                cut[place] = dice.randrange(256)
            case 1:
                del cut[place : place + dice.randint(1, 9)]
            case 2:
                cut[place:place] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 9)))
            case 3:
                cut[place:place] = dice.choice(
                    [b'"', b"{", b"[", b"\0", b"\\ud800", b"9" * 40, b"null", b"-"]
                )
        cut = cut or bytearray(b"{")
    return bytes(cut)
