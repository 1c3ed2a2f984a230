"""The files of a draw, read piece by piece (Art. 14): what was fixed, the keys, whom the ids meant.

A draw's row names the pieces of each file in their order. A piece is named by its SHA-256 and never changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from typing import Any

from models import store
from models.collector import no_collection
from models.fields import json_value
from models.rules.draw.pieces import KEYS, TARGETS, TargetLine, known_targets
from models.tables import Draw

TOGETHER = 8  # pieces in one statement
BESIDE = frozenset({KEYS, TARGETS})  # kept beside what was committed


async def text(row: Draw, name: str) -> str:
    """A file whole; empty where the draw has none of that name."""
    return "".join([piece async for piece in pieces(row.texts.get(name, ()))])


async def texts(row: Draw) -> dict[str, str]:
    """Every file that was committed, by name."""
    committed = [name for name in row.texts if name not in BESIDE]
    there = pieces(piece for name in committed for piece in row.texts[name])
    return {name: "".join([await anext(there) for _ in row.texts[name]]) for name in committed}


async def pieces(names: Iterable[str]) -> AsyncIterator[str]:
    """The pieces of these names, in this order."""
    wanted = list(names)
    for start in range(0, len(wanted), TOGETHER):
        some = wanted[start : start + TOGETHER]
        asked = f"SELECT id, text FROM draw_text WHERE id IN ({store.marks(some)})"  # noqa: S608
        rows = await store.run_one(asked, *some)
        by_name = {row["id"]: row["text"] for row in rows}
        for name in some:
            yield by_name[name]


async def targets(row: Draw, wanted: Collection[str] | None = None) -> dict[str, TargetLine]:
    """By id number, name, credit code and status of the targets of the pool when it was committed; of `wanted` alone."""
    known: dict[str, TargetLine] = {}
    with no_collection():
        async for piece in pieces(row.texts.get(TARGETS, ())):
            known |= await asyncio.to_thread(_some, piece, wanted)
    return known


async def there(names: Collection[str]) -> set[str]:
    """Which of these pieces are kept."""
    asked = f"SELECT id FROM draw_text WHERE id IN ({store.marks(list(names))})"  # noqa: S608
    return {row["id"] for row in await store.run_one(asked, *names)} if names else set()


async def unnamed() -> list[str]:
    """The pieces that no draw names, in order of their names."""
    lying, draws = await store.run(
        store.query("SELECT id FROM draw_text"), store.query("SELECT texts FROM draw")
    )
    named = {name for row in draws for names in json_value(row["texts"]).values() for name in names}
    return sorted({row["id"] for row in lying} - named)


def _some(piece: str, wanted: Collection[str] | None) -> Mapping[str, TargetLine]:
    known = known_targets(piece)
    return known if wanted is None else {id: known[id] for id in known.keys() & wanted}


MOVED = {"files": "files", "keys": "keys", "register": "whole_register"}


async def with_moved(row: Mapping[str, Any]) -> dict[str, Any]:
    """By attribute the columns that a draw's row had before its files lay in pieces (MOVED: by column the attribute): what
    hashes of then cover."""
    files = {name: "".join([piece async for piece in pieces(ids)]) for name, ids in row["texts"].items()}
    register = row["register"]
    keys, targets = files.pop(KEYS, ""), files.pop(TARGETS, None)
    if register is not None and targets is not None:
        register = register | {"targets": known_targets(targets)}
    return {"files": files, "keys": keys, "whole_register": register}
