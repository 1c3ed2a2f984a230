"""更换 on the console: who is ruled out shows on the desk and the task, and may be replaced there (Art. 10, 14 (2))."""

from models.procedure import availability, team
from models.rules.actor import Role
from models.tables import Assignment, Inspector, OnlineEnding, Substitution, Target, Task
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, account


async def drawn() -> tuple[Task, Inspector]:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    return task, await Inspector.get(code=(await sample.team_of(task))["XF"][-1].id)


async def test_a6_the_desk_names_who_may_not_go_any_more_and_the_head_decides_there(db):
    task, officer = await drawn()
    await account(Role.HEAD, "XF")
    await Inspector.filter(code=officer.code).update(status="left")
    await availability.sweep(at=CEREMONY)
    row = await Substitution.filter(outgoing=officer.certificate).first()
    async with site() as made:
        head = await made.browser(Role.HEAD, "XF")
        desk = await head.get("/console/")
        assert "已离岗" in desk.html.split('id="staffing"')[1]
        assert f'action="/console/substitutions/{row.id}"' in desk.html
        page = await head.get(f"/console/tasks/{task.number}")
        assert officer.name in page.html.split('id="staffing"')[1]
        await head.post(f"/console/substitutions/{row.id}", act="agree")
        desk = await head.get("/console/")
        assert 'id="staffing"' not in desk.html


async def test_a6_a_seat_that_nobody_can_fill_has_the_ways_on_beside_it(db):
    task, officer = await drawn()
    serving = await Assignment.filter(until=None).values_list("inspector_id", flat=True)
    async with sample.written():
        await Inspector.filter(department="XF").exclude(code__in=list(serving)).update(status="on_leave")
    asked = await team.request_substitution(task.number, officer.code, "post", by=OFFICE, at=CEREMONY)
    async with site() as made:
        head, office = await made.browser(Role.HEAD, "XF"), await made.browser(Role.OFFICE, "联席办")
        await head.post(f"/console/substitutions/{asked.id}", act="agree")
        for browser in (head, office):
            desk = await browser.get("/console/")
            section = desk.html.split('id="staffing"')[1]
            assert (
                "空缺" in section
                and "再次更换" in section
                and f"/console/tasks/{task.number}/replace" in section
            )
            assert f"/console/batches/{task.batch_id}" in desk.reader.links
            assert (await browser.get(f"/console/batches/{task.batch_id}")).status == 200
        assert "/console/registers/inspectors?department=XF" in desk.reader.links
        assert (await office.get("/console/registers/inspectors?department=XF")).status == 200
        async with sample.written():
            await Inspector.filter(department="XF", status="on_leave").update(status="in_post")
        await head.post(f"/console/tasks/{task.number}/replace", officer=officer.code, reason="post", note="")
        assert 'id="staffing"' not in (await head.get("/console/")).html


async def test_a6_the_office_begins_a_substitution_on_the_tasks_page(db):
    task, officer = await drawn()
    async with site() as made:
        office = await made.browser(Role.OFFICE, "联席办")
        page = await office.get(f"/console/tasks/{task.number}")
        assert f'<option value="{officer.code}">' in page.html
        await office.post(
            f"/console/tasks/{task.number}/replace", officer=officer.code, reason="post", note="示例"
        )
    row = await Substitution.get(outgoing=officer.certificate)
    assert (row.consented, row.note) == (None, "示例")


async def test_a6_a_member_who_does_not_lead_is_offered_none(db):
    task, _ = await drawn()
    member = (await sample.team_of(task))["WJ"][-1]
    async with site() as made:
        page = await (await made.browser(Role.INSPECTOR, member.id)).get(f"/console/tasks/{task.number}")
        assert f"/console/tasks/{task.number}/replace" not in page.html


async def test_a9_the_leader_ends_a_task_on_its_page_when_the_target_is_gone(db):
    task, _ = await drawn()
    await Target.filter(code=task.target_id).update(status="deregistered")
    leader = await sample.leader_of(task)
    async with site() as made:
        browser = await made.browser(Role.INSPECTOR, leader.id)
        page = await browser.get(f"/console/tasks/{task.number}")
        assert '<option value="R10" selected>' in page.html
        await browser.post(
            f"/console/tasks/{task.number}/end_online",
            result="R10",
            source="示例公示系统",
            finding="示例:已注销",
        )
        page = await browser.get(f"/console/tasks/{task.number}")
        assert "示例公示系统 · 示例:已注销" in page.html
    assert (await OnlineEnding.get(task=task)).result == "R10"
