"""With CHAT_EVIDENCE=off not even the inbox keeps what people wrote or sent."""

from __future__ import annotations

import json

import pytest

from models.operations import inbox, strip_update
from models.tables import Inbox, Stray
from tests.support.district import CEREMONY

FRAME = {
    "message_id": 5,
    "date": 1,
    "chat": {"id": 7, "type": "private"},
    "from": {"id": 7, "is_bot": False, "first_name": "甲"},
}


@pytest.mark.parametrize(
    "content",
    [
        {"text": "布草间秘密", "entities": []}, {"caption": "秘密", "photo": [{"file_id": "秘密"}]},
        {"document": {"file_id": "秘密", "file_name": "秘密.jpg"}}, {"location": {"latitude": 33.731, "longitude": 113.2}},
        {"voice": {"file_id": "秘密"}}, {"text": "x", "reply_to_message": {"message_id": 1, "text": "秘密"}},
        {"something_new": {"text": "秘密"}, "text": "y"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["message", "edited_message", "channel_post"])
async def test_what_was_sent_is_not_in_the_database(db, kind, content):
    body = json.dumps({"update_id": 1, kind: {**FRAME, **content}}, ensure_ascii=False).encode()
    await inbox.keep([strip_update.read(body)], at=CEREMONY)
    row = await Inbox.get()
    assert row.sender == 7
    assert "秘密" not in row.body and "33.731" not in row.body
    assert json.loads(row.body)[kind]["text"] == "…"


async def test_commands_contacts_and_presses_still_come_through(db):
    updates = [
        {"message": {**FRAME, "text": "/start abc", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}},
        {"message": {**FRAME, "contact": {"user_id": 7, "phone_number": "1"}}},
        {"callback_query": {"id": "1", "from": FRAME["from"], "data": "o:1|AAAAAAAA", "chat_instance": "1",
                            "message": {**FRAME, "text": "秘密", "reply_markup": {"inline_keyboard": []}}}},
    ]  # fmt: skip
    for n, update in enumerate(updates, 1):
        await inbox.keep(
            [strip_update.read(json.dumps({"update_id": n, **update}, ensure_ascii=False).encode())],
            at=CEREMONY,
        )
    kept = [json.loads(row.body) for row in await Inbox.all().order_by("update_id")]
    assert kept[0]["message"]["text"] == "/start abc" and kept[0]["message"]["entities"]
    assert kept[1]["message"]["contact"]["phone_number"] == "1" and "text" not in kept[1]["message"]
    assert kept[2]["callback_query"]["data"] == "o:1|AAAAAAAA"
    assert kept[2]["callback_query"]["message"]["text"] == "…"


async def test_of_a_body_that_is_no_update_only_the_hash_stays(db):
    await inbox.keep([strip_update.read("秘密".encode())], at=CEREMONY)
    assert (await Stray.get()).body.startswith("sha256:")


async def test_a_repeat_is_still_known_as_one(db):
    body = json.dumps({"update_id": 1, "message": {**FRAME, "text": "秘密"}}).encode()
    for _ in range(2):
        kept = await inbox.keep([strip_update.read(body)], at=CEREMONY)
    assert (kept.repeats, await Inbox.all().count()) == (1, 1)
