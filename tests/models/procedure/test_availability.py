"""名录库是活的: a change of the register reaches every open task the same minute (Art. 10, 14 (2))."""

import csv
import io
from datetime import date, timedelta

import pytest

from models.procedure import availability, enrolment, registry, team
from models.queries import board, evidence, pending_decisions, substitution
from models.queries.card import task_card
from models.rules.actor import Role
from models.rules.registry.inspectors import INSPECTOR_COLUMNS
from models.states import TaskState as T
from models.tables import Account, Assignment, Event, Inspector, Outbox, Substitution, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, VISIT, account, district, written
from tests.support.onsite import refused

LATER = CEREMONY + timedelta(hours=1)
STATUSES = {"in_post": "在岗", "on_leave": "休假", "left": "离岗"}


@pytest.fixture
async def tasks(any_db) -> list[Task]:
    """The tasks of the larger team; everybody has an account."""
    await sample.found()
    await sample.drawn()
    for department in sample.CREW:
        await account(Role.HEAD, department)
    teams = [one.team_id for one in await Task.all()]
    found = await Task.filter(team_id=max(teams, key=teams.count)).order_by("rank")
    for task in found:
        await sample.team_of(task)
    return found


async def member_of(task: Task, department: str = "XF") -> Inspector:
    return await Inspector.get(code=(await sample.team_of(task))[department][-1].id)


def listed(officers: list[Inspector]) -> bytes:
    """The register as a department sends it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, INSPECTOR_COLUMNS)
    writer.writeheader()
    for one in officers:
        writer.writerow({
            "人员编号": one.code, "姓名": one.name, "部门编码": one.department, "执法证号": one.certificate,
            "执法证有效期至": one.certificate_until.isoformat(), "执法层级": one.level, "执法区域": "；".join(one.areas),
            "可检查事项编号": "；".join(one.items), "可任组长": "是" if one.may_lead else "否", "是否专家(仅协助)": "否",
            "人员状态": STATUSES[one.status], "电话": one.phone,
        })  # fmt: skip
    return out.getvalue().encode()


async def imported(officer: Inspector, at=LATER) -> None:
    report = await registry.import_inspectors(listed([officer]), by=OFFICE, at=at)
    assert (report.taken, report.changed, list(report.bad)) == (True, 1, [])


async def test_a6_an_officer_imported_as_left_is_flagged_told_of_and_to_be_replaced_at_once(tasks):
    officer = await member_of(tasks[0])
    officer.status = "left"
    await imported(officer)
    flagged = await substitution.unfit(tasks, LATER)
    assert {id: [(one.officer, one.why) for one in found] for id, found in flagged.items()} == {
        task.id: [(officer.code, "left")] for task in tasks
    }
    row = await Substitution.get(outgoing=officer.certificate)
    assert (row.consented, row.asked_by, row.targets) == (None, OFFICE.mark, [])
    assert all(one.asked == row.id for found in flagged.values() for one in found)
    events = await Event.filter(kind="team.unfit", chain__in=[f"task:{task.number}" for task in tasks])
    assert {(one.at, one.data["ground"]) for one in events} == {(LATER, "left")}
    told = {(one.kind, one.account_id) for one in await Outbox.filter(kind__in=["team.asked", "team.unfit"])}
    head = await Account.get(role=Role.HEAD, department="XF")
    leader = await Account.get(inspector_id=(await sample.leader_of(tasks[0])).id)
    assert told == {("team.asked", head.id), ("team.unfit", leader.id)}
    assert (await evidence.verify()).differences == []


async def test_a6_one_who_has_left_cannot_act_any_more(tasks):
    officer = await member_of(tasks[0])
    actor = enrolment.actor_of(await account(Role.INSPECTOR, officer.code))
    await team.accept(tasks[0].number, by=actor, at=CEREMONY)
    officer.status = "left"
    await imported(officer)
    assert await refused(team.accept(tasks[1].number, by=actor, at=LATER)) == "officer.left"


async def test_a6_a_certificate_that_runs_out_before_the_visit_is_found_by_the_clock(tasks):
    officer = await member_of(tasks[0])
    async with written():
        await Inspector.filter(code=officer.code).update(certificate_until=VISIT.date() - timedelta(days=1))
    assert await availability.sweep(at=LATER) == 0
    leader = await sample.leader_of(tasks[0])
    await sample.visit_fixed(tasks[0], district())
    assert (await Task.get(id=tasks[0].id)).visit_from == VISIT
    assert await availability.sweep(at=LATER) == 1
    assert await availability.sweep(at=LATER + timedelta(minutes=1)) == 0
    row = await Substitution.get(outgoing=officer.certificate)
    assert (row.note, row.targets) == ("expired", [tasks[0].pool_id])
    card = await task_card(tasks[0].number, leader.id, LATER)
    assert [(one.name, one.why, one.asked) for one in card.unfit] == [(officer.name, "expired", row.id)]


@pytest.mark.parametrize(
    ("changed", "ground"),
    [
        ({"areas": ["410402002"]}, "area"),
        ({"items": ["XH-XF-01"]}, "items"),
        ({"recused": ["OBJ00001"]}, "recused"),
        ({"status": "on_leave"}, "leave"),
        ({"certificate_until": date(2026, 11, 26)}, "expired"),
    ],
)
async def test_a6_leave_certificate_area_items_and_recusal_all_count(tasks, changed, ground):
    officer = await member_of(tasks[0])
    if "recused" in changed:
        changed = {"recused": [tasks[0].target_id]}
    async with written():
        await Inspector.filter(code=officer.code).update(**changed)
    assert await availability.sweep(at=LATER) >= 1
    assert {row.note for row in await Substitution.filter(outgoing=officer.certificate)} == {ground}


async def test_a6_what_the_head_declined_is_not_asked_every_minute_and_stays_flagged(tasks):
    officer = await member_of(tasks[0])
    async with written():
        await Inspector.filter(code=officer.code).update(status="on_leave")
    await availability.sweep(at=LATER)
    row = await Substitution.get(outgoing=officer.certificate)
    head = enrolment.actor_of(await account(Role.HEAD, "XF"))
    await team.decide(row.id, False, by=head, at=LATER)
    assert await availability.sweep(at=LATER + timedelta(minutes=1)) == 0
    assert (await substitution.unfit(tasks, LATER))[tasks[0].id][0].asked is None


async def test_a6_consent_brings_the_next_ticket_and_the_flag_is_gone(tasks):
    officer = await member_of(tasks[0])
    async with written():
        await Inspector.filter(code=officer.code).update(status="left")
    await availability.sweep(at=LATER)
    row = await Substitution.get(outgoing=officer.certificate)
    assert (await pending_decisions.asked_out(row.id)).note == "left"
    head = enrolment.actor_of(await account(Role.HEAD, "XF"))
    decided = await team.decide(row.id, True, by=head, at=LATER)
    assert decided.incoming
    assert await substitution.unfit(tasks, LATER) == {}
    assert await substitution.troubled(board.ALL, LATER) == ()
    assert await availability.sweep(at=LATER + timedelta(minutes=1)) == 0


async def test_a6_a_task_that_is_over_is_not_flagged(tasks):
    officer = await member_of(tasks[0])
    await Task.all().update(state=T.PUBLISHED)
    async with written():
        await Inspector.filter(code=officer.code).update(status="left")
    assert await availability.sweep(at=LATER) == 0
    assert await Assignment.filter(inspector_id=officer.code, until=None).exists()
