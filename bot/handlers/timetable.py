"""排检查时间 in the chat: one press proposes all visits of a batch; before it each can be moved; then the week (Art. 15)."""

from __future__ import annotations

from datetime import date, time

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import timetable as views
from bot.views.timetable import DraftTimetable, DraftVisit
from locales.refusals import explain
from models.procedure import itinerary
from models.queries import board, clash, timetable, visit_joins, visit_week
from models.queries import itinerary as rounds
from models.queries.itinerary import LeaderRound
from models.queries.person import departments_in
from models.rules import visit as rules
from models.rules.actor import Actor, Role
from models.rules.free_times import Window
from models.rules.visit_week import monday_of

TIMETABLE, WEEK = "timetable", "week"


@pressed(Act.TIMETABLE)
async def show(turn: Turn, place: int = 0) -> None:
    """Lay out every visit of a batch that needs a time; nothing is sent yet. `place`: which of the batches."""
    led = await _led(turn)
    if not led:
        await turn.show(TIMETABLE, views.nothing(turn.words))
        return
    _, code, round_ = led[place if place < len(led) else 0]
    planned = await timetable.plan(round_, code, rules.local_day(turn.at), turn.at, turn.services.district)
    draft = views.draft_of(round_, code, planned, [batch for _, batch, _ in led])
    await _keep(turn, draft)


@pressed(Act.PLAN_SEND)
async def send(turn: Turn, seen: str) -> None:
    """The times that were shown go to the members, one message each; a list that is another is shown first."""
    draft = await _draft(turn)
    if draft is None or draft.digest != seen:
        await _again(turn)
        return
    by = turn.actor(Role.INSPECTOR)
    outcomes = await itinerary.propose(
        [(visit.number, visit.window) for visit in draft.visits], by=_leader(turn, draft) or by, at=turn.at, key=turn.key()
    )  # fmt: skip
    names = await departments_in(*(outcome.refused for outcome in outcomes if outcome.refused))
    failed = {
        outcome.number: explain(outcome.refused, turn.words, names) for outcome in outcomes if outcome.refused
    }
    await turn.leave()
    await turn.toast("timetable.sent", n=len(outcomes) - len(failed))
    await turn.show(TIMETABLE, views.sent(draft, failed, turn.words))


@pressed(Act.PLAN_DAY)
async def day(turn: Turn, day: str) -> None:
    """The visits of one day of the draft, each to be moved."""
    if (draft := await _draft(turn)) is None:
        await _again(turn)
        return
    await turn.show(TIMETABLE, views.day(draft, day, turn.words))


@pressed(Act.PLAN_MOVE)
async def move(turn: Turn, task: int) -> None:
    """To which day."""
    draft, moved = await _moved(turn, task)
    if draft is None or moved is None:
        await _again(turn)
        return
    district = turn.services.district
    offered = rules.days_offered(district.calendar, draft.opens, draft.closes, turn.at, limit=None)
    told = [
        day
        for day in offered
        if rules.notice_days(district.calendar, turn.at, rules.instant(day, time(9))) >= district.notice_days
    ]
    await turn.show(TIMETABLE, views.days(draft, moved, told or offered, turn.words))


@pressed(Act.PLAN_ON)
async def on(turn: Turn, task: int, day: str) -> None:
    """At which hour; what meets something is marked."""
    draft, moved = await _moved(turn, task)
    if draft is None or moved is None:
        await _again(turn)
        return
    on_day = date.fromisoformat(day)
    busy = [window for window, _ in await clash.busy_of(task, turn.at, (on_day, on_day))]
    busy += [visit.window for visit in draft.visits if visit.id != task]
    await turn.show(
        TIMETABLE, views.hours(moved, on_day, rules.starts_offered(on_day, turn.at), busy, turn.words)
    )


@pressed(Act.PLAN_SET)
async def place(turn: Turn, task: int, day: str, clock: str) -> None:
    """The draft with this visit at another time; the others stay."""
    draft, moved = await _moved(turn, task)
    if draft is None or moved is None:
        await _again(turn)
        return
    begins = rules.instant(date.fromisoformat(day), time(int(clock[:2]), int(clock[2:])))
    await _keep(turn, draft.moved(task, Window(begins, begins + (moved.window.ends - moved.window.begins))))


@pressed(Act.WEEK)
async def week(turn: Turn, week: str = "") -> None:
    """This officer's week: what is fixed, what is asked, who is silent; each a tap from its task."""
    by = turn.actor(Role.INSPECTOR)
    monday = monday_of(week, rules.local_day(turn.at))
    shown = await visit_week.visit_week(
        monday,
        board.sight_of(by),
        turn.services.district.calendar,
        serving=visit_week.Serving(by.id),
        by=by,
    )
    joinable = await visit_joins.joinable(by.id, turn.at)
    await turn.show(WEEK, views.week(shown, by.id, turn.words, joinable))


async def _led(turn: Turn) -> list[tuple[Actor, str, LeaderRound]]:
    """The batches in which this person leads visits that need a time."""
    led = []
    for by in turn.person.acting(Role.INSPECTOR):
        for batch in await rounds.batches(by.id, None):
            for round_ in await rounds.rounds(
                batch, by.id, None, at=turn.at, district=turn.services.district
            ):
                if round_.plannable:
                    led.append((by, batch, round_))
    return led


def _leader(turn: Turn, draft: DraftTimetable) -> Actor | None:
    return next((by for by in turn.person.acting(Role.INSPECTOR) if by.id == draft.leader), None)


async def _keep(turn: Turn, draft: DraftTimetable) -> None:
    """The draft waits in this chat until it is sent or laid out anew."""
    await turn.ask(TIMETABLE, TIMETABLE, **draft.written())
    await turn.show(TIMETABLE, views.timetable(draft, turn.words))


async def _draft(turn: Turn) -> DraftTimetable | None:
    prompt = await turn.prompt()
    if prompt is None or prompt.flow != TIMETABLE:
        return None
    return DraftTimetable.read(prompt.data)


async def _moved(turn: Turn, task: int) -> tuple[DraftTimetable | None, DraftVisit | None]:
    draft = await _draft(turn)
    return draft, draft.find(task) if draft else None


async def _again(turn: Turn) -> None:
    await turn.toast("round.changed")
    await show(turn)
