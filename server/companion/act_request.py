"""One act that a phone asks for: who, when, on which task, under which key (Art. 14-16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from models.district import District
from models.rules.actor import Actor
from server.companion.json_requests import ActBody, Line

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class Plain(ActBody):
    """An act that needs no more words."""


class WithReason(ActBody):
    reason: Line = ""


@dataclass(frozen=True, slots=True)
class ActRequest:
    """One act under way: the task, who, when by our clock, and the key of the act."""

    number: str
    by: Actor
    at: datetime
    key: str
    district: District

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at, "key": self.key}


Answer = dict[str, Any]
Acts = dict[str, tuple[type[ActBody], Callable[[ActRequest, Any], Awaitable[Answer]]]]
"""By the name that travels: the shape of what is asked, and the act."""
