"""`invite`: a deep link good once for 24 hours; `deadline`: the N-th working day after a date."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from models import store
from models.rules.actor import Actor, Role
from server.commands import DONE, Commands, Order, values
from server.commands.calendars import calendar_of
from server.config import district_of

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
        ("--department", "DEPARTMENT"),
    ):
        whom.add_argument(option, metavar=what)
    parser.add_argument("--phone", default="")
    parser.add_argument("--out", type=Path, default=Path("invitations.pdf"))
    parser = commands.add("deadline", deadline)
    parser.add_argument("date", type=values.day)
    parser.add_argument("--days", type=values.counted, default=20)


async def invite(order: Order) -> int:
    """Print a deep link for one person of the registers."""
    from models.procedure import enrolment
    from models.queries.known import department_named

    if order.arguments.department is not None:
        return await _sheet(order)
    asked, at, token = order.arguments, datetime.now(UTC), secrets.token_urlsafe(16)
    async with store.opened(order.settings.database):
        if asked.inspector is not None:
            account = await enrolment.account_of_inspector(asked.inspector, at)
        elif asked.target is not None:
            account = await enrolment.account_of_target(asked.target, at)
        elif asked.head is not None:
            account = await enrolment.account_of_head(await department_named(asked.head), at)
        elif asked.liaison is not None:
            account = await enrolment.account_of_liaison(await department_named(asked.liaison), at)
        else:
            account = await enrolment.standing_office(asked.office)
        if asked.phone:
            await enrolment.set_number(account.id, asked.phone, by=OFFICE, at=at)
        await enrolment.invite(account.id, token, by=OFFICE, at=at)
    name = await _bot(order)
    link = f"https://t.me/{name}?start={token}" if name else f"/start {token}"
    order.say("cli.invite.done", name=account.name, link=link)
    return DONE


async def _sheet(order: Order) -> int:
    """A sheet of codes for everybody of a department who is not bound."""
    from models.procedure import invitation
    from models.queries.known import department_named
    from models.queries.person import departments
    from server.documents.invitation import invitation_sheet

    asked, at, bot = order.arguments, datetime.now(UTC), await _bot(order)
    async with store.opened(order.settings.database):
        department = await department_named(asked.department)
        together = await invitation.on_a_sheet(
            department, lambda: secrets.token_urlsafe(16), by=OFFICE, at=at
        )
        called = (await departments()).get(department, department)

    def link(token: str) -> str:
        return f"https://t.me/{bot}?start={token}" if bot else f"/start {token}"

    if together.invited:
        (paper,) = invitation_sheet(together, link, order.words, district_of(order.settings).name, called, at)
        asked.out.write_bytes(paper)
        order.say("cli.invite.sheet", number=len(together.invited), department=called, out=asked.out)
    else:
        order.say("cli.invite.nobody", department=called)
    if together.without:
        order.say("cli.invite.without", names=together.without)
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
    nth_workday_after = counted.nth_workday_after(order.arguments.date, order.arguments.days)
    order.say(
        "cli.deadline.provisional" if nth_workday_after.provisional else "cli.deadline.firm",
        date=nth_workday_after.date.isoformat(),
        weekday=order.words(f"date.weekday.{nth_workday_after.date.isoweekday()}"),
    )
    return DONE
