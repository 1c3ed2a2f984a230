"""A photo shows its grade and every doubt about it, and is never refused for one (Art. 15, Art. 16 (3))."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.photo import (
    Claims,
    Datum,
    Doubt,
    Grade,
    MeasuredDoubt,
    Origin,
    Point,
    Way,
    distance_m,
    grade,
    marks,
    minutes_off,
    to_gcj02,
    to_wgs84,
)

HOTEL = Point(33.741527, 113.255947, Datum.GCJ02)
DOOR = Point(33.743024, 113.249738)  # the same door, as a satellite sees it
RECEIVED = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
CLAIMS = Claims(datetime(2026, 11, 25, 9, 29), DOOR, 8.0, "X-1")
CLEAN = Origin(Way.FILE, RECEIVED, CLAIMS, address=HOTEL)


def doubts(origin):
    return [mark.doubt for mark in marks(origin)]


def test_original_bytes_that_say_when_and_where_are_grade_a_without_doubt():
    assert grade(CLEAN) is Grade.A
    assert marks(CLEAN) == ()


def test_a_photo_with_a_shared_place_is_grade_b_and_alone_grade_c():
    alone = Origin(Way.PHOTO, RECEIVED)
    assert grade(replace(alone, shared=DOOR)) is Grade.B
    assert grade(alone) is Grade.C


def test_a_file_that_says_only_which_way_is_up_is_no_grade_a():
    assert grade(replace(CLEAN, claims=Claims(device="X-1"))) is Grade.C


def test_what_chat_recompressed_is_never_grade_a():
    assert grade(replace(CLEAN, way=Way.PHOTO)) is Grade.C
    assert Doubt.RECOMPRESSED in doubts(replace(CLEAN, way=Way.PHOTO))


def test_d33_a_photo_without_exif_is_labelled_and_taken():
    assert doubts(Origin(Way.PHOTO, RECEIVED)) == [Doubt.RECOMPRESSED, Doubt.NO_EXIF]


def test_d34_a_place_far_off_is_told_in_metres():
    north = Point(DOOR.latitude + 0.02, DOOR.longitude)
    (mark,) = marks(replace(CLEAN, claims=replace(CLAIMS, place=north)))
    assert mark.doubt is Doubt.FAR and mark.amount == pytest.approx(2224 - 8, abs=15)


def test_d34_a_clock_far_off_is_told_in_minutes():
    slow = replace(CLAIMS, taken_at=datetime(2026, 11, 24, 9, 30))
    assert marks(replace(CLEAN, claims=slow)) == (MeasuredDoubt(Doubt.CLOCK_OFF, -1440),)


def test_d34_the_limits_are_the_districts():
    near = replace(CLAIMS, place=Point(DOOR.latitude + 0.001, DOOR.longitude))
    assert marks(replace(CLEAN, claims=near)) == ()
    assert marks(replace(CLEAN, claims=near), far_m=50)[0].doubt is Doubt.FAR
    assert marks(CLEAN, clock_off_min=0) == (MeasuredDoubt(Doubt.CLOCK_OFF, -1),)


def test_a_vague_fix_is_not_called_far():
    vague = replace(CLAIMS, place=Point(DOOR.latitude + 0.02, DOOR.longitude), accuracy_m=3000.0)
    assert marks(replace(CLEAN, claims=vague)) == ()


def test_a_shared_place_is_weighed_where_the_file_is_silent():
    origin = Origin(Way.PHOTO, RECEIVED, shared=Point(34.0, 113.0), address=HOTEL)
    assert doubts(origin)[-1] is Doubt.FAR


def test_every_doubt_is_shown_at_once_and_in_one_order():
    worst = Origin(
        Way.PHOTO,
        RECEIVED,
        Claims(RECEIVED - timedelta(days=9), Point(0.5, 0.5)),
        address=HOTEL,
        gallery=True,
        forwarded=True,
        seen_before=True,
    )
    assert doubts(worst) == [
        Doubt.GALLERY,
        Doubt.RECOMPRESSED,
        Doubt.FORWARDED,
        Doubt.FAR,
        Doubt.CLOCK_OFF,
        Doubt.SEEN_BEFORE,
    ]


def test_a_camera_that_names_no_zone_is_on_chinese_time():
    assert minutes_off(CLAIMS, RECEIVED) == -1
    abroad = replace(CLAIMS, taken_at=datetime(2026, 11, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))))
    assert minutes_off(abroad, RECEIVED) == 0


@pytest.mark.parametrize(
    ("satellite", "map_"),
    [  # computed with another implementation
        ((33.743024, 113.249738), (33.74152683987832, 113.25594650091935)),
        ((39.908692, 116.397477), (39.91009549393981, 116.40372056710368)),
        ((22.543099, 114.057868), (22.540381757783795, 114.06298196110272)),
        ((45.75, 126.65), (45.75196555514378, 126.65598759031859)),
        ((35.68, 139.77), (35.68, 139.77)),  # abroad nothing is shifted
    ],
)
def test_chinese_maps_shift_what_satellites_say(satellite, map_):
    shifted = to_gcj02(Point(*satellite))
    assert (shifted.latitude, shifted.longitude) == pytest.approx(map_, abs=1e-9)
    assert shifted.datum is Datum.GCJ02


@given(st.floats(18, 53), st.floats(74, 134))
def test_a_place_comes_back_from_the_chinese_map_to_a_millimetre(latitude, longitude):
    place = Point(latitude, longitude)
    again = to_wgs84(to_gcj02(place))
    assert (again.latitude, again.longitude) == pytest.approx((latitude, longitude), abs=1e-8)


def test_a_distance_is_measured_in_one_datum():
    assert distance_m(DOOR, HOTEL) < 1
    assert distance_m(DOOR, replace(HOTEL, datum=Datum.WGS84)) > 500


def test_a_degree_of_the_meridian_is_111_kilometres():
    north = replace(HOTEL, latitude=HOTEL.latitude + 1)
    assert distance_m(HOTEL, north) == pytest.approx(111_195, abs=1)


def test_b3_a_smaller_copy_is_worth_what_was_carried_over():
    copy = replace(CLEAN, shrunk=True)
    assert grade(copy) is Grade.B
    assert doubts(copy) == [Doubt.RECOMPRESSED]


def test_b3_the_label_never_blames_the_file_for_what_we_did():
    copy = replace(CLEAN, shrunk=True, claims=Claims())
    assert doubts(copy) == [Doubt.RECOMPRESSED, Doubt.EXIF_LOST]
    assert doubts(replace(copy, original_silent=True)) == [Doubt.RECOMPRESSED, Doubt.NO_EXIF]


def test_b4_what_cannot_be_read_is_never_called_absent():
    broken = replace(CLEAN, claims=Claims(unreadable=("time",)))
    assert doubts(broken) == [Doubt.UNREADABLE]
    assert doubts(replace(broken, claims=replace(CLAIMS, unreadable=("offset",)))) == [Doubt.UNREADABLE]
