"""`items`: what differs from the public item list, and its next public version with the reason (Art. 9)."""

from __future__ import annotations

from datetime import UTC, datetime

from models import store
from models.procedure import item_list as acts
from models.queries import item_list
from models.rules.actor import Actor, Role
from models.rules.item_list import ListReason
from server.commands import DONE, Commands, Order


def add(commands: Commands) -> None:
    inner = Commands(commands.add("items"), commands.words)
    inner.add("show", show, key="items.show")
    parser = inner.add("publish", publish, key="items.publish")
    parser.add_argument("--reason", required=True, choices=[reason.value for reason in ListReason])
    parser.add_argument("--words", required=True)


async def show(order: Order) -> int:
    """The versions, and what the register says otherwise than the newest."""
    async with store.opened(order.settings.database):
        versions, differs = await item_list.versions(), await item_list.unpublished()
    for version in versions:
        reason = order.words(f"web.items.reason.{version.reason}")
        order.say(
            "cli.items.version", number=version.number, at=version.at, reason=reason, words=version.words
        )
    order.say(
        "cli.items.pending",
        added=len(differs.added),
        removed=len(differs.removed),
        changed=len(differs.changed),
    )
    return DONE


async def publish(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        version = await acts.publish(
            asked.reason, asked.words, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC)
        )
    order.say("cli.items.published", number=version.number, items=version.items)
    return DONE
