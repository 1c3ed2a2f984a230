"""How a channel answers when a message is handed to it: the words that bot and courier share."""

from __future__ import annotations

from typing import NamedTuple


class Handed(NamedTuple):
    """A channel took a message: the SHA-256 of what was said, and the name the message has there."""

    text_sha256: str
    reference: str = ""


class Undeliverable(Exception):
    """This person cannot be reached by this channel any more: blocked, gone, no such address."""


class Moved(Exception):
    """The chat goes on under another number."""

    def __init__(self, to: int) -> None:
        super().__init__(str(to))
        self.to = to


class TryLater(Exception):
    """The channel asks to wait; `seconds` before the next try to this person, 0 when it did not say."""

    def __init__(self, seconds: float = 0.0, why: str = "") -> None:
        super().__init__(why)
        self.seconds = seconds
