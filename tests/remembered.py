"""A deed that many tests begin with is done by the real acts once, and its outcome copied from then on.

    @remembered
    async def drawn() -> Draw: ...

What it is known by is everything it can depend on: its name, its arguments and every byte of the database before
it. What is copied is the whole database and the files it put into the object store. SQLite alone; on PostgreSQL,
and within an act, the deed is done each time. A deed met once is not kept, so that memory holds only what pays.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tortoise.models import Model

from models import store
from models.objects import FolderObjects

Args = ParamSpec("Args")
Result = TypeVar("Result")

MOST = 200 * 1024 * 1024
"""Bytes held by one process."""
ROLLBACK_JOURNAL = b"\x01\x01"  # as the file format calls it: a database in memory knows no write-ahead log


@dataclass(frozen=True)
class Outcome:
    """Everything a deed left behind: the database, files of the object store with their modes, what it gave."""

    database: bytes
    files: dict[str, tuple[bytes, int]]
    result: Any


_met: set[bytes] = set()
_known: dict[bytes, Outcome] = {}


def remembered(deed: Callable[Args, Coroutine[Any, Any, Result]]) -> Callable[Args, Coroutine[Any, Any, Result]]:
    """Decorate a deed that gives nothing, a row, a plain value that nobody changes, or a record of those."""

    @wraps(deed)
    async def once(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        path = _database()
        if path is None:
            return await deed(*args, **kwargs)
        key = hashlib.sha256(_contents(_image(path)))
        key.update(f"{deed.__module__}.{deed.__qualname__} {_named(args)} {_named(kwargs)}".encode())
        found = _known.get(key.digest())
        if found is not None:
            _copy(found, path)
            return await _fresh(found.result)
        before = _objects()
        result = await deed(*args, **kwargs)
        if key.digest() not in _met:
            _met.add(key.digest())
        elif sum(len(one.database) for one in _known.values()) < MOST:
            files = {name: file for name, file in _objects().items() if name not in before}
            kept = {name: (file.read_bytes(), file.stat().st_mode) for name, file in files.items()}
            _known[key.digest()] = Outcome(_image(path), kept, _held(result))
        return result

    return once


def _database() -> Path | None:
    """The open store's file, when it has one, keeps objects in a folder, and no act is under way."""
    name = getattr(store.connection(), "filename", ":memory:")
    in_folder = isinstance(getattr(store, "objects", None), FolderObjects | None)
    return Path(name) if name != ":memory:" and in_folder and store._act.get() is None else None


def _image(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as file:
        return file.serialize()


def _contents(image: bytes) -> bytes:
    """Without the counters in the file's head, which count copies too."""
    counters = {*range(24, 28), *range(40, 44), *range(92, 100)}
    return bytes(0 if place in counters else image[place] for place in range(100)) + image[100:]


def _copy(outcome: Outcome, path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as memory, closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA synchronous = OFF")
        memory.deserialize(outcome.database[:18] + ROLLBACK_JOURNAL + outcome.database[20:])
        memory.backup(file)
    for name, (data, mode) in outcome.files.items():
        place = store.objects.path(name)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            place.chmod(mode)


def _objects() -> dict[str, Path]:
    room = getattr(store, "objects", None)
    return {path.name: path for path in room.root.glob("??/*")} if room else {}


def _named(value: Any) -> str:
    """What tells one argument from another."""
    match value:
        case dict():
            return repr({name: _named(one) for name, one in value.items()})
        case list() | tuple():
            return repr([_named(one) for one in value])
        case Model():
            return f"{type(value).__name__}:{value.pk}"
    return repr(value)


@dataclass(frozen=True)
class Row:
    """Stands for a row that is read anew."""

    table: type[Model]
    key: Any


def _held(result: Any) -> Any:
    if isinstance(result, Model):
        return Row(type(result), result.pk)
    if is_dataclass(result) and not isinstance(result, type):
        return replace(result, **{name: _held(value) for name, value in _rows_of(result, Model).items()})
    return result


async def _fresh(held: Any) -> Any:
    if isinstance(held, Row):
        return await held.table.get(pk=held.key)
    if is_dataclass(held) and not isinstance(held, type):
        return replace(held, **{name: await _fresh(value) for name, value in _rows_of(held, Row).items()})
    return held


def _rows_of(whole: Any, kind: type) -> dict[str, Any]:
    named = {one.name: getattr(whole, one.name) for one in fields(whole) if one.init}
    return {name: value for name, value in named.items() if isinstance(value, kind)}
