"""检查地图: a day's visits on a sheet, north up, true to scale, without any map beneath (Art. 15)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.refusal import Refusal
from models.rules import workdays
from models.rules.datum import Datum, Point, to_wgs84
from models.rules.photo import EARTH_RADIUS_M
from models.states import AFTER_THE_VISIT, HINDERED, TaskState

WIDTH, HEIGHT = 360, 300  # units of the sheet
LEFT, TOP, RIGHT, BOTTOM = 20, 20, 325, 255  # within which marks stand; below them the scale bar
MIN_SPAN_M = 400.0  # so that a single point, or two neighbours, do not fill the sheet
LONGEST_BAR = 120.0
STEP_X, STEP_Y = 30, 18  # what a mark with its label takes
RINGS = 12  # how far a mark may move aside, in steps


class Progress(StrEnum):
    """How far a visit is: each has its colour and its shape."""

    PROPOSED = "proposed"  # asked of the members
    TO_COME = "to_come"  # fixed, not begun
    ON_SITE = "on_site"
    VISITED = "visited"
    HINDERED = "hindered"  # refused, or nobody there


class NoPoint(StrEnum):
    """Why a visit has no point."""

    NO_PLACE = "no_place"  # the register knows no position
    NO_DATUM = "no_datum"  # it does not say of which datum its numbers are


@dataclass(frozen=True, slots=True)
class MapSpot:
    """Units from the sheet's upper left corner: where the place is, and where its mark stands."""

    x: float
    y: float
    mark_x: float
    mark_y: float

    @property
    def moved(self) -> bool:
        return (self.x, self.y) != (self.mark_x, self.mark_y)


@dataclass(frozen=True, slots=True)
class MapSheet:
    """`bar_m` metres are `bar` units long."""

    spots: tuple[MapSpot, ...]
    bar_m: int
    bar: float


def day_of(written: str, today: date) -> date:
    """The ISO day `written`; "": today. Refuses what is no day of a calendar."""
    if not written:
        return today
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Refusal("map.day", article="15", day=written) from None
    if not workdays.FIRST < day < workdays.LAST:
        raise Refusal("map.day", article="15", day=written)
    return day


def progress(state: TaskState, *, fixed: bool) -> Progress:
    if not fixed:
        return Progress.PROPOSED
    if state == TaskState.ON_SITE:
        return Progress.ON_SITE
    if state in HINDERED:
        return Progress.HINDERED
    return Progress.VISITED if state in AFTER_THE_VISIT else Progress.TO_COME


def missing(place: Point | None) -> NoPoint | None:
    if place is None:
        return NoPoint.NO_PLACE
    return NoPoint.NO_DATUM if place.datum is Datum.UNKNOWN else None


def letter(n: int) -> str:
    """A, B ... Z, AA: the name of the n-th route of a day, from 0."""
    return (letter(n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)


def sheet(places: Sequence[Point]) -> MapSheet | None:
    """Where each of `places` stands, whatever datum each is in; None without any. ValueError for an unknown datum."""
    if not places:
        return None
    metres = _metres([to_wgs84(place) for place in places])
    (west, east), (south, north) = (_ends(axis) for axis in zip(*metres, strict=True))
    scale = min(
        (RIGHT - LEFT) / max(east - west, MIN_SPAN_M), (BOTTOM - TOP) / max(north - south, MIN_SPAN_M)
    )
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    at = [
        ((LEFT + RIGHT) / 2 + (x - middle_x) * scale, (TOP + BOTTOM) / 2 - (y - middle_y) * scale)
        for x, y in metres
    ]
    bar_m = _round_length(LONGEST_BAR / scale)
    return MapSheet(_apart(at), bar_m, round(bar_m * scale, 1))


def _ends(values: Iterable[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[0], ordered[-1]


def _metres(places: Sequence[Point]) -> list[tuple[float, float]]:
    """East and north of the first, on the plane that touches the earth between the southernmost and the northernmost."""
    south, north = _ends(place.latitude for place in places)
    narrowed = math.cos(math.radians((south + north) / 2))
    first = places[0]
    return [
        (
            math.radians(place.longitude - first.longitude) * narrowed * EARTH_RADIUS_M,
            math.radians(place.latitude - first.latitude) * EARTH_RADIUS_M,
        )
        for place in places
    ]


def _round_length(most: float) -> int:
    """The longest of 1, 2 and 5 times a power of ten that is not above `most` metres."""
    power = 10 ** math.floor(math.log10(most))
    return int(max(n * power for n in (1, 2, 5) if n * power <= most))


_ASIDE = sorted(
    ((x * STEP_X, y * STEP_Y) for x in range(-RINGS, RINGS + 1) for y in range(-RINGS, RINGS + 1)),
    key=lambda step: (math.hypot(*step), step),
)


def _apart(at: Sequence[tuple[float, float]]) -> tuple[MapSpot, ...]:
    """Marks that would cover each other move aside to the nearest free spot; on a full sheet they stay."""
    taken: list[tuple[float, float]] = []
    spots = []
    for x, y in at:
        free = (
            (x + aside_x, y + aside_y)
            for aside_x, aside_y in _ASIDE
            if LEFT - 0.5 <= x + aside_x <= RIGHT + 0.5 and TOP - 0.5 <= y + aside_y <= BOTTOM + 0.5
            and not any(abs(x + aside_x - there_x) < STEP_X and abs(y + aside_y - there_y) < STEP_Y for there_x, there_y in taken)
        )  # fmt: skip
        mark_x, mark_y = next(free, (x, y))
        taken.append((mark_x, mark_y))
        spots.append(MapSpot(round(x, 1), round(y, 1), round(mark_x, 1), round(mark_y, 1)))
    return tuple(spots)
