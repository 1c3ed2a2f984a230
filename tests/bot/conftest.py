"""A district in the middle of things, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from models import store
from models.procedure import draw as draws
from models.procedure import inspection
from models.rules.actor import Role
from models.tables import Assignment, Batch, Draw, Inspector, Task
from tests.bot.chat import Chat, a_task, chatting
from tests.conftest import run_apart
from tests.support import district
from tests.support.district import CEREMONY, OFFICE, VALUES

LOTTERY = "lottery:示例彩票@2026-11-27T11:00+08:00 2026301"


async def _drawn() -> None:
    await district.found()
    for one in await Inspector.all():
        await district.account(Role.INSPECTOR, one.code)
    for department in district.CREW:
        await district.account(Role.HEAD, department)
    await district.drawn()


async def _on_site() -> None:
    await _drawn()
    task = await a_task()
    await district.visit_fixed(task, district.district())
    present = await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True)
    leader = await district.leader_of(task)
    at = district.VISIT + timedelta(minutes=5)
    await inspection.begin(
        task.number, [str(one) for one in present], by=leader, at=at, untold="示例:当面告知"
    )


@pytest.fixture(scope="session")
def templates(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Databases after the draw, and with the first task's visit begun."""
    made = {}
    for name, tale in (("drawn", _drawn), ("on_site", _on_site)):
        path = tmp_path_factory.mktemp("bot") / f"{name}.sqlite3"
        shutil.copyfile(sqlite_template, path)

        async def tell(path: Path = path, tale=tale) -> None:  # type: ignore[no-untyped-def]
            async with store.opened(f"sqlite://{path}", objects_at=path.parent / "objects"):
                await tale()

        run_apart(tell())
        made[name] = path
    return made


async def _chat(path: Path, tmp_path: Path) -> AsyncIterator[Chat]:
    mine = tmp_path / "shuangsuiji.sqlite3"
    shutil.copyfile(path, mine)
    async with (
        store.opened(f"sqlite://{mine}?synchronous=OFF", objects_at=tmp_path / "objects"),
        chatting() as chat,
    ):
        yield chat


@pytest.fixture
async def drawn(templates: dict[str, Path], tmp_path: Path) -> AsyncIterator[Chat]:
    """The chat on the morning after the draw; nothing accepted yet."""
    async for chat in _chat(templates["drawn"], tmp_path):
        yield chat


@pytest.fixture
async def site(templates: dict[str, Path], tmp_path: Path) -> AsyncIterator[Chat]:
    """The chat while the first task's visit is under way."""
    async for chat in _chat(templates["on_site"], tmp_path):
        chat.clock.move(district.VISIT + timedelta(minutes=10))
        yield chat


@pytest.fixture
async def task(request: pytest.FixtureRequest) -> Task:
    """The first task; ask for it after `drawn` or `site`."""
    return await a_task()


@pytest.fixture
async def second(drawn) -> Draw:
    """Another batch of the same scheme, committed."""
    first = await Batch.get(code=district.BATCH)
    batch = await Batch.create(
        code="2026-XH-GA-02-2", scheme_id=first.scheme_id, state="open", strata={"A": 1, "B": 1}, teams={"*": 1},
        crew=first.crew, opens=first.opens, closes=first.closes, entropy=[*VALUES, LOTTERY],
    )  # fmt: skip
    fixed = await draws.commit(batch.code, by=OFFICE, at=CEREMONY, random=district.salts())
    return await Draw.get(code=fixed.code)
