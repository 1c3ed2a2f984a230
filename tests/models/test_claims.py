"""What a photo says of when and where: each field read by itself, what is broken told apart from what is absent."""

from __future__ import annotations

from datetime import datetime

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from models.imaging import examine
from tests.models.test_imaging import picture, saved


def exif_of(
    shot: dict[int, object], main: dict[int, object] | None = None, gps: dict[int, object] | None = None
):
    tags = Image.Exif()
    for tag, value in (main or {}).items():
        tags[tag] = value
    for ifd, values in ((0x8769, shot), (0x8825, gps or {})):
        for tag, value in values.items():
            tags.get_ifd(ifd)[tag] = value
    return examine(saved(picture(), exif=tags)).claims


TAKEN, DIGITISED, CHANGED = 0x9003, 0x9004, 0x0132


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026:11:28 24:04:20", "2026-11-28T00:04:20"),
        ("2026-11-28 10:20:30", "2026-11-28T10:20:30"),
        ("2026/11/28 10:20:30", "2026-11-28T10:20:30"),
        ("2026:11:28T10:20:30", "2026-11-28T10:20:30"),
        ("2026:11:28 10:20:30.123", "2026-11-28T10:20:30"),
        ("2026:11:28 10-20-30", "2026-11-28T10:20:30"),
        ("2026:11:28 9:5:3", "2026-11-28T09:05:03"),
        ("2026:11:28 下午 3:20:30", "2026-11-28T15:20:30"),
        ("2026:11:28 上午12:04:20", "2026-11-28T00:04:20"),
        ("2026:11:28 03:20:30 PM", "2026-11-28T15:20:30"),
        ("2026-11-28T10:20:30+08:00", "2026-11-28T10:20:30+08:00"),
        ("2026:11:28 10:20:30Z", "2026-11-28T10:20:30+00:00"),
        ("2026:11:28  4: 5: 9", "2026-11-28T04:05:09"),
        ("2026年11月28日 14时05分09秒", "2026-11-28T14:05:09"),
        ("2026: 1: 5  9: 4: 5", "2026-01-05T09:04:05"),
        ("2026:11:28 10:20", "2026-11-28T10:20:00"),
        ("2026:11:28 10:20:  ", "2026-11-28T10:20:00"),
        ("2026:11:28 10:20+08:00", "2026-11-28T10:20:00+08:00"),
        ("2026:11:28 10:20-0800", "2026-11-28T10:20:00-08:00"),
        ("2026年11月28日 下午2时05分", "2026-11-28T14:05:00"),
    ],
)
def test_b4_times_as_phones_write_them_are_read(written, read):
    claims = exif_of({TAKEN: written if written.isascii() else written.encode()})
    assert claims.taken_at and claims.taken_at.isoformat() == read
    assert claims.unreadable == ()


@pytest.mark.parametrize(
    "written",
    [
        "2026:13:28 10:20:30",
        "2026:11:31 10:20:30",
        "2026:11:28 25:04:20",
        "2026:11:28 10:75:30",
        "2026:11:28",
        "yesterday morning",
        "1764325230",
    ],
)
def test_b4_what_cannot_be_read_is_unreadable_and_never_absent(written):
    claims = exif_of({TAKEN: written if written.isascii() else written.encode()})
    assert (claims.taken_at, claims.unreadable) == (None, ("time",))


@pytest.mark.parametrize(
    "blank", ["", "    :  :     :  :  ", "0000:00:00 00:00:00", "----:--:-- --:--:--", " "]
)
def test_b4_a_blank_time_is_absent_and_a_later_field_stands_in_for_it(blank):
    assert exif_of({TAKEN: blank}).unreadable == ()
    claims = exif_of({TAKEN: blank, DIGITISED: "2026:11:28 10:20:30", 0x9012: "+08:00"})
    assert claims.taken_at and claims.taken_at.isoformat() == "2026-11-28T10:20:30+08:00"
    changed = exif_of({TAKEN: blank, DIGITISED: blank}, {CHANGED: "2026:11:28 10:20:31"})
    assert changed.taken_at == datetime(2026, 11, 28, 10, 20, 31)
    satellites = exif_of({TAKEN: blank}, gps={29: "2026:11:28", 7: (2.0, 20.0, 30.0)})
    assert satellites.taken_at and satellites.taken_at.isoformat() == "2026-11-28T02:20:30+00:00"


def test_b4_a_broken_time_is_stood_in_for_and_told():
    claims = exif_of({TAKEN: "2026:13:28 10:20:30", DIGITISED: "2026:11:28 10:20:30"})
    assert (claims.taken_at, claims.unreadable) == (datetime(2026, 11, 28, 10, 20, 30), ("time",))


@pytest.mark.parametrize(
    ("offset", "unreadable"),
    [
        ("+08:00", ()),
        ("+8:00", ()),
        ("+0800", ()),
        ("+08", ()),
        ("GMT+8", ()),
        ("   :  ", ()),
        ("+99:00", ("offset",)),
    ],
)
def test_b4_an_offset_is_read_by_itself(offset, unreadable):
    claims = exif_of({TAKEN: "2026:11:28 10:20:30", 0x9011: offset})
    assert claims.taken_at and claims.taken_at.replace(tzinfo=None) == datetime(2026, 11, 28, 10, 20, 30)
    assert claims.unreadable == unreadable


@pytest.mark.parametrize(
    ("gps", "unreadable"),
    [
        ({1: "N", 2: (133.0, 45.0, 0.0), 3: "E", 4: (113.0, 18.0, 0.0)}, ("place",)),
        ({1: "N", 2: (33.0, 75.0, 0.0), 3: "E", 4: (113.0, 18.0, 0.0)}, ("place",)),
        ({2: (33.0, 45.0, 0.0), 4: (113.0, 18.0, 0.0)}, ("place",)),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, ()),
        ({}, ()),
    ],
)
def test_b4_a_place_out_of_range_is_unreadable_and_no_fix_is_absent(gps, unreadable):
    claims = exif_of({TAKEN: "2026:11:28 10:20:30"}, gps=gps)
    assert (claims.place, claims.unreadable) == (None, unreadable)
    assert claims.taken_at == datetime(2026, 11, 28, 10, 20, 30)


@pytest.mark.parametrize(
    ("north", "east"),
    [
        ((33.0, 45.3), (113.0, 18.6)),
        ((33.0, 45.0, 18.0), (113.0, 18.0, 36.0)),
        ((33.755,), (113.31,)),
        ((33.0, 45.3, IFDRational(0, 0)), (113.0, 18.6, IFDRational(0, 0))),
    ],
)
def test_b4_a_place_in_degrees_and_decimal_minutes_is_read(north, east):
    claims = exif_of({TAKEN: "2026:11:28 10:20:30"}, gps={1: "N", 2: north, 3: "E", 4: east})
    assert claims.place and (claims.place.latitude, claims.place.longitude) == (33.755, 113.31)
    assert claims.unreadable == ()


def test_b4_a_place_with_small_letters_is_read():
    gps = {1: "n", 2: (33.0, 45.0, 0.0), 3: "e", 4: (113.0, 18.0, 0.0)}
    place = exif_of({TAKEN: "2026:11:28 10:20:30"}, gps=gps).place
    assert place and (place.latitude, place.longitude) == (33.75, 113.3)


def test_b4_a_block_that_cannot_be_read_is_not_a_photo_without_one():
    broken = b"Exif\0\0" + b"XX*\0" + b"\x08\0\0\0" * 4
    data = saved(picture())
    whole = data[:2] + b"\xff\xe1" + (len(broken) + 2).to_bytes(2, "big") + broken + data[2:]
    assert examine(whole).claims.unreadable == ("exif",)
