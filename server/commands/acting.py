"""`act`: every act that chat, phone and console have, for when none of them can be reached (Art. 7, 14-18).

What is done here in somebody's name needs a reason; the person is told at once, and the record names the command line.
"""

from __future__ import annotations

import argparse
import secrets
from datetime import UTC, datetime
from typing import Any

import msgspec

from models import store
from models.procedure import enrolment, on_behalf
from models.queries import calendar, waiting
from models.queries.known import department_asked
from models.queries.person import AccountHolder
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from server import behalf
from server.commands import DONE, REFUSED, Commands, Order, argument_errors, shape_errors, values
from server.commands.deeds import DEEDS, shaped, subject_of
from server.companion.act_request import ActRequest
from server.config import district_of

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    inner = Commands(commands.add("act"), commands.words)
    inner.add("list", names, key="act.list")
    inner.add("waiting", for_a_head, key="act.waiting").add_argument("department", metavar="DEPARTMENT")
    parser = inner.add("do", do, key="act.do")
    parser.add_argument("act", choices=sorted(DEEDS), metavar="ACT")
    parser.add_argument("subject", metavar="SUBJECT")
    parser.add_argument("given", nargs="*", metavar="FIELD=VALUE")
    parser.add_argument("--as", dest="person", required=True, metavar="ROLE:CODE")
    parser.add_argument("--reason", default="")
    parser = inner.add("said", said, key="act.said")
    parser.add_argument("act", choices=sorted(behalf.SAID), metavar="ACT")
    parser.add_argument("task", metavar="TASK")
    parser.add_argument("given", nargs="*", metavar="FIELD=VALUE")


async def names(order: Order) -> int:
    """Every act with what it is done to, its fields and its word; `*` marks those that must be given."""
    for name, (shape, _) in sorted(DEEDS.items()):
        fields, word = _fields(shape, ("key", "said_at")), order.words(f"deed.{name}")
        order.say("cli.act.line", act=name, subject=subject_of(name), fields=fields, word=word)
    for name, (heard, _) in sorted(behalf.SAID.items()):
        fields, word = _fields(heard, ()), order.words(f"web.said.act.{name}")
        order.say("cli.act.line", act=f"said {name}", subject="TASK", fields=fields, word=word)
    return DONE


def _fields(shape: type[msgspec.Struct], hidden: tuple[str, ...]) -> str:
    results = [field for field in msgspec.structs.fields(shape) if field.name not in hidden]
    return " ".join(field.name + ("*" if field.required else "") for field in results)


async def for_a_head(order: Order) -> int:
    """What waits for the head of a department, with the number that `act do` takes."""
    async with store.opened(order.settings.database):
        for_head = await waiting.for_head(await department_asked(order.arguments.department))
    for waits in for_head:
        order.say(
            "cli.act.waits", act=waits.act, word=order.words(f"deed.{waits.act}"), id=waits.id, task=waits.task,
            target=waits.target, what=waits.what,
        )  # fmt: skip
    order.say("cli.act.waiting", n=len(for_head))
    return DONE


async def do(order: Order) -> int:
    """One act in the name of an officer or a head, or of the office itself."""
    asked, at, key = order.arguments, datetime.now(UTC), secrets.token_urlsafe(16)
    try:
        body = shaped(asked.act, _pairs(asked.given), key)
        subject = _subject(asked.act, asked.subject)
    except (argparse.ArgumentTypeError, msgspec.ValidationError) as wrong:
        return _malformed(order, wrong)
    district, (_, deed) = district_of(order.settings), DEEDS[asked.act]
    async with store.opened(order.settings.database, objects_at=order.settings.objects):
        await calendar.refresh(district)

        async def done(by: Actor) -> Any:
            return await deed(ActRequest(subject, by, at, key, district), body)

        role, _, code = asked.person.partition(":")
        if role == Role.OFFICE:
            await done(OFFICE)
        else:
            account = await account_of(role, code, at)
            await on_behalf.stand_in(account.id, asked.act, subject, asked.reason, done, by=OFFICE, at=at)
    order.say("cli.act.done", act=order.words(f"deed.{asked.act}"), subject=subject)
    return DONE


def _subject(act: str, given: str) -> str:
    """What the act is done to; a number or a day in its one form. Raises ArgumentTypeError for what is none."""
    kind = subject_of(act)
    return str(values.whole(given)) if kind == "ID" else str(values.day(given)) if kind == "DAY" else given


async def said(order: Order) -> int:
    """What an entity said by telephone, on paper or at the counter."""
    asked, at = order.arguments, datetime.now(UTC)
    try:
        given: dict[str, Any] = _pairs(asked.given)
        if "lines" in given:
            given["lines"] = given["lines"].split(",")
        async with store.opened(order.settings.database, objects_at=order.settings.objects):
            district = district_of(order.settings)
            await calendar.refresh(district)
            await behalf.enter(asked.task, asked.act, given, by=OFFICE, at=at, district=district)
    except msgspec.ValidationError as wrong:
        return _malformed(order, wrong)
    order.say("cli.act.done", act=order.words(f"web.said.act.{asked.act}"), subject=asked.task)
    return DONE


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in given]
    if bad := [name for name, equals, _ in pairs if not equals]:
        raise msgspec.ValidationError(f"{bad[0]!r}: FIELD=VALUE")
    return {name: value for name, _, value in pairs}


def _malformed(order: Order, wrong: Exception) -> int:
    why = shape_errors.worded(argument_errors.worded(str(wrong), order.words), order.words)
    order.say("cli.act.malformed", why=why, act=order.arguments.act)
    return REFUSED


async def account_of(role: str, code: str, at: datetime) -> AccountHolder:
    if role == Role.INSPECTOR:
        return await enrolment.account_of_inspector(code, at)
    if role == Role.HEAD:
        return await enrolment.account_of_head(code, at)
    if role == Role.LIAISON:
        return await enrolment.account_of_liaison(code, at)
    raise Refusal("behalf.unknown_person", article="7", person=f"{role}:{code}")
