"""What the entity prepared and put right, on the officer's phone (Art. 16 (2), 17)."""

from datetime import datetime

import pytest

from models import store
from models.procedure import correction, document_submission, postponement, preparation
from models.queries import evidence, free_times
from models.rules.actor import Actor, Role
from models.tables import Correction, Notice, Paper, Question, Target, Task
from tests.server.companion.phone import Visit, task_of
from tests.server.notices import PDF
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, district, written

HOLDER = Actor(Role.PUBLIC, "link")


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def told(world) -> tuple[Visit, Notice]:
    """A visit fixed, its notice given."""
    visit = await task_of(world)
    await sample.visit_fixed(visit.task, district())
    return visit, await Notice.get(task=visit.task)


async def test_ticks_and_papers_are_on_the_phones_of_the_team_and_the_bytes_come_as_attachment(world):
    visit, of = await told(world)
    assert (await visit.leader.task(visit.number))["entity"] is None
    await preparation.tick(of.number, {2: True}, by=HOLDER, at=CEREMONY)
    kept = document_submission.SubmittedFile(await store.objects.put(PDF), len(PDF), "PDF", "台账.pdf")
    await document_submission.hand_in(of.number, 2, [kept], by=HOLDER, at=CEREMONY)
    said = (await visit.leader.task(visit.number))["entity"]
    assert (said["ready"], said["all"]) == (1, of.letter["papers"])
    (line,) = said["lines"]
    assert (line["n"], line["ready"], line["papers"][0]["name"]) == (2, True, "台账.pdf")
    answer = await visit.leader.get(f"/papers/{line['papers'][0]['id']}")
    assert answer.body == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_d60_a_paper_of_another_teams_task_is_unknown(world):
    visit, of = await told(world)
    kept = document_submission.SubmittedFile(await store.objects.put(PDF), len(PDF), "PDF")
    await document_submission.hand_in(of.number, 1, [kept], by=HOLDER, at=CEREMONY)
    paper = await Paper.get()
    other = await Task.all().exclude(team_id=visit.task.team_id).first()
    await Paper.filter(id=paper.id).update(task_id=other.id)
    answers = [(await one.get(f"/papers/{paper.id}")).status for one in visit.everybody]
    assert set(answers) == {404}


async def test_a_correction_is_verified_on_the_phone_and_stands_beside_the_question(world):
    visit, of = await told(world)
    await correction.submit(of.number, 1, "示例:已换新", by=HOLDER, at=CEREMONY)
    row = await Correction.get()
    department = (await Question.get(id=row.question_id)).department
    officer = visit.phones[department][0]
    stranger = next(
        one for code, people in visit.phones.items() if code != department
        for one in people if one is not visit.leader
    )  # fmt: skip
    (seen,) = (await officer.task(visit.number))["entity"]["corrections"]
    assert (seen["accepted"], seen["mine"], seen["text"]) == (None, True, "示例:已换新")
    assert not (await stranger.task(visit.number))["entity"]["corrections"][0]["mine"]
    assert (await stranger.act(visit.number, "correction", correction=row.id, accepted=True)).status == 409
    assert (await officer.act(visit.number, "correction", correction=row.id, accepted=False)).status == 409
    assert (await officer.act(visit.number, "correction", correction=row.id, accepted=True)).status == 201
    questions = (await stranger.task(visit.number))["questions"]
    assert [one["mended"] for one in questions if "mended" in one] == ["示例:已换新"]
    assert (await evidence.verify()).differences == []


async def test_the_leader_sees_the_window_that_was_asked_for_and_grants_it_with_one_press(world):
    visit, of = await told(world)
    chosen = (await free_times.free(await Task.get(id=visit.task.id), CEREMONY, district()))[0]
    await postponement.ask(of.number, "示例:停电", window=chosen, by=HOLDER, at=CEREMONY)
    wish = (await visit.leader.task(visit.number))["wish"]
    assert datetime.fromisoformat(wish["begins"]) == chosen.begins
    granted = await visit.leader.act(visit.number, "postponement", wish=wish["id"], granted=True)
    assert granted.status == 201
    task = await Task.get(id=visit.task.id)
    assert (task.proposed_from, task.proposed_until) == chosen


async def test_fd10_before_a_time_is_settled_the_leaders_phone_names_what_no_font_shows(world):
    visit = await task_of(world)
    async with written():
        await Target.filter(code=visit.task.target_id).update(name="示例\uf8ff饭店")
    assert (await visit.leader.task(visit.number))["unprintable"] == "\uf8ff"
    async with written():
        await Target.filter(code=visit.task.target_id).update(name="示例饭店")
    assert (await visit.leader.task(visit.number))["unprintable"] == ""
