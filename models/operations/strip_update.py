"""CHAT_EVIDENCE=off: what people write or send is taken out of an update before anything of it is stored.

Commands and a person's own contact stay, who sent it and when; everything else becomes one sign, so that the
sender can still be told that nothing was kept.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from models.operations import inbox
from models.operations.inbox import RawUpdate

KEPT = frozenset(
    {
        "message_id",
        "date",
        "edit_date",
        "chat",
        "from",
        "contact",
        "media_group_id",
        "forward_origin",
        "sender_chat",
        "message_thread_id",
        "is_topic_message",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "forum_topic_reopened",
    }
)
SIGN = "…"


def read(body: bytes) -> RawUpdate:
    """As `intake.read`, of the update without its contents. Of what cannot be read only the hash stays."""
    raw = inbox.read(body)
    if raw.update_id is None:
        return RawUpdate(f"sha256:{hashlib.sha256(body).hexdigest()}", None)
    update = {name: _part(part) for name, part in json.loads(raw.body).items()}
    return RawUpdate(json.dumps(update, ensure_ascii=False), raw.update_id, raw.sender)


def _part(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    if "message_id" in part:
        return _message(part)
    sifted = {
        name: _message(value) if name == "message" and isinstance(value, dict) else value
        for name, value in part.items()
    }
    return sifted | ({"query": SIGN} if "query" in sifted else {})


def _message(message: dict[str, Any]) -> dict[str, Any]:
    """A message's frame. A command stays whole: the token of a link is its argument."""
    frame = {name: value for name, value in message.items() if name in KEPT}
    text = message.get("text")
    if isinstance(text, str) and text.startswith("/"):
        return frame | {"text": text, "entities": message.get("entities", [])}
    return frame if "contact" in frame else frame | {"text": SIGN}
