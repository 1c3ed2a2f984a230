"""A snapshot: the database first, then every object that it names, so that none it names is missing (R29).

Objects are written once and before the rows that name them, so what the database copy names lies in the store. A
snapshot counts once its folder has its name: a copy cut short leaves a draft that is no snapshot, and its objects,
which the next one need not copy again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from models.backups import database
from models.objects import FolderObjects, ObjectDamaged, ObjectStore, object_store
from models.queries.objects import OBJECTS
from models.refusal import Refusal

FORMAT = "shuangsuiji/backup/1"
DATABASE, SECRET, MANIFEST, LIST = "database.sqlite3", "secret.key", "manifest.json", "objects.tsv"
ARTICLE = "20"
Told = Callable[[int, int], None]  # objects looked at, of how many


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot holds. `files`: SHA-256 by name; `rows`: by table; `missing`: objects named by a row that
    neither the store nor an earlier snapshot had."""

    at: str
    steps: tuple[str, ...]
    files: dict[str, str]
    rows: dict[str, int]
    objects: int
    bytes: int
    missing: tuple[str, ...] = ()
    format: str = FORMAT
    copied: int = field(default=0, compare=False)  # objects that were new to the folder


@dataclass(frozen=True, slots=True)
class BackupFlaw:
    """`kind` as `backup.flaw.<kind>` words it: `file_missing`, `file_changed`, `object_missing`, `object_changed`,
    `database_damaged`, `never_there`."""

    snapshot: str
    kind: str
    name: str


async def back_up(
    folder: Path,
    url: str,
    objects_at: str | Path,
    secret: Path,
    *,
    at: datetime,
    told: Told = lambda done, total: None,
) -> Manifest:
    """Copy database, objects and secret into `folder`; what lies there already is not copied again.

    The store must be closed; the service may run. Raises OSError when the folder cannot be written.
    """
    name = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    snapshots = folder / "snapshots"
    draft, there = snapshots / f".draft-{name}", snapshots / name
    if there.exists():
        raise Refusal("backup.same_second", ARTICLE, name=name)
    await asyncio.to_thread(_make_anew, draft)
    await database.copy_out(url, draft / DATABASE)
    await asyncio.to_thread(shutil.copyfile, secret, draft / SECRET)
    source, objects = await object_store(objects_at), FolderObjects(folder / "objects")
    sizes, missing, copied = await _copy_objects(
        sorted(named_objects(draft / DATABASE)), source, objects, told
    )
    lines = "".join(f"{object_name}\t{size}\n" for object_name, size in sizes.items())
    await asyncio.to_thread((draft / LIST).write_text, lines)
    rows, steps = await asyncio.to_thread(_counted, draft / DATABASE)
    files = {value: await asyncio.to_thread(_sha256, draft / value) for value in (DATABASE, SECRET, LIST)}
    manifest = Manifest(
        at.isoformat(), steps, files, rows, len(sizes), sum(sizes.values()), missing, copied=copied
    )
    await asyncio.to_thread(_finish, draft, there, manifest)
    return manifest


def _make_anew(draft: Path) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)


def _finish(draft: Path, there: Path, manifest: Manifest) -> None:
    written = {name: value for name, value in asdict(manifest).items() if name != "copied"}
    (draft / MANIFEST).write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n")
    for path in draft.iterdir():
        path.chmod(0o600)
        _sync(path)
    _sync(draft)
    draft.replace(there)
    _sync(there.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def named_objects(path: Path) -> set[str]:
    """The objects that rows of a database copy name; what went by term is not among them (Art. 20)."""
    objects: set[str] = set()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        known = file.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstone'").fetchone()
        for table, columns in OBJECTS.items():
            there = _not_destroyed("task" in table._meta.fields_map) if known else ""
            for column in columns:
                asked = f'SELECT DISTINCT "{column}" FROM "{table._meta.db_table}" WHERE "{column}" <> \'\'{there}'  # noqa: S608
                objects.update(str(row[0]) for row in file.execute(asked))
    return objects


def _not_destroyed(of_task: bool) -> str:
    tasks = "SELECT task_id FROM tombstone"
    if of_task:
        return f" AND task_id NOT IN ({tasks})"
    return f" AND notice_id NOT IN (SELECT id FROM notice WHERE task_id IN ({tasks}))"  # noqa: S608


def _counted(path: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    """Rows by table, and the steps of migration that the copy has taken."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        names = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = sorted(name for name in names if not name.startswith(("sqlite_", database.STEPS)))
        rows = {table: file.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables}  # noqa: S608
        steps = tuple(row[0] for row in file.execute(f"SELECT name FROM {database.STEPS} ORDER BY name"))  # noqa: S608
    return rows, steps


async def _copy_objects(
    names: list[str], source: ObjectStore, objects: FolderObjects, told: Told
) -> tuple[dict[str, int], tuple[str, ...], int]:
    """Size of each object that the folder has now; those that nobody has; how many were copied."""
    sizes: dict[str, int] = {}
    missing: list[str] = []
    copied = 0
    for done, name in enumerate(names, 1):
        try:
            if not await objects.exists(name):
                await _copy(name, source, objects)
                copied += 1
            sizes[name] = await objects.size(name)
        except (FileNotFoundError, ValueError, ObjectDamaged):
            missing.append(name)
        told(done, len(names))
    return sizes, tuple(missing), copied


async def _copy(name: str, source: ObjectStore, target: ObjectStore) -> None:
    """Bytes that do not carry their name are not taken for it: Damaged."""
    if await target.put(await source.get(name)) != name:
        raise ObjectDamaged(name)


def snapshots_in(folder: Path) -> list[str]:
    """The names of the snapshots, the oldest first."""
    return sorted(path.parent.name for path in (folder / "snapshots").glob("[0-9]*/" + MANIFEST))


def manifest_of(folder: Path, name: str) -> Manifest:
    """Raises Refusal where there is no such snapshot, or one of another format."""
    try:
        written = json.loads((folder / "snapshots" / name / MANIFEST).read_text())
        if written.get("format") != FORMAT:
            raise Refusal("backup.other_format", ARTICLE, name=name, format=str(written.get("format")))
        return Manifest(**written | {"steps": tuple(written["steps"]), "missing": tuple(written["missing"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refusal("backup.no_manifest", ARTICLE, name=name, folder=str(folder)) from error


async def flaws(
    folder: Path, name: str, told: Told = lambda done, total: None, *, objects: bool = True
) -> AsyncIterator[BackupFlaw]:
    """Everything in a snapshot that is not as it was when it was made: every byte is read, of the objects too
    unless they are left to somebody who reads them anyway."""
    manifest, there = await asyncio.to_thread(manifest_of, folder, name), folder / "snapshots" / name
    for file, digest in manifest.files.items():
        path = there / file
        if not await asyncio.to_thread(path.is_file):
            yield BackupFlaw(name, "file_missing", file)
        elif await asyncio.to_thread(_sha256, path) != digest:
            yield BackupFlaw(name, "file_changed", file)
    if await asyncio.to_thread((there / DATABASE).is_file):
        for words in await asyncio.to_thread(_damage, there / DATABASE):
            yield BackupFlaw(name, "database_damaged", words)
    for missing in manifest.missing:
        yield BackupFlaw(name, "never_there", missing)
    if not objects:
        return
    folder_objects = FolderObjects(folder / "objects")
    listed = await asyncio.to_thread(listed_in, there / LIST)
    for done, object_name in enumerate(listed, 1):
        try:
            await folder_objects.get(object_name)
        except (FileNotFoundError, ValueError):
            yield BackupFlaw(name, "object_missing", object_name)
        except ObjectDamaged:
            yield BackupFlaw(name, "object_changed", object_name)
        told(done, len(listed))


def listed_in(path: Path) -> list[str]:
    """The objects of a snapshot by its list."""
    try:
        return [line.partition("\t")[0] for line in path.read_text().splitlines()]
    except (OSError, UnicodeDecodeError):
        return []


def _damage(path: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            return [str(row[0]) for row in file.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    except sqlite3.DatabaseError as error:
        return [str(error)]
