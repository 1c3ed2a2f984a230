"""The morning word names plans, drafts, mergers and missing years too: who is told, when, with which act (Art. 12-16)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from models import store
from models.procedure import register_enquiry, reminder
from models.rules.actor import Role
from models.rules.overdue import Terms, read_terms
from models.rules.term import Who
from models.rules.term.kinds import BY_NAME, OF_NO_TASK
from models.rules.visit import SHANGHAI
from models.rules.workdays import Calendar
from models.tables import (
    Account,
    Agency,
    DraftEntry,
    Inspector,
    Meeting,
    Outbox,
    PlanDraft,
    PlanEntry,
    PlanMerge,
    Resolution,
    SchemeDraft,
    TermReminder,
)
from tests.support import district

PLACE = district.district()
DAY = timedelta(days=1)
KNOWN = Calendar(frozenset({2026, 2027}), PLACE.calendar.off, PLACE.calendar.makeup)
CONTENT = {"title": "示例行业联合抽查", "participating": ["WJ", "XF"]}


def on(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


async def told(
    day: date, calendar: Calendar = KNOWN, terms: Terms | None = None
) -> Counter[tuple[str, str, str]]:
    """What this morning's word says of the terms of no task: kind, role, department; each as often as it was said."""
    before = {row.id for row in await Outbox.filter(kind="reminder")}
    place = replace(PLACE, calendar=calendar, **({"terms": terms} if terms else {}))
    await reminder.sweep(at=on(day), district=place)
    fresh = [row for row in await Outbox.filter(kind="reminder") if row.id not in before]
    people = {account.id: account for account in await Account.all()}
    return Counter(
        (term["kind"], str(people[row.account_id].role), people[row.account_id].department or "")
        for row in fresh if row.account_id
        for term in row.payload["tasks"] if term["kind"] in OF_NO_TASK
    )  # fmt: skip


AFTER_PUBLICATION = {"credit", "repair", "retention"}
"""Terms of what follows a public result: lived through in `test_record_terms`."""


@pytest.fixture
async def here(db):
    await district.found()
    await Inspector.all().update(certificate_until=None)
    for role, of in (
        (Role.HEAD, "GA"),
        (Role.LIAISON, "GA"),
        (Role.HEAD, "WJ"),
        (Role.HEAD, "XF"),
        (Role.OFFICE, "联席办"),
    ):
        await district.account(role, of)


async def asked(at: datetime, department: str = "GA", **consents: dict[str, object]) -> DraftEntry:
    draft = await PlanDraft.create(year=2027, department=department, begun_by="head:test", begun_at=at)
    return await DraftEntry.create(
        draft=draft, code="2027-GA-1", content=CONTENT, consents=consents, asked_at=at
    )


async def scheme_asked(at: datetime, entry: str = "2026-XH-GA-02", **signatures: object) -> SchemeDraft:
    return await SchemeDraft.create(
        code=f"{entry}-S2", entry=entry, batches=[{"crew": {"WJ": 2}}, {"crew": {"WJ": 1, "XF": 1}}],
        signatures=signatures, begun_by="liaison:test", begun_at=at, asked_at=at,
    )  # fmt: skip


async def merge_proposed(at: datetime, **signatures: object) -> PlanMerge:
    return await PlanMerge.create(
        year=2027, department="WJ", other="XF", goes_on="2027-WJ-1", ends="2027-XF-1",
        content=CONTENT | {"participating": ["XF"]}, ended=CONTENT, shared=3, signatures=signatures,
        reason="示例", proposed_by="office:test", proposed_at=at,
    )  # fmt: skip


async def resolved(at: datetime, due: date) -> Resolution:
    day, by = at.date(), "office:test"
    met = await Meeting.create(
        day=day, title="示例会议", chair="示例人", departments=["GA"], minutes="示例", by=by, at=at
    )
    return await Resolution.create(meeting=met, text="示例:更新名录库", owner="GA", due=due, by=by, at=at)


SIGNED = {"agreed": True, "reason": "", "by": "head:test", "name": "示例", "at": "2027-03-05T08:00:00+08:00"}


async def test_the_plan_is_reminded_of_15_7_and_1_days_before_and_then_daily_until_it_is_handed_in(here):
    last, heard = date(2027, 1, 31), {}
    for left in range(30, -6, -1):
        found = await told(last - left * DAY)
        heard[left] = {role for kind, role, of in found if kind == "plan" and of in ("GA", "")}
    both = {"liaison", "head"}
    assert {left: who for left, who in heard.items() if who} == {
        15: both, 7: both, 1: both, **dict.fromkeys(range(0, -6, -1), both | {"office"}),
    }  # fmt: skip
    await PlanDraft.create(
        year=2027, department="GA", begun_by="head:test", begun_at=on(last), handed_in_at=on(last), handed_in_by="head:test"
    )  # fmt: skip
    assert not [kind for kind, _, of in await told(last + 6 * DAY) if kind == "plan" and of == "GA"]


async def test_who_has_not_consented_is_reminded_and_who_has_is_not(here):
    friday = date(2027, 3, 5)
    await asked(
        on(friday), XF={"agreed": True, "reason": "", "by": "head:test", "at": on(friday).isoformat()}
    )
    heard = {}
    for days in range(1, 20):
        found = await told(friday + days * DAY)
        heard[days] = {(role, of) for kind, role, of in found if kind == "consent"}
    head, office = ("head", "WJ"), ("office", "")
    assert {days: who for days, who in heard.items() if who} == {
        4: {head}, 5: {head, office}, 6: {head, office}, 13: {head, office},
    }, "a working day before, on the last day, the day after, a week later"  # fmt: skip


@pytest.mark.parametrize(("kind", "ask"), [("scheme", scheme_asked), ("merge", merge_proposed)])
async def test_the_head_who_has_not_signed_is_reminded_and_who_has_is_not(here, kind, ask):
    """Five working days from a Friday: the Friday after; the day before, on the day, the day after, a week later."""
    friday, heard = date(2027, 3, 5), {}
    await ask(on(friday), XF=SIGNED)
    for days in range(1, 17):
        reminded = await told(friday + days * DAY)
        heard[days] = {(role, of) for term, role, of in reminded if term == kind}
    head, office = ("head", "WJ"), ("office", "")
    assert {days: who for days, who in heard.items() if who} == {
        6: {head}, 7: {head, office}, 8: {head, office}, 15: {head, office},
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "ask"), [("scheme", scheme_asked), ("merge", merge_proposed)])
async def test_what_was_given_up_is_reminded_of_to_nobody(here, kind, ask):
    friday = date(2027, 3, 5)
    row = await ask(on(friday))
    assert {of for term, _, of in await told(friday + 6 * DAY) if term == kind} == {"WJ", "XF"}
    await type(row).filter(id=row.id).update(dropped_at=on(friday))
    assert not [term for term, *_ in await told(friday + 7 * DAY) if term == kind]


async def test_nobody_is_reminded_of_a_scheme_whose_entry_stands_in_no_plan(here):
    """No signature can bring it into force; the office gives it up."""
    assert not await PlanEntry.exists(code="2027-NONE-1")
    await scheme_asked(on(date(2027, 3, 5)), "2027-NONE-1")
    assert not [kind for kind, *_ in await told(date(2027, 3, 12)) if kind == "scheme"]


async def test_a_consent_has_the_length_that_the_district_set(here):
    friday = date(2027, 3, 5)
    await asked(on(friday))
    terms = read_terms("consent=5")
    assert not [kind for kind, *_ in await told(friday + 5 * DAY, terms=terms) if kind == "consent"]
    assert ("consent", "head", "WJ") in await told(friday + 6 * DAY, terms=terms)


async def test_an_entry_that_is_asked_for_anew_is_a_new_term(here):
    entry = await asked(on(date(2027, 3, 5)))
    assert ("consent", "head", "WJ") in await told(date(2027, 3, 10))
    await DraftEntry.filter(id=entry.id).update(asked_at=on(date(2027, 3, 11)))
    assert ("consent", "head", "WJ") in await told(date(2027, 3, 16))


async def test_from_november_a_missing_year_is_said_to_the_office_each_week_until_it_is_there(here):
    only_2026 = Calendar(frozenset({2026}), PLACE.calendar.off, PLACE.calendar.makeup)
    days = []
    for ahead in range(80):
        day = date(2026, 10, 20) + ahead * DAY
        if [role for kind, role, _ in await told(day, only_2026) if kind == "calendar"]:
            days.append(day)
    first, last = date(2026, 11, 1), date(2026, 12, 25)
    assert days == [*(first + 7 * DAY * week for week in range(8)), last, last + DAY, last + 8 * DAY]
    assert not [kind for kind, *_ in await told(last + 15 * DAY, KNOWN) if kind == "calendar"]


@pytest.mark.timeout(900)
async def test_r15_a_year_with_restarts_leaves_each_threshold_of_every_other_kind_once(here, db, full_size):
    """What stands at the end is what the table says: none missed, none twice."""
    only_2026 = Calendar(frozenset({2026}), PLACE.calendar.off, PLACE.calendar.makeup)
    begin, days = (date(2026, 10, 25), 365) if full_size else (date(2026, 12, 20), 50)
    for ask in (asked, scheme_asked, merge_proposed):
        await ask(on(date(2026, 12, 28)))
    await resolved(on(date(2026, 12, 18)), date(2027, 1, 15))
    officer = await Inspector.filter(department="GA", expert=False).order_by("code").first()
    assert officer
    await Inspector.filter(code=officer.code).update(certificate_until=date(2027, 1, 20))
    await district.account(Role.INSPECTOR, officer.code)
    expert = await Inspector.filter(department="GA").exclude(code=officer.code).order_by("code").first()
    assert expert
    await Inspector.filter(code=expert.code).update(expert=True, certificate_until=date(2027, 1, 22))
    await Agency.create(
        code="JG-示例-1",
        name="示例检测有限公司",
        departments=["GA", "XF"],
        certificate_until=date(2027, 1, 25),
    )
    for ahead in range(days):
        day = begin + ahead * DAY
        for hour in range(24) if full_size else (0, 7, 9, 20, 23):
            place = replace(PLACE, calendar=only_2026 if day < date(2026, 12, 31) else KNOWN)
            await register_enquiry.sweep(at=on(day, hour), district=place)
            await reminder.sweep(at=on(day, hour), district=place)
            await store.close()
            await store.open(db)
    rows = await TermReminder.filter(kind__in=OF_NO_TASK)
    said = Counter((row.subject, row.account_id, row.threshold, row.due) for row in rows)
    assert said and set(said.values()) == {1}
    sent = sum(
        term["kind"] in OF_NO_TASK
        for row in await Outbox.filter(kind="reminder")
        for term in row.payload["tasks"]
    )
    assert sent == len(rows)
    end = begin + (days - 1) * DAY
    ends = {
        "calendar": date(2026, 12, 30),
        "register": min(end, date(2027, 3, 31)),
    }  # the next quarter is asked anew
    for subject, account, _, due in said:
        kind = BY_NAME[subject.partition(":")[0]]
        mine = {
            row.threshold for row in rows if (row.subject, row.account_id, row.due) == (subject, account, due)
        }
        person = await Account.get(id=account)
        role = person.role
        hears = {
            Who.OFFICER if role == Role.INSPECTOR else Who(str(role)),
            *([Who.OWNER] if person.department == "GA" else ()),
        }
        until = ends.get(kind.name, end)
        late = range(-1, -1 - -(-(until - due).days // kind.every), -1)
        at_first = [before for before in kind.thresholds if before >= (due - begin).days][-1:]
        running = [
            before
            for before in kind.thresholds
            if before <= (due - begin).days and due - before * DAY <= until
        ]
        heard = {reached for reached in (*at_first, *running, *late) if hears & set(kind.hears(reached))}
        assert mine == heard, (subject, str(role))
    assert {row.kind for row in rows} == set(OF_NO_TASK) - AFTER_PUBLICATION
