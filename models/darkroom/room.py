"""Keeps a few worker processes busy with photos, and replaces the ones that a photo kills."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.darkroom.font import assert_font
from models.darkroom.prints import Prints, Stamp
from models.refusal import Refusal

_ROOT = Path(__file__).resolve().parents[2]
_PIPE = 1024 * 1024


class Darkroom:
    """At most `workers` photos are developed at once, each within `timeout` seconds; the others wait."""

    def __init__(self, *, workers: int = 2, timeout: float = 30.0) -> None:
        self._timeout = timeout
        self._crew = [_Worker() for _ in range(workers)]
        self._idle: asyncio.LifoQueue[_Worker] | None = None

    async def start(self) -> None:
        """Checks the font and hires the workers. RuntimeError when the font is another file."""
        await asyncio.to_thread(assert_font)
        await asyncio.gather(*(worker.hire() for worker in self._crew))
        self._idle = asyncio.LifoQueue()
        for worker in self._crew:
            self._idle.put_nowait(worker)

    async def stop(self) -> None:
        """Dismisses the workers; whoever still waits for a photo is refused `photo.undevelopable`."""
        self._idle = None
        await asyncio.gather(*(worker.dismiss() for worker in self._crew))

    async def develop(
        self, data: bytes, stamp: Stamp | None = None, marks: Sequence[Mapping[str, Any]] = ()
    ) -> Prints:
        """As `prints.develop`, elsewhere. `photo.undevelopable` when the worker dies of it or is too slow:
        `died` tells that apart from a photo that was looked at and refused."""
        idle = self._idle
        if idle is None:
            raise RuntimeError("the darkroom is closed")
        worker = await idle.get()
        try:
            if self._idle is not idle:
                raise Refusal("photo.undevelopable", died=True)
            async with asyncio.timeout(self._timeout):
                return await worker.develop(data, stamp, marks)
        except (TimeoutError, EOFError, OSError) as death:
            raise Refusal("photo.undevelopable", died=True) from death
        finally:
            idle.put_nowait(worker)


class _Worker:
    """One process at a time, hired again when the last one is gone."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def hire(self) -> None:
        # No secret of the server is in the environment of a process that opens strangers' files,
        # and Ctrl-C at the terminal is the server's to handle.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "models.darkroom.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=_ROOT,
            env={"PATH": os.defpath, "PYTHONWARNINGS": "ignore", "PYTHONUTF8": "1"},
            start_new_session=True,
            pipesize=_PIPE if sys.platform == "linux" else -1,
        )
        assert self._process.stdout is not None
        if not await self._process.stdout.readline():
            raise RuntimeError("a darkroom worker does not start")

    async def dismiss(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def develop(self, data: bytes, stamp: Stamp | None, marks: Sequence[Mapping[str, Any]]) -> Prints:
        whole = False
        try:
            if self._process is None or self._process.returncode is not None:
                await self.hire()
            answer, bodies = await self._ask(data, stamp, marks)
            whole = True
        finally:
            # An unread answer would be taken for the next photo's.
            if not whole:
                await asyncio.shield(self.dismiss())
        if "refused" in answer:
            raise Refusal(answer["refused"], **answer["params"])
        return Prints(bodies[0], bodies[1], answer["width"], answer["height"])

    async def _ask(
        self, data: bytes, stamp: Stamp | None, marks: Sequence[Mapping[str, Any]]
    ) -> tuple[dict[str, Any], list[bytes]]:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        lines = None if stamp is None else list(stamp.lines)
        wanted = {"size": len(data), "lines": lines, "marks": list(marks)}
        process.stdin.write(json.dumps(wanted).encode() + b"\n")
        process.stdin.write(data)
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError
        answer = json.loads(line)
        return answer, [await process.stdout.readexactly(size) for size in answer.get("sizes", ())]
