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
from models.rules.timetable.day import Day, Planner, Route, span_on, window_of
from models.rules.timetable.model import Limits, Timetable, Visit
from models.rules.timetable.travel import Travel
from models.rules.workdays import Calendar

OPTIONS = 2500  # possible routes looked at, of one team: all of a small round's, the nearest of a large one's
NEAREST = range(12, 2, -1)
A_TEAM_S = 0.8  # the longest search for one team
EARLIER_KM = 0.001  # of two equal choices the earlier day


def days(calendar: Calendar, first: date, last: date, at: datetime, notice_days: int) -> tuple[date, ...]:
    """The working days from `first` to `last` that still leave the notice period."""
    found, day = [], max(first, hours.local_day(at) + timedelta(days=1))
    while day <= last:
        told = hours.notice_days(calendar, at, hours.instant(day, time(9)))
        if calendar.is_workday(day) and told >= notice_days:
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def timetable(
    visits: Sequence[Visit],
    days: Sequence[date],
    taken: Mapping[str, Sequence[Window]],
    limits: Limits | None = None,
    seconds: float = 20.0,
) -> Timetable:
    """A time for every visit that can have one. `taken`: by person when they are elsewhere; `seconds`: of search, for the whole.

    Teams one after the other, the one with the most visits first; who serves in two is in one place at a time. Told
    visits are moved only where another could have no time otherwise.
    """
    limits = limits or Limits()
    if limits.base is None:
        limits = replace(limits, base=_middle(visits))
    busy = {person: list(windows) for person, windows in taken.items()}
    teams: dict[str, list[Visit]] = defaultdict(list)
    for one in sorted(visits, key=lambda visit: visit.number):
        teams[one.team].append(one)
        if one.told and (one.fixed or hours.local_day(one.told.begins) not in days):
            _occupy(busy, one.people, one.told)
    share, total = min(A_TEAM_S, seconds / max(1, len(teams))), Timetable({}, {})
    for team in sorted(teams, key=lambda team: (-len(teams[team]), team)):
        made = _of_team(teams[team], tuple(days), busy, limits, share)
        for one in teams[team]:
            if one.number in made.windows:
                _occupy(busy, one.people, made.windows[one.number])
        total = Timetable(
            {**total.windows, **made.windows}, {**total.left, **made.left},
            total.metres + made.metres, total.team_days + made.team_days,
        )  # fmt: skip
    return total


def _of_team(
    visits: Sequence[Visit], days: Sequence[date], busy: Mapping[str, Sequence[Window]], limits: Limits,
    seconds: float,
) -> Timetable:  # fmt: skip
    planner = Planner(visits, Travel(visits, limits), limits)
    found = [_day(day, visits, busy, days[0]) for day in days]
    free = [n for n, one in enumerate(visits, 1) if not _stays(one, days)]
    by_kind: dict[object, list[Day]] = defaultdict(list)
    for day in found:
        by_kind[day.alike].append(day)
    kinds = list(by_kind.values())
    options = list(_options(planner, kinds, free, limits))
    chosen = best(options, free, Counter({n: len(kind) for n, kind in enumerate(kinds)}), seconds)
    routes = _dated(chosen, kinds)
    windows = {
        visits[n - 1].number: window_of(day.day, begins, visits[n - 1].minutes)
        for day, route in routes
        for n, begins in zip(route.order, route.begins, strict=True)
        if n in free
    }
    by_day = {day.day: route for day, route in routes}
    driven = [by_day[day.day].order if day.day in by_day else _in_order(day) for day in found]
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
    planner: Planner, kinds: Sequence[Sequence[Day]], free: Sequence[int], limits: Limits
) -> Iterable[Option]:
    near = _near(planner.travel, free, limits.a_day, len(kinds))
    for n, kind in enumerate(kinds):
        day = kind[0]
        told = frozenset(one for one, _ in day.told) - day.fixed
        room = limits.a_day - len(day.fixed)
        alone = planner.travel.of(_in_order(day, day.fixed))
        for chosen in sorted({*near, *_beside(told, free, limits.a_day)}, key=sorted):
            if len(chosen) > room or (told and not day.fixed and len(chosen) > 2 and told.isdisjoint(chosen)):
                continue
            route = planner.route(tuple(sorted(chosen | day.fixed)), day)
            if route is None:
                continue
            elsewhere = sum(planner.visits[one - 1].told is not None for one in chosen - told)
            added = replace(
                route,
                metres=max(0.0, route.metres - alone) + 1000 * EARLIER_KM * n,
                moved=route.moved + elsewhere,
            )
            yield Option(added, n, not day.fixed)


def _near(travel: Travel, free: Sequence[int], a_day: int, kinds: int) -> set[frozenset[int]]:
    """Sets of visits that may share a day: every one of a small round, neighbours of a large one."""
    found: set[frozenset[int]] = set()
    for nearest in NEAREST:
        found = {
            frozenset((one, *others))
            for one in free
            for count in range(a_day)
            for others in combinations(_nearest(travel, one, free, nearest), count)
        }
        if len(found) * kinds <= OPTIONS:
            break
    return found


def _nearest(travel: Travel, one: int, free: Sequence[int], count: int) -> list[int]:
    return sorted((n for n in free if n != one), key=lambda n: (travel.metres[one][n], n))[:count]


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


def _day(day: date, visits: Sequence[Visit], busy: Mapping[str, Sequence[Window]], first: date) -> Day:
    """The day as this team finds it; whoever is elsewhere shuts it for the visits they belong to."""
    spans = {
        person: [span for window in windows if (span := span_on(day, window))]
        for person, windows in busy.items()
    }
    shut, told, fixed = [], [], set()
    for n, one in enumerate(visits, 1):
        closed = {span for window in one.shut if (span := span_on(day, window))}
        shut.append(tuple(sorted({span for person in one.people for span in spans.get(person, ())} | closed)))
        if one.told and (span := span_on(day, one.told)):
            told.append((n, span))
            if one.fixed:
                fixed.add(n)
    kept = [
        (n, span) for n, span in told
        if n in fixed or not any(begins < span[1] and span[0] < ends for begins, ends in shut[n - 1])
    ]  # fmt: skip
    return Day(day, tuple(shut), tuple(kept), frozenset(fixed))


def _dated(chosen: Sequence[Option], kinds: Sequence[Sequence[Day]]) -> list[tuple[Day, Route]]:
    """Routes of one kind on its days, the earliest first."""
    by_kind: dict[int, list[Route]] = defaultdict(list)
    for one in chosen:
        by_kind[one.kind].append(one.route)
    return [
        (day, route)
        for kind, routes in sorted(by_kind.items())
        for day, route in zip(kinds[kind], sorted(routes, key=lambda route: (-len(route.order), route.order)), strict=False)
    ]  # fmt: skip


def _in_order(day: Day, among: frozenset[int] | None = None) -> tuple[int, ...]:
    fixed = day.fixed if among is None else among
    return tuple(n for _, n in sorted((span, n) for n, span in day.told if n in fixed))


def _stays(one: Visit, days: Sequence[date]) -> bool:
    """A time outside the days that may be planned is no longer anybody's to move here."""
    return one.told is not None and (one.fixed or hours.local_day(one.told.begins) not in days)


def _occupy(busy: dict[str, list[Window]], people: Iterable[str], window: Window) -> None:
    for person in people:
        busy.setdefault(person, []).append(window)


def _middle(visits: Sequence[Visit]) -> Point | None:
    known = [
        to_gcj02(visit.place) for visit in visits if visit.place and visit.place.datum is not Datum.UNKNOWN
    ]
    if not known:
        return None
    return Point(fmean(one.latitude for one in known), fmean(one.longitude for one in known), Datum.GCJ02)
