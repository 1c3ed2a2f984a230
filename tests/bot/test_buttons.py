"""The table of buttons: old cards keep working, each button has one handler, what travels comes back as it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import application
from bot.buttons import HANDLERS, Act, Rule, pressed
from bot.callbacks import decode, encode, payload_of
from bot.turn import Turn
from models.rules import tokens
from models.rules.actor import Role
from models.tables import Task
from tests.bot.chat import Chat
from tests.bot.test_stale_buttons import elsewhere
from tests.support import district

SECRET, PERSON = b"s" * 32, 9_999_999_999
SENT = [line.split() for line in (Path(__file__).parent / "sent_buttons.txt").read_text("utf-8").splitlines()]
"""Buttons as they were sent once: they stand in chats. Lines are added, never changed."""


def sealed(payload: str) -> str:
    return f"{payload}|{tokens.button(SECRET, PERSON, payload)}"


@pytest.mark.parametrize(("name", "payload"), [(name, one) for name, *payloads in SENT for one in payloads])
def test_a_button_that_was_sent_once_is_still_read(name: str, payload: str) -> None:
    found = decode(SECRET, PERSON, sealed(payload))
    assert found is not None
    act, args = found
    assert act == Act[name]
    assert payload_of(act, *args) == payload, "and a card that offers it again offers the very same bytes"


def test_every_button_is_among_those_that_must_stay_readable() -> None:
    assert [name for name, *_ in SENT] and {name for name, *_ in SENT} == {act.name for act in Act}
    assert len({act.value for act in Act}) == len(Act.__members__), "one code, one button"


def test_every_button_has_a_handler_once_the_chat_is_put_together() -> None:
    assert application.HANDLERS.keys() == set(Act)


def test_a_second_handler_and_one_that_takes_something_else_are_not_let_in() -> None:
    async def other(turn: Turn, task: int) -> None:
        raise AssertionError

    async def wordy(turn: Turn, task: str) -> None:
        raise AssertionError

    with pytest.raises(TypeError, match="two handlers of OPEN"):
        pressed(Act.OPEN)(other)
    kept = HANDLERS.pop(Act.OPEN)
    try:
        with pytest.raises(TypeError, match="OPEN carries"):
            pressed(Act.OPEN)(wordy)
    finally:
        HANDLERS[Act.OPEN] = kept


def test_what_would_not_come_back_as_it_went_is_not_sent() -> None:
    for args in ((), ("task",), (1, 2, 3)):
        with pytest.raises(ValueError):
            encode(SECRET, PERSON, Act.OPEN, *args)
    with pytest.raises(ValueError):
        encode(SECRET, PERSON, Act.APPROVAL, 1, 7)
    assert encode(SECRET, PERSON, Act.APPROVAL, 1, True) == encode(SECRET, PERSON, Act.APPROVAL, 1, 1)


def test_a_rule_about_old_cards_is_one_of_three_and_a_plain_press_is_one_trip() -> None:
    stale = (Rule.SHOWS, Rule.DECIDES, Rule.NAMELESS)
    for act in Act:
        assert sum(one in act.rules for one in stale) <= 1, act.name
        assert Rule.PLAIN_SQL not in act.rules or Rule.ONE_TRIP in act.rules, act.name


def test_only_the_number_of_a_task_is_taken_for_one() -> None:
    assert Act.OPEN.task((7,)) == 7
    assert Act.PHONE.task((0,)) is None, "the list of the companion"
    for act, args in ((Act.REPLACE_WHO, (7,)), (Act.NOTICE, (7,)), (Act.STAFF, ()), (Act.CAN_ALL, ("a",))):
        assert act.task(args) is None, act.name


async def test_d17_our_own_button_that_is_no_longer_known_leads_to_what_there_is(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    for payload in ("zz:1", f"o:{task.id}:1", "v"):
        seal = tokens.button(site.services.district.secret, officer.id, payload)
        said = await officer.answer(await officer.forge(f"{payload}|{seal}"))
        await site.idle()
        assert "卡片已过期" in said.text, payload
        assert "我的任务" in officer.last().text
    assert site.errors == []


async def test_d17_a_head_is_shown_what_waits_in_place_of_a_card_that_has_been_overtaken(
    site: Chat, task: Task
) -> None:
    head = await site.phone(await district.account(Role.HEAD, "GA"))
    old = await elsewhere(site, head)
    data = encode(site.services.district.secret, head.id, Act.RECUSAL, 1, True)
    said = await head.answer(await head.forge(data, old))
    await site.idle()
    assert "卡片已过期，已为您刷新" in said.text
    assert head.last().id > old and "打开工作台" in head.last().buttons
