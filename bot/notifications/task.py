"""News of a task: drawn, proposed, fixed, handed back for review, due (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.buttons import Act
from bot.handlers.current_task import card_key
from bot.notifications.notification import Notification
from bot.views import View, bold, button, lines, literal, rows
from bot.views import pending_decisions as views
from bot.views import reviewing as reviews
from bot.views import task as tasks
from locales import Words
from models.procedure import dialogue
from models.queries import inbox, manual_deliveries, pending_decisions
from models.queries import reviewing as results
from models.rules.actor import Role


async def _assigned(parcel: Notification) -> None:
    found = await inbox.tasks_of(parcel.by.id, parcel.at)
    new = [line for line in found if line.number in parcel.payload.get("tasks", [])]
    headline = parcel.words("news.assigned", n=len(new))
    if len(new) == 1:
        await _task(parcel, new[0].number, headline)
    elif new:
        view = tasks.task_list(found, parcel.words, headline=bold(headline))
        await parcel.table.show("list", view, anew=True, quiet=parcel.quiet)


async def _task(parcel: Notification, number: str, headline: str) -> None:
    """News of a task: its card, moved to the end of the chat; beside it while the reader is busy with it."""
    card = await parcel.card(number)
    prompt = await dialogue.prompt(parcel.chat)
    if prompt is not None and prompt.subject == card_key(number):
        await parcel.of_task(headline, number=number)
        return
    view = tasks.task(card, parcel.words, parcel.at, headline=headline)
    await parcel.table.show(card_key(number), view, anew=True, quiet=parcel.quiet)


async def _proposed(parcel: Notification) -> None:
    """The time and its two answers in the message itself, whatever the reader is busy with (Art. 15)."""
    card = await parcel.card(parcel.payload["task"])
    if not card.proposal or card.proposed_from is None or card.proposed_until is None:
        return
    headline = parcel.words(
        "news.proposed", time=tasks.span(card.proposed_from, card.proposed_until, parcel.words)
    )
    prompt = await dialogue.prompt(parcel.chat)
    if prompt is not None and prompt.subject == card_key(card.number):
        await parcel.of_task(headline, number=card.number, keys=[tasks.answers(card, parcel.words)])
        return
    await _task(parcel, card.number, headline)


async def _fixed(parcel: Notification) -> None:
    await _task(parcel, parcel.payload["task"], parcel.words("news.fixed"))


async def _declined(parcel: Notification) -> None:
    await parcel.of_task(parcel.words.html("news.declined", member=parcel.payload["member"]))


async def _team_changed(parcel: Notification) -> None:
    """The leader hears who comes; a letter that names others can be sent anew from here (Art. 16 (2))."""
    found, words = await pending_decisions.asked_out(parcel.payload["substitution"]), parcel.words
    numbers = parcel.payload.get("tasks") or [parcel.payload["task"]]
    outdated = (await manual_deliveries.outdated_letters(numbers))[:6]
    await parcel.of_task(
        words.html("news.team_changed", name=found.name),
        literal(views.decided(found, words)),
        words("news.letter_outdated") if outdated else None,
        keys=[[button(words("button.renew", target=name), Act.RENEW, id)] for id, name in outdated],
    )


async def _review_asked(parcel: Notification) -> None:
    found = await results.reviewed(parcel.payload["task"])
    link = parcel.services.district.link(f"/console/tasks/{found.number}")
    await parcel.news(reviews.review(found, link, parcel.words), f"review:{found.id}")


async def _review_returned(parcel: Notification) -> None:
    reason = parcel.words("asked.reason", reason=literal(parcel.payload.get("reason", ""), 300))
    await parcel.of_task(parcel.words("news.returned"), reason)


async def _reminder(parcel: Notification) -> None:
    """One message for everything that is due (U24), each task a tap away for those who serve in it."""
    due = parcel.payload["tasks"]
    said = [_left(one, parcel.words) for one in due[:8]]
    keys = []
    if parcel.by.role == Role.INSPECTOR:
        lines_ = {line.number: line for line in await inbox.tasks_of(parcel.by.id, parcel.at)}
        keys = [
            [button(parcel.words("button.open_number", number=one["task"]), Act.OPEN, lines_[one["task"]].id)]
            for one in due[:8]
            if one["task"] in lines_
        ]
    await parcel.news(View(lines(bold(parcel.words("news.reminder", n=len(due))), *said), rows(*keys)))


def _left(one: dict[str, Any], said: Words) -> str:
    day = tasks.short(datetime.fromisoformat(one["due"]).date(), said)
    provisional = said("card.provisional") if one.get("provisional") else ""
    number = literal(one["task"])
    if one["left"] < 0:
        return said("news.overdue", number=number, due=day) + provisional
    return said("news.left", number=number, due=day, n=one["left"]) + provisional


KINDS: dict[str, Callable[[Notification], Awaitable[None]]] = {
    "task.assigned": _assigned,
    "visit.proposed": _proposed,
    "visit.fixed": _fixed,
    "visit.declined": _declined,
    "team.changed": _team_changed,
    "review.asked": _review_asked,
    "review.returned": _review_returned,
    "reminder": _reminder,
}
