"""Documents are set in a few processes of their own: two cores set twice as many, and no request waits for them.

Presses are hired when there is work, go by themselves when there is none, and are replaced when they die.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path

from server.documents.paper import Sheet

_ROOT = Path(__file__).resolve().parents[2]
_PIPE = 1024 * 1024


class Unpressed(RuntimeError):
    """A sheet that no press could set: an error of the house."""


class Pressroom:
    """At most `workers` sheets are set at once, each within `timeout` seconds; the others wait."""

    def __init__(self, *, workers: int = 2, timeout: float = 60.0) -> None:
        self._timeout = timeout
        self._crew = [_Press() for _ in range(workers)]
        self._idle: asyncio.LifoQueue[_Press] | None = None

    async def __call__(self, sheet: Sheet) -> list[bytes]:
        """The documents of a sheet. Raises Unpressed."""
        if self._idle is None:
            self._idle = asyncio.LifoQueue()
            for one in self._crew:
                self._idle.put_nowait(one)
        idle = self._idle
        press = await idle.get()
        try:
            async with asyncio.timeout(self._timeout):
                try:
                    return await press.set(sheet)
                except (EOFError, OSError):  # it had gone, or died of the sheet before: once more, anew
                    return await press.set(sheet)
        except (TimeoutError, EOFError, OSError) as death:
            raise Unpressed(sheet.layout) from death
        finally:
            idle.put_nowait(press)

    async def stop(self) -> None:
        """Dismiss everybody."""
        await asyncio.gather(*(one.dismiss() for one in self._crew))


class _Press:
    """One process at a time, hired again when the last one is gone."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def set(self, sheet: Sheet) -> list[bytes]:
        whole = False
        try:
            if self._process is None or self._process.returncode is not None:
                await self._hire()
            answer = await self._ask(sheet)
            whole = True
        finally:
            # An unread answer would be taken for the next sheet's.
            if not whole:
                await asyncio.shield(self.dismiss())
        return answer

    async def dismiss(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _hire(self) -> None:
        # It needs no secret of the server, and Ctrl-C at the terminal is the server's to handle.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server.documents.pressworker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=_ROOT,
            env={"PATH": os.defpath, "PYTHONWARNINGS": "ignore", "PYTHONUTF8": "1"},
            start_new_session=True,
            pipesize=_PIPE if sys.platform == "linux" else -1,
        )
        assert self._process.stdout is not None
        if not await self._process.stdout.readline():
            raise EOFError

    async def _ask(self, sheet: Sheet) -> list[bytes]:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        bodies = (sheet.data, *sheet.pictures)
        order = {
            "layout": sheet.layout, "at": sheet.at, "form": sheet.form, "ppi": sheet.ppi,
            "sizes": [len(one) for one in bodies],
        }  # fmt: skip
        process.stdin.writelines((json.dumps(order).encode() + b"\n", *bodies))
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError
        answer = json.loads(line)
        if "error" in answer:
            raise Unpressed(answer["error"])
        return [await process.stdout.readexactly(size) for size in answer["sizes"]]
