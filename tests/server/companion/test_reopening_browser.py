"""重新打开 on the phone: a section closed too early is opened with a reason, without reception too (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from models.procedure import inspection, reopening
from models.queries.sheet import sheet_of
from models.rules.actor import Actor, Role
from models.tables import Event
from tests.server.companion.phone import Visit, on_site
from tests.server.companion.screen import installed, loopback, open_app, path, signed_in
from tests.server.companion.test_record_browser import answered
from tests.support import district as sample

pytestmark = pytest.mark.browser


@pytest.fixture
async def visit(db) -> AsyncIterator[Visit]:
    await sample.found()
    async with loopback() as site:
        yield await on_site(site, one_department=True)


async def test_a_section_closed_too_early_is_opened_again_without_reception_and_arrives(visit, browser):
    await answered(visit)
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site, path(visit))
    await installed(page)
    await context.set_offline(True)
    await page.locator("a.button", has_text="重新打开已定稿的部分").click()
    assert await page.locator("#reopen").is_disabled()
    await page.locator("#reopen-why").fill("示例:第一项看错")
    await page.locator("#reopen").click()
    await page.locator("a.button", has_text="定稿").wait_for()
    await context.set_offline(False)
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for(timeout=30_000)
    assert (await sheet_of(visit.task)).closed == frozenset()
    assert (await Event.get(kind="section.reopened")).data["reason"] == "示例:第一项看错"
    assert complaints == []


async def test_a_closing_that_waited_is_not_done_over_a_later_reopening_and_can_be_said_again(visit, browser):
    """Closed without reception; meanwhile a colleague closed the section and opened it again. The phone is told why."""
    await answered(visit)
    department = (await sample.leader_of(visit.task)).department
    at, mate = visit.site.clock(), visit.phones[department][1]
    by = Actor(Role.INSPECTOR, mate.officer, mate.officer, department)
    await reopening.reopen(visit.number, department, "示例:先打开", by=by, at=at)
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site, path(visit))
    await installed(page)
    await context.set_offline(True)
    await page.locator("a.button", has_text="定稿").click()
    await page.locator("#finalise").click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    await inspection.finalise(visit.number, by=by, at=at)
    await reopening.reopen(visit.number, department, "示例:第一项看错", by=by, at=at)
    await context.set_offline(False)
    told = page.locator("section.wrong", has_text="示例:第一项看错")
    await told.wait_for(timeout=30_000)
    assert (await sheet_of(visit.task)).closed == frozenset()
    await told.locator("button", has_text="仍要办理").click()
    await told.wait_for(state="detached", timeout=30_000)
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for(timeout=30_000)
    assert (await sheet_of(visit.task)).closed == {department}
    assert [one for one in complaints if "409" not in one] == []
