"""A timetable keeps every limit, is the best there is where that can be counted, and moves what was told last."""

import random
from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.datum import Point
from models.rules.free_times import Window
from models.rules.timetable import plan
from models.rules.timetable.model import DayLimits, Timetable, UnplacedReason, VisitToPlace, minutes_for
from models.rules.visit import SHANGHAI, instant, local_day
from models.rules.workdays import Calendar
from tests.bench.timetable_optimum import optimum

AT = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
CALENDAR = Calendar(frozenset({2026}), frozenset(), frozenset())
DAYS = plan.days(CALENDAR, date(2026, 3, 2), date(2026, 3, 13), AT, 3)
TEAM = frozenset({"ZF1", "ZF2"})
BASE = Point(33.75, 113.30)


def at(day: date, begins: float, ends: float) -> Window:
    midnight = instant(day, time())
    return Window(midnight + timedelta(hours=begins), midnight + timedelta(hours=ends))


def visits(count: int, minutes: int = 60, **more: object) -> list[VisitToPlace]:
    return [
        VisitToPlace(f"B-{n:02d}", TEAM, minutes, "T", Point(33.7 + n % 3 / 20, 113.3 + n // 3 / 30), **more)
        for n in range(count)
    ]


def made(
    wanted: list[VisitToPlace], taken: dict | None = None, days=DAYS, limits: DayLimits | None = None
) -> Timetable:
    return plan.timetable(wanted, days, taken or {}, limits or DayLimits(base=BASE))


def test_no_day_lies_before_the_notice_period():
    assert DAYS[0] == date(2026, 3, 5)
    assert all(day.weekday() < 5 for day in DAYS)


def test_few_days_and_the_same_answer_twice():
    found = made(visits(8))
    assert (len(found.windows), found.team_days, dict(found.left)) == (8, 2, {})
    assert dict(made(visits(8)).windows) == dict(found.windows)


spans = st.tuples(st.sampled_from(DAYS[:3]), st.integers(8, 16), st.integers(1, 4))


@settings(max_examples=25, deadline=None)
@given(
    minutes=st.lists(st.sampled_from([45, 60, 90, 120, 180]), min_size=1, max_size=6),
    busy=st.dictionaries(st.sampled_from(["ZF1", "ZF2", "ZF3"]), st.lists(spans, max_size=3), max_size=3),
    shut=st.lists(spans, max_size=2),
    two_teams=st.booleans(),
)
def test_nobody_is_in_two_places_and_every_limit_is_kept(minutes, busy, shut, two_teams):
    taken = {one: [at(day, h, h + n) for day, h, n in found] for one, found in busy.items()}
    closed = tuple(at(day, h, h + n) for day, h, n in shut)
    wanted = [
        VisitToPlace(
            f"B-{n}", TEAM if not (two_teams and n % 2) else frozenset({"ZF2", "ZF3"}), lasts,
            "T" if not (two_teams and n % 2) else "U", Point(33.7 + n / 40, 113.3), shut=closed,
        )
        for n, lasts in enumerate(minutes)
    ]  # fmt: skip
    limits = DayLimits(a_day=3, base=BASE)
    found = made(wanted, taken, DAYS[:3], limits)
    by_number = {one.number: one for one in wanted}
    assert set(found.windows) | set(found.left) == set(by_number)
    for number, window in found.windows.items():
        one = by_number[number]
        assert local_day(window.begins) in DAYS[:3]
        assert window.ends - window.begins == one.lasts
        begins, ends = (moment.astimezone(SHANGHAI).time() for moment in window)
        assert any(opens <= begins and ends <= closes for opens, closes in limits.halves)
        assert not any(window.meets(other) for person in one.people for other in taken.get(person, ()))
        assert not any(window.meets(other) for other in closed)
    for one, other in combinations(wanted, 2):
        if one.people & other.people and {one.number, other.number} <= set(found.windows):
            assert not found.windows[one.number].meets(found.windows[other.number])
    for team in ("T", "U"):
        days = [local_day(w.begins) for n, w in found.windows.items() if by_number[n].team == team]
        assert all(days.count(day) <= limits.a_day for day in days)


def partitions(items: list[int]):
    if not items:
        yield []
        return
    first, *rest = items
    for count in range(len(rest) + 1):
        for others in combinations(rest, count):
            for more in partitions([n for n in rest if n not in others]):
                yield [(first, *others), *more]


def test_of_a_small_round_the_choice_is_the_best_of_all():
    from models.rules.timetable.day import Planner, TeamDay
    from models.rules.timetable.travel import Travel

    wanted, limits = visits(6, 90), DayLimits(a_day=3, base=BASE)
    planner = Planner(wanted, Travel(wanted, limits), limits)
    day = TeamDay(DAYS[0], tuple(() for _ in wanted))
    least = None
    for parts in partitions(list(range(1, 7))):
        routes = [planner.route(part, day) if len(part) <= 3 else None for part in parts]
        if all(routes):
            cost = (len(parts), sum(route.metres for route in routes))
            least = min(least or cost, cost)
    found = made(wanted, limits=limits)
    assert found.team_days == least[0]
    assert abs(found.metres - least[1]) < 600


def test_the_way_between_two_visits_is_left_free():
    far = [
        VisitToPlace("B-1", TEAM, 60, "T", Point(33.70, 113.30)), VisitToPlace("B-2", TEAM, 60, "T", Point(33.79, 113.30)),
    ]  # fmt: skip
    windows = sorted(made(far).windows.values())
    assert all(other.begins - one.ends >= timedelta(minutes=30) for one, other in pairwise(windows))


def test_what_was_told_stays_when_something_is_added():
    before = made(visits(6))
    told = [VisitToPlace(**{**_fields(one), "told": before.windows[one.number]}) for one in visits(6)]
    after = made([*told, *visits(8)[6:]])
    assert {n: after.windows[n] for n in before.windows} == dict(before.windows)
    assert len(after.windows) == 8


def test_only_the_one_that_cannot_stay_is_moved():
    before = made(visits(6))
    gone = before.windows["B-02"]
    told = [
        VisitToPlace(**{
            **_fields(one), "told": before.windows[one.number], "shut": (gone,) if one.number == "B-02" else (),
        })
        for one in visits(6)
    ]  # fmt: skip
    after = made(told)
    assert {n for n in before.windows if after.windows[n] != before.windows[n]} == {"B-02"}


def test_a_fixed_visit_is_planned_around_and_never_moved():
    fixed = VisitToPlace("B-99", TEAM, 60, "T", BASE, told=at(DAYS[1], 9, 10), fixed=True)
    found = made([fixed, *visits(3)])
    assert "B-99" not in found.windows
    assert {local_day(one.begins) for one in found.windows.values()} == {DAYS[1]}  # no further day is begun
    assert not any(one.meets(fixed.told) for one in found.windows.values())


def test_what_finds_no_time_is_said_with_who_and_when():
    away = {"ZF2": [at(day, 0, 24) for day in DAYS]}
    cause = made(visits(1), away).left["B-00"]
    assert (cause.why, cause.people, cause.days) == (UnplacedReason.PEOPLE, ("ZF2",), DAYS)
    assert made(visits(1, 240)).left["B-00"].why == UnplacedReason.TOO_LONG
    assert made(visits(1), days=()).left["B-00"].why == UnplacedReason.NO_DAY
    closed = tuple(at(day, 0, 24) for day in DAYS)
    assert made(visits(1, shut=closed)).left["B-00"].why == UnplacedReason.CLOSED
    full = made(visits(3), days=DAYS[:1], limits=DayLimits(a_day=2, base=BASE))
    assert [one.why for one in full.left.values()] == [UnplacedReason.FULL]


def test_how_long_a_visit_takes_follows_its_checklist():
    assert [minutes_for(n) for n in (0, 5, 10, 20, 100)] == [45, 45, 60, 90, 180]


def _fields(one: VisitToPlace) -> dict[str, object]:
    return {name: getattr(one, name) for name in VisitToPlace.__dataclass_fields__}


told_spans = st.tuples(st.sampled_from(DAYS[:4]), st.sampled_from([9, 10, 11, 14, 15, 16]))


@settings(max_examples=30, deadline=None)
@given(
    first=st.sampled_from([date(2026, 3, day) for day in range(2, 9)]),
    last=st.sampled_from([date(2026, 3, day) for day in range(6, 14)]),
    notice_days=st.integers(1, 5),
    busy=st.dictionaries(st.sampled_from(["ZF1", "ZF2"]), st.lists(spans, max_size=4), max_size=2),
    told=st.lists(told_spans, max_size=3, unique=True),
    fresh=st.integers(0, 4),
)
def test_beside_what_was_told_never_a_clash_never_before_the_notice_never_outside_hours_or_window(
    first, last, notice_days, busy, told, fresh
):
    days = plan.days(CALENDAR, first, last, AT, notice_days)
    taken = {person: [at(day, h, h + n) for day, h, n in held] for person, held in busy.items()}
    asked = [
        VisitToPlace(f"A-{n}", TEAM, 60, "T", Point(33.7 + n / 40, 113.3), told=at(day, h, h + 1))
        for n, (day, h) in enumerate(told)
    ]
    wanted = [*asked, *visits(fresh)]
    limits = DayLimits(base=BASE)
    found = plan.timetable_beside_told(wanted, days, taken, limits)
    stands = {one.number: found.windows.get(one.number, one.told) for one in asked}
    times = {**found.windows, **{n: window for n, window in stands.items() if n not in found.left}}
    for number, window in found.windows.items():
        begins, ends = (moment.astimezone(SHANGHAI).time() for moment in window)
        moved = stands.get(number) != next((one.told for one in asked if one.number == number), None)
        if number not in stands or moved:
            day = local_day(window.begins)
            assert first <= day <= last and day in days
            assert CALENDAR.workdays_between(local_day(AT), day) >= notice_days
            assert any(opens <= begins and ends <= closes for opens, closes in limits.halves)
            assert not any(window.meets(other) for one in TEAM for other in taken.get(one, ()))
    placed = [window for number, window in times.items() if number in found.windows]
    assert not any(one.meets(other) for one, other in combinations(placed, 2))


def test_nothing_told_moves_while_the_others_find_a_time_without():
    before = made(visits(4))
    told = [VisitToPlace(**{**_fields(one), "told": before.windows[one.number]}) for one in visits(4)]
    after = plan.timetable_beside_told([*told, *visits(7)[4:]], DAYS, {}, DayLimits(base=BASE))
    assert set(after.windows) == {f"B-{n:02d}" for n in range(4, 7)}


def test_what_was_told_gives_way_only_where_another_would_have_no_time_and_as_little_as_possible():
    """The one that comes can only be when a told one is; that one alone is moved."""
    mornings = [
        VisitToPlace(f"A-{n}", TEAM, 60, "T", BASE, told=at(day, 9, 10)) for n, day in enumerate(DAYS[:3])
    ]
    elsewhere = (*(at(day, 0, 24) for day in DAYS[1:]), at(DAYS[0], 0, 9), at(DAYS[0], 10, 24))
    comes = VisitToPlace("B-1", TEAM, 60, "T", BASE, shut=elsewhere)
    after = plan.timetable_beside_told([*mornings, comes], DAYS, {}, DayLimits(base=BASE))
    assert after.windows["B-1"] == at(DAYS[0], 9, 10)
    assert {one.number for one in mornings if after.windows.get(one.number, one.told) != one.told} == {"A-0"}
    assert not after.left


def test_a_told_visit_is_never_left_for_one_that_nobody_was_told_of():
    """Two longer ones would fill the day's halves; the told one keeps its place, and one of them is left."""
    asked = VisitToPlace("A-1", TEAM, 60, "T", BASE, told=at(DAYS[0], 10, 11))
    comes = [VisitToPlace(f"B-{n}", TEAM, 180, "T", BASE) for n in range(2)]
    after = plan.timetable([asked, *comes], DAYS[:1], {}, DayLimits(base=BASE))
    assert set(after.left) < {"B-0", "B-1"}
    assert after.windows["A-1"] == asked.told


@pytest.mark.parametrize("seed", range(6))
def test_a_small_round_is_as_good_as_every_one_that_can_be_tried(seed):
    """Against days and orders that are tried one by one, with no code of the planner's."""
    dice = random.Random(seed)
    places = [Point(33.75 + dice.uniform(-0.1, 0.1), 113.3 + dice.uniform(-0.1, 0.1)) for _ in range(6)]
    wanted = [
        VisitToPlace(f"B-{n}", TEAM, dice.choice((60, 75, 90)), "T", place) for n, place in enumerate(places)
    ]
    limits = DayLimits(base=BASE)
    found, (days, road) = made(wanted, limits=limits), optimum(wanted, limits)
    assert found.team_days == days
    assert found.metres <= road + 1
