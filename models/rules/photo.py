"""What a photo is worth as evidence: its grade and the doubts shown beside it (Art. 15, Art. 16 (3)).

A photo is never refused for its doubts and its doubts are never hidden: the reader weighs them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from models.rules.datum import Datum, Point, to_gcj02, to_wgs84

__all__ = [
    "Claims", "Datum", "Doubt", "Grade", "MeasuredDoubt", "Origin", "Point", "Way", "distance_m", "grade", "marks",
    "metres_from_address", "minutes_off", "to_gcj02", "to_wgs84",
]  # fmt: skip

CHINA = timezone(timedelta(hours=8))
EARTH_RADIUS_M = 6_371_008.8
FAR_M = 500
CLOCK_OFF_MIN = 30


@dataclass(frozen=True)
class Claims:
    """What a file says about itself: a claim, no proof. A time without an offset stays naive.

    `unreadable`: what the file does say and nobody can read (exif, time, offset, place): never the same as absent.
    """

    taken_at: datetime | None = None
    place: Point | None = None
    accuracy_m: float | None = None
    device: str = ""
    unreadable: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Neither when nor where: whatever else the file tells is of no use as evidence."""
        return self.taken_at is None and self.place is None


def as_kept(claims: Claims) -> dict[str, object]:
    """What a file claims, as it is kept beside a photo; nothing is made up."""
    params: dict[str, object] = {}
    if claims.taken_at:
        params["taken_at"] = claims.taken_at.isoformat()
    if claims.place:
        params |= {"latitude": claims.place.latitude, "longitude": claims.place.longitude}
    if claims.accuracy_m is not None:
        params["accuracy_m"] = claims.accuracy_m
    if claims.device:
        params["device"] = claims.device
    if claims.unreadable:
        params["unreadable"] = list(claims.unreadable)
    return params


class Way(StrEnum):
    """How the bytes came to us."""

    PHOTO = "photo"  # sent as a chat photo: recompressed on the way, without EXIF
    FILE = "file"  # sent as a chat file: byte for byte
    COMPANION = "companion"  # uploaded by the phone companion: byte for byte
    CONSOLE = "console"  # uploaded at a desk


class Grade(StrEnum):
    """How much a photo carries by itself."""

    A = "A"  # original bytes that say when or where
    B = "B"  # a smaller copy that says so, or with a location shared by the person who sent it
    C = "C"  # the picture alone


class Doubt(StrEnum):
    """A label shown beside a photo."""

    GALLERY = "gallery"
    RECOMPRESSED = "recompressed"
    FORWARDED = "forwarded"
    NO_EXIF = "no_exif"
    UNREADABLE = "unreadable"  # the file says when or where, and it cannot be read
    EXIF_LOST = "exif_lost"  # the copy does not say; whether the original did is not known
    NO_DATUM = "no_datum"  # the register does not say in which datum the address is: no distance
    FAR = "far"  # amount: metres from the target's address
    CLOCK_OFF = "clock_off"  # amount: minutes, negative when the camera is behind
    SEEN_BEFORE = "seen_before"


@dataclass(frozen=True)
class MeasuredDoubt:
    """One doubt, with its measure where it has one."""

    doubt: Doubt
    amount: int | None = None


@dataclass(frozen=True)
class Origin:
    """The circumstances in which a photo arrived."""

    way: Way
    received_at: datetime
    claims: Claims = Claims()
    shared: Point | None = None
    address: Point | None = None
    gallery: bool = False
    forwarded: bool = False
    seen_before: bool = False
    shrunk: bool = False  # made smaller on the phone by the district's rule
    original_silent: bool = False  # and the original, the phone says, told nothing


def grade(origin: Origin) -> Grade:
    """A, B or C; metadata that is missing is never made up."""
    if origin.way is not Way.PHOTO and not origin.claims.silent:
        return Grade.B if origin.shrunk else Grade.A
    return Grade.B if senders_place(origin) is not None else Grade.C


def senders_place(origin: Origin) -> Point | None:
    """The shared place, where it can be the photo's: that of whoever passes a photo on is not."""
    return None if origin.forwarded else origin.shared


def marks(
    origin: Origin, *, far_m: int = FAR_M, clock_off_min: int = CLOCK_OFF_MIN
) -> tuple[MeasuredDoubt, ...]:
    """Every doubt about a photo, in a fixed order."""
    return tuple(_marks(origin, far_m, clock_off_min))


def _marks(origin: Origin, far_m: int, clock_off_min: int) -> Iterator[MeasuredDoubt]:
    if origin.gallery:
        yield MeasuredDoubt(Doubt.GALLERY)
    if origin.way is Way.PHOTO or origin.shrunk:
        yield MeasuredDoubt(Doubt.RECOMPRESSED)
    if origin.forwarded:
        yield MeasuredDoubt(Doubt.FORWARDED)
    if origin.claims.unreadable:
        yield MeasuredDoubt(Doubt.UNREADABLE)
    elif origin.claims.silent:
        yield MeasuredDoubt(
            Doubt.EXIF_LOST if origin.shrunk and not origin.original_silent else Doubt.NO_EXIF
        )
    if place_of(origin) and origin.address and origin.address.datum is Datum.UNKNOWN:
        yield MeasuredDoubt(Doubt.NO_DATUM)
    metres = metres_from_address(origin)
    if metres is not None and metres > far_m:
        yield MeasuredDoubt(Doubt.FAR, metres)
    minutes = minutes_off(origin.claims, origin.received_at)
    if minutes is not None and abs(minutes) > clock_off_min:
        yield MeasuredDoubt(Doubt.CLOCK_OFF, minutes)
    if origin.seen_before:
        yield MeasuredDoubt(Doubt.SEEN_BEFORE)


def place_of(origin: Origin) -> Point | None:
    """Where the photo claims to be, else where the person who sent it was."""
    return origin.claims.place or senders_place(origin)


def metres_from_address(origin: Origin) -> int | None:
    """From the address to where the photo claims to be, else to the shared place. A vague fix counts
    from the near edge of its circle."""
    place = place_of(origin)
    if place is None or origin.address is None or origin.address.datum is Datum.UNKNOWN:
        return None
    slack = origin.claims.accuracy_m or 0.0 if origin.claims.place else 0.0
    return max(0, round(distance_m(place, origin.address) - slack))


def minutes_off(claims: Claims, received_at: datetime) -> int | None:
    """Claimed time minus `received_at` (aware), in minutes. A camera without offset is on Chinese time."""
    if claims.taken_at is None:
        return None
    taken = claims.taken_at if claims.taken_at.tzinfo else claims.taken_at.replace(tzinfo=CHINA)
    return round((taken - received_at).total_seconds() / 60)


def nearer(claims: Claims, taken_up: datetime, sent: datetime) -> datetime:
    """Of the moments when a photo was sent and when it was taken up, the one its camera's clock is nearer to: what waited
    for a neighbour is not held against the camera.
    """
    off = [(abs(minutes_off(claims, at) or 0), at) for at in (taken_up, sent)]
    return min(off, key=lambda row: row[0])[1] if claims.taken_at else taken_up


def distance_m(point: Point, other: Point) -> float:
    """Metres over the earth's surface (haversine), whatever datum each point is in."""
    a, b = to_gcj02(point), to_gcj02(other)
    north = math.radians(b.latitude - a.latitude)
    east = math.radians(b.longitude - a.longitude)
    h = math.sin(north / 2) ** 2
    h += math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude)) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


LONG = 2  # times as long as wide, beyond which a picture is shown by pages


def is_long(width: int, height: int) -> bool:
    """True if a small copy shows only a picture's beginning."""
    return min(width, height) > 0 and max(width, height) > LONG * min(width, height)
