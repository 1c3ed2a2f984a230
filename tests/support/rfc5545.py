"""A reader of RFC 5545 for the tests, written after the standard and by nobody whose writer we use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

LINE = re.compile(r"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)", re.DOTALL)
ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass
class Component:
    """`VEVENT` and the like: by property its value and parameters, and what lies inside."""

    name: str
    given: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    inside: list[Component] = field(default_factory=list)

    def text(self, name: str) -> str:
        return ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], self.given.get(name, ("", {}))[0])

    def all(self, name: str) -> list[Component]:
        return [one for one in self.inside if one.name == name]


def read(file: bytes) -> Component:
    """The one calendar in the file. AssertionError naming what the standard forbids."""
    assert file.endswith(b"\r\n") and b"\n" not in file.replace(b"\r\n", b""), "lines end in CRLF"
    assert all(len(line) <= 75 for line in file.split(b"\r\n")), "no line is longer than 75 octets"
    top, open_ = Component(""), []
    open_.append(top)
    for line in re.sub(r"\r\n[ \t]", "", file.decode("utf-8")).split("\r\n")[:-1]:
        found = LINE.fullmatch(line)
        assert found, f"no property: {line!r}"
        name, params, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            open_[-1].inside.append(Component(value))
            open_.append(open_[-1].inside[-1])
        elif name == "END":
            assert open_.pop().name == value, f"END:{value} closes nothing"
        else:
            assert name not in open_[-1].given, f"{name} twice"
            pairs = (one.split("=", 1) for one in params.split(";")[1:])
            open_[-1].given[name] = (value, {key: word.strip('"') for key, word in pairs})
    assert open_ == [top] and len(top.inside) == 1 and top.inside[0].name == "VCALENDAR"
    return top.inside[0]


def moment(calendar: Component, of: Component, name: str) -> datetime | date:
    """An instant by the calendar's own VTIMEZONE, or a whole day."""
    value, params = of.given[name]
    if params.get("VALUE") == "DATE":
        return datetime.strptime(value, "%Y%m%d").date()
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    [zone] = [one for one in calendar.all("VTIMEZONE") if one.text("TZID") == params["TZID"]]
    [standard] = zone.inside
    sign, hours, minutes = re.fullmatch(r"([+-])(\d\d)(\d\d)", standard.text("TZOFFSETTO")).groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1)
    return datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=timezone(offset))
