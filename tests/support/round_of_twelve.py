"""One leader with twelve visits: the batch takes every hotel and one team goes to all of them."""

from __future__ import annotations

from models.rules.actor import Role
from models.tables import Batch, Inspector, Task
from tests.support import district
from tests.support.district import BATCH, CREW
from tests.support.snapshots import remembered

VISITS = 12


async def one_team() -> list[Task]:
    """The draw is held; nobody has accepted anything."""
    await district.found()
    await _widened()
    await district.drawn()
    return await Task.all().order_by("number")


@remembered
async def _widened() -> None:
    async with district.written():
        await Batch.filter(code=BATCH).update(strata={"A": 6, "B": 3, "C": 3}, teams={"*": 1})
    for officer in await Inspector.all():
        await district.account(Role.INSPECTOR, officer.code)
    for department in CREW:
        await district.account(Role.HEAD, department)
