"""联席会议: meetings, and what of their resolutions is open, late or done (Art. 5, 6, 21)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from models.queries.person import departments
from models.rules import text
from models.tables import Meeting, Resolution


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """`owner`: the department's code, `called` its name. `ended`: when it was reported done, or dropped."""

    id: int
    meeting: int
    text: str
    owner: str
    called: str
    due: date
    report: str
    ended: datetime | None
    dropped: bool


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting with its resolutions in the order in which they were written down. `came`: names of departments."""

    id: int
    day: date
    title: str
    chair: str
    came: tuple[str, ...]
    minutes: str
    resolutions: tuple[ResolutionLine, ...]


async def meetings() -> tuple[MeetingLine, ...]:
    """Every meeting, the last one first."""
    called = await departments()
    of: dict[int, list[ResolutionLine]] = defaultdict(list)
    for row in await Resolution.all().order_by("id"):
        of[row.meeting_id].append(_line(row, called))
    return tuple(_meeting(row, called, of[row.id]) for row in await Meeting.all().order_by("-day", "-id"))


async def meeting(number: int) -> MeetingLine | None:
    row = await Meeting.get_or_none(id=number)
    if row is None:
        return None
    called = await departments()
    rows = await Resolution.filter(meeting_id=number).order_by("id")
    return _meeting(row, called, [_line(resolution, called) for resolution in rows])


async def open_resolutions(owner: str = "") -> tuple[ResolutionLine, ...]:
    """What is still to be done, the first due first; `owner`: by this department alone."""
    rows = Resolution.filter(ended_at=None, **({"owner": owner} if owner else {}))
    called = await departments()
    return tuple([_line(row, called) for row in await rows.order_by("due", "id")])


async def resolution(number: int) -> ResolutionLine | None:
    row = await Resolution.get_or_none(id=number)
    return _line(row, await departments()) if row else None


def _meeting(row: Meeting, called: dict[str, str], resolutions: list[ResolutionLine]) -> MeetingLine:
    came = tuple(called.get(code, code) for code in row.departments)
    return MeetingLine(
        row.id, row.day, text.name(row.title), text.name(row.chair), came, row.minutes, tuple(resolutions)
    )  # fmt: skip


def _line(row: Resolution, called: dict[str, str]) -> ResolutionLine:
    return ResolutionLine(
        row.id, row.meeting_id, row.text, row.owner, called.get(row.owner, row.owner), row.due, row.report,
        row.ended_at, row.dropped,
    )  # fmt: skip
