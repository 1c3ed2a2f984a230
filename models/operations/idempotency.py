"""What a phone sent is done once, however often it is sent (Art. 15, 16; R7, D49).

A phone without reception keeps its acts and sends them when it can, not knowing which of them arrived. Each
carries a key; the key's receipt stands in the person's own chain, written in the act's transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from models import store
from models.operations import event, outbox
from models.refusal import Refusal
from models.rules.actor import Actor

Deed = Callable[[str], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """What was done under a key. `sha256`: of the bytes that asked for it. `made`: it was this very request."""

    key: str
    sha256: str
    at: datetime
    answer: dict[str, Any]
    made: bool = False


async def run_once(
    key: str, sha256: str, what: str, deed: Deed, *, task: str, by: Actor, at: datetime, plain: bool = False
) -> IdempotencyKey:
    """Do `deed(act key)` and keep its answer, or give the answer kept; of many at the same time one does it. `plain`:
    the deed asks the database by plain SQL alone.

    `what` names the act. The person's own card of `task` in the chat is drawn again. Refuses
    `companion.other_bytes` when other bytes, or another act, were taken under this key.
    """
    try:
        act = store.plain_act if plain else store.run_in_transaction
        return await act(_once, key, sha256, what, deed, task=task, by=by, at=at)
    except IntegrityError:
        done = await find(key, sha256, what, by=by)
        if done is None:
            raise
        return done


async def find(key: str, sha256: str, what: str, *, by: Actor) -> IdempotencyKey | None:
    """The receipt of this key, if there is one."""
    done = await event.find_by_key(_name(key, by))
    if done is None:
        return None
    if (done.data["sha256"], done.data["what"]) != (sha256, what):
        raise Refusal("companion.other_bytes", article="16", kept=done.data["sha256"], given=sha256)
    return IdempotencyKey(key, sha256, done.at, done.data["answer"])


async def _once(
    key: str, sha256: str, what: str, deed: Deed, *, task: str, by: Actor, at: datetime
) -> IdempotencyKey:
    if done := await find(key, sha256, what, by=by):
        return done
    name = _name(key, by)
    answer = await deed(f"{name}.act")
    await event.record(
        f"companion:{by.id}",
        "companion.done",
        by=by,
        at=at,
        key=name,
        sha256=sha256,
        what=what,
        answer=answer,
    )
    if by.account is not None:
        await outbox.enqueue_card_refresh([by.account], f"task:{task}", key=f"own:{name}", at=at)
    return IdempotencyKey(key, sha256, at.astimezone(UTC), answer, made=True)


def of_person(by: Actor) -> str:
    """What every key begins with under which this person did something here."""
    return f"field:{by.id}:"


def _name(key: str, by: Actor) -> str:
    """A person's keys are that person's: nobody meets another's receipt."""
    return of_person(by) + key
