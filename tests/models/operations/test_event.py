"""留痕: a changed, removed or inserted row is found; an act under a key happens once (Art. 16 (3), 20)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tortoise.exceptions import IntegrityError

from models import store
from models.operations import event
from models.operations.event import Head
from models.rules.actor import CLOCK, COURIER
from models.rules.chain import digest
from models.tables import Account, Event

AT = datetime(2026, 11, 27, 1, 0, 0, 123456, tzinfo=UTC)
CHAIN = "task:2026-XH-GA-02-1-001"


@store.transactional
async def done(number, key=None, chain=CHAIN, by=CLOCK):
    return await event.record(chain, "answer.given", by=by, at=AT, key=key, number=number, note="合格")


async def chain_of(count):
    for number in range(count):
        await done(number)
    return await Event.filter(chain=CHAIN).order_by("seq")


CHANGES = {
    "kind": "answer.taken",
    "by": COURIER.mark,
    "at": AT + timedelta(microseconds=1),
    "data": {"number": 2, "note": "不合格"},
    "previous": "f" * 64,
    "sha256": "f" * 64,
    "seq": 99,
    "chain": "task:other",
}


@pytest.mark.parametrize("column", CHANGES)
async def test_a_change_in_any_column_is_found(any_db, column):
    rows = await chain_of(5)
    await Event.filter(id=rows[2].id).update(**{column: CHANGES[column]})
    assert await event.first_broken_link(CHAIN) == 3


@pytest.mark.parametrize("which", [0, 2, 3])
async def test_a_removed_row_is_found(db, which):
    rows = await chain_of(5)
    await rows[which].delete()
    assert await event.first_broken_link(CHAIN) == which + 1


async def test_rows_cut_off_at_the_end_are_missed_by_whoever_knows_the_head(db):
    rows = await chain_of(5)
    known = await event.chain_head(CHAIN)
    await rows[4].delete()
    assert await event.first_broken_link(CHAIN) is None
    assert await event.first_broken_link(CHAIN, known) == 5
    await rows[3].delete()
    assert await event.first_broken_link(CHAIN, known) == 4


async def test_a_chain_written_anew_is_found_by_whoever_knows_a_head(db):
    await chain_of(4)
    known = await event.chain_head(CHAIN)
    await Event.all().delete()
    for number in range(6):
        await done(number * 7)
    assert await event.first_broken_link(CHAIN) is None
    assert await event.first_broken_link(CHAIN, known) == 4


async def test_a_chain_that_went_on_still_fits_a_head_of_former_times(db):
    await chain_of(3)
    known = await event.chain_head(CHAIN)
    await done(3)
    assert await event.first_broken_link(CHAIN, known) is None


async def test_an_inserted_row_is_found_wherever_it_is_put(db):
    rows = await chain_of(4)
    forged = {"chain": CHAIN, "kind": "answer.given", "by": CLOCK.mark, "at": AT, "data": {"number": 7}}
    whole = digest(**forged, seq=3, previous=rows[1].sha256)
    for row in reversed(rows[2:]):
        await Event.filter(id=row.id).update(seq=row.seq + 1)
    await Event.create(**forged, seq=3, previous=rows[1].sha256, sha256=whole)
    assert await event.first_broken_link(CHAIN) == 4


async def test_two_rows_that_changed_places_are_found(db):
    rows = await chain_of(4)
    await Event.filter(id=rows[1].id).update(seq=77)
    await Event.filter(id=rows[2].id).update(seq=2)
    await Event.filter(id=rows[1].id).update(seq=3)
    assert await event.first_broken_link(CHAIN) == 2


async def test_an_empty_chain_is_whole_and_has_no_head(db):
    assert await event.first_broken_link(CHAIN) is None
    assert await event.chain_head(CHAIN) == Head(0, "0" * 64)
    assert await event.first_broken_link(CHAIN, Head(1, "a" * 64)) == 1


async def test_acts_at_the_same_moment_follow_each_other_in_one_chain(any_db):
    await asyncio.gather(*(done(number) for number in range(25)))
    assert await event.first_broken_link(CHAIN) is None
    assert await Event.filter(chain=CHAIN).count() == 25


async def test_a_key_makes_an_act_happen_once_however_many_ask_at_the_same_moment(any_db):
    async def name(key, word):
        if await event.find_by_key(key):
            return False
        await Account.create(role="office", name=word, created_at=AT)
        await event.record("office", "named", by=CLOCK, at=AT, key=key)
        return True

    asked = (store.run_in_transaction(name, f"u{n % 4}", f"甲{n}") for n in range(24))
    did = await asyncio.gather(*asked)
    assert did.count(True) == 4
    assert await Account.all().count() == 4


async def test_an_act_that_fails_leaves_its_key_free(any_db):
    async def fails():
        await event.record(CHAIN, "answer.given", by=CLOCK, at=AT, key="u1")
        raise RuntimeError("power")

    with pytest.raises(RuntimeError):
        await store.run_in_transaction(fails)
    async with store.transaction():
        assert await event.find_by_key("u1") is None
    await done(1, key="u1")
    assert (await Event.get(key="u1")).seq == 1


async def test_an_act_that_forgets_to_ask_is_stopped_by_the_table(any_db):
    await done(1, key="u1")
    with pytest.raises(IntegrityError):
        await done(2, key="u1", chain="task:other")
    assert await Event.all().count() == 1


async def test_without_a_key_nothing_has_happened(db):
    await done(1)
    assert await event.find_by_key(None) is None
