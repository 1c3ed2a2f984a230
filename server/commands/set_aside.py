"""`set-aside`: messages of the chat that could not be entered: the list, another try, giving one up (Art. 16 (3))."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from models import store
from models.procedure import set_aside
from models.queries import set_aside as queries
from models.rules.actor import Actor, Role
from server.commands import DONE, Commands, Order, values

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    inner = Commands(commands.add("set-aside"), commands.words)
    inner.add("list", overview, key="set-aside.list").add_argument("--json", action="store_true")
    parser = inner.add("retry", retry, key="set-aside.retry")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("update", nargs="?", type=values.whole, metavar="NUMBER")
    which.add_argument("--all", action="store_true")
    parser = inner.add("close", close, key="set-aside.close")
    parser.add_argument("update", type=values.whole, metavar="NUMBER")
    parser.add_argument("--reason", required=True)


async def overview(order: Order) -> int:
    """Everything that needs a person, and whoever waits for a neighbour for long."""
    async with store.opened(order.settings.database):
        updates = [*await queries.set_aside(), *await queries.waiting(at=datetime.now(UTC))]
        bodies = await queries.unread()
    if order.arguments.json:
        rows = [{name: str(getattr(waiting, name)) for name in waiting.__slots__} for waiting in updates]
        print(json.dumps({"updates": rows, "bodies": len(bodies)}, ensure_ascii=False))  # noqa: T201
        return DONE
    for update in updates:
        kind = order.words(f"set_aside.kind.{update.kind}")
        state = order.words(f"set_aside.state.{update.state}")
        order.say(
            "cli.set-aside.line",
            update=update.update_id,
            state=state,
            at=update.since,
            kind=kind,
            name=update.name or update.sender,
            error=update.error[:160],
        )
    order.say("cli.set-aside.count", n=len(updates), bodies=len(bodies))
    return DONE


async def retry(order: Order) -> int:
    """Once more; the running server takes it up within a second."""
    at = datetime.now(UTC)
    async with store.opened(order.settings.database):
        wanted = [order.arguments.update]
        if order.arguments.all:
            wanted = [waiting.update_id for waiting in await queries.set_aside()]
        for update in wanted:
            await set_aside.retry(update, by=OFFICE, at=at)
    order.say("cli.set-aside.retried", n=len(wanted))
    return DONE


async def close(order: Order) -> int:
    """Give one up, with a reason that stays in the event log."""
    async with store.opened(order.settings.database):
        await set_aside.close(order.arguments.update, order.arguments.reason, by=OFFICE, at=datetime.now(UTC))
    order.say("cli.set-aside.closed", update=order.arguments.update)
    return DONE
