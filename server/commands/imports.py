"""`import`: 一单两库 from CSV files, every bad row named by number, column, value and reason (Art. 9, 10)."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from models import store
from models.procedure import registry
from models.rules.actor import Actor, Role
from server.commands import DONE, REFUSED, Commands, Order

KINDS = {
    "departments": registry.import_departments,
    "items": registry.import_items,
    "checklists": registry.import_checklists,
    "targets": registry.import_targets,
    "inspectors": registry.import_inspectors,
}
MOST_SHOWN = 50


def add(commands: Commands) -> None:
    parser = commands.add("import", run)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--keep-good", action="store_true")
    parser.set_defaults(formatter_class=argparse.RawDescriptionHelpFormatter)


async def run(order: Order) -> int:
    """Import one file; nothing is stored while a row is bad, unless the good ones are asked for."""
    asked = order.arguments
    data = asked.file.read_bytes()
    async with store.opened(order.settings.database):
        report = await KINDS[asked.kind](
            data, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC), keep_good=asked.keep_good
        )
    for row in report.bad[:MOST_SHOWN]:
        reason = (
            order.words(f"row.{row.reason}", **row.params)
            if order.words.has(f"row.{row.reason}")
            else row.reason
        )
        order.say("cli.import.bad", number=row.number, column=row.column, value=row.value, reason=reason)
    if len(report.bad) > MOST_SHOWN:
        order.say("cli.import.more", n=len(report.bad) - MOST_SHOWN)
    order.say(
        "cli.import.done",
        rows=report.rows,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        bad=len(report.bad),
    )
    if report.bad and not asked.keep_good:
        order.say("cli.import.nothing")
        return REFUSED
    return DONE
