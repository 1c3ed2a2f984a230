"""Art. 15 on the phone: when an officer cannot come is said and taken back once each, and stands in the list."""

from __future__ import annotations

import json

import pytest

from models.tables import AwayTime
from tests.server.companion.phone import new_key, task_of
from tests.server.pages import site
from tests.support import district as sample

AFTERNOON = {"begins": "2026-12-09T12:00:00+08:00", "ends": "2026-12-10T00:00:00+08:00"}


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def own(phone) -> list[dict]:
    return (await phone.get("/tasks")).body["away"]


async def send(phone, act: str, **said):
    return await phone.send(f"/me/{act}", json.dumps({"key": new_key(), **said}).encode())


async def test_a_time_is_said_once_however_often_it_is_sent_and_taken_back(world):
    phone = (await task_of(world)).phones["WJ"][0]
    key = new_key()
    for _ in range(2):
        said = await send(phone, "away", key=key, **AFTERNOON)
        assert said.status == 201, said.body
    [stands] = await own(phone)
    assert stands["id"] == said.body["away"] == (await AwayTime.get()).id
    back = await send(phone, "away_back", away=stands["id"])
    assert back.status == 201
    assert await own(phone) == []


async def test_what_is_over_or_anothers_is_refused_in_words(world):
    visit = await task_of(world)
    mine, other = visit.phones["WJ"][0], visit.phones["XF"][0]
    past = {"begins": "2026-11-01T08:00:00+08:00", "ends": "2026-11-01T12:00:00+08:00"}
    no = await send(mine, "away", **past)
    assert (no.status, no.body["error"]["code"]) == (409, "away.past")
    said = await send(mine, "away", **AFTERNOON)
    stolen = await send(other, "away_back", away=said.body["away"])
    assert stolen.status == 404
    assert (await AwayTime.get()).taken_back_at is None
