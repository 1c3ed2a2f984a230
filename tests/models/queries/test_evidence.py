"""`verify` finds whatever anything but an act changed, and says which thing it is (Art. 16 (3), 20; R25)."""

from datetime import timedelta
from random import Random

import pytest

from models import store
from models.operations import event
from models.procedure import anchor
from models.queries import evidence
from models.rules.chain import GENESIS, digest
from models.tables import Anchor, Answer, Assignment, DrawText, Event, Photo, Result, Task
from models.tables.hashed_rows import HASHED_TABLES
from tests.support import district as sample
from tests.support.evidence import LATER, filled
from tests.support.tampering import ask, spoilt


def told(report):
    return {(one.kind, one.subject) for one in report.differences}


async def test_what_only_acts_wrote_is_whole_on_either_database(any_db):
    await filled()
    empty = {table.__name__ for table in HASHED_TABLES if not await table.exists()}
    destroyed = {"RetentionRule", "DeletionList", "Tombstone"}  # ten years later: test_console_retention
    assert empty == destroyed
    report = await evidence.verify()
    assert report.differences == []
    assert (report.days, report.objects) == (12, 18)
    assert report.events == await Event.all().count()
    assert report.rows == sum([await table.all().count() for table in HASHED_TABLES])


async def test_each_kind_of_row_is_named_when_it_is_changed(any_db):
    made = await filled()
    task = await Task.get(number=made.whole)
    answer, result, seat = [await t.filter(task=task).first() for t in (Answer, Result, Assignment)]
    await Answer.filter(id=answer.id).update(verdict="fail")
    await Result.filter(id=result.id).update(types=["R02"])
    await Assignment.filter(id=seat.id).update(arrived_at=LATER)
    await Photo.filter(task=task).update(grade="C")
    expected = {("row.changed", f"answer:{answer.id}"), ("row.changed", f"result:{result.id}")}
    expected |= {("row.changed", f"assignment:{seat.id}")}
    expected |= {("row.changed", f"photo:{one.id}") for one in await Photo.filter(task=task)}
    assert told(await evidence.verify()) == expected
    assert told(await evidence.verify(made.whole)) == expected
    assert told(await evidence.verify(made.moved)) == set()


async def test_a_piece_of_a_draws_files_that_is_changed_or_missing_is_named(any_db):
    await sample.found()
    row = await sample.drawn()
    [changed], [gone] = row.texts["pool.tsv"], row.texts["keys.tsv"]
    await DrawText.filter(id=changed).update(text="示例")
    await DrawText.filter(id=gone).delete()
    assert told(await evidence.verify()) == {
        ("text.changed", f"draw_text:{changed}"), ("text.missing", f"draw_text:{gone}"),
    }  # fmt: skip


async def test_a_row_that_no_act_wrote_is_named(any_db):
    made = await filled()
    given = await Answer.filter(task__number=made.whole).first()
    slipped = await Answer.create(
        task_id=given.task_id, question_id=given.question_id, version=9, verdict="pass", by=given.by, at=LATER
    )
    assert told(await evidence.verify()) == {("row.unknown", f"answer:{slipped.id}")}


async def test_a_row_and_its_event_changed_together_are_found_by_the_hash_of_the_chain(db):
    made = await filled()
    last = await Event.filter(chain=f"task:{made.whole}").order_by("-seq").first()
    await Event.filter(id=last.id).update(data={**last.data, "note": "示例:改过"})
    assert told(await evidence.verify()) == {("event.changed", f"event:{last.id}")}


async def test_a_chain_computed_anew_to_the_end_is_found_by_the_daily_root(db):
    made = await filled()
    chain, previous = f"task:{made.whole}", GENESIS
    for row in await Event.filter(chain=chain).order_by("seq"):
        data = {**row.data, "reason": "改过"} if row.kind == "visit.fixed" else row.data
        row.data, row.previous = data, previous
        row.sha256 = previous = digest(chain, row.seq, row.kind, row.by, row.at, data, previous, row.key)
        await row.save()
    assert await event.first_broken_link(chain) is None
    assert told(await evidence.verify()) == {("chain.rewritten", chain)}


async def test_events_cut_off_at_the_end_are_missed_by_the_daily_root(db):
    made = await filled()
    await anchor.due(LATER + timedelta(days=1), made.place)
    chain = f"task:{made.moved}"
    last = await Event.filter(chain=chain).order_by("-seq").first()
    await last.delete()
    assert ("chain.cut", chain) in told(await evidence.verify())


async def test_roots_that_were_written_down_elsewhere_must_turn_up(db):
    await filled()
    known = (await Anchor.all().order_by("-number").first()).root
    assert (await evidence.verify(expected=[known])).whole
    assert told(await evidence.verify(expected=[known, "0" * 64])) == {("day.unknown_root", "0" * 64)}


async def test_a_lost_photo_and_a_damaged_one_are_named_with_their_row(db):
    await filled()
    first, second, *_ = await Photo.all().order_by("id")
    store.objects.path(first.sha256).unlink()
    path = store.objects.path(second.thumbnail)
    path.chmod(0o640)
    path.write_bytes(b"another picture")
    report = await evidence.verify()
    assert told(report) == {("object.missing", f"photo:{first.id}"), ("object.damaged", f"photo:{second.id}")}
    assert {one.seen for one in report.differences} == {
        f"sha256 {first.sha256}",
        f"thumbnail {second.thumbnail}",
    }


@pytest.mark.timeout(7200)
async def test_r25_whatever_is_changed_at_random_is_found_and_named(db, full_size):
    await filled()
    await ask("PRAGMA foreign_keys = OFF")
    assert (await evidence.verify()).whole
    dice, overlooked = Random(25), []
    for _ in range(10_000 if full_size else 120):
        async with spoilt(dice) as done:
            report = await evidence.verify()
        names = {word for one in report.differences for word in (one.subject, one.chain, *one.seen.split())}
        if done.name not in names:
            overlooked.append((done.what, sorted(names)[:6]))
    assert overlooked == []
    assert (await evidence.verify()).whole
