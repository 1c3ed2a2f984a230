"""A link that signs one account in at the console or the companion (Art. 10)."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from bot.turn import Turn
from models.procedure import enrolment
from models.rules.actor import Actor


async def create(turn: Turn, by: Actor, after: str = "") -> str:
    """The address that signs this account in, once, within ten minutes, and goes on to `after`."""
    token = secrets.token_urlsafe(16)
    assert by.account is not None
    await enrolment.invite(by.account, token, by=by, at=turn.at, purpose="login")
    return turn.services.district.link(f"/login/{token}" + (f"?next={quote(after)}" if after else ""))
