"""The timetable against the planner before it, on the same visits in the same run: team-days, road, seconds.

python -m tests.bench.bench_timetable [--visits 400] [--officers 170] [--a-day 4] [--seed 1] [--rounds 30]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from datetime import date, datetime, timedelta

from models.rules import visit as hours
from models.rules.datum import Point
from models.rules.free_times import Window
from models.rules.timetable.model import DayLimits, Timetable, VisitToPlace
from models.rules.timetable.plan import timetable
from models.rules.timetable.travel import Travel
from models.rules.visit import SHANGHAI
from tests.bench import timetable_peer as before
from tests.bench.timetable_optimum import optimum

AT = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
TEAM = 8


def weekdays(count: int) -> list[date]:
    days = (AT.date() + timedelta(days=4 + n) for n in range(3 * count))
    return [day for day in days if day.weekday() < 5][:count]


def district(visits: int, officers: int, seed: int) -> list[VisitToPlace]:
    """Visits in twelve streets, teams of eight drawn from the officers, every team its share."""
    dice = random.Random(seed)
    streets = [(33.75 + dice.uniform(-0.12, 0.12), 113.3 + dice.uniform(-0.15, 0.15)) for _ in range(12)]
    people = [f"ZF{n:04d}" for n in range(officers)]
    dice.shuffle(people)
    teams = [frozenset(people[n : n + TEAM]) for n in range(0, officers - TEAM + 1, TEAM)]
    found = []
    for n in range(visits):
        street = dice.randrange(len(streets))
        north, east = streets[street]
        place = Point(north + dice.gauss(0, 0.01), east + dice.gauss(0, 0.01))
        team = n % len(teams)
        found.append(
            VisitToPlace(
                f"B-{n:03d}", teams[team], dice.choice((60, 75, 90)), f"T{team}", place, f"S{street:02d}"
            )
        )
    return found


def metres(visits: list[VisitToPlace], windows: dict[str, Window], limits: DayLimits) -> tuple[int, int]:
    """Team-days and road of a plan, each day from the base and back in the order of its times."""
    by_team: dict[str, list[VisitToPlace]] = defaultdict(list)
    for one in visits:
        by_team[one.team].append(one)
    days = road = 0
    for team in by_team.values():
        travel = Travel(team, limits)
        routes: dict[date, list[tuple[datetime, int]]] = defaultdict(list)
        for n, one in enumerate(team, 1):
            if one.number in windows:
                begins = windows[one.number].begins
                routes[hours.local_day(begins)].append((begins, n))
        days += len(routes)
        road += sum(travel.of([n for _, n in sorted(route)]) for route in routes.values())
    return days, round(road)


def compared(visits: list[VisitToPlace], days: list[date], limits: DayLimits) -> dict[str, float]:
    since = time.perf_counter()
    made: Timetable = timetable(visits, days, {}, limits)
    took = time.perf_counter() - since
    since = time.perf_counter()
    wanted = [before.Wanted(one.number, one.people, one.street) for one in visits]
    old = before.laid_out(wanted, days, {}, AT)
    took_before = time.perf_counter() - since
    old_days, old_road = metres(visits, old, limits)
    new_days, new_road = metres(visits, dict(made.windows), limits)
    return {
        "visits": len(visits), "placed": len(made.windows), "placed_before": len(old),
        "seconds": round(took, 2), "seconds_before": round(took_before, 2),
        "team_days": new_days, "team_days_before": old_days, "km": new_road // 1000, "km_before": old_road // 1000,
        "fewer_team_days": round(1 - new_days / old_days, 2), "less_road": round(1 - new_road / old_road, 2),
    }  # fmt: skip


def beside_the_best(rounds: int, visits: int, limits: DayLimits) -> dict[str, float]:
    """Small rounds of one team against the best of all that can be: in how many it is reached, and the road over it."""
    as_few = as_short = 0
    over = []
    for seed in range(rounds):
        wanted = district(visits, TEAM, 100 + seed)
        made = timetable(wanted, weekdays(10), {}, limits)
        days, road = metres(wanted, dict(made.windows), limits)
        least, shortest = optimum(wanted, limits)
        as_few += days == least
        as_short += days == least and road <= shortest + 1
        over.append(road / shortest - 1)
    return {
        "rounds": rounds, "visits": visits, "as_few_days": as_few, "as_short": as_short,
        "road_over_at_most": round(max(over), 4),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("visits", 400), ("officers", 170), ("a-day", 4), ("seed", 1), ("rounds", 30)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    limits = DayLimits(a_day=asked.a_day, base=Point(33.75, 113.3))
    timetable(district(2, 8, 1), weekdays(2), {}, limits)  # the solver is loaded
    for visits, officers, days in ((12, 8, 15), (asked.visits, asked.officers, 20)):
        found = compared(district(visits, officers, asked.seed), weekdays(days), limits)
        json.dump(found, sys.stdout)
        print()
    json.dump(beside_the_best(asked.rounds, 7, limits), sys.stdout)
    print()


if __name__ == "__main__":
    main()
