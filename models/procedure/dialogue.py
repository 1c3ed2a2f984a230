"""What a chat is about just now: the open prompt and the cards shown, so that a restart changes nothing (R6).

One prompt for each person. A command closes it, and what was begun stays as a draft to go on with (D28).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from models import store
from models.fields import instant, json_value, readable_json
from models.operations import event, outbox
from models.rules.actor import Actor, Role
from models.tables import Prompt

IDLE = "idle"
CARRIED = ("location", "album", "draft", "typed", "place_key", "shots")
STANDING = """
SELECT c.subject AS card_subject, c.shown_sha256, p.flow, p.subject, p.data, p.opened_at, p.past
FROM (SELECT 1 AS one) x LEFT JOIN card c ON c.chat_id = ? AND c.message_id = ?
LEFT JOIN prompt p ON p.telegram_id = ?"""
RECENT = """
SELECT i.update_id, i.done_at, b.account_id, c.subject FROM inbox i
JOIN binding b ON b.telegram_id = i.sender AND b.ended_at IS NULL JOIN card c ON c.chat_id = i.sender AND c.subject LIKE 'task:%'
WHERE i.update_id > (SELECT COALESCE(MAX(update_id), 0) FROM inbox) - ? AND i.state = 'done'"""
STILL, JUST_NOW = 100, timedelta(minutes=2)
TRAIL = 8  # questions that were open before this one: a photo sent then belongs to them (F5)


@dataclass(frozen=True, slots=True)
class OpenPrompt:
    """What a person is asked for: the `flow` that takes what they type, about `subject`, with its `data`."""

    flow: str
    subject: str
    data: dict[str, Any]
    opened_at: datetime
    past: tuple[OpenPrompt, ...] = ()

    def when(self, sent: datetime) -> OpenPrompt | None:
        """What was awaited when a message was sent: a press may overtake the message before it (F5). None when that is
        not known any more. `sent` is by our clock; Telegram's times are whole seconds.
        """
        for waiting in (self, *reversed(self.past)):
            if sent >= waiting.opened_at.replace(microsecond=0):
                return waiting
        return None


@store.plain
async def ask(telegram_id: int, flow: str, subject: str = "", *, at: datetime, **data: Any) -> None:
    """Wait for this person to type, send or choose something, in place of what was awaited before."""
    await ask_after(await prompt(telegram_id), telegram_id, flow, subject, at=at, **data)


@store.plain
async def ask_after(
    standing: OpenPrompt | None, telegram_id: int, flow: str, subject: str = "", *, at: datetime, **data: Any
) -> OpenPrompt:
    """The same for whoever has read already, in this act, what is awaited now: `standing`. What is awaited then."""
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
    past = standing.past if standing else ()
    if standing and _awaits(standing.flow, standing.subject, standing.data) != _awaits(flow, subject, data):
        opened, past = at, (*past, replace(standing, past=()))[-TRAIL:]
    now = OpenPrompt(flow, subject, {**carried, **data}, opened, past)
    await store.owe(
        "INSERT INTO prompt (telegram_id, flow, subject, data, opened_at, past) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (telegram_id) DO UPDATE SET flow = excluded.flow, subject = excluded.subject, data = excluded.data, "
        "opened_at = excluded.opened_at, past = excluded.past",
        telegram_id, flow, subject, readable_json(now.data), opened, _trail(past),
    )  # fmt: skip
    return now


@store.plain
async def leave(telegram_id: int, *, at: datetime) -> OpenPrompt | None:
    """Wait for nothing any more; what was open stays as the draft and is given back."""
    standing = await prompt(telegram_id)
    if standing is None or standing.flow == IDLE:
        return None
    draft = {
        "flow": standing.flow,
        "subject": standing.subject,
        "data": {name: value for name, value in standing.data.items() if name not in CARRIED},
    }
    carried = {name: standing.data[name] for name in CARRIED if name in standing.data}
    past = (*standing.past, replace(standing, past=()))[-TRAIL:]
    await store.run_one(
        "UPDATE prompt SET flow = ?, subject = '', data = ?, opened_at = ?, past = ? WHERE telegram_id = ?",
        IDLE, readable_json({**carried, "draft": draft}), at, _trail(past), telegram_id,
    )  # fmt: skip
    return standing


def _awaits(flow: str, subject: str, data: dict[str, Any]) -> tuple[Any, ...]:
    return (flow, subject, data.get("q"), data.get("expects"))


def _trail(past: Sequence[OpenPrompt]) -> str | None:
    """What was awaited before, newest last, as it is kept."""
    remaining = [
        {
            "flow": waiting.flow,
            "subject": waiting.subject,
            "data": _place(waiting.data),
            "since": waiting.opened_at.isoformat(),
        }
        for waiting in past
    ]
    return readable_json(remaining) if remaining else None


def _place(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("task", "q", "expects") if name in data}


@store.transactional
async def keep(telegram_id: int, *, at: datetime, **data: Any) -> None:
    """Remember something beside the open prompt: where the person said to be, which album is under way."""
    standing = await Prompt.get_or_none(telegram_id=telegram_id)
    if standing is None:
        await Prompt.create(telegram_id=telegram_id, flow=IDLE, data=data, opened_at=at)
    else:
        await Prompt.filter(telegram_id=telegram_id).update(data={**standing.data, **data})


async def prompt(telegram_id: int) -> OpenPrompt | None:
    """What this person is asked for just now."""
    rows = await store.run_one(
        "SELECT flow, subject, data, opened_at, past FROM prompt WHERE telegram_id = ?", telegram_id
    )
    return _waiting(rows[0]) if rows else None


def _waiting(row: Any) -> OpenPrompt:
    past = [
        OpenPrompt(
            earlier["flow"], earlier["subject"], earlier["data"], datetime.fromisoformat(earlier["since"])
        )
        for earlier in json_value(row["past"]) or []
    ]
    opened = instant(row["opened_at"])
    assert opened
    return OpenPrompt(row["flow"], row["subject"], json_value(row["data"]), opened, tuple(past))


@dataclass(frozen=True, slots=True)
class ChatState:
    """What a message of ours shows, if it is a card still, the SHA-256 of that, and what the chat waits for."""

    subject: str | None
    shown_sha256: str
    prompt: OpenPrompt | None


async def standing(chat_id: int, message_id: int) -> ChatState:
    """A chat as a press under this message finds it."""
    await store.kept(chat_id)
    [rows] = await store.run(store.query(STANDING, chat_id, message_id, chat_id, light=True))
    row = rows[0]
    prompt = _waiting(row) if row["flow"] is not None else None
    return ChatState(row["card_subject"], row["shown_sha256"] or "", prompt)


async def at_card(chat_id: int, subject: str) -> ChatState:
    """A chat with the card of `subject`, if it holds one."""
    await store.kept(chat_id)
    asked = STANDING.replace("c.message_id", "c.subject")
    [rows] = await store.run(store.query(asked, chat_id, subject, chat_id, light=True))
    row = rows[0]
    prompt = _waiting(row) if row["flow"] is not None else None
    return ChatState(row["card_subject"], row["shown_sha256"] or "", prompt)


async def card(chat_id: int, subject: str) -> tuple[int, str] | None:
    """The message that shows `subject` in this chat, and the SHA-256 of what it shows."""
    await store.kept(chat_id)
    rows = await store.run_one(
        "SELECT message_id, shown_sha256 FROM card WHERE chat_id = ? AND subject = ?", chat_id, subject
    )
    return (rows[0]["message_id"], rows[0]["shown_sha256"]) if rows else None


async def shown_by(chat_id: int, message_id: int) -> str | None:
    """What a message shows; None for a message that is no card any more."""
    await store.kept(chat_id)
    rows = await store.run_one(
        "SELECT subject FROM card WHERE chat_id = ? AND message_id = ?", chat_id, message_id
    )
    return str(rows[0]["subject"]) if rows else None


@store.plain
async def shows(chat_id: int, subject: str, sha256: str) -> None:
    """The card of `subject` shows something else now, where it stands."""
    await store.owe(
        "UPDATE card SET shown_sha256 = ? WHERE chat_id = ? AND subject = ?", sha256, chat_id, subject
    )


async def placed(chat_id: int, subject: str, message_id: int, sha256: str, *, new: bool) -> None:
    """`shown`, written with whatever this process commits next: the next update of the chat is stored by then. `new`: the
    message was sent just now and never showed anything else.
    """
    await store.ride(_shown if new else shown, chat_id, chat_id, subject, message_id, sha256)


@store.plain
async def shown(chat_id: int, subject: str, message_id: int, sha256: str) -> None:
    """This message shows `subject` now, and nothing else."""
    await store.owe(
        "DELETE FROM card WHERE chat_id = ? AND message_id = ? AND subject <> ?", chat_id, message_id, subject
    )
    await _shown(chat_id, subject, message_id, sha256)


async def _shown(chat_id: int, subject: str, message_id: int, sha256: str) -> None:
    await store.owe(
        "INSERT INTO card (chat_id, subject, message_id, shown_sha256) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (chat_id, subject) DO UPDATE SET message_id = excluded.message_id, "
        "shown_sha256 = excluded.shown_sha256",
        chat_id, subject, message_id, sha256,
    )  # fmt: skip


@store.plain
async def forget(chat_id: int, message_id: int) -> None:
    """The message is gone or cannot be changed any more (D14)."""
    await store.run_one("DELETE FROM card WHERE chat_id = ? AND message_id = ?", chat_id, message_id)


@store.plain
async def owe_redraw(accounts: list[int], subjects: list[str], update: int, *, at: datetime) -> None:
    """The act of an update is done and what its card shows was written down, but Telegram has not heard of it."""
    for subject in dict.fromkeys(subjects):
        await outbox.enqueue_card_refresh(accounts, subject, key=f"after:{update}:{subject}"[:120], at=at)


@store.transactional
async def show_again(*, at: datetime) -> None:
    """A process begins: what the one before it wrote down and may not have shown any more is drawn again. That is the
    card that each of the last to be served was at.
    """
    rows = await store.run_one(RECENT, STILL)
    last = max((instant(row["done_at"]) or at for row in rows), default=at)
    for row in rows:
        done = instant(row["done_at"])
        if done and done >= last - JUST_NOW and row["subject"]:
            key = f"again:{row['subject']}:{at.isoformat()}"
            await outbox.enqueue_card_refresh([row["account_id"]], row["subject"], key=key, at=at)


@store.transactional
async def forged(telegram_id: int, *, at: datetime) -> None:
    """Somebody pressed what no button of theirs offers (D18, D19)."""
    await event.record("security", "button.forged", by=Actor(Role.PUBLIC, f"tg:{telegram_id}"), at=at)
