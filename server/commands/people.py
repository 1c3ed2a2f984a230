"""`invite`: a deep link good once for 24 hours; `deadline`: the N-th working day after a date."""

from __future__ import annotations

import argparse
import secrets
from datetime import UTC, date, datetime

from models import store
from models.rules.actor import Actor, Role
from server.commands import DONE, Commands, Order
from server.commands.calendars import calendar_of

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    parser = commands.add("invite", invite)
    whom = parser.add_mutually_exclusive_group(required=True)
    for option, what in (
        ("--inspector", "CERTIFICATE"),
        ("--target", "CODE"),
        ("--head", "DEPARTMENT"),
        ("--liaison", "DEPARTMENT"),
        ("--office", "NAME"),
    ):
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
    from models.procedure import enrolment

    asked, at, token = order.arguments, datetime.now(UTC), secrets.token_urlsafe(16)
    async with store.opened(order.settings.database):
        if asked.inspector:
            account = await enrolment.account_of_inspector(asked.inspector, at)
        elif asked.target:
            account = await enrolment.account_of_target(asked.target, at)
        elif asked.head:
            account = await enrolment.account_of_head(asked.head, at)
        elif asked.liaison:
            account = await enrolment.account_of_liaison(asked.liaison, at)
        else:
            account = await enrolment.account_of_office(asked.office, at)
        if asked.phone:
            await enrolment.set_number(account.id, asked.phone, by=OFFICE, at=at)
        await enrolment.invite(account.id, token, by=OFFICE, at=at)
    name = await _bot(order)
    link = f"https://t.me/{name}?start={token}" if name else f"/start {token}"
    order.say("cli.invite.done", name=account.name, link=link)
    return DONE


async def _bot(order: Order) -> str:
    """The bot's name, if it can be asked; the link works without it too."""
    if not order.settings.bot_token:
        return ""
    import aiohttp

    from server import http_answer

    url, timeout = (
        f"{order.settings.api}/bot{order.settings.bot_token}/getMe",
        aiohttp.ClientTimeout(total=10),
    )
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            return str((await http_answer.parsed(answer))["result"]["username"])
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, TypeError, ValueError):
        return ""


async def deadline(order: Order) -> int:
    """Print the N-th working day after a date by the announced calendars."""
    counted = await calendar_of(order.settings)
    found = counted.nth_workday_after(order.arguments.date, order.arguments.days)
    order.say(
        "cli.deadline.provisional" if found.provisional else "cli.deadline.firm",
        date=found.date.isoformat(),
        weekday=order.words(f"date.weekday.{found.date.isoweekday()}"),
    )
    return DONE
