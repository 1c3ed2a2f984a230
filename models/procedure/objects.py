"""Photos and documents against the rows that name them (Art. 16 (3), 20; promise R4).

Bytes are kept before the row that names them, so a crash leaves at most bytes that nobody names: those may go
into a bin, from which they come back for `TERM`. What is younger than the newest row of the database never goes:
beside an older database, restored from a copy, it is the evidence of rows that this database does not know. What
another database file in the same folder names never goes either. A row without its bytes is a loss and is named.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from models import migrate, store
from models.operations import event
from models.procedure import clock_watch
from models.queries import objects as queries
from models.queries.objects import Difference
from models.rules.actor import CLOCK
from models.rules.visit import local_day
from models.tables import Event

TERM = timedelta(days=30)
UNNAMED = timedelta(days=1)
NAME = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Repaired:
    """`orphans`: names of objects without a row that may go. `younger`: those newer than the newest row.
    `elsewhere`: those that another database file beside this one names. `lacking`: rows without their object.
    `binned`: day and name of what lies in the bin.
    """

    orphans: tuple[str, ...]
    younger: tuple[str, ...]
    elsewhere: tuple[str, ...]
    lacking: tuple[Difference, ...]
    binned: tuple[tuple[str, str], ...]
    newest: datetime | None


async def compare(url: str = "") -> Repaired:
    """Compare; nothing is changed. `url`: the database's address, beside whose file others are looked at."""
    names, lacking = await queries.orphans()
    last = await Event.all().order_by("-at").first()
    newest = last.at if last else None
    theirs = await asyncio.to_thread(_named_beside, migrate.file_of(url)) if url else frozenset[str]()
    sorted_out: dict[str, list[str]] = {"orphans": [], "younger": [], "elsewhere": []}
    for name in names:
        if name in theirs:
            kind = "elsewhere"
        elif newest is None or await store.objects.kept_at(name) >= newest:
            kind = "younger"
        else:
            kind = "orphans"
        sorted_out[kind].append(name)
    return Repaired(
        **{kind: tuple(results) for kind, results in sorted_out.items()},
        lacking=tuple(lacking),
        binned=tuple(await store.objects.binned()),
        newest=newest,
    )


def _named_beside(path: Path | None) -> frozenset[str]:
    """Every hash that the other database files of the folder hold, whatever they are called."""
    results: set[str] = set()
    if path is None or not path.parent.is_dir():
        return frozenset()
    own = {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    for other in path.parent.iterdir():
        if other.name in own or not other.is_file():
            continue
        with other.open("rb") as file:
            if not other.name.endswith("-wal") and file.read(16) != b"SQLite format 3\x00":
                continue
            tail = b""
            while piece := file.read(1 << 20):
                results.update(match[0].decode() for match in NAME.finditer(tail + piece))
                tail = (tail + piece)[-65:]
    return frozenset(results)


async def to_bin(names: tuple[str, ...], *, at: datetime) -> None:
    """Move objects into the bin of the day, while no server runs on the same data: bytes of an act under way
    have no row yet. What has been in the bin for `TERM` goes for good.
    """
    await store.objects.tidy()
    for name in names:
        await store.objects.to_bin(name, local_day(at).isoformat())
    await _empty(at)


async def _empty(at: datetime) -> None:
    """What has been in the bin for `TERM` goes for good, unless the clock that says so has jumped."""
    if await clock_watch.doubt(at) is not None:
        return
    for day, name in await store.objects.binned():
        if local_day(at) - date.fromisoformat(day) > TERM:
            await store.objects.empty(name, day)


async def sweep(*, at: datetime, url: str = "") -> tuple[str, ...]:
    """Beside the running service, each day: what no row has named for a day goes into the bin, and is an event.

    What a row names after all comes back first: its bytes came anew while the old ones were on their way out. While
    it is asked whether the clock jumped nothing goes: neither is a day over nor the bin's term.
    """
    here = {name async for name in store.objects.names()}
    for day, name in await store.objects.binned():
        if name not in here and await queries.named(name):
            await store.objects.from_bin(name, day)
    if await clock_watch.doubt(at) is not None:
        return ()
    gone = []
    for name in (await compare(url)).orphans:
        with suppress(FileNotFoundError):  # another process sweeps too
            if at - await store.objects.kept_at(name) >= UNNAMED:
                await store.objects.to_bin(name, local_day(at).isoformat())
                gone.append(name)
    await _empty(at)
    if gone:
        await _swept(gone, at)
    return tuple(gone)


@store.transactional
async def _swept(names: list[str], at: datetime) -> None:
    await event.record("objects", queries.BINNED, by=CLOCK, at=at, names=names)


async def take_back() -> int:
    """Everything in the bin goes back into the store; how much."""
    binned = await store.objects.binned()
    for day, name in binned:
        await store.objects.from_bin(name, day)
    return len(binned)
