"""联席会议: meetings, resolutions with owner and day, each a term like the others (Art. 5, 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from models.procedure import conference, reminder
from models.queries import conference as queries
from models.queries.left_out import untold
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.conference import MeetingForm
from models.rules.left_out import Whose
from models.rules.visit import SHANGHAI
from models.tables import Account, Event, Outbox, TermReminder
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, district

FORM = MeetingForm(
    date(2026, 11, 20), "示例第一次会议", "示例召集人", ("GA", "XF"), "示例:通报情况。\n示例:研究问题。"
)
LAST = date(2026, 12, 21)
HEAD = Actor(Role.HEAD, "XF", "示例负责人", "XF", 1)


@pytest.fixture
async def met(db):
    await sample.found()
    return await conference.hold(FORM, by=OFFICE, at=CEREMONY)


async def resolved(met, owner: str = "XF", due: date = LAST):
    return await conference.resolve(met.id, "示例:更新名录库", owner, due, by=OFFICE, at=CEREMONY)


async def test_a_meeting_stands_with_its_minutes_and_who_came(met):
    [line] = await queries.meetings()
    assert (line.title, line.chair, line.minutes) == (FORM.title, FORM.chair, FORM.minutes)
    assert len(line.came) == 2
    assert await Event.filter(chain="conference", kind="conference.held").count() == 1


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (replace(FORM, day=CEREMONY.date() + timedelta(days=1)), "conference.future"),
        (replace(FORM, title=" "), "conference.incomplete"),
        (replace(FORM, departments=()), "conference.incomplete"),
        (replace(FORM, minutes="\u200b"), "conference.incomplete"),
        (replace(FORM, departments=("ZZ",)), "conference.department"),
    ],
)
async def test_what_says_too_little_is_no_meeting(db, form, code):
    await sample.found()
    with pytest.raises(Refusal, match=code):
        await conference.hold(form, by=OFFICE, at=CEREMONY)


@pytest.mark.parametrize(
    ("text", "owner", "due", "code"),
    [
        ("示例", "", LAST, "conference.department"),
        ("示例", "XF", None, "conference.needs_owner_and_day"),
        (" ", "XF", LAST, "conference.needs_owner_and_day"),
        ("示例", "XF", date(2026, 11, 19), "conference.due_before"),
    ],
)
async def test_without_owner_and_day_it_is_no_open_item(met, text, owner, due, code):
    with pytest.raises(Refusal, match=code):
        await conference.resolve(met.id, text, owner, due, by=OFFICE, at=CEREMONY)
    assert await queries.open_resolutions() == ()


async def test_its_department_reports_and_it_is_over(met):
    item = await resolved(met)
    done = await conference.report(item.id, "示例:已更新", by=HEAD, at=CEREMONY)
    assert (done.report, done.dropped, done.ended) == ("示例:已更新", False, CEREMONY)
    assert await queries.open_resolutions() == ()
    again = await conference.report(item.id, "示例:另一句", by=HEAD, at=CEREMONY)
    assert again.report == "示例:已更新"


async def test_another_department_reads_it_as_none(met):
    item = await resolved(met, owner="GA")
    with pytest.raises(Refusal, match=r"conference\.unknown"):
        await conference.report(item.id, "示例", by=HEAD, at=CEREMONY)


async def test_a_report_says_something(met):
    item = await resolved(met)
    with pytest.raises(Refusal, match=r"conference\.needs_report"):
        await conference.report(item.id, " ", by=HEAD, at=CEREMONY)


async def test_the_office_gives_one_up_with_a_reason(met):
    item = await resolved(met)
    dropped = await conference.drop(item.id, "示例:上级另有安排", by=OFFICE, at=CEREMONY)
    assert dropped.dropped and dropped.report == "示例:上级另有安排"
    with pytest.raises(Refusal, match=r"actor\.role"):
        await conference.drop(item.id, "示例", by=HEAD, at=CEREMONY)


async def told(day: date) -> set[str]:
    """Who has heard of the resolution by this morning."""
    await reminder.sweep(at=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI), district=district())
    rows = await TermReminder.filter(kind="resolution").select_related("account")
    return {f"{row.account.role}:{row.threshold}" for row in rows}


async def test_the_department_hears_five_days_before_and_the_office_from_the_last_day(met):
    await sample.account(Role.HEAD, "XF")
    await sample.account(Role.LIAISON, "XF")
    await sample.account(Role.HEAD, "GA")
    await sample.account(Role.OFFICE, "测试联席办")
    await resolved(met)
    assert await told(LAST - timedelta(days=6)) == set()
    assert await told(LAST - timedelta(days=5)) == {"head:5", "liaison:5"}
    assert "office:0" in await told(LAST)
    assert {"head:-1", "office:-1"} <= await told(LAST + timedelta(days=1))
    other = await Account.get(role=Role.HEAD, department="GA")
    assert not await TermReminder.filter(account_id=other.id, kind="resolution").exists()


async def test_what_is_reported_is_reminded_of_no_more(met):
    await sample.account(Role.HEAD, "XF")
    item = await resolved(met)
    await conference.report(item.id, "示例", by=HEAD, at=CEREMONY)
    assert await told(LAST) == set()


async def test_a12_a_department_hears_of_a_resolution_the_same_minute_and_who_is_not_there_is_named(met):
    head, liaison = await sample.account(Role.HEAD, "XF"), await sample.account(Role.LIAISON, "XF")
    given = await resolved(met)
    told = {(row.account_id, row.kind) for row in await Outbox.filter(channel="chat")}
    assert told == {(head.id, "conference.resolved"), (liaison.id, "conference.resolved")}
    await conference.drop(given.id, "示例:不再需要", by=OFFICE, at=CEREMONY)
    assert await Outbox.filter(kind="conference.dropped").count() == 2
    await resolved(met, "WJ")
    [line] = [line for line in await untold() if line.of == "WJ"]
    assert (line.whose, line.about) == (Whose.HEAD, (("conference.resolved", ""),))
    assert await Event.exists(chain="conference", kind="told.left_out")
