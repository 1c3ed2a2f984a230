"""绑定: one link, one person, their own number; who guesses is locked out, who leaves loses everything (Art. 10)."""

import asyncio
from datetime import timedelta

import pytest

from models.procedure import enrolment
from models.procedure.guessing import LOCKED
from models.queries.person import person
from models.refusal import Refusal
from models.rules.actor import Role
from models.tables import Account, Binding, Event, Invitation, Outbox, Session
from tests.district import CEREMONY, OFFICE

AT = CEREMONY
ZHANG, LI = 1_000_001, 1_000_002
MOBILE = "13800000001"
LINK = "A" * 22


async def account(name="张检查", phone=MOBILE):
    return await Account.create(role=Role.INSPECTOR, name=name, department="GA", phone=phone, created_at=AT)


async def invited(token=LINK, purpose="bind", **who):
    made = await account(**who)
    await enrolment.invite(made, token, by=OFFICE, at=AT, purpose=purpose)
    return made


async def bind(who=ZHANG, contact=ZHANG, number=MOBILE, at=AT, key=None):
    return await enrolment.bind(who, contact, number, at=at, key=key)


async def opened(token=LINK, who=ZHANG, at=AT):
    return await enrolment.open_link(token, who, at=at)


async def refused(doing):
    with pytest.raises(Refusal) as no:
        await doing
    return no.value.code


async def test_a_link_and_the_own_contact_make_a_person_of_the_register(any_db):
    made = await invited()
    assert (await opened()).id == made.id
    assert (await bind()).id == made.id
    assert [one.account for one in (await person(ZHANG)).actors] == [made.id]
    assert await Event.exists(chain=f"account:{made.id}", kind="enrolment.bound")


async def test_the_token_itself_is_not_kept(db):
    await invited()
    kept = await Invitation.all().values()
    assert LINK not in str(kept)


async def test_d75_a_link_works_once(any_db):
    made = await invited()
    await opened()
    await bind()
    assert await refused(opened()) == "enrolment.link"
    assert await refused(opened(who=LI)) == "enrolment.link"
    assert await refused(bind()) == "enrolment.no_link"
    assert await Binding.filter(account=made).count() == 1


async def test_d75_a_link_works_for_a_day(db):
    await invited()
    assert await refused(opened(at=AT + timedelta(hours=24))) == "enrolment.link"
    await opened(at=AT + timedelta(hours=23, minutes=59))
    assert await refused(bind(at=AT + timedelta(hours=24))) == "enrolment.no_link"
    assert await refused(bind(at=AT + timedelta(hours=23), number="13800000009")) == "enrolment.other_number"
    await bind(at=AT + timedelta(hours=23, minutes=59))


async def test_a_link_that_somebody_opened_is_nobody_elses(any_db):
    await invited()
    await opened()
    assert await refused(opened(who=LI)) == "enrolment.link"
    await opened()
    assert await refused(bind(who=LI, contact=LI)) == "enrolment.no_link"


async def test_of_two_who_open_a_link_at_the_same_moment_one_has_it(db):
    await invited()
    tried = await asyncio.gather(opened(), opened(who=LI), return_exceptions=True)
    assert sum(isinstance(one, Account) for one in tried) == 1


async def test_d59_every_link_that_is_not_good_gets_the_same_answer(db):
    used, disabled = await invited(), await invited("B" * 22, name="李检查")
    await opened()
    await bind()
    await enrolment.disable(disabled, by=OFFICE, at=AT)
    await invited("C" * 22, name="王检查", purpose="login")
    for token in (LINK, "B" * 22, "C" * 22, "D" * 22, "", "'; DROP TABLE account; --", "锁" * 60):
        try:
            await opened(token, who=hash(token) % 1000)
        except Refusal as no:
            assert (no.code, no.params) == ("enrolment.link", {})
        else:
            raise AssertionError(token)
    assert used.disabled_at is None


async def test_d59_d75_five_misses_lock_the_guesser_for_fifteen_minutes_and_tell_the_office(any_db):
    office = await enrolment.account_of_office("测试联席办", AT)
    await invited()
    for minute in (0, 3, 6, 9, 12):
        assert await refused(opened("wrong", at=AT + timedelta(minutes=minute))) == "enrolment.link"
    told = await Outbox.filter(kind="enrolment.guessing")
    assert [row.account_id for row in told] == [office.id]
    fifth = AT + timedelta(minutes=12)
    for later in (timedelta(seconds=1), LOCKED - timedelta(seconds=1)):
        assert await refused(opened(at=fifth + later)) == "enrolment.locked"
        assert await refused(bind(at=fifth + later)) == "enrolment.locked"
    await opened(who=LI, at=fifth + timedelta(seconds=1))
    assert await refused(opened(at=fifth + LOCKED)) == "enrolment.link"
    assert await Outbox.filter(kind="enrolment.guessing").count() == 1


async def test_misses_far_apart_lock_nobody(db):
    for hour in range(12):
        assert await refused(opened("wrong", at=AT + timedelta(minutes=5 * hour))) == "enrolment.link"


async def test_the_office_is_told_each_time_somebody_is_locked_out(db):
    await enrolment.account_of_office("测试联席办", AT)
    for start in (AT, AT + timedelta(hours=2)):
        for second in range(5):
            await refused(opened("wrong", at=start + timedelta(seconds=second)))
    assert await Outbox.filter(kind="enrolment.guessing").count() == 2


async def test_login_links_are_guessed_no_better(db):
    made = await invited(purpose="login")
    for _ in range(5):
        assert await refused(enrolment.redeem("wrong", "ip:192.0.2.1", at=AT)) == "enrolment.link"
    assert await refused(enrolment.redeem(LINK, "ip:192.0.2.1", at=AT)) == "enrolment.locked"
    assert (await enrolment.redeem(LINK, "ip:192.0.2.2", at=AT)).id == made.id
    assert await refused(enrolment.redeem(LINK, "ip:192.0.2.2", at=AT)) == "enrolment.link"


async def test_a_login_link_works_for_ten_minutes(db):
    await invited(purpose="login")
    late = AT + timedelta(minutes=10)
    assert await refused(enrolment.redeem(LINK, "ip:192.0.2.1", at=late)) == "enrolment.link"


@pytest.mark.parametrize("contact", [LI, None], ids=["of somebody else", "passed on"])
async def test_d73_a_contact_that_is_not_ones_own_is_refused(any_db, contact):
    await invited()
    await opened()
    assert await refused(bind(contact=contact)) == "enrolment.foreign_contact"
    assert not await Binding.exists()
    await bind()


@pytest.mark.parametrize(
    ("register", "shared"),
    [
        ("13800000001", "+8613800000001"),
        ("13800000001", "8613800000001"),
        ("+86 138 0000 0001", "008613800000001"),
        ("138-0000-0001", "+86 138-0000-0001"),
        ("１３８００００００01", "+86 13800000001"),
        ("0375-2220001", "+863752220001"),
        ("(0375) 222 0001", "+86 375 2220001"),
        ("010-62220001", "+861062220001"),
    ],
)
async def test_d74_one_number_in_all_its_forms_is_one_number(db, register, shared):
    await invited(phone=register)
    await opened()
    await bind(number=shared)


@pytest.mark.parametrize(
    "shared",
    ["13800000002", "+1 3800000001", "13800000001234567", "1380000001", "", "+8601380000000", "138000000010"],
)
async def test_d74_any_other_number_is_for_a_person_to_decide(db, shared):
    await invited()
    await opened()
    assert await refused(bind(number=shared)) == "enrolment.other_number"
    assert not await Binding.exists()


async def test_d32_another_telegram_account_with_the_same_number_does_not_take_over(any_db):
    made = await invited()
    await opened()
    await bind()
    await enrolment.invite(made, "B" * 22, by=OFFICE, at=AT)
    await opened("B" * 22, who=LI)
    assert await refused(bind(who=LI, contact=LI)) == "enrolment.bound_already"
    assert (await Binding.get(account=made)).telegram_id == ZHANG


async def test_of_two_who_bind_at_the_same_moment_one_is_bound(any_db):
    made = await invited()
    await enrolment.invite(made, "B" * 22, by=OFFICE, at=AT)
    await opened()
    await opened("B" * 22, who=LI)
    await asyncio.gather(bind(), bind(who=LI, contact=LI), return_exceptions=True)
    assert await Binding.filter(account=made, ended_at=None).count() == 1


async def test_an_update_that_comes_again_binds_nothing_more(any_db):
    first, second = await invited(), await invited("B" * 22, name="张检查(负责人)")
    await opened()
    await opened("B" * 22)
    assert (await bind(key="u1")).id == second.id
    assert (await bind(key="u1")).id == second.id
    assert await Binding.all().count() == 1
    assert (await bind(key="u2")).id == first.id


async def test_d31_whoever_is_disabled_loses_chat_console_and_links_at_once(any_db):
    made = await invited()
    await opened()
    await bind()
    await enrolment.sign_in(made, "session", "csrf", at=AT)
    for purpose, token in (("bind", "B" * 22), ("login", "C" * 22)):
        await enrolment.invite(made, token, by=OFFICE, at=AT, purpose=purpose)
    await enrolment.disable(made, by=OFFICE, at=AT)
    assert (await person(ZHANG)).actors == ()
    assert await Session.filter(ended_at=None).count() == 0
    assert await refused(opened("B" * 22)) == "enrolment.link"
    assert await refused(enrolment.redeem("C" * 22, "ip:192.0.2.1", at=AT)) == "enrolment.link"
    gone = await Account.get(id=made.id)
    assert await refused(enrolment.sign_in(gone, "again", "csrf", at=AT)) == "enrolment.disabled"


async def test_d31_a_link_opened_before_is_worth_nothing_after(db):
    made = await invited()
    await opened()
    await enrolment.disable(made, by=OFFICE, at=AT)
    assert await refused(bind()) == "enrolment.no_link"


async def test_a_lost_phone_is_cut_off_and_a_new_link_binds_the_next(any_db):
    made = await invited()
    await opened()
    await bind()
    await enrolment.invite(made, "C" * 22, by=OFFICE, at=AT, purpose="login")
    await enrolment.unbind(made, by=OFFICE, at=AT)
    assert (await person(ZHANG)).actors == ()
    assert await refused(enrolment.redeem("C" * 22, "ip:192.0.2.1", at=AT)) == "enrolment.link"
    await enrolment.invite(made, "B" * 22, by=OFFICE, at=AT)
    await opened("B" * 22, who=LI)
    await bind(who=LI, contact=LI)
    assert [one.account for one in (await person(LI)).actors] == [made.id]
