"""The best timetable of a small round by trying every one: every way to share visits among days, every order of each day.

Written beside the planner and from its limits alone, so that one can be held against the other (no code in common but
the road between two places).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, pairwise, permutations

from models.rules.timetable.model import DayLimits, VisitToPlace
from models.rules.timetable.travel import Travel

QUARTER = 15  # minutes: a visit begins on one


def partitions(items: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to share `items` among days."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for count in range(len(rest) + 1):
        for others in combinations(rest, count):
            remaining = tuple(item for item in rest if item not in others)
            for more in partitions(remaining):
                yield [(first, *others), *more]


def fits(lasts: Sequence[int], ways: Sequence[int], limits: DayLimits) -> bool:
    """Whether visits of these minutes can follow each other on one day, `ways` minutes of road apart."""
    (opens, noon), (again, closes) = [
        (begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute) for begins, ends in limits.halves
    ]
    for morning in range(len(lasts) + 1):  # so many before lunch
        clock, good = opens, True
        for n, minutes in enumerate(lasts):
            if n:
                clock += ways[n - 1]
            if n == morning:
                clock = max(clock + (limits.lunch if n else 0), again)
            clock = -(-clock // QUARTER) * QUARTER + minutes
            good = good and clock <= (noon if n < morning else closes)
        if good:
            return True
    return False


def optimum(visits: Sequence[VisitToPlace], limits: DayLimits) -> tuple[int, float]:
    """Fewest days, and of these the least metres of road."""
    travel = Travel(visits, limits)

    @cache
    def road(day: tuple[int, ...]) -> float | None:
        orders = [
            travel.of(order)
            for order in permutations(day)
            if fits(
                [visits[n - 1].minutes for n in order],
                [travel.minutes(one, other) for one, other in pairwise(order)],
                limits,
            )
        ]
        return min(orders, default=None)

    best = None
    for days in partitions(tuple(range(1, len(visits) + 1))):
        if all(len(day) <= limits.a_day for day in days):
            roads = [road(day) for day in days]
            if None not in roads:
                cost = len(days), sum(metres for metres in roads if metres is not None)
                best = min(best or cost, cost)
    assert best
    return best
