"""Photos that arrive with the companion: how many a second, and how late the loop runs meanwhile.

    python -m tests.bench.bench_uploads [--photos 50] [--megabytes 4] [--at-once 8] [--rounds 3]

The served process takes the photos; beside it a process that does nothing but count its own lateness (the machine's
share in it), and the bare way, the same bytes written and synced by one aiohttp handler, in turns with ours. Prints
JSON. Goal: loop lag p99 at most 10 ms above the idle process's while 50 photos arrive.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from models import store
from tests.conftest import fill_empty_database
from tests.journeys.carrying import Carrier, carrier, scene, session, twins
from tests.journeys.served import ROOT, Served, on_site
from tests.support import district
from tests.support.practice_phones import practice

BARE = """
import asyncio, os, secrets, sys
from pathlib import Path
from aiohttp import web

async def take(request):
    path = Path(sys.argv[1]) / secrets.token_hex(8)
    with path.open("wb") as file:
        async for piece in request.content.iter_chunked(65536):
            file.write(piece)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    return web.Response()

app = web.Application(client_max_size=1 << 30)
app.router.add_put("/", take)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[2]), print=None)
"""

IDLE = """
import asyncio, json, signal, sys
from tests.journeys.watched import spread, tick

async def main():
    lags, done = [], asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, done.set)
    ticking = asyncio.create_task(tick(lags))
    await done.wait()
    print(json.dumps(spread(lags)))

asyncio.run(main())
"""


async def child(*words: str, **how: Any) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE, **how
    )


async def at_once(jobs: list[Any], limit: int) -> float:
    """Seconds that all jobs take, so many at a time."""
    room = asyncio.Semaphore(limit)

    async def one(job: Any) -> None:
        async with room:
            await job()

    begun = time.perf_counter()
    await asyncio.gather(*(one(job) for job in jobs))
    return time.perf_counter() - begun


async def bare(folder: Path, port: int, photos: list[Any], limit: int) -> float:
    (folder / "bare").mkdir(exist_ok=True)
    server = await child("-c", BARE, str(folder / "bare"), str(port))
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            await _answers(http)

            async def send(data: Any) -> None:
                async with http.put("/", data=data[0 : len(data)]) as answer:
                    assert answer.status == 200

            return await at_once([lambda data=data: send(data) for data in photos], limit)
    finally:
        server.kill()
        await server.wait()


async def _answers(http: aiohttp.ClientSession) -> None:
    for _ in range(200):
        try:
            async with http.get("/"):
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)


async def ours(served: Served, one: Carrier, out: Path, photos: list[Any], limit: int) -> dict[str, Any]:
    """One round on a process of its own: photos a second, and both loops' lateness while they arrive."""
    await served.start()
    await one.carry(photos[0])
    idle = await child("-c", IDLE)
    await asyncio.sleep(1.5)
    assert served.process
    served.process.send_signal(signal.SIGUSR1)
    seconds = await at_once([lambda data=data: one.carry(data) for data in photos[1:]], limit)
    idle.terminate()
    said, _ = await idle.communicate()
    await served.stop(within=30)
    seen = json.loads(out.read_text())
    return {
        "seconds": seconds,
        "lag_ms": seen["lag_ms"],
        "idle_lag_ms": json.loads(said),
        "most_mb": seen["most_mb"],
    }


async def measure(folder: Path, photos: int, megabytes: float, limit: int, rounds: int) -> dict[str, Any]:
    template, out = folder / "template.sqlite3", folder / "watched.json"
    await fill_empty_database(f"sqlite://{template}")
    supply = twins(scene(2400, 85), int(megabytes * 1_000_000))
    ratios, told = [], []
    async with (
        practice() as stage,
        Served(stage, folder / "data", command=("tests.journeys.watched", str(out))) as served,
    ):
        task, _ = await on_site(template, served, "GA", 1)
        async with store.opened(f"sqlite://{served.database}", objects_at=served.folder / "objects"):
            cookie, csrf = await session((await district.team_of(task))["GA"][0].id)
        async with carrier(served.port, task.number, cookie, csrf, part=1 << 20) as one:
            for turn in range(rounds):
                batch = [next(supply) for _ in range(photos + 1)]
                plain = await bare(folder, served.port + 1, batch[1:], limit)
                told.append(await ours(served, one, out, batch, limit))
                ratios.append(told[turn]["seconds"] / plain)
            assert not one.refused, one.refused
    return {
        "bench": "uploads",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": [round(one, 1) for one in os.getloadavg()],
        "photos": photos,
        "photo_bytes": int(megabytes * 1_000_000),
        "at_once": limit,
        "photos_per_second": round(statistics.median(photos / one["seconds"] for one in told), 2),
        "time_to_bare": round(statistics.median(ratios), 2),
        "lag_ms_p99": sorted(one["lag_ms"]["p99"] for one in told),
        "idle_lag_ms_p99": sorted(one["idle_lag_ms"]["p99"] for one in told),
        "most_mb": max(one["most_mb"] for one in told),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=50)
    parser.add_argument("--megabytes", type=float, default=4.0)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder), asked.photos, asked.megabytes, asked.at_once, asked.rounds))
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
