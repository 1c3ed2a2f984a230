"""One day of one team: in what order its visits are driven, and when each begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations, permutations

from models.rules import visit as hours
from models.rules.free_times import Window
from models.rules.timetable.model import STEP, DayLimits, VisitToPlace
from models.rules.timetable.travel import Travel

Span = tuple[int, int]  # minutes of the local day


@dataclass(frozen=True)
class TeamDay:
    """A day as a team finds it. By visit (its index): when it cannot be, and where a told one stands."""

    day: date
    shut: tuple[tuple[Span, ...], ...]
    told: tuple[tuple[int, Span], ...] = ()
    fixed: frozenset[int] = frozenset()
    earliest: int = 0  # minute before which nothing begins

    @property
    def alike(self) -> object:
        """Days with the same value take the same routes; one on which something was told is like no other."""
        return self.day if self.told else (self.shut, self.earliest)


@dataclass(frozen=True, slots=True)
class Route:
    """Visits of one day in the order they are driven, each with its time; `moved`: told ones that do not stay."""

    order: tuple[int, ...]
    begins: tuple[int, ...]
    metres: float
    moved: int = 0


def minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def span_on(day: date, window: Window) -> Span | None:
    """The part of a window that lies on this day."""
    midnight = hours.instant(day, time())
    begins = max(0, int((window.begins - midnight).total_seconds() // 60))
    ends = min(1440, -int((midnight - window.ends).total_seconds() // 60))
    return (begins, ends) if begins < ends else None


def window_of(day: date, begins: int, minutes: int) -> Window:
    start: datetime = hours.instant(day, time()) + timedelta(minutes=begins)
    return Window(start, start + timedelta(minutes=minutes))


class Planner:
    """The best route of a set of visits on a day. Visits go by their index + 1, as in `Travel`."""

    def __init__(self, visits: Sequence[VisitToPlace], travel: Travel, limits: DayLimits) -> None:
        self.visits, self.travel, self.limits = visits, travel, limits
        self.halves = [(minute(begins), minute(ends)) for begins, ends in limits.halves]

    def route(self, chosen: Sequence[int], day: TeamDay) -> Route | None:
        """The shortest route in which every visit finds its time; told ones stay where that is possible."""
        stays = {number: span for number, span in day.told if number in chosen}
        moving = [stay for stay in stays if stay not in day.fixed]
        for count in range(len(moving) + 1):
            for gone in combinations(moving, count):
                data = {number: span for number, span in stays.items() if number not in gone}
                if rows := self._shortest(chosen, day, data):
                    order, begins, metres = rows
                    return Route(order, begins, metres, len(gone))
        return None

    def _shortest(
        self, chosen: Sequence[int], day: TeamDay, data: Mapping[int, Span]
    ) -> tuple[tuple[int, ...], tuple[int, ...], float] | None:
        ranked = sorted((self.travel.of(order), order) for order in permutations(chosen))
        for metres, order in ranked:
            if (begins := self._times(order, day, data)) is not None:
                return order, begins, metres
        return None

    def _times(self, order: Sequence[int], day: TeamDay, data: Mapping[int, Span]) -> tuple[int, ...] | None:
        """When each begins, as early as may be; None where one finds no time."""
        here, free, half = 0, day.earliest, 0
        results: list[int] = []
        for there in order:
            way = self.travel.minutes(here, there) if here else 0
            if there in data:
                begins, ends = data[there]
                pause = self.limits.lunch if results and self._half(begins) > half else 0
                if begins < free + way + pause:
                    return None
                half = self._half(begins)
            else:
                lasts = self.visits[there - 1].minutes
                placed = self._first_free(free, way, lasts, day.shut[there - 1], half, bool(results))
                if placed is None:
                    return None
                begins, half = placed
                ends = begins + lasts
            results.append(begins)
            here, free = there, ends
        return tuple(results)

    def _half(self, begins: int) -> int:
        return max((n for n, (start, _) in enumerate(self.halves) if start <= begins), default=0)

    def _first_free(
        self, free: int, way: int, lasts: int, shut: Sequence[Span], half: int, after: bool
    ) -> tuple[int, int] | None:
        for n, (opens, closes) in enumerate(self.halves):
            if n < half:
                continue
            pause = self.limits.lunch if after and n > half else 0
            begins = _quarter(max(opens, free + way + pause))
            while begins + lasts <= closes:
                met = max(
                    (end for start, end in shut if start < begins + lasts and begins < end), default=None
                )
                if met is None:
                    return begins, n
                begins = _quarter(met)
        return None


def _quarter(minutes: int) -> int:
    return -(-minutes // STEP) * STEP
