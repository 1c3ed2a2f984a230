"""`feed`: whether somebody's private calendar has an address, and a new one in its place (Art. 15)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from models import store
from models.procedure import calendar_feed
from models.queries.calendar_feed import account_named, given_out
from models.queries.person import AccountHolder
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from server.calendar_feed import addresses
from server.commands import DONE, Commands, Order
from server.config import district_of


def add(commands: Commands) -> None:
    inner = Commands(commands.add("feed"), commands.words)
    for name, run in (("show", show), ("reset", reset)):
        inner.add(name, run, key=f"feed.{name}").add_argument("who", metavar="WHO")


async def show(order: Order) -> int:
    """Since when the address of this account stands."""
    async with store.opened(order.settings.database):
        account = await _account(order)
        since = (await given_out([account.id])).get(account.id)
    if since:
        order.say("cli.feed.since", name=account.name, at=since)
    else:
        order.say("cli.feed.none", name=account.name)
    return DONE


async def reset(order: Order) -> int:
    """Print a new address; the one before stops at once."""
    token = secrets.token_urlsafe(24)
    async with store.opened(order.settings.database):
        account = await _account(order)
        await calendar_feed.reset(account.id, token, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC))
    order.say("cli.feed.done", name=account.name, address=addresses(district_of(order.settings), token)[0])
    return DONE


async def _account(order: Order) -> AccountHolder:
    if account := await account_named(order.arguments.who):
        return account
    raise Refusal("calendar_feed.unknown", article="15")
