"""`import`: 一单两库 from CSV files, every bad row named by number, column, value and reason (Art. 9, 10)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from models import store
from models.procedure import registry
from models.rules.actor import Actor, Role
from models.rules.registry_cells import Remark
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
    parser.add_argument("--confirm-alike", action="store_true")
    parser.set_defaults(formatter_class=argparse.RawDescriptionHelpFormatter)


async def run(order: Order) -> int:
    """Import one file; nothing is stored while a row is bad, unless the good ones are asked for."""
    asked = order.arguments
    data = asked.file.read_bytes()
    said: dict[str, bool] = {"confirmed": asked.confirm_alike} if asked.kind == "targets" else {}
    async with store.opened(order.settings.database):
        report = await KINDS[asked.kind](
            data, by=Actor(Role.OFFICE, "cli"), at=datetime.now(UTC), keep_good=asked.keep_good, **said
        )
    _list(order, "cli.import.bad", report.bad)
    _list(order, "cli.import.asked", report.asked)
    _list(order, "cli.import.warning", report.warnings)
    order.say(
        "cli.import.done",
        rows=report.rows,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        bad=len(report.bad),
    )
    if report.taken:
        return DONE
    order.say("cli.import.nothing" if report.bad else "cli.import.confirm")
    return REFUSED


def _list(order: Order, key: str, remarks: Sequence[Remark]) -> None:
    for one in remarks[:MOST_SHOWN]:
        reason = order.words(f"row.{one.reason}", **one.params)
        order.say(key, number=one.number, column=one.column, value=one.value, reason=reason)
    if len(remarks) > MOST_SHOWN:
        order.say("cli.import.more", n=len(remarks) - MOST_SHOWN)
