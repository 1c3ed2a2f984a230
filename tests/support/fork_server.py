"""`python -m server WORDS` as a process of its own, without importing everything anew for each.

One process of the standard library (`multiprocessing`'s fork server) imports the product once and then only forks. A
child has a pid, an environment, a folder, files and signals of its own, runs the product's own `main`, and can be killed
like any process. Where a system does not fork, a child imports everything itself.

    done = fork_server.run("verify", "--json", env=settings)       as subprocess.run would give it
    process = fork_server.begin("serve", env=settings, cwd=folder, log=path)
    process = fork_server.begin("-c", source, *words, ...)   what Python's -c does, with the product imported
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).parents[2]
GIVE_UP = 300.0
"""Seconds after which a command hangs."""


class Forked:
    """A child, in the dress of `asyncio.subprocess.Process`."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.kill, self.terminate = process.kill, process.terminate

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def join(self) -> None:
        self._process.join()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    async def wait(self) -> int:
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self.returncode is not None
        return self.returncode


def begin(*words: str, env: Mapping[str, str], cwd: Path, log: Path) -> Forked:
    """Start it; what it says is added to `log`."""
    return Forked(_started(words, env, cwd, {1: log, 2: log}))


def run(
    *words: object, env: Mapping[str, str], cwd: Path = ROOT, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run it to its end. `env` comes on top of this process's own."""
    with tempfile.TemporaryDirectory(prefix="forked") as folder:
        files = {number: Path(folder, str(number)) for number in range(3)}
        files[0].write_text(typed, encoding="utf-8")
        process = _started(tuple(map(str, words)), {**os.environ, **env}, cwd, files)
        process.join(GIVE_UP)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, GIVE_UP)
        out, err = (files[number].read_text(encoding="utf-8") for number in (1, 2))
        return subprocess.CompletedProcess(words, process.exitcode, out, err)


def _started(
    words: tuple[str, ...], env: Mapping[str, str], cwd: Path, files: Mapping[int, Path]
) -> BaseProcess:
    process = _context().Process(target=_child, args=(words, dict(env), cwd, dict(files)), daemon=True)
    process.start()
    return process


@cache
def _context():  # type: ignore[no-untyped-def]
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload(["tests.support.preload"])
    return context


def _child(words: tuple[str, ...], env: dict[str, str], cwd: Path, files: dict[int, Path]) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    for number in range(3):
        path = files.get(number, Path(os.devnull))
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY)
        os.dup2(opened, number)
    sys.argv = ["-c", *words[2:]] if words[:1] == ("-c",) else ["shuangsuiji", *words]
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout, sys.stderr = (
        os.fdopen(number, "w", encoding="utf-8", buffering=1, closefd=False) for number in (1, 2)
    )
    if words[:1] == ("-c",):
        exec(compile(words[1], "-c", "exec"), {"__name__": "__main__"})
        return
    from server.__main__ import main

    sys.exit(main(words))
