"""会议纪要: the minutes of a meeting of the joint conference with its resolutions, as PDF (Art. 5, 6)."""

from __future__ import annotations

from datetime import datetime

from locales import Words
from models.queries.conference import MeetingLine, ResolutionLine
from server.documents.layout import Fields, Grid, Heading, Prose, render

WIDTHS = (0, 7, 4, 5, 5)


def minutes(
    meeting: MeetingLine, words: Words, district: str, at: datetime, *, form: str = "pdf"
) -> list[bytes]:
    """One PDF, or a PNG a page, as of `at`."""
    facts = (
        (words("conference.day"), words.day(meeting.day)), (words("conference.chair"), meeting.chair),
        (words("conference.came"), words.joined(meeting.came)),
    )  # fmt: skip
    head = tuple(words(f"conference.{column}") for column in ("n", "resolution", "owner", "last", "state"))
    rows = tuple(
        (str(n), line.text, line.called, words.day(line.due), _state(line, words))
        for n, line in enumerate(meeting.resolutions, 1)
    )
    blocks = [
        Fields(facts), Heading(words("conference.minutes")),
        *(Prose(part) for part in meeting.minutes.splitlines() if part.strip()),
        Heading(words("conference.resolutions")), Grid(head, WIDTHS, rows) if rows else Prose(words("conference.no_resolution")),
    ]  # fmt: skip
    part = {
        "language": "zh" if words.language == "zh_Hans" else "en", "authority": words("letter.authority", district=district),
        "title": meeting.title, "blocks": tuple(blocks), "page": words("letter.page"), "number": "", "check": (),
        "watermark": "", "alone": True,
    }  # fmt: skip
    return render("cover", {"parts": [part]}, at, form=form)


def _state(line: ResolutionLine, words: Words) -> str:
    if line.ended is None:
        return words("conference.open")
    return words("conference.dropped" if line.dropped else "conference.reported") + " " + line.report
