"""What the chat is given from outside: the district, the clock, the darkroom, the letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from telegram.ext import Application

from models.darkroom import Darkroom
from models.district import District


class Letter(Protocol):
    """A notice in one language: plain text, PDF, and the address of its page."""

    @property
    def text(self) -> str: ...
    @property
    def pdf(self) -> bytes: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True)
class Setting:
    """`wake`: new messages are owed. `letter(notice id, language)` makes a notice's letter."""

    district: District
    now: Callable[[], datetime]
    darkroom: Darkroom | None
    wake: Callable[[], None]
    letter: Callable[[int, str], Awaitable[Letter]]
    bot_username: str = ""


App = Application[Any, Any, Any, Any, Any, Any]


def setting_of(application: App) -> Setting:
    """The services that `build` was given."""
    found = application.bot_data["setting"]
    assert isinstance(found, Setting)
    return found
