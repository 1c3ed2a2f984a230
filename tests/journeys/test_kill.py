"""An answer that was taken is never lost and never doubled, however often the process is killed (R1, R2)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.journeys.answering import DEPARTMENT, Hand, answering, everything_once
from tests.journeys.served import NEW, Served, on_site
from tests.support.practice_phones import practice
from tests.support.waiting import pause


async def killed(served: Served, hand: Hand, kills: int, answers: int, dice: random.Random) -> None:
    """Killed again and again: mostly at work, now and then while it starts; so often at least, and until so many answers
    were given.
    """
    number = 0
    while number < kills or hand.given < answers:
        number += 1
        if number % 3 == 0:
            await served.begin()
            await pause(dice.uniform(0.1, 2.0))
        else:
            await served.start()
            await pause(dice.uniform(0.0, 1.0))
        assert served.running, served.log[-3000:]
        await served.kill()


@pytest.mark.timeout(7200)
async def test_r1_no_answer_is_lost_or_doubled_by_kills_while_polling(
    sqlite_template: Path, tmp_path: Path, full_size: bool
) -> None:
    dice = random.Random(1)
    async with (
        practice() as stage,
        Served(stage, tmp_path / "data", command=NEW if full_size else ()) as served,
    ):
        task, phones = await on_site(sqlite_template, served, DEPARTMENT, 2)
        await served.start()
        async with answering(stage, *phones, dice) as hand:
            await served.kill()
            await killed(served, hand, 600 if full_size else 6, 10_000 if full_size else 20, dice)
        await served.start()
        await served.all_acted_upon()
        assert await served.stop(within=100) == 0
        await everything_once(served, task, hand, in_order=True)
        assert hand.given >= (10_000 if full_size else 20)


@pytest.mark.timeout(7200)
async def test_r2_no_answer_is_lost_or_doubled_by_kills_doubles_and_swaps_of_a_webhook(
    sqlite_template: Path, tmp_path: Path, full_size: bool
) -> None:
    dice = random.Random(2)
    async with (
        practice() as stage,
        Served(stage, tmp_path / "data", "webhook", command=NEW if full_size else ()) as served,
    ):
        task, phones = await on_site(sqlite_template, served, DEPARTMENT, 2)
        await served.start()
        async with answering(stage, *phones, dice) as hand:
            await served.kill()
            await killed(served, hand, 400 if full_size else 6, 20, dice)
        await served.start()
        await served.all_acted_upon()
        assert await served.stop(within=100) == 0
        await everything_once(served, task, hand, in_order=False)
