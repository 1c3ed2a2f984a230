"""The timetable of a leader's visits, or of a whole district's, team by team (Art. 15, 16 (2))."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from statistics import fmean

from models.rules import visit as hours
from models.rules.datum import Datum, Point, to_gcj02
from models.rules.free_times import Window
from models.rules.timetable.causes import cause
from models.rules.timetable.choice import Option, best
from models.rules.timetable.day import Planner, Route, TeamDay, span_on, window_of
from models.rules.timetable.model import DayLimits, Timetable, VisitToPlace
from models.rules.timetable.travel import Travel
from models.rules.workdays import Calendar

OPTIONS = 2500  # possible routes looked at, of one team: all of a small round's, the nearest of a large one's
NEAREST = range(12, 2, -1)
A_TEAM_S = 0.8  # the longest search for one team
EARLIER_KM = 0.001  # of two equal choices the earlier day


def days(calendar: Calendar, first: date, last: date, at: datetime, notice_days: int) -> tuple[date, ...]:
    """The working days from `first` to `last` that still leave the notice period."""
    results, day = [], max(first, hours.local_day(at) + timedelta(days=1))
    while day <= last:
        told = hours.notice_days(calendar, at, hours.instant(day, time(9)))
        if calendar.is_workday(day) and told >= notice_days:
            results.append(day)
        day += timedelta(days=1)
    return tuple(results)


def timetable(
    visits: Sequence[VisitToPlace],
    days: Sequence[date],
    taken: Mapping[str, Sequence[Window]],
    limits: DayLimits | None = None,
    seconds: float = 20.0,
) -> Timetable:
    """A time for every visit that can have one. `taken`: by person when they are elsewhere; `seconds`: of search, for the whole.

    Teams one after the other, the one with the most visits first; who serves in two is in one place at a time. Told
    visits are moved only where another could have no time otherwise.
    """
    limits = limits or DayLimits()
    if limits.base is None:
        limits = replace(limits, base=_middle(visits))
    busy = {person: list(windows) for person, windows in taken.items()}
    teams: dict[str, list[VisitToPlace]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.number):
        teams[visit.team].append(visit)
        if visit.told and (visit.fixed or hours.local_day(visit.told.begins) not in days):
            _occupy(busy, visit.people, visit.told)
    share, total = min(A_TEAM_S, seconds / max(1, len(teams))), Timetable({}, {})
    for team in sorted(teams, key=lambda team: (-len(teams[team]), team)):
        of_team = _of_team(teams[team], tuple(days), busy, limits, share)
        for visit in teams[team]:
            if visit.number in of_team.windows:
                _occupy(busy, visit.people, of_team.windows[visit.number])
        total = Timetable(
            {**total.windows, **of_team.windows}, {**total.left, **of_team.left},
            total.metres + of_team.metres, total.team_days + of_team.team_days,
        )  # fmt: skip
    return total


def timetable_beside_told(
    visits: Sequence[VisitToPlace],
    days: Sequence[date],
    taken: Mapping[str, Sequence[Window]],
    limits: DayLimits | None = None,
) -> Timetable:
    """`timetable` with every told visit where it is; told ones that are not fixed give way, as few as possible, only where
    more visits find a time by that."""
    around = timetable(
        [replace(visit, fixed=visit.told is not None) for visit in visits], days, taken, limits
    )
    if not around.left or all(visit.fixed or visit.told is None for visit in visits):
        return around
    anew = timetable(visits, days, taken, limits)
    return anew if len(anew.left) < len(around.left) else around


def _of_team(
    visits: Sequence[VisitToPlace], days: Sequence[date], busy: Mapping[str, Sequence[Window]], limits: DayLimits,
    seconds: float,
) -> Timetable:  # fmt: skip
    planner = Planner(visits, Travel(visits, limits), limits)
    team_days = [_day(day, visits, busy, days[0]) for day in days]
    free = [n for n, visit in enumerate(visits, 1) if not _stays(visit, days)]
    by_kind: dict[object, list[TeamDay]] = defaultdict(list)
    for day in team_days:
        by_kind[day.alike].append(day)
    kinds = list(by_kind.values())
    options = list(_options(planner, kinds, free, limits))
    told = [n for n in free if visits[n - 1].told]
    chosen = best(options, free, Counter({n: len(kind) for n, kind in enumerate(kinds)}), seconds, told)
    routes = _dated(chosen, kinds)
    windows = {
        visits[n - 1].number: window_of(day.day, begins, visits[n - 1].minutes)
        for day, route in routes
        for n, begins in zip(route.order, route.begins, strict=True)
        if n in free
    }
    by_day = {day.day: route for day, route in routes}
    driven = [by_day[day.day].order if day.day in by_day else _in_order(day) for day in team_days]
    left = {
        visits[n - 1].number: cause(visits[n - 1], days, busy, limits)
        for n in free
        if visits[n - 1].number not in windows
    }
    travel = planner.travel
    return Timetable(
        windows, left, round(sum(travel.of(order) for order in driven)), sum(bool(order) for order in driven)
    )


def _options(
    planner: Planner, kinds: Sequence[Sequence[TeamDay]], free: Sequence[int], limits: DayLimits
) -> Iterable[Option]:
    near = _near(planner.travel, free, limits.a_day, len(kinds))
    for n, kind in enumerate(kinds):
        day = kind[0]
        told = frozenset(number for number, _ in day.told) - day.fixed
        room = limits.a_day - len(day.fixed)
        alone = planner.travel.of(_in_order(day, day.fixed))
        for chosen in sorted({*near, *_beside(told, free, limits.a_day)}, key=sorted):
            if len(chosen) > room or (told and not day.fixed and len(chosen) > 2 and told.isdisjoint(chosen)):
                continue
            route = planner.route(tuple(sorted(chosen | day.fixed)), day)
            if route is None:
                continue
            elsewhere = sum(planner.visits[number - 1].told is not None for number in chosen - told)
            added = replace(
                route,
                metres=max(0.0, route.metres - alone) + 1000 * EARLIER_KM * n,
                moved=route.moved + elsewhere,
            )
            yield Option(added, n, not day.fixed)


def _near(travel: Travel, free: Sequence[int], a_day: int, kinds: int) -> set[frozenset[int]]:
    """Sets of visits that may share a day: every one of a small round, neighbours of a large one."""
    results: set[frozenset[int]] = set()
    for nearest in NEAREST:
        results = {
            frozenset((number, *others))
            for number in free
            for count in range(a_day)
            for others in combinations(_nearest(travel, number, free, nearest), count)
        }
        if len(results) * kinds <= OPTIONS:
            break
    return results


def _nearest(travel: Travel, number: int, free: Sequence[int], count: int) -> list[int]:
    return sorted((n for n in free if n != number), key=lambda n: (travel.metres[number][n], n))[:count]


def _beside(told: frozenset[int], free: Sequence[int], a_day: int) -> set[frozenset[int]]:
    """What was told for a day, by itself and with one or two more."""
    if not told or len(told) > a_day:
        return set()
    return {told} | {
        told | set(more)
        for count in (1, 2)
        for more in combinations(free, count)
        if len(told | set(more)) <= a_day
    }


def _day(
    day: date, visits: Sequence[VisitToPlace], busy: Mapping[str, Sequence[Window]], first: date
) -> TeamDay:
    """The day as this team finds it; whoever is elsewhere shuts it for the visits they belong to."""
    spans = {
        person: [span for window in windows if (span := span_on(day, window))]
        for person, windows in busy.items()
    }
    shut, told, fixed = [], [], set()
    for n, visit in enumerate(visits, 1):
        closed = {span for window in visit.shut if (span := span_on(day, window))}
        shut.append(
            tuple(sorted({span for person in visit.people for span in spans.get(person, ())} | closed))
        )
        if visit.told and (span := span_on(day, visit.told)):
            told.append((n, span))
            if visit.fixed:
                fixed.add(n)
    remaining = [
        (n, span) for n, span in told
        if n in fixed or not any(begins < span[1] and span[0] < ends for begins, ends in shut[n - 1])
    ]  # fmt: skip
    return TeamDay(day, tuple(shut), tuple(remaining), frozenset(fixed))


def _dated(chosen: Sequence[Option], kinds: Sequence[Sequence[TeamDay]]) -> list[tuple[TeamDay, Route]]:
    """Routes of one kind on its days, the earliest first."""
    by_kind: dict[int, list[Route]] = defaultdict(list)
    for option in chosen:
        by_kind[option.kind].append(option.route)
    return [
        (day, route)
        for kind, routes in sorted(by_kind.items())
        for day, route in zip(kinds[kind], sorted(routes, key=lambda route: (-len(route.order), route.order)), strict=False)
    ]  # fmt: skip


def _in_order(day: TeamDay, among: frozenset[int] | None = None) -> tuple[int, ...]:
    fixed = day.fixed if among is None else among
    return tuple(n for _, n in sorted((span, n) for n, span in day.told if n in fixed))


def _stays(visit: VisitToPlace, days: Sequence[date]) -> bool:
    """A time outside the days that may be planned is no longer anybody's to move here."""
    return visit.told is not None and (visit.fixed or hours.local_day(visit.told.begins) not in days)


def _occupy(busy: dict[str, list[Window]], people: Iterable[str], window: Window) -> None:
    for person in people:
        busy.setdefault(person, []).append(window)


def _middle(visits: Sequence[VisitToPlace]) -> Point | None:
    known = [
        to_gcj02(visit.place) for visit in visits if visit.place and visit.place.datum is not Datum.UNKNOWN
    ]
    if not known:
        return None
    return Point(
        fmean(point.latitude for point in known), fmean(point.longitude for point in known), Datum.GCJ02
    )
