"""Who has signed the record sheets of many tasks, asked of the database together (Art. 16 (3))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from models.queries.record_version import version_of
from models.rules import text
from models.rules.public.record import Signature as Under
from models.rules.public.record import counted, members
from models.rules.public.record import unsigned as lacking
from models.states import SIGNED_IN
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
        paper = sum(1 for of, at in photos if of == task.id and at >= row.at)
        found[task.id] = (True, *counted(version.came, version.signatures, paper))
    return found


async def unsigned(tasks: Sequence[Task]) -> dict[int, datetime]:
    """By task since when its last version waits for the signature of an officer who came; only while it can be given."""
    ids = [task.id for task in tasks if task.state in SIGNED_IN and task.ended_at]
    last = {row.task_id: row for row in await Record.filter(task_id__in=ids).order_by("version")}
    given: dict[int, list[Under]] = defaultdict(list)
    under = Signature.filter(record_id__in=[row.id for row in last.values()], role="officer")
    for one in await under.only("record_id", "role", "name", "position", "refused", "at"):
        given[one.record_id].append(
            Under(one.role, text.name(one.name), text.name(one.position), one.refused, one.at)
        )
    return {task: row.at for task, row in last.items() if lacking(members(row.facts["team"]), given[row.id])}
