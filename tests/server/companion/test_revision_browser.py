"""更正公示结果 on a real screen: asked for or found by the officer, with its reason; the head decides (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from models.procedure import revision
from models.queries import publication as publications
from models.tables import DepartmentResult, Revision
from tests.models.procedure.test_publication import HEAD
from tests.server.companion.screen import loopback, open_app, signed_in
from tests.server.pages import Site
from tests.support import page_looks, publishing, rectifying, waiting
from tests.support.rectifying import ENDED, Wanting

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db) -> AsyncIterator[Site]:
    async with loopback() as made:
        made.clock.move(ENDED)
        yield made


@pytest.fixture
async def public(house) -> Wanting:
    of = await rectifying.reviewed()
    await of.ordered()
    await publishing.published(of.task, HEAD, ENDED)
    return of


def revise(of: Wanting) -> str:
    return f"#/t/{of.task.number}/revise"


async def chosen(page: Any, name: str) -> None:
    await page.get_by_role("checkbox", name=name).click()
    await page.get_by_role("checkbox", name=name, checked=True).wait_for()


async def test_who_is_asked_finds_the_correction_and_sets_a_point_aside(house, public, browser):
    await revision.ask(public.task.number, "示例:灭火器数量有误", by=HEAD, at=ENDED)
    context = await signed_in(browser, house, public.officer.id)
    page, complaints = await open_app(context, house)
    await page.locator(f"a.card.task[href='#/t/{public.task.number}']").click()
    await page.locator("a.button.main", has_text="更正公示结果").click()
    await page.get_by_text("要求更正的原因：示例:灭火器数量有误").wait_for()
    assert not await page.locator("#reason").count(), "the reason was given by who asked"
    send = page.locator("button.main.good")
    await page.get_by_text("与现在公示的相同").wait_for()
    assert await send.is_disabled()
    await chosen(page, f"{public.points[0]}. ")
    await page.locator("#note").fill("示例:复核后改判")
    await page_looks.pictured(page, "revision-asked-390")
    await send.click()
    await waiting.until(Revision.filter(result_id__not_isnull=True).exists)
    row = await Revision.get()
    proposed = (await publications.revisions(public.task.number))[0]
    assert (list(row.aside), proposed.outcome) == ([public.points[0]], "")
    last = await DepartmentResult.filter(department=public.department).order_by("-version").first()
    assert (last.version, last.note, last.reason) == (2, "示例:复核后改判", "示例:灭火器数量有误")
    assert complaints == []


@pytest.mark.parametrize(("width", "locale"), [(390, "en-GB"), (1280, "zh-CN")])
async def test_an_officer_who_finds_an_error_says_why_and_all_points_fall_with_it(
    house, public, browser, width, locale
):
    context = await signed_in(
        browser, house, public.officer.id, viewport={"width": width, "height": 844}, locale=locale
    )
    page, complaints = await open_app(context, house, revise(public))
    names = {"en-GB": "No problem found", "zh-CN": "未发现问题"}
    await page.locator("#reason").wait_for()
    await chosen(page, names[locale])
    for number in public.points:
        await page.get_by_role("checkbox", name=f"{number}. ", checked=True).wait_for()
    send = page.locator("button.main.good")
    assert await send.is_disabled(), "what becomes public needs its reason"
    await page.locator("#reason").fill("示例:录入有误")
    await page_looks.pictured(page, f"revision-own-{width}-{locale[:2]}")
    await send.click()
    await waiting.until(Revision.exists)
    row = await Revision.get()
    assert (row.reason, sorted(row.aside)) == ("示例:录入有误", sorted(public.points))
    assert complaints == []
