"""Every page of the console, found by its links, has all its forms opened and is judged by axe-core (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest

from models.rules.actor import Role
from models.tables import Task
from tests.server.companion.screen import loopback, sign_in
from tests.support import evidence
from tests.support.district import leader_of
from tests.support.page_looks import opened, pictured

pytestmark = pytest.mark.browser
LOOKS = [(390, "zh-CN", "dark"), (390, "en", "light")]
CODES = re.compile(r"/(?:\d[\w.-]*|[A-Z]{2,}[\w.-]*)(?=/|$)")
LINKS = """() => [...document.querySelectorAll("main a[href], nav a[href]")].map((link) => link.href)"""
FORMS = """() => [...document.forms].map((form) => `${form.action} ${[...form.elements].map((field) => field.name)}`)"""
_number = count(1)


def kind(address: str) -> str:
    """Pages of one kind have one name: numbers and codes in an address are left out."""
    return CODES.sub("/*", urlsplit(address).path)


async def pages_of(page: Any, start: str) -> AsyncIterator[str]:
    """From link to link through the console, one page of each kind, each as it stands in the browser."""
    todo, seen = [start], {kind(start)}
    while todo:
        address = todo.pop(0)
        answer = await page.request.get(address)
        assert answer.status == 200, (address, answer.status)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        await page.goto(address)
        yield address
        for link in await page.evaluate(LINKS):
            if urlsplit(link).path.startswith("/console/") and kind(link) not in seen:
                seen.add(kind(link))
                todo.append(link)


@pytest.fixture
async def house(db):
    async with loopback() as made:
        yield made


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("width", "language", "theme"), LOOKS)
async def test_every_page_of_the_console_has_no_serious_finding_with_its_forms_open(
    house, browser, width, language, theme
):
    filled = await evidence.filled()
    house.clock.at = evidence.LATER
    leader = await leader_of(await Task.get(number=filled.whole))
    wrong, judged = {}, set()
    for role, of in ((Role.OFFICE, "测试联席办"), (Role.HEAD, "GA"), (Role.INSPECTOR, leader.id)):
        look = {"viewport": {"width": width, "height": 844}, "locale": language, "color_scheme": theme}
        context = await browser.new_context(**look)
        await sign_in(context, house, of, role)
        page = await context.new_page()
        async for address in pages_of(page, str(house.server.make_url("/console/"))):
            forms = (kind(address), frozenset(map(kind, await page.evaluate(FORMS))))
            if forms in judged:  # another role saw the same
                continue
            judged.add(forms)
            if findings := await opened(page):
                wrong[role, address] = findings
            await pictured(page, f"{next(_number):03d}", role, kind(address), language)
        await context.close()
    assert len({name for name, _ in judged}) > 30
    assert wrong == {}
