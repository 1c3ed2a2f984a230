"""The way back: a snapshot into an empty machine, or in the place of what stands there (R29).

What stands there is compared first: events that it has and the snapshot does not know would be lost, and are named;
nothing is replaced then unless somebody says so. What is replaced is moved aside, never deleted.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models import migrate, store
from models.backups import database
from models.backups.snapshot import (
    ARTICLE,
    DATABASE,
    LIST,
    SECRET,
    Manifest,
    Told,
    flaws,
    listed_in,
    manifest_of,
    named_objects,
    snapshots_in,
)
from models.engine.indexes import tables as tables_of
from models.fields import instant
from models.objects import FolderObjects, ObjectDamaged, object_store
from models.refusal import Refusal

NAMED = 20  # of many events, the newest


@dataclass(frozen=True, slots=True)
class LostEvent:
    """An event that stands in the database and not in the snapshot."""

    chain: str
    seq: int
    kind: str
    at: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`lost`: the newest of `n_lost` events that only the database here has. `gained`: events that only the snapshot
    has. `empty`: nothing stands here."""

    empty: bool
    n_lost: int
    lost: tuple[LostEvent, ...]
    gained: int


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside`: where what stood here lies now. `missing`: objects that rows name and the folder does not have."""

    manifest: Manifest
    aside: Path | None
    objects: int
    missing: tuple[str, ...]


def chosen(folder: Path, name: str = "") -> str:
    """The snapshot of this name, or the newest. Refused where there is none."""
    names = snapshots_in(folder)
    if not names:
        raise Refusal("backup.none", ARTICLE, folder=str(folder))
    if name and name not in names:
        raise Refusal("backup.no_snapshot", ARTICLE, folder=str(folder), name=name, there=names[-5:])
    return name or names[-1]


async def compare(folder: Path, name: str, url: str) -> Comparison:
    """What the database at `url` and a snapshot do not have in common. The store must be closed."""
    path = folder / "snapshots" / name / DATABASE
    theirs = await asyncio.to_thread(_events, path)
    ours = await _events_here(url)
    if ours is None:
        return Comparison(True, 0, (), len(theirs))
    only_here = sorted(
        (event for key, event in ours.items() if key not in theirs), key=lambda e: (e.at, e.seq)
    )
    return Comparison(
        False, len(only_here), tuple(reversed(only_here[-NAMED:])), len(set(theirs) - set(ours))
    )  # fmt: skip


_ASKED = "SELECT e.chain, e.seq, e.kind, e.at, e.sha256 FROM event e"


def _events(path: Path) -> dict[str, LostEvent]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        return {row[4]: LostEvent(row[0], row[1], row[2], str(row[3])) for row in file.execute(_ASKED)}


async def _events_here(url: str) -> dict[str, LostEvent] | None:
    """None where there is no database, or one without tables or rows."""
    path = migrate.file_of(url)
    if path is not None and not (path.exists() and path.stat().st_size):
        return None
    async with store.opened(url):
        if "event" not in await tables_of(store.connection()):
            return None
        rows = await store.run_one(_ASKED)
        return {
            row["sha256"]: LostEvent(row["chain"], row["seq"], row["kind"], str(row["at"])) for row in rows
        }


async def restore(
    folder: Path,
    name: str,
    url: str,
    objects_at: str | Path,
    secret: Path,
    *,
    at: datetime,
    replace: bool,
    told: Told = lambda done, total: None,
) -> Restored:
    """Put a snapshot in the place of what stands at `url`. The service must not run; the store must be closed.

    Refuses a changed snapshot, and one that lacks events of the database here unless `replace` is given. On
    PostgreSQL the database must be empty: moving one aside is its operator's act.
    """
    manifest = await asyncio.to_thread(manifest_of, folder, name)
    there = folder / "snapshots" / name
    await _refuse_changed(folder, name)
    comparison = await compare(folder, name, url)
    if comparison.n_lost and not replace:
        raise Refusal("backup.would_lose", ARTICLE, n=comparison.n_lost, newest=comparison.lost[0].at)
    if not comparison.empty:
        await _refuse_running(url, at)
        if migrate.file_of(url) is None:
            raise Refusal("backup.not_empty", ARTICLE, database=url.rsplit("@", maxsplit=1)[-1])
    objects, missing = await _objects(folder, there, objects_at, told)
    aside = None if comparison.empty else await asyncio.to_thread(_move_aside, migrate.file_of(url))
    await _fill(there / DATABASE, url)
    await asyncio.to_thread(_secret_back, there / SECRET, secret, at)
    return Restored(manifest, aside, objects, missing)


async def _refuse_running(url: str, at: datetime) -> None:
    """A service holds a lease on its work as long as it runs."""
    async with store.opened(url):
        rows = await store.run_one('SELECT "holder", "until" FROM "lease"')
    if running := [row["holder"] for row in rows if (until := instant(row["until"])) and until > at]:
        raise Refusal("backup.service_runs", ARTICLE, holder=running[0])


async def _refuse_changed(folder: Path, name: str) -> None:
    """Objects are proved one by one as they are copied."""
    manifest = await asyncio.to_thread(manifest_of, folder, name)
    without_objects = [flaw async for flaw in flaws(folder, name, objects=False)]
    if changed := [flaw for flaw in without_objects if flaw.kind != "never_there"]:
        raise Refusal("backup.changed", ARTICLE, name=manifest.at, files=[flaw.name for flaw in changed])


async def _fill(copy: Path, url: str) -> None:
    """From a copy of the copy: an earlier version's tables are brought up to date on the way."""
    path = migrate.file_of(url)
    with tempfile.TemporaryDirectory(dir=None if path is None else path.parent) as folder:
        work = Path(folder) / DATABASE
        await asyncio.to_thread(shutil.copyfile, copy, work)
        await database.copy_in(work, url)


async def _objects(
    folder: Path, there: Path, objects_at: str | Path, told: Told
) -> tuple[int, tuple[str, ...]]:
    objects, target = FolderObjects(folder / "objects"), await object_store(objects_at)
    names = await asyncio.to_thread(listed_in, there / LIST)
    missing = set(await asyncio.to_thread(named_objects, there / DATABASE)) - set(names)
    for done, name in enumerate(names, 1):
        try:
            if not await target.exists(name):
                await target.put(await objects.get(name))
        except (FileNotFoundError, ValueError, ObjectDamaged):
            missing.add(name)
        told(done, len(names))
    lacking = [name for name in sorted(missing) if not await target.exists(name)]
    return len(names), tuple(lacking)


def _move_aside(path: Path | None) -> Path:
    """The database file and what SQLite keeps beside it, under a name that is free."""
    assert path is not None
    number = 1
    while (aside := path.with_name(f"{path.name}.before-{number}")).exists():
        number += 1
    for end in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + end)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + end))
    return aside


def _secret_back(copy: Path, secret: Path, at: datetime) -> None:
    """Links of letters rest on it; another one that stood here is kept beside."""
    secret.parent.mkdir(parents=True, exist_ok=True)
    if secret.exists() and secret.read_bytes() != copy.read_bytes():
        secret.replace(secret.with_name(f"{secret.name}.before-{at:%Y%m%dT%H%M%S}"))
    shutil.copyfile(copy, secret)
    secret.chmod(0o600)
