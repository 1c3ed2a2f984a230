"""One process of several does its duties and leaves the others to whom they belong (R23)."""

import argparse
import asyncio

import pytest
from aiohttp import ClientSession

from models import store
from server.config import Settings
from server.duties import DUTIES, apart, duties
from server.intake.leader_lease import LeaderLease, alone
from server.runtime import run
from tests.journeys.town import free_port
from tests.support.district import Clock
from tests.support.virtual_time import Steps


def test_duties_are_named_with_commas_and_a_strange_one_is_refused_with_those_there_are():
    assert duties("web, clock") == {"web", "clock"}
    with pytest.raises(argparse.ArgumentTypeError, match=r"'cook': web, intake, worker, courier, clock"):
        duties("web,cook")


def test_what_another_process_does_is_looked_for():
    assert not apart(DUTIES, "intake", "web")
    assert apart({"worker"}, "intake")


async def answers(tmp_path, only, *paths):
    port = free_port()
    settings = Settings(data_dir=str(tmp_path / "data"), listen=f"127.0.0.1:{port}")
    async with run(settings, only=only) as house:
        async with ClientSession(f"http://127.0.0.1:{port}") as http:
            statuses = {}
            for path in paths:
                async with http.get(path) as answer:
                    statuses[path] = answer.status
        return statuses, {task.get_name() for task in house.tasks}


async def test_a_process_without_pages_answers_for_machines_alone(tmp_path):
    said, tasks = await answers(tmp_path, {"courier"}, "/healthz", "/results", "/console/", "/field/")
    assert said == {"/healthz": 200, "/results": 404, "/console/": 404, "/field/": 404}
    assert tasks == {"courier"}


async def test_a_process_for_pages_keeps_no_clock_and_sends_nothing(tmp_path):
    said, tasks = await answers(tmp_path, {"web"}, "/healthz", "/results")
    assert said == {"/healthz": 200, "/results": 200}
    assert tasks == set()


async def test_what_one_does_alone_stops_when_the_right_is_lost_and_another_goes_on(db):
    steps, did = Steps(), []
    other = LeaderLease("stamps", "other", 8.0, Clock(), steps.monotonic)

    async def work():
        while True:
            did.append(steps.monotonic())
            await steps.sleep(1.0)

    task = asyncio.create_task(alone("stamps", "first", Clock(), work, steps))
    with steps.watching(lambda: [task]):
        await steps.until_true(lambda: len(did) > 3)
        assert not await other.mine()
        await store.run_one("DELETE FROM lease WHERE name = 'stamps'")
        assert await other.mine()
        await steps.until_true(task.done)
        stopped = len(did)
        with pytest.raises(store.Unavailable):
            await task
        await steps.quiet()
        assert len(did) == stopped
