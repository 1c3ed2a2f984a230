"""A jump of the clock is asked about before a day is closed; being away for long blocks nothing for ever."""

from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from models import store
from models.operations import event
from models.procedure import anchor, clock_watch, objects
from models.rules.actor import CLOCK, Role
from models.rules.visit import local_day
from models.tables import Anchor, Event, Outbox
from server import clock, outside_time
from server.config import Settings
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, Clock, district
from tests.support.waiting import until

DAY = timedelta(days=1)


async def worked(at):
    await event.record("registry", "registry.noted", by=CLOCK, at=at)


async def closed():
    """A week in which every day was closed."""
    for n in range(7):
        await worked(CEREMONY + n * DAY)
        await anchor.due(CEREMONY + (n + 1) * DAY, district())
    return CEREMONY + 7 * DAY


async def test_e10_day_after_day_nothing_is_odd(db):
    now = await closed()
    assert await clock_watch.doubt(now) is None
    assert await clock_watch.doubt(now + DAY) is None
    assert await clock_watch.doubt(now + 2 * DAY) is None


async def test_e10_one_start_with_the_clock_forty_days_ahead_closes_nothing(db):
    now = await closed()
    before = await Anchor.all().count()
    ahead = now + 40 * DAY
    await worked(ahead)  # somebody signed in before the first round
    settings = Settings()

    async def doubted():
        found = await outside_time.settled(settings, lambda: ahead)
        raise_at_end.append(found)
        return found

    raise_at_end = []
    import asyncio

    round_ = asyncio.ensure_future(
        clock.run("one", district(), lambda: ahead, lambda: None, every=0.01, doubted=doubted)
    )
    await until(lambda: len(raise_at_end) >= 3)
    round_.cancel()
    await asyncio.gather(round_, return_exceptions=True)
    assert [one.kind for one in raise_at_end] == ["ahead"] * len(raise_at_end)
    assert await Anchor.all().count() == before
    assert (
        await clock_watch.doubt(now + DAY + timedelta(hours=1))
    ).kind == "behind"  # set right: asked about, too


async def test_e10_while_the_clock_is_doubted_no_byte_goes_and_no_bin_is_emptied(db):
    now = await closed()
    binned, fresh = (
        await store.objects.put(b"put aside today"),
        await store.objects.put(b"of an act under way"),
    )
    await store.objects.to_bin(binned, local_day(now).isoformat())
    kept = max(await store.objects.kept_at(fresh), now)
    await worked(kept + 40 * DAY)
    assert await objects.sweep(at=kept + 40 * DAY) == ()
    await objects.to_bin((), at=kept + 40 * DAY)
    assert [name for _, name in await store.objects.binned()] == [binned]
    assert fresh in {name async for name in store.objects.names()}
    await clock_watch.confirm("停机检修", by=OFFICE, at=kept + 40 * DAY)
    assert await objects.sweep(at=kept + 40 * DAY) == (fresh,)
    assert [name for _, name in await store.objects.binned()] == [fresh]


async def test_e10_after_a_long_absence_a_person_confirms_and_days_are_closed_again(db):
    now = await closed() + 12 * DAY
    assert (await clock_watch.doubt(now)).kind == "ahead"
    await clock_watch.confirm("停机检修", by=OFFICE, at=now)
    assert await clock_watch.doubt(now) is None
    assert len(await anchor.due(now, district())) == 12
    assert (await Event.get(kind=clock_watch.CONFIRMED)).data["why"] == "停机检修"
    assert await clock_watch.doubt(now + DAY) is None


async def test_e10_a_clock_outside_settles_it_or_keeps_it_standing(db):
    from datetime import UTC, datetime

    real = datetime.now(UTC)
    for n in range(20, 13, -1):
        await worked(real - n * DAY)
        await anchor.due(real - (n - 1) * DAY, district())

    async def me(request):
        return web.json_response({"ok": True, "result": {"username": "example"}})

    app = web.Application()
    app.router.add_get("/bot1:x/getMe", me)  # aiohttp dates every answer
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    try:
        settings = Settings(bot_token="1:x", bot_api_url=str(server.make_url("")).rstrip("/"))
        assert (await outside_time.settled(settings, lambda: real + 40 * DAY)).kind == "ahead"
        assert await outside_time.settled(settings, lambda: datetime.now(UTC)) is None
    finally:
        await server.close()
    assert (await Event.get(kind=clock_watch.CONFIRMED)).data["why"] == "bot"
    assert await clock_watch.doubt(datetime.now(UTC)) is None


async def test_e10_the_office_is_told_once_and_sees_it_on_its_desk(db):
    await sample.found()
    await sample.account(Role.OFFICE, "office")
    now = await closed() + 40 * DAY
    async with site(Clock(now)) as world:
        for _ in range(3):
            assert await outside_time.settled(Settings(), lambda: now)
        [told] = await Outbox.filter(kind="clock.doubt")
        assert told.payload["doubt"] == "ahead"
        office, head = await world.browser(Role.OFFICE, "office"), await world.browser(Role.HEAD, "GA")
        assert "系统时钟可疑" in (await office.get("/console/")).text
        assert "shuangsuiji clock --confirm" in (await office.get("/console/")).text
        assert "系统时钟可疑" not in (await head.get("/console/")).text
        await clock_watch.confirm("停机检修", by=OFFICE, at=now)
        assert "系统时钟可疑" not in (await office.get("/console/")).text
