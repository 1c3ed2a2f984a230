"""Who has signed the record sheets of many tasks, asked of the database together (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence

from models.queries.record import version_of
from models.tables import Photo, Record, Signature, Task


async def signed_of(tasks: Sequence[Task]) -> dict[int, tuple[bool, int, int]]:
    """By task (with its target) whether there is a record sheet, how many signed its last version, and how many have
    to: each officer who came by then, and the entity.
    """
    ids = [task.id for task in tasks]
    last = {row.task_id: row for row in await Record.filter(task_id__in=ids).order_by("version")}
    signed = await Signature.filter(record_id__in=[row.id for row in last.values()]).order_by("id")
    photos = await Photo.filter(task_id__in=ids, about="record", removed_at=None).values_list("task_id", "at")
    found: dict[int, tuple[bool, int, int]] = {}
    for task in tasks:
        if (row := last.get(task.id)) is None:
            found[task.id] = (False, 0, 0)
            continue
        version = version_of(task, row, [one for one in signed if one.record_id == row.id])
        came = sum(1 for member in version.facts["team"] if member[5])
        heard = version.entity is not None or any(of == task.id and at >= row.at for of, at in photos)
        found[task.id] = (True, came - len(version.missing) + heard, came + 1)
    return found
