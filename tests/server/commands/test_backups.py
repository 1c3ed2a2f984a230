"""`backup`, `restore` and `verify DIR` as a person at the server runs them (Art. 20, R29)."""

import json
import sqlite3
from contextlib import closing

import pytest

from models import store
from tests.support import fork_server
from tests.support.evidence import filled


@pytest.fixture
async def command(db, tmp_path):
    """A filled district, closed; its command line on the same data, or on that of another folder."""
    await filled()
    await store.close()

    def run(*words, at=tmp_path, language="en"):
        at.mkdir(exist_ok=True)
        known = {
            "DATABASE_URL": f"sqlite://{at / 'shuangsuiji.sqlite3'}",
            "DATA_DIR": str(at),
            "LANGUAGE": language,
        }
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    return run


async def test_r29_a_district_is_backed_up_verified_and_restored_elsewhere(command, tmp_path):
    folder, new = str(tmp_path / "backup"), tmp_path / "new"
    made = command("backup", folder)
    assert (made.returncode, made.stderr) == (0, "")
    assert "files 18" in made.stdout
    assert "files 18" in command("backup", folder, "--list").stdout
    assert json.loads(command("verify", folder, "--json").stdout)["whole"] is True
    assert "Nothing stands here yet" in command("restore", folder, "--compare", at=new).stdout
    back = command("restore", folder, at=new)
    assert (back.returncode, back.stderr) == (0, "")
    assert command("verify", at=new).stdout.strip().endswith("Everything agrees.")
    assert (new / "secret.key").read_text() == (tmp_path / "secret.key").read_text()
    assert (new / "shuangsuiji.sqlite3").stat().st_mode & 0o77 == 0


async def test_what_would_be_lost_is_named_and_replaced_only_when_asked(command, tmp_path):
    folder = str(tmp_path / "backup")
    command("backup", folder)
    with closing(sqlite3.connect(tmp_path / "shuangsuiji.sqlite3")) as file:
        file.execute(
            "INSERT INTO event (chain, seq, kind, by, at, data, previous, sha256)"
            " SELECT 'task:later', 1, 'task.later', by, '2030-01-01 00:00:00+00:00', data, previous, 'ff' FROM event LIMIT 1"
        )
        file.commit()
    refused = command("restore", folder)
    assert refused.returncode == 2
    assert "not in the backup: task:later #1 task.later" in refused.stdout
    done = command("restore", folder, "--replace")
    assert done.returncode == 0
    assert "shuangsuiji.sqlite3.before-1" in done.stdout
    assert (tmp_path / "shuangsuiji.sqlite3.before-1").exists()
    assert command("verify").stdout.strip().endswith("Everything agrees.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "nowhere"), "Make one first: shuangsuiji backup"),
        (("restore", "nowhere"), "There is no backup in"),
        (("restore", "backup", "--snapshot", "19990101T000000Z"), "holds no such backup"),
    ],
)
async def test_a_folder_without_the_backup_is_refused_in_words(command, tmp_path, words, said):
    command("backup", str(tmp_path / "backup"))
    refused = command(words[0], str(tmp_path / words[1]), *words[2:])
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr


async def test_a_flaw_is_named(command, tmp_path):
    folder = tmp_path / "backup"
    command("backup", str(folder))
    photo = next((folder / "objects").glob("??/*"))
    photo.unlink()
    found = command("verify", str(folder), language="zh_Hans")
    assert found.returncode == 1
    assert photo.name in found.stdout and "有 1 处不符" in found.stdout
