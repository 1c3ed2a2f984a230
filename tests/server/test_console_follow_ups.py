"""后续处理 at the desk, on paper, by the other authority's link and at the command line (Art. 17)."""

import io
from datetime import timedelta

import aiohttp
import pytest
from pypdf import PdfReader

from models.procedure import publication
from models.rules import tokens
from models.rules.actor import Role
from models.rules.visit import local_day
from models.tables import Event, FollowUp, Paper
from server.commands.acting import shaped
from server.commands.deeds import DEEDS
from server.companion.act_request import ActRequest
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.server.pages import FORM, site
from tests.support import publishing

DAY = local_day(ENTERED).isoformat()
PDF = b"%PDF-1.4\nexample\n%%EOF\n"


@pytest.fixture
async def task(db):
    task = await over()
    await publishing.entered(task, ["R06"], HEAD, ENTERED)
    return await publishing.published(task, HEAD, ENTERED, PLACE)


@pytest.fixture
async def world(task):
    async with site() as made:
        made.clock.at = ENTERED + timedelta(hours=1)
        yield made


async def head(world, department="GA"):
    return await world.browser(Role.HEAD, department)


async def begun(browser, task, paper=b"", **fields):
    form = aiohttp.FormData({"csrf": browser.csrf, "day": DAY, **fields}, default_to_multipart=True)
    if paper:
        form.add_field("papers", paper, filename="示例.pdf", content_type="application/pdf")
    answer = await browser.client.post(
        f"/console/tasks/{task.number}/follow-ups", data=form, headers=FORM, allow_redirects=False
    )
    return answer.status, await answer.text()


async def test_a_clue_goes_out_on_paper_and_is_acknowledged_by_its_link(world, task):
    browser = await head(world)
    assert (await browser.get(f"/console/tasks/{task.number}")).text.count("移交有权管辖的部门") == 3
    status, _ = await begun(
        browser,
        task,
        PDF,
        kind="referral",
        reference="示例函1号",
        authority="示例管理局",
        text="示例线索内容",
    )
    assert status == 303
    row, paper = await FollowUp.get(), await Paper.get(purpose="follow_up")
    answer = await browser.client.get(f"/console/tasks/{task.number}/follow-ups/{row.id}.pdf")
    words = "".join(PdfReader(io.BytesIO(await answer.read())).pages[0].extract_text().split())
    for said in ("案件线索移送函", "示例函1号", "示例管理局", "示例线索内容", task.number):
        assert said in words, said
    address = f"/referral/{tokens.token(PLACE.secret, 'follow_up', str(row.id))}"
    stranger = await world.browser()
    page = await stranger.get(address)
    assert "等待签收" in page.text and "示例线索内容" in page.text
    given = await stranger.client.get(f"{address}/papers/{paper.id}")
    assert (given.status, await given.read()) == (200, PDF)
    assert (await stranger.client.get(f"/referral/{'x' * 22}/papers/{paper.id}")).status == 404
    assert (await stranger.get(f"/referral/{'x' * 22}")).response.status == 404
    refused = await stranger.client.post(f"{address}/received", data={"person": ""}, headers=FORM)
    assert refused.status == 409 and "请填写签收人" in await refused.text()
    done = await stranger.client.post(
        f"{address}/received", data={"person": "示例收件员", "outcome": "示收1号"}, headers=FORM
    )
    assert done.status == 200 and "已签收" in await done.text()
    page = await browser.get(f"/console/tasks/{task.number}")
    assert "示例收件员: 示收1号" in page.text and "已办结" in page.text


async def test_what_goes_to_justice_is_shown_on_a_look_and_nowhere_else(world, task):
    browser = await head(world)
    status, _ = await begun(
        browser, task, kind="judicial", reference="示例函2号", authority="示例机关", text="示例秘密"
    )
    assert status == 303
    row = await FollowUp.get()
    office = await world.browser(Role.OFFICE, "测试联席办")
    for reader in (browser, office):
        assert "示例秘密" not in (await reader.get(f"/console/tasks/{task.number}")).html
    address = f"/console/tasks/{task.number}/follow-ups/{row.id}"
    shown = await browser.post(f"{address}/look")
    assert "示例秘密" in shown.text and "已查看 1 次" in shown.text
    assert await Event.filter(chain=f"follow_up:{row.id}", kind="follow_up.looked").count() == 1
    letter = await browser.client.get(f"{address}.pdf")
    words = "".join(PdfReader(io.BytesIO(await letter.read())).pages[0].extract_text().split())
    assert "示例秘密" not in words and "当面交接" in words
    link = await (await world.browser()).get(
        f"/referral/{tokens.token(PLACE.secret, 'follow_up', str(row.id))}"
    )
    assert "示例秘密" not in link.html and "示例机关" in link.text
    status, text = await begun(
        browser, task, PDF, kind="judicial", reference="示例函3号", authority="示例机关", text="示例"
    )
    assert status == 409 and "当面交接" in text and not await Paper.filter(purpose="follow_up").exists()


async def test_another_department_sees_no_way_and_finds_none(world, task):
    browser = await head(world)
    await begun(browser, task, kind="case", reference="示例立案1号")
    row = await FollowUp.get()
    other = await head(world, "XF")
    page = await other.client.post(
        f"/console/tasks/{task.number}/follow-ups/{row.id}/end",
        data={"csrf": other.csrf, "outcome": "示例", "day": DAY}, headers=FORM,
    )  # fmt: skip
    assert page.status == 404 and (await FollowUp.get()).ended_at is None


async def test_wrong_input_is_named_and_nothing_is_kept(world, task):
    browser = await head(world)
    for fields, said in (
        ({"kind": "case", "reference": ""}, "请填写案号"),
        ({"kind": "case", "reference": "1", "day": "明天"}, "不是日期"),
        ({"kind": "referral", "reference": "1", "authority": "", "text": "示例"}, "哪个单位"),
    ):
        status, text = await begun(browser, task, **fields)
        assert status == 409 and said in text, text
    assert not await FollowUp.exists()


async def test_the_same_is_done_at_the_command_line(task):
    async def do(name, subject, **given):
        key = f"example-{name:-<14}"
        asked = ActRequest(subject, HEAD, ENTERED + timedelta(hours=1), key, PLACE)
        await DEEDS[name][1](asked, shaped(name, given, key))

    await do("follow_up", task.number, kind="supervision", day="2027-01-05", text="示例复查")
    row = await FollowUp.get()
    await do("follow_up_end", str(row.id), outcome="示例已查看")
    assert (await FollowUp.get()).outcome == "示例已查看"


async def test_a_result_that_found_nothing_offers_none(db):
    task = await over()
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    await publication.record(task.number, "示例-1", by=HEAD, at=ENTERED)
    async with site() as world:
        world.clock.at = ENTERED + timedelta(hours=1)
        page = await (await head(world)).get(f"/console/tasks/{task.number}")
    assert "后续处理" not in page.text
