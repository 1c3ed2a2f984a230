"""A draw of the provincial platform judged by axe-core and for its width: brought, taken, held, in public (Art. 8, 14)."""

from __future__ import annotations

import secrets

import pytest

from models.procedure import draw, platform_draw
from models.rules.actor import Role
from tests.server.companion.screen import loopback
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE, account
from tests.support.page_looks import Looks
from tests.support.platform_files import HEADS, drawn_file

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db):
    await sample.found()
    await account(Role.HEAD, "GA")
    async with loopback() as made:
        yield made


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (1280, "zh-CN")])
async def test_a_draw_of_the_platform_has_no_serious_finding_on_any_page(house, browser, width, language):
    house.clock.move(CEREMONY)
    looks, head = Looks(browser, house, width, language), {"by": Role.HEAD, "of": "GA"}
    bad = f"{HEADS}OBJ99999,,,1,示例证-9,\nOBJ00001,,没有的街道,1,TEST-GA-001,\n".encode()
    wrong = await platform_draw.bring(BATCH, "示例名单.csv", bad, by=OFFICE, at=CEREMONY)
    await looks.look(f"/console/batches/{BATCH}", name="batch", **head)
    await looks.look(f"/console/platform-files/{wrong}", name="refused", **head)
    good = await platform_draw.bring(BATCH, "示例名单.csv", drawn_file(), by=OFFICE, at=CEREMONY)
    await looks.look(f"/console/platform-files/{good}", name="preview", **head)
    code = (await platform_draw.take(good, by=OFFICE, at=CEREMONY, random=secrets.token_bytes)).code
    await looks.look(f"/console/platform-files/{good}", name="taken", **head)
    await looks.look(f"/console/draws/{code}", name="ceremony", **head)
    await draw.hold(code, by=OFFICE, at=CEREMONY)
    await looks.look(f"/console/draws/{code}", name="held", **head)
    await looks.look(f"/draws/{code}", name="public")
    await looks.look("/draws", name="chain")
    assert looks.wrong == {}
