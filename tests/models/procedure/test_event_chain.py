"""The chain of events reads the same on both databases (Art. 16 (3), 20)."""

from datetime import UTC, datetime

from models import store
from models.operations import event
from models.rules.actor import CLOCK
from models.tables import Event

AT = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)


async def test_an_untouched_chain_is_whole_on_either_database(any_db):
    data = {
        "zeta": 1,
        "aa": {"b": [1.5, 1e16, 1e23, -0.0, 1e-7, {"y": "中", "x": None}], "a": 2},
        "b": True,
        "逐": {10: 1, 9: 2},
    }
    async with store.transaction():
        await event.record("task:1", "answer.given", by=CLOCK, at=AT, **data)
        await event.record("task:1", "answer.given", by=CLOCK, at=AT, number=1, a=2)
    assert await event.first_broken_link("task:1") is None


async def test_a_changed_word_breaks_the_chain_where_it_stands(any_db):
    async with store.transaction():
        for number in range(3):
            await event.record("task:1", "answer.given", by=CLOCK, at=AT, number=number, verdict="pass")
    await Event.filter(seq=2).update(data={"number": 1, "verdict": "fail"})
    assert await event.first_broken_link("task:1") == 2
