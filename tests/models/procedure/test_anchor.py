"""Each day the root over all chains is written down, once, in order, and follows from the day before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models import store
from models.operations import event
from models.procedure import anchor
from models.queries import anchor as anchors
from models.queries import evidence
from models.refusal import Refusal
from models.rules import merkle
from models.rules.actor import CLOCK
from models.rules.anchor import BEFORE_ALL, DayStatement, End, leaves
from models.tables import Anchor
from tests.support.district import district

PLACE = district()
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # in the district
DAY = timedelta(days=1)


@store.transactional
async def acts(chain, *times):
    for at in times:
        await event.record(chain, "visit.noted", by=CLOCK, at=at, note="示例")


async def close(day, at):
    return await anchor.close_day(day, by=CLOCK, at=at, district=PLACE)


def ends(one):
    return {chain: length for chain, length, _ in one.ends}


async def test_a_day_ends_at_midnight_in_the_district(any_db):
    await acts("task:1", NOON, MIDNIGHT - timedelta(microseconds=1), MIDNIGHT)
    await acts("task:2", MIDNIGHT)
    first = await close(MONDAY, MIDNIGHT + timedelta(hours=1))
    assert ends(first) == {"task:1": 2}
    second = await close(MONDAY + DAY, MIDNIGHT + DAY)
    assert ends(second) == {"task:1": 3, "task:2": 1, "anchors": 1}


async def test_a_day_is_closed_once_and_not_before_it_is_over(db):
    await acts("task:1", NOON)
    with pytest.raises(Refusal, match="day_not_over"):
        await close(MONDAY, MIDNIGHT - timedelta(seconds=1))
    first = await close(MONDAY, MIDNIGHT)
    await acts("task:1", MIDNIGHT)
    assert (await close(MONDAY, MIDNIGHT + DAY)).root == first.root
    assert await Anchor.all().count() == 1
    with pytest.raises(Refusal, match="day_passed"):
        await close(MONDAY - DAY, MIDNIGHT)


async def test_what_came_late_with_an_earlier_time_is_covered_by_the_next_day(db):
    await acts("task:1", NOON, MIDNIGHT + timedelta(hours=1), NOON)
    assert ends(await close(MONDAY, MIDNIGHT + timedelta(hours=2))) == {"task:1": 1}
    assert ends(await close(MONDAY + DAY, MIDNIGHT + DAY))["task:1"] == 3


async def test_days_on_which_the_server_was_off_are_closed_when_it_comes_back_and_say_when(db):
    assert await anchor.due(MIDNIGHT, PLACE) == []
    await acts("task:1", NOON)
    assert [day.said.day for day in await anchor.due(MIDNIGHT, PLACE)] == [MONDAY]
    back = MIDNIGHT + 3 * DAY
    later = await anchor.due(back, PLACE)
    assert [(day.said.day, day.closed_at) for day in later] == [(MONDAY + n * DAY, back) for n in (1, 2, 3)]
    assert await anchor.due(back, PLACE) == []


async def test_each_root_holds_the_one_before_and_grows_from_it(any_db):
    for n in range(6):
        await acts(f"task:{n % 3}", NOON + n * DAY)
        await anchor.due(MIDNIGHT + n * DAY, PLACE)
    days = list(reversed(await anchors.days()))
    log, previous, size = [], BEFORE_ALL, 0
    for number, (day, row) in enumerate(zip(days, await Anchor.all().order_by("number"), strict=True), 1):
        said = day.said
        log += leaves(number, said.day, previous, [End(*end) for end in row.ends])
        assert (said.previous, said.size, said.root) == (previous, len(log), merkle.root(log).hex())
        path = [bytes.fromhex(step) for step in day.consistency]
        before = bytes.fromhex(previous)
        assert merkle.consistent(size, said.size, before, bytes.fromhex(said.root), path)
        previous, size = said.root, said.size
    assert (await evidence.verify()).whole


async def test_a_chains_newest_end_is_proven_to_the_root_of_its_day(db):
    for n in range(5):
        await acts(f"task:{n % 2}", NOON + n * DAY)
        await anchor.due(MIDNIGHT + n * DAY, PLACE)
    for chain, day, length in (("task:0", 4, 3), ("task:1", 3, 2)):
        proof = await anchors.proof(chain)
        assert (proof.day.said.day, proof.end.length) == (MONDAY + day * DAY, length)
        path = [bytes.fromhex(step) for step in proof.path]
        root = bytes.fromhex(proof.day.said.root)
        assert merkle.included(proof.end.leaf, proof.index, proof.day.said.size, path, root)
    assert await anchors.proof("task:9") is None


def test_a_days_statement_is_six_plain_lines():
    said = DayStatement("示例区", 2, MONDAY, 9, "a" * 64, "b" * 64)
    assert said.text == (
        f"shuangsuiji/root/1\n示例区\n2 2026-11-23\nsize 9\nroot {'a' * 64}\nprevious {'b' * 64}\n"
    )
