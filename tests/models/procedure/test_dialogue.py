"""What a chat waits for and shows is in the database alone, so that a restart changes nothing (R6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.operations import event
from models.procedure import dialogue
from models.tables import Card, Event

AT = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
ZHANG = 1_000_001


async def test_one_thing_is_awaited_at_a_time(db: str) -> None:
    await dialogue.ask(ZHANG, "question", "task:1", at=AT, q=3)
    await dialogue.ask(ZHANG, "network", "task:2", at=AT, q=1)
    waiting = await dialogue.prompt(ZHANG)
    assert waiting is not None
    assert (waiting.flow, waiting.subject, waiting.data) == ("network", "task:2", {"q": 1})


async def test_the_way_through_a_checklist_is_remembered_with_its_times(db: str) -> None:
    for n in (3, 4, 4, 5):
        await dialogue.ask(ZHANG, "question", "task:1", at=AT + timedelta(minutes=n), q=n)
    await dialogue.ask(ZHANG, "section", "task:1", at=AT + timedelta(minutes=6))
    waiting = await dialogue.prompt(ZHANG)
    assert waiting is not None
    assert [number for number, _ in waiting.data["before"]] == [3, 4, 5]
    assert waiting.data["before"][1][1] == (AT + timedelta(minutes=4)).isoformat()


async def test_d28_leaving_keeps_the_draft_and_what_stands_beside_it(db: str) -> None:
    await dialogue.ask(ZHANG, "question", "task:1", at=AT, q=4)
    await dialogue.keep(ZHANG, at=AT, location={"latitude": 33.7})
    left = await dialogue.leave(ZHANG, at=AT)
    assert left is not None and left.flow == "question"
    assert await dialogue.leave(ZHANG, at=AT) is None
    waiting = await dialogue.prompt(ZHANG)
    assert waiting is not None and waiting.flow == dialogue.IDLE
    assert waiting.data["draft"] == {"flow": "question", "subject": "task:1", "data": {"q": 4}}
    assert waiting.data["location"] == {"latitude": 33.7}
    await dialogue.ask(ZHANG, "question", "task:1", at=AT, q=5)
    again = await dialogue.prompt(ZHANG)
    assert again is not None and "draft" not in again.data and again.data["location"] == {"latitude": 33.7}


async def test_a_message_shows_one_thing_and_a_thing_is_shown_by_one_message(db: str) -> None:
    await dialogue.shown(ZHANG, "list", 10, "a")
    await dialogue.shown(ZHANG, "task:1", 10, "b")
    await dialogue.shown(ZHANG, "task:1", 12, "c")
    assert await dialogue.card(ZHANG, "list") is None
    assert await dialogue.card(ZHANG, "task:1") == (12, "c")
    assert await dialogue.shown_by(ZHANG, 10) is None
    await dialogue.forget(ZHANG, 12)
    assert await Card.all().count() == 0


async def test_d18_a_forged_press_leaves_a_mark_without_detail(db: str) -> None:
    await dialogue.forged(ZHANG, at=AT)
    row = await Event.get(chain="security")
    assert (row.kind, row.by, row.data) == ("button.forged", f"public:tg:{ZHANG}", {})
    assert await event.first_broken_link("security") is None
