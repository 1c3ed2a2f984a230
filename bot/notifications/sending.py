"""What is owed to a person goes out here: worded now, in the reader's language, with its answers below it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.cards import CardBoard
from bot.dependencies import App, dependencies_of
from bot.handlers import home, screen
from bot.handlers.current_task import card_key
from bot.limiter import seconds_of
from bot.no_evidence import redactor
from bot.notifications import (
    afterwards,
    calendar,
    certificate,
    code_override,
    conference,
    credit,
    digest,
    draw,
    enrolment,
    entity,
    no_evidence,
    notice,
    onsite,
    plan_draft,
    plan_merge,
    reassignment,
    rectification,
    register_enquiry,
    scheme_draft,
    set_aside,
    task,
    team_group,
    term,
    visit,
    visit_join,
)
from bot.notifications.notification import OutgoingNotification
from locales import words
from models.delivery import Moved, TryLater, Undeliverable
from models.procedure import dialogue
from models.queries import person as people
from models.queries.person import actor_of
from models.queries.question import question_card
from models.refusal import Refusal
from models.rules.actor import Role

log = logging.getLogger(__name__)

ASKING = {  # what a card asks for: the kind of message that draws it, and what names the thing in its payload
    "by_hand": ("notice.by_hand", "notice"), "withhold": ("notice.withhold_asked", "notice"),
    "approve": ("notice.approval_asked", "notice"), "out": ("team.asked", "substitution"),
    "refusal": ("cooperation.asked", "report"), "postponement": ("notice.postponement_asked", "postponement"),
    "correction": ("correction.asked", "correction"), "recusal": ("recusal.asked", "recusal"),
    "objection": ("objection.asked", "objection"), "review": ("review.asked", "task"),
    "revision": ("revision.proposed", "revision"), "absence": ("absence.reported", "report"),
    "witness": ("draw.witness", "pledge"), "plan_entry": ("plan.consent_asked", "entry"),
    "rectification": ("rectification.handed_in", "rectification"),
    "visit_join": ("visit.join_asked", "join"), "plan": ("plan.complete", "draft"),
    "scheme": ("scheme.sign_asked", "draft"), "plan_merge": ("plan.merge_asked", "merge"),
    "reassignment": ("task.reassignment_asked", "reassignment"), "code": ("code.asked", "override"),
}  # fmt: skip
UNHELD = {"notice.paper"}
"""A file beside the cards: it looks at none of them, and takes its time."""


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
    """Send one owed message. Raises Undeliverable (no longer reached here) or TryLater (not now).

    What it shows is read with the chat's lock held: a press that comes meanwhile is not drawn over by how the chat
    stood before it.
    """
    services = dependencies_of(application)
    actor = await people.actor(account) if isinstance(account, int) else actor_of(account)
    table = CardBoard(
        application.bot, services.district.secret, telegram_id, companion=services.district.trusted,
        curtain=redactor(services, telegram_id, words(language)),
        district=services.district.name,
    )  # fmt: skip
    parcel = OutgoingNotification(
        application,
        services,
        table,
        telegram_id,
        actor,
        words(language),
        services.now(),
        payload,
        key,
        kind,
    )
    try:
        async with nullcontext() if kind in UNHELD else table.held():
            if services.district.chat_evidence or kind == "card":
                await KINDS[kind](parcel)
            else:
                await no_evidence.deliver(kind, parcel)
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


async def _card(parcel: OutgoingNotification) -> None:
    """Something was done: the card is drawn again where it stands, without ringing."""
    kind, _, name = str(parcel.payload["subject"]).partition(":")
    if asks := ASKING.get(kind):
        if await dialogue.card(parcel.chat, f"{kind}:{name}"):
            parcel.payload[asks[1]] = int(name)
            officers = kind == "refusal" and parcel.by.role == Role.INSPECTOR
            await KINDS["cooperation.reported" if officers else asks[0]](parcel)
        return
    if kind == "list":
        if await dialogue.card(parcel.chat, "list"):
            await parcel.table.show("list", await home.home(await parcel.recipient()), quiet=True)
        return
    number = str(parcel.payload["subject"]).removeprefix("task:")
    here = await dialogue.at_card(parcel.chat, card_key(number))
    if here.subject is None:
        return
    if screen.at_checklist(number, here.prompt):
        view = screen.checklist_view(await question_card(number, parcel.by.id), here.prompt, parcel.words)
        if view is not None:
            await parcel.table.show(card_key(number), view, quiet=True)
            return
    card = await parcel.card(number)
    if screen.is_mid_input(card, here.prompt):
        return
    await parcel.table.show(
        card_key(number), screen.view(card, here.prompt, parcel.words, parcel.at), quiet=True
    )


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {
    "card": _card,
    **task.KINDS,
    **notice.KINDS,
    **afterwards.KINDS,
    **calendar.KINDS,
    **certificate.KINDS,
    **code_override.KINDS,
    **credit.KINDS,
    **digest.KINDS,
    **draw.KINDS,
    **enrolment.KINDS,
    **entity.KINDS,
    **onsite.KINDS,
    **plan_draft.KINDS,
    **plan_merge.KINDS,
    **rectification.KINDS,
    **register_enquiry.KINDS,
    **scheme_draft.KINDS,
    **conference.KINDS,
    **set_aside.KINDS,
    **team_group.KINDS,
    **term.KINDS,
    **visit.KINDS,
    **reassignment.KINDS,
    **visit_join.KINDS,
}
