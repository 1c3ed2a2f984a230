"""不能到的时间 in the chat: a day, half of it or hours, said by buttons and taken back by one (Art. 15)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import away_time as views
from models.procedure import away_time
from models.procedure.away_time import AwayTimeSaid
from models.queries import away_time as away_times
from models.queries.away_time import SaidAwayTime
from models.refusal import Refusal
from models.rules import visit as rules
from models.rules.actor import Actor, Role
from models.rules.away_time import DayPart, window_of

AWAY = "away"
AHEAD = timedelta(days=60)


@pressed(Act.AWAY)
async def show(turn: Turn, page: int = 0) -> None:
    """What was said, each with its button to take it back, and the days to choose among."""
    await _show(turn, page)


@pressed(Act.AWAY_DAY)
async def day(turn: Turn, day: str) -> None:
    await turn.show(AWAY, views.parts(_day(day), turn.words))


@pressed(Act.AWAY_SAY)
async def say_part(turn: Turn, day: str, part: str) -> None:
    if part not in tuple(DayPart):
        raise Refusal("away.day", article="15")
    await _say(turn, *window_of(_day(day), DayPart(part)))


@pressed(Act.AWAY_FROM)
async def hours(turn: Turn, day: str, begins: str = "") -> None:
    """From when, then until when."""
    await turn.show(AWAY, views.hours(_day(day), begins, turn.words))


@pressed(Act.AWAY_UNTIL)
async def say_hours(turn: Turn, day: str, begins: str, ends: str) -> None:
    on = _day(day)
    await _say(turn, rules.instant(on, _clock(begins)), rules.instant(on, _clock(ends)))


@pressed(Act.AWAY_BACK)
async def take_back(turn: Turn, number: int) -> None:
    entry = await away_times.find(number)
    by = next((actor for actor in _officers(turn) if entry and actor.id == entry.officer), None)
    if by is None:
        raise Refusal("away.unknown", article="15")
    await away_time.take_back(number, by=by, at=turn.at, key=turn.key())
    await turn.toast("away.taken_back")
    await _show(turn)


async def _say(turn: Turn, begins: datetime, ends: datetime) -> None:
    """For each of this person's accounts as an officer."""
    noted = [await away_time.say(begins, ends, by=by, at=turn.at, key=turn.key()) for by in _officers(turn)]
    await turn.toast("away.said")
    await _show(turn, noted=noted[0] if noted else None)


async def _show(turn: Turn, page: int = 0, noted: AwayTimeSaid | None = None) -> None:
    own: list[SaidAwayTime] = []
    for actor in _officers(turn):
        own += await away_times.of_officer(actor.id, turn.at)
    today = rules.local_day(turn.at)
    days = rules.days_offered(turn.services.district.calendar, today, today + AHEAD, turn.at, limit=None)
    await turn.show(AWAY, views.away(own, days, turn.words, page, noted))


def _officers(turn: Turn) -> tuple[Actor, ...]:
    return tuple(turn.person.acting(Role.INSPECTOR)) or (turn.actor(Role.INSPECTOR),)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refusal("away.day", article="15") from None


def _clock(written: str) -> time:
    try:
        return time(int(written[:2]), int(written[2:]))
    except ValueError:
        raise Refusal("away.day", article="15") from None
