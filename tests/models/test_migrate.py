"""A database goes from version to version whole, with every row, key and index it had."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from models import migrate, migrations, store
from models.engine import indexes
from tests.models.versions import VERSIONS, Versions, captions, counts, fill, filled, with_secrets
from tests.support.waiting import pause


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "postgres":
        return request.getfixturevalue("pg_empty")
    return f"sqlite://{tmp_path / 'cases.sqlite3'}"


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite://{tmp_path / 'cases.sqlite3'}"


@pytest.fixture
def versions(tmp_path, monkeypatch):
    folder = tmp_path / "product"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    made = Versions(folder)
    yield made
    made.forget()
    for name in VERSIONS:
        sys.modules.pop(f"tables_{name}", None)


async def test_fd6_a_column_dropped_and_another_like_it_made_are_no_renaming(url, versions):
    await with_secrets(url, versions)
    await versions.write_steps("public")
    await versions.migrate(url, "public")
    assert await captions(url, versions) == [None, None]


async def test_fd6_a_renaming_is_one_when_it_is_asked_for_by_name(url, versions):
    await with_secrets(url, versions)
    with pytest.raises(ValueError, match=r"Photo\.secret=nothing"):
        await migrate.make("public", renamed=["Photo.secret=nothing"], schema=versions.schema("public"))
    versions.forget()
    written = await migrate.make("public", renamed=["Photo.secret=caption"], schema=versions.schema("public"))
    assert len(written) == 1 and "RenameField" in written[0].read_text()
    await versions.migrate(url, "public")
    assert await captions(url, versions) == ["not for the public 1", "not for the public 2"]


async def test_fd6_a_step_that_puts_other_words_into_a_column_is_undone(url, versions):
    await with_secrets(url, versions)
    head = (
        "async def mix(apps, editor):\n"
        "    from models import store\n"
        "    await store.connection().execute_query(\"UPDATE photo SET name = name || '!' WHERE id = 2\")\n"
    )
    versions.write_step(2, "mixed", "ops.RunPython(mix)", head)
    with pytest.raises(migrate.Lost, match=r"photo\.name says something else"):
        await versions.migrate(url, "private")
    async with store.opened(url, schema=versions.schema("private")):
        rows = await store.connection().execute_query_dict("SELECT name FROM photo ORDER BY id")
        assert [row["name"] for row in rows] == ["door", "kitchen"]


async def test_every_row_survives_every_step(url, versions):
    await versions.write_steps("first", "wider", "changed")
    (later := versions.steps / "0002_wider.py").rename(later.with_suffix(".away"))
    (last := versions.steps / "0003_changed.py").rename(last.with_suffix(".away"))
    await filled(url, versions)
    for path, name in ((later, "wider"), (last, "changed")):
        path.with_suffix(".away").rename(path)
        report = await versions.migrate(url, name)
        assert report.applied == (path.stem,)
        async with store.opened(url, schema=versions.schema(name)):
            assert await counts() == [2, 2, 2]


async def test_every_key_and_index_survives_every_step(url, versions):
    await versions.write_steps("first", "wider", "changed")
    await versions.migrate(url, "changed")
    async with store.opened(url, schema=versions.schema("changed")):
        await fill()
        twice = (
            "INSERT INTO team (name, area, number) VALUES ('一组', '湛河区', 9)",
            "INSERT INTO team (name, area, number) VALUES ('三组', '新华区', 1)",
            "INSERT INTO case_file (team_id, number, note) VALUES (1, 1, '')",
            "INSERT INTO photo (case_id, name) VALUES (1, 'door')",
        )
        for statement in twice:
            with pytest.raises(IntegrityError):
                await store.connection().execute_query(statement)


async def test_both_databases_end_with_the_same_keys(tmp_path, pg_empty, versions):
    await versions.write_steps("first", "wider", "changed")
    schema = versions.schema("changed")
    sqlite = f"sqlite://{tmp_path / 'steps.sqlite3'}"
    fresh = f"sqlite://{tmp_path / 'fresh.sqlite3'}"
    await versions.migrate(sqlite, "changed")
    await versions.migrate(pg_empty, "changed")
    found = []
    for url, create in ((sqlite, False), (fresh, True), (pg_empty, False)):
        async with store.opened(url, create=create, schema=schema):
            found.append(
                {
                    key
                    for model in store.tables()
                    for key in await indexes.existing(store.connection(), model._meta.db_table)
                }
            )
            promised = {key for model in store.tables() for key in indexes.declared(model)}
            assert promised <= found[-1]
    assert found[0] == found[1] == found[2]


async def test_a_docstring_with_a_semicolon_breaks_no_step(sqlite_url, versions, monkeypatch):
    source = VERSIONS["first"].replace("has a semicolon.", "has one; here (it is).")
    (versions.folder / "tables_first.py").write_text(source)
    await versions.write_steps("first")
    assert (await versions.migrate(sqlite_url, "first")).applied == ("0001_first",)


async def test_a_copy_from_before_lies_beside_the_file(sqlite_url, versions):
    await versions.write_steps("first")
    assert (await versions.migrate(sqlite_url, "first")).backup is None  # there was nothing to copy
    async with store.opened(sqlite_url, schema=versions.schema("first")):
        await fill()
    assert (await versions.migrate(sqlite_url, "first")).backup is None  # there was nothing to do
    await versions.write_steps("wider")
    report = await versions.migrate(sqlite_url, "wider")
    assert report.backup is not None
    file = sqlite3.connect(report.backup)
    assert file.execute("SELECT COUNT(*) FROM photo").fetchone() == (2,)
    assert "VARCHAR(64)" in file.execute("SELECT sql FROM sqlite_master WHERE name = 'team'").fetchone()[0]
    file.close()


async def test_a_step_that_would_lose_rows_is_refused_and_nothing_happens(url, versions):
    await versions.write_steps("first")
    await filled(url, versions)
    await versions.write_steps("wider")
    versions.write_step(3, "careless", "ops.RunSQL(\"DELETE FROM photo WHERE name = 'door'\")")
    with pytest.raises(migrate.Lost, match="photo"):
        await versions.migrate(url, "wider")
    async with store.opened(url, schema=versions.schema("first")):
        assert await counts() == [2, 2, 2]
    versions.forget()
    assert await migrate.pending(url, schema=versions.schema("wider")) == ["0002_wider", "0003_careless"]


async def test_a_step_that_says_that_it_changes_rows_may(url, versions):
    await versions.write_steps("first")
    await filled(url, versions)
    versions.write_step(
        2, "meant", "ops.RunSQL(\"DELETE FROM photo WHERE name = 'door'\")]\n    changes_rows = True; _ = ["
    )
    await versions.migrate(url, "first")
    async with store.opened(url, schema=versions.schema("first")):
        assert await counts() == [2, 2, 1]


async def test_a_step_that_leaves_rows_hanging_in_the_air_is_refused(sqlite_url, versions):
    await versions.write_steps("first")
    await filled(sqlite_url, versions)
    versions.write_step(2, "loose", "ops.RunSQL('UPDATE photo SET case_id = 999')")
    with pytest.raises(migrate.Lost, match="point nowhere"):
        await versions.migrate(sqlite_url, "first")
    async with store.opened(sqlite_url, schema=versions.schema("first")):
        [row] = await store.connection().execute_query_dict("SELECT MAX(case_id) AS n FROM photo")
        assert row["n"] == 2


async def test_when_the_second_step_fails_the_first_is_undone_too(url, versions):
    await versions.write_steps("first")
    await filled(url, versions)
    await versions.write_steps("wider")
    versions.write_step(
        3,
        "broken",
        "ops.RunPython(fail)",
        head="async def fail(apps, editor):\n    raise LookupError('in the middle')\n",
    )
    with pytest.raises(LookupError):
        await versions.migrate(url, "wider")
    versions.forget()
    assert await migrate.pending(url, schema=versions.schema("wider")) == ["0002_wider", "0003_broken"]
    async with store.opened(url, schema=versions.schema("first")):
        assert await counts() == [2, 2, 2]


async def test_what_is_pending_is_told_without_touching_anything(tmp_path, versions):
    path = tmp_path / "not-there" / "x.sqlite3"
    await versions.write_steps("first", "wider")
    names = await migrate.pending(f"sqlite://{path}", schema=versions.schema("wider"))
    assert names == ["0001_first", "0002_wider"]
    assert not path.parent.exists()
    await versions.migrate(f"sqlite://{path}", "wider")
    assert await migrate.pending(f"sqlite://{path}", schema=versions.schema("wider")) == []


ONE_OF_SEVERAL = """
import asyncio, sys
from models import migrate
from models.store import Schema
sys.path.insert(0, sys.argv[2])
wider = Schema("tables_wider", "steps", "tables_wider")
print("ready", flush=True)
print(asyncio.run(migrate.migrate(sys.argv[1], schema=wider, backup=False)).applied)
"""


@asynccontextmanager
async def held(url, pg_host):
    """The database as it is while somebody else is in the middle of a transaction."""
    if url.startswith("sqlite"):
        file = sqlite3.connect(migrate.file_of(url), isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            file.close()
        return
    database = url.split("/")[3].split("?")[0]
    connection = await asyncpg.connect(host=pg_host, user="postgres", database=database)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE photo IN ACCESS SHARE MODE")
            yield
    finally:
        await connection.close()


async def test_several_at_once_take_each_step_once(url, versions):
    await versions.write_steps("first")
    await filled(url, versions)
    await versions.write_steps("wider")
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", ONE_OF_SEVERAL, url, str(versions.folder)),
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    try:
        async with held(url, url.partition("host=")[2]):
            for process in processes:
                assert await process.stdout.readline() == b"ready\n"
            await pause(1.5)
        told = await asyncio.wait_for(asyncio.gather(*(p.communicate() for p in processes)), 90)
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
    assert [p.returncode for p in processes] == [0, 0, 0], told
    assert sorted(out.decode().strip() for out, _ in told) == sorted(["()", "()", "('0002_wider',)"])
    async with store.opened(url, schema=versions.schema("wider")):
        assert await counts() == [2, 2, 2]


async def test_a_step_is_written_once(versions):
    await versions.write_steps("first")
    assert await migrate.make("again", schema=versions.schema("first")) == []


async def test_a_key_that_somebody_else_gives_stays_so_in_its_step(sqlite_url, versions):
    given = """
from models.fields import GivenIdField
from tortoise.models import Model

INDEXES = []

class Update(Model):
    update_id = GivenIdField(primary_key=True)
"""
    (versions.folder / "tables_first.py").write_text(given)
    await versions.write_steps("first")
    versions.forget()
    assert await migrate.unwritten(schema=versions.schema("first")) == []
    await versions.migrate(sqlite_url, "first")
    async with store.opened(sqlite_url, schema=versions.schema("first")):
        with pytest.raises(IntegrityError):
            await store.connection().execute_query('INSERT INTO "update" DEFAULT VALUES')


async def test_a_start_without_a_step_to_take_reads_no_rows_while_others_write(url, versions, caplog):
    await with_secrets(url, versions)
    with caplog.at_level("DEBUG", "tortoise.db_client"):
        assert (await versions.migrate(url, "private")).applied == ()
    asked = [record.getMessage() for record in caplog.records]
    assert asked
    assert [one for one in asked if "photo" in one and "SELECT *" in one] == []


def test_the_steps_are_one_line_each_after_the_one_before():
    """Two steps of one number would be taken in an order that nobody wrote down."""
    steps = sorted(path.stem for path in Path(migrations.__file__).parent.glob("[0-9]*.py"))
    assert [step[:4] for step in steps] == [f"{number:04d}" for number in range(1, len(steps) + 1)]
    before = {step: import_module(f"models.migrations.{step}").Migration.dependencies for step in steps}
    assert [before[step] for step in steps[1:]] == [[("models", step)] for step in steps[:-1]]
