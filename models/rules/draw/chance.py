"""Who may give which source's value, and when, so that nobody chooses the outcome (Art. 14 (1)).

Witnesses speak from accounts of their own and before a moment that the commitment fixes; a beacon or a lottery
comes out from that moment on. So whoever knows every witness's value still cannot choose, and whoever waits
for the outside value can no longer give one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from models.refusal import Refusal
from models.rules.draw import beacon
from models.rules.draw.files import ordered
from models.rules.draw.rows import DrawRules, Mode
from models.rules.visit import SHANGHAI

ARTICLE = "14(1)"
LOTTERY = re.compile(
    r"lottery:(.+)@([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?[+-][0-9]{2}:[0-9]{2}) ([^ ]+)"
)
CEREMONY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}")
REVEALING = timedelta(hours=1)  # from the ceremony's begin to the outside value, if nobody says otherwise
WAITING = timedelta(days=3)  # how long a lottery may be waited for before the draw may be voided
BEACON_WAITING = timedelta(days=30)  # the same of a beacon: its round comes out unless its chain has ended


class CeremonyAct(StrEnum):
    """What somebody gave, as `ceremony.tsv` names it."""

    PLEDGE = "pledge"
    VALUE = "value"
    CONFIRM = "confirm"


class Hand(StrEnum):
    """How it came in, as `ceremony.tsv` names it; a beacon's row holds its signature instead."""

    OWN = "own"  # the witness's own account
    TYPED = "typed"  # by somebody for others: a rehearsal
    READ = "read"  # read off a published result


class CeremonyRow(NamedTuple):
    """A row of `ceremony.tsv`."""

    source: str
    act: str
    time: str
    account: str
    evidence: str


def is_outside(source: str) -> bool:
    return not source.startswith("witness:")


def comes_out(source: str) -> datetime | None:
    """When an outside source's value comes out, as the source itself says; None where it does not say."""
    if source.startswith("beacon:"):
        return beacon.published(source)
    match = LOTTERY.fullmatch(source)
    try:
        return datetime.fromisoformat(match[2]) if match else None
    except ValueError:
        return None


def last_reveal(rules: DrawRules) -> datetime | None:
    """The moment before which every witness reveals and from which outside values come out."""
    if rules.mode is not Mode.OFFICIAL:
        return None
    return min(
        (at for source in rules.entropy if is_outside(source) and (at := comes_out(source))), default=None
    )


def outcome_known(last: datetime | None, revealed: bool, missing: Sequence[str], at: datetime) -> bool:
    """Whether the outcome stands or is only to be entered, so that the draw may not be voided. `revealed`: by every
    witness. `missing`: sources without a value that stands; one that never comes is waited for that long."""
    if last is None or at < last or not revealed:
        return False
    beacons = all(source.startswith("beacon:") for source in missing)
    return not missing or at < last + (BEACON_WAITING if beacons else WAITING)


def complete(sources: Sequence[str], mode: Mode, begins: datetime) -> tuple[str, ...]:
    """The sources as they are committed: a beacon named without its round gets the first one from `begins`
    on, and an official draw without an outside source gets the default beacon."""
    named = [
        beacon.source_from(source.removeprefix("beacon:"), begins)
        if source.startswith("beacon:") and source.removeprefix("beacon:") in beacon.CHAINS
        else source
        for source in sources
    ]
    if mode is Mode.OFFICIAL and not any(map(is_outside, named)):
        named.append(beacon.source_from(beacon.DEFAULT, begins))
    return tuple(named)


def begins(ceremony: str, at: datetime, until: datetime | None = None) -> datetime:
    """From when the outside value may come out: as asked, else an hour after the ceremony's begin, but never
    sooner than an hour from now. `ceremony`: the scheme's words, with date and time in front or without."""
    if until is not None:
        return until
    match = CEREMONY.match(ceremony)
    try:
        opens = datetime.fromisoformat(match[0]).replace(tzinfo=SHANGHAI) if match else at
    except ValueError:
        opens = at
    return max(opens, at) + REVEALING


def check_official(rules: DrawRules, at: datetime) -> None:
    """An official draw has a source that nobody of the district makes and that has not come out yet."""
    if rules.mode is not Mode.OFFICIAL:
        return
    outside = [source for source in rules.entropy if is_outside(source)]
    if not outside:
        raise Refusal("draw.no_outside_source", ARTICLE, draw=rules.draw)
    for source in outside:
        out = comes_out(source)
        if out is None:
            raise Refusal("draw.lottery_without_time", ARTICLE, source=source)
        if out <= at:
            raise Refusal("draw.round_over", ARTICLE, source=source, time=out)


def check_reveal_time(rules: DrawRules, source: str, at: datetime) -> None:
    """A witness reveals before the outside value comes out, an outside value is entered after it did."""
    if rules.mode is not Mode.OFFICIAL:
        return
    if is_outside(source):
        out = comes_out(source)
        if out is not None and at < out:
            raise Refusal("draw.not_out_yet", ARTICLE, source=source, time=out)
        return
    last = last_reveal(rules)
    if last is not None and at >= last:
        raise Refusal("draw.reveal_too_late", ARTICLE, source=source, time=last)


def ceremony_file(given: Iterable[CeremonyRow]) -> bytes:
    """`ceremony.tsv`: who gave what, when, from which account."""
    return ordered(given)
