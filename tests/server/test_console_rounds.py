"""Thirty entities of a batch are proposed, agreed, fixed and told in a few presses (Art. 15, 16 (2))."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from models.procedure import inspection, notice, register_entry, schedule
from models.queries import evidence
from models.rules.actor import Role
from models.rules.visit import local_day
from models.states import NoticeState, TaskState
from models.tables import Account, Assignment, Batch, Notice, Outbox, Question, Target, Task
from tests.server.pages import Browser, Page, site
from tests.support import district as sample
from tests.support import round_of_twelve
from tests.support.district import BATCH, CEREMONY, VISIT, district

ROUND = "/console/notices"


async def drawn(count: int) -> list[Task]:
    """A batch of `count` hotels in the hands of one team, its network check closed."""
    await sample.found()
    pattern = await Target.get(code="OBJ00001")
    async with sample.written():
        for n in range(13, 3 * count + 13):
            await Target.create(**{
                **{name: getattr(pattern, name) for name in pattern._meta.db_fields},
                "code": f"OBJ{n:05d}", "name": f"示例区示例{n:03d}宾馆有限公司", "credit_code": sample.credit_code_of(n),
                "risk": "A", "street_name": f"示例街道{n % 4}", "phone": f"0375-001{n:04d}",
            })  # fmt: skip
        await Batch.filter(code=BATCH).update(
            strata={"A": count}, teams={"*": 1}, closes=VISIT.date().replace(day=31)
        )
    await sample.drawn()
    tasks = await Task.all().order_by("number")
    await sample.team_of(tasks[0])  # everybody has an account
    for task in tasks:
        await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=CEREMONY)
    return tasks


async def browser_of_the_leader(made) -> Browser:
    leader = await sample.leader_of(await Task.all().first())
    return await made.browser(Role.INSPECTOR, leader.id)


async def everybody_can(but: str = "") -> None:
    """Every member answers: they can; the task `but` nobody answers."""
    for task in await Task.exclude(proposed_from=None).exclude(number=but):
        for people in (await sample.team_of(task)).values():
            for one in people:
                await schedule.reply(task.number, True, by=one, at=CEREMONY)


class Mouse:
    """Presses what stands on a page, with everything its form carries, and counts."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.clicks = browser, 0

    async def press(self, page: Page, action: str, **changed: str) -> Page:
        self.clicks += 1
        form = next(part for part in page.html.split("<form")[1:] if f'action="{action}"' in part)
        form = form.split("</form>")[0]
        given = re.findall(
            r'<input type="(hidden|checkbox|date)" name="([^"]+)" value="([^"]*)"([^>]*)>', form
        )
        fields = [
            (name, value) for kind, name, value, more in given if kind != "checkbox" or "checked" in more
        ]
        fields += list(changed.items())
        if 'method="get"' in form:
            query = "&".join(f"{name}={value}" for name, value in fields)
            return await self.browser.get(f"{action}?{query}")
        answer = await self.browser.client.post(
            action, data=fields, headers={"Sec-Fetch-Site": "same-origin"}, allow_redirects=True
        )
        return await self.browser._read(answer)


@pytest.fixture
async def thirty(db):
    await drawn(30)
    async with site() as made:
        yield made


async def test_u39_thirty_entities_are_told_with_at_most_four_clicks(thirty):
    mouse = Mouse(await browser_of_the_leader(thirty))
    page = await mouse.browser.get(ROUND)
    planned = await mouse.press(page, ROUND)
    assert len(re.findall('name="slot"', planned.html)) == 30
    assert await Task.exclude(proposed_from=None).count() == 0  # shown before anything is sent
    await mouse.press(planned, f"{ROUND}/propose")
    await everybody_can()
    page = await mouse.browser.get(ROUND)
    assert "全部确定并发出（30）" in page.text
    done = await mouse.press(page, f"{ROUND}/fix")
    assert mouse.clicks <= 4, mouse.clicks
    assert "30/30" in done.text
    assert await Task.filter(state=TaskState.SCHEDULED).count() == 30
    assert await Notice.all().count() == 30
    assert (
        await Outbox.filter(kind="notice.by_hand").count() == 30
    )  # no chat, no e-mail: a person telephones each
    assert (await evidence.verify()).differences == []


async def test_the_times_keep_window_notice_days_working_days_and_nobody_is_in_two_places(thirty):
    mouse = Mouse(await browser_of_the_leader(thirty))
    await mouse.press(await mouse.press(await mouse.browser.get(ROUND), ROUND), f"{ROUND}/propose")
    batch, place, taken = await Batch.get(code=BATCH), district(), []
    for task in await Task.all():
        day = local_day(task.proposed_from)
        assert batch.opens <= day <= batch.closes
        assert place.calendar.is_workday(day)
        assert place.calendar.workdays_between(local_day(CEREMONY), day) >= place.notice_days
        taken.append((task.proposed_from, task.proposed_until))
    taken.sort()
    assert all(first[1] <= second[0] for first, second in pairwise(taken))
    assert len({local_day(begins) for begins, _ in taken}) <= 10  # few days: four a day where there is room


@pytest.fixture
async def five(db):
    await drawn(5)
    async with site() as made:
        yield made


async def test_each_member_gets_one_message_about_all_their_visits(five):
    mouse = Mouse(await browser_of_the_leader(five))
    await mouse.press(await mouse.press(await mouse.browser.get(ROUND), ROUND), f"{ROUND}/propose")
    asked = await Outbox.filter(kind="visits.proposed")
    assert await Outbox.filter(kind="visit.proposed").count() == 0
    task = await Task.all().first()
    assert (
        len(asked) == len({one.account_id for one in asked}) <= await Assignment.filter(task=task).count() - 1
    )
    assert {len(one.payload["tasks"]) for one in asked} == {5}


async def test_a_press_that_comes_twice_changes_nothing_the_second_time(five):
    mouse = Mouse(await browser_of_the_leader(five))
    planned = await mouse.press(await mouse.browser.get(ROUND), ROUND)
    for _ in range(2):
        await mouse.press(planned, f"{ROUND}/propose")
    await everybody_can()
    page = await mouse.browser.get(ROUND)
    before = await Outbox.all().count()
    for _ in range(2):
        await mouse.press(page, f"{ROUND}/fix")
    assert await Notice.all().count() == 5
    assert (
        await Outbox.filter(kind="visits.proposed").count()
        == await Outbox.filter(kind="visits.fixed").count()
    )
    assert await Outbox.all().count() > before
    assert (await evidence.verify()).differences == []


async def test_what_fails_is_named_with_its_reason_and_only_that_is_tried_again(five):
    mouse = Mouse(await browser_of_the_leader(five))
    await mouse.press(await mouse.press(await mouse.browser.get(ROUND), ROUND), f"{ROUND}/propose")
    await everybody_can()
    short, fine = await Task.all().order_by("proposed_from").limit(2)
    soon = CEREMONY + timedelta(days=3)  # one working day
    await schedule.propose(
        short.number, soon, soon + timedelta(hours=2), by=await sample.leader_of(short), at=CEREMONY
    )
    await everybody_can()
    page = await mouse.press(await mouse.browser.get(ROUND), f"{ROUND}/fix")
    assert "1 家没有办成" in page.text and "5 家中 4 家已办好" in page.text
    assert (await Target.get(code=short.target_id)).name in page.text.split("4 家已办好")[1]
    assert await Notice.all().count() == 4
    given = await Notice.get(task=fine)
    done = await mouse.press(page, f"{ROUND}/fix", reason="示例:临时专项")
    assert "全部确定" in done.text
    assert await Notice.all().count() == 5
    assert (await Notice.get(id=given.id)).version == given.version == 1
    assert (await Task.get(id=short.id)).short_notice == "示例:临时专项"


async def test_one_who_has_not_answered_holds_up_only_that_visit_unless_the_leader_says_so(five):
    mouse = Mouse(await browser_of_the_leader(five))
    await mouse.press(await mouse.press(await mouse.browser.get(ROUND), ROUND), f"{ROUND}/propose")
    silent = await Task.all().order_by("number").first()
    await everybody_can(but=silent.number)
    page = await mouse.press(await mouse.browser.get(ROUND), f"{ROUND}/fix")
    assert await Notice.all().count() == 4
    await mouse.press(page, f"{ROUND}/fix", unanswered="yes")
    assert await Notice.filter(task=silent).count() == 1


async def test_one_who_cannot_come_brings_the_visit_back_to_be_planned(five):
    mouse = Mouse(await browser_of_the_leader(five))
    await mouse.press(await mouse.press(await mouse.browser.get(ROUND), ROUND), f"{ROUND}/propose")
    task = await Task.all().order_by("number").first()
    member = (await sample.team_of(task))["WJ"][0]
    await schedule.reply(task.number, False, by=member, at=CEREMONY)
    page = await mouse.browser.get(ROUND)
    assert f"{member.name} 不能到" in page.text.replace(f"{member.name}不能到", f"{member.name} 不能到")
    assert "拟定时间（1）" in page.text
    await mouse.press(await mouse.press(page, ROUND), f"{ROUND}/propose")
    assert (await Task.get(id=task.id)).proposed_from != task.proposed_from


async def test_d80_a_withheld_visit_is_fixed_with_the_others_and_nobody_is_told_of_it(five):
    mouse = Mouse(await browser_of_the_leader(five))
    task = await Task.all().order_by("number").first()
    asked = await notice.ask_to_withhold(
        task.number, "《示例条例》第1条", by=await sample.leader_of(task), at=CEREMONY
    )
    head = await five.browser(Role.HEAD, "GA")
    await head.post(f"/console/withholdings/{asked}", act="agree")
    await mouse.press(await mouse.press(await mouse.browser.get(ROUND), ROUND), f"{ROUND}/propose")
    await everybody_can()
    await mouse.press(await mouse.browser.get(ROUND), f"{ROUND}/fix")
    assert (await Task.get(id=task.id)).state == TaskState.SCHEDULED
    assert [one.state for one in await Notice.filter(task=task)] == [NoticeState.WITHHELD]
    assert "不事先告知" in (await mouse.browser.get(ROUND)).text


async def test_the_office_looks_on_and_a_stranger_leader_sees_nothing(five):
    office = await five.browser(Role.OFFICE, "测试联席办")
    page = await office.get(ROUND)
    assert page.status == 200 and f"{ROUND}/fix" not in page.html and "未拟定时间" in page.text
    assert (await office.post(f"{ROUND}/fix", key="0" * 18, task="x")).status == 403
    leader = await sample.leader_of(await Task.all().first())
    other = await Account.filter(role=Role.INSPECTOR).exclude(inspector_id=leader.id).first()
    page = await (await five.browser(Role.INSPECTOR, other.inspector_id)).get(ROUND)
    assert "没有要告知的任务" in page.text


async def test_a_leader_cannot_fix_anothers_task_through_the_form(five):
    task = await Task.all().first()
    leader = await sample.leader_of(task)
    other = await Account.filter(role=Role.INSPECTOR).exclude(inspector_id=leader.id).first()
    browser = await five.browser(Role.INSPECTOR, other.inspector_id)
    page = await browser.post(f"{ROUND}/fix", key="0" * 18, batch=BATCH, task=task.number)
    assert "没有办成" in page.text
    for wrong in (
        {"slot": "x"},
        {"slot": f"{task.number}|2026-12-08T09:00|2026-12-08T11:00"},
        {"key": "short"},
    ):
        assert (
            await browser.post(f"{ROUND}/propose", **{"key": "0" * 18, "batch": BATCH, **wrong})
        ).status == 400
    assert await Question.all().count()


async def open_again(*numbers: str) -> None:
    """These network checks are not ended yet, as right after the draw."""
    await Task.filter(number__in=numbers).update(state=TaskState.ASSIGNED)


async def test_c8_what_is_missing_shows_before_the_first_press_with_the_act_beside_it(db):
    await drawn(6)
    tasks = await Task.all().order_by("number")
    await open_again(*(one.number for one in tasks[:2]))
    async with site() as made:
        leader = await browser_of_the_leader(made)
        mouse = Mouse(leader)
        page = await leader.get(ROUND)
        missing = page.html.split('id="unchecked"')[1].split("</section>")[0]
        assert "网络检查还没有结束" in missing
        assert [one.number in missing for one in tasks] == [True, True, *[False] * 4]
        page = await mouse.press(page, "/console/notices/network")
        assert 'id="unchecked"' not in page.html
        assert not await Task.exists(state=TaskState.ASSIGNED)


async def test_c8_a_visit_whose_network_check_is_open_is_not_among_those_to_be_fixed(db):
    await drawn(3)
    tasks = await Task.all().order_by("number")
    leader = await sample.leader_of(tasks[0])
    for n, task in enumerate(tasks):
        at = VISIT + timedelta(days=n)
        await schedule.propose(task.number, at, at + timedelta(hours=2), by=leader, at=CEREMONY)
    await everybody_can()
    await open_again(tasks[0].number)
    async with site() as made:
        page = await (await browser_of_the_leader(made)).get(ROUND)
        form = page.html.split('action="/console/notices/fix"')[1].split("</form>")[0]
        assert [one.number in form for one in tasks] == [False, True, True]
        assert tasks[0].number in page.html.split('id="held_up"')[1].split("</section>")[0]


async def test_c8_too_short_notice_asks_for_its_reason_before_the_press(db):
    await drawn(2)
    tasks = await Task.all().order_by("number")
    leader = await sample.leader_of(tasks[0])
    soon = CEREMONY + timedelta(days=3)
    await schedule.propose(tasks[0].number, soon, soon + timedelta(hours=2), by=leader, at=CEREMONY)
    await everybody_can()
    async with site() as made:
        leader_browser = await browser_of_the_leader(made)
        page = await leader_browser.get(ROUND)
        form = page.html.split('action="/console/notices/fix"')[1].split("</form>")[0]
        assert 'name="reason"' in form
        page = await Mouse(leader_browser).press(page, "/console/notices/fix", reason="示例:对方要求提前")
        assert 'id="failed"' not in page.html
        assert (await Task.get(id=tasks[0].id)).short_notice == "示例:对方要求提前"


async def test_a1_a_clash_shows_while_planning_and_is_not_offered_for_fixing(db):
    await drawn(2)
    first, second = await Task.all().order_by("number")
    leader = await sample.leader_of(first)
    for task in (first, second):
        await schedule.propose(task.number, VISIT, VISIT + timedelta(hours=2), by=leader, at=CEREMONY)
    await everybody_can()
    async with site() as made:
        browser = await browser_of_the_leader(made)
        page = await browser.get(ROUND)
        assert page.html.count("另有征求中的检查") == 2
        await schedule.fix(first.number, by=leader, at=CEREMONY, district=district())
        page = await browser.get(ROUND)
        held_up = page.html.split('id="held_up"')[1].split("</section>")[0]
        assert second.number in held_up
        assert first.number in held_up  # named as the other visit
        assert "不能同时确定" in held_up


async def test_twelve_visits_go_from_the_draw_to_their_letters_in_eight_presses_at_most(db):
    await round_of_twelve.one_team()
    async with site() as made:
        mouse = Mouse(await browser_of_the_leader(made))
        await mouse.press(await mouse.browser.get(ROUND), f"{ROUND}/network")
        await mouse.press(await mouse.press(await mouse.browser.get(ROUND), ROUND), f"{ROUND}/propose")
        assert await Task.filter(proposed_from__not_isnull=True).count() == round_of_twelve.VISITS
        await everybody_can()
        await mouse.press(await mouse.browser.get(ROUND), f"{ROUND}/fix")
    assert await Notice.all().count() == round_of_twelve.VISITS
    assert mouse.clicks <= 8


async def test_whoever_schedules_sees_the_working_hours_that_the_times_keep_to(db):
    tasks = await drawn(2)
    member = next(
        str(seat.inspector_id) for seat in await Assignment.filter(task=tasks[0], leader=False, until=None)
    )
    hours = "周二、周四 13:00-18:00"
    await register_entry.edit("inspectors", member, {"工作时间": hours}, by=sample.OFFICE, at=CEREMONY)
    async with site() as made:
        leader = await browser_of_the_leader(made)
        page = await leader.get(f"{ROUND}?batch={BATCH}&plan=1")
        assert "按名录库里的工作时间排" in page.text and hours in page.text
        outside = VISIT.replace(hour=9)
        by = await sample.leader_of(tasks[0])
        await schedule.propose(tasks[0].number, outside, outside + timedelta(hours=2), by=by, at=CEREMONY)
        assert f"的工作时间内（名录库：{hours}）" in (await leader.get(f"{ROUND}?batch={BATCH}")).text
