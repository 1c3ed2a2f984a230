"""C9: whatever an officer does on a phone, a desk does too, without scripts (Art. 14-16)."""

import re

import aiohttp
import pytest

from models.procedure import inspection
from models.queries import evidence
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Answer, NetworkFinding, Photo, Result, Suspension, Task
from server.companion import acts as phone
from server.console import work
from tests.models.procedure.test_record import close
from tests.server.companion.phone import jpeg
from tests.server.pages import FORM, site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, Clock, district


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site(Clock()) as made:
        yield made


async def first() -> Task:
    return await Task.all().order_by("rank").first()


async def officers(world) -> tuple[Task, dict, list]:
    """The first task, its team by department, and the leader's browser."""
    task = await first()
    team = await sample.team_of(task)
    leader = await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)
    return task, team, leader


async def press(browser, task, act: str, at: str = "0", **said):
    """Fill in the form that the page shows, and send it: refused when the page has none."""
    page = await browser.get(f"/console/tasks/{task.number}")
    place = f"/console/tasks/{task.number}/acts/{act}"
    forms = [one for one in page.reader.forms if one["action"] == place and one["key"].endswith(f"-{at}")]
    assert len(forms) == 1, (
        act,
        task.number,
        page.text[:900],
        [one["action"].split("/")[-1] for one in page.reader.forms],
    )
    (form,) = forms
    hidden = {name: value for name, value in form.items() if name not in ("action", "method", "csrf")}
    answer = await browser.client.post(
        place,
        data=[("csrf", browser.csrf), *hidden.items(), *_pairs(said)],
        headers=FORM,
        allow_redirects=False,
    )
    assert answer.status == 303, (act, await answer.text())
    return dict(hidden)


async def on_the_day(world, *browsers):
    """The day of the visit: sessions of the week before have ended, everybody signs in again."""
    world.clock.move(VISIT)
    for browser, officer in browsers:
        await browser.sign_in(Role.INSPECTOR, officer)


def _pairs(said):
    return [
        (name, one) for name, value in said.items() for one in (value if isinstance(value, list) else [value])
    ]


async def test_c9_an_inspection_is_done_from_the_first_look_to_the_result_on_the_console_alone(world):
    task, team, leader = await officers(world)
    desks = {code: await world.browser(Role.INSPECTOR, people[0].id) for code, people in team.items()}
    await press(leader, task, "accept")
    await press(leader, task, "close_network")
    await press(leader, task, "propose", day=VISIT.date().isoformat(), clock="09:00")
    for people in team.values():
        for one in people:
            if one.id == (await sample.leader_of(task)).id:
                continue
            member = await world.browser(Role.INSPECTOR, one.id)
            await press(member, task, "reply", at="yes")
    await press(leader, task, "fix", reason="示例:提前告知")
    assert (await first()).state == TaskState.SCHEDULED
    head = (await sample.leader_of(task)).id
    await on_the_day(world, (leader, head), *((desks[code], people[0].id) for code, people in team.items()))
    present = [one.id for people in team.values() for one in people]
    await press(leader, task, "begin", present=present, untold="示例:当面告知")
    sheet = (await work.cards.task_card(task.number, present[0])).sheet
    for ask in sheet.asks:
        said = {"verdict": "na" if ask.may_not_apply else "pass", "note": "示例"}
        if ask.kind != "TRI" and not ask.may_not_apply:
            said["value"] = {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind, "示例")
        await press(desks[ask.department], task, "answer", at=str(ask.number), **said)
    for desk in desks.values():
        await press(desk, task, "finalise")
    await press(leader, task, "conclude")
    await press(leader, task, "enter", types=["R01"], note="")
    for code, desk in desks.items():
        if code != (await sample.leader_of(task)).department:
            await press(desk, task, "enter", types=["R01"], measures=["none"], note="")
    await press(leader, task, "confirm")
    assert (await first()).state == TaskState.ENTERED
    assert (await Result.get(task=task)).types == ["R01"]
    assert await Answer.filter(task=task).count() == len(sheet.asks)
    assert (await evidence.verify()).differences == []


async def test_c9_a_section_closed_too_early_is_reopened_at_the_desk_with_a_reason(world):
    task, team, leader = await officers(world)
    await sample.visit_fixed(task, district())
    people = [one for crew in team.values() for one in crew]
    by = await sample.leader_of(task)
    await inspection.begin(task.number, [one.id for one in people], by=by, at=VISIT, untold="示例")
    await close(task, team)
    await press(leader, task, "reopen", department="XF", reason="示例:漏答")
    assert "XF" not in (await sheet_of(task)).closed


async def test_c9_every_act_of_a_phone_has_its_form_on_the_console(world):
    """Those that have none are named with their reason in decision 0180."""
    forms = re.findall(r'begin\("([a-z_]+)"', template("work")) + re.findall(
        r'begin_order\("([a-z_]+)"', template("orders")
    )
    shown = {*forms, "find", *ELSEWHERE}
    assert set(phone.ACTS) - shown == set(work.ONLY_ON_A_PHONE)


ELSEWHERE = {  # forms that stand elsewhere on the task's page
    "end_online", "telephoned", "postponement", "correction", "handed", "photo_void", "record_draw", "receipt",
    "revision_propose",
}  # fmt: skip


def template(name: str) -> str:
    """The source of a part of the task's page."""
    from server.pages import environment

    loader = environment().loader
    assert loader is not None
    return loader.get_source(environment(), f"console/{name}.html")[0]


async def test_c9_a_form_sent_twice_is_one_act(world):
    task, team, leader = await officers(world)
    await sample.visit_fixed(task, district())
    await inspection.begin(
        task.number, [one.id for people in team.values() for one in people], by=await sample.leader_of(task), at=VISIT,
        untold="示例",
    )  # fmt: skip
    await on_the_day(world, (leader, (await sample.leader_of(task)).id))
    own = (await sample.leader_of(task)).department
    number = next(
        one.number for one in (await work.cards.task_card(task.number, team[own][0].id)).sheet.of(own)
    )
    sent = await press(leader, task, "answer", at=str(number), verdict="fail", note="示例:缺少标志")
    again = await leader.post(
        f"/console/tasks/{task.number}/acts/answer", verdict="fail", note="示例:缺少标志", **sent
    )
    assert again.status == 303
    assert await Answer.filter(task=task).count() == 1
    other = await leader.post(f"/console/tasks/{task.number}/acts/answer", verdict="pass", note="", **sent)
    assert other.status == 409
    assert (await Answer.get(task=task)).verdict == "fail"


async def test_c9_a_photo_and_a_screenshot_are_brought_at_the_desk(world):
    task, team, leader = await officers(world)
    own = (await sample.leader_of(task)).department
    card = await work.cards.task_card(task.number, team[own][0].id)
    online = next((one.number for one in card.sheet.of(own) if one.network != "no"), None)
    if online is not None:
        said = {"verdict": "open", "finding": "示例", "source": "示例网"}
        assert (await upload(leader, task, "seen", question=str(online), **said)).status == 303
        assert (await NetworkFinding.get(task=task)).screenshot
    await sample.visit_fixed(task, district())
    present = [one.id for people in team.values() for one in people]
    await inspection.begin(task.number, present, by=await sample.leader_of(task), at=VISIT, untold="示例")
    await on_the_day(world, (leader, (await sample.leader_of(task)).id))
    number = card.sheet.of(own)[0].number
    assert (await upload(leader, task, "photos", question=str(number))).status == 303
    shot = await Photo.get(task=task)
    assert shot.source == "console"
    assert "gallery" in shot.labels
    await press(leader, task, "suspend", reason="示例:当日时间不足")
    assert await Suspension.filter(task=task).count() == 1
    assert (await evidence.verify()).differences == []


async def upload(browser, task, where: str, **said):
    form = aiohttp.FormData()
    form.add_field("csrf", browser.csrf)
    for name, value in said.items():
        form.add_field(name, value)
    form.add_field("files", jpeg(), filename="a.jpg", content_type="image/jpeg")
    return await browser.client.post(
        f"/console/tasks/{task.number}/{where}", data=form, headers=FORM, allow_redirects=False
    )


async def test_c9_who_does_not_serve_in_the_task_sees_no_form_and_does_nothing(world):
    task, team, _ = await officers(world)
    serving = {one.id for people in team.values() for one in people}
    stranger = next(f"INS-GA-{n}" for n in range(1, 7) if f"INS-GA-{n}" not in serving)
    browser = await world.browser(Role.INSPECTOR, stranger)
    page = await browser.get(f"/console/tasks/{task.number}")
    assert not any("/acts/" in one["action"] for one in page.reader.forms)
    answer = await browser.post(f"/console/tasks/{task.number}/acts/accept", key="a" * 20)
    assert answer.status == 404
    assert CEREMONY < VISIT
