"""`import`: 一单两库, streets and days off from files, every bad row named by number, column, value and reason (Art. 9, 10)."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from models import store
from models.procedure.registry import ImportReport
from models.rules.actor import Actor, Role
from models.rules.registry.cells import Remark
from models.rules.registry.progress import ImportProgress, watched
from models.rules.registry.table import TablePlace
from server.commands import DONE, REFUSED, Commands, Order, values
from server.registers import REGISTERS, template

MOST_SHOWN = 50
SAID_EVERY = 2.0  # seconds


def add(commands: Commands) -> None:
    parser = commands.add("import", run)
    parser.add_argument("kind", choices=sorted(REGISTERS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--template", action="store_true")
    parser.add_argument("--source", default="")
    parser.add_argument("--date", type=values.day)
    parser.add_argument("--sheet", default="")
    parser.add_argument("--heading-row", type=values.counted, default=0)
    parser.add_argument("--keep-good", action="store_true")
    parser.add_argument("--confirm", "--confirm-alike", action="store_true", dest="confirm")


async def run(order: Order) -> int:
    """Import one file; nothing is stored while a row is bad, unless the good ones are asked for."""
    asked = order.arguments
    register = REGISTERS[asked.kind]
    if asked.template:
        asked.file.write_bytes(template(asked.kind, "csv" if asked.file.suffix == ".csv" else "xlsx"))
        order.say("cli.import.template", file=asked.file)
        return DONE
    data = asked.file.read_bytes()
    params: dict[str, object] = {"place": TablePlace(asked.sheet, asked.heading_row)}
    params |= {"confirmed": asked.confirm} if register.confirms else {}
    if register.sourced:
        params |= {"source": asked.source or asked.file.name, "dated": asked.date}
    async with store.opened(order.settings.database):
        with watched() as progress:
            taking = asyncio.ensure_future(
                register.take(
                    data,
                    by=Actor(Role.OFFICE, "cli"),
                    at=datetime.now(UTC),
                    keep_good=asked.keep_good,
                    **params,
                )
            )
        report = await _while_saying(order, progress, taking)
    if report.place:
        order.say(
            f"cli.import.place{'.sheet' * bool(report.place.sheet)}",
            sheet=report.place.sheet,
            row=report.place.row,
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
        bad=len({remark.number for remark in report.bad}),
    )
    if report.taken:
        return DONE
    order.say(_why_not(report))
    return REFUSED


async def _while_saying(
    order: Order, progress: ImportProgress, working: asyncio.Future[ImportReport]
) -> ImportReport:
    """What comes of the import; every two seconds until then how far it is, on the error output."""
    while not (await asyncio.wait({working}, timeout=SAID_EVERY))[0]:
        key = f"import.progress.{progress.step}{'.of' * bool(progress.of)}"
        print(order.words(key, rows=progress.rows, of=progress.of), file=sys.stderr, flush=True)  # noqa: T201
    return working.result()


def _why_not(report: ImportReport) -> str:
    if report.bad:
        return "cli.import.nothing"
    return "cli.import.confirm.calendar" if report.kind == "calendar" else "cli.import.confirm"


def _list(order: Order, key: str, remarks: Sequence[Remark]) -> None:
    for remark in remarks[:MOST_SHOWN]:
        reason = order.words(f"row.{remark.reason}", **remark.params)
        order.say(key, number=remark.number, column=remark.column, value=remark.value, reason=reason)
    if len(remarks) > MOST_SHOWN:
        order.say("cli.import.more", n=len(remarks) - MOST_SHOWN)
