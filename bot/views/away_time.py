"""不能到的时间: what an officer said, the days, their halves and hours (Art. 15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.task import short
from bot.views.visit import DAYS_A_PAGE, away_span
from locales import Words
from models.procedure.away_time import AwayTimeSaid
from models.queries.away_time import SaidAwayTime
from models.rules.away_time import DayPart

HOURS = tuple(f"{hour:02}00" for hour in range(8, 19))
LISTED = 8


def away(
    own: Sequence[SaidAwayTime],
    days: Sequence[date],
    words: Words,
    page: int = 0,
    noted: AwayTimeSaid | None = None,
) -> View:
    """What was said, one tap from being taken back; below it the days, so many at a time."""
    page = min(page, max(0, len(days) - 1) // DAYS_A_PAGE)
    keys = [
        button(short(day, words), Act.AWAY_DAY, day.isoformat())
        for day in days[page * DAYS_A_PAGE : (page + 1) * DAYS_A_PAGE]
    ]
    turn_over = [
        *([button(words("visit.earlier_days"), Act.AWAY, page - 1)] if page else []),
        *([button(words("visit.later_days"), Act.AWAY, page + 1)] if (page + 1) * DAYS_A_PAGE < len(days) else []),
    ]  # fmt: skip
    return View(
        lines(bold(words("away.title")), *_kept(noted, words), *_listed(own, words), words("away.text")),
        rows(
            *[
                [button(words("away.back", time=away_span(entry.begins, entry.ends, words)), Act.AWAY_BACK, entry.id)]
                for entry in own[:LISTED]
            ],
            *[keys[i : i + 2] for i in range(0, len(keys), 2)],
            turn_over or None,
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def _kept(noted: AwayTimeSaid | None, words: Words) -> list[str]:
    """What was noted just now, and whose leaders heard of it."""
    if noted is None:
        return []
    time = away_span(noted.time.begins, noted.time.ends, words)
    return [
        bold(words("away.kept", time=time)),
        *([words("away.declined", n=len(noted.asked))] if noted.asked else []),
        *([words("away.fixed", n=len(noted.fixed))] if noted.fixed else []),
    ]


def _listed(own: Sequence[SaidAwayTime], words: Words) -> list[str]:
    return ["· " + literal(away_span(entry.begins, entry.ends, words), 80) for entry in own[:LISTED]]


def parts(day: date, words: Words) -> View:
    """The whole day, half of it, or hours."""
    written = day.isoformat()
    return View(
        lines(bold(words("away.which", day=short(day, words)))),
        rows(
            [button(words("away.day"), Act.AWAY_SAY, written, DayPart.DAY)],
            [
                button(words("away.morning"), Act.AWAY_SAY, written, DayPart.MORNING),
                button(words("away.afternoon"), Act.AWAY_SAY, written, DayPart.AFTERNOON),
            ],
            [button(words("away.hours"), Act.AWAY_FROM, written)],
            [button(words("button.back"), Act.AWAY)],
        ),
    )


def hours(day: date, begins: str, words: Words) -> View:
    """From which hour; once that is chosen, until which."""
    written = day.isoformat()
    offered = [hour for hour in HOURS if hour > begins] if begins else HOURS[:-1]
    keys = [
        button(_clock(hour), Act.AWAY_UNTIL, written, begins, hour)
        if begins
        else button(_clock(hour), Act.AWAY_FROM, written, hour)
        for hour in offered
    ]
    title = (
        words("away.until_when", day=short(day, words), begins=_clock(begins))
        if begins
        else words("away.from_when", day=short(day, words))
    )
    return View(
        lines(bold(title)),
        rows(
            *[keys[i : i + 3] for i in range(0, len(keys), 3)],
            [button(words("button.back"), Act.AWAY_DAY, written)],
        ),
    )


def _clock(hour: str) -> str:
    return f"{hour[:2]}:{hour[2:]}"
