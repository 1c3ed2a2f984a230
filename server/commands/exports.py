"""`export`: a register, the streets or the days off as a file that comes back unchanged (Art. 9, 10)."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from models import store
from server.commands import DONE, Commands, Order
from server.registers import FORMS, REGISTERS, export


def add(commands: Commands) -> None:
    parser = commands.add("export", run)
    parser.add_argument("kind", choices=sorted(REGISTERS))
    parser.add_argument("file", type=_file)


def _file(written: str) -> Path:
    path = Path(written)
    if path.suffix.lower().removeprefix(".") not in FORMS:
        raise argparse.ArgumentTypeError(f"{written!r}: " + ", ".join(f".{form}" for form in FORMS))
    return path


async def run(order: Order) -> int:
    """Write the file beside its place and put it there when it is whole."""
    kind, path = order.arguments.kind, order.arguments.file
    with TemporaryDirectory(prefix=".export-", dir=path.absolute().parent) as room:
        made = Path(room, path.name)
        async with store.opened(order.settings.database):
            rows = await export(kind, path.suffix.lower().removeprefix("."), made)
        await asyncio.to_thread(made.replace, path)
    order.say("cli.export.done", rows=rows, file=path)
    return DONE
