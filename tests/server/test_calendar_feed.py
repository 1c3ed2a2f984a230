"""日历订阅: a private calendar by an address that nobody guesses, read by somebody else's reader (Art. 15, RFC 5545)."""

from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from icalendar import Calendar

from models.procedure import enrolment, online, schedule, team
from models.rules.actor import Role
from models.rules.visit import SHANGHAI
from models.states import TaskState
from models.tables import Account, Assignment, CalendarFeed, Event, Target, Task
from tests.server.companion.phone import new_key
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district
from tests.support.rfc5545 import moment, read

HOUR = timedelta(hours=1)


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        yield made


async def first() -> Task:
    return await Task.all().order_by("number").select_related("target").first()


async def fixed() -> Task:
    task = await first()
    await sample.visit_fixed(task, district())
    return await first()


async def address(browser) -> str:
    """A new address of the reader's calendar, as the page shows it, without the district's name."""
    page = await browser.post("/console/me/calendar")
    assert page.status == 200
    return "/calendar/" + page.html.split("/calendar/")[1].split("<")[0]


async def calendar(world, path: str):
    page = await (await world.browser()).get(path)
    assert page.status == 200, page.status
    return read(page.body)


async def leaders(world, task: Task):
    return await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)


def visits(found):
    return [one for one in found.all("VEVENT") if one.text("UID").startswith("visit-")]


def terms(found):
    return [one for one in found.all("VEVENT") if one.text("UID").startswith("term-")]


async def test_a_visit_stands_with_number_target_address_time_and_length(world):
    task = await fixed()
    found = await calendar(world, await address(await leaders(world, task)))
    [visit] = visits(found)
    assert visit.text("SUMMARY") == f"检查：{task.target.name}"
    assert visit.text("LOCATION") == task.target.address
    assert task.number in visit.text("DESCRIPTION")
    assert "120 分钟" in visit.text("DESCRIPTION")
    assert "您是组长" in visit.text("DESCRIPTION")
    assert (moment(found, visit, "DTSTART"), moment(found, visit, "DTEND")) == (VISIT, VISIT + 2 * HOUR)
    assert visit.given["DTSTART"] == ("20261208T090000", {"TZID": "Asia/Shanghai"})
    assert visit.text("STATUS") == "CONFIRMED"


async def test_a_moved_visit_keeps_its_uid_and_its_sequence_rises(world):
    task = await fixed()
    mine = await address(await leaders(world, task))
    [before] = visits(await calendar(world, mine))
    leader, later = await sample.leader_of(task), VISIT + timedelta(days=1)
    await schedule.propose(task.number, later, later + HOUR, by=leader, at=CEREMONY)
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=district(), reason="示例")
    found = await calendar(world, mine)
    [after] = visits(found)
    assert after.text("UID") == before.text("UID")
    assert int(after.text("SEQUENCE")) > int(before.text("SEQUENCE"))
    assert moment(found, after, "DTSTART") == later


async def test_a_withdrawn_visit_is_cancelled_at_its_old_time(world):
    task = await fixed()
    mine = await address(await leaders(world, task))
    [before] = visits(await calendar(world, mine))
    leader = await sample.leader_of(task)
    await online.end(
        task.number, district=district(), result="R09", source="示例", finding="示例", by=leader, at=CEREMONY
    )
    found = await calendar(world, mine)
    [after] = visits(found)
    assert after.text("STATUS") == "CANCELLED"
    assert after.text("SUMMARY").startswith("已取消")
    assert (after.text("UID"), moment(found, after, "DTSTART")) == (before.text("UID"), VISIT)
    assert int(after.text("SEQUENCE")) > int(before.text("SEQUENCE"))


async def test_whoever_is_replaced_sees_it_cancelled_and_who_comes_sees_it(world):
    task = await fixed()
    seat = await Assignment.filter(task=task, until=None, leader=False).order_by("id").first()
    mine = await address(await world.browser(Role.INSPECTOR, str(seat.inspector_id)))
    officer = (await enrolment.account_of_inspector(str(seat.inspector_id), CEREMONY)).actor
    asked = await team.ask_out(task.number, "post", "", by=officer, at=CEREMONY)
    head = enrolment.actor_of(await sample.account(Role.HEAD, seat.department))
    await team.decide(asked.id, True, by=head, at=CEREMONY)
    [gone] = visits(await calendar(world, mine))
    assert gone.text("STATUS") == "CANCELLED"
    serving = (
        await Assignment.filter(task=task, until=None, department=seat.department).order_by("-id").first()
    )
    [there] = visits(
        await calendar(world, await address(await world.browser(Role.INSPECTOR, str(serving.inspector_id))))
    )
    assert there.text("STATUS") == "CONFIRMED"


@pytest.mark.parametrize(
    ("role", "of"), [(Role.HEAD, "GA"), (Role.LIAISON, "GA"), (Role.OFFICE, "测试联席办")]
)
async def test_head_liaison_and_office_have_a_calendar_of_their_own(world, role, of):
    task = await fixed()
    found = await calendar(world, await address(await world.browser(role, of)))
    assert [one.text("SUMMARY") for one in visits(found)] == [f"检查：{task.target.name}"]


async def test_a_department_that_takes_no_part_sees_nothing(world):
    await fixed()
    found = await calendar(world, await address(await world.browser(Role.HEAD, "JY")))
    assert visits(found) == []


async def test_a_term_is_a_whole_day_that_takes_nobodys_time(world):
    task = await first()
    found = await calendar(world, await address(await leaders(world, task)))
    mine = [one for one in terms(found) if task.number in one.text("DESCRIPTION")]
    kinds = {one.text("UID").split("-")[2] for one in mine}
    assert {"accept", "network", "fix"} <= kinds
    assert all(one.text("TRANSP") == "TRANSPARENT" for one in mine)
    for one in mine:
        begins = moment(found, one, "DTSTART")
        assert moment(found, one, "DTEND") - begins == timedelta(days=1)


async def test_a_term_across_a_make_up_saturday_and_a_visit_on_it(world):
    """2026-10-10 is a Saturday that is worked, after eight days off."""
    task = await first()
    ended, saturday = date(2026, 9, 18), datetime(2026, 10, 10, 9, tzinfo=SHANGHAI)
    day, count = ended, 0
    while count < 20:
        day += timedelta(days=1)
        count += chinese_calendar.is_workday(day)
    due = district().calendar.nth_workday_after(ended).date
    await Task.filter(id=task.id).update(
        state=TaskState.CONCLUDED, ended_at=datetime(2026, 9, 18, 11, tzinfo=SHANGHAI), entry_due=due
    )
    other = await Task.filter(team_id=task.team_id).exclude(id=task.id).first()
    await Task.filter(id=other.id).update(
        state=TaskState.SCHEDULED, visit_from=saturday, visit_until=saturday + HOUR
    )
    world.clock.at = datetime(2026, 10, 9, 10, tzinfo=SHANGHAI)
    found = await calendar(world, await address(await leaders(world, task)))
    [entry] = [one for one in terms(found) if one.text("UID").startswith(f"term-task:{task.id}-entry")]
    assert moment(found, entry, "DTSTART") == day
    [visit] = visits(found)
    assert moment(found, visit, "DTSTART") == saturday
    assert moment(found, visit, "DTSTART").weekday() == 5


async def test_another_reader_reads_the_same(world):
    task = await fixed()
    page = await (await world.browser()).get(await address(await leaders(world, task)))
    theirs = [one for one in Calendar.from_ical(page.body).walk("VEVENT") if "visit-" in one["UID"]]
    assert [(one.start, one.end) for one in theirs] == [(VISIT, VISIT + 2 * HOUR)]
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.content_type == "text/calendar"


async def test_no_telephone_number_and_no_persons_name_stands_in_it(world):
    await fixed()
    page = await (await world.browser()).get(await address(await world.browser(Role.OFFICE, "测试联席办")))
    text = page.body.replace(b"\r\n ", b"").decode()
    for row in await Target.all():
        assert not row.phone or row.phone not in text
        assert not row.contact or row.contact not in text
    for account in await Account.filter(role=Role.INSPECTOR):
        assert account.name not in text


async def test_the_address_is_kept_hashed_and_a_reset_ends_the_old_one(world):
    browser = await leaders(world, await fixed())
    old = await address(browser)
    token = old.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 32
    assert token not in str(await CalendarFeed.all().values())
    assert token not in str(await Event.all().values())
    new = await address(browser)
    assert (await (await world.browser()).get(old)).status == 404
    assert (await (await world.browser()).get(new)).status == 200
    shown = await browser.get("/console/me")
    assert token not in shown.text
    assert "现在的地址自" in shown.text


async def test_unknown_addresses_are_404_and_guesses_are_throttled(world):
    stranger = await world.browser()
    answers = [(await stranger.get(f"/calendar/{'x' * 30}{n:02}.ics")).status for n in range(31)]
    assert set(answers[:30]) == {404}
    assert answers[30] == 429


async def test_one_calendar_is_made_a_dozen_times_a_minute_and_no_more(world):
    mine = await address(await leaders(world, await first()))
    answers = [(await (await world.browser()).get(mine)).status for _ in range(13)]
    assert answers == [200] * 12 + [429]


async def test_a_person_whose_chat_was_ended_has_no_calendar_any_more(world):
    task = await fixed()
    mine = await address(await leaders(world, task))
    await enrolment.unbind((await sample.leader_of(task)).account, by=sample.OFFICE, at=CEREMONY)
    assert (await (await world.browser()).get(mine)).status == 404


async def test_an_entity_has_none(world):
    browser = await world.browser(Role.ENTITY, "OBJ00001")
    assert (await browser.post("/console/me/calendar")).status == 403


async def test_the_phone_gets_an_address_too(world):
    task = await fixed()
    browser = await leaders(world, task)
    headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": browser.csrf}
    answered = await browser.client.post("/field/api/calendar", json={"key": new_key()}, headers=headers)
    said = await answered.json()
    path = said["address"].removeprefix("http://district.example")
    assert said["program"] == f"webcal://district.example{path}"
    assert len(visits(await calendar(world, path))) == 1
