"""What a chat is about just now: the open prompt and the cards shown, so that a restart changes nothing (R6).

One prompt for each person. A command closes it, and what was begun stays as a draft to go on with (D28).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.procedure import event
from models.rules.actor import Actor, Role
from models.tables import Card, Prompt

IDLE = "idle"
CARRIED = ("location", "album", "draft", "typed", "place_key")
TRAIL = 8  # questions that were open before this one: a photo sent then belongs to them (F5)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a person is asked for: the `flow` that takes what they type, about `subject`, with its `data`."""

    flow: str
    subject: str
    data: dict[str, Any]
    opened_at: datetime
    past: tuple[Waiting, ...] = ()

    def when(self, sent: datetime) -> Waiting | None:
        """What was awaited when a message was sent: a press may overtake the message before it (F5). None when that is
        not known any more. Telegram's times are whole seconds.
        """
        for one in (self, *reversed(self.past)):
            if sent >= one.opened_at.replace(microsecond=0):
                return one
        return None


@store.transactional
async def ask(telegram_id: int, flow: str, subject: str = "", *, at: datetime, **data: Any) -> None:
    """Wait for this person to type, send or choose something, in place of what was awaited before."""
    standing = await Prompt.get_or_none(telegram_id=telegram_id)
    carried = {name: standing.data[name] for name in CARRIED if name in standing.data} if standing else {}
    if flow != IDLE:
        carried.pop("draft", None)
    opened = at
    if standing and standing.subject == subject:
        trail, here = standing.data.get("before", []), standing.data.get("q")
        if (standing.flow, here) == (flow, data.get("q")):
            opened = standing.opened_at
        elif here is not None:
            trail = [*trail, [here, standing.opened_at.isoformat()]][-TRAIL:]
        data = {"before": trail, **data} if trail else data
    changed: dict[str, Any] = {"flow": flow, "subject": subject, "data": {**carried, **data}, "opened_at": opened}
    if standing and _awaits(standing.flow, standing.subject, standing.data) != _awaits(flow, subject, data):
        changed |= {"opened_at": at, "past": _and_before(standing)}
    if standing is None:
        await Prompt.create(telegram_id=telegram_id, **changed)
    else:
        await Prompt.filter(telegram_id=telegram_id).update(**changed)


@store.transactional
async def leave(telegram_id: int, *, at: datetime) -> Waiting | None:
    """Wait for nothing any more; what was open stays as the draft and is given back."""
    standing = await Prompt.get_or_none(telegram_id=telegram_id)
    if standing is None or standing.flow == IDLE:
        return None
    draft = {
        "flow": standing.flow,
        "subject": standing.subject,
        "data": {name: value for name, value in standing.data.items() if name not in CARRIED},
    }
    carried = {name: standing.data[name] for name in CARRIED if name in standing.data}
    await Prompt.filter(telegram_id=telegram_id).update(
        flow=IDLE, subject="", data={**carried, "draft": draft}, opened_at=at, past=_and_before(standing)
    )
    return _waiting(standing)


def _awaits(flow: str, subject: str, data: dict[str, Any]) -> tuple[Any, ...]:
    return (flow, subject, data.get("q"), data.get("expects"))


def _and_before(standing: Prompt) -> list[dict[str, Any]]:
    """What was awaited before, with what is awaited now at its end."""
    data = {name: standing.data[name] for name in ("task", "q", "expects") if name in standing.data}
    now = {"flow": standing.flow, "subject": standing.subject, "data": data, "since": standing.opened_at.isoformat()}
    return [*(standing.past or []), now][-TRAIL:]


@store.transactional
async def keep(telegram_id: int, *, at: datetime, **data: Any) -> None:
    """Remember something beside the open prompt: where the person said to be, which album is under way."""
    standing = await Prompt.get_or_none(telegram_id=telegram_id)
    if standing is None:
        await Prompt.create(telegram_id=telegram_id, flow=IDLE, data=data, opened_at=at)
    else:
        await Prompt.filter(telegram_id=telegram_id).update(data={**standing.data, **data})


async def prompt(telegram_id: int) -> Waiting | None:
    """What this person is asked for just now."""
    standing = await Prompt.get_or_none(telegram_id=telegram_id)
    return _waiting(standing) if standing else None


def _waiting(standing: Prompt) -> Waiting:
    past = [
        Waiting(one["flow"], one["subject"], one["data"], datetime.fromisoformat(one["since"]))
        for one in standing.past or []
    ]
    return Waiting(standing.flow, standing.subject, standing.data, standing.opened_at, tuple(past))


async def card(chat_id: int, subject: str) -> tuple[int, str] | None:
    """The message that shows `subject` in this chat, and the SHA-256 of what it shows."""
    found = await Card.get_or_none(chat_id=chat_id, subject=subject)
    return (found.message_id, found.shown_sha256) if found else None


async def shown_by(chat_id: int, message_id: int) -> str | None:
    """What a message shows; None for a message that is no card any more."""
    found = await Card.get_or_none(chat_id=chat_id, message_id=message_id)
    return str(found.subject) if found else None


@store.transactional
async def shown(chat_id: int, subject: str, message_id: int, sha256: str) -> None:
    """This message shows `subject` now, and nothing else."""
    await Card.filter(chat_id=chat_id, message_id=message_id).exclude(subject=subject).delete()
    if not await Card.filter(chat_id=chat_id, subject=subject).update(
        message_id=message_id, shown_sha256=sha256
    ):
        await Card.create(chat_id=chat_id, subject=subject, message_id=message_id, shown_sha256=sha256)


@store.transactional
async def forget(chat_id: int, message_id: int) -> None:
    """The message is gone or cannot be changed any more (D14)."""
    await Card.filter(chat_id=chat_id, message_id=message_id).delete()


@store.transactional
async def forged(telegram_id: int, *, at: datetime) -> None:
    """Somebody pressed what no button of theirs offers (D18, D19)."""
    await event.record("security", "button.forged", by=Actor(Role.PUBLIC, f"tg:{telegram_id}"), at=at)
