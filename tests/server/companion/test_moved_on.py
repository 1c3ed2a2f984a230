"""What a phone kept without reception does not undo what others did since: it is told, and may say it again (Art. 15, 16).

Each act is made on the task as a phone has it; then something is done elsewhere; then the phone's act arrives.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from models.procedure import inspection, photo, publication, reopening, schedule, suspension
from models.queries import evidence
from models.queries.sheet import sheet_of
from models.rules.actor import Actor
from models.states import TaskState
from models.tables import Answer, Event, NetworkFinding, Photo, Task
from tests.server.companion.phone import Answer as Said
from tests.server.companion.phone import Visit, jpeg, new_key, on_site, task_of
from tests.server.pages import FORM, Site, site
from tests.support import district as sample
from tests.support.district import VISIT, district

REASON = "示例:第一项看错"
MOVED_ON = ("task.moved_on", "task.moved_on_because")


@pytest.fixture
async def world(db) -> AsyncIterator[Site]:
    await sample.found()
    async with site() as made:
        yield made


@pytest.fixture
async def visit(world) -> Visit:
    """Under way, every question of the leader's department answered."""
    made = await on_site(world, one_department=True)
    leader, _ = await _team(made)
    for ask in (await sheet_of(made.task)).asks:
        value = None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind)
        verdict = "na" if ask.may_not_apply else "pass"
        await inspection.answer(
            made.number, ask.number, verdict=verdict, note="示例", by=leader, at=VISIT, value=value
        )
    return made


async def _team(visit: Visit) -> tuple[Actor, Actor]:
    """The leader and the second officer of the same department."""
    lead = await sample.leader_of(visit.task)
    return lead, (await sample.team_of(visit.task))[lead.department][1]


async def as_known(visit: Visit) -> int:
    return int((await visit.leader.task(visit.number))["as_of"])


def refused(said: Said) -> bool:
    return said.status == 409 and said.body["error"]["code"] in MOVED_ON


async def test_a_closing_made_before_a_reopening_does_not_close_the_section_again(visit):
    leader, mate = await _team(visit)
    early, at = await as_known(visit), visit.site.clock()
    await inspection.finalise(visit.number, by=mate, at=at)
    await reopening.reopen(visit.number, mate.department, REASON, by=mate, at=at)
    late = await visit.leader.act(visit.number, "finalise", as_of=early)
    assert refused(late)
    assert mate.name in late.body["error"]["text"] and REASON in late.body["error"]["text"]
    assert (await sheet_of(visit.task)).closed == frozenset()
    again = await visit.leader.act(visit.number, "finalise", as_of=await as_known(visit))
    assert again.status == 201, "read and said again, it is done"
    assert (await sheet_of(visit.task)).closed == {leader.department}
    assert (await evidence.verify()).differences == []


async def test_a_closing_is_taken_where_the_section_was_closed_elsewhere_and_stayed_so(visit):
    early = await as_known(visit)
    _, mate = await _team(visit)
    await inspection.finalise(visit.number, by=mate, at=visit.site.clock())
    assert (await visit.leader.act(visit.number, "finalise", as_of=early)).status == 201
    assert await Event.filter(kind="section.finalised").count() == 1


async def test_what_the_phone_itself_did_since_is_known_to_it(visit):
    """Closed, opened again and closed anew without reception: all three were made on what the phone had then."""
    early, department = await as_known(visit), (await _team(visit))[0].department
    for act, said in (
        ("finalise", {}),
        ("reopen", {"department": department, "reason": REASON}),
        ("finalise", {}),
    ):
        assert (await visit.leader.act(visit.number, act, as_of=early, **said)).status == 201
    assert (await sheet_of(visit.task)).closed == {department}


async def test_a_reopening_made_before_a_later_closing_does_not_open_it_again(visit):
    leader, mate = await _team(visit)
    at = visit.site.clock()
    await inspection.finalise(visit.number, by=mate, at=at)
    early = await as_known(visit)
    await reopening.reopen(visit.number, mate.department, REASON, by=mate, at=at)
    await inspection.finalise(visit.number, by=mate, at=at)
    said = {"department": leader.department, "reason": REASON}
    assert refused(await visit.leader.act(visit.number, "reopen", as_of=early, **said))
    assert (await sheet_of(visit.task)).closed == {leader.department}


async def test_an_end_made_before_a_reopening_does_not_end_the_visit(visit):
    _, mate = await _team(visit)
    at = visit.site.clock()
    await inspection.finalise(visit.number, by=mate, at=at)
    early = await as_known(visit)
    await reopening.reopen(visit.number, mate.department, REASON, by=mate, at=at)
    await inspection.finalise(visit.number, by=mate, at=at)
    assert refused(await visit.leader.act(visit.number, "conclude", as_of=early))
    assert (await Task.get(id=visit.task.id)).state == TaskState.ON_SITE


async def test_a_beginning_made_before_the_visit_was_broken_off_does_not_begin_it_again(visit):
    leader, _ = await _team(visit)
    early, at = await as_known(visit), visit.site.clock()
    await suspension.suspend(visit.number, REASON, by=leader, at=at)
    await schedule.propose(visit.number, at + timedelta(hours=1), at + timedelta(hours=2), by=leader, at=at)
    await schedule.fix(visit.number, by=leader, at=at, district=district(), reason="示例")
    there = {"present": [one.officer for one in visit.everybody], "untold": "示例"}
    assert refused(await visit.leader.act(visit.number, "begin", as_of=early, **there))
    assert (await Task.get(id=visit.task.id)).state == TaskState.SCHEDULED


async def test_a_taking_back_made_before_an_answer_elsewhere_does_not_take_that_back(visit):
    leader, _ = await _team(visit)
    early = await as_known(visit)
    await inspection.answer(
        visit.number, 1, verdict="fail", note="示例:对话里改的", by=leader, at=visit.site.clock()
    )
    assert refused(await visit.leader.act(visit.number, "undo", as_of=early))
    assert (await Answer.filter(task=visit.task).order_by("-id").first()).verdict == "fail"


async def test_an_answer_made_before_the_officers_own_elsewhere_keeps_both_and_asks(visit):
    """D22, for one person at two places: what was said in the chat later is not silently replaced."""
    leader, _ = await _team(visit)
    seen = (await sheet_of(visit.task)).given[1].version
    await inspection.answer(
        visit.number, 1, verdict="fail", note="示例", by=leader, at=visit.site.clock(), seen=seen, source="chat:1:2:tap"
    )  # fmt: skip
    late = await visit.leader.act(
        visit.number, "answer", question=1, verdict="pass", seen=seen, said_at="2026-12-08T01:00:00Z"
    )
    assert late.body["conflict"] is True
    asked = next(one for one in (await visit.leader.task(visit.number))["questions"] if one["n"] == 1)
    assert (asked["given"]["verdict"], asked["rival"]["verdict"]) == ("pass", "fail")
    chosen = await visit.leader.act(
        visit.number, "answer", question=1, verdict="fail", seen=asked["given"]["version"],
        said_at="2026-12-08T01:00:09Z",
    )  # fmt: skip
    assert chosen.body["conflict"] is False


async def test_answers_of_one_phone_in_a_row_are_no_conflict(visit):
    seen = (await sheet_of(visit.task)).given[1].version
    for second, verdict in enumerate(("fail", "pass", "fail")):
        said = f"2026-12-08T01:00:0{second}Z"
        given = await visit.leader.act(
            visit.number, "answer", question=1, verdict=verdict, seen=seen, said_at=said
        )
        assert given.body["conflict"] is False


async def test_marks_made_before_others_do_not_take_the_place_of_those(visit):
    _, mate = await _team(visit)
    shot = (await visit.leader.photo(visit.number, 1, jpeg(1))).body["photo"]
    early = await as_known(visit)
    hidden = [{"kind": "hide", "x1": 1, "y1": 1, "x2": 900, "y2": 900}]
    await photo.mark(shot, hidden, by=mate, at=visit.site.clock())
    arrow = [{"kind": "arrow", "x1": 1, "y1": 1, "x2": 500, "y2": 500}]
    assert refused(await visit.leader.act(visit.number, "photo_mark", as_of=early, photo=shot, marks=arrow))
    assert (await Photo.get(id=shot)).marks == hidden


async def test_a_time_fixed_before_another_was_proposed_is_not_fixed(world):
    visit = await task_of(world)
    leader, _ = await _team(visit)
    await visit.leader.act(visit.number, "close_network")
    times = [(VISIT + timedelta(hours=hour), VISIT + timedelta(hours=hour + 2)) for hour in (0, 3, 6)]
    await schedule.propose(visit.number, *times[0], by=leader, at=world.clock())
    early = await as_known(visit)
    await schedule.propose(visit.number, *times[1], by=leader, at=world.clock())
    assert refused(await visit.leader.act(visit.number, "fix", as_of=early, reason="示例"))
    window = {"begins": times[2][0].isoformat(), "ends": times[2][1].isoformat()}
    assert refused(await visit.leader.act(visit.number, "propose", as_of=early, **window))
    assert (await Task.get(id=visit.task.id)).proposed_from == times[1][0]


async def test_many_times_fixed_in_one_press_are_those_that_were_read(world):
    visit = await task_of(world)
    leader, _ = await _team(visit)
    await visit.leader.act(visit.number, "close_network")
    times = [(VISIT + timedelta(hours=hour), VISIT + timedelta(hours=hour + 2)) for hour in (0, 3)]
    await schedule.propose(visit.number, *times[1], by=leader, at=world.clock())
    for read, done in ((times[0], 0), (times[1], 1)):
        said = {"key": new_key(), "numbers": [visit.number], "reason": "示例"}
        body = json.dumps(said | {"begins": {visit.number: read[0].isoformat()}}).encode()
        assert (await visit.leader.send("/me/fix_all", body)).body["done"] == done
    assert (await Task.get(id=visit.task.id)).visit_from == times[1][0]


async def test_an_answer_to_a_time_made_before_another_answer_of_the_same_member_does_not_undo_it(world):
    visit = await task_of(world)
    leader, mate = await _team(visit)
    hand = next(one for one in visit.everybody if one.officer == mate.id)
    await schedule.propose(visit.number, VISIT, VISIT + timedelta(hours=2), by=leader, at=world.clock())
    early = int((await hand.task(visit.number))["as_of"])
    await schedule.reply(visit.number, False, by=mate, at=world.clock())
    assert refused(await hand.act(visit.number, "reply", as_of=early, can=True, begins=VISIT.isoformat()))
    assert (await Event.filter(kind="visit.replied").order_by("-id").first()).data["can"] is False


async def test_a_fixing_made_before_a_member_said_no_is_not_done_unheard(world):
    visit = await task_of(world)
    leader, mate = await _team(visit)
    await visit.leader.act(visit.number, "close_network")
    await schedule.propose(visit.number, VISIT, VISIT + timedelta(hours=2), by=leader, at=world.clock())
    early = await as_known(visit)
    await schedule.reply(visit.number, False, by=mate, at=world.clock())
    said = await visit.leader.act(visit.number, "fix", as_of=early, reason="示例")
    assert refused(said) and mate.name in said.body["error"]["text"]


async def test_a_finding_made_before_a_colleagues_does_not_replace_it(world):
    visit = await task_of(world)
    leader, mate = await _team(visit)
    asks = (await sheet_of(visit.task)).asks
    ask = next(one for one in asks if one.department == leader.department and one.network != "no")
    early = await as_known(visit)
    await inspection.find_online(
        visit.number, ask.number, "open", "示例:网上看不清", "示例网", by=mate, at=world.clock()
    )
    found: dict[str, Any] = {"verdict": "open", "finding": "示例:无", "source": "示例网"}
    assert refused(await visit.leader.act(visit.number, "find", as_of=early, question=ask.number, **found))
    shot = await visit.leader.photo(visit.number, ask.number, jpeg(2), as_of=early, find=found)
    assert refused(shot)
    assert [row.finding for row in await NetworkFinding.filter(task=visit.task)] == ["示例:网上看不清"]


async def test_a_receipt_of_the_platform_made_before_another_does_not_replace_it(world):
    visit = await task_of(world)
    leader, _ = await _team(visit)
    ended = world.clock() - timedelta(hours=1)
    await Task.filter(number=visit.number).update(state=TaskState.REVIEWED, ended_at=ended)
    early = await as_known(visit)
    await publication.record(visit.number, "示例-2026-0002", by=leader, at=world.clock())
    assert refused(await visit.leader.act(visit.number, "receipt", as_of=early, receipt="示例-2026-0001"))
    assert (await Task.get(number=visit.number)).platform_receipt == "示例-2026-0002"


async def test_a_page_of_the_desk_left_open_does_not_close_a_section_that_was_opened_since(visit):
    leader, mate = await _team(visit)
    desk = visit.leader.browser
    page = await desk.get(f"/console/tasks/{visit.number}")
    form = page.form(f"/console/tasks/{visit.number}/acts/finalise")
    await inspection.finalise(visit.number, by=mate, at=visit.site.clock())
    await reopening.reopen(visit.number, mate.department, REASON, by=mate, at=visit.site.clock())
    hidden = {name: form[name] for name in ("csrf", "key", "as_of")}
    said = await desk.client.post(form["action"], data=hidden, headers=FORM, allow_redirects=False)
    assert said.status == 409
    assert REASON in await said.text()
    assert leader.department not in (await sheet_of(visit.task)).closed
