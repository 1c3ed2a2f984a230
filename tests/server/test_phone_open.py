"""The way onto the phone from the console, and where a login link may lead (ASVS 6.5, D59, no open redirect)."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest

from models.procedure import enrolment
from models.rules.actor import Role
from models.tables import Invitation, Session
from tests.server.companion.screen import loopback
from tests.server.pages import Site
from tests.support import district as sample


async def link(site: Site, officer: str = "INS-GA-1") -> str:
    token = secrets.token_urlsafe(16)
    account = await sample.account(Role.INSPECTOR, officer, site.clock())
    await enrolment.invite(
        account.id, token, by=sample.OFFICE, at=site.clock(), purpose="login", reason="示例"
    )
    return f"/login/{token}"


@pytest.mark.parametrize(
    "after",
    [
        "/field/",
        "/field/%23/t/2026-XH-GA-02-1-001",
        "/field/%23/t/2026-XH-GA-02-1-001/q/4",
        "/console/tasks%3Fdue=soon",
    ],
)
async def test_a_login_link_lands_on_a_page_of_ours(db, after):
    await sample.found()
    async with loopback() as site:
        browser = await site.browser()
        entered = await browser.post(f"{await link(site)}?next={after}")
        assert entered.status == 303
        assert entered.response.headers["Location"] == after.replace("%23", "#").replace("%3F", "?")


@pytest.mark.parametrize(
    "after",
    [
        "https://evil.test/field/", "//evil.test", "/field//evil.test", "/field/..//evil", "/%5Cevil.test", "/console/%5C%5Ce",
        "/field/%0d%0aSet-Cookie:a=b", "javascript:alert(1)", "/field/?next=x", "/other", "/console/%00", "/field/%E2%80%AE",
    ],
)  # fmt: skip
async def test_a_login_link_never_leads_elsewhere(db, after):
    await sample.found()
    async with loopback() as site:
        browser = await site.browser()
        entered = await browser.post(f"{await link(site)}?next={after}")
        assert entered.status in (303, 404)
        assert entered.response.headers.get("Location", "/console/") == "/console/"


async def test_the_console_shows_an_officer_a_code_that_signs_the_phone_in_once_for_ten_minutes(db):
    await sample.found()
    async with loopback() as site:
        desk = await site.browser(Role.INSPECTOR, "INS-GA-1")
        assert await Invitation.filter(purpose="login", reason="").count() == 0
        assert "在手机上打开" in (await desk.get("/console/")).text
        assert await Invitation.filter(purpose="login", reason="").count() == 0, "looking makes no link"
        shown = await desk.post("/console/phone")
        assert shown.status == 200 and 'class="qr"' in shown.html and "只能使用一次" in shown.text
        made = await Invitation.get(purpose="login", reason="")
        assert made.expires_at - site.clock() == timedelta(minutes=10)
        assert await Session.all().count() == 1


async def test_heads_and_strangers_get_no_code(db):
    await sample.found()
    async with loopback() as site:
        head = await site.browser(Role.HEAD, "GA")
        assert (await head.post("/console/phone")).status == 403
        assert (await (await site.browser()).post("/console/phone")).status in (303, 403)
