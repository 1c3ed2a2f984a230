"""Files of a draw lie there before the act that fixes them; nothing but that act makes a draw of them (Art. 14 (1))."""

import re
from datetime import timedelta

from models import store
from models.procedure import commit_preparation, draw, draw_texts, hold_preparation
from models.queries import draw_texts as queries
from models.queries import draws, evidence
from models.tables import Batch, Draw, DrawText, Event, Target, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE
from tests.support.statements import counted

LATER = CEREMONY + timedelta(hours=1)


async def cut_short() -> commit_preparation.ReadyCommit:
    """A commit of which nothing was done but what comes before its transaction."""
    ready = await commit_preparation.prepare(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    assert ready
    return ready


async def test_a_commit_cut_short_before_its_transaction_is_no_draw_and_goes(any_db):
    await sample.found()
    events = await Event.all().count()
    ready = await cut_short()
    assert await DrawText.all().count() == len(ready.pieces) > 0
    assert (await Draw.all().count(), await Event.all().count()) == (0, events)
    assert (await Batch.get(code=BATCH)).state == "open"
    assert (await evidence.verify()).differences == []
    assert await draw_texts.sweep() == len(ready.pieces)
    assert await DrawText.all().count() == 0
    assert await draw_texts.sweep() == 0


async def test_what_a_draw_names_stays_when_the_rest_goes(any_db):
    await sample.found()
    await draw_texts.put_down({"0" * 64: "of an act cut short"})
    fixed = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    await draw.void(fixed.code, "示例：见证人未到场", "示例公证员", by=OFFICE, at=LATER)
    files = await draws.files_of(fixed.code)
    assert await draw_texts.sweep() == 1
    assert await draws.files_of(fixed.code) == files
    assert (await evidence.verify()).differences == []


async def test_a_commit_puts_down_again_what_went_while_it_was_on_its_way(any_db):
    await sample.found()
    ready = await cut_short()
    await draw_texts.sweep()
    await store.run_in_transaction(
        draw.commit.__wrapped__, ready, BATCH, by=OFFICE, at=CEREMONY, random=sample.salts()
    )
    [row] = await Draw.all()
    assert await queries.there(ready.pieces) == set(ready.pieces)
    assert (await draws.files_of(row.code))["SHA256SUMS"]
    assert (await evidence.verify()).differences == []


async def test_a_long_file_is_put_down_a_few_pieces_at_a_time(db):
    pieces = {f"{n:064d}": f"piece {n}" for n in range(draw_texts.TOGETHER * 3 + 1)}
    async with counted() as count:
        await draw_texts.put_down(pieces)
    assert count.commits == 4
    assert max(one.count("piece") for one in count.seen) == draw_texts.TOGETHER
    assert await queries.unnamed() == sorted(pieces)


def within(count, table: str) -> list[str]:
    """The statements of the transaction that changes this table."""
    acts = re.split(r"\x00BEGIN", "\x00".join(count.seen))
    [act] = [act for act in acts if f'UPDATE "{table}"' in act or f'INSERT INTO "{table}"' in act]
    return act.split("\x00")


async def test_within_a_commit_nothing_long_is_written(db):
    await sample.found()
    async with counted() as count:
        await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    act = within(count, "draw")
    assert [one for one in act if one.startswith('INSERT INTO "draw"')]
    assert not [one for one in act if one.startswith('INSERT INTO "draw_text"')], count.listed()


async def test_within_a_hold_neither_the_pool_nor_the_register_is_read(db):
    await sample.found()
    code = await sample.revealed()
    async with counted() as count:
        await draw.hold(code, by=OFFICE, at=LATER)
    act = within(count, "task")
    assert not [one for one in act if "draw_text" in one or 'FROM "target"' in one], count.listed()


async def test_a_target_gone_from_the_register_is_put_back_by_the_hold_alone(any_db):
    await sample.found()
    code = await sample.revealed()
    ready = await hold_preparation.prepare(code, by=OFFICE, at=LATER)
    gone = await Target.get(code=next(iter(ready.rows.targets.values())).code)
    await gone.delete()
    await hold_preparation.prepare(code, by=OFFICE, at=LATER)
    assert not await Target.exists(code=gone.code)
    await draw.hold(code, by=OFFICE, at=LATER)
    back = await Target.get(code=gone.code)
    assert (back.name, back.status) == (gone.name, "deregistered")
    assert await Task.filter(target=back).count() == 1
