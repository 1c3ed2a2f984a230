"""News of what the entity said and of what became of it, worded as it goes out (Art. 14 (2), 16, 17)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.buttons import Act
from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views import entity_requests as views
from bot.views import pending_decisions as questions
from models.queries import entity, pending_decisions
from models.rules.actor import Role


def _console(parcel: OutgoingNotification) -> str:
    return parcel.services.district.link(f"/console/tasks/{parcel.payload['task']}")


async def _postponement_asked(parcel: OutgoingNotification) -> None:
    postponing = await pending_decisions.postponing(parcel.payload["postponement"])
    await parcel.news(questions.postponement(postponing, parcel.words), f"postponement:{postponing.id}")


async def _postponement_decided(parcel: OutgoingNotification) -> None:
    letter = await pending_decisions.letter(parcel.payload["notice"])
    words = parcel.words("news.postponed" if parcel.payload["granted"] else "news.not_postponed")
    keys = rows([button(parcel.words("button.notice"), Act.NOTICE, letter.id)])
    await parcel.news(View(lines(bold(words), literal(letter.target, 80)), keys))


async def _correction_asked(parcel: OutgoingNotification) -> None:
    correction = await entity.mended(parcel.payload["correction"])
    if correction:
        await parcel.news(
            views.mended(correction, _console(parcel), parcel.words), f"correction:{correction.id}"
        )


async def _recusal_asked(parcel: OutgoingNotification) -> None:
    decide = await entity.recusal(parcel.payload["recusal"])
    if decide:
        await parcel.news(views.recusal(decide, parcel.words), f"recusal:{decide.id}")


async def _objection_asked(parcel: OutgoingNotification) -> None:
    objected = await entity.objected(parcel.payload["objection"])
    if objected:
        await parcel.news(
            views.objection(objected, _console(parcel), parcel.words), f"objection:{objected.id}"
        )


async def _reply_given(parcel: OutgoingNotification) -> None:
    text = lines(
        bold(parcel.words("entity.chat.replied")),
        parcel.words.html("card.number", number=parcel.payload["task"]),
    )
    await parcel.news(View(text, rows([Button(parcel.words("button.console"), url=_console(parcel))])))


async def _correction_decided(parcel: OutgoingNotification) -> None:
    payload, words = parcel.payload, parcel.words
    refused = words("entity.chat.refused", said=literal(payload["said"], 300))
    outcome = words("entity.chat.accepted") if payload["accepted"] else refused
    await _told(parcel, words("entity.chat.told_mended", number=payload["number"]), outcome)


async def _recusal_decided(parcel: OutgoingNotification) -> None:
    outcome = parcel.words("entity.recusal.yes" if parcel.payload["granted"] else "entity.recusal.no")
    await _told(parcel, parcel.words("entity.chat.told_recusal"), outcome)


async def _objection_decided(parcel: OutgoingNotification) -> None:
    payload, words = parcel.payload, parcel.words
    key = "entity.chat.upheld" if payload["upheld"] else "entity.chat.dismissed"
    outcome = words(key, said=literal(payload["said"], 300))
    if parcel.by.role == Role.ENTITY:
        await _told(parcel, words("entity.chat.told_objection"), outcome)
        return
    text = lines(bold(outcome), words.html("card.number", number=payload["task"]))
    await parcel.news(View(text, rows([Button(words("button.console"), url=_console(parcel))])))


async def _told(parcel: OutgoingNotification, what: str, outcome: str) -> None:
    """What became of it, and the way back to the notice."""
    notice = await entity.notice_of(parcel.payload["task"])
    keys = rows([button(parcel.words("button.notice"), Act.NOTICE, notice)]) if notice else ()
    await parcel.news(View(lines(bold(what), outcome), keys))


async def _relieved(parcel: OutgoingNotification) -> None:
    text = lines(
        bold(parcel.words("entity.chat.relieved")),
        parcel.words.html("card.number", number=parcel.payload["task"]),
    )
    await parcel.news(View(text, rows([button(parcel.words("button.list"), Act.LIST, 0)])))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "notice.postponement_asked": _postponement_asked,
    "notice.postponement_decided": _postponement_decided,
    "correction.asked": _correction_asked,
    "correction.decided": _correction_decided,
    "recusal.asked": _recusal_asked,
    "recusal.decided": _recusal_decided,
    "reply.given": _reply_given,
    "objection.asked": _objection_asked,
    "objection.decided": _objection_decided,
    "team.relieved": _relieved,
}
