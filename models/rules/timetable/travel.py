"""How far two visits lie apart, and how long the way takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from models.rules import datum
from models.rules.datum import Datum, Point
from models.rules.photo import distance_m
from models.rules.timetable.model import DayLimits, VisitToPlace

DETOUR = 1.3  # road over the straight line
NEXT_STREET_M = 3000.0  # between two streets where a place is not known
METRES_A_MINUTE = 400.0  # 24 km an hour, door to door


class Travel:
    """Metres of road by index: 0 is the base, then the visits in their order."""

    def __init__(self, visits: Sequence[VisitToPlace], limits: DayLimits) -> None:
        places = [_mapped(visit.place) for visit in visits]
        base = _mapped(limits.base) or _middle([place for place in places if place])
        streets = ["", *(visit.street for visit in visits)]
        names = ["", *(visit.number for visit in visits)]
        points = [base, *places]
        self.metres = [
            [_road(points[a], points[b], streets[a] == streets[b], a == b) for b in range(len(points))]
            for a in range(len(points))
        ]
        for (value, other), metres in (limits.matrix or {}).items():
            if value in names and other in names:
                self.metres[names.index(value)][names.index(other)] = metres

    def minutes(self, number: int, other: int) -> int:
        return math.ceil(self.metres[number][other] / METRES_A_MINUTE)

    def of(self, order: Sequence[int]) -> float:
        """A day's road: from the base through `order` and back."""
        here, total = 0, 0.0
        for there in order:
            total += self.metres[here][there]
            here = there
        return total + self.metres[here][0]


def _mapped(place: Point | None) -> Point | None:
    return None if place is None or place.datum is Datum.UNKNOWN else datum.to_gcj02(place)


def _middle(places: Sequence[Point]) -> Point | None:
    if not places:
        return None
    return Point(
        fmean(place.latitude for place in places), fmean(place.longitude for place in places), Datum.GCJ02
    )


def _road(point: Point | None, other: Point | None, same_street: bool, same: bool) -> float:
    if same:
        return 0.0
    if point is None or other is None:
        return 0.0 if same_street else NEXT_STREET_M
    return distance_m(point, other) * DETOUR
