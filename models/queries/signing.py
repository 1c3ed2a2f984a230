"""Who has signed the record sheets of many tasks, asked of the database together (Art. 16 (3))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from models.queries.record_version import version_of
from models.rules import text
from models.rules.public.record import SignatureFacts as Under
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
    result: dict[int, tuple[bool, int, int]] = {}
    for task in tasks:
        if (row := last.get(task.id)) is None:
            result[task.id] = (False, 0, 0)
            continue
        version = version_of(task, row, [signature for signature in signed if signature.record_id == row.id])
        paper = sum(1 for of, at in photos if of == task.id and at >= row.at)
        result[task.id] = (True, *counted(version.came, version.signatures, paper))
    return result


async def unsigned(tasks: Sequence[Task]) -> dict[int, datetime]:
    """By task since when its last version waits for the signature of an officer who came; only while it can be given."""
    return {task: at for task, (at, _) in (await awaited(tasks)).items()}


async def awaited(tasks: Sequence[Task]) -> dict[int, tuple[datetime, tuple[str, ...]]]:
    """By task since when its last version waits, and the codes of the officers who have not signed it."""
    ids = [task.id for task in tasks if task.state in SIGNED_IN and task.ended_at]
    last = {row.task_id: row for row in await Record.filter(task_id__in=ids).order_by("version")}
    if not last:
        return {}
    given: dict[int, list[Under]] = defaultdict(list)
    under = Signature.filter(record_id__in=[row.id for row in last.values()], role="officer")
    for signature in await under.only("record_id", "role", "name", "position", "refused", "at"):
        given[signature.record_id].append(
            Under(
                signature.role,
                text.name(signature.name),
                text.name(signature.position),
                signature.refused,
                signature.at,
            )
        )
    still = {task: lacking(members(row.facts["team"]), given[row.id]) for task, row in last.items()}
    return {
        task: (row.at, tuple(officer.code for officer in still[task]))
        for task, row in last.items()
        if still[task]
    }
