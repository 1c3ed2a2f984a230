"""申请改期, 申请回避: what the entity asks for on its page, and who decides it (Art. 14 (2), 16 (2))."""

import pytest

from models.procedure import postponement, recusal
from models.queries import evidence, free_times
from models.rules.actor import Actor, Role
from models.tables import (
    Assignment,
    Event,
    Inspector,
    Notice,
    Outbox,
    Postponement,
    RecusalRequest,
    Substitution,
    Task,
)
from tests.server.notices import first_task, given, link, look
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def whole():
    assert (await evidence.verify()).differences == []


async def owed(kind):
    return await Outbox.filter(kind=kind).count()


# 申请改期


async def test_the_free_windows_leave_out_what_the_members_have_elsewhere(world):
    of = await given()
    task = await Task.get(id=of.task_id)
    before = await free_times.free(task, CEREMONY, district())
    assert 0 < len(before) <= 6
    member = await Assignment.filter(task=task, leader=False).first()
    other = await Task.filter(assignments__inspector_id=member.inspector_id).exclude(id=task.id).first()
    begins, ends = before[0]
    await Task.filter(id=other.id).update(state="scheduled", visit_from=begins, visit_until=ends)
    after = await free_times.free(task, CEREMONY, district())
    assert before[0] not in after
    page = await look(world, of)
    assert begins.isoformat() not in page.html
    assert after[0].begins.isoformat() in page.html


async def test_a_window_the_leader_grants_is_proposed_to_the_members_at_once(world):
    of, stranger = await given(), await world.browser()
    task = await first_task()
    await sample.team_of(task)
    chosen = (await free_times.free(task, CEREMONY, district()))[1]
    page = await stranger.post(
        link(of), act="postpone", reason="停电", window=chosen.begins.isoformat(), follow=True
    )
    assert "希望改到" in page.text
    asked = await Postponement.get(notice=of)
    assert (asked.wanted_from, asked.wanted_until) == chosen
    leader = await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)
    address = f"/console/tasks/{task.number}"
    assert "停电" in (await leader.get(address)).text
    done = await leader.post(f"{address}/postponements/{asked.id}", act="agree")
    assert done.status == 303
    task = await Task.get(id=task.id)
    assert (task.proposed_from, task.proposed_until) == chosen
    assert await owed("visit.proposed") == 7
    assert "已同意改期" in (await stranger.get(link(of))).text
    await whole()


async def test_a_window_taken_in_the_meantime_is_refused_to_the_entity_and_left_by_the_leader(world):
    of, stranger = await given(), await world.browser()
    task = await first_task()
    chosen = (await free_times.free(task, CEREMONY, district()))[-1]
    member = await Assignment.filter(task=task, leader=False).first()
    other = await Task.filter(assignments__inspector_id=member.inspector_id).exclude(id=task.id).first()
    await stranger.post(link(of), act="postpone", reason="停电", window=chosen.begins.isoformat())
    await sample.visit_fixed(other, district(), begins=chosen.begins)
    asked = await Postponement.get(notice=of)
    await postponement.decide(asked.id, True, by=await sample.leader_of(task), at=CEREMONY)
    assert (await Task.get(id=task.id)).proposed_from == VISIT
    again = await Notice.get(task=other)
    page = await stranger.post(link(again), act="postpone", reason="停电", window=chosen.begins.isoformat())
    assert page.status == 409
    assert "另选一个" in page.text


@pytest.mark.parametrize(
    "said", ["yesterday", "2026-12-09T09:00", "2026-12-09T09:01+08:00", "2020-01-01T09:00+08:00"]
)
async def test_a_window_nobody_offered_is_refused(world, said):
    of, stranger = await given(), await world.browser()
    assert (await stranger.post(link(of), act="postpone", reason="停电", window=said)).status in (400, 409)
    assert await Postponement.all().count() == 0


# 申请回避


async def test_a_recusal_is_read_by_the_head_of_that_department_alone(world):
    of, stranger = await given(), await world.browser()
    task, secret = await first_task(), "示例:是我前夫"
    leader = await sample.leader_of(task)
    seat = await Assignment.get(task=task, inspector_id=leader.id, until=None)
    others = [
        await world.browser(Role.INSPECTOR, leader.id),
        await world.browser(Role.OFFICE, "测试联席办"),
        await world.browser(Role.HEAD, next(one for one in sample.CREW if one != leader.department)),
    ]
    paths = ("/console/", f"/console/tasks/{task.number}")
    before = [(await other.get(path)).text.count("回避") for other in others for path in paths]
    page = await stranger.post(link(of), act="recuse", officer=str(seat.id), reason=secret, follow=True)
    assert "等待答复" in page.text
    assert secret not in page.text
    row = await RecusalRequest.get(task=task)
    assert await Outbox.filter(kind="recusal.asked").count() == len(
        await Outbox.filter(kind="recusal.asked", account__department=leader.department, account__role="head")
    )
    head = await world.browser(Role.HEAD, leader.department)
    assert secret in (await head.get("/console/")).text
    after = []
    for other in others:
        for path in paths:
            shown = await other.get(path)
            assert secret not in shown.text
            after.append(shown.text.count("回避"))
        assert (await other.post(f"/console/recusals/{row.id}", act="refuse")).status in (403, 404)
    assert after == before  # nor can anybody read that there is a request
    assert secret not in (await head.get(f"/console/tasks/{task.number}")).text
    assert await Event.filter(chain=f"task:{task.number}", kind__startswith="recusal").count() == 0
    kept = await Event.get(chain=f"recusal:{row.id}")
    assert set(kept.data) - {"rows", "form", "before"} == {"reason_sha256"}


async def test_a_granted_recusal_lets_the_next_ticket_step_in_and_the_page_says_so(world):
    of, stranger = await given(), await world.browser()
    task = await first_task()
    seat = await Assignment.filter(task=task, leader=False, until=None).first()
    await stranger.post(link(of), act="recuse", officer=str(seat.id), reason="示例:亲属")
    row = await RecusalRequest.get(task=task)
    head = await world.browser(Role.HEAD, seat.department)
    assert (await head.post(f"/console/recusals/{row.id}", act="agree")).status == 303
    made = await Substitution.get(team_id=task.team_id)
    assert (made.reason, made.note, made.consented) == ("recusal", "", True)
    assert made.asked_by == made.decided_by == f"head:{seat.department}"
    assert not await Assignment.exists(task=task, inspector_id=seat.inspector_id, until=None)
    page = await stranger.get(link(of))
    assert "已同意，由他人接替" in page.text
    gone, came = (
        await Inspector.get(code=seat.inspector_id),
        await Inspector.get(certificate=made.incoming),
    )
    assert came.certificate.replace("-", "")[-4:] in page.text
    assert f"{gone.name[0]}** " in page.text
    await whole()


async def test_a_recusal_needs_a_reason_and_an_officer_of_this_team_and_is_asked_once(world):
    of, stranger = await given(), await world.browser()
    seat = await Assignment.filter(task_id=of.task_id, until=None).first()
    foreign = await Assignment.filter(until=None).exclude(task_id=of.task_id).first()
    assert (await stranger.post(link(of), act="recuse", officer=str(seat.id), reason=" ")).status == 409
    assert (await stranger.post(link(of), act="recuse", officer=str(foreign.id), reason="示例")).status == 409
    for _ in range(2):
        assert (
            await stranger.post(link(of), act="recuse", officer=str(seat.id), reason="示例")
        ).status == 303
    assert await RecusalRequest.all().count() == 1
    head = Actor(Role.HEAD, seat.department, "", seat.department)
    done = await recusal.decide((await RecusalRequest.get()).id, False, "示例:无关", by=head, at=CEREMONY)
    assert done.granted is False
    assert "未同意 : 示例:无关" in (await stranger.get(link(of))).text
    await whole()
