"""`verify`, `anchor` and `repair` as a person at the server runs them: exit code 0, 1 or 2, in plain words."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import store
from models.procedure import event
from models.rules.actor import CLOCK
from models.tables import Anchor, Answer, Photo
from tests.evidence import filled

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def house(db, tmp_path):
    """A filled district; its command line runs in a process of its own on the same data."""
    made = await filled()

    def run(*words):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
        settings = {f"SHUANGSUIJI_{name}": value for name, value in known.items()}
        command = [sys.executable, "-m", "server", *map(str, words)]
        how = {"capture_output": True, "encoding": "utf-8", "timeout": 120, "cwd": ROOT}
        return subprocess.run(command, check=False, env={**os.environ, **settings, "PYTHONUTF8": "1"}, **how)

    run.made = made
    return run


async def test_a_whole_district_is_said_to_be_whole(house):
    said = house("verify")
    assert (said.returncode, said.stderr) == (0, "")
    assert "13 files, 12 daily roots" in said.stdout
    assert said.stdout.strip().endswith("Everything agrees.")


async def test_what_differs_is_named_in_words_and_by_number(house):
    answer = await Answer.all().first()
    await Answer.filter(id=answer.id).update(note="changed")
    photo = await Photo.all().first()
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


async def test_repair_names_what_no_row_names_and_removes_it_only_when_told(house):
    stray = await store.objects.put(b"a crash left this")
    said = house("repair")
    assert said.returncode == 0 and stray in said.stdout and await store.objects.exists(stray)
    assert json.loads(house("repair", "--json").stdout) == {"orphans": [stray], "lacking": []}
    assert house("repair", "--discard").returncode == 0
    assert not await store.objects.exists(stray)
    photo = await Photo.all().first()
    await store.objects.discard(photo.stamped)
    said = house("repair")
    assert said.returncode == 1 and f"The file of Photo {photo.id} is missing: stamped" in said.stdout
