"""Is it alive, is it ready: what a watchman asks."""

from datetime import timedelta

import pytest

from models import store
from models.tables import Inbox
from tests.server.pages import site
from tests.support.district import CEREMONY


@pytest.fixture
async def world(db):
    async with site() as made:
        yield made


async def answer(world, path: str) -> tuple[int, dict]:
    response = await (await world.browser()).client.get(path)
    return response.status, await response.json()


async def test_the_process_says_that_it_lives(world):
    assert await answer(world, "/healthz") == (200, {"status": "ok"})


async def test_it_is_ready_when_it_can_write_keep_and_act(world):
    assert await answer(world, "/readyz") == (
        200,
        {"status": "ok", "database": True, "objects": True, "integrity": True, "intake": True},
    )


async def test_an_update_that_waits_a_minute_makes_it_unready(world):
    await Inbox.create(update_id=1, sender=1, body="{}", received_at=CEREMONY)
    world.clock.move(timedelta(seconds=60))
    assert (await answer(world, "/readyz"))[0] == 200
    world.clock.move(timedelta(seconds=1))
    status, said = await answer(world, "/readyz")
    assert status == 503
    assert said["intake"] is False
    await Inbox.all().update(state="done")
    assert (await answer(world, "/readyz"))[0] == 200


async def test_d50_a_store_that_takes_nothing_makes_it_unready(world, tmp_path):
    whole = store.objects
    (tmp_path / "file").write_text("not a folder")
    store.objects = type(whole)(tmp_path / "file")
    try:
        status, said = await answer(world, "/readyz")
    finally:
        store.objects = whole
    assert status == 503
    assert said["objects"] is False


async def test_without_its_database_it_lives_and_is_not_ready(db):
    async with site() as made:
        await store.close()
        assert (await answer(made, "/healthz"))[0] == 200
        status, said = await answer(made, "/readyz")
        assert status == 503
        assert said["database"] is False
        assert (await (await made.browser()).get("/plans")).status >= 500


async def test_nothing_private_is_told(world):
    for path in ("/healthz", "/readyz"):
        response = await (await world.browser()).client.get(path)
        body = await response.text()
        assert "sqlite" not in body
        assert "/" not in body
        assert response.headers["Cache-Control"] == "no-store"
