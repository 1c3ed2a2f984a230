"""Processes of their own, for work that may die of what it is given or that would keep everybody waiting (Art. 16).

An order is a line of JSON followed by its bytes; so is an answer, whose `sizes` say how many bytes follow.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
_PIPE = 1024 * 1024


class SubprocessWorker:
    """One process of `module` at a time, hired again when the last one is gone."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: asyncio.subprocess.Process | None = None

    async def hire(self) -> None:
        """Begin the process. EOFError when it does not start."""
        # No secret of the server is in the environment of a process that opens strangers' files,
        # and Ctrl-C at the terminal is the server's to handle.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=_ROOT,
            env={"PATH": os.defpath, "PYTHONWARNINGS": "ignore", "PYTHONUTF8": "1"},
            start_new_session=True,
            pipesize=_PIPE if sys.platform == "linux" else -1,
        )
        assert self._process.stdout is not None
        if not await self._process.stdout.readline():
            raise EOFError(f"{self._module} does not start")

    async def dismiss(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def ask(self, order: dict[str, Any], *bodies: bytes) -> tuple[dict[str, Any], list[bytes]]:
        """Its answer and the bytes that follow. EOFError or OSError when it dies of the order."""
        whole = False
        try:
            if self._process is None or self._process.returncode is not None:
                await self.hire()
            answer = await self._ask(order, bodies)
            whole = True
        finally:
            # An unread answer would be taken for the next order's.
            if not whole:
                await asyncio.shield(self.dismiss())
        return answer

    async def _ask(
        self, order: dict[str, Any], bodies: tuple[bytes, ...]
    ) -> tuple[dict[str, Any], list[bytes]]:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        process.stdin.writelines((json.dumps(order).encode() + b"\n", *bodies))
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise EOFError
        answer = json.loads(line)
        return answer, [await process.stdout.readexactly(size) for size in answer.get("sizes", ())]
