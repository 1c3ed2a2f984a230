"""What is owed to a person goes out here: worded now, in the reader's language, with its answers below it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot import (
    afterwards_news,
    bare,
    calendar_news,
    draw_news,
    enrolment_news,
    heard_news,
    onsite_news,
    set_aside_news,
    visit_news,
)
from bot.callbacks import Act
from bot.cards import Table
from bot.handlers import redraw
from bot.handlers.place import subject
from bot.limiter import seconds_of
from bot.setting import App, Setting, setting_of
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views import approval as approvals
from bot.views import asked as views
from bot.views import reviewing as reviews
from bot.views import task as tasks
from locales import SHANGHAI, Words, words
from models.delivery import Moved, TryLater, Undeliverable
from models.procedure import dialogue
from models.queries import asked, inbox
from models.queries import person as people
from models.queries import reviewing as results
from models.queries.card import TaskCard, task_card
from models.queries.person import actor_of
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import NoticeState

log = logging.getLogger(__name__)

ASKING = {  # what a card asks for: the kind of message that draws it, and what names the thing in its payload
    "by_hand": ("notice.by_hand", "notice"), "withhold": ("notice.withhold_asked", "notice"),
    "approve": ("notice.approval_asked", "notice"), "out": ("team.asked", "substitution"),
    "refusal": ("cooperation.asked", "report"), "postponement": ("notice.postponement_asked", "postponement"),
    "correction": ("correction.asked", "correction"), "recusal": ("recusal.asked", "recusal"),
    "objection": ("objection.asked", "objection"),
}  # fmt: skip
UNTOLD = (NoticeState.DRAFTED, NoticeState.APPROVED, NoticeState.FAILED, NoticeState.BY_HAND)
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 30)


@dataclass
class Parcel:
    """One message on its way."""

    application: App
    services: Setting
    table: Table
    chat: int
    by: Actor
    words: Words
    at: datetime
    payload: dict[str, Any]
    key: str
    under: str = ""  # the subject of its card, where it follows what it is about

    @property
    def quiet(self) -> bool:
        """Between 21:00 and 07:30 nothing rings (U23)."""
        clock = self.at.astimezone(SHANGHAI).time()
        return clock >= QUIET_FROM or clock < QUIET_UNTIL

    async def news(self, view: View, under: str = "") -> None:
        """A message of its own. Under the same subject it is shown once, however often it is handed over."""
        named = under or self.under or "news:" + hashlib.sha256(self.key.encode()).hexdigest()[:24]
        await self.table.show(named, view, quiet=self.quiet)

    async def card(self, number: str) -> TaskCard:
        return await task_card(number, self.by.id, self.at)


async def deliver(
    application: App,
    *,
    account: int | Any,
    telegram_id: int,
    language: str,
    kind: str,
    payload: dict[str, Any],
    key: str,
) -> None:
    """Send one owed message. Raises Undeliverable (no longer reached here) or TryLater (not now)."""
    services = setting_of(application)
    row = await people.account(account) if isinstance(account, int) else account
    table = Table(
        application.bot, services.district.secret, telegram_id, companion=services.district.trusted,
        curtain=bare.curtain(services, telegram_id, words(language)),
        district=services.district.name,
    )  # fmt: skip
    parcel = Parcel(
        application,
        services,
        table,
        telegram_id,
        actor_of(row),
        words(language),
        services.now(),
        payload,
        key,
    )
    try:
        if services.district.chat_evidence or kind == "card":
            await KINDS[kind](parcel)
        else:
            await bare.deliver(kind, parcel)
    except Refusal as overtaken:
        log.info("a message was overtaken: %s %s", kind, overtaken.code)
    except RetryAfter as wait:
        raise TryLater(seconds_of(wait), "429") from wait
    except ChatMigrated as chat:
        raise Moved(chat.new_chat_id) from chat
    except Forbidden as gone:
        raise Undeliverable(gone.message) from gone
    except BadRequest as refused:
        if "chat not found" in refused.message.lower() or "deactivated" in refused.message.lower():
            raise Undeliverable(refused.message) from refused
        raise
    except (NetworkError, TelegramError) as fault:
        raise TryLater(0.0, type(fault).__name__, outage=True) from fault


async def _card(parcel: Parcel) -> None:
    """Something was done: the card is drawn again where it stands, without ringing."""
    kind, _, name = str(parcel.payload["subject"]).partition(":")
    if asks := ASKING.get(kind):
        if await dialogue.card(parcel.chat, f"{kind}:{name}"):
            parcel.payload[asks[1]] = int(name)
            officers = kind == "refusal" and parcel.by.role == Role.INSPECTOR
            await KINDS["cooperation.reported" if officers else asks[0]](parcel)
        return
    number = str(parcel.payload["subject"]).removeprefix("task:")
    if await dialogue.card(parcel.chat, subject(number)) is None:
        return
    card = await parcel.card(number)
    prompt = await dialogue.prompt(parcel.chat)
    if redraw.busy(card, prompt):
        return
    await parcel.table.show(subject(number), redraw.view(card, prompt, parcel.words, parcel.at), quiet=True)


async def _assigned(parcel: Parcel) -> None:
    found = await inbox.tasks_of(parcel.by.id, parcel.at)
    new = [line for line in found if line.number in parcel.payload.get("tasks", [])]
    headline = parcel.words("news.assigned", n=len(new))
    if len(new) == 1:
        await _task(parcel, new[0].number, headline)
    elif new:
        view = tasks.task_list(found, parcel.words, headline=bold(headline))
        await parcel.table.show("list", view, anew=True, quiet=parcel.quiet)


async def _task(parcel: Parcel, number: str, headline: str) -> None:
    """News of a task: its card, moved to the end of the chat; beside it while the reader is busy with it."""
    card = await parcel.card(number)
    prompt = await dialogue.prompt(parcel.chat)
    if prompt is not None and prompt.subject == subject(number):
        await _of_task(parcel, headline, number=number)
        return
    view = tasks.task(card, parcel.words, parcel.at, headline=headline)
    await parcel.table.show(subject(number), view, anew=True, quiet=parcel.quiet)


async def _proposed(parcel: Parcel) -> None:
    """The time and its two answers in the message itself, whatever the reader is busy with (Art. 15)."""
    card = await parcel.card(parcel.payload["task"])
    if not card.proposal or card.proposed_from is None or card.proposed_until is None:
        return
    headline = parcel.words("news.proposed", time=tasks.span(card.proposed_from, card.proposed_until, parcel.words))
    prompt = await dialogue.prompt(parcel.chat)
    if prompt is not None and prompt.subject == subject(card.number):
        await _of_task(parcel, headline, number=card.number, keys=[tasks.answers(card, parcel.words)])
        return
    await _task(parcel, card.number, headline)


async def _fixed(parcel: Parcel) -> None:
    await _task(parcel, parcel.payload["task"], parcel.words("news.fixed"))


async def _declined(parcel: Parcel) -> None:
    await _of_task(parcel, parcel.words.html("news.declined", member=parcel.payload["member"]))


async def _of_task(
    parcel: Parcel,
    headline: str,
    *more: str | None,
    number: str = "",
    keys: list[list[Button]] | None = None,
) -> None:
    """A line of news with the way to the task."""
    card = await parcel.card(number or parcel.payload["task"])
    view = View(
        lines(
            bold(headline),
            literal(card.target, 80),
            parcel.words.html("card.number", number=card.number),
            *more,
        ),
        rows(*(keys or []), [button(parcel.words("button.open_task"), Act.OPEN, card.id, style="primary")]),
    )
    await parcel.news(view)


async def _notice(parcel: Parcel) -> None:
    """The letter and its two answers."""
    letter = await asked.letter(parcel.payload["notice"])
    made = await (parcel.services.plain or parcel.services.letter)(letter.id, parcel.words.language)
    await parcel.news(views.notice(letter, made.text, made.url, parcel.words), f"notice:{letter.id}")


async def _paper(parcel: Parcel) -> None:
    """The letter's PDF, a message of its own that follows it."""
    letter = await asked.letter(parcel.payload["notice"])
    made = await parcel.services.letter(letter.id, parcel.words.language)
    await parcel.application.bot.send_document(
        parcel.chat, BytesIO(made.pdf), filename=f"{letter.number}.pdf", disable_notification=True
    )


async def _by_hand(parcel: Parcel) -> None:
    """Somebody must telephone, fax, post or go: what to do; the number and the log are on the console."""
    letter = await asked.letter(parcel.payload["notice"])
    parcel.under = f"by_hand:{letter.id}"
    if letter.state not in UNTOLD:
        await _of_task(parcel, parcel.words("news.by_hand_done"), parcel.words(f"notice.{letter.state}"))
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
    await _of_task(
        parcel,
        parcel.words("news.by_hand"),
        tagged("blockquote", literal(script, 600)),
        parcel.words("news.by_hand_log"),
        keys=[
            [button(parcel.words("calling.record"), Act.CALLED, letter.task, style="primary")],
            [Button(parcel.words("button.console"), url=link)],
        ],
    )


async def _unconfirmed(parcel: Parcel) -> None:
    """Two working days passed and nobody confirmed: telephone, or another way."""
    letter = await asked.letter(parcel.payload["notice"])
    link = parcel.services.district.link(f"/console/tasks/{letter.task_number}")
    await _of_task(
        parcel,
        parcel.words("news.unconfirmed"),
        parcel.words("news.by_hand_log"),
        keys=[[Button(parcel.words("button.console"), url=link)]],
    )


async def _on_paper(parcel: Parcel, channel: str) -> None:
    link = parcel.services.district.link("/console/letters")
    headline = {"fax": "news.to_fax", "post": "news.to_post", "personal": "news.to_bring"}[channel]
    await _of_task(
        parcel, parcel.words(headline), parcel.words("news.on_paper"),
        keys=[[Button(parcel.words("button.letters"), url=link)]],
    )  # fmt: skip


async def _acknowledged(parcel: Parcel) -> None:
    await _of_task(parcel, parcel.words("news.acknowledged"))


async def _withhold_asked(parcel: Parcel) -> None:
    letter = await asked.letter(parcel.payload["notice"])
    await parcel.news(views.withholding(letter, parcel.words), f"withhold:{letter.id}")


async def _withholding_decided(parcel: Parcel) -> None:
    await _of_task(parcel, parcel.words("news.withheld" if parcel.payload["agree"] else "news.not_withheld"))


async def _approval_asked(parcel: Parcel) -> None:
    letter = await asked.letter(parcel.payload["notice"])
    link = parcel.services.district.link(f"/console/tasks/{letter.task_number}")
    await parcel.news(approvals.asked(letter, link, parcel.words), f"approve:{letter.id}")


async def _head_decided(parcel: Parcel) -> None:
    """The letter is on its way, or it came back: why, and that another time or a reason is owed."""
    if parcel.payload["agree"]:
        await _of_task(parcel, parcel.words("news.head_agreed"))
        return
    reason = parcel.words("asked.reason", reason=literal(parcel.payload.get("reason", ""), 300))
    await _of_task(parcel, parcel.words("news.head_refused"), reason, parcel.words("news.head_refused_text"))


async def _unreached(parcel: Parcel) -> None:
    letter = await asked.letter(parcel.payload["notice"])
    said = lines(
        bold(parcel.words("news.unreached")),
        literal(letter.target, 80),
        parcel.words.html("card.number", number=letter.task_number),
    )
    link = parcel.services.district.link(f"/console/tasks/{letter.task_number}")
    await parcel.news(View(said, rows([Button(parcel.words("button.console"), url=link)])))


async def _team_changed(parcel: Parcel) -> None:
    found = await asked.asked_out(parcel.payload["substitution"])
    await _of_task(
        parcel,
        parcel.words.html("news.team_changed", name=found.name),
        literal(views.decided(found, parcel.words)),
    )


async def _review_asked(parcel: Parcel) -> None:
    found = await results.reviewed(parcel.payload["task"])
    link = parcel.services.district.link(f"/console/tasks/{found.number}")
    await parcel.news(reviews.review(found, link, parcel.words), f"review:{found.id}")


async def _review_returned(parcel: Parcel) -> None:
    reason = parcel.words("asked.reason", reason=literal(parcel.payload.get("reason", ""), 300))
    await _of_task(parcel, parcel.words("news.returned"), reason)


async def _reminder(parcel: Parcel) -> None:
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


KINDS: dict[str, Callable[[Parcel], Awaitable[None]]] = {
    "card": _card,
    "task.assigned": _assigned,
    "visit.proposed": _proposed,
    "visit.fixed": _fixed,
    "visit.declined": _declined,
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
    "team.changed": _team_changed,
    "review.asked": _review_asked,
    "review.returned": _review_returned,
    "reminder": _reminder,
    **afterwards_news.KINDS, **calendar_news.KINDS, **draw_news.KINDS,
    **enrolment_news.KINDS, **heard_news.KINDS, **onsite_news.KINDS,
    **set_aside_news.KINDS, **visit_news.KINDS,
}
