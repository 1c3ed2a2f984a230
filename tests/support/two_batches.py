"""Two batches of one scheme with a target in common, each in the hands of a team of its own."""

from __future__ import annotations

from models.tables import Batch, Task
from tests.support import district
from tests.support.district import BATCH, written

OTHER = "2026-XH-GA-02-2"


async def drawn() -> tuple[Task, Task]:
    """The same hotel's task in either batch: the second batch's is moved onto a target of the first's."""
    await district.found()
    await district.drawn()
    first = await Task.all().order_by("number").first()
    assert first
    apart = await Task.exclude(team_id=first.team_id).order_by("number").first()
    assert apart
    async with written():
        batch = await Batch.get(code=BATCH)
        await Batch.create(**{
            **{name: getattr(batch, name) for name in batch._meta.db_fields if not name.endswith("_id")},
            "scheme_id": batch.scheme_id, "code": OTHER,
        })  # fmt: skip
        await Task.filter(id=apart.id).update(batch_id=OTHER, target_id=first.target_id)
    return await Task.get(id=first.id), await Task.get(id=apart.id)
