"""稍后提醒: what can be put off, until when, why (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.procedure.own_terms import ReminderSaid
from models.rules.snooze import REASONS

AT_ONCE = 8  # terms in one message


def choices(reminders: Sequence[ReminderSaid], words: Words) -> View:
    """One button a term that is not put off yet; those that are say until when."""
    silent = [reminder for reminder in reminders if reminder.until]
    open_ = [reminder for reminder in reminders if not reminder.until]
    texts = [
        words("snooze.silent", of=literal(_name(reminder, words), 120), day=short(reminder.until, words))
        for reminder in silent[:AT_ONCE]
        if reminder.until
    ]
    keys = [[button(_name(reminder, words), Act.SNOOZE, reminder.id)] for reminder in open_[:AT_ONCE]]
    return View(
        lines(bold(words("snooze.title")), words("snooze.text" if open_ else "snooze.nothing"), *texts),
        rows(*keys, [button(words("button.list"), Act.LIST, 0)]),
    )


def days_and_reasons(reminder: ReminderSaid, chosen: date | None, words: Words) -> View:
    """The days on one line, the chosen one marked; a press on a reason puts it off."""
    if not reminder.offered:
        return choices([], words)
    day = chosen if chosen in reminder.offered else reminder.offered[0]
    days = [
        button(
            words("button.chosen" if offered == day else "button.plain", label=short(offered, words)),
            Act.SNOOZE, reminder.id, offered.toordinal(),
        )
        for offered in reminder.offered
    ]  # fmt: skip
    why = [
        [button(words(f"snooze.reason.{reason}"), Act.SNOOZE_FOR, reminder.id, day.toordinal(), reason)]
        for reason in (*REASONS, "other")
    ]
    return View(
        lines(
            bold(words("snooze.title")), literal(_name(reminder, words), 160),
            words("snooze.last", day=short(reminder.term.due, words)), words("snooze.why"),
        ),
        rows(days[:2], days[2:], *why, [button(words("button.back"), Act.SNOOZES)]),
    )  # fmt: skip


def why(reminder: ReminderSaid, day: date, words: Words) -> View:
    """The reason is awaited."""
    return View(
        lines(
            bold(words("snooze.until", day=short(day, words))), literal(_name(reminder, words), 160),
            words("snooze.type"),
        ),
        rows([button(words("button.back"), Act.SNOOZE, reminder.id, day.toordinal())]),
    )  # fmt: skip


def _name(reminder: ReminderSaid, words: Words) -> str:
    term = reminder.term
    return words("snooze.of", kind=words(f"term.kind.{term.kind}"), of=term.target or term.named)
