"""The served house, watched from within: how late its loop runs and how much memory it takes.

    python -m tests.journeys.watched OUT

As `shuangsuiji serve`; SIGUSR1 begins the count anew, and when it is told to stop it writes OUT (JSON).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

os.environ.setdefault("PTB_TIMEDELTA", "1")

from server import logs
from server.config import load
from server.house import house, until_told

EVERY = 0.005


async def tick(lags: list[float]) -> None:
    """How many milliseconds later than asked the loop comes back."""
    while True:
        due = time.perf_counter() + EVERY
        await asyncio.sleep(EVERY)
        lags.append((time.perf_counter() - due) * 1000)


def spread(lags: list[float]) -> dict[str, float]:
    ordered = sorted(lags) or [0.0]
    at = {name: ordered[min(int(len(ordered) * part), len(ordered) - 1)] for name, part in PARTS.items()}
    return {name: round(value, 2) for name, value in at.items()} | {"ticks": len(lags)}


PARTS = {"p50": 0.5, "p99": 0.99, "max": 1.0}


def most_memory() -> float:
    """The most this process has had in memory, in MB."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


async def main(out: Path) -> None:
    settings = load()
    logs.start(settings.log, settings.secrets)
    lags: list[float] = []
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, lags.clear)
    async with house(settings):
        ticking = asyncio.create_task(tick(lags))
        await until_told()
        ticking.cancel()
        out.write_text(json.dumps({"lag_ms": spread(lags), "most_mb": most_memory()}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
