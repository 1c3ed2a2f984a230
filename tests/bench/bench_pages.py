"""What each page costs at two sizes of the district: `python -m tests.bench.bench_pages`; with `--full` 1,000 and 100,000 tasks.

Processor time of the process (the client on the other side of the loopback is in it), steps of SQLite in hundreds, statements
and bytes of a page that was asked for before; the exponent says how its time grows with the tasks, a thousand in each batch.
"""

from __future__ import annotations

import asyncio
import math
import os
import sys
import tempfile
import time
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "1")

FULL = "--full"
TIMES = 3
PEOPLE = {"office": ("OFFICE", "测试联席办"), "head": ("HEAD", "GA"), "officer": ("INSPECTOR", "")}
SAME = (
    "/console/",
    "/console/tasks",
    "/console/notices",
    "/console/letters",
    "/console/calendar?week={monday}",
)
PAGES: tuple[tuple[str, str], ...] = (
    *((who, path) for who in PEOPLE for path in SAME),
    *(("head", f"/console/tasks?due={asked}") for asked in ("overdue", "soon", "unreached", "review")),
    *(("office", path) for path in (
        "/console/batches/{batch}", "/console/draws/{draw}", "/console/tasks/{task}", "/console/plans", "/console/people",
        "/console/people?waiting=1", "/console/credit", "/console/calendar", "/console/map", "/console/terms",
        "/console/conference", "/console/performance", "/console/map?day={monday}",
    )),
    *(("", path) for path in (
        "/", "/draws", "/draws/{draw}", "/plans", "/plans/{entry}", "/items", "/results", "/results?page=20",
        "/results?q=酒店", "/results?type=R01", "/results/{public}", "/results/figures", "/results.json", "/results.atom",
        "/sitemap.xml", "/roots",
    )),
)  # fmt: skip


async def main(sizes: tuple[int, int]) -> None:
    from models import store
    from models.rules.actor import Role
    from models.tables import Scheme, Task
    from tests.conftest import fill_empty_database
    from tests.server.pages import site
    from tests.support.crowd_of_tasks import MONDAY, crowd

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.db"
        await fill_empty_database(url)
        async with store.opened(url, objects_at=f"{folder}/objects"), site() as world:
            tasks = await crowd()
            world.clock.at = tasks.at
            measured = []
            people = {"": await world.browser()}
            for size in sizes:
                await tasks.grow(size - tasks.count)
                await tasks.spread()
                await tasks.by_hand()
                officer = await tasks.staffed()
                for who, (role, of) in PEOPLE.items():
                    people[who] = people.get(who) or await world.browser(Role[role], of or officer)
                public = await Task.filter(state="published").order_by("-id").first()
                task = await Task.filter(state="concluded").order_by("-id").first()
                assert public and task
                entry = (await Scheme.get(code=(await task.batch).scheme_id)).entry_id
                named = {"batch": task.batch_id, "draw": task.draw_id, "task": task.number, "public": public.number,
                         "entry": entry, "monday": f"{MONDAY:%Y-%m-%d}"}  # fmt: skip
                chosen = [one for one in sys.argv[1:] if one.startswith("/")]
                measured.append(
                    {
                        (who, path): await _spent(people[who], path.format(**named))
                        for who, path in PAGES
                        if not chosen or path in chosen
                    }
                )
            _say(sizes, measured)


async def _spent(browser: Any, path: str) -> tuple[float, int, int, int, float]:
    """Milliseconds of processor time, steps, statements, bytes, and the milliseconds of the first time."""
    from tests.support.rows_read import rows_read
    from tests.support.statements import counted

    async def ask() -> bytes:
        answer = await browser.client.get(path)
        assert answer.status == 200, (path, answer.status)
        return bytes(await answer.read())

    began = time.process_time()
    body = await ask()
    first = (time.process_time() - began) * 1000
    spent = []
    for _ in range(TIMES):
        began = time.process_time()
        await ask()
        spent.append((time.process_time() - began) * 1000)
    async with rows_read() as reading:
        await ask()
    async with counted() as count:
        await ask()
    return min(spent), reading.rows, len(count.statements), len(body), first


def _say(
    sizes: tuple[int, int], measured: list[dict[tuple[str, str], tuple[float, int, int, int, float]]]
) -> None:
    for (who, path), (few, fewer_steps, asked, size, first) in measured[0].items():
        many, steps, more_asked, more_size, more_first = measured[1][who, path]
        grown = math.log((many + 0.01) / (few + 0.01)) / math.log(sizes[1] / sizes[0])
        print(
            f"{who or 'public'} {path}: {few:.1f} to {many:.1f} ms ({many / few:.2f}, exponent {grown:.2f}), first {first:.0f} "
            f"to {more_first:.0f} ms; {fewer_steps} to {steps} steps; {asked} to {more_asked} statements; {size} to "
            f"{more_size} bytes"
        )


if __name__ == "__main__":
    asyncio.run(main((1_000, 100_000) if FULL in sys.argv else (1_000, 10_000)))
