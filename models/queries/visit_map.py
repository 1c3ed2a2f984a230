"""检查地图: a day's visits that somebody may see, by team in the order of their times, each with its point (Art. 15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from models.queries.board import Sight
from models.queries.visit_week import EVERYBODY, Serving, WeekVisit, seen_of, visits_of
from models.queries.visits_found import found_between
from models.rules.photo import distance_m
from models.rules.visit import instant
from models.rules.visit_map import MapSheet, MapSpot, NoPoint, Progress, letter, missing, progress, sheet

MOST = 100  # visits on one map


@dataclass(frozen=True, slots=True)
class MapVisit:
    """`label`: the route's letter and the place in it. `metres`: in a straight line from the stop before, None where there
    is none or where one of both has no point."""

    label: str
    visit: WeekVisit
    progress: Progress
    spot: MapSpot | None
    missing: NoPoint | None
    metres: int | None


@dataclass(frozen=True, slots=True)
class MapLeg:
    """From one stop of a route to the next. `fixed` False: one of both is only proposed."""

    begins: MapSpot
    ends: MapSpot
    fixed: bool


@dataclass(frozen=True, slots=True)
class MapRoute:
    """A team's day. A leg is missing beside a stop without a point."""

    letter: str
    visits: tuple[MapVisit, ...]
    legs: tuple[MapLeg, ...]


@dataclass(frozen=True, slots=True)
class VisitMap:
    """`sheet` None: no visit of the day has a point. `more`: there are visits after these, the first `MOST` of the day."""

    routes: tuple[MapRoute, ...]
    sheet: MapSheet | None
    more: bool = False

    @property
    def visits(self) -> tuple[MapVisit, ...]:
        return tuple(visit for route in self.routes for visit in route.visits)

    @property
    def missing(self) -> int:
        return sum(visit.missing is not None for visit in self.visits)

    @property
    def moved(self) -> bool:
        return any(visit.spot is not None and visit.spot.moved for visit in self.visits)


async def visit_map(day: date, sight: Sight, *, serving: Serving = EVERYBODY) -> VisitMap:
    """The visits of `day`, of what `sight` shows, only where `serving` serve."""
    begins = instant(day, time())
    first = await found_between(seen_of(sight, serving), begins, begins + timedelta(days=1), MOST + 1)
    visits = await visits_of(first[:MOST])
    placed = [(n, visit.place) for n, visit in enumerate(visits) if visit.place and not missing(visit.place)]
    drawn = sheet([place for _, place in placed])
    spots = {n: spot for (n, _), spot in zip(placed, drawn.spots if drawn else (), strict=True)}
    teams: dict[int, list[int]] = {}
    for n, visit in enumerate(visits):
        teams.setdefault(visit.team, []).append(n)
    routes = (_route(letter(k), [visits[n] for n in stops], {i: spots.get(n) for i, n in enumerate(stops)})
              for k, stops in enumerate(teams.values()))  # fmt: skip
    return VisitMap(tuple(routes), drawn, len(first) > MOST)


def _route(name: str, visits: Sequence[WeekVisit], spots: Mapping[int, MapSpot | None]) -> MapRoute:
    stops = tuple(
        MapVisit(
            f"{name}{n + 1}", visit, progress(visit.state, fixed=visit.fixed), spots[n], missing(visit.place),
            _metres(visits[n - 1], visit) if n else None,
        )
        for n, visit in enumerate(visits)
    )  # fmt: skip
    legs = tuple(
        MapLeg(before.spot, after.spot, before.visit.fixed and after.visit.fixed)
        for before, after in pairwise(stops)
        if before.spot and after.spot
    )
    return MapRoute(name, stops, legs)


def _metres(before: WeekVisit, after: WeekVisit) -> int | None:
    if not before.place or not after.place or missing(before.place) or missing(after.place):
        return None
    return round(distance_m(before.place, after.place))
