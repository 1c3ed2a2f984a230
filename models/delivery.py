"""How a channel answers when a message is handed to it: the words that bot and courier share."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple, Protocol

MISTAKES = (
    FileNotFoundError,
    FileExistsError,
    IsADirectoryError,
    NotADirectoryError,
)  # of ours, not an outage

step_aside: ContextVar[Callable[[], None]] = ContextVar("step_aside", default=lambda: None)
"""Called before a neighbour's limit is waited for: another update may be acted upon meanwhile."""


class ReadableLetter(Protocol):
    """A notice made readable: plain text, the PDF's bytes, the address of its page."""

    @property
    def text(self) -> str: ...
    @property
    def pdf(self) -> bytes: ...
    @property
    def url(self) -> str: ...


class ChannelReceipt(NamedTuple):
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
    """The channel asks to wait; `seconds` before the next try to this person, 0 when it did not say.

    `outage`: the channel itself is away, so that nothing was tried.
    """

    def __init__(self, seconds: float = 0.0, why: str = "", *, outage: bool = False) -> None:
        super().__init__(why)
        self.seconds, self.outage = seconds, outage


class Unclear(Exception):
    """The connection broke after the message was handed over: it may have been taken. Never sent blindly again."""


class Outage(Exception):
    """A neighbour (Telegram, the object store, the network) is away: nothing is wrong with what was to be done.

    `seconds`: how long it asked to wait, 0 when it did not say.
    """

    def __init__(self, why: str = "", seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


def outage_of(error: BaseException) -> Outage | None:
    """The outage that an error tells of; None for a fault of what was done."""
    if isinstance(error, Outage):
        return error
    if isinstance(error, OSError) and not isinstance(error, MISTAKES):  # TimeoutError is one too
        return Outage(f"{type(error).__name__}: {error}".rstrip(": "))
    return None
