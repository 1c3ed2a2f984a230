"""信用记录 judged by axe-core and for its width, on the desk, the entity's page and in public (Art. 19)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from models.procedure import credit
from models.rules import tokens
from models.rules.actor import Role
from models.tables import Notice
from tests.models.procedure.test_credit import LATER, PLACE, enter, published
from tests.server.companion.screen import loopback
from tests.support import publishing
from tests.support.district import account
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db):
    async with loopback() as made:
        yield made


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (1280, "zh-CN")])
async def test_the_credit_record_has_no_serious_finding_on_any_page(house, browser, width, language):
    task = await published(["R05"])
    letter = await Notice.filter(task=task).order_by("-version").first()
    await account(Role.HEAD, "GA")
    house.clock.move(LATER)
    looks = Looks(browser, house, width, language)
    entity = f"/n/{tokens.token(PLACE.secret, 'notice', letter.number)}"

    await looks.look("/console/credit", by=Role.HEAD, of="GA", name="waiting")
    await enter(task)
    await looks.look(entity, name="entity-may")
    await credit.apply(letter.number, "示例已改正,材料附后", by=publishing.HOLDER, at=LATER)
    await looks.look("/console/credit", by=Role.HEAD, of="GA", name="credit")
    await looks.look(entity, name="entity")
    await looks.look(f"/results/{quote(task.number)}", name="result")
    assert looks.wrong == {}
