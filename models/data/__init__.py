"""The lists the district starts from: items, checkpoints, departments, calendars, fictitious registries."""

from __future__ import annotations

import csv
import io
import json
from codecs import BOM_UTF8
from functools import lru_cache
from importlib.resources import files

from models.rules.workdays import Calendar, calendar_from


def read(name: str) -> bytes:
    """The bytes of one file of this folder, without the mark by which spreadsheets know UTF-8."""
    return files(__name__).joinpath(name).read_bytes().removeprefix(BOM_UTF8)


@lru_cache(maxsize=1)
def workday_calendar() -> Calendar:
    """The announced working days that came with this release."""
    return calendar_from(json.loads(read("workday_calendar.json")))


@lru_cache(maxsize=1)
def streets() -> dict[str, str]:
    """The district's streets and townships: code to name."""
    rows = csv.DictReader(io.StringIO(read("streets.csv").decode()))
    return {row["code"]: row["name"] for row in rows}
