"""What an act costs: `python -m tests.bench.bench_sealing`. Prints statements and microseconds of processor time for each.

An answer writes one new row; the copies of a photo change one, which is looked at before and after.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.bench.bench_tasks import statements

TIMES = 200


async def main() -> None:
    from models import store
    from models.objects import object_store
    from models.procedure import inspection, photo
    from models.queries.sheet import sheet_of
    from models.tables import Photo
    from tests.conftest import fill_empty_database
    from tests.support.district import VISIT, team_of
    from tests.support.evidence import on_site

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.db"
        await fill_empty_database(url)
        async with store.opened(url):
            store.objects = await object_store(f"{folder}/objects")
            task = await on_site()
            ask, people = (await sheet_of(task)).asks[0], await team_of(task)
            by = people[ask.department][0]

            async def answer(n: int) -> None:
                verdict = "pass" if n % 2 else "fail"
                await inspection.answer(
                    task.number, ask.number, verdict=verdict, note=f"示例{n}", by=by, at=VISIT
                )

            shot = await Photo.all().first()

            async def copies(n: int) -> None:
                await photo.developed(shot.id, at=VISIT, thumbnail=f"{n:064x}", stamped=shot.stamped)

            for name, act in {"an answer": answer, "a photo's copies": copies}.items():
                await _measured(name, act)


async def _measured(name: str, act: Callable[[int], Awaitable[None]]) -> None:
    from models.operations import sealing

    look, spent = sealing._look, 0.0

    async def timed(*args: Any) -> None:
        nonlocal spent
        began = time.process_time()
        await look(*args)
        spent += time.process_time() - began

    for n in range(20):
        await act(n)
    with statements() as said:
        await act(20)
    sealing._look = timed
    began = time.process_time()
    for n in range(21, 21 + TIMES):
        await act(n)
    took = time.process_time() - began
    sealing._look = look
    looks = [one for one in said if one.startswith("SELECT * FROM")]
    print(
        f"{name}: {len(said)} statements, {took / TIMES * 1e6:.0f} µs; of them sealing {len(looks)} statements, "
        f"{spent / TIMES * 1e6:.0f} µs beside the look before a change"
    )


if __name__ == "__main__":
    asyncio.run(main())
