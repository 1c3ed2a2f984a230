"""Pushed updates: refused by secret unread, acknowledged after the commit and never before (R3, D6-D8)."""

import asyncio
import logging

import pytest

from models import store
from models.operations import inbox
from models.tables import Inbox, Stray
from server.intake.webhook import LARGEST, SECRET
from tests.server.intake.gate import KNOWN, failing_commits, gate, locked
from tests.support.district import CEREMONY
from tests.support.postgresql import pg_run
from tests.support.statements import counted


def press(number):
    return {"update_id": number, "callback_query": {"id": str(number), "from": {"id": 5}, "data": "v:1:3"}}


async def stored():
    return sorted(await Inbox.all().values_list("update_id", flat=True))


async def test_an_update_is_stored_before_it_is_acknowledged(any_db):
    async with gate() as here:
        assert await here.push(press(1)) == 200
        assert await stored() == [1]
        assert here.clock.woken == 1


async def test_r3_updates_that_arrive_together_share_a_commit_and_each_is_acknowledged_after_it(db):
    async with gate() as here:
        await here.push(press(1))
        async with counted() as count:
            said = await asyncio.gather(*(here.push(press(number)) for number in range(2, 42)))
    assert said == [200] * 40
    assert await stored() == list(range(1, 42))
    assert count.commits < 20, count.listed()
    assert len(count.statements) == count.commits


async def test_d2_one_that_has_another_body_spoils_nothing_for_those_beside_it(db):
    async with gate() as here:
        await here.push(press(3))
        sent = [press(2), press(3) | {"more": 1}, press(3), press(4), press(4)]
        assert await asyncio.gather(*(here.push(one) for one in sent)) == [200] * 5
    assert await stored() == [2, 3, 4]
    assert await Stray.all().count() == 1
    assert (await Inbox.get(update_id=3)).repeats == 1
    assert (await Inbox.get(update_id=4)).repeats == 1


@pytest.mark.parametrize("given", [None, "", "wrong", KNOWN + "x", KNOWN[:-1], "密"], ids=str)
async def test_d6_a_wrong_secret_is_refused_before_the_body_is_read(db, given, caplog):
    caplog.set_level(logging.DEBUG)
    lines = [
        "POST /telegram HTTP/1.1",
        "Host: x",
        "Content-Type: application/json",
        "Content-Length: 1000000",
    ]
    async with gate() as here:  # the answer comes although not one byte of the body does
        answer = await here.raw(*lines, *([f"{SECRET}: {given}"] if given is not None else []))
    assert answer.startswith(b"HTTP/1.1 403")
    assert await stored() == []
    assert not given or given not in caplog.text


async def test_d6_bytes_that_are_no_text_are_a_wrong_secret_too(db):
    async with gate() as here:
        lines = ["POST /telegram HTTP/1.1", "Host: x", "Content-Length: 2", f"{SECRET}: \udcff\udcfe"]
        assert (await here.raw(*lines, then=b"{}")).startswith((b"HTTP/1.1 403", b"HTTP/1.1 400"))


async def test_d6_without_a_secret_of_ours_nobody_is_let_in(db):
    async with gate(secret="") as here:
        assert await here.push(press(1), **{SECRET: ""}) == 403


async def test_d7_more_than_a_mebibyte_is_refused(db):
    async with gate() as here:
        assert await here.push(b"x" * (LARGEST + 1)) == 413
        assert await here.push(b'{"update_id": 1}'.ljust(LARGEST)) == 200
    assert await stored() == [1]


async def test_d7_a_body_that_never_comes_is_let_go(db):
    async with gate(slowest=0.2) as here:
        lines = ["POST /telegram HTTP/1.1", "Host: x", "Content-Length: 100", f"{SECRET}: {KNOWN}"]
        assert (await here.raw(*lines, then=b"{")).startswith(b"HTTP/1.1 408")


async def test_d7_two_lengths_at_once_are_refused(db):
    async with gate() as here:
        lines = ["POST /telegram HTTP/1.1", "Host: x", f"{SECRET}: {KNOWN}", "Content-Length: 2"]
        answer = await here.raw(*lines, "Transfer-Encoding: chunked", then=b"0\r\n\r\n")
    assert answer.split()[1] == b"400"


async def test_d4_a_body_that_cannot_be_read_is_acknowledged_and_kept(db):
    async with gate() as here:
        assert [await here.push(body) for body in (b"{", b"[]", b"\xff")] == [200] * 3
    assert await Stray.all().count() == 3


async def test_d2_another_body_under_a_known_number_is_told_to_the_keeper_of_the_log(db, caplog):
    async with gate() as here:
        assert await here.push(press(1)) == 200
        assert await here.push(press(1) | {"more": 1}) == 200
    assert [r.levelname for r in caplog.records if r.name == "server.intake.webhook"] == ["ERROR"]


async def test_r3_no_update_is_acknowledged_whose_commit_failed(any_db):
    async with gate() as here:
        for number in range(1, 13):
            async with failing_commits():
                assert await here.push(press(number)) == 503
                assert number not in await stored()
            assert await here.push(press(number)) == 200
        assert await stored() == list(range(1, 13))
    assert [row.update_id for row in await inbox.waiting(at=CEREMONY)] == list(range(1, 13))


async def test_d8_a_locked_database_is_answered_503_and_the_redelivery_is_taken(db):
    await store.close()
    async with store.opened(db + "&busy_timeout=30"):
        async with gate() as here:
            for number in range(1, 6):
                with locked(db):
                    assert await here.push(press(number)) == 503
                assert await here.push(press(number)) == 200
        assert await stored() == [1, 2, 3, 4, 5]


async def test_d8_a_full_disk_is_answered_503(db):
    async with gate() as here:
        [row] = await store.connection().execute_query_dict("PRAGMA page_count")
        await store.connection().execute_query(f"PRAGMA max_page_count = {row['page_count']}")
        large = press(1) | {"text": "x" * 100_000}
        assert await here.push(large) == 503
        await store.connection().execute_query("PRAGMA max_page_count = 1000000")
        assert await here.push(large) == 200


async def test_d8_a_stopped_postgres_is_answered_503_until_it_is_back(pg_db, pg_server):
    name = pg_db.partition("@/")[2].partition("?")[0]
    async with gate() as here:
        for number in range(1, 4):
            await pg_run(
                pg_server,
                f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
            )
            assert await here.push(press(number)) == 503
            assert await here.push(press(number)) == 503
            await pg_run(pg_server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            assert await here.push(press(number)) == 200
        assert await stored() == [1, 2, 3]
