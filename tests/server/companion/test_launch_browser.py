"""The companion inside Telegram's own browser: opened by the stand-in as Telegram opens it, in real Chromium (D52-D58)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from models.procedure import enrolment
from models.rules.actor import Role
from models.tables import Account, Session
from server.companion.launch_data import LaunchReader
from server.practice import Phone
from server.practice.initdata import public_key
from tests.server.companion.phone import on_site
from tests.server.companion.screen import loopback
from tests.server.pages import Site
from tests.support import district as sample
from tests.support.practice_phones import TOKEN, Stage, practice

pytestmark = pytest.mark.browser

TELEGRAM = """
globalThis.told = [];
globalThis.TelegramWebviewProxy = { postEvent: (name, data) => told.push([name, data]) };
"""


@asynccontextmanager
async def house() -> AsyncIterator[tuple[Site, Stage]]:
    await sample.found()
    async with practice() as stage, loopback(launch=LaunchReader(TOKEN, public_key(TOKEN))) as site:
        stage.exchange.clock.hold()
        yield site, stage


async def bound(site: Site, officer: str, telegram: int) -> Account:
    account = await sample.account(Role.INSPECTOR, officer, site.clock())
    await enrolment.invite(account.id, f"{telegram}-link", by=sample.OFFICE, at=site.clock())
    await enrolment.open_link(f"{telegram}-link", telegram, at=site.clock())
    await enrolment.bind(telegram, telegram, account.phone, at=site.clock())
    return account


async def telegram(browser: Any, **how: Any) -> Any:
    """What Telegram shows a Mini App in: a browser of its own, with its bridge."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", **how)
    await context.add_init_script(TELEGRAM)
    return context


def launch(site: Site, stage: Stage, phone: Phone) -> str:
    """The address at which Telegram opens the companion for this person, now."""
    stage.exchange.clock.advance(site.clock().timestamp() - stage.exchange.clock())
    return phone.launch(str(site.server.make_url("/field/")))


async def opened(context: Any, address: str) -> tuple[Any, list[str]]:
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await page.wait_for_selector("body.ready")
    return page, complaints


async def test_an_officer_opens_it_from_the_chat_and_has_the_tasks_without_a_word_typed(db, browser):
    async with house() as (site, stage):
        visit = await on_site(site, one_department=True)
        phone = stage.phone("张检查")
        await bound(site, visit.leader.officer, phone.id)
        here = str(site.server.make_url("/field/"))
        context = await telegram(browser)
        page, complaints = await opened(context, launch(site, stage, phone))
        await page.locator(".card.task").first.wait_for()
        assert page.url == here + "#/", "what signs in stays in no address"
        assert (await page.evaluate("told"))[0] == ["web_app_expand", "{}"]
        assert await Session.filter(by_link=True, ended_at=None).count() == 1
        assert complaints == []


async def test_d56_whom_nobody_enrolled_reads_what_to_do_and_sees_nothing_of_who_was_here_before(db, browser):
    async with house() as (site, stage):
        visit = await on_site(site, one_department=True)
        phone, other = stage.phone("张检查"), stage.phone("路人")
        await bound(site, visit.leader.officer, phone.id)
        context = await telegram(browser)
        page, _ = await opened(context, launch(site, stage, phone))
        await page.locator(".card.task").first.wait_for()
        second, _ = await opened(context, launch(site, stage, other))
        assert "请向联席会议办公室索取绑定链接" in await second.locator("#not-entered").inner_text()
        assert await second.locator(".card.task, .pill").count() == 0
        await second.evaluate("location.hash = '#/me'")
        assert await second.locator("#not-entered").is_visible()


async def test_d58_a_link_from_anywhere_signs_nobody_in_outside_telegram(db, browser):
    async with house() as (site, stage):
        visit = await on_site(site, one_department=True)
        phone = stage.phone("张检查")
        await bound(site, visit.leader.officer, phone.id)
        here = str(site.server.make_url("/field/"))
        sessions = await Session.all().count()
        context = await browser.new_context(locale="zh-CN")
        page, _ = await opened(context, launch(site, stage, phone))
        await page.locator("a.button.main").wait_for()
        assert page.url == here + "#/"
        assert await Session.all().count() == sessions
