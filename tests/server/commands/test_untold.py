"""`untold` as a person at the server runs it: who was not told, and how they were told after all (Art. 5-7)."""

import json

import pytest

from models.rules.actor import Role
from models.tables import Event, LeftOut
from tests.support import district as sample
from tests.support import fork_server


@pytest.fixture
async def house(db, tmp_path):
    """A drawn district whose officers have no account yet: nobody could be told of the tasks."""
    await sample.found()
    await sample.account(Role.OFFICE, "测试联席办")
    await sample.drawn()

    def run(*words):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    return run


async def test_a12_who_was_left_out_is_listed_with_the_reason(house):
    there = {(row.whose, row.of) for row in await LeftOut.filter(settled_at=None)}
    assert there
    said = house("untold", "list")
    assert (said.returncode, said.stderr) == (0, "")
    assert all(of in said.stdout for _, of in there)
    told = json.loads(house("untold", "list", "--json").stdout)
    assert {(one["whose"], one["of"]) for one in told} == there
    assert all(one["why"] and one["name"] and one["about"] for one in told)


async def test_a12_who_was_told_otherwise_leaves_the_list_with_the_words_in_the_trail(house):
    row = await LeftOut.filter(settled_at=None).order_by("id").first()
    said = house("untold", "settle", row.whose, row.of, "--said", "示例:电话告知")
    assert (said.returncode, said.stderr) == (0, "")
    assert not await LeftOut.filter(whose=row.whose, of=row.of, settled_at=None).exists()
    settled = await Event.filter(chain=row.chain, kind="told.settled", by="office:cli")
    assert [one.data["said"] for one in settled] == ["示例:电话告知"]
    assert row.of not in {one["of"] for one in json.loads(house("untold", "list", "--json").stdout)}


async def test_a12_to_settle_without_words_is_refused(house):
    row = await LeftOut.filter(settled_at=None).order_by("id").first()
    said = house("untold", "settle", row.whose, row.of, "--said", " ")
    assert said.returncode == 2 and said.stderr.strip()
    assert await LeftOut.filter(whose=row.whose, of=row.of, settled_at=None).exists()
