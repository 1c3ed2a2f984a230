"""The visit as a calendar file, so that it stands in the entity's own calendar (Art. 16 (2))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from models.rules import text


@dataclass(frozen=True)
class Appointment:
    """A visit: times are aware, words worded. A later `version` of the same `uid` replaces an earlier one."""

    uid: str
    version: int
    summary: str
    place: str
    description: str
    begins: datetime
    ends: datetime
    issued: datetime
    url: str = ""
    cancelled: bool = False


def calendar_file(*appointments: Appointment, name: str = "") -> bytes:
    """An RFC 5545 file: escaped, folded at 75 octets, a reminder on the day before."""
    calendar = Calendar()
    calendar.add("prodid", "-//shuangsuiji//visit//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", text.name(name))
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    return bytes(calendar.to_ical())


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", text.name(appointment.uid))
    event.add("sequence", appointment.version)
    event.add("dtstamp", appointment.issued.astimezone(UTC))
    event.add("dtstart", appointment.begins.astimezone(UTC))
    event.add("dtend", appointment.ends.astimezone(UTC))
    event.add("summary", text.name(appointment.summary))
    event.add("location", text.name(appointment.place))
    event.add("description", "\n".join(map(text.name, appointment.description.splitlines())))
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    if appointment.url:
        event.add("url", text.name(appointment.url))
    if not appointment.cancelled:
        event.add_component(_reminder(appointment))
    return event


def _reminder(appointment: Appointment) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    alarm.add("description", text.name(appointment.summary))
    return alarm
