"""One process of several: another takes over by its own count of time, whatever clocks show (R23, D76)."""

import asyncio
import random
import subprocess
import sys
from datetime import timedelta

from server.intake import leader_lease
from server.intake.leader_lease import LeaderLease
from tests.support.district import Clock


class Watch:
    """Monotonic seconds as a test tells them."""

    def __init__(self):
        self.at = 100.0

    def __call__(self):
        return self.at


def seats(count, watch):
    return [LeaderLease("poller", f"p{n}", 9.0, Clock(), watch) for n in range(count)]


async def holding(those):
    return [one for one in those if await one.mine()]


async def test_never_two_at_once_and_another_within_ten_seconds(any_db, full_size):
    watch, dice = Watch(), random.Random(23)
    living, killed = seats(3, watch), 0
    last = watch.at
    while killed < (100 if full_size else 10):
        dice.shuffle(living)
        for one in living:  # a different wall clock in each, changed at any time
            one._now.move(timedelta(seconds=dice.choice([1, 1, -3600, 86_400])))
        held = await holding(living)
        assert len(held) <= 1
        if held:
            last = watch.at
            if dice.random() < 0.3:
                living.remove(held[0])
                living += [LeaderLease("poller", f"n{killed}", 9.0, Clock(), watch)]
                killed += 1
        assert watch.at - last <= 10
        watch.at += 1.0


async def test_d76_a_clock_that_jumps_neither_gives_nor_takes_the_right(db):
    watch = Watch()
    first, second = seats(2, watch)
    for jump in (timedelta(hours=-1), timedelta(days=1), timedelta(days=-400)):
        first._now.move(-jump)
        second._now.move(jump)
        for _ in range(12):
            watch.at += 2.0
            first._now.move(timedelta(seconds=2))
            assert await first.mine()
            assert not await second.mine()


async def test_a_right_given_back_is_taken_at_once(db):
    watch = Watch()
    first, second = seats(2, watch)
    assert await first.mine()
    assert not await second.mine()
    await first.leave()
    assert await second.mine()
    assert not await first.mine()


async def test_a_process_of_this_machine_that_was_killed_is_not_waited_for(db):
    script = "import os; print(os.getpid(), flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    watch = Watch()
    theirs, ours = seats(2, watch)
    theirs._holder = f"{leader_lease._machine()}:{int(other.stdout.readline())}:p0"
    assert await theirs.mine()
    assert not await ours.mine()
    other.kill()
    other.communicate()
    assert await ours.mine()
    assert not await theirs._take()


async def test_many_that_ask_at_once_agree(any_db):
    watch = Watch()
    assert sum(await asyncio.gather(*(one.mine() for one in seats(6, watch)))) == 1
