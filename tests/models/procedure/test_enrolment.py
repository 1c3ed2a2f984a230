"""绑定: one link, one person, their own number; who guesses is locked out, who leaves loses everything (Art. 10)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from models.procedure import enrolment
from models.procedure.login_lockout import LOCKED
from models.queries.person import AccountHolder, person
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Role
from models.tables import Account, Binding, Event, Inspector, Invitation, Outbox, Session
from server.console.login import guessers
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE

AT = CEREMONY
ZHANG, LI = 1_000_001, 1_000_002
MOBILE = "13800000001"
LINK = "A" * 22


async def account(name="张检查", phone=MOBILE):
    return await Account.create(role=Role.INSPECTOR, name=name, department="GA", phone=phone, created_at=AT)


async def invited(token=LINK, purpose="bind", **who):
    made = await account(**who)
    await enrolment.invite(made.id, token, by=OFFICE, at=AT, purpose=purpose, reason="示例")
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


async def test_an_account_that_many_ask_for_at_the_same_moment_is_opened_once(any_db):
    await sample.found()
    asked = (enrolment.account_of_inspector("INS-GA-1", AT) for _ in range(8))
    assert len({one.id for one in await asyncio.gather(*asked)}) == 1
    assert await Account.filter(inspector_id="INS-GA-1").count() == 1


async def test_of_two_who_open_a_link_at_the_same_moment_one_has_it(db):
    await invited()
    tried = await asyncio.gather(opened(), opened(who=LI), return_exceptions=True)
    assert sum(isinstance(one, AccountHolder) for one in tried) == 1


async def test_d59_every_link_that_is_not_good_gets_the_same_answer(db):
    used, disabled = await invited(), await invited("B" * 22, name="李检查")
    await opened()
    await bind()
    await enrolment.disable(disabled.id, by=OFFICE, at=AT)
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
    """Guessers are locked out by their address; a link that is good is not refused for what others guessed there."""
    made = await invited(purpose="login")
    for _ in range(5):
        assert await refused(enrolment.redeem("wrong", "ip:192.0.2.1", at=AT)) == "enrolment.link"
    assert await refused(enrolment.redeem("wrong", "ip:192.0.2.1", at=AT)) == "enrolment.locked"
    assert (await enrolment.redeem(LINK, "ip:192.0.2.1", at=AT)).account.id == made.id
    assert await refused(enrolment.redeem(LINK, "ip:192.0.2.1", at=AT)) == "enrolment.locked"
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
    await enrolment.invite(made.id, "B" * 22, by=OFFICE, at=AT)
    await opened("B" * 22, who=LI)
    assert await refused(bind(who=LI, contact=LI)) == "enrolment.bound_already"
    assert (await Binding.get(account=made)).telegram_id == ZHANG


async def test_of_two_who_bind_at_the_same_moment_one_is_bound(any_db):
    made = await invited()
    await enrolment.invite(made.id, "B" * 22, by=OFFICE, at=AT)
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
    await enrolment.sign_in(made.id, "session", "csrf", at=AT)
    for purpose, token in (("bind", "B" * 22), ("login", "C" * 22)):
        await enrolment.invite(made.id, token, by=OFFICE, at=AT, purpose=purpose, reason="示例")
    await enrolment.disable(made.id, by=OFFICE, at=AT)
    assert (await person(ZHANG)).actors == ()
    assert await Session.filter(ended_at=None).count() == 0
    assert await refused(opened("B" * 22)) == "enrolment.link"
    assert await refused(enrolment.redeem("C" * 22, "ip:192.0.2.1", at=AT)) == "enrolment.link"
    gone = await Account.get(id=made.id)
    assert await refused(enrolment.sign_in(gone.id, "again", "csrf", at=AT)) == "enrolment.disabled"


async def test_d31_a_link_opened_before_is_worth_nothing_after(db):
    made = await invited()
    await opened()
    await enrolment.disable(made.id, by=OFFICE, at=AT)
    assert await refused(bind()) == "enrolment.no_link"


async def test_a_lost_phone_is_cut_off_and_a_new_link_binds_the_next(any_db):
    made = await invited()
    await opened()
    await bind()
    await enrolment.invite(made.id, "C" * 22, by=OFFICE, at=AT, purpose="login", reason="示例")
    await enrolment.unbind(made.id, by=OFFICE, at=AT)
    assert (await person(ZHANG)).actors == ()
    assert await refused(enrolment.redeem("C" * 22, "ip:192.0.2.1", at=AT)) == "enrolment.link"
    await enrolment.invite(made.id, "B" * 22, by=OFFICE, at=AT)
    await opened("B" * 22, who=LI)
    await bind(who=LI, contact=LI)
    assert [one.account for one in (await person(LI)).actors] == [made.id]


async def test_e9_a_sign_in_for_somebody_else_needs_a_reason_and_is_told_at_once(db):
    made = await account()
    assert (
        await refused(enrolment.invite(made.id, LINK, by=OFFICE, at=AT, purpose="login"))
    ) == "enrolment.no_reason"
    assert (
        await refused(enrolment.invite(made.id, LINK, by=OFFICE, at=AT, purpose="login", reason=" \u200b"))
    ) == ("enrolment.no_reason")
    assert not await Invitation.exists()
    await enrolment.invite(made.id, LINK, by=OFFICE, at=AT, purpose="login", reason="没有聊天工具")
    told = await Outbox.get(account=made, kind="enrolment.stand_in")
    assert (told.payload["who"], told.payload["reason"]) == (OFFICE.name, "没有聊天工具")
    entry = await Event.get(chain=f"account:{made.id}", kind="enrolment.login")
    assert (entry.by, entry.data["reason"]) == (OFFICE.mark, "没有聊天工具")


async def test_e9_each_act_in_such_a_session_names_who_opened_it(db):
    made = await account()
    await enrolment.invite(made.id, LINK, by=OFFICE, at=AT, purpose="login", reason="示例")
    signed_in = await enrolment.redeem(LINK, "ip:192.0.2.1", at=AT)
    assert signed_in.through == OFFICE.mark
    await enrolment.sign_in(made.id, "session", "csrf", at=AT, by_link=True, through=signed_in.through)
    assert (await Session.get()).through == OFFICE.mark
    entry = await Event.get(kind="enrolment.signed_in")
    assert (entry.by, entry.data["through"]) == (enrolment.actor_of(made).mark, OFFICE.mark)
    assert await Outbox.exists(account=made, kind="enrolment.stood_in")


async def test_e9_the_own_link_from_the_chat_is_nobody_elses(db):
    made = await account()
    await enrolment.invite(made.id, LINK, by=enrolment.actor_of(made), at=AT, purpose="login")
    signed_in = await enrolment.redeem(LINK, "ip:192.0.2.1", at=AT)
    assert (signed_in.by_link, signed_in.through) == (True, "")
    assert not await Outbox.exists()


async def test_e9_a_password_set_in_such_a_session_goes_on_naming_who_opened_it(db):
    made = await account()
    me = enrolment.actor_of(made)
    await enrolment.set_password(made.id, "zhang", "hash", by=replace(me, through=OFFICE.mark), at=AT)
    assert (await Account.get(id=made.id)).password_through == OFFICE.mark
    await enrolment.set_password(made.id, "zhang", "other", by=me, at=AT)
    assert (await Account.get(id=made.id)).password_through == ""


@pytest.mark.parametrize("role", [Role.HEAD, Role.INSPECTOR, Role.OFFICE])
async def test_e9_a_chat_is_bound_by_the_registered_number_only(db, role):
    made = await Account.create(role=role, name="李负责", department="GA", created_at=AT)
    assert await refused(enrolment.invite(made.id, LINK, by=OFFICE, at=AT)) == "enrolment.no_number"
    await Invitation.create(
        token_sha256=tokens.hashed(LINK), purpose="bind", account=made, made_by="office:1", made_at=AT,
        expires_at=AT + timedelta(hours=1),
    )  # fmt: skip
    await opened()
    assert await refused(bind()) == "enrolment.no_number"
    assert not await Binding.exists()


async def test_e9_a_number_that_changes_ends_the_chat_that_proved_the_other(db):
    made = await Account.create(role=Role.HEAD, name="李负责", department="GA", created_at=AT)
    assert await refused(enrolment.set_number(made.id, "12345", by=OFFICE, at=AT)) == "enrolment.bad_number"
    await enrolment.set_number(made.id, MOBILE, by=OFFICE, at=AT)
    await enrolment.invite(made.id, LINK, by=OFFICE, at=AT)
    await opened()
    await bind()
    await enrolment.set_number(made.id, f"+86 {MOBILE}", by=OFFICE, at=AT)  # the same, written otherwise
    assert await Binding.exists(account=made, ended_at=None)
    await enrolment.set_number(made.id, "13800000009", by=OFFICE, at=AT)
    assert not await Binding.exists(account=made, ended_at=None)


async def test_e9_an_officers_number_is_the_registers_as_it_stands_now(db):
    await sample.found()
    made = await sample.account(Role.INSPECTOR, "INS-GA-1")
    await Inspector.filter(code="INS-GA-1").update(phone="13700000001")
    await enrolment.invite(made.id, LINK, by=OFFICE, at=AT)
    await opened()
    assert await refused(bind(number=made.phone)) == "enrolment.other_number"
    assert (await bind(number="13700000001")).id == made.id


async def test_e16_a_taken_login_name_is_refused_and_changes_nothing(db):
    first, second = await account("甲"), await account("乙")
    await enrolment.set_password(first.id, "lianxi", "hash", by=enrolment.actor_of(first), at=AT)
    assert (
        await refused(
            enrolment.set_password(second.id, "lianxi", "hash", by=enrolment.actor_of(second), at=AT)
        )
        == "enrolment.login_taken"
    )
    assert (await Account.get(id=second.id)).login is None


async def test_e16_a_changed_password_ends_every_other_session(db):
    made = await account()
    for token in ("one", "two", "mine"):
        await enrolment.sign_in(made.id, token, "csrf", at=AT)
    await enrolment.set_password(made.id, "zhang", "hash", by=enrolment.actor_of(made), at=AT, session="mine")
    open_ones = await Session.filter(ended_at=None)
    assert [one.token_sha256 for one in open_ones] == [tokens.hashed("mine")]


async def test_e13_one_name_from_many_addresses_is_locked_by_the_name(db):
    for n in range(40):
        tried_by = guessers("lianxi", f"192.0.2.{n % 10}")
        try:
            for guesser in tried_by:
                await enrolment.refuse_if_locked(guesser, at=AT)
        except Refusal:
            break
        for guesser in tried_by:
            await enrolment.record_failure(guesser, at=AT)
    assert n == 15
    assert (
        await refused(enrolment.refuse_if_locked(guessers("lianxi", "203.0.113.1")[1], at=AT))
        == "enrolment.locked"
    )
    for guesser in guessers("another", "203.0.113.1"):
        await enrolment.refuse_if_locked(guesser, at=AT)


async def test_a_head_without_a_name_of_their_own_is_called_by_the_department_and_not_by_its_code(db) -> None:
    await sample.found()
    for opened in (enrolment.account_of_head, enrolment.account_of_liaison):
        assert (await opened("GA", CEREMONY)).name == "公安"
