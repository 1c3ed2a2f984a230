"""工作群: how long a code lasts, what may keep a group's message from standing as it should (Art. 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ARTICLE = "15"
CODE_LASTS = timedelta(hours=1)


class GroupTrouble(StrEnum):
    """What Telegram did not let us do in a group that is bound."""

    UNPINNED = "unpinned"  # the group gives no right to pin
    CLOSED = "closed"  # the topic is closed: nothing can be written there
    MUTED = "muted"  # the group lets the bot write nothing


class GroupEnd(StrEnum):
    """Why a group shows a team's status no more."""

    UNBOUND = "unbound"  # by the leader or the office
    REPLACED = "replaced"  # the team has another group
    REMOVED = "removed"  # the bot was taken out of the group, or the group is gone
    TOPIC = "topic"  # the topic was deleted


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A Telegram group, or one `topic` of a forum (`message_thread_id`)."""

    chat: int
    topic: int | None = None
    title: str = ""
