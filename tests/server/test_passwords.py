"""Passwords: strong enough, checked one after the other, changed by whoever knows the old one (Art. 7; ASVS 6)."""

import asyncio

import pytest

from models.procedure import enrolment, register_entry
from models.refusal import Refusal
from models.rules.actor import Role
from models.tables import Miss
from server.passwords import WAITING_OF_ONE, check
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import OFFICE

PASSWORD, OTHER = "mouse tangle rice 41", "green window seven boats"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


@pytest.mark.parametrize(
    "password",
    ["", "a", "short", "Admin1234567", "123456789012", "aaaaaaaaaaaa", "qwertyuiop12", "woaini1314520",
     "woaizhongguo", "lianxilianxi", "密码密码密码密码密码密码", "pingdingshan"],
)  # fmt: skip
def test_e16_a_password_that_is_short_or_easy_to_guess_is_refused(password):
    with pytest.raises(Refusal) as no:
        check(password, ("lianxi", "测试联席办"))
    assert no.value.code in ("enrolment.password_short", "enrolment.password_common")


def test_e16_a_long_password_of_any_signs_is_taken():
    for password in (PASSWORD, OTHER, "雨伞 楼梯 橘子 六月 铁路 湖水", "x7#kQ2!mZ9pL"):
        check(password, ("lianxi", "测试联席办"))
    with pytest.raises(Refusal, match="password_long"):
        check("x7#kQ2!mZ9pL" * 100)


async def test_e16_the_old_password_is_asked_for(world):
    host = await world.browser(Role.OFFICE, "测试联席办")
    assert (await host.post("/console/me", login="lianxi", password=PASSWORD)).status == 303
    for old in ("", "wrong"):
        page = await host.post("/console/me", login="lianxi", password=OTHER, old=old)
        assert (page.status, "原密码" in page.text) == (403, True)
    stranger = await world.browser()
    assert (await stranger.post("/login", login="lianxi", password=OTHER)).status == 403
    assert (await host.post("/console/me", login="lianxi", password=OTHER, old=PASSWORD)).status == 303
    assert (await stranger.post("/login", login="lianxi", password=OTHER)).status == 303


async def test_e16_whoever_forgot_it_comes_in_by_the_link_from_the_chat(world):
    account = await sample.account(Role.OFFICE, "测试联席办")
    await enrolment.set_password(account.id, "lianxi", "forgotten", by=OFFICE, at=world.clock())
    me = enrolment.actor_of(account)
    await enrolment.invite(account.id, "t" * 22, by=me, at=world.clock(), purpose="login")
    browser = await world.browser()
    entered = await browser.post("/login/" + "t" * 22, follow=True)
    browser.csrf = entered.reader.forms[0]["csrf"]
    assert (await browser.post("/console/me", login="lianxi", password=OTHER)).status == 303


async def test_e16_a_taken_name_is_said_in_words(world):
    host, head = await world.browser(Role.OFFICE, "测试联席办"), await world.browser(Role.HEAD, "GA")
    assert (await host.post("/console/me", login="lianxi", password=PASSWORD)).status == 303
    page = await head.post("/console/me", login="lianxi", password=OTHER)
    assert (page.status, "lianxi" in page.text and "已有人使用" in page.text) == (409, True)


async def test_e13_of_a_hundred_and_fifty_wrong_passwords_at_once_few_are_hashed(world):
    host = await world.browser(Role.OFFICE, "测试联席办")
    await host.post("/console/me", login="lianxi", password=PASSWORD)
    stranger = await world.browser()
    pages = await asyncio.gather(
        *(stranger.post("/login", login="lianxi", password=f"wrong {n}") for n in range(150))
    )
    statuses = [page.status for page in pages]
    assert set(statuses) <= {403, 429, 503}
    turned_away = next(page.text for page in pages if page.status == 503)
    assert "太多" in turned_away and "数据库" not in turned_away
    assert statuses.count(403) <= WAITING_OF_ONE
    assert await Miss.filter(guesser__startswith="name:").count() == statuses.count(403)


async def test_e9_the_console_says_that_somebody_else_opened_the_session(world):
    host = await world.browser(Role.OFFICE, "测试联席办")
    asked = {"role": "inspector", "of": "INS-GA-1"}
    assert (await host.post("/console/people/link", **asked)).status == 409
    page = await host.post("/console/people/link", **asked, reason="没有聊天工具")
    token = page.html.replace("<wbr>", "").split("/login/")[1][:22]
    entered = await (await world.browser()).post(f"/login/{token}", follow=True)
    assert "由他人开通的登录" in entered.text


async def test_e9_an_officer_who_has_left_is_told_so_at_every_door_and_another_may_sign_in(world):
    officer = await world.browser(Role.INSPECTOR, "INS-GA-1")
    assert (await officer.post("/console/me", login="zhang", password=PASSWORD)).status == 303
    await register_entry.take_out("inspectors", "INS-GA-1", "已退休", by=OFFICE, at=world.clock())
    for answer in (
        await officer.get("/console/"),
        await officer.get("/console/tasks"),
        await officer.post("/console/me", login="zhang", password=OTHER, old=PASSWORD),
        await (await world.browser()).post("/login", login="zhang", password=PASSWORD),
    ):
        assert (answer.status, "已离岗" in answer.text) == (409, True)
    office = await world.browser(Role.OFFICE, "测试联席办")
    refused = await office.post("/console/people/invite", role="inspector", of="INS-GA-1")
    assert (refused.status, "已离岗" in refused.text) == (409, True)
    assert (await officer.get("/login")).status == 200
