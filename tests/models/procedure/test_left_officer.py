"""Whoever has left by the register (离岗) is neither invited nor bound, and signs in no more (Art. 10)."""

from datetime import timedelta

import pytest

from models import store
from models.procedure import calendar_feed, enrolment, on_behalf, recipients, register_entry
from models.queries import calendar_feed as feeds
from models.queries.left_out import untold
from models.queries.person import actor_of, has_left, person
from models.queries.sessions import signed_in
from models.rules.actor import Role
from models.rules.left_out import LeftOutReason, Missing, Whose
from models.tables import Account, Binding, Event, Inspector, Outbox, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.onsite import refused

CHAT, MOBILE, LINK, LOGIN, FEED = 700_001, "13800000001", "L" * 22, "S" * 43, "C" * 32
CODE = "INS-GA-1"
LATER = CEREMONY + timedelta(minutes=1)


@pytest.fixture
async def officer(any_db) -> Account:
    await sample.found()
    made = await sample.account(Role.INSPECTOR, CODE)
    await Inspector.filter(code=CODE).update(phone=MOBILE)
    return made


async def leaves() -> None:
    await register_entry.take_out("inspectors", CODE, "已退休", by=OFFICE, at=LATER)


async def test_e9_who_was_taken_out_of_the_register_is_not_invited(officer):
    await leaves()
    assert await has_left(officer)
    for purpose in ("bind", "login"):
        asked = enrolment.invite(officer.id, LINK, by=OFFICE, at=LATER, purpose=purpose, reason="不用手机")
        assert await refused(asked) == "officer.left"


async def test_e9_a_link_given_before_binds_nobody_who_has_left(officer):
    await enrolment.invite(officer.id, LINK, by=OFFICE, at=CEREMONY)
    await enrolment.invite(officer.id, "M" * 22, by=OFFICE, at=CEREMONY)
    await enrolment.open_link(LINK, CHAT, at=CEREMONY)
    await leaves()
    assert await refused(enrolment.bind(CHAT, CHAT, MOBILE, at=LATER)) == "officer.left"
    assert await refused(enrolment.open_link("M" * 22, CHAT + 1, at=LATER)) == "officer.left"
    assert not await Binding.exists(account_id=officer.id, telegram_id=CHAT)


async def test_e9_chat_session_and_calendar_end_the_same_minute_and_come_back_with_the_officer(officer):
    await enrolment.invite(officer.id, LINK, by=OFFICE, at=CEREMONY)
    await enrolment.unbind(officer.id, by=OFFICE, at=CEREMONY)
    await enrolment.invite(officer.id, "M" * 22, by=OFFICE, at=CEREMONY)
    await enrolment.open_link("M" * 22, CHAT, at=CEREMONY)
    await enrolment.bind(CHAT, CHAT, MOBILE, at=CEREMONY)
    await enrolment.sign_in(officer.id, LOGIN, "csrf", at=CEREMONY)
    await calendar_feed.reset(officer.id, FEED, by=actor_of(officer), at=CEREMONY)
    await leaves()
    there = await person(CHAT)
    assert (there.actors, there.left) == ((), officer.name)
    session = await signed_in(LOGIN, at=LATER)
    assert session is not None and session.left
    assert await feeds.owner_of(FEED) is None
    assert await refused(enrolment.sign_in(officer.id, "T" * 43, "csrf", at=LATER)) == "officer.left"
    await register_entry.edit("inspectors", CODE, {"人员状态": "在岗"}, by=OFFICE, at=LATER)
    assert [actor.id for actor in (await person(CHAT)).actors] == [CODE]
    session = await signed_in(LOGIN, at=LATER)
    assert session is not None and not session.left


async def test_e9_news_of_the_team_pass_by_who_has_left_and_the_trail_and_the_desk_say_so(any_db):
    await sample.found()
    await sample.drawn()
    task = await Task.first()
    seat = (await sample.team_of(task))["XF"][-1]
    gone = await sample.account(Role.INSPECTOR, seat.id)
    await register_entry.take_out("inspectors", seat.id, "已退休", by=OFFICE, at=LATER)
    chosen = await recipients.team(task)
    missing = Missing(Whose.INSPECTOR, seat.id, LeftOutReason.LEFT)
    assert gone.id not in chosen.accounts and missing in chosen.missing
    assert (await recipients.person(gone.id)).missing == (missing,)
    async with store.transaction():
        await recipients.tell(
            chosen, "reminder", key="k", at=LATER, chain=f"task:{task.number}", task=task.number
        )
    assert not await Outbox.exists(account_id=gone.id, kind="reminder")
    trail = await Event.filter(chain=f"task:{task.number}", kind="told.left_out").order_by("-id").first()
    assert missing.mark in trail.data["left"]
    desk = {(line.whose, line.of): line for line in await untold()}
    assert desk[missing.whose, missing.of].why == LeftOutReason.LEFT


async def test_e9_nobody_acts_in_the_name_of_who_has_left(officer):
    await leaves()

    async def deed(actor: object) -> None:
        raise AssertionError("done in the name of somebody who has left")

    stood = on_behalf.stand_in(officer.id, "accept", "t", "本人请办", deed, by=OFFICE, at=LATER)
    assert await refused(stood) == "officer.left"
