"""Which channel is due for a letter, and where each finds the entity (Art. 16 (2))."""

from __future__ import annotations

from models.rules.channel import BY_HAND, CALLS, following
from models.rules.phone import mobile
from models.tables import Account, Attempt, Binding, Notice, Outbox, Target

USELESS = {"fax": ("failed",), "post": ("bounced",), "personal": ("no_answer",)}


async def due(notice: Notice, target: Target) -> tuple[str, str]:
    """The channel that comes next, and its address: an account for the chat."""
    there = await addresses(target)
    channel = following(target.channels, there, await _used_up(notice))
    return channel, there[channel]


async def addresses(target: Target) -> dict[str, str]:
    """Where each channel finds the entity; empty where it does not."""
    entity = await Account.filter(target=target, disabled_at=None).first()
    bound = entity and await Binding.exists(account=entity, ended_at=None, blocked_at=None)
    return {
        "chat": str(entity.id) if entity and bound else "", "email": target.email,
        "sms": mobile(target.phone) or "", "phone": target.phone, "fax": target.fax,
        "post": target.address, "personal": target.address,
    }  # fmt: skip


async def _used_up(notice: Notice) -> set[str]:
    """Channels that have had their turn: a call three times, a letter on paper once."""
    owed = await Outbox.filter(kind="notice", key__startswith=f"notice:{notice.id}:")
    used, calls = {row.channel for row in owed}, 0
    for attempt in await Attempt.filter(notice=notice):
        calls += attempt.channel == "phone" and attempt.outcome == "no_answer"
        if attempt.channel not in BY_HAND or attempt.outcome in USELESS.get(attempt.channel, ()):
            used.add(attempt.channel)
    return used | ({"phone"} if calls >= CALLS else set())
