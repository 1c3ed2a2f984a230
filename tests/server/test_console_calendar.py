"""检查日历: a week's visits of those one may see, their clashes beside them, the week in the address (Art. 15)."""

from datetime import date, timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from models.procedure import inspection, schedule
from models.queries.visit_week import WeekPart
from models.rules import workdays
from models.rules.actor import Role
from models.rules.visit_week import monday_of
from models.tables import Assignment, AwayTime, Inspector, Task
from tests.server.pages import site
from tests.support import district as sample
from tests.support.crowd_of_tasks import MONDAY, crowd
from tests.support.district import CEREMONY, CREW, VISIT, district
from tests.support.rows_read import rows_read
from tests.support.statements import counted

WEEK = "/console/calendar?week=2026-12-08"


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        yield made


async def fixed() -> Task:
    task = await Task.all().order_by("number").first()
    await sample.visit_fixed(task, district())
    return await Task.get(id=task.id).select_related("target")


async def of_the_same_team(task: Task) -> Task:
    """Another task of the team, its network check closed."""
    other = await Task.filter(team_id=task.team_id).exclude(id=task.id).select_related("target").first()
    await inspection.close_network_check(other.number, by=await sample.leader_of(other), at=CEREMONY)
    return other


async def leaders_browser(world, task: Task):
    return await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)


def day_of(page, day: str) -> str:
    """The part of the page that tells of one day."""
    return page.html.split(f"<h3>{day}")[1].split("<h3>")[0]


async def test_a_fixed_visit_stands_under_its_day_and_leads_to_its_task(world):
    task = await fixed()
    page = await (await leaders_browser(world, task)).get(WEEK)
    tuesday = day_of(page, "2026年12月8日（周二）")
    assert "09:00–11:00" in tuesday
    assert task.target.name in tuesday
    assert f"/console/tasks/{task.number}" in page.reader.links
    assert "本周1次检查" in page.text
    assert "没有检查" in day_of(page, "2026年12月9日（周三）")


async def test_a_proposed_visit_says_how_many_can_and_who_cannot(world):
    task = await of_the_same_team(await fixed())
    begins = VISIT + timedelta(days=1)
    await schedule.propose(
        task.number, begins, begins + timedelta(hours=2), by=await sample.leader_of(task), at=CEREMONY
    )
    everybody = [one for people in (await sample.team_of(task)).values() for one in people]
    leader = await sample.leader_of(task)
    refusing = next(one for one in everybody if one.id != leader.id)
    await schedule.reply(task.number, False, by=refusing, at=CEREMONY)
    wednesday = day_of(await (await leaders_browser(world, task)).get(WEEK), "2026年12月9日（周三）")
    assert "征求中" in wednesday
    assert f"8人中{await agreeing(task)}人可以" in wednesday
    assert f"{refusing.name}不能到" in wednesday


async def agreeing(task: Task) -> int:
    return await Assignment.filter(task=task, until=None, agreed_from__not_isnull=True).count()


async def test_a_clash_stands_at_both_visits_with_the_names_of_who_would_be_in_two_places(world):
    other = await of_the_same_team(await Task.all().order_by("number").first())
    leader, begins = await sample.leader_of(other), VISIT + timedelta(hours=1)
    await schedule.propose(other.number, begins, begins + timedelta(hours=2), by=leader, at=CEREMONY)
    first = await fixed()
    page = await (await leaders_browser(world, first)).get(WEEK)
    assert "其中2次撞期" in page.text
    tuesday = day_of(page, "2026年12月8日（周二）")
    assert tuesday.count("撞期：") == 2
    assert leader.name in tuesday
    assert f"{first.target.name}（{first.number}）" in tuesday
    assert f"{other.target.name}（{other.number}）" in tuesday


async def test_visits_that_follow_each_other_do_not_clash(world):
    first = await fixed()
    other = await of_the_same_team(first)
    begins = VISIT + timedelta(hours=2)
    await schedule.propose(
        other.number, begins, begins + timedelta(hours=2), by=await sample.leader_of(other), at=CEREMONY
    )
    page = await (await leaders_browser(world, first)).get(WEEK)
    assert "本周2次检查" in page.text
    assert "撞期：" not in page.text


async def test_whoever_is_not_of_the_team_is_not_shown_before_whom_it_will_visit(world):
    task = await fixed()
    serving = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
    stranger = await Inspector.filter(department="GA").exclude(code__in=serving).first()
    page = await (await world.browser(Role.INSPECTOR, stranger.code)).get(f"{WEEK}&whose=all")
    assert page.status == 200
    assert task.target.name not in page.text


@pytest.mark.parametrize(("role", "of"), [(Role.HEAD, "XF"), (Role.OFFICE, "测试联席办")])
async def test_head_and_office_see_what_is_theirs_to_see(world, role, of):
    task = await fixed()
    page = await (await world.browser(role, of)).get(WEEK)
    assert task.target.name in page.text
    untimed = await Task.exclude(id=task.id).count()
    assert f"另有{untimed}项任务还没有检查时间" in page.text


async def test_the_office_looks_at_one_department_and_only_at_one_that_is_there(world):
    task = await fixed()
    browser = await world.browser(Role.OFFICE, "测试联席办")
    assert task.target.name in (await browser.get(f"{WEEK}&department={CREW[0]}")).text
    elsewhere = await browser.get(f"{WEEK}&department=JY")
    assert task.target.name not in elsewhere.text
    assert (await browser.get(f"{WEEK}&department=nowhere")).status == 400
    assert (await browser.get(f"{WEEK}&colour=red")).status == 400


async def test_an_entity_and_a_stranger_have_no_calendar(world):
    assert (await (await world.browser()).get(WEEK)).status == 303
    assert (await (await world.browser(Role.LIAISON, "GA")).get(WEEK)).status == 403


async def test_the_week_is_todays_until_another_is_asked_for_and_its_neighbours_are_one_press_away(world):
    browser = await world.browser(Role.OFFICE, "测试联席办")
    page = await browser.get("/console/calendar")
    assert "2026年11月23日（周一）至2026年11月29日（周日）" in page.text
    assert page.html.count('aria-current="date"') == 2  # the day, and the button of this week
    for week in ("2026-11-16", "2026-11-30"):
        assert f"/console/calendar?week={week}" in page.reader.links
    assert "2026年11月30日（周一）至" in (await browser.get("/console/calendar?week=2026-11-30")).text


@pytest.mark.parametrize("week", ["yesterday", "2026-13-01", "1999-01-04", "2099-12-31", "0001-01-01"])
async def test_what_is_no_day_of_the_calendar_is_refused_in_words(world, week):
    page = await (await world.browser(Role.OFFICE, "测试联席办")).get(f"/console/calendar?week={week}")
    assert page.status == 400
    assert week in page.text


def test_every_day_of_a_week_leads_to_its_monday():
    assert {monday_of(f"2026-12-{day:02}", VISIT.date()) for day in range(7, 14)} == {date(2026, 12, 7)}
    assert monday_of("", date(2026, 12, 13)) == date(2026, 12, 7)
    assert monday_of((workdays.LAST - timedelta(days=7)).isoformat(), VISIT.date()).weekday() == 0


async def test_days_off_and_make_up_saturdays_are_told_apart(world):
    calendar = district().calendar
    saturday = max(day for day in calendar.makeup if day.weekday() == 5)
    page = await (await world.browser(Role.OFFICE, "测试联席办")).get(f"/console/calendar?week={saturday}")
    assert "调休上班" in page.text
    assert "休息" in (await (await world.browser(Role.OFFICE, "测试联席办")).get(WEEK)).text


async def test_the_calendar_is_in_english_too(world):
    task = await fixed()
    page = await (await leaders_browser(world, task)).get(f"{WEEK}&lang=en")
    assert "1 visit this week" in page.text
    assert "Week after" in page.text


async def test_an_officer_says_at_the_desk_when_they_cannot_come_and_takes_it_back(world):
    task = await fixed()
    leader = await sample.leader_of(task)
    member = next(
        one for people in (await sample.team_of(task)).values() for one in people if one.id != leader.id
    )
    browser = await world.browser(Role.INSPECTOR, member.id)
    await browser.get(WEEK)
    said = await browser.post(
        "/console/calendar/away", day="2026-12-09", part="afternoon", begins="09:00", ends="12:00"
    )
    assert said.status == 303
    page = await browser.get(WEEK)
    assert f"{member.name}：下午 不能到" in day_of(page, "2026年12月9日（周三）")
    row = await AwayTime.get()
    stranger = await Inspector.filter(department="XF").exclude(code=member.id).first()
    other = await world.browser(Role.INSPECTOR, stranger.code)
    assert (await other.post(f"/console/calendar/away/{row.id}/back")).status == 404
    assert (await browser.post(f"/console/calendar/away/{row.id}/back")).status == 303
    assert "不能到" not in day_of(await browser.get(WEEK), "2026年12月9日（周三）")


async def test_the_leader_sees_who_cannot_keep_a_fixed_visit(world):
    task = await fixed()
    leader = await sample.leader_of(task)
    member = next(
        one for people in (await sample.team_of(task)).values() for one in people if one.id != leader.id
    )
    browser = await world.browser(Role.INSPECTOR, member.id)
    await browser.get(WEEK)
    await browser.post("/console/calendar/away", day="2026-12-08", part="hours", begins="10:00", ends="10:30")
    tuesday = day_of(await (await leaders_browser(world, task)).get(WEEK), "2026年12月8日（周二）")
    assert f"{member.name}在2026年12月8日（周二） 10:00 – 10:30不能到" in tuesday


@pytest.mark.parametrize(
    "given", [{"day": "x", "part": "day"}, {"day": "2026-12-09", "part": "hours", "begins": "", "ends": ""}]
)
async def test_a_day_that_is_none_is_refused_in_words(world, given):
    browser = await leaders_browser(world, await Task.all().order_by("number").first())
    await browser.get(WEEK)
    page = await browser.post("/console/calendar/away", **given)
    assert page.status == 400
    assert "没有看懂" in page.text


FULL = f"/console/calendar?week={MONDAY:%Y-%m-%d}"


@pytest.fixture
async def busy(db):
    """A week with some forty visits a day, by officers who are never in two places."""
    made = await crowd()
    await made.grow(240)
    officer = await made.staffed()
    async with site() as world:
        world.clock.at = made.at
        yield SimpleNamespace(world=world, crowd=made, officer=officer)


async def test_a_day_with_more_visits_than_fit_shows_the_first_and_leads_to_all_of_them(busy):
    office = await busy.world.browser(Role.OFFICE, "测试联席办")
    page = await office.get(FULL)
    assert "本周200次检查" in page.text
    monday = day_of(page, "2026年12月21日（周一）")
    assert monday.count("<li data-task=") == WeekPart().most
    assert "列出42次中最早的20次，看全天" in monday
    [day] = [
        link
        for link in page.reader.links
        if "day=2026-12-21" in link and link.startswith("/console/calendar?")
    ]
    whole = await office.get(day)
    assert "当天42次检查" in whole.text
    assert whole.html.count("<li data-task=") == 42
    assert not whole.reader.wrong
    assert FULL in whole.reader.links


async def test_a_week_costs_what_it_shows_however_many_visits_it_has(busy):
    async def cost() -> tuple[int, int, int]:
        for browser in (office, head):
            await browser.get(FULL)
        async with counted() as count:
            shown = (await office.get(FULL)).html.count("<li data-task=")
            await head.get(FULL)
        async with rows_read() as reading:
            await office.get(FULL)
        return shown, len(count.statements), reading.rows

    office = await busy.world.browser(Role.OFFICE, "测试联席办")
    head = await busy.world.browser(Role.HEAD, "GA")
    await busy.crowd.grow(3600)
    await busy.crowd.staffed()
    shown, statements, rows = await cost()
    await busy.crowd.grow(3600)
    await busy.crowd.staffed()
    more_shown, more_statements, more_rows = await cost()
    assert shown == more_shown == 5 * WeekPart().most
    assert "检查超过500次" in (await office.get(FULL)).text
    assert more_statements <= statements
    assert more_rows < 1.5 * rows


async def test_visits_are_found_by_an_officers_name_and_by_the_team(busy):
    office = await busy.world.browser(Role.OFFICE, "测试联席办")
    name = (await Inspector.get(code=busy.officer)).name
    team = (await Task.get(id=busy.crowd.task.id).select_related("team")).team.number
    for asked, found in (
        (f"name={quote(name)}", 200),
        ("name=nobody", 0),
        (f"team={team}", 200),
        ("team=99999", 0),
    ):
        assert f"本周{found}次检查" in (await office.get(f"{FULL}&{asked}")).text, asked
    assert (await office.get(f"{FULL}&team=x")).status == 400
    assert (await office.get(f"{FULL}&day=2026-13-01")).status == 400
