"""Reads when, where and with what a photo says it was taken, from the EXIF of strangers.

Only the tags wanted are looked at and no pointer is followed twice, so that a hostile block costs
neither time nor memory. Whatever is broken is a claim not made, never an error.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from models.rules.photo import Claims, Point

MAX_ENTRIES = 512
MAX_VALUE = 256

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MAKE, _MODEL, _ORIENTATION, _CHANGED, _EXIF_IFD, _GPS_IFD = 0x010F, 0x0110, 0x0112, 0x0132, 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011
_NORTH_REF, _NORTH, _EAST_REF, _EAST, _ACCURACY = 1, 2, 3, 4, 31

Value = bytes | tuple[float, ...]


def read(exif: bytes) -> tuple[Claims, int]:
    """The claims of a TIFF block and its orientation, 1 to 8."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return Claims(), 1
    main = _directory(exif, order, _number(exif[4:8], order))
    shot = _directory(exif, order, _pointer(main, _EXIF_IFD))
    gps = _directory(exif, order, _pointer(main, _GPS_IFD))
    orientation = _pointer(main, _ORIENTATION)
    device = " ".join(dict.fromkeys(filter(None, (_text(main, _MAKE), _text(main, _MODEL)))))
    claims = Claims(_taken(shot, main), _place(gps), _accuracy(gps), device)
    return claims, orientation if 1 <= orientation <= 8 else 1


def _number(raw: bytes, order: str) -> int:
    return int.from_bytes(raw, "little" if order == "<" else "big")


def _directory(exif: bytes, order: str, at: int) -> Mapping[int, Value]:
    if at < 8 or at + 2 > len(exif):
        return {}
    found: dict[int, Value] = {}
    count = min(_number(exif[at : at + 2], order), MAX_ENTRIES)
    for entry in range(at + 2, min(at + 2 + 12 * count, len(exif) - 11), 12):
        tag, kind, amount = struct.unpack_from(order + "HHI", exif, entry)
        size = _SIZES.get(kind, 0) * amount
        if 0 < size <= MAX_VALUE:
            start = entry + 8 if size <= 4 else _number(exif[entry + 8 : entry + 12], order)
            raw = exif[start : start + size]
            if len(raw) == size:
                found[tag] = _value(raw, kind, order)
    return found


def _value(raw: bytes, kind: int, order: str) -> Value:
    if kind in (1, 2, 7):
        return raw
    letter = {3: "H", 4: "I", 5: "I", 9: "i", 10: "i"}[kind]
    numbers = struct.unpack(f"{order}{len(raw) // struct.calcsize(letter)}{letter}", raw)
    if kind in (5, 10):
        return tuple(n / d if d else math.nan for n, d in zip(numbers[::2], numbers[1::2], strict=True))
    return numbers


def _pointer(directory: Mapping[int, Value], tag: int) -> int:
    value = directory.get(tag, ())
    return int(value[0]) if isinstance(value, tuple) and value else 0


def _text(directory: Mapping[int, Value], tag: int) -> str:
    value = directory.get(tag, b"")
    words = value.split(b"\0")[0].decode("utf-8", "replace") if isinstance(value, bytes) else ""
    return "".join(c for c in words if c.isprintable()).strip()[:64]


def _taken(shot: Mapping[int, Value], main: Mapping[int, Value]) -> datetime | None:
    written = _text(shot, _TAKEN) or _text(main, _CHANGED)
    try:
        taken = datetime.strptime(written[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - cameras write no zone
    except ValueError:
        return None
    offset = re.fullmatch(r"([+-])(\d\d):([0-5]\d)", _text(shot, _OFFSET))
    if offset is None or int(offset[2]) > 14:
        return taken
    east = timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (1 if offset[1] == "+" else -1)
    return taken.replace(tzinfo=timezone(east))


def _place(gps: Mapping[int, Value]) -> Point | None:
    latitude = _degrees(gps.get(_NORTH), _text(gps, _NORTH_REF), "NS", 90)
    longitude = _degrees(gps.get(_EAST), _text(gps, _EAST_REF), "EW", 180)
    # Cameras without a fix write zeros, and nobody inspects a hotel in the Gulf of Guinea.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    return Point(latitude, longitude)


def _degrees(value: Value | None, side: str, sides: str, limit: int) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3 or side not in tuple(sides):
        return None
    degrees = value[0] + value[1] / 60 + value[2] / 3600
    if not (math.isfinite(degrees) and 0 <= degrees <= limit):
        return None
    return round(degrees if side == sides[0] else -degrees, 7)


def _accuracy(gps: Mapping[int, Value]) -> float | None:
    value = gps.get(_ACCURACY)
    if not isinstance(value, tuple) or not value or not math.isfinite(value[0]) or value[0] <= 0:
        return None
    return min(float(value[0]), 100_000.0)
