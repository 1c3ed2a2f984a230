"""A deed that many tests begin with is done by the real acts once, and its outcome copied from then on.

    @remembered
    async def drawn() -> Draw: ...

What it is known by is everything it can depend on: its name, its arguments and the contents of the database before
it. What is copied is the database and the files it put into the object store. Within an act the deed is done each
time, and within `done_anew()` too, for who looks at how it is done. A deed met once is not
kept, so that memory holds only what pays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tortoise.models import Model

from models import store
from models.objects import FolderObjects
from tests.support import database_contents

Args = ParamSpec("Args")
Result = TypeVar("Result")

MOST = 200 * 1024 * 1024
"""Bytes held by one process."""


@dataclass(frozen=True)
class Outcome:
    """Everything a deed left behind: the database, files of the object store with their modes, what it gave."""

    database: database_contents.Image
    files: dict[str, tuple[bytes, int]]
    result: Any


_anew: ContextVar[bool] = ContextVar("anew", default=False)
_met: set[bytes] = set()
_known: dict[bytes, Outcome] = {}


def remembered(
    deed: Callable[Args, Coroutine[Any, Any, Result]],
) -> Callable[Args, Coroutine[Any, Any, Result]]:
    """Decorate a deed that gives nothing, a row, a plain value that nobody changes, or a record of those."""

    @wraps(deed)
    async def once(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        if not _can_be_copied():
            return await deed(*args, **kwargs)
        before = await database_contents.known()
        named = f"{deed.__module__}.{deed.__qualname__} {_named(args)} {_named(kwargs)}"
        key = hashlib.sha256(before + named.encode()).digest()
        found = _known.get(key)
        if found is not None:
            await database_contents.put(found.database)
            _put_files(found.files)
            await database_contents.stands(key)
            return await _fresh(found.result)
        there = _objects()
        image = await database_contents.begin_image() if key in _met else None
        result = await deed(*args, **kwargs)
        if image is not None and sum(one.database.size for one in _known.values()) < MOST:
            files = {name: file for name, file in _objects().items() if name not in there}
            kept = {name: (file.read_bytes(), file.stat().st_mode) for name, file in files.items()}
            _known[key] = Outcome(await image(), kept, _held(result))
        _met.add(key)
        await database_contents.stands(key)
        return result

    return once


@contextmanager
def done_anew() -> Iterator[None]:
    """Every deed is done by its real acts, also those it begins with."""
    before = _anew.set(True)
    try:
        yield
    finally:
        _anew.reset(before)


def _can_be_copied() -> bool:
    """The open store is no database in memory, keeps objects in a folder, no act is under way, and a copy will do."""
    if _anew.get():
        return False
    in_folder = isinstance(getattr(store, "objects", None), FolderObjects | None)
    return database_contents.can_be_copied() and in_folder and store._act.get() is None


def _put_files(files: dict[str, tuple[bytes, int]]) -> None:
    for name, (data, mode) in files.items():
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
