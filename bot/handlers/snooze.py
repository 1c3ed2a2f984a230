"""稍后提醒: put off a reminder with two or three presses: which, until when, why (Art. 16 (3))."""

from __future__ import annotations

from datetime import date

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import snooze as views
from models.procedure import snooze
from models.procedure.dialogue import OpenPrompt
from models.procedure.own_terms import ReminderSaid, reminders_said
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.snooze import REASONS

FLOW = "snooze"
SUBJECT = "snooze"
STAFF = (Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE)


@pressed(Act.SNOOZES)
async def choose(turn: Turn) -> None:
    """What this person was reminded of; a single one is opened at once."""
    await turn.leave()
    reminders = [reminder for _, reminder in await _mine(turn)]
    if len(reminders) == 1 and reminders[0].until is None:
        await turn.show(SUBJECT, views.days_and_reasons(reminders[0], None, turn.words))
        return
    await turn.show(SUBJECT, views.choices(reminders, turn.words))


@pressed(Act.SNOOZE)
async def open_one(turn: Turn, number: int, day: int = 0) -> None:
    """`day`: the ordinal of the day chosen; without it the first that is offered."""
    _, reminder = await _one(turn, number)
    await turn.leave()
    chosen = date.fromordinal(day) if day else None
    await turn.show(SUBJECT, views.days_and_reasons(reminder, chosen, turn.words))


@pressed(Act.SNOOZE_FOR)
async def put_off(turn: Turn, number: int, day: int, reason: str) -> None:
    by, reminder = await _one(turn, number)
    if reason not in REASONS:
        await turn.ask(FLOW, SUBJECT, reminder=number, day=day)
        await turn.show(SUBJECT, views.why(reminder, date.fromordinal(day), turn.words))
        return
    await _put_off(turn, by, number, day, turn.words(f"snooze.reason.{reason}"))
    await turn.toast("toast.saved")


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, _ = await _one(turn, prompt.data["reminder"])
    await _put_off(turn, by, prompt.data["reminder"], prompt.data["day"], text)
    await turn.nod()


async def _put_off(turn: Turn, by: Actor, number: int, day: int, reason: str) -> None:
    await snooze.snooze(number, date.fromordinal(day), reason, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.show(SUBJECT, views.choices([reminder for _, reminder in await _mine(turn)], turn.words))


async def _mine(turn: Turn) -> list[tuple[Actor, ReminderSaid]]:
    district = turn.services.district
    return [
        (actor, reminder)
        for actor in turn.person.acting(*STAFF)
        for reminder in await reminders_said(actor, at=turn.at, district=district)
    ]


async def _one(turn: Turn, number: int) -> tuple[Actor, ReminderSaid]:
    for actor, reminder in await _mine(turn):
        if reminder.id == number:
            return actor, reminder
    raise Refusal("snooze.unknown", article="16(3)")
