"""排检查时间: a draft of all visits of a batch, its days, one visit moved; and the week as it stands (Art. 15, 16 (2))."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views.task import short, span
from bot.views.visit import away_span
from locales import Words
from models.queries.itinerary import LeaderRound
from models.queries.timetable import RoundTimetable
from models.queries.visit_joins import JoinableVisit
from models.queries.visit_week import VisitWeek, WeekVisit
from models.rules.free_times import Window
from models.rules.visit import local_day
from models.rules.visit_week import WEEK
from models.states import TO_VISIT

LISTED = 3000
NAMED = 5
BUTTONS = 10


@dataclass(frozen=True, slots=True)
class DraftVisit:
    """A visit's time before anybody was asked; `told`: the members were asked about another one."""

    id: int
    number: str
    target: str
    window: Window
    told: bool = False


@dataclass(frozen=True, slots=True)
class DraftTimetable:
    """What a leader looks at before it is sent. `left`: target and why it finds no time; `others`: batches to lay out."""

    leader: str
    batch: str
    opens: date
    closes: date
    visits: tuple[DraftVisit, ...]
    left: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = ()
    others: tuple[tuple[int, str], ...] = ()
    days: int = 0
    metres: int = 0

    @property
    def digest(self) -> str:
        """Says whether a draft is still the one that was shown."""
        joined = "\n".join(f"{visit.number} {visit.window.begins.isoformat()}" for visit in self.visits)
        return hashlib.sha256(joined.encode()).hexdigest()[:10]

    def find(self, task: int) -> DraftVisit | None:
        return next((visit for visit in self.visits if visit.id == task), None)

    def moved(self, task: int, window: Window) -> DraftTimetable:
        """With one visit at another time, the soonest first."""
        visits = [replace(visit, window=window) if visit.id == task else visit for visit in self.visits]
        return replace(self, visits=tuple(sorted(visits, key=lambda visit: (visit.window, visit.number))))

    def written(self) -> dict[str, Any]:
        """As it waits in the chat."""
        return {
            "leader": self.leader, "batch": self.batch, "opens": self.opens.isoformat(), "closes": self.closes.isoformat(),
            "visits": [
                [visit.id, visit.number, visit.target, *(moment.isoformat() for moment in visit.window), visit.told]
                for visit in self.visits
            ],
            "left": [[target, why, list(names), list(days)] for target, why, names, days in self.left],
            "others": [list(other) for other in self.others], "days": self.days, "metres": self.metres,
        }  # fmt: skip

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> DraftTimetable:
        visits = tuple(
            DraftVisit(id, number, target, Window(*map(datetime.fromisoformat, (begins, ends))), told)
            for id, number, target, begins, ends, told in data["visits"]
        )
        left = tuple((target, why, tuple(names), tuple(days)) for target, why, names, days in data["left"])
        opens, closes = (date.fromisoformat(data[name]) for name in ("opens", "closes"))
        others = tuple((place, code) for place, code in data["others"])
        figures = data["days"], data["metres"]
        return cls(data["leader"], data["batch"], opens, closes, visits, left, others, *figures)


def draft_of(
    round_: LeaderRound, batch: str, planned: RoundTimetable, batches: Sequence[str]
) -> DraftTimetable:
    by_number = {visit.number: visit for visit in round_.visits}
    visits = [
        DraftVisit(by_number[number].id, number, by_number[number].target, window, number in planned.moved)
        for number, window in planned.windows.items()
    ]
    left = tuple(
        (by_number[number].target, cause.why, cause.names, tuple(day.isoformat() for day in (cause.days[:1] + cause.days[-1:])))
        for number, cause in planned.left.items()
    )  # fmt: skip
    return DraftTimetable(
        round_.leader_id, batch, planned.opens, planned.closes,
        tuple(sorted(visits, key=lambda visit: (visit.window, visit.number))), left,
        tuple((place, code) for place, code in enumerate(batches) if code != batch), planned.days, planned.metres,
    )  # fmt: skip


def nothing(words: Words) -> View:
    return View(
        lines(bold(words("timetable.nothing"))),
        rows([button(words("timetable.week"), Act.WEEK)], [button(words("button.list"), Act.LIST, 0)]),
    )


def timetable(draft: DraftTimetable, words: Words) -> View:
    """All times in one message: one press sends them, a day is opened to move one of its visits."""
    counted = words("timetable.counted", n=len(draft.visits), days=draft.days, km=round(draft.metres / 1000))
    days = _by_day(draft)
    return View(
        lines(
            bold(words("timetable.title")) + " · " + literal(draft.batch, 64),
            counted,
            tagged("blockquote expandable", literal(_listed(days, words), LISTED)) if days else None,
            words("timetable.moved", n=told) if (told := sum(visit.told for visit in draft.visits)) else None,
            *_left(draft, words),
            words("timetable.text") if days else None,
        ),
        rows(
            [button(words("timetable.send", n=len(draft.visits)), Act.PLAN_SEND, draft.digest, style="success")]
            if draft.visits
            else None,
            *_pairs([
                button(words("timetable.day", day=short(day, words), count=len(visits)), Act.PLAN_DAY, day.isoformat())
                for day, visits in days.items()
            ]),
            *[[button(words("timetable.other", batch=code), Act.TIMETABLE, place)] for place, code in draft.others[:NAMED]],
            [button(words("timetable.week"), Act.WEEK), button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def _by_day(draft: DraftTimetable) -> dict[date, list[DraftVisit]]:
    days: dict[date, list[DraftVisit]] = defaultdict(list)
    for visit in draft.visits:
        days[local_day(visit.window.begins)].append(visit)
    return dict(sorted(days.items()))


def _listed(days: Mapping[date, Sequence[DraftVisit]], words: Words) -> str:
    return "\n".join(
        f"{short(day, words)}\n" + "\n".join(f"  {words.clock(visit.window.begins)} {visit.target}" for visit in visits)
        for day, visits in days.items()
    )  # fmt: skip


def _left(draft: DraftTimetable, words: Words) -> list[str]:
    """What finds no time, and who would have to be free when."""
    if not draft.left:
        return []
    return [
        words("web.round.no_room", n=len(draft.left)),
        *["· " + literal(target, 40) + "：" + literal(_why(why, names, days, words), 160)
          for target, why, names, days in draft.left[:NAMED]],
    ]  # fmt: skip


def _why(why: str, names: Sequence[str], days: Sequence[str], words: Words) -> str:
    first, last = (short(date.fromisoformat(days[n]), words) if days else "" for n in (0, -1))
    return words(f"web.round.left.{why}", names=words.joined(names), first=first, last=last)


def day(draft: DraftTimetable, on: str, words: Words) -> View:
    """One day's visits; a tap moves one."""
    visits = [visit for visit in draft.visits if local_day(visit.window.begins).isoformat() == on]
    return View(
        lines(bold(short(date.fromisoformat(on), words)), words("timetable.day_text")),
        rows(
            *[
                [button(f"{words.clock(visit.window.begins)} {visit.target}", Act.PLAN_MOVE, visit.id)]
                for visit in visits[:BUTTONS]
            ],
            [button(words("timetable.again"), Act.TIMETABLE)],
        ),
    )  # fmt: skip


def days(draft: DraftTimetable, moved: DraftVisit, offered: Sequence[date], words: Words) -> View:
    """To which day a visit is moved, with what stands there already."""
    counts = {day: len(visits) for day, visits in _by_day(draft).items()}
    keys = [
        button(
            words("timetable.day", day=short(day, words), count=counts.get(day, 0)), Act.PLAN_ON, moved.id, day.isoformat()
        )
        for day in offered[:20]
    ]  # fmt: skip
    return View(
        lines(bold(words("visit.days")), literal(moved.target, 80), span(*moved.window, words)),
        rows(*_pairs(keys), _back(moved, words)),
    )


def hours(
    moved: DraftVisit, on: date, starts: Sequence[datetime], busy: Sequence[Window], words: Words
) -> View:
    """At which hour; an hour that meets something of somebody's is marked."""
    lasts: timedelta = moved.window.ends - moved.window.begins
    keys = [
        button(
            words(
                "visit.from_until_busy" if any(Window(begins, begins + lasts).meets(window) for window in busy) else
                "visit.from_until",
                begins=words.clock(begins), ends=words.clock(begins + lasts),
            ),
            Act.PLAN_SET, moved.id, on.isoformat(), words.clock(begins).replace(":", ""),
        )
        for begins in starts
    ]  # fmt: skip
    return View(
        lines(bold(words("visit.times", day=short(on, words))), literal(moved.target, 80)),
        rows(*_pairs(keys), _back(moved, words)),
    )


def _back(moved: DraftVisit, words: Words) -> list[Button]:
    return [button(words("button.back"), Act.PLAN_DAY, local_day(moved.window.begins).isoformat())]


def _pairs(keys: Sequence[Button]) -> list[list[Button]]:
    return [list(keys[i : i + 2]) for i in range(0, len(keys), 2)]


def sent(draft: DraftTimetable, failed: Mapping[str, str], words: Words) -> View:
    """How many members' answers are awaited now, and what was refused."""
    refused = [visit for visit in draft.visits if visit.number in failed]
    return View(
        lines(
            bold(words("timetable.sent", n=len(draft.visits) - len(refused))),
            words("timetable.sent_text"),
            *["· " + literal(visit.target, 40) + "：" + literal(failed[visit.number], 160) for visit in refused[:NAMED]],
        ),
        rows([button(words("timetable.week"), Act.WEEK), button(words("button.list"), Act.LIST, 0)]),
    )  # fmt: skip


def week(shown: VisitWeek, officer: str, words: Words, joinable: Sequence[JoinableVisit] = ()) -> View:
    """Seven days: fixed, asked, who is silent, who cannot; a visit that this officer leads opens its days."""
    monday = shown.days[0].day
    texts: list[str] = []
    for each in shown.days:
        if each.visits or each.away:
            texts.append(bold(short(each.day, words)))
            texts += [_visit(visit, words) for visit in each.visits]
            texts += [
                words(
                    "timetable.away", name=literal(entry.name, 30), time=away_span(entry.begins, entry.ends, words)
                )
                for entry in each.away
            ]  # fmt: skip
    keys = [
        button(
            f"{short(local_day(visit.begins), words)} {words.clock(visit.begins)} {visit.target}",
            Act.DAYS if visit.leader_id == officer and visit.state in TO_VISIT else Act.OPEN, visit.id,
        )
        for visit in shown.visits[:BUTTONS]
    ]  # fmt: skip
    return View(
        lines(
            bold(words("timetable.week_of", first=short(monday, words), last=short(shown.days[-1].day, words))),
            *(texts or [words("web.calendar.none")]),
            words("timetable.untimed", n=shown.untimed) if shown.untimed else None,
        ),
        rows(
            *[[key] for key in keys],
            *[
                [button(words("join.propose", target=visit.target), Act.JOIN, visit.id, visit.other_id)]
                for visit in joinable[:NAMED]
            ],
            [
                button(words("timetable.before"), Act.WEEK, (monday - WEEK).isoformat()),
                button(words("timetable.after"), Act.WEEK, (monday + WEEK).isoformat()),
            ],
            [button(words("button.away"), Act.AWAY), button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def _visit(visit: WeekVisit, words: Words) -> str:
    hours = f"{words.clock(visit.begins)}–{words.clock(visit.ends)} "
    if visit.fixed:
        state = words(f"state.{visit.state}")
    else:
        state = words("web.calendar.proposed") + " " + words(
            "web.calendar.answered", agreed=visit.agreed, all=len(visit.members)
        )  # fmt: skip
    parts: list[str] = [hours + literal(visit.target, 40) + " · " + state]
    if visit.silent:
        parts.append(words("timetable.silent", names=literal(words.joined(visit.silent), 80)))
    if visit.declined:
        parts.append(words("web.round.declined", names=literal(words.joined(visit.declined), 80)))
    return lines(*parts)
