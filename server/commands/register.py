"""`register`: one row of a register shown, entered, edited, taken out or restored (Art. 4, 9, 10)."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from models import store
from models.procedure import register_entry
from models.procedure.register_entry import Kept
from models.queries import register_list
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.entry import CODE
from server.commands import DONE, REFUSED, Commands, Order

OFFICE = Actor(Role.OFFICE, "cli")


def add(commands: Commands) -> None:
    inner = Commands(commands.add("register"), commands.words)
    for name, run in (
        ("show", show),
        ("new", new),
        ("set", change),
        ("retire", retire),
        ("restore", restore),
    ):
        parser = inner.add(name, run, key=f"register.{name}")
        parser.add_argument("kind", choices=sorted(CODE))
        if name != "new":
            parser.add_argument("code")
        if name in ("new", "set"):
            parser.add_argument("cells", nargs="+", metavar="COLUMN=VALUE", type=_cell)
            parser.add_argument("--confirm-alike", action="store_true")
        if name != "show":
            parser.add_argument("--reason", default="", required=name in ("retire", "restore"))


def _cell(written: str) -> tuple[str, str]:
    column, equals, value = written.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{written!r}: COLUMN=VALUE")
    return column, value


async def show(order: Order) -> int:
    """The row as it stands, and what was done to it."""
    async with store.opened(order.settings.database):
        found = await register_list.entry(order.arguments.kind, order.arguments.code, by=OFFICE)
    if found is None:
        raise Refusal("registry.no_row", "10", number=order.arguments.code)
    for column, value in found.cells.items():
        print(f"{column}={value}")  # noqa: T201
    for one in found.past:
        act = order.words(f"web.register.act.{one.act}")
        cells = "; ".join(f"{column}: {before} → {after}" for column, before, after in one.cells)
        order.say(
            "cli.register.past", at=one.at, by=one.by, act=act, cells=cells, said=one.reason or one.source
        )
    return DONE


async def new(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        kept = await register_entry.enter(
            asked.kind, _cells(order), by=OFFICE, at=datetime.now(UTC), reason=asked.reason, confirmed=asked.confirm_alike
        )  # fmt: skip
    return _told(order, kept)


async def change(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        kept = await register_entry.edit(
            asked.kind, asked.code, _cells(order), by=OFFICE, at=datetime.now(UTC), reason=asked.reason
        )
    return _told(order, kept)


async def retire(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        kept = await register_entry.take_out(
            asked.kind, asked.code, asked.reason, by=OFFICE, at=datetime.now(UTC)
        )
    return _told(order, kept)


async def restore(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        kept = await register_entry.restore(
            asked.kind, asked.code, asked.reason, by=OFFICE, at=datetime.now(UTC)
        )
    return _told(order, kept)


def _cells(order: Order) -> dict[str, str]:
    """The cells that were given. Refuses a column that the register does not have."""
    given, known = dict(order.arguments.cells), COLUMNS[order.arguments.kind]
    if wrong := sorted(set(given) - set(known)):
        raise Refusal("registry.no_column", "10", column=wrong[0], columns=list(known))
    return given


def _told(order: Order, kept: Kept) -> int:
    for one in (*kept.bad, *kept.asked):
        order.say(
            "cli.register.bad",
            column=one.column,
            value=one.value,
            reason=order.words(f"row.{one.reason}", **one.params),
        )
    if not kept.taken:
        order.say("cli.register.nothing")
        return REFUSED
    order.say("cli.register.done" if kept.changed else "cli.register.same", code=kept.code)
    return DONE
