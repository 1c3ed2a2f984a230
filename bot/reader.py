"""Who reads a list of the chat: somebody who presses and types just now, or somebody whose list is drawn again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.dependencies import Dependencies
from locales import Words
from models.procedure import dialogue
from models.procedure.dialogue import OpenPrompt
from models.queries.person import Person


class Reader(Protocol):
    """In which roles, in which words, and when."""

    @property
    def person(self) -> Person: ...
    @property
    def services(self) -> Dependencies: ...
    @property
    def words(self) -> Words: ...
    @property
    def at(self) -> datetime: ...
    async def prompt(self) -> OpenPrompt | None: ...


@dataclass(frozen=True)
class Recipient:
    """Somebody whose list is drawn again without a word of theirs."""

    person: Person
    services: Dependencies
    words: Words
    at: datetime

    async def prompt(self) -> OpenPrompt | None:
        """What this person is asked for just now."""
        return await dialogue.prompt(self.person.telegram_id)
