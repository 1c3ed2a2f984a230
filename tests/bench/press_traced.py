"""`python -m server serve` with its statements and files counted, for `bench_press`: by time it would be unfair.

SIGUSR1 begins to count, SIGUSR2 writes what was counted to the file in TRACE.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import signal
import sqlite3
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

TREE = Path(os.environ["TREE"])
ROOMS = tuple(str(TREE / room) + os.sep for room in ("bot", "models", "server", "locales"))
CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)
counted: Counter[str] = Counter()
files: set[str] = set()
connect = sqlite3.connect


def seen(statement: str) -> None:
    control = CONTROL.match(statement)
    counted[control[1].upper() if control else "statement"] += 1


def traced(*given: Any, **how: Any) -> sqlite3.Connection:
    connection = connect(*given, **how)
    connection.set_trace_callback(seen)
    return connection


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
signal.signal(signal.SIGUSR1, begin)
signal.signal(signal.SIGUSR2, end)
sys.argv = ["server", "serve"]
runpy.run_module("server", run_name="__main__")
