"""Work before the transaction: what was prepared from something that has changed since is never written (Art. 11, 14)."""

import asyncio
import threading
from datetime import timedelta

from models import store
from models.prepared_act import TRIES, Outdated, prepared_by
from models.procedure import declaration, draw
from models.queries import draw_texts, evidence
from models.rules.draw import files
from models.rules.draw.commitment import FILES
from models.tables import Draw, Event, Inspector, Pledge, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE


class Renumbered:
    """An act on a number that others change while it is prepared."""

    def __init__(self, changes: int) -> None:
        self.changes, self.number, self.within = changes, 0, []

    async def prepare(self) -> int:
        self.within.append(store.is_act_under_way())
        ready = self.number
        if self.changes:
            self.changes -= 1
            self.number += 1
        return ready

    async def write(self) -> int:
        @prepared_by(self.prepare)
        async def written(ready: int) -> int:
            if ready != self.number and not self.within[-1]:
                raise Outdated
            return ready

        return await written()


async def test_an_act_is_prepared_again_until_nothing_changed_and_in_the_end_within_its_transaction(db):
    once, always = Renumbered(changes=1), Renumbered(changes=99)
    assert await once.write() == 1
    assert once.within == [False, False]
    await always.write()
    assert always.within == [False] * TRIES + [True]


async def test_an_act_within_another_is_prepared_there(db):
    inner = Renumbered(changes=0)
    await store.run_in_transaction(inner.write)
    assert inner.within == [True]


async def test_what_is_declared_while_a_commit_is_worked_out_counts_in_it(any_db):
    await sample.found()
    loop, salts, threads = asyncio.get_running_loop(), sample.salts(), []

    def random(n: int) -> bytes:
        if not threads:
            act = declaration.declare(
                BATCH, "OBJ00002", "art3-2", "示例专项部署", "0" * 64, by=OFFICE, at=CEREMONY
            )
            asyncio.run_coroutine_threadsafe(act, loop).result()
        threads.append(threading.current_thread())
        return salts(n)

    fixed = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=random)
    assert threading.main_thread() not in threads, "the loop is free meanwhile"
    row = await Draw.get(code=fixed.code)
    assert "OBJ00002" not in [known[0] for known in (await draw_texts.targets(row)).values()]
    grounds = [line.split("\t")[1] for line in (await draw_texts.text(row, "exclusions.tsv")).splitlines()]
    assert grounds.count("art3-2") == 1
    assert await Event.filter(kind="draw.committed").count() == 1
    assert (await evidence.verify()).differences == []


async def test_the_same_salts_give_the_same_bytes_and_the_row_says_what_its_commit_gave(any_db):
    await sample.found()
    fixed = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    row = await Draw.get(code=fixed.code)
    assert dict(fixed.certain) == row.certain
    committed = await draw_texts.texts(row)
    assert files.sha256(committed["SHA256SUMS"].encode()) == row.commitment == fixed.commitment
    assert files.sums({name: committed[name].encode() for name in FILES}).decode() == committed["SHA256SUMS"]
    assert (row.results, row.seed, row.held_at, row.void_reason) == ({}, "", None, "")
    assert await Pledge.filter(draw=row).count() == len((await sample.Batch.get(code=BATCH)).entropy) + 1


async def test_two_presses_at_once_hold_a_draw_once(any_db):
    await sample.found()
    code = await sample.revealed()
    later = CEREMONY + timedelta(hours=1)
    first, second = await asyncio.gather(*(draw.hold(code, by=OFFICE, at=later) for _ in range(2)))
    assert first == second
    assert await Event.filter(kind="draw.held").count() == 1
    assert await Task.all().count() == 5
    assert (await evidence.verify()).differences == []


async def test_an_officer_gone_from_the_register_is_put_back_by_the_hold_that_needs_them(any_db):
    await sample.found()
    code = await sample.revealed()
    gone = await Inspector.get(code="INS-GA-1")
    await gone.delete()
    await draw.hold(code, by=OFFICE, at=CEREMONY + timedelta(hours=1))
    back = await Inspector.get(code=gone.code)
    assert (back.name, back.department, back.status) == (gone.name, gone.department, "left")
