"""Art. 20, R29: a district is copied while it works, every flaw of the copy is named, and it comes back whole."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import store
from models.backups import restoring, snapshot
from models.backups.snapshot import DATABASE, SECRET, Manifest
from models.operations import event
from models.queries import evidence, raw_rows
from models.refusal import Refusal
from models.rules.actor import CLOCK
from models.tables import Event, Lease, Photo
from tests.support.evidence import filled

AT = datetime(2026, 12, 9, 3, tzinfo=UTC)
Take = Callable[..., Awaitable[Manifest]]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.key"
    path.write_text("5e" * 32)
    return path


@pytest.fixture
async def take(any_db: str, tmp_path: Path, secret: Path) -> AsyncIterator[Take]:
    """A filled district, closed; what it gives makes a backup of it."""
    await filled()
    await store.close()

    async def back_up(hours: int = 0) -> Manifest:
        at = AT + timedelta(hours=hours)
        return await snapshot.back_up(tmp_path / "backup", any_db, tmp_path / "objects", secret, at=at)

    yield back_up


async def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as fields read it: the same on both databases."""
    async with store.opened(url):
        found = {}
        for table in store.tables():
            keys = await raw_rows.ids(table)
            rows = await raw_rows.rows(table, table._meta.db_pk_column, keys)
            found[table.__name__] = [(row.pk, row.values, row.wrong) for row in rows]
        return found


async def restored(folder: Path, at: Path, url: str, *, replace: bool = False) -> restoring.Restored:
    name = restoring.chosen(folder)
    return await restoring.restore(
        folder, name, url, at / "objects", at / SECRET, at=AT + timedelta(days=1), replace=replace
    )


async def test_r29_a_backup_comes_back_into_an_empty_machine_row_for_row(
    any_db: str, take: Take, tmp_path: Path, secret: Path
) -> None:
    manifest = await take()
    assert manifest.missing == ()
    assert manifest.rows["event"] > 0
    assert [
        flaw async for flaw in snapshot.flaws(tmp_path / "backup", restoring.chosen(tmp_path / "backup"))
    ] == []
    new = tmp_path / "new"
    new.mkdir()
    url = f"sqlite://{new / 'district.sqlite3'}"
    done = await restored(tmp_path / "backup", new, url)
    assert (done.aside, done.missing, done.objects) == (None, (), manifest.objects)
    assert (new / SECRET).read_text() == secret.read_text()
    assert await contents(url) == await contents(any_db)
    async with store.opened(url, objects_at=new / "objects"):
        assert (await evidence.verify()).whole
        assert await Photo.exists()


async def test_r29_what_was_taken_from_sqlite_comes_back_on_postgresql_and_goes_on_counting(
    db: str, pg_empty: str, tmp_path: Path, secret: Path
) -> None:
    await filled()
    await store.close()
    folder = tmp_path / "backup"
    await snapshot.back_up(folder, db, tmp_path / "objects", secret, at=AT)
    await restored(folder, tmp_path / "new", pg_empty)
    assert await contents(pg_empty) == await contents(db)
    async with store.opened(pg_empty, objects_at=tmp_path / "new" / "objects"):
        assert (await evidence.verify()).whole
        async with store.transaction():
            await event.record("registry", "registry.sample", by=CLOCK, at=AT)
        assert (await evidence.verify()).whole
    with pytest.raises(Refusal, match=r"backup\.not_empty"):
        await restored(folder, tmp_path / "new", pg_empty, replace=True)


@pytest.mark.parametrize("any_db", ["sqlite"], indirect=True)
async def test_a_second_backup_copies_only_what_is_new(take: Take, tmp_path: Path, any_db: str) -> None:
    first = await take()
    assert first.copied == first.objects > 0
    async with store.opened(any_db, objects_at=tmp_path / "objects"):
        name = await store.objects.put(b"another photo")
        photo = await Photo.all().first()
        async with store.transaction():
            await Photo.filter(id=photo.id).update(marked=name)
            await event.record("registry", "registry.sample", by=CLOCK, at=AT)
    assert (await take(1)).copied == 1
    assert len(snapshot.snapshots_in(tmp_path / "backup")) == 2
    with pytest.raises(Refusal, match=r"backup\.same_second"):
        await take(1)


@pytest.mark.parametrize("any_db", ["sqlite"], indirect=True)
async def test_every_flaw_of_a_backup_is_named_and_a_changed_one_is_not_restored(
    take: Take, tmp_path: Path
) -> None:
    await take()
    folder = tmp_path / "backup"
    name = restoring.chosen(folder)
    objects = sorted((folder / "objects").glob("??/*"))
    objects[0].unlink()
    os.chmod(objects[1], 0o600)
    objects[1].write_bytes(b"something else")
    assert {(flaw.kind, flaw.name) async for flaw in snapshot.flaws(folder, name)} == {
        ("object_missing", objects[0].name),
        ("object_changed", objects[1].name),
    }
    done = await restored(folder, tmp_path / "new", f"sqlite://{tmp_path / 'new.sqlite3'}")
    assert set(done.missing) == {objects[0].name, objects[1].name}
    with closing(sqlite3.connect(folder / "snapshots" / name / DATABASE)) as file:
        file.execute("UPDATE event SET kind = 'x' WHERE id = 1")
        file.commit()
    assert ("file_changed", DATABASE) in {(f.kind, f.name) async for f in snapshot.flaws(folder, name)}
    with pytest.raises(Refusal, match=r"backup\.changed"):
        await restored(folder, tmp_path / "other", f"sqlite://{tmp_path / 'other.sqlite3'}")
    assert not (tmp_path / "other.sqlite3").exists()


@pytest.mark.parametrize("any_db", ["sqlite"], indirect=True)
async def test_what_only_the_database_here_has_is_named_and_not_replaced_unasked(
    take: Take, any_db: str, tmp_path: Path
) -> None:
    await take()
    folder = tmp_path / "backup"
    name = restoring.chosen(folder)
    same = await restoring.compare(folder, name, any_db)
    assert (same.empty, same.n_lost, same.gained) == (False, 0, 0)
    async with store.opened(any_db), store.transaction():
        await event.record("registry", "registry.sample", by=CLOCK, at=AT + timedelta(hours=2))
    found = await restoring.compare(folder, name, any_db)
    assert (found.n_lost, [event.kind for event in found.lost]) == (1, ["registry.sample"])
    before = await contents(any_db)
    with pytest.raises(Refusal, match=r"backup\.would_lose"):
        await restored(folder, tmp_path, any_db)
    assert await contents(any_db) == before
    done = await restored(folder, tmp_path, any_db, replace=True)
    assert done.aside is not None
    assert await contents(f"sqlite://{done.aside}") == before
    assert (await restoring.compare(folder, name, any_db)).n_lost == 0


@pytest.mark.parametrize("any_db", ["sqlite"], indirect=True)
async def test_nothing_is_restored_under_a_running_service(take: Take, any_db: str, tmp_path: Path) -> None:
    await take()
    async with store.opened(any_db), store.transaction():
        await Lease.create(name="poll", holder="here:1:poll", until=AT + timedelta(days=2))
    with pytest.raises(Refusal, match=r"backup\.service_runs"):
        await restored(tmp_path / "backup", tmp_path, any_db, replace=True)


@pytest.mark.parametrize("any_db", ["sqlite"], indirect=True)
async def test_a_cut_copy_is_no_snapshot(take: Take, tmp_path: Path) -> None:
    await take()
    folder = tmp_path / "backup"
    name = restoring.chosen(folder)
    (folder / "snapshots" / name).rename(folder / "snapshots" / f".draft-{name}")
    with pytest.raises(Refusal, match=r"backup\.none"):
        restoring.chosen(folder)


AT_WORK = """
import asyncio, sys
from datetime import UTC, datetime
from models import store
from models.operations import event
from models.rules.actor import CLOCK

async def main():
    async with store.opened(sys.argv[1]):
        while True:
            async with store.transaction():
                await event.record("registry", "registry.sample", by=CLOCK, at=datetime(2026, 12, 9, 3, tzinfo=UTC))
            print("written", flush=True)

asyncio.run(main())
"""


async def test_r29_a_backup_taken_while_the_service_writes_is_one_moment_of_it(
    any_db: str, take: Take, tmp_path: Path
) -> None:
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-c", AT_WORK, any_db, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert service.stdout
    before = [await service.stdout.readline() for _ in range(5)]
    await take()
    during = [await service.stdout.readline() for _ in range(5)]
    service.kill()
    await service.wait()
    assert set(before) == set(during) == {b"written\n"}, "nobody waited for the backup"
    url = f"sqlite://{tmp_path / 'new.sqlite3'}"
    await restored(tmp_path / "backup", tmp_path / "new", url)
    async with store.opened(url, objects_at=tmp_path / "new" / "objects"):
        assert (await evidence.verify()).whole
        copied = [(row.id, row.sha256) for row in await Event.all().order_by("id")]
    async with store.opened(any_db):
        written = [(row.id, row.sha256) for row in await Event.all().order_by("id")]
    assert len(copied) < len(written)
    assert copied == written[: len(copied)], "everything up to one moment, and nothing of later"
