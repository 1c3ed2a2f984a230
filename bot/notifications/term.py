"""The morning word: every term that is due in one message, each with the act that ends it a tap away (U24, Art. 14-20)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.buttons import Act
from bot.cards import STAYS
from bot.notifications.notification import OutgoingNotification
from bot.views import Button, View, bold, button, lines, rows
from bot.views import term as views
from models.queries import inbox
from models.rules.actor import Role
from models.rules.term.kinds import OF_AN_ORDER

OF_TASK = {"accept": Act.ACCEPT, "network": Act.NETWORK, "fix": Act.DAYS, "sign": Act.RECORD}
OF_HEAD = {
    "substitution": Act.ASKED, "recusal": Act.RECUSAL, "refusal": Act.ASKED_REFUSAL, "objection": Act.OBJECTION,
    "revised": Act.REVISION,
    "consent": Act.PLAN_ASKED, "plan": Act.PLAN_READY, "merge": Act.MERGE_ASKED, "scheme": Act.SCHEME_ASKED,
    "resolution": Act.RESOLUTION,
}  # fmt: skip
AT_THE_DESK = {
    "plan": "/console/drafts", "consent": "/console/drafts", "merge": "/console/merges", "scheme": "/console/schemes",
    "register": "/console/", "certificate": "/console/registers/inspectors",
    "expert": "/console/registers/inspectors?expert=yes", "agency": "/console/registers/agencies",
    "calendar": "/console/registers#calendar",
    "resolution": "/console/conference", "credit": "/console/credit", "repair": "/console/credit",
    "retention": "/console/retention",
}  # fmt: skip
NOT_THEIRS = {Role.INSPECTOR: ("certificate",)}  # kinds that a role hears of and does nothing about here


async def _reminder(parcel: OutgoingNotification) -> None:
    """What is late first, then today's, then what comes; what has no room stands on the desk."""
    due = sorted(parcel.payload["tasks"], key=lambda term: (term["left"] >= 0, term["due"]))
    shown = due[: views.NAMED]
    officer = parcel.by.role == Role.INSPECTOR
    mine = {line.number: line.id for line in await inbox.tasks_of(parcel.by.id, parcel.at)} if officer else {}
    keys = [_act(term, mine, parcel) for term in shown]
    desk = Button(
        parcel.words("button.console"), url=parcel.services.district.link("/console/tasks?due=overdue")
    )
    text = lines(
        bold(parcel.words("news.reminder", n=len(due))), *views.grouped(shown, parcel.words),
        parcel.words("news.reminder.more", n=len(due) - len(shown)) if len(due) > len(shown) else None,
    )  # fmt: skip
    once = [key for n, key in enumerate(keys) if key not in keys[:n]]
    name = hashlib.sha256(parcel.key.encode()).hexdigest()[:24]
    later = [button(parcel.words("button.snooze"), Act.SNOOZES)] if due[-1]["left"] > 0 else []
    await parcel.news(View(text, rows(*once, later, [] if officer else [desk])), f"{STAYS}:{name}")


def _act(term: Mapping[str, Any], mine: Mapping[str, int], parcel: OutgoingNotification) -> list[Button]:
    """The act in chat; where there is none for this person, the way to it on the console."""
    kind, number, words, role = term.get("kind", "entry"), term["task"], parcel.words, parcel.by.role
    if kind in NOT_THEIRS.get(role, ()):
        return []
    if kind == "answer" and role == Role.INSPECTOR:  # one press for all of them
        act = Act.PROPOSALS if term["left"] >= 0 else Act.READY
        return [button(words("button.term.answer" if act == Act.PROPOSALS else "button.term.go_on"), act)]
    if kind == "register" and role == Role.INSPECTOR and term.get("about"):
        return [button(words("button.term.register"), Act.ENQUIRY, term["about"])]
    if kind in OF_AN_ORDER and term.get("about") and (number in mine or role == Role.HEAD):
        return [button(words(f"button.term.{kind}", number=number), Act.ORDER, term["about"])]
    if (
        kind == "revision" and role == Role.INSPECTOR
    ):  # a published task is in no officer's list but the leader's
        return [button(words("button.term.revision", number=number), Act.RESULT, term["id"])]
    if number and number in mine:
        act = OF_TASK.get(kind, Act.OPEN)
        label = "button.open_number" if act == Act.OPEN else f"button.term.{kind}"
        return [button(words(label, number=number), act, mine[number])]
    named = number or words(f"term.kind.{kind}")
    if role == Role.HEAD and kind in OF_HEAD and term.get("about"):
        return [button(words("button.term.decide", number=named), OF_HEAD[kind], term["about"])]
    if role == Role.HEAD and kind in ("review", "publication"):
        return [button(words("button.term.decide", number=named), Act.REVIEW, term["id"])]
    place = AT_THE_DESK.get(kind) or f"/console/tasks/{number}"
    return [Button(words("button.term.see", number=named), url=parcel.services.district.link(place))]


KINDS: dict[str, Callable[[OutgoingNotification], Awaitable[None]]] = {"reminder": _reminder}
