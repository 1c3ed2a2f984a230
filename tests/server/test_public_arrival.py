"""亮码核验 over HTTP: what the entity's own phone shows after the scan (Art. 16 (2))."""

from datetime import timedelta

import pytest

from models.queries import arrival as arrivals
from models.rules import arrival as rules
from models.rules.actor import Role
from models.tables import Arrival, Assignment, Department, Inspector, Notice, Task
from tests.server.pages import notice_token, site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Mobile"}


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        await sample.visit_fixed(await the_task(), district())
        made.clock.move(VISIT + timedelta(seconds=5))
        yield made


async def the_task() -> Task:
    return await Task.all().order_by("rank").first()


async def seat_of(department: str = "XF") -> Assignment:
    return await Assignment.filter(task=await the_task(), department=department, until=None).first()


async def code(world, seat: Assignment) -> str:
    at = world.clock()
    key = await arrivals.code_key(district().secret, seat.task_id, str(seat.inspector_id), at)
    return "/a/" + rules.token(key.key, key.assignment, rules.step_of(at))


async def test_a_scan_names_the_officer_says_valid_and_is_the_arrival(world):
    seat = await seat_of()
    page = await (await world.browser()).get(await code(world, seat), **PHONE)
    officer = await Inspector.get(code=seat.inspector_id)
    assert page.status == 200 and "身份有效" in page.text
    assert officer.name[:1] + "**" in page.text and officer.name not in page.text
    assert officer.certificate[-3:] in page.text and officer.certificate not in page.text
    assert (await Department.get(code="XF")).unit in page.text and (await the_task()).number in page.text
    assert page.response.headers["X-Robots-Tag"] == "noindex"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.html
    assert await Arrival.filter(inspector_id=seat.inspector_id, how="code").count() == 1


async def test_an_expired_code_names_nobody_and_is_no_arrival(world):
    seat = await seat_of()
    link = await code(world, seat)
    world.clock.move(timedelta(seconds=61))
    page = await (await world.browser()).get(link, **PHONE)
    officer = await Inspector.get(code=seat.inspector_id)
    assert page.status == 200 and "已过期" in page.text and "请看手机上的新码" in page.text
    assert officer.certificate[-3:] not in page.text and (await the_task()).number not in page.text
    assert not await Arrival.exists()


async def test_a_code_of_a_visit_that_is_not_to_come_is_worth_nothing(world):
    seat = await seat_of()
    link = await code(world, seat)
    await Assignment.filter(id=seat.id).update(until=CEREMONY)
    page = await (await world.browser()).get(link, **PHONE)
    assert "无效" in page.text and "请拒绝其进入" in page.text
    assert not await Arrival.exists()


async def test_d68_a_code_that_is_nobodys_answers_like_an_unknown_notice(world):
    browser = await world.browser()
    notice = await browser.get("/n/" + "A" * 22)
    for token in ("A" * 22, "x", "%C3%A9" * 22, "A" * 500):
        page = await browser.get(f"/a/{token}")
        assert (page.status, page.body) == (404, notice.body)
        assert page.response.headers["X-Robots-Tag"] == "noindex"


async def test_d69_guesses_at_codes_are_throttled_with_those_at_notices(world):
    browser = await world.browser()
    for n in range(15):
        assert (await browser.get(f"/n/{'A' * 21}{n % 10}")).status == 404
        assert (await browser.get(f"/a/{'A' * 21}{n % 10}")).status == 404
    assert (await browser.get(f"/a/{'B' * 22}")).status == 429
    known = await browser.get(await code(world, await seat_of()))
    assert known.status == 200, "a code that is somebody's is never refused for what a stranger guessed"


@pytest.mark.parametrize(
    "headers", [{"User-Agent": "TelegramBot (like TwitterBot)"}, {"Sec-Purpose": "prefetch"}]
)
async def test_a_machine_that_looks_first_is_no_scan(world, headers):
    page = await (await world.browser()).get(await code(world, await seat_of()), **headers)
    assert page.status == 200
    assert not await Arrival.exists()


async def notice_link(world) -> str:
    return "/n/" + notice_token((await Notice.get(task=await the_task())).number)


async def test_an_officer_who_opens_the_notice_at_the_door_registers_with_it(world):
    seat, link = await seat_of(), await notice_link(world)
    browser = await world.browser(Role.INSPECTOR, str(seat.inspector_id))
    page = await browser.get(link)
    assert "登记到场" in page.text
    assert page.form(f"{link}/arrived")["csrf"] == browser.csrf
    done = await browser.post(f"{link}/arrived")
    assert (done.status, done.response.headers["Location"]) == (303, link)
    assert (await Arrival.get(inspector_id=seat.inspector_id)).how == "notice"
    assert "您已登记到场" in (await browser.get(link)).text
    assert (await Notice.get(task=await the_task())).opened_at is None


async def test_the_notice_offers_that_to_nobody_else(world):
    link = await notice_link(world)
    strangers = await Inspector.exclude(
        code__in=[str(s.inspector_id) for s in await Assignment.all()]
    ).first()
    browser = await world.browser(Role.INSPECTOR, strangers.code)
    assert "登记到场" not in (await browser.get(link)).text
    assert (await browser.post(f"{link}/arrived")).status == 404
    assert "登记到场" not in (await (await world.browser()).get(link)).text
    assert (await (await world.browser()).post(f"{link}/arrived")).status == 403
    assert not await Arrival.exists()
