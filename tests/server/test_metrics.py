"""What a watchman's machine reads: numbers of the queues and of the loop, for whoever has the token."""

import re
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from models.queries.backlog import Backlog, backlog
from models.tables import Inbox, Outbox
from models.tables.message import InboxState, OutboxState
from server import metrics
from server.app import make_app
from tests.server.pages import letter
from tests.support import crowd_of_tasks
from tests.support.district import CEREMONY, Clock, district
from tests.support.rows_read import rows_read

TOKEN = "示例".encode().hex() * 3
LINE = re.compile(
    r"# HELP [a-z_]+ .+|# TYPE [a-z_]+ gauge|(?P<name>[a-z_]+)(\{channel=\"(?P<channel>[a-z]+)\"\})? (?P<value>[0-9.e+-]+)"
)


@pytest.fixture
async def client(any_db):
    clock = Clock()
    app = make_app(
        district=district(), now=clock, wake=clock.wake, letter=letter,
        extra=lambda app: metrics.join(app, TOKEN),
    )  # fmt: skip
    async with TestClient(TestServer(app)) as made:
        yield made


async def read(client, token: str = TOKEN) -> dict[str, float]:
    """By name (and channel) the value of each line; every line must be one that Prometheus reads."""
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, answer.headers["Content-Type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )
    taken = [LINE.fullmatch(line) for line in (await answer.text()).splitlines()]
    assert all(taken)
    return {
        ":".join(filter(None, (each["name"].removeprefix("shuangsuiji_"), each["channel"]))): float(
            each["value"]
        )
        for each in taken
        if each["name"]
    }


async def test_who_has_no_token_finds_no_such_page(client):
    assert (await client.get("/metrics")).status == 404
    for wrong in ("", TOKEN[:-1], TOKEN + "0"):
        answer = await client.get("/metrics", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status == 404


async def test_without_the_setting_there_is_none(db):
    clock = Clock()
    app = make_app(district=district(), now=clock, wake=clock.wake, letter=letter)
    async with TestClient(TestServer(app)) as made:
        assert (await made.get("/metrics", headers={"Authorization": "Bearer "})).status == 404


async def test_it_says_how_long_updates_and_messages_wait(client):
    quiet = await read(client)
    assert (quiet["updates_waiting"], quiet["intake_lag_seconds"], quiet["messages_failed"]) == (0, 0, 0)
    received = CEREMONY - timedelta(seconds=40)
    for number, state in enumerate((InboxState.NEW, InboxState.NEW, InboxState.QUARANTINED, InboxState.DONE)):
        await Inbox.create(update_id=number, body="{}", received_at=received, state=state)
    for number, (channel, state, error, age) in enumerate((
        ("chat", OutboxState.WAITING, "429", 90), ("chat", OutboxState.WAITING, "", -3600),
        ("sms", OutboxState.WAITING, "", 5), ("sms", OutboxState.FAILED, "gone", 5), ("chat", OutboxState.SENT, "", 5),
    )):  # fmt: skip
        await Outbox.create(
            key=f"示例:{number}", channel=channel, kind="示例", state=state, error=error,
            due_at=CEREMONY - timedelta(seconds=age),
        )  # fmt: skip
    said = await read(client)
    assert {name: said[name] for name in ("updates_waiting", "intake_lag_seconds", "updates_set_aside")} == {
        "updates_waiting": 2, "intake_lag_seconds": 40, "updates_set_aside": 1,
    }  # fmt: skip
    assert {name: value for name, value in said.items() if ":" in name} == {
        "messages_waiting:chat": 2, "outbox_age_seconds:chat": 90, "messages_held_off:chat": 1,
        "messages_waiting:sms": 1, "outbox_age_seconds:sms": 5, "messages_held_off:sms": 0,
    }  # fmt: skip
    assert said["messages_failed"] == 1


async def test_it_says_how_late_the_oldest_result_is(client):
    crowd = await crowd_of_tasks.crowd()
    await crowd.due_today(1)
    assert (await read(client))["oldest_term_seconds"] == 0
    waits = await backlog(CEREMONY + timedelta(days=2))
    assert waits.oldest_term == pytest.approx(timedelta(days=1, hours=9).total_seconds())


def test_a_loop_that_is_held_up_is_said_to_be():
    assert "shuangsuiji_loop_lag_seconds 0.25\n" in "".join(
        metrics.lines(Backlog(0, 0.0, 0, (), 0, 0.0), 0.25)
    )


async def test_what_was_sent_long_ago_is_not_read(db):
    async def sent(count: int) -> None:
        await Outbox.bulk_create([
            Outbox(key=f"sent:{count}:{n}", channel="chat", kind="示例", state=OutboxState.SENT, due_at=CEREMONY)
            for n in range(count)
        ])  # fmt: skip

    async def cost() -> int:
        async with rows_read() as reading:
            await backlog(CEREMONY)
        return reading.rows

    await sent(50)
    few = await cost()
    await sent(2000)
    assert await cost() <= few + 5
