"""Which of the possible day's routes are driven: HiGHS chooses, every visit at most once, no day twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from models.rules.timetable.day import Route

LEFT, MOVED, TEAM_DAY = 200_000.0, 10_000.0, 500.0  # in kilometres: each outweighs all that comes after it
SEED = 1
GAP_KM = 0.5  # how far from the least road a choice may be: less is not worth a second of anybody's


@dataclass(frozen=True, slots=True)
class Option:
    """A route that may be driven on any day of a kind. `counts`: it costs a team-day of its own."""

    route: Route
    kind: int
    counts: bool

    @property
    def cost(self) -> float:
        return self.route.metres / 1000 + MOVED * self.route.moved + TEAM_DAY * self.counts


def best(
    options: Sequence[Option],
    visits: Sequence[int],
    days: Counter[int],
    seconds: float,
    told: Collection[int] = (),
) -> list[Option]:
    """The cheapest choice: a visit that is in none of its routes is left, one of `told` last of all. `days`: how many there
    are of each kind.

    The same input gives the same choice, unless the `seconds` run out first: then the best found by then.
    """
    import highspy

    solver_class: Any = highspy.Highs  # its methods carry no types
    solver = solver_class()
    solver.silent()
    for name, value in (
        ("threads", 1), ("random_seed", SEED), ("time_limit", seconds),
        ("mip_rel_gap", 0.0), ("mip_abs_gap", GAP_KM),
    ):  # fmt: skip
        solver.setOptionValue(name, value)
    row_of = {number: n for n, number in enumerate(visits)}
    kinds = {kind: len(visits) + n for n, kind in enumerate(sorted(days))}
    for _ in visits:
        solver.addRow(1.0, 1.0, 0, [], [])
    for kind in sorted(days):
        solver.addRow(0.0, float(days[kind]), 0, [], [])
    for option in options:
        rows = [*(row_of[n] for n in option.route.order if n in row_of), kinds[option.kind]]
        solver.addCol(option.cost, 0.0, 1.0, len(rows), rows, [1.0] * len(rows))
    for visit in visits:
        solver.addCol(_left(visit, told), 0.0, 1.0, 1, [row_of[visit]], [1.0])
    for column in range(len(options) + len(visits)):
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    solver.run()
    values = solver.getSolution().col_value
    results = [chosen for chosen, value in zip(options, values, strict=False) if value > 0.5]
    return min(results, _greedy(options, days), key=lambda chosen: _cost(chosen, visits, told))


def _left(visit: int, told: Collection[int]) -> float:
    """What it costs to leave a visit: nobody who was told a time makes room for somebody who was not."""
    return 2 * LEFT if visit in told else LEFT


def _cost(chosen: Sequence[Option], visits: Sequence[int], told: Collection[int]) -> float:
    covered = {n for option in chosen for n in option.route.order}
    return sum(option.cost for option in chosen) + sum(_left(n, told) for n in set(visits) - covered)


def _greedy(options: Sequence[Option], days: Counter[int]) -> list[Option]:
    """The fullest routes first: what is at least reached where the time was too short for the best."""
    room, done, results = Counter(days), set[int](), []
    for option in sorted(
        options, key=lambda option: (-len(option.route.order), option.cost, option.route.order)
    ):
        if room[option.kind] and done.isdisjoint(option.route.order):
            room[option.kind] -= 1
            done.update(option.route.order)
            results.append(option)
    return results
