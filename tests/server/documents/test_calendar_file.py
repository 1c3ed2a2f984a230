"""The entity finds the visit in its own calendar, whatever was typed into names and places (Art. 16 (2))."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from icalendar import Calendar

from server.documents.calendar_file import Appointment, calendar_file

CHINA = timezone(timedelta(hours=8))
VISIT = Appointment(
    uid="XH-2026-HOTEL-01-0007@sheng.example.cn",
    version=1,
    summary="联合抽查：示例002酒店",
    place="平顶山市新华区光明路街道示例路29号",
    description="请准备：营业执照正本\n从不收费。",
    begins=datetime(2026, 11, 25, 9, 0, tzinfo=CHINA),
    ends=datetime(2026, 11, 25, 11, 0, tzinfo=CHINA),
    issued=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
    url="https://sheng.example.cn/n/Zk3vYb0QxW9sT7uJ2mLr4A",
)


def event(*appointments):
    return Calendar.from_ical(calendar_file(*appointments)).walk("VEVENT")[0]


def test_the_visit_is_in_the_file_as_it_was_fixed():
    found = event(VISIT)
    assert (found.start, found.end) == (VISIT.begins, VISIT.ends)
    assert (found["SUMMARY"], found["LOCATION"]) == (VISIT.summary, VISIT.place)
    assert found["DESCRIPTION"] == VISIT.description
    assert found["URL"] == VISIT.url


def test_equal_visits_give_equal_files():
    assert calendar_file(VISIT) == calendar_file(VISIT)


def test_a_moved_visit_replaces_the_earlier_one_and_a_cancelled_one_goes():
    moved = replace(
        VISIT, version=2, begins=VISIT.begins + timedelta(days=1), ends=VISIT.ends + timedelta(days=1)
    )
    assert event(moved)["UID"] == event(VISIT)["UID"] and event(moved)["SEQUENCE"] == 2
    assert event(replace(moved, cancelled=True))["STATUS"] == "CANCELLED"


def test_d71_line_ends_in_names_open_no_line_of_their_own():
    hostile = "酒店\r\nATTENDEE:mailto:x@example.com\nEND:VCALENDAR\r\\n;,:\"'\u202e"
    file = calendar_file(
        replace(VISIT, uid=hostile, summary=hostile, place=hostile, description=hostile, url=hostile)
    )
    names = {line.split(b":")[0].split(b";")[0] for line in file.split(b"\r\n") if not line.startswith(b" ")}
    assert b"ATTENDEE" not in names
    assert file.count(b"\r\nEND:VCALENDAR\r\n") == 1
    assert b"\n" not in file.replace(b"\r\n", b"") and b"\r" not in file.replace(b"\r\n", b"")
    assert event(replace(VISIT, summary=hostile))["SUMMARY"].startswith(
        "酒店 ATTENDEE:mailto:x@example.com END"
    )


def test_d71_lines_are_folded_at_75_octets_between_characters():
    file = calendar_file(replace(VISIT, summary="很长的名称" * 60, description="一行\n" * 60))
    lines = file.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()
    assert event(replace(VISIT, summary="很长的名称" * 60))["SUMMARY"] == "很长的名称" * 60
