"""准备材料: the entity ticks what it has ready, line by line, before the visit (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models import store
from models.operations import event
from models.procedure import notice_records
from models.procedure import task as tasks
from models.refusal import Refusal
from models.rules.actor import Actor
from models.states import UNTIL_CONCLUDED
from models.tables import Notice, Preparation


@store.transactional
async def tick(
    number: str, changed: Mapping[int, bool], *, by: Actor, at: datetime, key: str | None = None
) -> None:
    """Lines (counted from 1) that became ready or are not any more; lines not named stay as they are."""
    letter, task = await notice_records.heard(number, by)
    if await event.find_by_key(key):
        return
    tasks.in_state(task, *UNTIL_CONCLUDED, article="16(2)")
    stored = {row.number: row for row in await Preparation.filter(task=task)}
    rows = []
    for line, ready in sorted(changed.items()):
        text, before = line_of(letter, line), stored.get(line)
        if ready == bool(before and before.ready and before.text == text):
            continue
        row = before or Preparation(task=task, number=line, text=text)
        row.text, row.ready, row.by, row.at = text, ready, by.mark, at
        await row.save()
        rows.append(row)
    if rows:
        lines = {
            "ready": [r.number for r in rows if r.ready],
            "open": [r.number for r in rows if not r.ready],
        }
        await notice_records.record(letter, "entity.prepared", by, at, key=key, rows=rows, **lines)


def line_of(notice: Notice, line: int) -> str:
    """The words of a line of the letter's list."""
    materials: list[str] = notice.letter.get("materials", [])
    if not 1 <= line <= len(materials):
        raise Refusal("entity.no_line", article="16(2)", line=line, lines=len(materials))
    return materials[line - 1]
