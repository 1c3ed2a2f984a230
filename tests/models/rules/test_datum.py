"""Art. 10, 16: a coordinate is measured in the datum that the register names, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.datum import Datum, Point, read_datum, to_bd09, to_gcj02, to_wgs84
from models.rules.photo import Claims, Doubt, Origin, Way, distance_m, marks, metres_from_address

# The worked values that the published formulas are passed on with (116.404 E, 39.915 N).
WGS_TO_GCJ = Point(39.91640428150164, 116.41024449916938, Datum.GCJ02)
BD_TO_GCJ = Point(39.90865673957631, 116.39762729119315, Datum.GCJ02)
GCJ_TO_BD = Point(39.92133699351021, 116.41036949371029, Datum.BD09)
CENTRE = {"latitude": 39.915, "longitude": 116.404}


def close(one: Point, other: Point, degrees: float) -> bool:
    return (
        one.datum is other.datum
        and abs(one.latitude - other.latitude) < degrees
        and abs(one.longitude - other.longitude) < degrees
    )


def test_c4_the_published_values_are_met() -> None:
    assert close(to_gcj02(Point(**CENTRE)), WGS_TO_GCJ, 1e-9)
    assert close(to_bd09(Point(**CENTRE, datum=Datum.GCJ02)), GCJ_TO_BD, 1e-9)
    assert close(to_gcj02(Point(**CENTRE, datum=Datum.BD09)), BD_TO_GCJ, 1e-5)


PLACES = {"latitude": st.floats(20, 50), "longitude": st.floats(80, 130)}


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries(PLACES))
def test_c4_there_and_back_is_the_same_place(place: dict[str, float]) -> None:
    at = Point(**place)
    for there in (to_gcj02(at), to_bd09(at)):
        assert close(to_wgs84(there), at, 1e-7)
        assert distance_m(there, at) < 0.05
    assert distance_m(Point(**place, datum=Datum.CGCS2000), at) < 1


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries(PLACES))
def test_c4_read_as_another_datum_a_place_would_be_hundreds_of_metres_off(place: dict[str, float]) -> None:
    at = to_bd09(Point(**place))
    assert distance_m(Point(at.latitude, at.longitude, Datum.GCJ02), Point(**place)) > 300


@pytest.mark.parametrize(
    ("written", "datum"),
    [
        ("WGS84", Datum.WGS84), ("WGS-84", Datum.WGS84), ("wgs 84", Datum.WGS84), ("EPSG:4326", Datum.WGS84),
        ("GPS", Datum.WGS84), ("ＧＣＪ－０２", Datum.GCJ02), ("gcj02", Datum.GCJ02), ("火星坐标系", Datum.GCJ02),
        ("高德", Datum.GCJ02), ("BD-09", Datum.BD09), ("bd09ll", Datum.BD09), ("百度坐标系", Datum.BD09),
        ("BD-09（百度）", Datum.BD09), ("CGCS2000", Datum.CGCS2000), ("cgcs 2000", Datum.CGCS2000),
        ("国家2000坐标系", Datum.CGCS2000), ("2000国家大地坐标系", Datum.CGCS2000), ("EPSG:4490", Datum.CGCS2000),
        ("", Datum.UNKNOWN), ("西安80", Datum.UNKNOWN), ("北京54坐标系", Datum.UNKNOWN), ("Beijing 1954", Datum.UNKNOWN),
        ("1984", Datum.UNKNOWN), ("其他", Datum.UNKNOWN),
    ],
)  # fmt: skip
def test_c4_the_list_of_datums_is_closed(written: str, datum: Datum) -> None:
    assert read_datum(written) is datum


def test_c4_without_a_datum_no_distance_is_counted_and_the_photo_says_so() -> None:
    at = datetime(2026, 12, 8, 1, tzinfo=UTC)
    address = Point(**CENTRE, datum=Datum.UNKNOWN)
    origin = Origin(Way.COMPANION, at, Claims(taken_at=at, place=Point(39.9, 116.4)), address=address)
    assert metres_from_address(origin) is None
    assert [mark.doubt for mark in marks(origin)] == [Doubt.NO_DATUM]
    with pytest.raises(ValueError, match="datum"):
        distance_m(address, Point(**CENTRE))
