"""检查记录表: frozen facts under a hash, signed or refused before a witness (Art. 16 (3))."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import store
from models.procedure import inspection, photo, record
from models.queries import evidence
from models.queries import photo as photo_queries
from models.queries import record as queries
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Event, Photo, Record, Signature, Statement, Task
from tests.support import district as sample
from tests.support.district import VISIT, district
from tests.support.record import kept

PLACE = district()
HIDE = {"kind": "hide", "x1": 100, "y1": 100, "x2": 4000, "y2": 4000}


async def visit(closed: bool = True) -> tuple[Task, dict[str, list[Actor]], Actor]:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    await sample.visit_fixed(task, PLACE)
    team, leader = await sample.team_of(task), await sample.leader_of(task)
    await inspection.begin(
        task.number,
        [one.id for crew in team.values() for one in crew],
        by=leader,
        at=VISIT,
        untold="示例:当面告知",
    )
    if closed:
        await close(task, team)
    return task, team, leader


async def close(task: Task, team: dict[str, list[Actor]]) -> None:
    for ask in (await sheet_of(task)).asks:
        await inspection.answer(
            task.number, ask.number, verdict="na" if ask.may_not_apply else "pass", note="示例", by=team[ask.department][0],
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind), at=VISIT,
        )  # fmt: skip
    for crew in team.values():
        await inspection.finalise(task.number, by=crew[0], at=VISIT)


async def pictured(task: Task, by: Actor, about: str = "", tail: bytes = b"") -> Photo:
    name = await store.objects.put(b"original" + tail)
    made = await photo.take(
        task.number, None, by=by, at=VISIT + timedelta(minutes=5), sha256=name, size=8, format="JPEG", width=8, height=8,
        grade="C", labels=[], exif={}, about=about or "sample",
    )  # fmt: skip
    await photo.developed(made.id, at=VISIT, thumbnail=name, stamped=name)
    return await Photo.get(id=made.id)


async def refused(deed) -> str:
    with pytest.raises(Refusal) as no:
        await deed
    return no.value.code


async def test_equal_facts_give_no_new_version_and_the_same_hash(any_db) -> None:
    task, _, leader = await visit()
    first = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    again = await record.draw_up(task.number, by=leader, at=VISIT + timedelta(hours=1), district=PLACE)
    assert (again.id, again.version) == (first.id, 1)
    read = await Record.get(id=first.id)
    assert queries.fingerprint(read.facts) == first.sha256
    assert queries.fingerprint(await queries.facts(await Task.get(id=task.id))) == first.sha256
    assert await Event.filter(kind="record.drawn_up").count() == 1
    assert (await evidence.verify()).differences == []


async def test_what_is_signed_stays_signed_and_what_changes_makes_the_next_version(any_db) -> None:
    task, _, leader = await visit()
    first = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    await record.sign(task.number, first.sha256, "officer", picture=await kept(), by=leader, at=VISIT)
    await record.sign(
        task.number,
        first.sha256,
        "entity",
        picture=await kept(2),
        name="示例经理",
        position="经理",
        by=leader,
        at=VISIT,
    )
    assert (await queries.papers(task.id)).heard
    await record.hear(task.number, "示例:补充一点", by=leader, at=VISIT)
    found = await queries.papers(task.id)
    assert (found.current, found.heard) == (False, False)
    second = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    assert second.version == 2 and second.sha256 != first.sha256
    one, two = (await queries.papers(task.id)).versions
    assert [by.role for by in one.signed] == ["officer", "entity"]
    assert (two.signed, two.entity) == ((), None)
    told = await queries.told(second.id)
    assert told and [one.version for one in told.earlier] == [1]
    assert (await evidence.verify()).differences == []


async def test_ending_the_visit_and_the_photo_of_the_paper_leave_the_version_as_it_is(db) -> None:
    task, _, leader = await visit()
    made = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    await pictured(task, leader, "record")
    await inspection.conclude(task.number, by=leader, at=VISIT + timedelta(hours=1), district=PLACE)
    again = await record.draw_up(task.number, by=leader, at=VISIT + timedelta(hours=2), district=PLACE)
    assert again.id == made.id
    found = await queries.papers(task.number)
    assert (found.paper, found.heard) == (1, True)


async def test_a_paper_signed_before_the_last_version_does_not_count_for_it(db) -> None:
    task, _, leader = await visit()
    await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    await pictured(task, leader, "record")
    await record.hear(task.number, "示例", by=leader, at=VISIT + timedelta(minutes=6))
    await record.draw_up(task.number, by=leader, at=VISIT + timedelta(minutes=7), district=PLACE)
    found = await queries.papers(task.id)
    assert (found.paper, found.heard) == (0, False)


async def test_a_member_waits_until_every_section_is_final_and_the_leader_need_not(db) -> None:
    task, team, leader = await visit(closed=False)
    member = team["WJ"][0]
    assert (
        await refused(record.draw_up(task.number, by=member, at=VISIT, district=PLACE))
        == "record.sections_open"
    )
    first = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    await close(task, team)
    second = await record.draw_up(task.number, by=member, at=VISIT, district=PLACE)
    assert (first.version, second.version) == (1, 2)
    assert [row[2] for row in first.facts["parts"][0]["answers"]] == ["", "", ""]
    assert "" not in [row[2] for part in second.facts["parts"] for row in part["answers"]]


async def test_the_facts_name_everybody_every_answer_and_every_photo(db) -> None:
    task, team, leader = await visit()
    shot = await pictured(task, leader)
    facts = (await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)).facts
    assert facts["team"][0][4] == leader.id
    assert len(facts["team"]) == sum(map(len, team.values()))
    assert sum(len(part["answers"]) for part in facts["parts"]) == len((await sheet_of(task)).asks)
    assert all(part["officers"] and part["closed"] for part in facts["parts"])
    assert [(row[0], row[2], row[4]) for row in facts["photos"]] == [(shot.sha256, "sample", "C")]
    assert "1390000" not in str(facts) and "0375-" not in str(facts)


async def test_a_signature_given_without_reception_is_kept_under_the_version_it_was_given_for(db) -> None:
    task, _, leader = await visit()
    first = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    await record.hear(task.number, "示例", by=leader, at=VISIT)
    second = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    late = await record.sign(
        task.number,
        first.sha256,
        "entity",
        picture=await kept(),
        name="示例",
        by=leader,
        at=VISIT + timedelta(days=1),
    )
    assert ((await Signature.get(id=late)).record_id, second.id != first.id) == (first.id, True)
    found = await queries.papers(task.id)
    assert not found.signed
    nothing = record.sign(task.number, "0" * 64, "entity", picture="", name="x", by=leader, at=VISIT)
    assert await refused(nothing) == "record.unknown"


async def test_everybody_signs_a_version_once(db) -> None:
    task, team, leader = await visit()
    made = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    other = team["WJ"][0]

    async def sign(role: str, **how: str) -> Signature:
        number = await record.sign(
            task.number, made.sha256, role, picture=await kept(), by=leader, at=VISIT, **how
        )
        return await Signature.get(id=number)

    await sign("officer")
    assert (await sign("officer", officer=other.id)).name == other.name
    assert await refused(sign("officer", officer=other.id)) == "record.signed_already"
    assert await refused(sign("officer", officer="INS-GA-99")) == "visit.not_of_the_team"
    assert await refused(sign("entity", name=" \u200b ")) == "record.no_name"
    await sign("entity", name="示例经理")
    assert await refused(sign("entity", name="示例副经理")) == "record.signed_already"
    missing = {code for code, _, _ in (await queries.papers(task.id)).versions[0].missing}
    assert missing == {one.id for crew in team.values() for one in crew} - {leader.id, other.id}


async def test_a_refusal_needs_its_reason_and_a_witness_and_may_be_thought_better_of(db) -> None:
    task, _, leader = await visit()
    made = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)

    async def refuse(reason: str = "示例:有异议", witness: str = "示例见证人") -> int:
        return await record.refuse_to_sign(
            task.number, made.sha256, reason, witness=witness, by=leader, at=VISIT
        )

    assert await refused(refuse(reason="  ")) == "record.no_reason"
    assert await refused(refuse(witness="")) == "record.no_witness"
    await refuse()
    assert await refused(refuse()) == "record.signed_already"
    found = (await queries.papers(task.id)).versions[0]
    assert found.entity and found.entity.refused and found.witness and not found.witness.picture
    assert (await queries.papers(task.id)).heard
    await record.sign(
        task.number, made.sha256, "entity", picture=await kept(), name="示例", by=leader, at=VISIT
    )
    found = (await queries.papers(task.id)).versions[0]
    assert found.entity and not found.entity.refused
    assert (await evidence.verify()).differences == []


async def test_an_act_sent_twice_is_done_once(db) -> None:
    task, _, leader = await visit()
    who = {"by": leader, "at": VISIT}
    made = await record.draw_up(task.number, district=PLACE, key="k" * 20, **who)
    assert (await record.draw_up(task.number, district=PLACE, key="k" * 20, **who)).id == made.id
    for _ in range(2):
        await record.sign(
            task.number, made.sha256, "entity", picture=await kept(), name="示例", key="s" * 20, **who
        )
        await record.hear(task.number, "示例", key="h" * 20, **who)
    assert await Signature.all().count() == 1
    assert await Event.filter(kind="statement.given").count() == 1


async def test_d60_strangers_draw_nothing_sign_nothing_and_say_nothing(db) -> None:
    task, _, leader = await visit()
    made = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    strangers = {Role.INSPECTOR: "INS-XX-1", Role.HEAD: "GA", Role.PUBLIC: "link", Role.ENTITY: "OBJ99999"}
    for who in (Actor(role, id) for role, id in strangers.items()):
        assert await refused(record.draw_up(task.number, by=who, at=VISIT, district=PLACE)) == "task.unknown"
        signed = record.sign(task.number, made.sha256, "entity", picture="", name="x", by=who, at=VISIT)
        assert await refused(signed) == "task.unknown"
        assert await refused(record.hear(task.number, "x", by=who, at=VISIT)) == "task.unknown"
    own = Actor(Role.ENTITY, str(task.target_id))
    await record.hear(task.number, "示例:自己写的", by=own, at=VISIT)
    assert (await Statement.get()).by == own.mark


async def test_a_hidden_face_is_shown_nowhere_until_the_copy_is_made_and_makes_a_new_version(any_db) -> None:
    task, _, leader = await visit()
    shot = await pictured(task, leader)
    first = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    await photo.mark(shot.id, [HIDE], by=leader, at=VISIT)
    marked = await Photo.get(id=shot.id)
    assert (marked.thumbnail, marked.marked, marked.sha256) == ("", "", shot.sha256)
    assert await photo.undeveloped() == [shot.id]
    found = await photo_queries.picture(shot.id)
    assert found and not found.developed and found.marks == [HIDE]
    await photo.developed(shot.id, at=VISIT, thumbnail=shot.sha256, stamped=shot.sha256)
    assert (await Photo.get(id=shot.id)).thumbnail == "", "a copy without the mark is not taken"
    await photo.developed(
        shot.id, at=VISIT, thumbnail=shot.sha256, stamped=shot.sha256, marked=shot.sha256, marks=[HIDE]
    )
    second = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    assert (first.version, second.version) == (1, 2)
    assert second.facts["photos"][0][8] == [HIDE]
    await photo.mark(shot.id, [], by=leader, at=VISIT)
    third = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    assert (third.version, third.sha256) == (3, first.sha256)
    signed = await record.sign(
        task.number, third.sha256, "officer", picture=await kept(), by=leader, at=VISIT
    )
    assert (await Signature.get(id=signed)).record_id == third.id
    assert (await evidence.verify()).differences == []


async def test_only_the_team_annotates_and_only_what_has_a_copy(db) -> None:
    task, _, leader = await visit()
    shot = await pictured(task, leader)
    assert (
        await refused(photo.mark(shot.id, [HIDE], by=Actor(Role.INSPECTOR, "INS-XX-1"), at=VISIT))
        == "task.unknown"
    )
    assert await refused(photo.mark(999, [HIDE], by=leader, at=VISIT)) == "photo.unknown"
    await Photo.filter(id=shot.id).update(format="HEIC")
    assert await refused(photo.mark(shot.id, [HIDE], by=leader, at=VISIT)) == "photo.unmarkable"


async def test_a_version_says_how_many_officers_have_still_to_sign_and_a_later_one_takes_its_place(
    db,
) -> None:
    task, team, leader = await visit()
    came = [one for crew in team.values() for one in crew]
    first = await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)
    assert (await Record.get(id=first.id)).awaited == len(came)
    for officer in came[:2]:
        await record.sign(
            task.number, first.sha256, "officer", picture="", by=officer, at=VISIT + timedelta(minutes=1)
        )
    assert (await Record.get(id=first.id)).awaited == len(came) - 2
    await record.hear(task.number, "示例:另有说明", by=leader, at=VISIT + timedelta(minutes=2))
    second = await record.draw_up(task.number, by=leader, at=VISIT + timedelta(minutes=3), district=PLACE)
    late = came[2]
    await record.sign(
        task.number, first.sha256, "officer", picture="", by=late, at=VISIT + timedelta(minutes=4)
    )
    assert [row.awaited for row in await Record.all().order_by("version")] == [0, len(came)]
    assert second.version == 2
    assert (await evidence.verify()).differences == []
