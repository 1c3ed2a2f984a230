"""季度核对: each officer once a quarter, the answer to the own liaison, silence too (Art. 7, 10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.procedure import register_enquiry, register_entry, reminder
from models.queries.other_terms import of_the_day
from models.queries.register_enquiry import standing, waiting
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.register_enquiry import asked_on
from models.rules.visit import instant, local_day
from models.tables import Account, Event, Inspector, Outbox, RegisterEnquiry, TermReminder
from tests.models.procedure.test_reminder import on
from tests.support import district as sample

PLACE = sample.district()
FIRST = asked_on(date(2026, 7, 1), PLACE.calendar)
LAST = PLACE.calendar.nth_workday_after(FIRST, 10).date
OFFICE = sample.OFFICE


@pytest.fixture
async def asked(db) -> list[RegisterEnquiry]:
    """Three officers with an account, asked on the quarter's first working day."""
    await sample.found()
    codes = (
        await Inspector.filter(expert=False, department="GA")
        .order_by("code")
        .limit(3)
        .values_list("code", flat=True)
    )
    for code in codes:
        await sample.account(Role.INSPECTOR, str(code))
    await register_enquiry.sweep(at=on(FIRST), district=PLACE)
    return (
        await RegisterEnquiry.filter(inspector_id__in=list(codes)).order_by("id").select_related("inspector")
    )


async def actor(row: RegisterEnquiry) -> Actor:
    account = await Account.get(inspector_id=row.inspector_id)
    return Actor(Role.INSPECTOR, row.inspector_id, account.name, account.department, account.id)


async def answered(row: RegisterEnquiry, wrong: str = "", day: date = FIRST):
    return await register_enquiry.answer(row.id, wrong, by=await actor(row), at=on(day, 11))


async def test_each_officer_with_an_account_is_asked_once_a_quarter_in_a_message_of_its_own(asked):
    for day in range(0, 30):
        await register_enquiry.sweep(at=on(FIRST + timedelta(day), 15), district=PLACE)
    owed = await Outbox.filter(kind="register.asked")
    accounts = Account.filter(role=Role.INSPECTOR, inspector_id__not_isnull=True, inspector__expert=False)
    assert sorted(row.account_id for row in owed) == sorted(await accounts.values_list("id", flat=True))
    assert len(owed) >= 3
    assert await Event.filter(kind="register.asked").count() == 1
    assert {row.due for row in asked} == {LAST}


async def test_nobody_is_asked_at_night_or_before_the_quarters_first_working_day(db):
    await sample.found()
    at = instant(FIRST, on(FIRST).time())
    assert await register_enquiry.sweep(at=at.replace(hour=23), district=PLACE) == 0
    eve = PLACE.calendar.nth_workday_before(FIRST, 1).date
    assert await register_enquiry.sweep(at=on(eve), district=PLACE) == 0


async def test_still_right_ends_it_and_leaves_the_liaison_nothing_to_do(asked):
    line = await answered(asked[0])
    assert (line.wrong, line.answered) == ("", on(FIRST, 11))
    lines = await waiting(["GA"], LAST + timedelta(1))
    assert asked[0].inspector_id not in {one.code for one in lines}


async def test_what_is_to_be_changed_stands_on_the_liaisons_desk_until_the_row_is_changed(asked):
    await answered(asked[0], "areas")
    [line] = await waiting(["GA"], FIRST)
    assert (line.code, line.wrong) == (asked[0].inspector_id, "areas")
    assert await waiting(["XF"], FIRST) == ()
    by = Actor(Role.LIAISON, "GA", department="GA")
    outcome = await register_entry.edit(
        "inspectors", line.code, {"业务专长": "示例:已改"}, by=by, at=on(FIRST, 12)
    )
    assert outcome.changed, outcome
    assert await waiting(["GA"], FIRST) == ()


async def test_whoever_was_silent_is_named_there_once_the_last_day_is_over(asked):
    await answered(asked[0])
    assert await waiting(["GA"], LAST) == ()
    lines = await waiting(["GA"], LAST + timedelta(1))
    assert [line.code for line in lines] == [row.inspector_id for row in asked[1:]]
    assert {line.wrong for line in lines} == {""}


async def test_it_is_a_term_like_every_other_told_on_its_last_day_and_to_the_liaison_when_it_is_over(asked):
    liaison = await sample.account(Role.LIAISON, "GA")
    await answered(asked[0])
    terms = [
        term for term in await of_the_day(on(LAST), PLACE.calendar, PLACE.terms) if term.kind == "register"
    ]
    assert {term.officer for term in terms} >= {row.inspector_id for row in asked[1:]}
    assert asked[0].inspector_id not in {term.officer for term in terms}
    await reminder.sweep(at=on(LAST), district=PLACE)
    silent = {(await actor(row)).account for row in asked[1:]}
    told = {row.account_id for row in await TermReminder.filter(kind="register")}
    assert silent <= told
    assert liaison.id not in told
    await reminder.sweep(at=on(LAST + timedelta(1)), district=PLACE)
    assert liaison.id in {row.account_id for row in await TermReminder.filter(kind="register", threshold=-1)}


async def test_a_later_answer_takes_the_place_of_the_one_before_and_a_press_twice_is_one(asked):
    by = await actor(asked[0])
    for _ in range(2):
        await register_enquiry.answer(asked[0].id, "hours", by=by, at=on(FIRST, 11), key="u1")
    await answered(asked[0], day=FIRST + timedelta(1))
    said = [row.data["wrong"] for row in await Event.filter(kind="register.answered").order_by("id")]
    assert said == ["hours", ""]
    line = await standing(by.id)
    assert line
    assert line.wrong == ""


async def test_somebody_elses_question_is_like_none_and_the_quarter_before_is_over(asked):
    with pytest.raises(Refusal, match=r"enquiry\.unknown"):
        await register_enquiry.answer(asked[1].id, "", by=await actor(asked[0]), at=on(FIRST, 11))
    with pytest.raises(Refusal, match=r"enquiry\.fact"):
        await answered(asked[0], "salary")
    with pytest.raises(Refusal, match=r"actor\.role"):
        await register_enquiry.answer(asked[0].id, "", by=OFFICE, at=on(FIRST, 11))
    later = asked_on(date(2026, 10, 1), PLACE.calendar)
    await register_enquiry.sweep(at=on(later), district=PLACE)
    with pytest.raises(Refusal, match=r"enquiry\.over"):
        await answered(asked[0], day=local_day(on(later)))


async def test_experts_and_whoever_left_are_not_asked(db):
    await sample.found()
    expert = await Inspector.filter(expert=True).first()
    gone = await Inspector.filter(expert=False, department="GA").first()
    for row in (expert, gone):
        if row:
            await sample.account(Role.INSPECTOR, row.code)
    assert gone
    await Inspector.filter(code=gone.code).update(status="left")
    await register_enquiry.sweep(at=on(FIRST), district=PLACE)
    asked = set(await RegisterEnquiry.all().values_list("inspector_id", flat=True))
    assert gone.code not in asked
    assert expert is None or expert.code not in asked
