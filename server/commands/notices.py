"""`notices trail`: how the entity of a task was told, for a file or a pipe (Art. 16 (2), 20)."""

from __future__ import annotations

import sys
from pathlib import Path

from models import store
from models.queries import notices
from models.refusal import Refusal
from server.commands import DONE, Commands, Order
from server.documents.trail_file import as_csv, as_json, as_workbook


def add(commands: Commands) -> None:
    inner = Commands(commands.add("notices"), commands.words)
    parser = inner.add("trail", trail, key="notices.trail")
    parser.add_argument("task", metavar="TASK")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true")
    form.add_argument("--csv", action="store_true")
    form.add_argument("--xlsx", type=Path, metavar="FILE")


async def trail(order: Order) -> int:
    """Every step in its order: as lines to read, as CSV, as XLSX, or as JSON."""
    asked = order.arguments
    async with store.opened(order.settings.database):
        steps = await notices.timeline(asked.task)
        if not steps and not await notices.task_exists(asked.task):
            raise Refusal("task.unknown", article="16(2)", task=asked.task)
    if not steps:
        raise Refusal("notice.none_yet", article="16(2)", task=asked.task)
    if asked.xlsx:
        asked.xlsx.write_bytes(as_workbook(steps, order.words))
        return DONE
    if asked.json or asked.csv:
        data = as_json(asked.task, steps) if asked.json else as_csv(steps, order.words)
        sys.stdout.write(data.decode())
        return DONE
    for step in steps:
        channel = order.words(f"web.channel.{step.channel}") if step.channel else ""
        order.say(
            "steps.line", at=step.at, number=step.number, what=order.words(f"web.event.{step.kind}"),
            more=" ".join(part for part in (channel, step.detail) if part),
        )  # fmt: skip
    return DONE
