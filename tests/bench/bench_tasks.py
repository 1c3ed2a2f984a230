"""200 phones ask for their tasks at once: `python -m tests.bench.bench_tasks`. Prints the median and the slowest, and
how many statements a first and a second request take."""

from __future__ import annotations

import asyncio
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "1")

PHONES = 200


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that the database is asked meanwhile, as the ORM logs them."""
    said: list[str] = []
    ear = logging.Handler()
    ear.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("tortoise.db_client")
    level = log.level
    log.addHandler(ear)
    log.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        log.removeHandler(ear)
        log.setLevel(level)


async def main() -> None:
    from models import store
    from models.objects import object_store
    from tests.conftest import fill_empty_database
    from tests.server.companion.phone import on_site
    from tests.server.pages import site
    from tests.support import district as sample

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/bench.db"
        await fill_empty_database(url)
        async with store.opened(url):
            store.objects = await object_store(f"{folder}/objects")
            await sample.found()
            async with site() as here:
                visit = await on_site(here)
                phones = [visit.everybody[n % len(visit.everybody)] for n in range(PHONES)]
                with statements() as said:
                    await phones[0].get("/tasks")
                print("statements, first:", len(said))
                with statements() as said:
                    await phones[1].get("/tasks")
                print("statements, a colleague's:", len(said))
                for round_ in range(3):
                    await visit.leader.act(
                        visit.number, "answer", question=1, verdict="na", seen=round_, note=str(round_)
                    )
                    took = await asyncio.gather(*(_timed(one) for one in phones))
                    print(
                        f"{PHONES} at once: median {statistics.median(took):.2f} s, slowest {max(took):.2f} s"
                    )


async def _timed(one: Any) -> float:
    since = time.perf_counter()
    answer = await one.get("/tasks")
    assert answer.status == 200, answer.status
    return time.perf_counter() - since


if __name__ == "__main__":
    asyncio.run(main())
