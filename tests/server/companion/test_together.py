"""Several officers on one checklist: what one does the others see, and where two differ somebody must choose (R11)."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import store
from models.procedure import inspection
from models.queries.companion import ChainNews
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.tables import Answer, Assignment, Event, Question, Task
from server import watching
from tests.server.companion.phone import on_site, phone
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import VISIT, district, written
from tests.support.virtual_time import Steps
from tests.support.waiting import PATIENCE, until


@pytest.fixture
async def visit(db):
    await sample.found()
    async with site() as made:
        made.server.app[watching.WATCH].tick = 0.05
        yield await on_site(made, one_department=True)


def colleague(visit):
    """The leader's colleague of the same department."""
    return next(one for one in visit.phones["GA"] if one is not visit.leader)


async def test_d22_two_officers_differ_both_answers_stay_and_the_second_sees_both(visit):
    assert visit.leader in visit.phones["GA"]
    one, other = visit.leader, colleague(visit)
    await one.act(visit.number, "answer", question=1, verdict="pass", seen=0)
    second = await other.act(visit.number, "answer", question=1, verdict="fail", seen=0)
    assert second.body["conflict"] is True
    shown = (await one.task(visit.number))["questions"][0]
    assert (shown["given"]["verdict"], shown["given"]["conflict"]) == ("fail", True)
    assert (shown["rival"]["verdict"], shown["rival"]["by"]) == ("pass", one.officer)
    chosen = await one.act(visit.number, "answer", question=1, verdict="pass", seen=shown["given"]["version"])
    assert chosen.body["conflict"] is False
    assert await Answer.filter(task=visit.task).count() == 3


async def test_a_conflict_is_not_settled_by_an_answer_that_has_not_seen_it(visit):
    """A phone without reception sends several changes of one answer, all from before the colleague's."""
    one, other = visit.leader, colleague(visit)
    await other.act(visit.number, "answer", question=1, verdict="pass", seen=0)
    await one.act(visit.number, "answer", question=1, verdict="fail", seen=0)
    await one.act(visit.number, "answer", question=1, note="补充说明", seen=0)
    shown = (await other.task(visit.number))["questions"][0]
    assert shown["given"]["conflict"] is True
    assert shown["rival"]["verdict"] == "pass"


async def test_a_note_written_over_a_colleagues_note_is_a_conflict_too(visit):
    one, other = visit.leader, colleague(visit)
    await one.act(visit.number, "answer", question=1, verdict="pass", note="甲的备注", seen=0)
    again = await other.act(visit.number, "answer", question=1, note="乙的备注", seen=0)
    assert again.body["conflict"] is True


QUESTIONS, OFFICERS = 3, 4

edits = st.lists(
    st.tuples(
        st.integers(0, OFFICERS - 1),
        st.sampled_from(["look", "answer", "answer", "note", "undo"]),
        st.integers(1, QUESTIONS),
        st.sampled_from(["pass", "fail", "na"]),
    ),
    max_size=40,
)


@dataclass
class Desk:
    """What an officer's phone shows: the versions seen when it last looked."""

    officer: object
    seen: dict[int, int] = field(default_factory=dict)


@given(edits)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_r11_no_answer_is_lost_and_every_difference_is_shown(model_loop, steps):
    model_loop.run(_play(model_loop.task, model_loop.officers, steps))


async def _play(number, officers, steps):
    """Random edits by officers who look at different times. What was said stays; what differs is a conflict."""

    async def story():
        desks = [Desk(officer) for officer in officers]
        told: list[tuple[int, str]] = []
        for place, act, question, verdict in steps:
            desk = desks[place]
            if act == "look":
                sheet = await sheet_of(await Task.get(number=number))
                desk.seen = {n: given.version for n, given in sheet.given.items()}
                continue
            before = (await sheet_of(await Task.get(number=number))).given.get(question)
            said = {"verdict": verdict} if act == "answer" else {"note": f"{place}-{len(told)}"}
            try:
                if act == "undo":
                    await inspection.undo(number, by=desk.officer, at=VISIT)
                    continue
                card = await inspection.answer(
                    number, question, by=desk.officer, at=VISIT, seen=desk.seen.get(question, 0), **said
                )
            except Refusal:
                continue
            after = card.sheet.given[question]
            told.append((question, json.dumps(said)))
            blind = before and before.version > desk.seen.get(question, 0) and before.by != desk.officer.id
            if act == "answer" and blind and before.verdict not in ("", verdict):
                assert after.conflict
            if before and before.conflict and before.version > desk.seen.get(question, 0):
                assert after.version == before.version or after.conflict
        rows = await Answer.filter(task__number=number).order_by("id")
        versions: dict[int, list[int]] = {}
        for row in rows:
            versions.setdefault(row.question_id, []).append(row.version)
        assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
        notes = {row.note for row in rows}
        assert all(json.loads(said).get("note", "") in notes | {""} for _, said in told)
        raise Undone

    try:
        await store.run_in_transaction(story)
    except Undone:
        return


class Undone(Exception):
    """Nothing of a played story stays."""


class Loop:
    """One open store for all examples of the model."""

    def __init__(self, run, task, officers):
        self.run, self.task, self.officers = run, task, officers


@pytest.fixture
def model_loop(sqlite_template, tmp_path):
    import shutil

    path = tmp_path / "model.sqlite3"
    shutil.copyfile(sqlite_template, path)
    with asyncio.Runner() as runner:
        runner.run(store.open(f"sqlite://{path}?synchronous=OFF", objects_at=tmp_path / "objects"))
        try:
            number, officers = runner.run(_prepared())
            yield Loop(runner.run, number, officers)
        finally:
            runner.run(store.close())


async def _prepared():
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    everybody = [one for people in (await sample.team_of(task)).values() for one in people]
    lead = await sample.leader_of(task)
    await inspection.begin(
        task.number, [one.id for one in everybody], by=lead, at=VISIT, untold="示例:当面告知"
    )
    async with written():
        await Question.all().update(department=lead.department)
    await Assignment.filter(task=task).update(department=lead.department)
    return task.number, everybody[:OFFICERS]


async def heard(response, wanted):
    async with asyncio.timeout(PATIENCE):
        async for line in response.content:
            if line.startswith(b"data: "):
                said = json.loads(line[6:])
                if said["kind"] == wanted:
                    return said


async def listening(one):
    return await one.browser.client.get("/field/api/live", headers=one.headers)


async def test_r11_a_colleagues_answer_comes_as_it_is_given(visit):
    other = colleague(visit)
    response = await listening(other)
    assert response.content_type == "text/event-stream"
    await visit.leader.act(visit.number, "answer", question=3, verdict="pass", seen=0)
    said = await heard(response, "answer.given")
    assert said == {"task": visit.number, "kind": "answer.given", "question": 3, "mine": False}
    await other.act(visit.number, "answer", question=4, verdict="na", seen=0)
    assert (await heard(response, "answer.given"))["mine"] is True
    response.close()


async def test_d60_nobody_hears_of_a_task_of_others(visit):
    serving = {one.officer for one in visit.everybody}
    stranger = await phone(
        visit.site, next(f"INS-GA-{n}" for n in range(1, 7) if f"INS-GA-{n}" not in serving)
    )
    own = await Task.filter(assignments__inspector_id=stranger.officer).exclude(number=visit.number).first()
    response = await listening(stranger)
    await visit.leader.act(visit.number, "answer", question=3, verdict="pass", seen=0)
    if own:
        await stranger.act(own.number, "accept")
        assert (await heard(response, "task.accepted"))["task"] == own.number
    else:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await heard(response, "answer.given")
    response.close()


async def test_d79_a_listener_who_hears_nothing_is_let_go(visit):
    watch, steps = visit.site.server.app[watching.WATCH], Steps()
    watch.waiting, watch.tick = steps, watching.IDLE / 4
    responses = [await listening(visit.leader) for _ in range(watching.EACH)]
    assert (await listening(visit.leader)).status == 503
    await until(lambda: steps.waiters == watching.EACH + 1)
    with steps.watching(lambda: [watch.task]):
        await steps.passes(watch.idle - 1)
        assert len(watch.listeners) == watching.EACH
        await steps.passes(1)
    async with asyncio.timeout(PATIENCE):
        for one in responses:
            await one.read()
    await until(lambda: not watch.listeners and watch.task.done())


async def test_d79_a_listener_who_takes_nothing_is_dropped(visit):
    watch = visit.site.server.app[watching.WATCH]
    listener = await watch.listen(visit.leader.officer)
    news = ChainNews(1, visit.number, "answer.given", "x", 1)
    for _ in range(watching.WAITING + 1):
        watch._put(listener, news)
    assert listener not in watch.listeners


async def test_d31_a_session_that_is_ended_hears_nothing_more(visit):
    from models.procedure import enrolment

    other = colleague(visit)
    response = await listening(other)
    account = await enrolment.account_of_inspector(other.officer, visit.site.clock())
    await enrolment.disable(account.id, by=sample.OFFICE, at=visit.site.clock())
    await visit.leader.act(visit.number, "answer", question=3, verdict="pass", seen=0)
    async with asyncio.timeout(PATIENCE):
        assert b"answer.given" not in await response.read()
    assert await Event.filter(kind="answer.given").count() == 1
