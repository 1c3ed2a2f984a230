"""检查地图: points true to scale in whatever datum, none invented, none hidden behind another (Art. 15)."""

import math
from datetime import date

import pytest

from models.refusal import Refusal
from models.rules.datum import Datum, Point, to_bd09, to_gcj02
from models.rules.photo import distance_m
from models.rules.visit_map import STEP_X, STEP_Y, NoPoint, Progress, day_of, letter, missing, progress, sheet
from models.states import TaskState as T

TODAY = date(2026, 12, 8)
HERE, NORTH, EAST = Point(33.75, 113.3), Point(33.78, 113.3), Point(33.75, 113.34)


def test_distances_on_the_sheet_are_those_of_the_scale_bar():
    drawn = sheet([HERE, NORTH, EAST])
    assert drawn
    here, north, east = drawn.spots
    for spot, place in ((north, NORTH), (east, EAST)):
        measured = math.hypot(spot.x - here.x, spot.y - here.y) * drawn.bar_m / drawn.bar
        assert measured == pytest.approx(distance_m(HERE, place), rel=0.02)
    assert north.y < here.y
    assert east.x > here.x


@pytest.mark.parametrize("shifted", [to_gcj02, to_bd09])
def test_the_same_place_in_another_datum_is_the_same_point(shifted):
    straight, converted = sheet([HERE, NORTH]), sheet([HERE, shifted(NORTH)])
    assert straight
    assert converted
    assert (converted.spots[1].x, converted.spots[1].y) == pytest.approx(
        (straight.spots[1].x, straight.spots[1].y), abs=0.2
    )


def test_marks_of_one_place_stand_beside_each_other_and_the_place_stays():
    drawn = sheet([HERE, HERE, NORTH, HERE])
    assert drawn
    marks = [(spot.mark_x, spot.mark_y) for spot in drawn.spots]
    for n, (x, y) in enumerate(marks):
        assert all(abs(x - to_x) >= STEP_X or abs(y - to_y) >= STEP_Y for to_x, to_y in marks[:n])
    assert [spot.moved for spot in drawn.spots] == [False, True, False, True]
    assert (drawn.spots[0].x, drawn.spots[0].y) == (drawn.spots[1].x, drawn.spots[1].y)


def test_a_single_place_has_a_scale_too_and_none_has_no_sheet():
    drawn = sheet([HERE])
    assert drawn
    assert drawn.bar_m == 200
    assert sheet([]) is None


def test_what_has_no_position_or_no_datum_gets_no_point():
    assert missing(None) == NoPoint.NO_PLACE
    assert missing(Point(33.75, 113.3, Datum.UNKNOWN)) == NoPoint.NO_DATUM
    assert missing(HERE) is None


def test_every_state_has_its_progress():
    assert {state: progress(state, fixed=True) for state in (T.SCHEDULED, T.ON_SITE, T.REFUSED, T.CONCLUDED)} == {
        T.SCHEDULED: Progress.TO_COME, T.ON_SITE: Progress.ON_SITE, T.REFUSED: Progress.HINDERED,
        T.CONCLUDED: Progress.VISITED,
    }  # fmt: skip
    assert progress(T.SCHEDULED, fixed=False) == Progress.PROPOSED


def test_routes_are_named_by_letters():
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_the_day_is_todays_unless_one_is_asked_for():
    assert day_of("", TODAY) == TODAY
    assert day_of("2026-12-09", TODAY) == date(2026, 12, 9)
    for written in ("tomorrow", "2026-13-01", "0001-01-01", "9999-12-31"):
        with pytest.raises(Refusal, match=r"map\.day"):
            day_of(written, TODAY)
