"""`register`: one row of a register shown, entered, edited, taken out or restored (Art. 4, 9, 10)."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from models import store
from models.procedure import register_entry
from models.procedure.register_entry import EntryOutcome
from models.queries import register_list, year_visits
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.entry import CODE
from models.rules.visit import local_day
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
            parser.add_argument("cells", nargs="+", metavar="COLUMN=VALUE", type=cell_given)
            parser.add_argument("--confirm-alike", action="store_true")
        if name != "show":
            parser.add_argument("--reason", default="", required=name in ("retire", "restore"))


def cell_given(written: str) -> tuple[str, str]:
    column, equals, value = written.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{written!r}: COLUMN=VALUE")
    return column, value


async def show(order: Order) -> int:
    """The row as it stands, and what was done to it."""
    async with store.opened(order.settings.database):
        kind, code = order.arguments.kind, order.arguments.code
        entry = await register_list.entry(kind, code, by=OFFICE)
        year = local_day(datetime.now(UTC)).year
        visits = (
            await year_visits.of_target(code, year, order.settings.visits_a_year)
            if kind == "targets"
            else None
        )
    if entry is None:
        raise Refusal("registry.no_row", "10", number=order.arguments.code)
    for column, value in entry.cells.items():
        print(f"{column}={value}")  # noqa: T201
    if visits:
        left = order.words("cli.register.year.unlimited") if visits.left is None else visits.left
        counted = visits.visits
        order.say(
            "cli.register.year", year=visits.year, registered=counted.registered, drawn=counted.drawn, pools=counted.pools,
            left=left,
        )  # fmt: skip
    for past in entry.past:
        act = order.words(f"web.register.act.{past.act}")
        cells = "; ".join(f"{column}: {before} → {after}" for column, before, after in past.cells)
        order.say(
            "cli.register.past", at=past.at, by=past.by, act=act, cells=cells, text=past.reason or past.source
        )
    return DONE


async def new(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        outcome = await register_entry.enter(
            asked.kind, _cells(order), by=OFFICE, at=datetime.now(UTC), reason=asked.reason, confirmed=asked.confirm_alike
        )  # fmt: skip
    return _told(order, outcome)


async def change(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        outcome = await register_entry.edit(
            asked.kind, asked.code, _cells(order), by=OFFICE, at=datetime.now(UTC), reason=asked.reason
        )
    return _told(order, outcome)


async def retire(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        outcome = await register_entry.take_out(
            asked.kind, asked.code, asked.reason, by=OFFICE, at=datetime.now(UTC)
        )
    return _told(order, outcome)


async def restore(order: Order) -> int:
    asked = order.arguments
    async with store.opened(order.settings.database):
        outcome = await register_entry.restore(
            asked.kind, asked.code, asked.reason, by=OFFICE, at=datetime.now(UTC)
        )
    return _told(order, outcome)


def _cells(order: Order) -> dict[str, str]:
    """The cells that were given. Refuses a column that the register does not have."""
    given, known = dict(order.arguments.cells), COLUMNS[order.arguments.kind]
    if wrong := sorted(set(given) - set(known)):
        raise Refusal("registry.no_column", "10", column=wrong[0], columns=list(known))
    return given


def _told(order: Order, outcome: EntryOutcome) -> int:
    for remark in (*outcome.bad, *outcome.asked):
        order.say(
            "cli.register.bad",
            column=remark.column,
            value=remark.value,
            reason=order.words(f"row.{remark.reason}", **remark.params),
        )
    if not outcome.taken:
        order.say("cli.register.nothing")
        return REFUSED
    order.say("cli.register.done" if outcome.changed else "cli.register.same", code=outcome.code)
    return DONE
