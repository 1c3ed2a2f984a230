"""News of what comes after the visit, worded as it goes out (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.buttons import Act
from bot.handlers.reviewing import waits_for
from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views import afterwards as views
from bot.views import pending_decisions as letters
from bot.views import reviewing as reviews
from models.delivery import Undeliverable
from models.procedure import dialogue
from models.queries import entity, pending_decisions, publication, reviewing
from models.queries.card import task_card
from models.refusal import Refusal


async def _told(parcel: OutgoingNotification) -> None:
    """A step after the visit; the letter's card above it follows the state."""
    assert parcel.services.told
    try:
        message = await parcel.services.told(parcel.payload["notification"], parcel.words.language)
    except Refusal as over:
        raise Undeliverable(over.code) from over
    notice = await entity.notice_of(message.number)
    if notice:
        await _letter_follows(parcel, notice)
    await parcel.news(views.told(message.kind, message.text, message.url, notice, parcel.words))


async def _letter_follows(parcel: OutgoingNotification, notice: int) -> None:
    subject = f"notice:{notice}"
    if await dialogue.card(parcel.chat, subject) is None:
        return
    letter = await pending_decisions.letter(notice)
    readable = await (parcel.services.plain or parcel.services.letter)(letter.id, parcel.words.language)
    await parcel.table.show(
        subject, letters.notice(letter, readable.text, readable.url, parcel.words), quiet=True
    )


async def _by_hand(parcel: OutgoingNotification) -> None:
    words, payload = parcel.words, parcel.payload
    what, channel = words(f"told.{payload['step']}.title"), words(f"web.channel.{payload['channel']}")
    await _of_task(
        parcel, words("news.to_tell", what=what), words("news.to_tell_text", channel=channel), "#told"
    )


async def _unreached(parcel: OutgoingNotification) -> None:
    what = parcel.words(f"told.{parcel.payload['step']}.title")
    await _of_task(parcel, parcel.words("news.not_told", what=what), None, "#told")


async def _agreed(parcel: OutgoingNotification) -> None:
    """The head's card of the result, with 公示 on it: nothing stands against it any more."""
    reviewed = await reviewing.reviewed(parcel.payload["task"])
    waits, reason = await waits_for(reviewed, parcel.services.district, parcel.words, parcel.at)
    link = parcel.services.district.link(f"/console/tasks/{reviewed.number}#publish")
    view = reviews.review(reviewed, link, parcel.words, waits, reason)
    await parcel.news(
        View(lines(bold(parcel.words("news.agreed")), view.text), view.rows), f"review:{reviewed.id}"
    )


async def _sign_asked(parcel: OutgoingNotification) -> None:
    card = await task_card(parcel.payload["task"], parcel.by.id)
    words = parcel.words
    text = lines(
        bold(words("news.sign_asked")), literal(card.target, 80), words.html("card.number", number=card.number),
        words("news.sign_asked_text"),
    )  # fmt: skip
    keys = rows(
        [button(words("button.sheet_pdf"), Act.RECORD_PDF, card.id)],
        [button(words("button.sheet_sign"), Act.RECORD_SIGN, card.id, style="success")],
        [button(words("button.phone"), Act.PHONE, card.id)],
    )
    await parcel.news(View(text, keys))


async def _revision_asked(parcel: OutgoingNotification) -> None:
    card = await task_card(parcel.payload["task"], parcel.by.id)
    words, reason = parcel.words, parcel.payload.get("said", "")
    text = lines(
        bold(words("news.revision_asked")), literal(card.target, 80), words.html("card.number", number=card.number),
        words("revision.why", reason=literal(parcel.payload["reason"], 300)),
        words("news.revision_returned", reason=literal(reason, 300)) if reason else None,
    )  # fmt: skip
    link = parcel.services.district.link(f"/console/tasks/{card.number}#revision")
    keys = rows(
        [button(words("button.revise"), Act.RESULT, card.id, style="primary")],
        [Button(words("button.console"), url=link)],
    )
    await parcel.news(View(text, keys))


async def _revision_proposed(parcel: OutgoingNotification) -> None:
    revising = await publication.revision(parcel.payload["revision"])
    if revising:
        link = parcel.services.district.link(f"/console/tasks/{revising.task}#revision")
        await parcel.news(views.correction(revising, link, parcel.words), f"revision:{revising.id}")


async def _revision_decided(parcel: OutgoingNotification) -> None:
    reason, key = parcel.payload.get("said", ""), f"news.revision_{parcel.payload['outcome']}"
    await _of_task(
        parcel, parcel.words(key), literal(reason, 300) if reason else None,
        "#revision",
    )  # fmt: skip


async def _of_task(parcel: OutgoingNotification, headline: str, more: str | None, place: str) -> None:
    number = parcel.payload["task"]
    link = parcel.services.district.link(f"/console/tasks/{number}{place}")
    text = lines(bold(headline), parcel.words.html("card.number", number=number), more)
    await parcel.news(View(text, rows([Button(parcel.words("button.console"), url=link)])))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "notification": _told,
    "notification.by_hand": _by_hand,
    "notification.unreached": _unreached,
    "reply.agreed": _agreed,
    "record.sign_asked": _sign_asked,
    "revision.asked": _revision_asked,
    "revision.proposed": _revision_proposed,
    "revision.decided": _revision_decided,
}
