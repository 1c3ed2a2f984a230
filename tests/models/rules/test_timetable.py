"""A timetable keeps every limit, is the best there is where that can be counted, and moves what was told last."""

from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.datum import Point
from models.rules.free_times import Window
from models.rules.timetable import plan
from models.rules.timetable.model import Limits, Timetable, Visit, Why, minutes_for
from models.rules.visit import SHANGHAI, instant, local_day
from models.rules.workdays import Calendar

AT = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
CALENDAR = Calendar(frozenset({2026}), frozenset(), frozenset())
DAYS = plan.days(CALENDAR, date(2026, 3, 2), date(2026, 3, 13), AT, 3)
TEAM = frozenset({"ZF1", "ZF2"})
BASE = Point(33.75, 113.30)


def at(day: date, begins: float, ends: float) -> Window:
    midnight = instant(day, time())
    return Window(midnight + timedelta(hours=begins), midnight + timedelta(hours=ends))


def visits(count: int, minutes: int = 60, **more: object) -> list[Visit]:
    return [
        Visit(f"B-{n:02d}", TEAM, minutes, "T", Point(33.7 + n % 3 / 20, 113.3 + n // 3 / 30), **more)
        for n in range(count)
    ]


def made(
    wanted: list[Visit], taken: dict | None = None, days=DAYS, limits: Limits | None = None
) -> Timetable:
    return plan.timetable(wanted, days, taken or {}, limits or Limits(base=BASE))


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
        Visit(
            f"B-{n}", TEAM if not (two_teams and n % 2) else frozenset({"ZF2", "ZF3"}), lasts,
            "T" if not (two_teams and n % 2) else "U", Point(33.7 + n / 40, 113.3), shut=closed,
        )
        for n, lasts in enumerate(minutes)
    ]  # fmt: skip
    limits = Limits(a_day=3, base=BASE)
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
    from models.rules.timetable.day import Day, Planner
    from models.rules.timetable.travel import Travel

    wanted, limits = visits(6, 90), Limits(a_day=3, base=BASE)
    planner = Planner(wanted, Travel(wanted, limits), limits)
    day = Day(DAYS[0], tuple(() for _ in wanted))
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
        Visit("B-1", TEAM, 60, "T", Point(33.70, 113.30)), Visit("B-2", TEAM, 60, "T", Point(33.79, 113.30)),
    ]  # fmt: skip
    windows = sorted(made(far).windows.values())
    assert all(other.begins - one.ends >= timedelta(minutes=30) for one, other in pairwise(windows))


def test_what_was_told_stays_when_something_is_added():
    before = made(visits(6))
    told = [Visit(**{**_fields(one), "told": before.windows[one.number]}) for one in visits(6)]
    after = made([*told, *visits(8)[6:]])
    assert {n: after.windows[n] for n in before.windows} == dict(before.windows)
    assert len(after.windows) == 8


def test_only_the_one_that_cannot_stay_is_moved():
    before = made(visits(6))
    gone = before.windows["B-02"]
    told = [
        Visit(**{
            **_fields(one), "told": before.windows[one.number], "shut": (gone,) if one.number == "B-02" else (),
        })
        for one in visits(6)
    ]  # fmt: skip
    after = made(told)
    assert {n for n in before.windows if after.windows[n] != before.windows[n]} == {"B-02"}


def test_a_fixed_visit_is_planned_around_and_never_moved():
    fixed = Visit("B-99", TEAM, 60, "T", BASE, told=at(DAYS[1], 9, 10), fixed=True)
    found = made([fixed, *visits(3)])
    assert "B-99" not in found.windows
    assert {local_day(one.begins) for one in found.windows.values()} == {DAYS[1]}  # no further day is begun
    assert not any(one.meets(fixed.told) for one in found.windows.values())


def test_what_finds_no_time_is_said_with_who_and_when():
    away = {"ZF2": [at(day, 0, 24) for day in DAYS]}
    cause = made(visits(1), away).left["B-00"]
    assert (cause.why, cause.people, cause.days) == (Why.PEOPLE, ("ZF2",), DAYS)
    assert made(visits(1, 240)).left["B-00"].why == Why.TOO_LONG
    assert made(visits(1), days=()).left["B-00"].why == Why.NO_DAY
    closed = tuple(at(day, 0, 24) for day in DAYS)
    assert made(visits(1, shut=closed)).left["B-00"].why == Why.CLOSED
    full = made(visits(3), days=DAYS[:1], limits=Limits(a_day=2, base=BASE))
    assert [one.why for one in full.left.values()] == [Why.FULL]


def test_how_long_a_visit_takes_follows_its_checklist():
    assert [minutes_for(n) for n in (0, 5, 10, 20, 100)] == [45, 45, 60, 90, 180]


def _fields(one: Visit) -> dict[str, object]:
    return {name: getattr(one, name) for name in Visit.__dataclass_fields__}
