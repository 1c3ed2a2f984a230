"""收件: durable before acknowledged, once however often it is sent, in the order of each person."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from models import store
from models.operations import inbox, lease
from models.procedure import update_outcome
from models.tables import Inbox, InboxState, Stray

AT = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
ZHANG, LI = 1_000_001, 1_000_002


def body(number, sender=ZHANG, text="合格"):
    message = {"message_id": 1, "from": {"id": sender}, "chat": {"id": sender}, "text": text}
    return json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()


async def arrive(*bodies, at=AT):
    return await inbox.keep([inbox.read(one) for one in bodies], at=at)


async def turns(at=AT, **but):
    return [row.update_id for row in await inbox.waiting(at=at, **but)]


async def test_d1_the_same_update_twice_is_counted_and_has_no_second_effect(any_db):
    await arrive(body(7))
    assert await arrive(body(7)) == inbox.ArrivalCounts(repeats=1)
    assert await turns() == [7]
    assert (await Inbox.get(update_id=7)).repeats == 1


async def test_d1_a_repeat_after_the_act_stays_done(any_db):
    await arrive(body(7))
    await update_outcome.done(7, at=AT)
    await arrive(body(7))
    assert await turns() == []


async def test_d1_the_same_update_at_the_same_moment_from_many_hands_is_stored_once(any_db):
    kept = await asyncio.gather(*(arrive(body(n)) for n in range(5) for _ in range(6)))
    assert sum(one.new for one in kept) == 5
    assert sum(one.repeats for one in kept) == 25


async def test_d2_another_body_under_a_known_number_is_put_aside_and_the_first_wins(any_db):
    await arrive(body(7, text="合格"))
    assert await arrive(body(7, text="不合格")) == inbox.ArrivalCounts(strays=1)
    assert "不合格" not in (await Inbox.get(update_id=7)).body
    assert "不合格" in (await Stray.get(update_id=7)).body


async def test_d4_what_is_no_update_is_kept_aside_whole_and_the_rest_goes_on(any_db):
    digits = b"9" * 5000
    bad = [b"", b"{", b"[]", b"null", b'"x"', b"[" * 100_000, b"\xff\xfe", b'{"update_id": %b}' % digits]
    bad += [b'{"update_id": %b}' % value for value in (b"true", b'"7"', b"-1", b"1e3", b"null", b"[1]")]
    kept = await arrive(body(1), *bad, body(2))
    assert kept == inbox.ArrivalCounts(new=2, strays=len(bad))
    assert await turns() == [1, 2]
    assert await Stray.all().count() == len(bad)


async def test_d4_what_was_put_aside_once_is_not_put_aside_again(any_db):
    for _ in range(3):
        await arrive(b"{")
    assert await Stray.all().count() == 1


async def test_d4_numbers_and_characters_that_no_database_takes_are_no_reason_to_refuse(any_db):
    hostile = [
        body(1).replace("合格".encode(), b"a\0b"),
        body(2).replace(str(ZHANG).encode(), b"9" * 30),
        body(3).replace("合格".encode(), rb"\ud800 \u0000"),
        body(4).replace("合格".encode(), b"\xed\xa0\x80"),
    ]
    kept = await arrive(*hostile)
    assert kept.new + kept.strays == 4


async def test_d5_an_unknown_kind_is_stored_like_any_other(any_db):
    await arrive(b'{"update_id": 9, "teleport": {"from": {"id": 5}, "new": [1]}, "more": null}')
    row = await Inbox.get(update_id=9)
    assert row.sender == 5
    assert "teleport" in row.body


async def test_the_sender_is_found_in_every_kind():
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        assert inbox.read(json.dumps({"update_id": 1, kind: {"from": {"id": 5}}}).encode()).sender == 5
    assert inbox.read(b'{"update_id": 1, "channel_post": {"chat": {"id": -100}}}').sender == -100
    assert inbox.read(b'{"update_id": 1, "poll": {"id": "5"}}').sender == inbox.NOBODY


async def test_the_order_of_a_person_waits_for_the_one_that_failed_and_nobody_else_does(any_db):
    await arrive(body(1), body(2), body(3, LI))
    assert not await update_outcome.failed(1, "no reception", at=AT)
    assert await turns() == [3]
    assert await turns(AT + timedelta(seconds=2)) == [1, 2, 3]


async def test_a_failure_is_tried_again_later_and_later_and_put_aside_whole_after_six(any_db):
    await arrive(body(1), body(2))
    at, waits = AT, []
    for _ in range(5):
        assert not await update_outcome.failed(1, "again", at=at)
        row = await Inbox.get(update_id=1)
        waits.append((row.not_before - at).total_seconds())
        at = row.not_before
    assert waits == [1, 2, 4, 8, 16]
    assert await update_outcome.failed(1, "again", at=at)
    row = await Inbox.get(update_id=1)
    assert (row.state, row.error, row.body) == (InboxState.QUARANTINED, "again", body(1).decode())
    assert await turns(at) == [2]


async def test_a_crowd_that_waits_for_its_next_try_does_not_hide_the_others(any_db):
    await arrive(*(body(n, sender=n) for n in range(1, 61)))
    for n in range(1, 60):
        await update_outcome.failed(n, "again", at=AT)
    assert await turns(limit=10) == [60]


async def test_updates_of_nobody_are_acted_upon_too(any_db):
    await arrive(b'{"update_id": 1, "poll": {}}', body(2))
    await update_outcome.failed(2, "again", at=AT)
    assert await turns() == [1]
    assert await turns(but=[ZHANG]) == [1]


async def test_an_error_with_characters_that_no_database_takes_is_written_down_too(any_db):
    await arrive(body(1))
    await update_outcome.failed(1, "a\0b" * 2000, at=AT)
    assert len((await Inbox.get(update_id=1)).error) == 2000


async def test_one_of_many_gets_the_right_and_keeps_it(any_db):
    held = await asyncio.gather(
        *(lease.take("poller", f"p{n}", 8, at=AT + timedelta(seconds=n)) for n in range(8))
    )
    holders = {one.holder for one in held}
    assert len(holders) == 1
    holder = holders.pop()
    later = AT + timedelta(days=1)
    assert (await lease.take("poller", "late", 8, at=later)).holder == holder
    assert (await lease.take("poller", holder, 8, at=later)).until == later + timedelta(seconds=8)


async def test_a_dead_holding_is_taken_over_once_by_one(any_db):
    dead = await lease.take("poller", "old", 8, at=AT)
    held = await asyncio.gather(*(lease.take("poller", f"p{n}", 8, at=AT, over_from=dead) for n in range(8)))
    assert len({one.holder for one in held if one.holder != "old"}) == 1
    assert (await lease.take("poller", "asking", 8, at=AT)).holder != "old"


async def test_a_holding_that_was_renewed_is_not_taken_over(any_db):
    seen = await lease.take("poller", "old", 8, at=AT)
    await lease.take("poller", "old", 8, at=AT + timedelta(seconds=3))
    assert (await lease.take("poller", "new", 8, at=AT + timedelta(hours=1), over_from=seen)).holder == "old"


async def test_a_right_given_back_is_free(any_db):
    await lease.take("poller", "old", 8, at=AT)
    await lease.release("poller", "new")
    assert (await lease.take("poller", "new", 8, at=AT)).holder == "old"
    await lease.release("poller", "old")
    assert (await lease.take("poller", "new", 8, at=AT)).holder == "new"


async def test_nothing_is_stored_when_one_of_a_batch_cannot_be(db):
    await store.connection().execute_query(
        "CREATE TRIGGER refuse BEFORE INSERT ON inbox WHEN NEW.update_id = 3"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )
    try:
        await arrive(body(1), body(2), body(3))
    except Exception as refused:
        assert "refused" in str(refused)
    assert await Inbox.all().count() == 0
