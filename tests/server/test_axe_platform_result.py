"""Results of the provincial platform judged by axe-core and for their width: brought, taken, beside ours (Art. 8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import platform_draw, platform_result
from models.rules.actor import Role
from server.platform_files import result_names
from tests.server.companion.screen import loopback
from tests.server.notices import given, published, visited
from tests.support import district as sample
from tests.support.district import BATCH, OFFICE, VISIT, account
from tests.support.page_looks import Looks
from tests.support.platform_files import results_file

pytestmark = pytest.mark.browser
LATER = VISIT + timedelta(days=2)


@pytest.fixture
async def house(db):
    await sample.found()
    task = await published((await visited(await given())).task)
    await account(Role.HEAD, "GA")
    async with loopback() as made:
        made.task = task
        yield made


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (1280, "zh-CN")])
async def test_results_of_the_platform_have_no_serious_finding_on_any_page(house, browser, width, language):
    house.clock.move(LATER)
    looks, head, number = (
        Looks(browser, house, width, language),
        {"by": Role.HEAD, "of": "GA"},
        house.task.number,
    )
    bad = results_file(
        "示例-9,,,,未发现问题,,,2026-12-09,示例-7", f"{number},,,,示例结果,,,2026-12-09,示例-7"
    )
    wrong = await platform_draw.bring(BATCH, "示例结果.csv", bad, by=OFFICE, at=LATER)
    await looks.look(f"/console/batches/{BATCH}", name="results-batch", **head)
    await looks.look(f"/console/platform-results/{wrong}", name="results-refused", **head)
    rows = results_file(
        f"{number},,,,未发现问题,,示例,2026-12-09,示例-7",
        f"{number},,,XF,未发现问题,无需后续处置,,2026-12-09,示例-7",
    )
    good = await platform_draw.bring(BATCH, "示例结果.csv", rows, by=OFFICE, at=LATER)
    await looks.look(f"/console/platform-results/{good}", name="results-preview", **head)
    await platform_result.take("示例结果.csv", rows, BATCH, names=result_names(), by=OFFICE, at=LATER)
    await looks.look(f"/console/platform-results/{good}", name="results-taken", **head)
    await looks.look(f"/console/tasks/{number}", name="results-task", **head)
    assert looks.wrong == {}
