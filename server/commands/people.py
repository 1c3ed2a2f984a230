"""`invite`: a deep link good once for 24 hours; `deadline`: the N-th working day after a date."""

from __future__ import annotations

import argparse
import secrets
from datetime import UTC, date, datetime

import aiohttp

from models import store
from models.procedure import enrolment
from models.rules.actor import Actor, Role
from models.tables import Account
from server.commands import DONE, Commands, Order
from server.config import district_of

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    parser = commands.add("invite", invite)
    whom = parser.add_mutually_exclusive_group(required=True)
    for option, what in (("--inspector", "CERTIFICATE"), ("--target", "CODE"), ("--head", "DEPARTMENT"), ("--office", "NAME")):
        whom.add_argument(option, metavar=what)
    parser.add_argument("--phone", default="")
    parser = commands.add("deadline", deadline)
    parser.add_argument("date", type=_date)
    parser.add_argument("--days", type=int, default=20)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: YYYY-MM-DD") from None


async def invite(order: Order) -> int:
    """Print a deep link for one person of the registers."""
    at, token = datetime.now(UTC), secrets.token_urlsafe(16)
    async with store.opened(order.settings.database):
        account = await _account(order, at)
        await enrolment.invite(account, token, by=OFFICE, at=at)
    name = await _bot(order)
    link = f"https://t.me/{name}?start={token}" if name else f"/start {token}"
    order.say("cli.invite.done", name=account.name, link=link)
    return DONE


async def _account(order: Order, at: datetime) -> Account:
    asked = order.arguments
    if asked.inspector:
        return await enrolment.account_of_inspector(asked.inspector, at)
    if asked.target:
        return await enrolment.account_of_target(asked.target, at)
    if asked.head:
        return await enrolment.account_of_head(asked.head, at, phone=asked.phone)
    return await enrolment.account_of_office(asked.office, at)


async def _bot(order: Order) -> str:
    """The bot's name, if it can be asked; the link works without it too."""
    if not order.settings.bot_token:
        return ""
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            async with http.get(f"{order.settings.api}/bot{order.settings.bot_token}/getMe") as answer:
                return str((await answer.json(content_type=None))["result"]["username"])
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError):
        return ""


async def deadline(order: Order) -> int:
    """Print the N-th working day after a date by the announced calendars."""
    found = district_of(order.settings).calendar.nth_workday_after(order.arguments.date, order.arguments.days)
    order.say("cli.deadline.provisional" if found.provisional else "cli.deadline.firm", date=found.date.isoformat(), weekday=order.words(f"date.weekday.{found.date.isoweekday()}"))
    return DONE
