"""`verify`, `anchor` and `repair` as a person at the server runs them: exit code 0, 1 or 2, in plain words."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import store
from models.operations import event
from models.procedure import anchor, clock_watch, objects
from models.rules.actor import CLOCK
from models.tables import Anchor, Answer, Event, Photo
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import district
from tests.support.evidence import filled

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def house(db, tmp_path):
    """A filled district; its command line runs in a process of its own on the same data."""
    made = await filled()

    def run(*words):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    run.made = made
    return run


async def test_a_whole_district_is_said_to_be_whole(house):
    said = house("verify")
    assert (said.returncode, said.stderr) == (0, "")
    assert "files 18, daily roots 12" in said.stdout
    assert said.stdout.strip().endswith("Everything agrees.")


async def test_what_differs_is_named_in_words_and_by_number(house):
    answer = await Answer.all().first()
    await Answer.filter(id=answer.id).update(note="changed")
    photo = await Photo.filter(task__number=house.made.whole).first()
    store.objects.path(photo.sha256).unlink()
    said = house("verify")
    assert said.returncode == 1
    assert f"Answer {answer.id} differs from event task:{house.made.whole} #" in said.stdout
    assert f"The file of Photo {photo.id} is missing: sha256 {photo.sha256} [photo:{photo.id}]" in said.stdout
    told = json.loads(house("verify", "--json", "--task", house.made.whole).stdout)
    assert told["whole"] is False
    found = {(one["kind"], one["subject"]) for one in told["differences"]}
    assert found == {("row.changed", f"answer:{answer.id}"), ("object.missing", f"photo:{photo.id}")}
    assert house("verify", "--task", house.made.moved).returncode == 0


async def test_a_root_that_somebody_kept_is_asked_for(house):
    known = (await Anchor.get(number=3)).root
    assert house("verify", "--root", known.upper()).returncode == 0
    said = house("verify", "--root", "ab" * 32)
    assert said.returncode == 1 and "This root was never published: " + "ab" * 32 in said.stdout


async def test_a_tasks_evidence_is_written_and_checked_by_the_stranger(house, tmp_path):
    out = tmp_path / "court" / "evidence.zip"
    said = house("verify", "--task", house.made.whole, "--bundle", out)
    assert said.returncode == 0 and str(out) in said.stdout
    check = [sys.executable, "-I", "-S", str(ROOT / "server/public/static/verify_evidence.py"), str(out)]
    assert subprocess.run(check, check=False, capture_output=True).returncode == 0


async def test_a_bundle_of_no_task_or_of_an_unknown_one_is_refused(house, tmp_path):
    for words in (("--bundle", tmp_path / "x.zip"), ("--task", "none", "--bundle", tmp_path / "x.zip")):
        said = house("verify", *words)
        assert said.returncode == 2 and said.stderr.count("\n") == 1
    assert not (tmp_path / "x.zip").exists()


async def test_anchor_closes_the_days_that_are_over(house):
    await Anchor.all().delete()
    async with store.transaction():
        await event.record("registry", "registry.noted", by=CLOCK, at=datetime.now(UTC) - timedelta(days=2))
    said = house("anchor")
    assert said.returncode == 0
    assert said.stdout.count(" root ") == await Anchor.all().count() >= 2


async def stray(data, before):
    """A file that no row names, this much older than the newest row."""
    name = await store.objects.put(data)
    at = (await Event.all().order_by("-at").first()).at - before
    os.utime(store.objects.path(name), (at.timestamp(), at.timestamp()))
    return name


async def test_e6_repair_asks_and_moves_what_no_row_names_to_a_bin(house):
    old = await stray(b"a crash left this", timedelta(hours=1))
    said = house("repair")
    assert said.returncode == 0 and old in said.stdout and await store.objects.exists(old)
    told = json.loads(house("repair", "--json").stdout)
    assert (told["orphans"], told["lacking"], told["binned"]) == ([old], [], [])
    said = house("repair", "--discard")  # nobody sits there to say yes
    assert said.returncode == 1 and "--yes" in said.stdout and await store.objects.exists(old)
    assert house("repair", "--discard", "--yes").returncode == 0
    assert not await store.objects.exists(old)
    assert "1 file lies in the bin" in house("repair").stdout
    assert house("repair", "--take-back").returncode == 0
    assert await store.objects.get(old) == b"a crash left this"


async def test_e6_what_is_younger_than_the_newest_row_stays_beside_an_older_database(house):
    young = [await stray(b"photo %d" % n, -timedelta(minutes=n + 1)) for n in range(3)]
    old = await stray(b"a crash left this", timedelta(hours=1))
    said = house("repair", "--discard", "--yes")
    assert "3 files are younger than the newest record" in said.stdout
    assert not await store.objects.exists(old)
    assert all([await store.objects.exists(name) for name in young])


async def test_e6_what_another_database_beside_this_one_names_stays(house, db, tmp_path):
    named = await stray(b"named by the newer database", timedelta(hours=1))
    with closing(sqlite3.connect(tmp_path / "copy of yesterday.db")) as other:
        other.execute("CREATE TABLE photo (sha256 TEXT)")
        other.execute("INSERT INTO photo VALUES (?)", [named])
        other.commit()
    said = house("repair", "--discard", "--yes")
    assert "1 file is named by another database" in said.stdout
    assert await store.objects.exists(named)


async def test_e6_the_bin_is_emptied_after_thirty_days(db):
    await event.record("registry", "registry.noted", by=CLOCK, at=datetime.now(UTC))
    old = await stray(b"a crash left this", timedelta(hours=1))
    now = datetime.now(UTC)
    await objects.to_bin((old,), at=now)
    await objects.to_bin((), at=now + timedelta(days=30))
    assert len(await store.objects.binned()) == 1
    await objects.to_bin((), at=now + timedelta(days=31))
    assert await store.objects.binned() == []


async def test_e11_a_damaged_database_is_named_with_its_way_back_and_never_a_traceback(house, db, tmp_path):
    path = tmp_path / "shuangsuiji.sqlite3"
    await store.connection().execute_query("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    for page in range(8, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    for words in (("verify",), ("doctor", "--deep"), ("verify", "--json")):
        said = house(*words)
        assert said.returncode == 1
        assert "Traceback" not in said.stderr + said.stdout, (words, said.stderr[-800:])
        assert "damaged" in said.stdout + said.stderr


async def test_e11_a_text_that_is_none_is_damage_and_said_so(house):
    answer = await Answer.all().first()
    await store.connection().execute_query(
        "UPDATE answer SET note = CAST(X'FFFE' AS TEXT) WHERE id = ?", [answer.id]
    )
    with pytest.raises(store.Damaged):
        await Answer.get(id=answer.id)
    said = house("verify")
    assert said.returncode == 1 and "Traceback" not in said.stdout + said.stderr
    assert f"answer:{answer.id}" in said.stdout


async def test_e11_a_whole_database_is_said_to_be_whole(house):
    told = json.loads(house("doctor", "--deep", "--json").stdout)
    assert {one["check"]: one["ok"] for one in told["checks"]}["integrity"] is True


async def test_repair_names_rows_whose_file_is_gone(house):
    photo = await Photo.filter(task__number=house.made.whole).first()
    await store.objects.discard(photo.stamped)
    said = house("repair")
    assert said.returncode == 1 and f"The file of Photo {photo.id} is missing: stamped" in said.stdout


async def test_e10_doctor_says_that_the_clock_jumped_and_what_to_do(db, tmp_path):
    known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
    env = {f"SHUANGSUIJI_{name}": value for name, value in known.items()}
    now = datetime.now(UTC)
    await event.record("registry", "registry.noted", by=CLOCK, at=now - timedelta(days=50))
    await anchor.due(now - timedelta(days=49), district())
    assert await Anchor.all().count()
    await event.record("registry", "registry.noted", by=CLOCK, at=now)
    told = json.loads(fork_server.run("doctor", "--json", env=env).stdout)
    days = {one["check"]: one for one in told["checks"]}["days"]
    assert days["ok"] is False and "clock is in doubt" in days["seen"]
    said = fork_server.run("doctor", env=env)
    assert said.returncode == 1
    (line,) = [one for one in said.stdout.splitlines() if "clock is in doubt" in one]
    assert "shuangsuiji clock --confirm" in line
    await clock_watch.confirm("示例:核对无误", by=sample.OFFICE, at=now)
    told = json.loads(fork_server.run("doctor", "--json", env=env).stdout)
    assert {one["check"]: one["ok"] for one in told["checks"]}["days"] is True
