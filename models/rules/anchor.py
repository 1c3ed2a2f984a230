"""每日存证: the end of every chain becomes a leaf of one log, and each day the log's root is published.

A day adds to the log one leaf that names the day and the root before it, then one for each chain that grew
that day, by name (Art. 16 (3), 20). What is published and stamped is the day's statement, a small text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.rules import merkle
from models.rules.chain import canonical

CHAIN = "anchors"
FORMAT = "shuangsuiji/root/1"
BEFORE_ALL = merkle.EMPTY.hex()


class End(NamedTuple):
    """A chain up to its event number `length`, whose hash covers all before it."""

    chain: str
    length: int
    sha256: str

    @property
    def leaf(self) -> bytes:
        return merkle.leaf(canonical(["chain", *self]).encode())


@dataclass(frozen=True, slots=True)
class DayStatement:
    """What the district says of a day: so many leaves, this root."""

    origin: str
    number: int
    day: date
    size: int
    root: str
    previous: str

    @property
    def text(self) -> str:
        """Six lines for everybody to keep; the very bytes that a time stamp covers."""
        rows = [FORMAT, self.origin, f"{self.number} {self.day}", f"size {self.size}", f"root {self.root}"]
        return "\n".join([*rows, f"previous {self.previous}"]) + "\n"


def opening(number: int, day: date, previous: str) -> bytes:
    """The hash of the leaf with which a day begins."""
    return merkle.leaf(canonical(["day", number, str(day), previous]).encode())


def leaves(number: int, day: date, previous: str, ends: Iterable[End]) -> Iterator[bytes]:
    """The hashes of the leaves that a day adds to the log."""
    yield opening(number, day, previous)
    yield from (end.leaf for end in ends)
