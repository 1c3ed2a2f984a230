"""A fictitious district in an empty database: whole, the same again, never among real rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from models.rules import credit_code
from models.rules.actor import Role
from models.tables import Inspector, Target, Task
from server import sample_district, sample_registers
from server.sample_registers import SampleSize
from tests.server.pages import site
from tests.support import district as sample
from tests.support import fork_server

SMALL = SampleSize(targets=40, inspectors=40, tasks=20, seed=7)
TODAY = date(2026, 11, 27)


@pytest.fixture
def command(db, tmp_path):
    def run(*words, language="zh_Hans"):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": language}
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    return run


async def made(today: date = TODAY) -> dict[str, int]:
    return dict(await sample_district.make(SMALL, sample.district(), today=today, tell=lambda *_: None))


async def test_a_sample_holds_tasks_in_many_states_and_verifies(command):
    done = command("sample", "--targets", "40", "--inspectors", "40", "--tasks", "20", "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert (await Target.all().count(), await Inspector.all().count()) == (40, 40)
    states = set(await Task.all().values_list("state", flat=True))
    assert await Task.all().count() == 20 and len(states) >= 5, states
    verified = command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "20/20" in done.stdout


async def test_the_console_and_the_public_pages_answer_on_a_sample(db):
    await made()
    async with site() as here:
        office = await here.browser(Role.OFFICE, "office")
        for path in ("/console/", "/console/tasks", "/", "/results"):
            page = await office.get(path)
            assert page.status == 200, path


@pytest.mark.parametrize("today", [date(2027, 1, 20), date(2027, 2, 24)])
async def test_a_sample_made_early_in_a_year_has_visits_and_results_too(db, today):
    states = await made(today)
    assert {"scheduled", "concluded"} <= set(states), states


SHOWN = (
    "SELECT number, target_id, state, visit_from FROM task ORDER BY number",
    "SELECT code, commitment, seed, results_sha256 FROM draw ORDER BY code",
    "SELECT code, name, street, credit_code FROM target ORDER BY code",
    "SELECT code, name, department FROM inspector ORDER BY code",
)


async def test_the_same_seed_makes_the_same_district(tmp_path):
    def district(folder, seed):
        env = {"SHUANGSUIJI_DATA_DIR": str(tmp_path / folder)}
        assert fork_server.run("init", env=env).returncode == 0
        done = fork_server.run(
            "sample", "--targets", "12", "--inspectors", "16", "--tasks", "8", "--seed", seed, env=env
        )
        assert done.returncode == 0, done.stderr
        with closing(sqlite3.connect(tmp_path / folder / "shuangsuiji.sqlite3")) as rows:
            return [rows.execute(query).fetchall() for query in SHOWN]

    first = district("first", "7")
    assert [len(rows) for rows in first] == [8, 1, 12, 16]
    assert first == district("again", "7")
    assert first[1] != district("other", "8")[1]


def test_a_code_of_a_sample_has_right_check_digits_and_says_that_it_is_none():
    for n in (1, 30, 31, 999_999):
        checked = credit_code.examine(sample_registers.credit_code(n))
        assert checked.valid and not checked.warnings and "WWW" in checked.code


async def test_a_sample_is_not_made_among_real_rows(command):
    await sample.found()
    done = command("sample")
    assert done.returncode == 2 and "不得混入真实数据" in done.stderr
    assert "already" in command("sample", language="en").stderr
    assert not await Task.exists()


def test_a_sample_that_nothing_can_be_drawn_of_is_refused_in_words(command):
    assert "--inspectors" in command("sample", "--inspectors", "7").stderr
    assert "--tasks" in command("sample", "--targets", "8", "--tasks", "9", language="en").stderr
    assert command("sample", "--targets", "0").returncode == 2
