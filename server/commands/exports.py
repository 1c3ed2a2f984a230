"""`export`: a register, the streets or the days off as a file that comes back unchanged (Art. 9, 10)."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from models import store
from server.commands import DONE, REFUSED, Commands, Order
from server.registers import FORMS, REGISTERS, export, xlsform


def add(commands: Commands) -> None:
    parser = commands.add("export", run)
    parser.add_argument("kind", choices=sorted(REGISTERS))
    parser.add_argument("file", type=_file)
    parser.add_argument("--xlsform", metavar="CODE", default="")


def _file(written: str) -> Path:
    path = Path(written)
    if path.suffix.lower().removeprefix(".") not in FORMS:
        raise argparse.ArgumentTypeError(f"{written!r}: " + ", ".join(f".{form}" for form in FORMS))
    return path


async def run(order: Order) -> int:
    """Write the file beside its place and put it there when it is whole."""
    kind, path = order.arguments.kind, order.arguments.file
    if order.arguments.xlsform:
        return await _form(order, path)
    with TemporaryDirectory(prefix=".export-", dir=path.absolute().parent) as room:
        created = Path(room, path.name)
        async with store.opened(order.settings.database):
            rows = await export(kind, path.suffix.lower().removeprefix("."), created)
        await asyncio.to_thread(created.replace, path)
    order.say("cli.export.done", rows=rows, file=path)
    return DONE


async def _form(order: Order, path: Path) -> int:
    """One checklist in the field's own form."""
    if order.arguments.kind != "checklists" or path.suffix.lower() != ".xlsx":
        order.say("cli.export.xlsform")
        return REFUSED
    async with store.opened(order.settings.database):
        form = await xlsform(order.arguments.xlsform)
    await asyncio.to_thread(path.write_bytes, form)
    order.say("cli.export.form", code=order.arguments.xlsform, file=path)
    return DONE
