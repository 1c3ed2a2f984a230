"""`credit`: the district's credit record as a file for the credit platform (Art. 19)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from models import store
from models.queries import credit as queries
from models.queries.known import department_asked
from models.rules.visit import local_day
from server.commands import DONE, Commands, Order
from server.credit_files import credit_mapping, exported
from server.platform_files import FileAdapter


def add(commands: Commands) -> None:
    inner = Commands(commands.add("credit"), commands.words)
    parser = inner.add("export", export, key="credit.export")
    parser.add_argument("file", type=Path)
    parser.add_argument("--mapping", type=Path, metavar="TOML")
    parser.add_argument("--department", default="", metavar="CODE")


async def export(order: Order) -> int:
    """Every entry that may leave; those that stopped are named so that they are taken off there."""
    asked = order.arguments
    written = asked.mapping.read_text(encoding="utf-8-sig") if asked.mapping else ""
    mapping, adapter = credit_mapping(written, order.words), FileAdapter(asked.file)
    async with store.opened(order.settings.database):
        department = await department_asked(asked.department) if asked.department else None
        entries = await queries.entries(department, local_day(datetime.now(UTC)))
    lines = exported(entries, mapping)
    adapter.give(mapping, lines)
    order.say("cli.credit.exported", n=len(lines), held=len(entries) - len(lines), file=asked.file)
    return DONE
