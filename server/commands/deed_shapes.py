"""What each act of `act do` carries, as it is typed: FIELD=VALUE."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated

import msgspec

from models.rules.away_time import DayPart
from server.companion.json_requests import ActBody, Count, Line, Row, Text


class Decided(ActBody):
    agree: bool
    said: Line = ""


class ResultPublished(ActBody):
    unsigned: Line = ""
    untold: Line = ""


class OfficerReplaced(ActBody):
    officer: Annotated[str, msgspec.Meta(max_length=32)]
    reason: Annotated[str, msgspec.Meta(max_length=12)]
    note: Line = ""


class Extended(ActBody):
    until: date
    reason: Line


class Reasoned(ActBody):
    reason: Line


class FollowUpBegun(ActBody):
    kind: Annotated[str, msgspec.Meta(max_length=12)]
    day: date
    reference: Line = ""
    authority: Line = ""
    text: Text = ""


class FollowUpEnded(ActBody):
    outcome: Text
    day: date | None = None


class Agreed(ActBody):
    agree: bool
    reason: Line = ""


class PaperSigned(ActBody):
    reason: Line = ""


class EntriesMerged(ActBody):
    ends: Line
    reason: Line


class AwaySaid(ActBody):
    part: DayPart = DayPart.DAY
    begins: time | None = None
    ends: time | None = None


class PlanEntryPut(ActBody):
    year: Count
    title: Line
    items: list[str]
    participating: list[str]
    opens: date
    closes: date
    methods: list[str]
    rates: list[str]
    industries: list[str] = msgspec.field(default_factory=list)
    areas: list[str] = msgspec.field(default_factory=list)


class EntityTold(ActBody):
    reached: bool
    said: Line
    spoke_with: Annotated[str, msgspec.Meta(max_length=80)] = ""
    channel: Annotated[str, msgspec.Meta(max_length=12)] = "phone"


class ResultReviewed(Decided):
    department: Annotated[str, msgspec.Meta(max_length=16)] = ""


class QuestionsShared(ActBody):
    questions: list[Row]
    officer: Annotated[str, msgspec.Meta(max_length=64)] = ""


class TaskReassigned(ActBody):
    team: Row
    ground: Line


class VisitsJoined(ActBody):
    other: Line
