"""What the chat is given from outside: the district, the clock, the darkroom, the letters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from telegram.ext import Application

from bot.telegram_clock import TelegramClock
from models.delivery import ReadableLetter
from models.district import District
from models.imaging import ImagingPool


class EntityMessage(Protocol):
    """What an entity is told at a step after the visit: its text and the address of its page."""

    @property
    def number(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class Dependencies:
    """`wake`: new messages are owed. `letter(notice id, language)` makes a notice's letter. However many photos
    arrive, so many `hands` fetch them and so many `benches` develop them at once (R32).
    """

    district: District
    now: Callable[[], datetime]
    darkroom: ImagingPool | None
    wake: Callable[[], None]
    letter: Callable[[int, str], Awaitable[ReadableLetter]]
    bot_username: str = ""
    hands: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    benches: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    plain: Callable[[int, str], Awaitable[ReadableLetter]] | None = (
        None  # a letter's text alone, nothing on paper
    )
    record: Callable[[int, str], Awaitable[ReadableLetter]] | None = (
        None  # a version of the record sheet, by its id
    )
    told: Callable[[int, str], Awaitable[EntityMessage]] | None = (
        None  # what an entity is told after the visit, by its id
    )
    telegram_clock: TelegramClock = field(default_factory=TelegramClock)


App = Application[Any, Any, Any, Any, Any, Any]


def dependencies_of(application: App) -> Dependencies:
    """The services that `build` was given."""
    result = application.bot_data["setting"]
    assert isinstance(result, Dependencies)
    return result
