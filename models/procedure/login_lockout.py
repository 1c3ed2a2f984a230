"""Guessers of links and passwords: so many misses lock them out for 15 minutes, the office hears (D59, D75).

A guesser is who tries, or what is tried: somebody who tries one name from ten addresses is locked out by the name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from models import store
from models.procedure import recipients
from models.refusal import Refusal
from models.tables import Miss

LOCKED = timedelta(minutes=15)
MISSES = {"name": 15, "address": 30}  # a name from everywhere, an address for every name
MISSES_OF_OTHERS = 5  # a Telegram person, an address with links, a name from one address
WRONG = "enrolment.link"

Found = TypeVar("Found")


async def guarded(guesser: str, at: datetime, tried: Callable[[], Awaitable[Found]]) -> Found:
    """Do it, unless this guesser is locked out; a link that is not good counts as a miss."""
    await refuse_if_locked(guesser, at=at)
    try:
        return await tried()
    except Refusal as no:
        if no.code == WRONG:
            await record_failure(guesser, at=at)
        raise


@store.transactional
async def record_failure(guesser: str, *, at: datetime) -> None:
    """A wrong token or password by this guesser (`tg:ID`, `ip:ADDRESS`, `login:…`, `name:…`, `address:…`)."""
    await Miss.create(guesser=guesser, at=at)
    if await _locked(guesser, at):
        key = f"miss:{guesser}:{at.isoformat()}"
        await recipients.tell(
            await recipients.office(), "enrolment.guessing", key=key, at=at, chain="enrolment"
        )


async def refuse_if_locked(guesser: str, *, at: datetime) -> None:
    """Refuse a guesser for 15 minutes after as many misses within 15 minutes as its kind may have."""
    if await _locked(guesser, at):
        raise Refusal("enrolment.locked", article="10", minutes=int(LOCKED.total_seconds() // 60))


async def _locked(guesser: str, at: datetime) -> bool:
    most = MISSES.get(guesser.partition(":")[0], MISSES_OF_OTHERS)
    last = await Miss.filter(guesser=guesser).order_by("-at", "-id").limit(most)
    return len(last) == most and last[0].at > at - LOCKED and last[-1].at > last[0].at - LOCKED
