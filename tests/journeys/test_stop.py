"""SIGTERM ends the real process within ten seconds, and what it was doing is done once (R24)."""

from __future__ import annotations

import asyncio
import random
import socket
from pathlib import Path

import pytest

from tests.journeys.answering import DEPARTMENT, answering, everything_once
from tests.journeys.served import NEW, STARTS_WITHIN, Served, on_site
from tests.support.practice_phones import practice
from tests.support.waiting import pause, until


@pytest.fixture
def within(full_size: bool) -> float:
    """Ten seconds as promised, of a machine that does nothing else; here, whatever else it does."""
    return 10.0 if full_size else 100.0


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("updates", ["poll", "webhook"])
async def test_r24_a_process_told_to_stop_under_load_ends_in_good_order(
    sqlite_template: Path, tmp_path: Path, full_size: bool, within: float, updates: str
) -> None:
    dice = random.Random(24)
    async with (
        practice() as stage,
        Served(stage, tmp_path / "data", updates, command=NEW if full_size else ()) as served,
    ):
        task, phones = await on_site(sqlite_template, served, DEPARTMENT, 2)
        await served.start()
        async with answering(stage, *phones, dice, pause=0.2) as hand:
            for _ in range(50 if full_size else 1):
                assert await served.stop(within) == 0, served.log[-3000:]
                await served.start()
                await pause(dice.uniform(0.0, 1.5))
        await served.all_acted_upon()
        assert await served.stop(within) == 0
        await everything_once(served, task, hand, in_order=updates == "poll")
        assert "Traceback" not in served.log


async def ended(served: Served) -> int:
    """The exit code of a process that cannot start; it must not hang."""
    await served.begin()
    assert served.process
    async with asyncio.timeout(100):
        return await served.process.wait()


async def test_r24_a_process_that_finds_its_port_taken_ends_and_says_so(
    sqlite_template: Path, tmp_path: Path
) -> None:
    async with practice() as stage, Served(stage, tmp_path) as served:
        served.fill(sqlite_template)
        with socket.create_server(("127.0.0.1", served.port)):
            assert await ended(served) == 1
        assert "Traceback" not in served.log
        assert str(served.port) in served.log


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:9/ssj"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/x.sqlite3"),
        ("OBJECTS_URL", "/proc/nowhere"),
    ],
)
async def test_r24_a_process_without_database_or_objects_ends(
    sqlite_template: Path, tmp_path: Path, setting: str, value: str
) -> None:
    async with practice() as stage, Served(stage, tmp_path, more={setting: value}) as served:
        served.fill(sqlite_template)
        assert await ended(served) == 1
        assert "hunter2" not in served.log
        assert stage.token not in served.log


async def test_a_setting_that_is_unknown_ends_the_process_before_it_begins(tmp_path: Path) -> None:
    async with practice() as stage, Served(stage, tmp_path, more={"BOT_TOKNE": "1"}) as served:
        assert await ended(served) == 2
        assert "did you mean SHUANGSUIJI_BOT_TOKEN?" in served.log


async def test_r24_while_the_bot_api_is_away_a_process_stops_as_well(
    sqlite_template: Path, tmp_path: Path, within: float
) -> None:
    async with (
        practice() as stage,
        Served(stage, tmp_path, more={"BOT_API_URL": "http://127.0.0.1:9"}) as served,
    ):
        served.fill(sqlite_template)
        await served.begin()

        def given_up() -> bool:
            assert served.running, served.log[-2000:]
            return "chat failed; again" in served.log

        await until(given_up, STARTS_WITHIN)
        assert await served.stop(within) == 0
        assert stage.token not in served.log
