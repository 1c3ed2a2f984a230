"""Signing in at the companion that Telegram opened: the chat's own binding proves who it is (Art. 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import store
from models.operations import event
from models.procedure import enrolment
from models.queries.person import AccountHolder
from models.queries.sessions import officer_in_chat
from models.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Launch:
    """That a Telegram person opened the companion. `digest`: SHA-256 in hex of what proves it, good once."""

    telegram_id: int
    opened_at: datetime
    digest: str


@store.transactional
async def sign_in(launch: Launch, token: str, csrf: str, *, at: datetime) -> AccountHolder:
    """Begin a session for the officer who opened the companion; the same launch begins none again.

    Raises Refusal as `officer_in_chat`, `launch.used`, and as every sign-in.
    """
    key = f"launch:{launch.digest}"
    if await event.find_by_key(key):
        raise Refusal("launch.used")
    officer = await officer_in_chat(launch.telegram_id, launch.opened_at)
    await enrolment.sign_in(officer.id, token, csrf, at=at, by_link=True, key=key)
    return officer
