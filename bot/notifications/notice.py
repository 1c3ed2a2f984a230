"""The letter to the entity, and what its leader and head learn of it (Art. 16 (1), (2))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from io import BytesIO

from bot.buttons import Act
from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views import approval as approvals
from bot.views import pending_decisions as views
from bot.views import task as tasks
from models.queries import pending_decisions
from models.states import NOT_SENT


async def _notice(parcel: OutgoingNotification) -> None:
    """The letter and its two answers."""
    letter = await pending_decisions.letter(parcel.payload["notice"])
    readable = await (parcel.services.plain or parcel.services.letter)(letter.id, parcel.words.language)
    await parcel.news(views.notice(letter, readable.text, readable.url, parcel.words), f"notice:{letter.id}")


async def _paper(parcel: OutgoingNotification) -> None:
    """The letter's PDF, a message of its own that follows it."""
    letter = await pending_decisions.letter(parcel.payload["notice"])
    readable = await parcel.services.letter(letter.id, parcel.words.language)
    await parcel.application.bot.send_document(
        parcel.chat, BytesIO(readable.pdf), filename=f"{letter.number}.pdf", disable_notification=True
    )


async def _by_hand(parcel: OutgoingNotification) -> None:
    """Somebody must telephone, fax, post or go: what to do; the number and the log are on the console."""
    letter = await pending_decisions.letter(parcel.payload["notice"])
    parcel.under = f"by_hand:{letter.id}"
    if letter.state not in NOT_SENT:
        await parcel.of_task(parcel.words("news.by_hand_done"), parcel.words(f"notice.{letter.state}"))
        return
    if "subject" in parcel.payload:
        return  # looked at again while it is still to be done: it says so already
    if (channel := parcel.payload.get("channel", "phone")) != "phone":
        await _on_paper(parcel, channel)
        return
    time_ = tasks.span(letter.begins, letter.ends, parcel.words) if letter.begins and letter.ends else ""
    script = parcel.words(
        "news.script", district=parcel.services.district.name, target=letter.target, time=time_
    )
    link = parcel.services.district.link(f"/console/tasks/{letter.task_number}")
    await parcel.of_task(
        parcel.words("news.by_hand"),
        tagged("blockquote", literal(script, 600)),
        parcel.words("news.by_hand_log"),
        keys=[
            [button(parcel.words("calling.record"), Act.CALLED, letter.task, style="primary")],
            [Button(parcel.words("button.console"), url=link)],
        ],
    )


async def _unconfirmed(parcel: OutgoingNotification) -> None:
    """Two working days passed and nobody confirmed: telephone, or another way."""
    letter = await pending_decisions.letter(parcel.payload["notice"])
    link = parcel.services.district.link(f"/console/tasks/{letter.task_number}")
    await parcel.of_task(
        parcel.words("news.unconfirmed"),
        parcel.words("news.by_hand_log"),
        keys=[
            [button(parcel.words("calling.record"), Act.CALLED, letter.task, style="primary")],
            [Button(parcel.words("button.console"), url=link)],
        ],
    )


async def _on_paper(parcel: OutgoingNotification, channel: str) -> None:
    link = parcel.services.district.link("/console/letters")
    headline = {"fax": "news.to_fax", "post": "news.to_post", "personal": "news.to_bring"}[channel]
    await parcel.of_task(
        parcel.words(headline), parcel.words("news.on_paper"),
        keys=[[Button(parcel.words("button.letters"), url=link)]],
    )  # fmt: skip


async def _acknowledged(parcel: OutgoingNotification) -> None:
    await parcel.of_task(parcel.words("news.acknowledged"))


async def _withhold_asked(parcel: OutgoingNotification) -> None:
    letter = await pending_decisions.letter(parcel.payload["notice"])
    await parcel.news(views.withholding(letter, parcel.words), f"withhold:{letter.id}")


async def _withholding_decided(parcel: OutgoingNotification) -> None:
    await parcel.of_task(parcel.words("news.withheld" if parcel.payload["agree"] else "news.not_withheld"))


async def _approval_asked(parcel: OutgoingNotification) -> None:
    letter = await pending_decisions.letter(parcel.payload["notice"])
    link = parcel.services.district.link(f"/console/tasks/{letter.task_number}")
    await parcel.news(approvals.asked(letter, link, parcel.words), f"approve:{letter.id}")


async def _head_decided(parcel: OutgoingNotification) -> None:
    """The letter is on its way, or it came back: why, and that another time or a reason is owed."""
    if parcel.payload["agree"]:
        await parcel.of_task(parcel.words("news.head_agreed"))
        return
    reason = parcel.words("asked.reason", reason=literal(parcel.payload.get("reason", ""), 300))
    await parcel.of_task(parcel.words("news.head_refused"), reason, parcel.words("news.head_refused_text"))


async def _unreached(parcel: OutgoingNotification) -> None:
    letter = await pending_decisions.letter(parcel.payload["notice"])
    text = lines(
        bold(parcel.words("news.unreached")),
        literal(letter.target, 80),
        parcel.words.html("card.number", number=letter.task_number),
    )
    link = parcel.services.district.link(f"/console/tasks/{letter.task_number}")
    await parcel.news(View(text, rows([Button(parcel.words("button.console"), url=link)])))


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "notice": _notice,
    "notice.paper": _paper,
    "notice.by_hand": _by_hand,
    "notice.unconfirmed": _unconfirmed,
    "notice.acknowledged": _acknowledged,
    "notice.withhold_asked": _withhold_asked,
    "notice.withholding_decided": _withholding_decided,
    "notice.unreached": _unreached,
    "notice.approval_asked": _approval_asked,
    "notice.head_decided": _head_decided,
}
