"""责令改正通知书 on paper and on its page: genuine, read aloud, reported on, public beside the result (Art. 8, 17)."""

from __future__ import annotations

import io
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from aiohttp import FormData
from pypdf import PdfReader

from models.rules import tokens
from models.rules.actor import Role
from models.tables import Paper, Rectification, RectificationStep
from tests.server.companion.phone import jpeg
from tests.server.pages import FORM, Browser, Page, site
from tests.support import publishing, rectifying
from tests.support.district import account, district
from tests.support.rectifying import DUE, ENDED


@pytest.fixture
async def world(db):
    async with site() as made:
        made.clock.move(ENDED)
        yield made


def link(number: str) -> str:
    return "/o/" + tokens.token(district().secret, "rectification", number)


async def hand_in(browser: Browser, number: str, text: str, *files: tuple[str, bytes]) -> Page:
    form = FormData({"text": text}, quote_fields=False, default_to_multipart=True)
    for name, data in files:
        form.add_field("file", BytesIO(data), filename=name, content_type="application/octet-stream")
    answer = await browser.client.post(link(number), data=form, headers=FORM, allow_redirects=False)
    return await browser._read(answer)


async def test_the_paper_names_points_term_and_law_and_its_code_leads_to_its_page(world) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered()
    stranger = await world.browser()
    answer = await stranger.client.get(link(order.number) + ".pdf")
    data = await answer.read()
    reader = PdfReader(io.BytesIO(data))
    words = "".join("".join(page.extract_text() for page in reader.pages).split())
    for said in (
        order.number,
        "责令改正通知书",
        f"{DUE.year}年{DUE.month}月{DUE.day}日",
        *[p.text[:12] for p in order.points],
    ):
        assert "".join(said.split()) in words
    assert b"pdfuaid" in data, "it can be read aloud"
    picture = pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil()
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text.endswith(link(order.number))
    page = await stranger.get(link(order.number))
    assert "真实有效" in page.text and order.number in page.text


async def test_whoever_holds_the_link_reports_with_photos_and_the_officer_verifies_at_the_desk(world) -> None:
    of = await rectifying.reviewed()
    order, stranger = await of.ordered(), await world.browser()
    assert (await hand_in(stranger, order.number, "示例:已改 <b>", ("后.jpg", jpeg(2)))).status == 303
    assert (await RectificationStep.get(kind="proof")).text == "示例:已改 <b>"
    assert (await Paper.get()).purpose == "rectify"
    officer = await world.browser(Role.INSPECTOR, of.officer.id)
    address = f"/console/tasks/{of.task.number}"
    desk = await officer.get(address)
    assert "示例:已改 <b>" in desk.text and "已提交改正情况，等核实" in desk.text
    paper = (await Paper.get()).id
    assert (await officer.get(f"{address}/papers/{paper}")).status == 200
    key = desk.form(f"{address}/acts/verify")["key"]
    said = {"key": key, "order": str(order.id), "outcome": "verified"}
    assert (await officer.post(f"{address}/acts/verify", **said)).status == 303
    assert (await Rectification.get()).verified_at == ENDED
    assert "已改正并核实" in (await stranger.get(link(order.number))).text
    assert (await hand_in(stranger, order.number, "再改")).status == 409


async def test_a_guessed_link_and_another_departments_desk_see_nothing(world) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered()
    stranger = await world.browser()
    for guessed in ("/o/" + "A" * 22, "/o/x", "/o/" + "A" * 22 + ".pdf"):
        assert (await stranger.get(guessed)).status == 404
    outsider = await world.browser(Role.HEAD, "JY")
    assert (await outsider.get(f"/console/orders/{order.number}.pdf")).status == 404
    for deed in ("revoke", "file"):
        theirs = await outsider.post(f"/console/orders/{order.id}/{deed}", reason="示例", day="昨天")
        nobodys = await outsider.post(f"/console/orders/999/{deed}", reason="示例", day="昨天")
        assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text)
        assert theirs.status == 404
    head = await world.browser(Role.HEAD, of.department)
    assert (await head.post(f"/console/orders/{order.id}/file", case="示例", day="昨天")).status == 400


async def test_a_form_on_which_every_point_is_unticked_orders_nothing(world) -> None:
    of = await rectifying.reviewed()
    officer = await world.browser(Role.INSPECTOR, of.officer.id)
    said = {"key": "example-unticked-1", "due": DUE.isoformat(), "chosen": "true", "demand": "", "basis": ""}
    page = await officer.post(f"/console/tasks/{of.task.number}/acts/rectify", **said)
    assert page.status == 409 and "没有选择要改正的要点" in page.text
    assert not await Rectification.exists()


async def test_the_public_result_says_how_far_it_is_put_right_on_the_page_and_in_the_feeds(world) -> None:
    of = await rectifying.reviewed()
    head = rectifying.actor_of(await account(Role.HEAD, "GA"))
    await publishing.published(of.task, head, ENDED)
    await of.ordered()
    stranger = await world.browser()
    assert "限期改正中（至 2026年12月18日" in (await stranger.get(f"/results/{of.task.number}")).text
    listed = await (await stranger.client.get("/results.json")).json()
    assert listed["results"][0]["rectification"] == {"standing": "running", "day": "2026-12-18"}
    order = await Rectification.get()
    await rectifying.rectification.decide(
        order.id, rectifying.RectificationOutcome.VERIFIED, by=of.officer, at=ENDED
    )
    assert "已改正并核实 2026年12月8日" in (await stranger.get(f"/results/{of.task.number}")).text
