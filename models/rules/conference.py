"""联席会议: what a meeting and a resolution must say to be kept (Art. 5, 6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.refusal import Refusal
from models.rules import text

ARTICLE = "5"
TITLE, CHAIR, MINUTES, TEXT = 120, 80, 20_000, 500


@dataclass(frozen=True, slots=True)
class MeetingForm:
    """A meeting as it is handed in. `departments`: codes of those who came."""

    day: date
    title: str
    chair: str
    departments: tuple[str, ...]
    minutes: str


def read_meeting(form: MeetingForm, known: Collection[str], today: date) -> MeetingForm:
    """Trimmed. Refused: a day still to come, nothing said, a department that is none."""
    tidy = MeetingForm(
        form.day, text.name(form.title)[:TITLE], text.name(form.chair)[:CHAIR],
        tuple(dict.fromkeys(code for code in form.departments if code)), text.visible(form.minutes).strip()[:MINUTES],
    )  # fmt: skip
    if tidy.day > today:
        raise Refusal("conference.future", ARTICLE, day=tidy.day)
    if not (tidy.title and tidy.chair and tidy.minutes and tidy.departments):
        raise Refusal("conference.incomplete", ARTICLE)
    for code in tidy.departments:
        check_department(code, known)
    return tidy


def check_department(code: str, known: Collection[str]) -> None:
    if code not in known:
        raise Refusal("conference.department", ARTICLE, department=code)


def read_resolution(written: str, due: date | None, meeting: date) -> tuple[str, date]:
    """What is to be done, and by which day. Without either it is no open item; nor one due before it was resolved."""
    wanted = text.visible(written).strip()[:TEXT]
    if not wanted or due is None:
        raise Refusal("conference.needs_owner_and_day", ARTICLE)
    if due < meeting:
        raise Refusal("conference.due_before", ARTICLE, due=due, day=meeting)
    return wanted, due
