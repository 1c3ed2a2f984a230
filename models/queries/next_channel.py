"""Which channel is due for a letter, and where each finds the entity (Art. 16 (2))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from models.rules.channel import BY_HAND, CALLS, SENT_BY_US, following
from models.rules.phone import mobile
from models.tables import Account, Attempt, Binding, Notice, Outbox, Target

USELESS = {"fax": ("failed",), "post": ("bounced",), "personal": ("no_answer",)}


async def due(notice: Notice, target: Target) -> tuple[str, str]:
    """The channel that comes next, and its address: an account for the chat."""
    there = await addresses(target)
    channel = following(target.channels, there, (await used_up([notice]))[notice.id])
    return channel, there[channel]


async def addresses(target: Target) -> dict[str, str]:
    """Where each channel finds the entity; empty where it does not."""
    return (await addresses_of([target]))[target.code]


async def addresses_of(targets: Sequence[Target]) -> dict[str, dict[str, str]]:
    """The same of several, by the target's code."""
    accounts = Account.filter(target_id__in=[target.code for target in targets], disabled_at=None)
    entities = {
        str(code): int(id) for id, code in await accounts.order_by("-id").values_list("id", "target_id")
    }
    binding = Binding.filter(account_id__in=[*entities.values()], ended_at=None, blocked_at=None)
    bound = set(await binding.values_list("account_id", flat=True)) if entities else set()
    return {target.code: _addresses(target, entities.get(target.code), bound) for target in targets}


def _addresses(target: Target, entity: int | None, bound: Collection[object]) -> dict[str, str]:
    return {
        "chat": str(entity) if entity in bound else "", "email": target.email,
        "sms": mobile(target.phone) or "", "phone": target.phone, "fax": target.fax,
        "post": target.address, "personal": target.address,
    }  # fmt: skip


async def used_up(notices: Sequence[Notice]) -> dict[int, set[str]]:
    """By notice the channels that have had their turn: a call three times, a letter on paper once."""
    used: dict[int, set[str]] = {notice.id: set() for notice in notices}
    of = {f"notice:{id}:{channel}": id for id in used for channel in SENT_BY_US}
    for key, channel in await Outbox.filter(kind="notice", key__in=list(of)).values_list("key", "channel"):
        used[of[key]].add(channel)
    calls: Counter[int] = Counter()
    for attempt in await Attempt.filter(notice_id__in=list(used)):
        id = attempt.notice_id
        calls[id] += attempt.channel == "phone" and attempt.outcome == "no_answer"
        if attempt.channel not in BY_HAND or attempt.outcome in USELESS.get(attempt.channel, ()):
            used[id].add(attempt.channel)
    return {id: each | ({"phone"} if calls[id] >= CALLS else set()) for id, each in used.items()}
