"""日历订阅: visits and last days as one RFC 5545 file, in the district's own time (Art. 15).

A visit keeps its UID; SEQUENCE rises when it is moved, STATUS:CANCELLED says that it was withdrawn. A last day is an
all-day entry that takes nobody's time. No telephone number and no person's name stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from models.rules import text
from models.rules.visit import SHANGHAI

EIGHT_HOURS = timedelta(hours=8)
ASK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One line of the calendar, worded. `ends` None: the whole of the day `begins`. Instants are aware."""

    uid: str
    version: int
    summary: str
    description: str
    begins: datetime | date
    ends: datetime | None
    changed_at: datetime
    place: str = ""
    url: str = ""
    cancelled: bool = False


def feed_file(entries: tuple[FeedEntry, ...], name: str, about: str) -> bytes:
    """The calendar `name` with every entry."""
    calendar = Calendar()
    calendar.add("prodid", "-//shuangsuiji//feed//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", text.name(name))
    for key, value in (
        ("x-wr-calname", text.name(name)), ("x-wr-caldesc", text.name(about)), ("x-wr-timezone", SHANGHAI.key),
        ("x-published-ttl", "PT1H"),
    ):  # fmt: skip
        calendar.add(key, value)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add_component(_shanghai())
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _shanghai() -> Timezone:
    """UTC+8 all year round, as it has been since 1992: every visit lies after that."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", SHANGHAI.key)
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 - a wall clock's, as the standard asks
    standard.add("tzoffsetfrom", EIGHT_HOURS)
    standard.add("tzoffsetto", EIGHT_HOURS)
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: FeedEntry) -> Event:
    event = Event()
    event.add("uid", text.name(entry.uid))
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    if isinstance(entry.begins, datetime) and entry.ends:
        event.add("dtstart", entry.begins.astimezone(SHANGHAI))
        event.add("dtend", entry.ends.astimezone(SHANGHAI))
    else:
        event.add("dtstart", entry.begins)
        event.add("dtend", entry.begins + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("summary", text.name(entry.summary))
    if entry.place:
        event.add("location", text.name(entry.place))
    event.add("description", "\n".join(map(text.name, entry.description.splitlines())))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if entry.url:
        event.add("url", text.name(entry.url))
    return event
