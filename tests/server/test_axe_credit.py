"""信用记录 judged by axe-core and for its width, on the desk, the entity's page and in public (Art. 19)."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from models.procedure import credit
from models.rules import tokens
from models.rules.actor import Role
from models.tables import Notice
from tests.models.procedure.test_credit import LATER, PLACE, enter, published
from tests.server.field.screen import loopback, sign_in
from tests.server.test_axe_browser import opened
from tests.support import publishing
from tests.support.district import account

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""


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
    wrong: dict[str, object] = {}

    async def look(name: str, at: str, role: Role | None) -> None:
        context = await browser.new_context(viewport={"width": width, "height": 844}, locale=language)
        if role:
            await sign_in(context, house, "GA", role)
        page = await context.new_page()
        await page.goto(str(house.server.make_url("/")).rstrip("/") + at)
        if said := await opened(page):
            wrong[name] = said
        if SHOTS:
            await page.screenshot(path=Path(SHOTS, f"{name}-{width}-{language}.png"), full_page=True)
        await context.close()

    await look("waiting", "/console/credit", Role.HEAD)
    await enter(task)
    await look("entity-may", f"/n/{tokens.token(PLACE.secret, 'notice', letter.number)}", None)
    await credit.apply(letter.number, "示例已改正,材料附后", by=publishing.HOLDER, at=LATER)
    await look("credit", "/console/credit", Role.HEAD)
    await look("entity", f"/n/{tokens.token(PLACE.secret, 'notice', letter.number)}", None)
    await look("result", f"/results/{quote(task.number)}", None)
    assert wrong == {}
