"""Reads when, where and with what a photo says it was taken, from the EXIF of strangers.

Only the tags wanted are looked at and no pointer is followed twice, so that a hostile block costs
neither time nor memory. Each field is read by itself: what is broken is told as unreadable, never an error and
never taken for absent.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from models.rules.photo import Claims, Point

MAX_ENTRIES = 512
MAX_VALUE = 256

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MAKE, _MODEL, _ORIENTATION, _CHANGED, _EXIF_IFD, _GPS_IFD = 0x010F, 0x0110, 0x0112, 0x0132, 0x8769, 0x8825
_TAKEN, _DIGITISED, _OFFSET_CHANGED, _OFFSET, _OFFSET_DIGITISED = 0x9003, 0x9004, 0x9010, 0x9011, 0x9012
_GPS_CLOCK, _GPS_DAY = 7, 29
_NORTH_REF, _NORTH, _EAST_REF, _EAST, _ACCURACY = 1, 2, 3, 4, 31

_WANTED = {_TAKEN, _DIGITISED, _CHANGED, _NORTH, _EAST}

Value = bytes | tuple[float, ...]
Directory = Mapping[int, Value]
_BROKEN: Value = b"\xff"  # a field that points out of the file, or is larger than any honest one


def read(exif: bytes) -> tuple[Claims, int]:
    """The claims of a TIFF block and its orientation, 1 to 8."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    begins = _number(exif[4:8], order) if order else 0
    if order is None or not 8 <= begins <= len(exif) - 2:
        return Claims(unreadable=("exif",) if exif.strip(b"\0") else ()), 1
    main = _directory(exif, order, begins)
    shot = _directory(exif, order, _pointer(main, _EXIF_IFD))
    gps = _directory(exif, order, _pointer(main, _GPS_IFD))
    orientation = _pointer(main, _ORIENTATION)
    device = " ".join(dict.fromkeys(filter(None, (_text(main, _MAKE), _text(main, _MODEL)))))
    taken, broken = _taken(shot, main, gps)
    place, lost = _place(gps)
    unreadable = tuple(dict.fromkeys([*broken, *(["place"] if lost else [])]))
    claims = Claims(taken, place, _accuracy(gps), device, unreadable)
    return claims, orientation if 1 <= orientation <= 8 else 1


def _number(raw: bytes, order: str) -> int:
    return int.from_bytes(raw, "little" if order == "<" else "big")


def _directory(exif: bytes, order: str, at: int) -> Directory:
    if at < 8 or at + 2 > len(exif):
        return {}
    directory: dict[int, Value] = {}
    count = min(_number(exif[at : at + 2], order), MAX_ENTRIES)
    for entry in range(at + 2, min(at + 2 + 12 * count, len(exif) - 11), 12):
        tag, kind, amount = struct.unpack_from(order + "HHI", exif, entry)
        size = _SIZES.get(kind, 0) * amount
        start = entry + 8 if size <= 4 else _number(exif[entry + 8 : entry + 12], order)
        raw = exif[start : start + size] if 0 < size <= MAX_VALUE else b""
        if raw and len(raw) == size:
            directory[tag] = _value(raw, kind, order)
        elif tag in _WANTED and amount:
            directory[tag] = _BROKEN
    return directory


def _value(raw: bytes, kind: int, order: str) -> Value:
    if kind in (1, 2, 7):
        return raw
    letter = {3: "H", 4: "I", 5: "I", 9: "i", 10: "i"}[kind]
    numbers = struct.unpack(f"{order}{len(raw) // struct.calcsize(letter)}{letter}", raw)
    if kind in (5, 10):
        return tuple(n / d if d else math.nan for n, d in zip(numbers[::2], numbers[1::2], strict=True))
    return numbers


def _pointer(directory: Directory, tag: int) -> int:
    value = directory.get(tag, ())
    return int(value[0]) if isinstance(value, tuple) and value else 0


def _text(directory: Directory, tag: int) -> str:
    value = directory.get(tag, b"")
    words = value.split(b"\0")[0].decode("utf-8", "replace") if isinstance(value, bytes) else ""
    return "".join(c for c in words if c.isprintable()).strip()[:64]


def _taken(shot: Directory, main: Directory, gps: Directory) -> tuple[datetime | None, list[str]]:
    """When, from the first field that says it: taken, digitised, changed, the satellites' time. And what cannot
    be read on the way there: a blank field is stood in for, a broken one is too, but it is told."""
    broken: list[str] = []
    fields = (
        (shot, _TAKEN, _OFFSET),
        (shot, _DIGITISED, _OFFSET_DIGITISED),
        (main, _CHANGED, _OFFSET_CHANGED),
    )
    for directory, tag, offset in fields:
        if tag not in directory or _blank(directory, tag):
            continue
        taken = _moment(_text(directory, tag))
        if taken is None:
            broken.append("time")
            continue
        if taken.tzinfo is None and offset in shot and not _blank(shot, offset):
            zone = _zone(_text(shot, offset))
            taken, broken = (taken.replace(tzinfo=zone), broken) if zone else (taken, [*broken, "offset"])
        return taken, broken
    return _satellite_time(gps), broken


def _blank(directory: Directory, tag: int) -> bool:
    """Cameras without a clock write blanks, zeros or dashes between the colons: nothing, and nothing broken."""
    value = directory[tag]
    return isinstance(value, bytes) and not value.split(b"\0")[0].strip(b" :0-/.")


_DAY = r"(\d{4})[-:/.\u5e74]\s?(\d{1,2})[-:/.\u6708]\s?(\d{1,2})\u65e5?"
_CLOCK = (
    r"(\u4e0a\u5348|\u4e0b\u5348)?\s*(\d{1,2})[-:.\u65f6]\s?(\d{1,2})(?:[-:.\u5206]\s?(\d{1,2})?)?"
    r"(?:[.,]\d+)?\u79d2?\s*([AaPp][Mm])?"
)
_MOMENT = re.compile(rf"{_DAY}[\sT]+{_CLOCK}\s*(Z|[+-]\d{{1,2}}:?\d\d)?")


def _moment(written: str) -> datetime | None:
    """The time that a field holds, each part read by itself; None when a part cannot be.

    24:04:20 is four minutes past midnight of the same date: the clocks that write it count the hours of a day
    from 1 to 24 (the pattern letter `k`). A clock without seconds says the full minute.
    """
    match = _MOMENT.fullmatch(written.strip())
    if match is None:
        return None
    year, month, day, chinese, hour, minute, second, english, zone = match.groups()
    half = {"\u4e0a\u5348": "AM", "\u4e0b\u5348": "PM"}.get(chinese or "", (english or "").upper())
    hours = int(hour) % 12 + 12 * (half == "PM") if half else int(hour)
    try:
        clock = (0 if hours == 24 else hours, int(minute), int(second or 0))
        taken = datetime(int(year), int(month), int(day), *clock)  # noqa: DTZ001
    except ValueError:
        return None
    return taken.replace(tzinfo=_zone(zone)) if zone else taken


def _zone(written: str) -> timezone | None:
    """UTC+8 as +08:00, +8:00, +0800, +08 or GMT+8; Z."""
    if written.strip() in ("Z", "z"):
        return UTC
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d\d?)(?::?([0-5]\d))?", written.strip().upper())
    if offset is None or int(offset[2]) > 14:
        return None
    east = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)) * (1 if offset[1] == "+" else -1)
    return timezone(east)


def _satellite_time(gps: Directory) -> datetime | None:
    """The time that came with the place: UTC."""
    day = re.fullmatch(r"(20\d\d)[-:/]\s?(\d{1,2})[-:/]\s?(\d{1,2})", _text(gps, _GPS_DAY))
    clock = gps.get(_GPS_CLOCK)
    if day is None or not isinstance(clock, tuple) or len(clock) != 3 or not all(map(math.isfinite, clock)):
        return None
    try:
        hour, minute, second = (int(part) for part in clock)
        return datetime(int(day[1]), int(day[2]), int(day[3]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _place(gps: Directory) -> tuple[Point | None, bool]:
    """Where, and whether the file says where and cannot be read."""
    values = [gps.get(tag) for tag in (_NORTH, _EAST)]
    if all(_unset(value) for value in values):
        return None, False
    latitude = _degrees(values[0], _text(gps, _NORTH_REF).upper(), "NS", 90)
    longitude = _degrees(values[1], _text(gps, _EAST_REF).upper(), "EW", 180)
    if latitude is None or longitude is None:
        return None, True
    return Point(latitude, longitude), False


def _unset(value: Value | None) -> bool:
    """Cameras without a fix write zeros or 0/0, and nobody inspects a hotel in the Gulf of Guinea."""
    return value is None or (
        isinstance(value, tuple) and not any(part and math.isfinite(part) for part in value)
    )


def _degrees(value: Value | None, side: str, sides: str, limit: int) -> float | None:
    """Degrees, minutes and seconds, each with its fraction; without seconds (or with 0/0 for them), without minutes too."""
    if not isinstance(value, tuple) or not 1 <= len(value) <= 3 or side not in tuple(sides):
        return None
    whole, minutes, seconds = (*value, 0.0, 0.0)[:3]
    seconds = 0.0 if math.isnan(seconds) else seconds
    if not all(map(math.isfinite, (whole, minutes, seconds))) or not (
        0 <= minutes < 60 and 0 <= seconds <= 60
    ):
        return None
    degrees = whole + minutes / 60 + seconds / 3600
    if not 0 <= degrees <= limit:
        return None
    return round(degrees if side == sides[0] else -degrees, 7)


def _accuracy(gps: Directory) -> float | None:
    value = gps.get(_ACCURACY)
    if not isinstance(value, tuple) or not value or not math.isfinite(value[0]) or value[0] <= 0:
        return None
    return min(float(value[0]), 100_000.0)
