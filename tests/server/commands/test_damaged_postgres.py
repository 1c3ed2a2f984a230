"""A damaged page of PostgreSQL: named in words with a way back, by the command line and by the web (Art. 20)."""

import json
from pathlib import Path

import asyncpg
import pytest

from models import integrity, store
from models.queries import evidence
from models.tables import Answer, Event, Target
from tests.support import fork_server
from tests.support.evidence import filled
from tests.support.postgresql import pg_run, pg_url

PAGE = 8192


@pytest.fixture
async def copied(pg_server, pg_template, tmp_path):
    """What damages tables of a filled district: the address of a copy of it whose pages are garbage."""
    before, after = "whole_district", "damaged_district"
    await pg_run(pg_server, f"CREATE DATABASE {before} TEMPLATE {pg_template} STRATEGY FILE_COPY")
    try:
        async with store.opened(pg_url(pg_server, before), objects_at=tmp_path / "objects"):
            await filled()

        async def damaged(*tables: str) -> str:
            """No page of the new copy has been read yet: what the file says is what the server will see."""
            await pg_run(pg_server, f"CREATE DATABASE {after} TEMPLATE {before} STRATEGY FILE_COPY")
            url = pg_url(pg_server, after)
            connection = await asyncpg.connect(url)
            try:
                for table in tables:
                    where = await connection.fetchval("SELECT pg_relation_filepath($1::regclass)", table)
                    _spoil(Path(pg_server.pgdata) / where)
            finally:
                await connection.close()
            return url

        yield damaged
    finally:
        for name in (after, before):
            await pg_run(pg_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    assert data
    for page in range(0, len(data), PAGE):
        data[page : page + 24] = b"\xff" * 24
    path.write_bytes(data)


def _run(url: str, folder: Path, *words: str):
    known = {"DATABASE_URL": url, "DATA_DIR": str(folder), "LANGUAGE": "en"}
    return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})


async def test_e11_a_damaged_page_of_postgresql_is_named_with_its_way_back(copied, tmp_path):
    url = await copied("answer", "target", "event")
    for words in (("verify",), ("verify", "--json"), ("doctor", "--deep"), ("doctor",)):
        said = _run(url, tmp_path, *words)
        whole = said.stdout + said.stderr
        assert "Traceback" not in whole, (words, whole[-800:])
        if words != ("doctor",):
            assert said.returncode == 1, words
            assert "damaged" in whole and "pg_restore" in whole and "cp COPY" not in whole
    told = json.loads(_run(url, tmp_path, "doctor", "--deep", "--json").stdout)
    assert {one["check"]: one["ok"] for one in told["checks"]}["integrity"] is False


async def test_e11_what_is_read_from_a_damaged_page_is_damage_and_no_mistake_of_ours(copied, tmp_path):
    url = await copied("answer")
    async with store.opened(url, objects_at=tmp_path / "objects"):
        found = await integrity.damage(url)
        assert len(found) == 1 and found[0].startswith("answer: ")
        with pytest.raises(store.Damaged):
            await Answer.all().first()
        assert await Target.all().count() and await Event.all().count()
        with pytest.raises(store.Damaged):
            await evidence.verify(None)
        async with store.transaction():
            with pytest.raises(store.Damaged):
                await Answer.all().count()


async def test_e11_a_lost_file_of_postgresql_is_damage_too(copied, pg_server, tmp_path):
    url = await copied()
    connection = await asyncpg.connect(url)
    where = await connection.fetchval("SELECT pg_relation_filepath('answer'::regclass)")
    await connection.close()
    (Path(pg_server.pgdata) / where).unlink()
    async with store.opened(url, objects_at=tmp_path / "objects"):
        with pytest.raises(store.Damaged):
            await Answer.all().first()
        assert [one.partition(":")[0] for one in await integrity.damage(url)] == ["answer"]
