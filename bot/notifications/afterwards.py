"""News of what comes after the visit, worded as it goes out (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.buttons import Act
from bot.notifications.notification import Notification
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views import afterwards as views
from bot.views import pending_decisions as letters
from bot.views import reviewing as reviews
from models.delivery import Undeliverable
from models.procedure import dialogue
from models.queries import entity, pending_decisions, publication, reviewing
from models.queries.card import task_card
from models.refusal import Refusal


async def _told(parcel: Notification) -> None:
    """A step after the visit; the letter's card above it follows the state."""
    assert parcel.services.told
    try:
        said = await parcel.services.told(parcel.payload["notification"], parcel.words.language)
    except Refusal as over:
        raise Undeliverable(over.code) from over
    notice = await entity.notice_of(said.number)
    if notice:
        await _letter_follows(parcel, notice)
    await parcel.news(views.told(said.kind, said.text, said.url, notice, parcel.words))


async def _letter_follows(parcel: Notification, notice: int) -> None:
    subject = f"notice:{notice}"
    if await dialogue.card(parcel.chat, subject) is None:
        return
    letter = await pending_decisions.letter(notice)
    made = await (parcel.services.plain or parcel.services.letter)(letter.id, parcel.words.language)
    await parcel.table.show(subject, letters.notice(letter, made.text, made.url, parcel.words), quiet=True)


async def _by_hand(parcel: Notification) -> None:
    words, payload = parcel.words, parcel.payload
    what, channel = words(f"told.{payload['step']}.title"), words(f"web.channel.{payload['channel']}")
    await _of_task(
        parcel, words("news.to_tell", what=what), words("news.to_tell_text", channel=channel), "#told"
    )


async def _unreached(parcel: Notification) -> None:
    what = parcel.words(f"told.{parcel.payload['step']}.title")
    await _of_task(parcel, parcel.words("news.not_told", what=what), None, "#told")


async def _agreed(parcel: Notification) -> None:
    """The head's card of the result, with 公示 on it: nothing stands against it any more."""
    found = await reviewing.reviewed(parcel.payload["task"])
    view = reviews.review(
        found, parcel.services.district.link(f"/console/tasks/{found.number}#publish"), parcel.words
    )
    await parcel.news(
        View(lines(bold(parcel.words("news.agreed")), view.text), view.rows), f"review:{found.id}"
    )


async def _sign_asked(parcel: Notification) -> None:
    card = await task_card(parcel.payload["task"], parcel.by.id)
    words = parcel.words
    said = lines(
        bold(words("news.sign_asked")), literal(card.target, 80), words.html("card.number", number=card.number),
        words("news.sign_asked_text"),
    )  # fmt: skip
    keys = rows(
        [button(words("button.sheet_pdf"), Act.RECORD_PDF, card.id)],
        [button(words("button.sheet_sign"), Act.RECORD_SIGN, card.id, style="success")],
        [button(words("button.phone"), Act.PHONE, card.id)],
    )
    await parcel.news(View(said, keys))


async def _revision_asked(parcel: Notification) -> None:
    card = await task_card(parcel.payload["task"], parcel.by.id)
    words, said = parcel.words, parcel.payload.get("said", "")
    text = lines(
        bold(words("news.revision_asked")), literal(card.target, 80), words.html("card.number", number=card.number),
        words("revision.why", reason=literal(parcel.payload["reason"], 300)),
        words("news.revision_returned", reason=literal(said, 300)) if said else None,
    )  # fmt: skip
    link = parcel.services.district.link(f"/console/tasks/{card.number}#revision")
    keys = rows(
        [button(words("button.revise"), Act.RESULT, card.id, style="primary")],
        [Button(words("button.console"), url=link)],
    )
    await parcel.news(View(text, keys))


async def _revision_proposed(parcel: Notification) -> None:
    found = await publication.revision(parcel.payload["revision"])
    if found:
        link = parcel.services.district.link(f"/console/tasks/{found.task}#revision")
        await parcel.news(views.correction(found, link, parcel.words), f"revision:{found.id}")


async def _revision_decided(parcel: Notification) -> None:
    said, key = parcel.payload.get("said", ""), f"news.revision_{parcel.payload['outcome']}"
    await _of_task(
        parcel, parcel.words(key), literal(said, 300) if said else None,
        "#revision",
    )  # fmt: skip


async def _of_task(parcel: Notification, headline: str, more: str | None, place: str) -> None:
    number = parcel.payload["task"]
    link = parcel.services.district.link(f"/console/tasks/{number}{place}")
    said = lines(bold(headline), parcel.words.html("card.number", number=number), more)
    await parcel.news(View(said, rows([Button(parcel.words("button.console"), url=link)])))


KINDS: dict[str, Callable[[Notification], Awaitable[None]]] = {
    "notification": _told,
    "notification.by_hand": _by_hand,
    "notification.unreached": _unreached,
    "reply.agreed": _agreed,
    "record.sign_asked": _sign_asked,
    "revision.asked": _revision_asked,
    "revision.proposed": _revision_proposed,
    "revision.decided": _revision_decided,
}
