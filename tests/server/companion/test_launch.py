"""The companion opened inside Telegram: who it signs in, and whom and what it refuses (Art. 10; D52-D58)."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from models.procedure import enrolment
from models.rules.actor import Role
from models.tables import Account, Event, Session
from server.companion.launch_data import LaunchReader
from server.practice.initdata import public_key, sealed, signed
from tests.server.pages import Browser, Site, site
from tests.support import district as sample

TOKEN = "4242424242:practice-token-for-tests-only"
ANOTHER = "5353535353:practice-token-for-tests-only"
ZHANG = 1_000_001
OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json", "Accept-Language": "en"}
PUBLIC = "https://district.example"


@pytest.fixture
async def house(db: Any) -> AsyncIterator[Site]:
    await sample.found()
    async with site(public_url=PUBLIC, launch=LaunchReader(TOKEN, public_key(TOKEN))) as made:
        yield made


async def enrolled(
    house: Site, role: Role = Role.INSPECTOR, of: str = "INS-GA-1", who: int = ZHANG
) -> Account:
    """An account whose person's chat is bound."""
    account = await sample.account(role, of, house.clock())
    token = secrets.token_urlsafe(16)
    await enrolment.invite(account.id, token, by=sample.OFFICE, at=house.clock())
    await enrolment.open_link(token, who, at=house.clock())
    await enrolment.bind(who, who, account.phone, at=house.clock())
    return account


def launched(
    house: Site, who: int = ZHANG, *, late: timedelta = timedelta(), token: str = TOKEN, **more: str
) -> str:
    at = int((house.clock() + late).timestamp())
    return signed(token, {"id": who, "first_name": "张", "is_bot": False}, at, **more)


class Opened:
    """What the house answered, with the session it set, if any."""

    def __init__(self, status: int, body: Any, session: str) -> None:
        self.status, self.body, self.session = status, body, session

    @property
    def code(self) -> str:
        return str(self.body["error"].get("code", ""))


async def opens(browser: Browser, data: str, **headers: str) -> Opened:
    response = await browser.client.post(
        "/field/api/launch", data=json.dumps({"init_data": data}),
        headers=OURS | {"Content-Type": "application/json"} | headers,
    )  # fmt: skip
    cookie = response.cookies.get("__Host-ssj")
    return Opened(response.status, await response.json(), cookie.value if cookie else "")


async def me(browser: Browser, session: str) -> Any:
    response = await browser.client.get("/field/api/me", headers=OURS | {"Cookie": f"__Host-ssj={session}"})
    return (await response.json())["signed_in"]


async def test_who_opens_the_companion_from_the_chat_is_signed_in_as_the_officer_bound_to_it(house):
    account = await enrolled(house)
    browser = await house.browser()
    entered = await opens(browser, launched(house))
    assert entered.status == 200 and entered.session
    assert (await me(browser, entered.session))["id"] == "INS-GA-1"
    session = await Session.get()
    assert session.account_id == account.id and session.by_link
    assert await Event.filter(chain=f"account:{account.id}", kind="enrolment.signed_in").count() == 1


def altered(data: str, **fields: str) -> str:
    return urlencode(dict(parse_qsl(data)) | fields, quote_via=quote)


def without(data: str, *names: str) -> str:
    return urlencode([pair for pair in parse_qsl(data) if pair[0] not in names], quote_via=quote)


HASHLESS = "a" * 64
FORGERIES = {
    "nothing": lambda data, house: "",
    "no fields": lambda data, house: "%%%",
    "another person": lambda data, house: altered(data, user='{"id":1000002}'),
    "another time": lambda data, house: altered(data, auth_date="1"),
    "one field more": lambda data, house: altered(data, start_param="x"),
    "one field less": lambda data, house: without(data, "query_id"),
    "no hash": lambda data, house: without(data, "hash"),
    "another hash": lambda data, house: altered(data, hash=HASHLESS),
    "a hash of signs": lambda data, house: altered(data, hash="é"),
    "no signature": lambda data, house: without(data, "signature"),
    "another bot's": lambda data, house: launched(house, token=ANOTHER),
    "by who stole the token alone": lambda data, house: sealed(TOKEN, dict(parse_qsl(data)), ANOTHER),
    "no person": lambda data, house: sealed(TOKEN, {"auth_date": str(int(house.clock().timestamp()))}),
    "a person without a number": lambda data, house: sealed(TOKEN, dict(parse_qsl(data)) | {"user": '{"id":"x"}'}),
    "no time": lambda data, house: sealed(TOKEN, {"user": '{"id":1000001}'}),
    "no time that there is": lambda data, house: sealed(TOKEN, {"user": '{"id":1000001}', "auth_date": "9" * 30}),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_d52_what_this_bots_telegram_did_not_sign_is_refused_with_one_answer(house, forgery):
    await enrolled(house)
    data = launched(house, query_id="AAE")
    refused = await opens(await house.browser(), FORGERIES[forgery](data, house))
    assert (refused.status, refused.code, refused.session) == (401, "launch.forged", "")
    assert "open the companion again from the menu" in refused.body["error"]["text"]
    assert await Session.all().count() == 0


async def test_d52_where_there_is_no_bot_nothing_opens(db):
    await sample.found()
    async with site(public_url=PUBLIC) as made:
        refused = await opens(await made.browser(), launched(made))
        assert (refused.status, refused.code) == (401, "launch.forged")


@pytest.mark.parametrize("late", [timedelta(minutes=-61), timedelta(days=-400), timedelta(seconds=62)])
async def test_d53_what_is_an_hour_old_or_from_the_future_is_to_be_opened_again(house, late):
    await enrolled(house)
    house.clock.move(timedelta(days=800))
    refused = await opens(await house.browser(), launched(house, late=late))
    assert (refused.status, refused.code, refused.session) == (401, "launch.old", "")
    assert "open it again from the chat's menu" in refused.body["error"]["text"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"start_param": "a+b c%2B"},
        {"chat_type": "private", "chat_instance": "-8134722200314281151"},
        {"invented_in_2030": "🏨 é\n=&"},
        {"query_id": ""},
    ],
)
async def test_d54_fields_nobody_knows_signs_of_every_kind_and_no_query_id_are_taken(house, more):
    await enrolled(house)
    assert (await opens(await house.browser(), launched(house, **more))).status == 200


async def test_d54_a_plus_stands_for_a_space(house):
    await enrolled(house)
    data = launched(house, start_param="a b")
    assert "a%20b" in data
    assert (await opens(await house.browser(), data.replace("a%20b", "a+b"))).status == 200


@pytest.mark.parametrize("twice", ["hash", "user", "auth_date", "signature"])
async def test_d55_a_field_that_stands_there_twice_is_wrong_input(house, twice):
    await enrolled(house)
    data = launched(house)
    value = dict(parse_qsl(data))[twice]
    refused = await opens(await house.browser(), data + "&" + urlencode({twice: value}))
    assert (refused.status, refused.code) == (400, "request.twice")


@pytest.mark.parametrize("size", [8193, 64 * 1024, 65 * 1024])
async def test_d55_data_without_end_are_wrong_input(house, size):
    refused = await opens(await house.browser(), "a" * size)
    assert (refused.status, refused.code) == (400, "request.too_long")


async def test_d56_who_is_bound_to_nothing_hears_how_to_be_bound(house):
    refused = await opens(await house.browser(), launched(house))
    assert (refused.status, refused.code, refused.session) == (403, "launch.not_enrolled", "")
    assert "Ask the joint conference office for your link" in refused.body["error"]["text"]


async def test_d56_who_is_bound_as_a_head_hears_where_to_go(house):
    await enrolled(house, Role.HEAD, "GA")
    refused = await opens(await house.browser(), launched(house))
    assert (refused.status, refused.code, refused.session) == (403, "launch.no_officer", "")
    assert "/login" in refused.body["error"]["text"]


async def test_d57_the_same_launch_signs_in_once(house):
    await enrolled(house)
    data = launched(house)
    assert (await opens(await house.browser(), data)).status == 200
    again = await opens(await house.browser(), data)
    assert (again.status, again.code, again.session) == (401, "launch.used", "")
    assert await Session.all().count() == 1


async def test_d57_of_many_at_once_one_signs_in(house):
    await enrolled(house)
    data = launched(house)
    browsers = [await house.browser() for _ in range(4)]
    answers = await asyncio.gather(*(opens(browser, data) for browser in browsers))
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]


async def test_d57_a_revoked_binding_opens_nothing_and_one_made_anew_does_not_open_by_what_was_before(house):
    account = await enrolled(house)
    before = launched(house)
    await enrolment.unbind(account.id, by=sample.OFFICE, at=house.clock())
    assert (await opens(await house.browser(), before)).code == "launch.not_enrolled"
    house.clock.move(timedelta(minutes=5))
    await enrolled(house, who=ZHANG)
    assert (await opens(await house.browser(), before)).code == "launch.not_enrolled"
    assert (await opens(await house.browser(), launched(house))).status == 200


async def test_a_disabled_account_is_not_enrolled(house):
    account = await enrolled(house)
    await enrolment.disable(account.id, by=sample.OFFICE, at=house.clock())
    assert (await opens(await house.browser(), launched(house))).code == "launch.not_enrolled"


async def test_a_page_loaded_again_keeps_its_session_however_late(house):
    await enrolled(house)
    browser, data = await house.browser(), launched(house)
    entered = await opens(browser, data)
    house.clock.move(timedelta(hours=3))
    again = await opens(browser, data, Cookie=f"__Host-ssj={entered.session}")
    assert (again.status, again.session) == (200, "")
    assert await Session.all().count() == 1


async def test_another_person_of_the_same_telegram_app_ends_the_session_that_was_there(house):
    await enrolled(house)
    await enrolled(house, of="INS-WJ-1", who=1_000_002)
    browser = await house.browser()
    first = await opens(browser, launched(house))
    second = await opens(browser, launched(house, 1_000_002), Cookie=f"__Host-ssj={first.session}")
    assert (await me(browser, second.session))["id"] == "INS-WJ-1"
    assert await me(browser, first.session) is None


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Content-Type": "text/plain"}]
)
async def test_d58_what_another_page_sends_is_refused_however_true(house, headers):
    await enrolled(house)
    refused = await opens(await house.browser(), launched(house), **headers)
    assert (refused.status, refused.session) == (403, "")


async def test_guesses_are_counted_and_who_is_known_is_let_in_all_the_same(house):
    await enrolled(house)
    browser = await house.browser()
    answers = [(await opens(browser, "hash=" + "0" * 64)).status for _ in range(32)]
    assert answers[0] == 401 and answers[-1] == 429
    assert (await opens(browser, launched(house))).status == 200
