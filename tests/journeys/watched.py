"""The served house, watched from within: how late its loop runs and how much memory it takes.

    python -m tests.journeys.watched OUT [idle]

As `shuangsuiji serve`; SIGUSR1 begins the count anew, and when it is told to stop it writes OUT (JSON). `idle`: no
house at all; what such a process finds is the machine's own share.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

os.environ.setdefault("PTB_TIMEDELTA", "1")

from server import logs
from server.config import load
from server.runtime import run, until_stopped
from tests.support.waiting import pause, until

EVERY = 0.005


async def tick(lags: list[float]) -> None:
    """How many milliseconds later than asked the loop comes back."""
    while True:
        due = time.perf_counter() + EVERY
        await pause(EVERY)
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


async def main(out: Path, *, idle: bool) -> None:
    settings = load()
    logs.start(settings.log, settings.secrets)
    lags: list[float] = []
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, lags.clear)
    async with AsyncExitStack() as stack:
        if not idle:
            await stack.enter_async_context(run(settings))
        ticking = asyncio.create_task(tick(lags))
        out.touch()
        await until_stopped()
        ticking.cancel()
        out.write_text(json.dumps({"lag_ms": spread(lags), "most_mb": most_memory()}))


@asynccontextmanager
async def beside(out: Path) -> AsyncIterator[None]:
    """An idle process for as long as the block runs; its lateness is in `out` afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.journeys.watched", str(out), "idle", cwd=Path(__file__).parents[2]
    )
    try:
        await until(out.exists)
        yield
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), idle="idle" in sys.argv[2:]))
