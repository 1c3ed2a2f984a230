"""What docs/performance.md says was measured is what the kept results of the benches say."""

import asyncio
import re

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bench.press_crowd import BotApi, Crowd, Officer
from tests.bench.press_figures import pairs
from tests.support import measured


def test_the_page_says_what_was_measured():
    assert measured.PAGE.read_text("utf-8") == measured.page(), "python -m tests.support.measured"


@pytest.mark.parametrize("name", measured.results())
def test_a_result_says_how_when_and_on_what_it_was_measured(name):
    result = measured.results()[name]
    assert set(result) == {"command", "date", "machine", "versions", "figures", "note"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", result["date"])
    assert "python" in result["versions"]
    assert result["figures"]


@pytest.mark.parametrize("name", measured.results())
def test_a_result_names_a_bench_or_a_test_that_exists(name):
    command = measured.results()[name]["command"]
    bench = re.search(r"tests\.bench\.(\w+)", command)
    assert bench is None or (measured.ROOT / "tests" / "bench" / f"{bench[1]}.py").exists()
    assert bench or "run.py test" in command


@pytest.mark.parametrize("name", measured.results())
def test_a_result_holds_no_path_of_a_machine(name):
    assert not re.search(r"[\"' ](/[a-z]+/|[A-Z]:\\)", (measured.RESULTS / f"{name}.json").read_text("utf-8"))


def test_rounds_are_compared_in_pairs():
    ours, theirs = [1.0, 30.0, 2.0], [2.0, 10.0, 4.0]
    rounds = [[{"cpu_ms": value} for value in values] for values in (ours, theirs)]
    assert pairs(*rounds, "cpu_ms") == "0.50; 0.50 to 3.00"


async def test_an_open_loop_waits_for_nobody():
    """Whoever answers nothing before all ten came would hang in a loop that waits for answers."""
    many = 10
    officers = [Officer(chat, "示例") for chat in (1, 2)]
    api = BotApi({officer.chat: officer for officer in officers})
    all_came, came = asyncio.Event(), []

    async def take(request: web.Request) -> web.Response:
        came.append(await request.json())
        if len(came) == many:
            all_came.set()
        await all_came.wait()
        for update in came:
            api._result("answercallbackquery", {"callback_query_id": update["callback_query"]["id"]})
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram", take)
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        crowd = Crowd(http, server.port, api, peer=True)
        await crowd.open_loop(officers, rate=100, seconds=many / 100)
    assert (crowd.done, crowd.missing) == (many, 0)
    between_dues = (
        many - 1
    ) / 100  # all were answered at one moment, and each is counted from when it was due
    assert max(crowd.first) - min(crowd.first) == pytest.approx(between_dues, abs=0.01)
    assert len({update["callback_query"]["id"] for update in came}) == many
