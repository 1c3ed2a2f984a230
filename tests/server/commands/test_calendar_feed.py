"""`feed` as a person at the server runs it: an address shown once, the old one stopped (Art. 15)."""

import pytest

from models.queries.calendar_feed import owner_of
from models.rules.actor import Role
from tests.support import district as sample
from tests.support import fork_server


@pytest.fixture
async def house(db, tmp_path):
    await sample.found()
    await sample.account(Role.INSPECTOR, "INS-GA-1")

    def run(*words):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "en"}
        return fork_server.run(
            "feed", *words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()}
        )

    return run


async def test_an_address_is_made_and_made_again(house):
    assert "no address yet" in house("show", "INS-GA-1").stdout
    first, second = (house("reset", "INS-GA-1").stdout.split("/calendar/")[1].strip() for _ in range(2))
    assert await owner_of(first.removesuffix(".ics")) is None
    owner = await owner_of(second.removesuffix(".ics"))
    assert owner is not None and owner.actor.id == "INS-GA-1"
    assert "stands since" in house("show", "INS-GA-1").stdout


async def test_somebody_unknown_is_refused_with_what_to_check(house):
    said = house("reset", "INS-XX-9")
    assert (said.returncode, "Check the sign-in name" in said.stderr) == (2, True)
