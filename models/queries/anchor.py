"""The daily roots as they are published, and whether they still follow from each other (Art. 16 (3), 20)."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NoBase64
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from models.queries import raw_rows
from models.queries.raw_rows import Row
from models.rules import anchor as rules
from models.rules import merkle, timestamp
from models.rules.anchor import DayStatement, End
from models.rules.public.verify import PublicRoot, RootFacts, public_root
from models.tables import Anchor

# What a published day needs; the chains of a day are many and stay where they are.
PUBLISHED = (
    "origin", "number", "day", "size", "root", "previous", "consistency", "closed_at", "stamp", "stamped_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnchoredDay:
    """A published day: what is said, since when, and by whom it was stamped."""

    said: DayStatement
    consistency: tuple[str, ...]
    closed_at: datetime
    stamped_at: datetime | None
    stamp: bytes

    @property
    def public(self) -> PublicRoot:
        return public_root(RootFacts(self.said.day, self.closed_at, self.stamped_at))

    @property
    def check_line(self) -> str:
        """How OpenSSL checks the stamp; "" while there is none."""
        if self.stamped_at is None:
            return ""
        name = f"root-{self.said.day}"
        return timestamp.check_line(f"{name}.txt", f"{name}.tsr", "authority.pem", self.stamped_at)


@dataclass(frozen=True, slots=True)
class Anchored:
    """By chain its ends with the day each was written down on."""

    days: int
    unstamped: int
    ends: dict[str, list[tuple[End, date]]]


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That a chain's end is the leaf `index` of the log that the day's root covers."""

    end: End
    index: int
    path: tuple[str, ...]
    day: AnchoredDay


class Tell(Protocol):
    def __call__(
        self, kind: str, subject: str, chain: str = "", seq: int | None = None, seen: str = ""
    ) -> None: ...


def statement(anchor: Anchor) -> DayStatement:
    """What is published of a day."""
    return DayStatement(anchor.origin, anchor.number, anchor.day, anchor.size, anchor.root, anchor.previous)


async def days(limit: int = 366, *, before: int | None = None) -> list[AnchoredDay]:
    """The newest days first; `before` a number, for the next page."""
    asked = Anchor.filter(number__lt=before) if before else Anchor.all()
    rows = await asked.order_by("-number").limit(limit).only(*PUBLISHED)
    return [day_of(row) for row in rows]


async def day(when: date) -> AnchoredDay | None:
    """One published day."""
    anchor = await Anchor.filter(day=when).only(*PUBLISHED).first()
    return day_of(anchor) if anchor else None


async def proof(chain: str) -> InclusionProof | None:
    """That the chain's newest end is in the log, to the root of the day it was written down on."""
    log: list[bytes] = []
    rows: tuple[End, int] | None = None
    last: Anchor | None = None
    size = 0
    for anchor in await Anchor.all().order_by("number"):
        log.append(rules.opening(anchor.number, anchor.day, anchor.previous))
        for end in (End(*row) for row in anchor.ends):
            if end.chain == chain:
                rows, last = (end, len(log)), anchor
            log.append(end.leaf)
        size = len(log) if last is anchor else size
    if rows is None or last is None:
        return None
    path = merkle.inclusion(log[:size], rows[1])
    return InclusionProof(*rows, tuple(step.hex() for step in path), day_of(last))


async def check(tell: Tell, expected: Collection[str], authorities: bytes) -> Anchored:
    """Compute every root anew; tell what does not follow."""
    rows = await raw_rows.rows(Anchor, "id", await raw_rows.ids(Anchor))
    ends: dict[str, list[tuple[End, date]]] = defaultdict(list)
    log, unstamped, published = merkle.Log(), 0, set()
    previous = rules.BEFORE_ALL
    for number, row in enumerate(sorted(rows, key=_number), 1):
        subject = f"anchor:{row.pk}"
        published.add(row["root"])
        try:
            for chain, length, sha256 in row["ends"]:
                ends[chain].append((End(chain, length, sha256), row["day"]))
        except (TypeError, ValueError):
            tell("day.changed", subject, rules.CHAIN, seen="ends")
            continue
        wrong = _wrong(row, number, previous, log)
        if wrong:
            tell("day.changed", subject, rules.CHAIN, seen=", ".join(wrong))
        if not row["stamp"]:
            unstamped += 1
        elif why := _bad_stamp(row, authorities):
            tell("day.stamp", subject, rules.CHAIN, seen=why)
        previous = row["root"]
    for root in sorted(set(expected) - published):
        tell("day.unknown_root", root, rules.CHAIN)
    return Anchored(len(rows), unstamped, dict(ends))


def _number(row: Row) -> int:
    return row["number"] if isinstance(row["number"], int) else -1


def _wrong(row: Row, number: int, previous: str, log: merkle.Log) -> list[str]:
    """Which of a day's columns do not follow; the log grows by the day."""
    size, before = log.size, log.root
    if row.wrong or not isinstance(row["day"], date):
        return list(row.wrong) or ["day"]
    for hashed in rules.leaves(
        row["number"], row["day"], row["previous"], (End(*end) for end in row["ends"])
    ):
        log.append(hashed)
    expected = {"number": number, "previous": previous, "size": log.size, "root": log.root.hex()}
    wrong = [name for name, value in expected.items() if row[name] != value]
    try:
        path = [bytes.fromhex(step) for step in row["consistency"]]
        grew = merkle.consistent(size, log.size, before, log.root, path)
    except (TypeError, ValueError):
        grew = False
    return wrong if grew else [*wrong, "consistency"]


def _bad_stamp(row: Row, authorities: bytes) -> str:
    try:
        day_statement = DayStatement(
            *(row[name] for name in ("origin", "number", "day", "size", "root", "previous"))
        )
        response, text = b64decode(row["stamp"], validate=True), day_statement.text.encode()
        stamp = timestamp.read(response, text)
        if authorities:
            timestamp.trusted(response, text, authorities)
    except (NoBase64, ValueError) as error:
        return str(error)
    return "" if stamp.at == row["stamped_at"] else "stamped_at"


def day_of(row: Anchor) -> AnchoredDay:
    response = b64decode(row.stamp) if row.stamp else b""
    return AnchoredDay(statement(row), tuple(row.consistency), row.closed_at, row.stamped_at, response)
