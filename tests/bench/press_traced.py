"""`python -m server serve` with its statements and files counted, for `bench_press`: by time it would be unfair.

SIGUSR1 begins to count, SIGUSR2 writes what was counted to the file in TRACE. Each statement belongs to the task of the
server's own that it descends from (the door, the worker that handles updates, the couriers, the clock): what was written
for a press and what goes on in the background are counted apart.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import os
import re
import runpy
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite.core

TREE = Path(os.environ["TREE"])
ROOMS = tuple(str(TREE / room) + os.sep for room in ("bot", "models", "server", "locales"))
CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)
ROOTS = ("_serve", "main", "serve", "run")  # of the process itself
counted: dict[str, Counter[str]] = {}
files: set[str] = set()
since: set[str] = set()  # who wrote since the last BEGIN
owner: contextvars.ContextVar[str] = contextvars.ContextVar("owner", default="")
connect = sqlite3.connect
create_task = asyncio.base_events.BaseEventLoop.create_task
execute = aiosqlite.core.Connection._execute


def seen(statement: str) -> None:
    control = CONTROL.match(statement)
    name = owner.get()
    if control is None:
        since.add(name)
    elif control[1].upper() == "COMMIT":  # of all that were written in it: acts that wait together share one
        name = "+".join(sorted(since)) or name
    if control and control[1].upper() in ("BEGIN", "COMMIT", "ROLLBACK"):
        since.clear()
    counted.setdefault(name, Counter())[control[1].upper() if control else "statement"] += 1


def traced(*given: Any, **how: Any) -> sqlite3.Connection:
    connection = connect(*given, **how)
    connection.set_trace_callback(seen)
    return connection


def owned(loop: Any, coro: Any, *, name: Any = None, context: Any = None) -> Any:
    """A task begun by no other task is an owner; all that it begins is its own."""
    context = context or contextvars.copy_context()
    if not context.run(owner.get) and coro.__qualname__ not in ROOTS:
        named = coro.cr_frame.f_locals.get("name") if coro.cr_frame else None
        context.run(owner.set, str(named or coro.__qualname__))
    return create_task(loop, coro, name=name, context=context)


async def asked(connection: Any, function: Callable[..., Any], *given: Any, **how: Any) -> Any:
    """In the database's thread, whose statements then know their owner."""
    context = contextvars.copy_context()
    return await execute(connection, lambda *a, **k: context.run(function, *a, **k), *given, **how)


def entered(frame: Any, event: str, _: Any) -> None:
    if event == "call" and (name := frame.f_code.co_filename).startswith(ROOMS):
        files.add(name)


def begin(*_: Any) -> None:
    counted.clear()
    files.clear()
    sys.setprofile(entered)
    threading.setprofile(entered)


def end(*_: Any) -> None:
    sys.setprofile(None)
    names = sorted(name.removeprefix(str(TREE) + os.sep) for name in files)
    Path(os.environ["TRACE"]).write_text(json.dumps({"counted": counted, "files": names}))


sqlite3.connect = traced  # type: ignore[assignment]
asyncio.base_events.BaseEventLoop.create_task = owned  # type: ignore[method-assign,assignment]
aiosqlite.core.Connection._execute = asked  # type: ignore[method-assign]
signal.signal(signal.SIGUSR1, begin)
signal.signal(signal.SIGUSR2, end)
sys.argv = ["server", "serve"]
runpy.run_module("server", run_name="__main__")
