"""重新打开: a closed section has a way on until the record stands signed (Art. 16 (3))."""

from __future__ import annotations

from datetime import timedelta

from models.procedure import inspection, record, reopening
from models.queries import clash, evidence
from models.queries import record as records
from models.queries.card import task_card
from models.queries.reopening import reopenable
from models.queries.sheet import sheet_of
from models.rules.actor import Actor
from models.tables import Event, Finalised, Outbox, Task
from tests.models.procedure.test_record import PLACE, refused, visit
from tests.support import district as sample
from tests.support.district import VISIT

LATER = VISIT + timedelta(minutes=30)


async def signed(task: Task, team: dict[str, list[Actor]], leader: Actor) -> None:
    drawn = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    await record.refuse_to_sign(task.number, drawn.sha256, "示例", witness="示例见证人", by=leader, at=VISIT)
    for officer in [one for crew in team.values() for one in crew]:
        await record.sign(task.number, drawn.sha256, "officer", picture="", by=officer, at=VISIT)


async def reclosed(task: Task, officer: Actor) -> None:
    await reopening.reopen(task.number, "XF", "示例:第一项答错", by=officer, at=LATER)
    ask = (await sheet_of(task)).on_site("XF")[0]
    await inspection.answer(task.number, ask.number, note="示例:更正", by=officer, at=LATER)
    await inspection.finalise(task.number, by=officer, at=LATER)


async def test_a_section_that_its_officer_closed_too_early_is_reopened_answered_and_closed_again(
    any_db,
) -> None:
    task, team, leader = await visit()
    first = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    for _ in range(2):
        await reclosed(task, team["XF"][1])
    sheet = await sheet_of(task)
    assert "XF" in sheet.closed
    assert sheet.given[sheet.on_site("XF")[0].number].note == "示例:更正"
    assert (await Finalised.get(task=task, department="XF")).version == 3
    assert await Event.filter(kind="section.finalised").count() == len(team) + 2
    assert (await record.draw_up(task.number, by=leader, at=LATER, district=PLACE)).sha256 != first.sha256
    assert (await evidence.verify()).differences == []


async def test_the_leader_reopens_anothers_section_and_the_team_hears_why(any_db) -> None:
    task, team, leader = await visit()
    other = next(code for code in team if code != leader.department)
    await reopening.reopen(task.number, other, "示例:漏一张照片", by=leader, at=LATER)
    assert other not in (await sheet_of(task)).closed
    told = await Outbox.filter(kind="section.reopened")
    assert len(told) == sum(map(len, team.values())) - 1
    assert {row.payload["reason"] for row in told} == {"示例:漏一张照片"}


async def test_no_stranger_to_the_section_reopens_it_and_nobody_without_a_reason(any_db) -> None:
    task, team, leader = await visit()
    member = next(one for one in team[leader.department] if one.id != leader.id)
    other = next(code for code in team if code != leader.department)
    assert (
        await refused(reopening.reopen(task.number, other, "示例", by=member, at=LATER))
        == "section.of_another"
    )
    assert (
        await refused(reopening.reopen(task.number, other, " ", by=leader, at=LATER)) == "section.no_reason"
    )
    assert {one.department for one in await reopenable(await task_card(task.id, member.id))} == {
        leader.department
    }
    assert {one.department for one in await reopenable(await task_card(task.id, leader.id))} == set(team)


async def test_once_the_record_stands_signed_no_section_is_reopened_and_none_is_offered(any_db) -> None:
    task, team, leader = await visit()
    await signed(task, team, leader)
    assert (await records.papers(task.id)).settled
    assert await refused(reopening.reopen(task.number, "XF", "示例", by=leader, at=LATER)) == "section.signed"
    assert await reopenable(await task_card(task.id, leader.id)) == ()


async def test_a1_whoever_went_on_to_another_visit_is_not_called_back_into_two_places(any_db) -> None:
    task, team, leader = await visit()
    second = await Task.exclude(id=task.id).filter(team_id=task.team_id).order_by("rank").first()
    assert second
    begins = VISIT + timedelta(hours=3)
    await sample.visit_fixed(second, PLACE, begins=begins)
    await inspection.begin(
        second.number,
        [one.id for one in team["XF"]],
        by=leader,
        at=begins,
        reason="示例",
        untold="示例:当面告知",
    )
    asked = reopening.reopen(task.number, "XF", "示例", by=leader, at=begins)
    assert await refused(asked) == "section.officers_elsewhere"
    assert "XF" not in {one.department for one in await reopenable(await task_card(task.id, leader.id))}
    assert await clash.at_other_visits(task, [one.id for one in team["XF"]])
