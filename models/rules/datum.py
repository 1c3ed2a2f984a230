"""Which earth a coordinate lives on: a closed list, each with its way to the Chinese maps (Art. 10, 16).

Satellites and phones speak WGS-84, and CGCS2000 differs from it by less than a metre. GCJ-02 shifts it inside China,
BD-09 shifts that once more; both by the published formulas, which have no maintained library. The older datums
(Beijing 1954, Xi'an 1980) need a grid that is not public: no distance is counted from those.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from models.rules import text


class Datum(StrEnum):
    """The datums that are known."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"
    UNKNOWN = "unknown"  # named otherwise, or not at all: no distance is counted


NAMES = {Datum.WGS84: "WGS-84", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09", Datum.CGCS2000: "CGCS2000"}
_SPELLINGS = {
    **dict.fromkeys(("WGS84", "WGS1984", "WGS", "GPS", "EPSG4326", "4326", "地球坐标系", "GPS坐标"), Datum.WGS84),
    **dict.fromkeys(("GCJ02", "GCJ", "火星", "国测局", "高德", "高德地图", "腾讯", "腾讯地图", "AMAP"), Datum.GCJ02),
    **dict.fromkeys(("BD09", "BD09LL", "BD", "百度", "百度地图", "BAIDU"), Datum.BD09),
    **dict.fromkeys(
        ("CGCS2000", "CGCS", "国家2000", "2000国家大地", "国家大地2000", "2000大地", "EPSG4490", "4490", "大地2000"),
        Datum.CGCS2000,
    ),
}  # fmt: skip
_NOISE = re.compile(r"[-_ .:/]|坐标系统?|坐标|经纬度|\(.*\)$")


@dataclass(frozen=True)
class Point:
    """Degrees north and east in one datum."""

    latitude: float
    longitude: float
    datum: Datum = Datum.WGS84


def read_datum(written: str) -> Datum:
    """The datum that a register names."""
    folded = _NOISE.sub("", text.code(written))
    return _SPELLINGS.get(folded) or _SPELLINGS.get(text.code(written)) or Datum.UNKNOWN


# GCJ-02 shifts WGS-84 inside China by a fixed wave over the Krassowsky 1940 ellipsoid.
_AXIS, _ECCENTRICITY2 = 6_378_245.0, 0.00669342162296594323
_TURN = math.pi * 3000 / 180


def to_gcj02(point: Point) -> Point:
    """The same place as Chinese maps draw it. Outside the rectangle around China nothing is shifted.

    ValueError for a point of an unknown datum.
    """
    if point.datum is Datum.UNKNOWN:
        raise ValueError("no way leads from an unknown datum")
    if point.datum is Datum.GCJ02:
        return point
    if point.datum is Datum.BD09:
        return _bd09_to_gcj02(point)
    north, east = _shift(point.latitude, point.longitude)
    return Point(point.latitude + north, point.longitude + east, Datum.GCJ02)


def to_wgs84(point: Point) -> Point:
    """The same place as satellites see it, to a millimetre; CGCS2000 is taken as it stands."""
    if point.datum in (Datum.WGS84, Datum.CGCS2000):
        return Point(point.latitude, point.longitude)
    there = to_gcj02(point)
    result = _undone(there, lambda at: to_gcj02(Point(at.latitude, at.longitude)))
    return Point(result.latitude, result.longitude)


def to_bd09(point: Point) -> Point:
    """The same place as Baidu draws it."""
    at = to_gcj02(point)
    x, y = at.longitude, at.latitude
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * _TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _TURN)
    return Point(radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065, Datum.BD09)


def _bd09_to_gcj02(point: Point) -> Point:
    return _undone(point, lambda at: to_bd09(Point(at.latitude, at.longitude, Datum.GCJ02)))


def _undone(goal: Point, there: Callable[[Point], Point]) -> Point:
    """The place that `there` takes to `goal`."""
    latitude, longitude = goal.latitude, goal.longitude
    for _ in range(6):
        reached = there(Point(latitude, longitude))
        latitude += goal.latitude - reached.latitude
        longitude += goal.longitude - reached.longitude
    return Point(latitude, longitude, Datum.GCJ02)


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    if not (0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347):
        return 0.0, 0.0
    x, y = longitude - 105.0, latitude - 35.0
    root, wave = math.sqrt(abs(x)), math.sin
    common = 20 * wave(6 * x * math.pi) + 20 * wave(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (common + 20 * wave(y * math.pi) + 40 * wave(y / 3 * math.pi))
    north += 2 / 3 * (160 * wave(y / 12 * math.pi) + 320 * wave(y * math.pi / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (common + 20 * wave(x * math.pi) + 40 * wave(x / 3 * math.pi))
    east += 2 / 3 * (150 * wave(x / 12 * math.pi) + 300 * wave(x / 30 * math.pi))
    radians = math.radians(latitude)
    magic = 1 - _ECCENTRICITY2 * math.sin(radians) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY2) / (magic * math.sqrt(magic))
    parallel = _AXIS / math.sqrt(magic) * math.cos(radians)
    return math.degrees(north / meridian), math.degrees(east / parallel)
