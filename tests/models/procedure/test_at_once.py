"""Acts beside each other on one task: none is lost, none fails, and every difference is shown (Art. 16; R11)."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from models.operations import event
from models.procedure import inspection, photo
from models.procedure import team as teams
from models.queries.sheet import sheet_of
from models.rules.actor import Actor
from models.tables import Answer, Assignment, Event, Photo, Question, Task
from tests.support import district
from tests.support.district import CEREMONY, VISIT


async def team(on_site=True):
    """A task with eight officers of one department, so that all may answer everything."""
    await district.found()
    await district.drawn()
    found = await Task.all().order_by("rank").first()
    people = [one for crew in (await district.team_of(found)).values() for one in crew]
    lead = await district.leader_of(found)
    if on_site:
        await district.visit_fixed(found, district.district())
        await inspection.begin(
            found.number, [one.id for one in people], by=lead, at=VISIT, untold="示例:当面告知"
        )
    await Question.all().update(department=lead.department, answer="TRI", may_not_apply=True)
    await Assignment.filter(task=found).update(department=lead.department)
    assert len(people) == 8
    return await Task.get(id=found.id), people


async def test_eight_officers_act_on_one_task_at_once_and_none_fails(any_db):
    found, people = await team()
    number = found.number

    async def acts(n, officer):
        for question in (1, 1, 2, n + 3):
            await inspection.answer(number, question, by=officer, at=VISIT, note=f"{n}", seen=99)
        await photo.take(
            number, 1, by=officer, at=VISIT, sha256=f"{n:064x}", size=9, format="JPEG", width=3, height=3,
            grade="C", labels=[], exif={}, key=f"photo-of-{n:010}",
        )  # fmt: skip

    done = await asyncio.gather(*(acts(*one) for one in enumerate(people)), return_exceptions=True)
    assert [one for one in done if one is not None] == []
    assert await Photo.filter(task=found).count() == 8
    assert await Event.filter(kind="photo.taken").count() == 8
    seqs = await Event.filter(chain=f"task:{number}").order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, len(seqs) + 1))
    assert await event.first_broken_link(f"task:{number}") is None


async def test_eight_officers_accept_at_once(any_db):
    found, people = await team(on_site=False)
    done = await asyncio.gather(
        *(teams.accept(found.number, by=one, at=CEREMONY) for one in people), return_exceptions=True
    )
    assert [one for one in done if isinstance(one, BaseException)] == []
    assert await Event.filter(kind="task.accepted").count() == 8


@dataclass
class Desk:
    """An officer and the versions that this phone showed when it last looked."""

    officer: Actor
    seen: dict[int, int] = field(default_factory=dict)
    wrote: list[tuple[int, str]] = field(default_factory=list)


@pytest.mark.timeout(3600)
async def test_r11_eight_officers_edit_one_checklist_at_once(any_db, full_size):
    """Random edits by phones that look now and then: each is a version of its own, each difference a conflict."""
    found, people = await team()
    desks, edits = [Desk(one) for one in people], 500 if full_size else 25

    async def edit(desk, dice):
        for n in range(edits):
            if dice.random() < 0.2:
                sheet = await sheet_of(found)
                desk.seen = {number: given.version for number, given in sheet.given.items()}
            question, said = dice.randint(1, 4), f"{desk.officer.id}#{n}"
            seen = desk.seen.get(question, 0)
            await inspection.answer(found.number, question, by=desk.officer, at=VISIT, note=said, seen=seen)
            desk.wrote.append((seen, said))

    done = await asyncio.gather(
        *(edit(desk, random.Random(n)) for n, desk in enumerate(desks)), return_exceptions=True
    )
    assert [one for one in done if one is not None] == []
    rows = await Answer.filter(task=found).order_by("question_id", "version").select_related("question")
    assert len(rows) == len(desks) * edits
    by_note = {row.note: row for row in rows}
    before = {(row.question_id, row.version): row for row in rows}
    for desk in desks:
        for seen, said in desk.wrote:
            row = by_note[said]
            last = before.get((row.question_id, row.version - 1))
            if last and row.version - 1 > seen and last.by != desk.officer.id:
                assert row.conflict, f"{said} hid {last.note}"
    assert all(row.version == 1 or (row.question_id, row.version - 1) in before for row in rows)
    assert await event.first_broken_link(f"task:{found.number}") is None
