"""The entity's page in a real browser without scripts, and what its words become on an officer's phone."""

import re

import pytest

from models.procedure import correction
from models.rules.actor import Actor, Role
from models.tables import Correction, Notice, Paper, Postponement, Preparation, Question
from tests.server.companion.phone import jpeg, task_of
from tests.server.companion.screen import loopback, open_app, path, picture, signed_in
from tests.server.notices import PDF, given, link
from tests.support import district as sample
from tests.support.district import CEREMONY, district
from tests.support.waiting import until

pytestmark = pytest.mark.browser
READ_A_MINUTE = 400  # Chinese characters, read in silence


@pytest.fixture
async def site(db):
    await sample.found()
    async with loopback() as made:
        yield made


async def opened(browser, site, of, width=390, **how):
    context = await browser.new_context(
        viewport={"width": width, "height": 844}, locale="zh-CN", java_script_enabled=False, **how
    )
    page = await context.new_page()
    await page.goto(str(site.server.make_url(link(of))))
    return page


async def test_everything_before_the_visit_is_done_without_scripts(site, browser, tmp_path):
    of = await given()
    page = await opened(browser, site, of)
    await page.get_by_role("button", name="收到").click()
    await page.locator("text=已确认收到").wait_for()
    await page.locator("input[name=ready]").nth(1).check()
    await page.get_by_role("button", name="保存勾选").click()
    await page.locator("text=勾选已保存").wait_for()
    await page.locator("summary", has_text="提前交材料").click()
    await page.locator("#line").select_option("2")
    files = [picture(tmp_path, "证照.jpg", jpeg(4)), picture(tmp_path, "台账.pdf", PDF)]
    await page.locator("#file").set_input_files(files)
    await page.get_by_role("button", name="交材料", exact=True).click()
    await page.locator("text=材料已收到").wait_for()
    await page.locator("summary", has_text="申请改期").click()
    await page.locator("#reason").fill("停电检修")
    await page.locator("input[name=window]").first.check()
    await page.get_by_role("button", name="提交申请").click()
    await page.locator("text=等待组长答复").wait_for()
    assert (await Notice.get(id=of.id)).acknowledged_by == "public:link"
    assert [one.number for one in await Preparation.filter(ready=True)] == [2]
    assert [one.format for one in await Paper.all().order_by("id")] == ["JPEG", "PDF"]
    assert (await Postponement.get()).wanted_from is not None


@pytest.mark.parametrize("width", [320, 390, 768])
async def test_the_first_screen_says_what_when_and_takes_the_answer_and_nothing_runs_over_its_edge(
    site, browser, width
):
    page = await opened(browser, site, await given(), width)
    for wanted in ("真实有效", "今天不是检查日", "2026年12月8日"):
        box = await page.locator(".verdict", has_text=wanted).bounding_box()
        assert box["y"] + box["height"] < 844
    button = await page.get_by_role("button", name="收到").bounding_box()
    assert button["y"] + button["height"] < 640
    assert button["height"] >= 48
    for box in [await one.bounding_box() for one in await page.locator("section").all()]:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


async def test_the_page_is_read_within_a_minute_its_list_apart(site, browser):
    page = await opened(browser, site, await given())
    for fold in await page.locator("details").all():
        assert await fold.get_attribute("open") is None
    shown = await page.locator("main").inner_text()
    listed = await page.locator(".ticks").inner_text()
    assert len(re.findall(r"[\u4e00-\u9fff]", shown.replace(listed, ""))) <= READ_A_MINUTE


async def test_on_paper_stand_the_facts_and_no_buttons(site, browser):
    page = await opened(browser, site, await given())
    await page.emulate_media(media="print")
    for hidden in ("button >> nth=0", "summary >> nth=0", ".actions >> nth=0"):
        assert not await page.locator(hidden).is_visible()
    for kept in (".when", ".ticks", ".checks"):
        assert await page.locator(kept).is_visible()


async def test_a_correction_is_verified_on_the_phone_of_the_leader(site, browser):
    visit = await task_of(site)
    await sample.visit_fixed(visit.task, district())
    of = await Notice.get(task=visit.task)
    await correction.submit(of.number, 1, "示例:已换新 <b>", by=Actor(Role.PUBLIC, "link"), at=CEREMONY)
    department = (await Question.get(id=(await Correction.get()).question_id)).department
    context = await signed_in(browser, site, visit.phones[department][0].officer)
    page, complaints = await open_app(context, site, path(visit))
    await page.locator("[data-do=entity]").click()
    await page.locator("text=示例:已换新 <b>").wait_for()
    await page.get_by_role("button", name="核实无误").click()

    async def kept():
        return (await Correction.get()).accepted is True

    await until(kept)
    assert complaints == []
