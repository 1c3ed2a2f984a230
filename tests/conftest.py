"""What every test may ask for: a fresh database of either kind, an object store, a browser.

Databases are copies of one that was migrated once per run. Nothing is shared between two tests.
"""

import asyncio
import gc
import importlib.util
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

# Before telegram is imported: without it RetryAfter warns, and a warning fails the test.
os.environ["PTB_TIMEDELTA"] = "1"

import pytest
from hypothesis import HealthCheck, settings

from models import store
from models.objects import ObjectStore
from models.objects import object_store as open_object_store
from tests.support import database_contents, database_templates, postgresql
from tests.support.postgresql import QUICK, pg_run, pg_tool, pg_url
from tests.support.waiting import PATIENCE

# A busy machine is slow, not wrong: no property is held against a clock.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_number = itertools.count(1)


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a loop and thread of its own, for fixtures that live as long as the run."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, work).result()


async def fill_empty_database(url: str) -> None:
    """The tables as a real installation gets them: by migrations, once there are any."""
    from models import migrate

    if migrate.exist():
        await migrate.migrate(url, backup=False)
    else:
        async with store.opened(url, create=True):
            pass


@pytest.fixture(scope="session")
def sqlite_template(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and no rows, for copies."""

    def make(path: Path) -> None:
        run_apart(fill_empty_database(f"sqlite://{path}"))

    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    shutil.copyfile(database_templates.kept(pytestconfig, "tables.sqlite3", make), path)
    return path


@pytest.fixture
async def db(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[str]:
    """An open store on a fresh SQLite file; its address."""
    path = tmp_path / "shuangsuiji.sqlite3"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite://{path}?synchronous=OFF"
    async with store.opened(url, objects_at=tmp_path / "objects"):
        await database_contents.stands(b"empty tables of SQLite")
        yield url


@pytest.fixture(scope="session")
def pg_server() -> Iterator[Any]:
    """A PostgreSQL server of this run's own, stopped when the run ends."""
    with postgresql.running() as server:
        run_apart(pg_run(server, *QUICK, "SELECT pg_reload_conf()"))
        yield server


@pytest.fixture(scope="session")
def pg_template(pytestconfig: pytest.Config, pg_server: Any) -> str:
    """The name of a database with all tables and no rows, for copies."""

    def make(path: Path) -> None:
        run_apart(pg_run(pg_server, "CREATE DATABASE migrated"))
        run_apart(fill_empty_database(pg_url(pg_server, "migrated")))
        pg_tool(pg_server, "pg_dump", "--file", str(path), "migrated")

    path = database_templates.kept(pytestconfig, "tables.sql", make)
    run_apart(pg_run(pg_server, "CREATE DATABASE filled"))
    pg_tool(pg_server, "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(path), "filled")
    return "filled"


@pytest.fixture
async def pg_empty(pg_server: Any) -> AsyncIterator[str]:
    """The address of a new PostgreSQL database without tables; no store is open."""
    name = f"empty{next(_number)}"
    await pg_run(pg_server, f"CREATE DATABASE {name}")
    try:
        yield pg_url(pg_server, name)
    finally:
        await pg_run(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def pg_db(pg_server: Any, pg_template: str, tmp_path: Path) -> AsyncIterator[str]:
    """An open store on a fresh PostgreSQL database; its address."""
    name = f"test{next(_number)}"
    await pg_run(pg_server, f"CREATE DATABASE {name} TEMPLATE {pg_template} STRATEGY FILE_COPY")
    url = pg_url(pg_server, name)
    try:
        async with store.opened(url, objects_at=tmp_path / "objects"):
            await database_contents.stands(b"empty tables of PostgreSQL")
            yield url
    finally:
        await pg_run(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def any_db(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    return str(request.getfixturevalue({"sqlite": "db", "postgres": "pg_db"}[request.param]))


@pytest.fixture
async def object_store(tmp_path: Path) -> ObjectStore:
    """Photos and documents in a fresh folder, without a database."""
    return await open_object_store(tmp_path / "objects")


def find_browser() -> str | None:
    """The Chromium to drive: the one named by CHROMIUM, or the system's."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    """A headless browser that speaks to nobody but the test."""
    from playwright.async_api import async_playwright

    quiet = "--disable-background-networking --disable-component-update --disable-sync --no-first-run"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu", *quiet.split()]
        )
        fresh = chromium.new_context

        async def patient(**how: Any) -> Any:
            context = await fresh(**how)
            context.set_default_timeout(PATIENCE * 1000)
            return context

        chromium.new_context = patient
        try:
            yield chromium
        finally:
            await chromium.close()


def why_no_browser() -> str | None:
    if find_browser() is None:
        return "no Chromium was found (set CHROMIUM to its path)"
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--browser", action="store_true", help="run the tests that need a browser too")
    parser.addoption("--office", action="store_true", help="run the tests that open files in LibreOffice too")
    parser.addoption("--full-size", action="store_true", help="run storms and crowds at their full size")


def why_no_office() -> str | None:
    return None if shutil.which("soffice") else "no LibreOffice was found (soffice)"


APART = {"browser": why_no_browser, "office": why_no_office}
"""Marks of tests that run when asked for by an option of that name, and why they cannot."""


def pytest_configure(config: pytest.Config) -> None:
    for mark, why in APART.items():
        reason = why() if config.getoption(f"--{mark}") else None
        if reason is not None:
            raise pytest.UsageError(f"--{mark} was asked for, but {reason}")


@pytest.fixture
def full_size(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full-size") or os.environ.get("FULL_SIZE"))


_left_out: pytest.StashKey[dict[str, int]] = pytest.StashKey()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests apart run when they are asked for; otherwise the end of the run says that they did not.

    Of a file's tests those on PostgreSQL come last: the tables are fitted anew at each change of the kind of database.
    """
    places = {path: n for n, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(
        key=lambda item: (places[item.path], "postgres" in getattr(item, "originalname", "") + item.name)
    )
    unasked = [mark for mark in APART if not config.getoption(f"--{mark}")]
    theirs = {mark: [item for item in items if item.get_closest_marker(mark)] for mark in unasked}
    left = [item for some in theirs.values() for item in some]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
        config.stash[_left_out] = {mark: len(some) for mark, some in theirs.items() if some}


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):  # a worker of xdist tells its controller
        session.config.workeroutput["left_out"] = session.config.stash.get(_left_out, {})


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_left_out] = getattr(node, "workeroutput", {}).get("left_out", {})


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for mark, count in config.stash.get(_left_out, {}).items():
        words = f"{mark.upper()} TESTS NOT RUN: {count}, run them with: python3 run.py test --{mark}"
        terminalreporter.section(words, sep="!", yellow=True, bold=True)
