"""News of a task: drawn, proposed, fixed, handed back for review, due (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.buttons import Act
from bot.handlers.current_task import card_key
from bot.handlers.reviewing import waits_for
from bot.notifications.notification import OutgoingNotification
from bot.views import bold, button, literal
from bot.views import pending_decisions as views
from bot.views import reviewing as reviews
from bot.views import task as tasks
from models.procedure import dialogue
from models.queries import inbox, manual_deliveries, pending_decisions
from models.queries import reviewing as results


async def _assigned(parcel: OutgoingNotification) -> None:
    lines = await inbox.tasks_of(parcel.by.id, parcel.at)
    new = [line for line in lines if line.number in parcel.payload.get("tasks", [])]
    headline = parcel.words("news.assigned", n=len(new))
    if len(new) == 1:
        await _task(parcel, new[0].number, headline)
    elif new:
        view = tasks.task_list(lines, parcel.words, headline=bold(headline))
        await parcel.table.show("list", view, anew=True, quiet=await parcel.quiet())


async def _task(parcel: OutgoingNotification, number: str, headline: str) -> None:
    """News of a task: its card, moved to the end of the chat; beside it while the reader is busy with it."""
    card = await parcel.card(number)
    prompt = await dialogue.prompt(parcel.chat)
    if prompt is not None and prompt.subject == card_key(number):
        await parcel.of_task(headline, number=number)
        return
    view = tasks.task(card, parcel.words, parcel.at, headline=headline)
    await parcel.table.show(card_key(number), view, anew=True, quiet=await parcel.quiet())


async def _proposed(parcel: OutgoingNotification) -> None:
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


async def _fixed(parcel: OutgoingNotification) -> None:
    """The time that is settled now, and for a visit that moved the one that does not hold any more."""
    headline = parcel.words("news.fixed")
    if was := parcel.payload.get("moved_from"):
        time = tasks.moment(datetime.fromisoformat(was), parcel.words)
        headline = parcel.words("news.moved", time=time)
    await _task(parcel, parcel.payload["task"], headline)


async def _declined(parcel: OutgoingNotification) -> None:
    await parcel.of_task(parcel.words.html("news.declined", member=parcel.payload["member"]))


async def _cannot_keep(parcel: OutgoingNotification) -> None:
    """A visit that is settled meets a time that a member said: the leader settles which of the two holds."""
    card = await parcel.card(parcel.payload["task"])
    keys = [
        [button(parcel.words("button.other_time"), Act.DAYS, card.id)],
        [button(parcel.words("button.replace"), Act.REPLACE, card.id)],
    ]
    headline = parcel.words.html("news.cannot_keep", member=parcel.payload["member"])
    await parcel.of_task(headline, parcel.words("news.cannot_keep_text"), keys=keys)


async def _team_changed(parcel: OutgoingNotification) -> None:
    """The leader hears who comes; a letter that names others can be sent anew from here (Art. 16 (2))."""
    request, words = await pending_decisions.asked_out(parcel.payload["substitution"]), parcel.words
    numbers = parcel.payload.get("tasks") or [parcel.payload["task"]]
    outdated = (await manual_deliveries.outdated_letters(numbers))[:6]
    await parcel.of_task(
        words.html("news.team_changed", name=request.name),
        literal(views.decided(request, words)),
        words("news.letter_outdated") if outdated else None,
        keys=[[button(words("button.renew", target=name), Act.RENEW, id)] for id, name in outdated],
    )


async def _review_asked(parcel: OutgoingNotification) -> None:
    reviewed = await results.reviewed(parcel.payload["task"])
    link = parcel.services.district.link(f"/console/tasks/{reviewed.number}")
    waits, reason = await waits_for(reviewed, parcel.services.district, parcel.words, parcel.at)
    await parcel.news(reviews.review(reviewed, link, parcel.words, waits, reason), f"review:{reviewed.id}")


async def _review_returned(parcel: OutgoingNotification) -> None:
    reason = parcel.words("asked.reason", reason=literal(parcel.payload.get("reason", ""), 300))
    await parcel.of_task(parcel.words("news.returned"), reason)


async def _complete(parcel: OutgoingNotification) -> None:
    """Every department has entered: the leader confirms from here."""
    await parcel.of_task(parcel.words("news.departments_complete"))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "task.assigned": _assigned,
    "visit.proposed": _proposed,
    "visit.fixed": _fixed,
    "visit.declined": _declined,
    "visit.cannot_keep": _cannot_keep,
    "team.changed": _team_changed,
    "review.asked": _review_asked,
    "review.returned": _review_returned,
    "department_result.complete": _complete,
}
