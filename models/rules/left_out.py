"""Who ought to hear of something and does not, and why: the words that the trail and the office's desk use (Art. 5-7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """As what somebody ought to have been told."""

    LEADER = "leader"
    INSPECTOR = "inspector"
    HEAD = "head"
    LIAISON = "liaison"
    OFFICE = "office"
    ENTITY = "entity"


class LeftOutReason(StrEnum):
    NOBODY = "nobody"  # the seat is empty
    NO_ACCOUNT = "no_account"
    DISABLED = "disabled"
    LEFT = "left"  # out of the officers' register: what is to be told is no longer theirs to know
    NO_CHAT = "no_chat"  # an entity that has no chat with us
    NO_CHANNEL = "no_channel"  # an official without chat, text message and e-mail
    UNDELIVERED = "undelivered"  # every channel there was tried in vain


@dataclass(frozen=True, slots=True)
class Missing:
    """`of`: an inspector's or target's code, a department's, an account's number, a task's for an empty seat."""

    whose: Whose
    of: str
    why: LeftOutReason

    @property
    def mark(self) -> str:
        """As the trail says it: `head:WJ:no_account`."""
        return f"{self.whose}:{self.of}:{self.why}"
