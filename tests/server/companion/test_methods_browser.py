"""Art. 16 on a real screen: a screenshot without reception, the way of checking, a sample, an agency."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from models.procedure import inspection
from models.queries.sheet import sheet_of
from models.tables import Answer, Entrustment, NetworkFinding, Question, Sample
from tests.server.companion.phone import jpeg, on_site, sha, task_of
from tests.server.companion.screen import Hand, loopback, only_ticks, open_app, path, picture, signed_in
from tests.server.pages import Site
from tests.support import assistance
from tests.support import district as sample
from tests.support.waiting import until

pytestmark = pytest.mark.browser
ARRIVED = ".pill[data-waiting='0'][data-line=on]"


@pytest.fixture
async def house(db) -> AsyncIterator[Site]:
    await sample.found()
    await assistance.planned()
    async with loopback() as made:
        yield made


async def test_a_screenshot_taken_without_reception_arrives_with_its_finding(house, browser, tmp_path):
    visit = await task_of(house, one_department=True)
    n = next(
        one["n"] for one in (await visit.leader.task(visit.number))["questions"] if one["network"] != "no"
    )
    context = await signed_in(browser, house, visit.leader.officer, viewport={"width": 320, "height": 640})
    page, complaints = await open_app(context, house, path(visit, "network", n))
    await page.locator(".verdict.open").wait_for()
    await context.set_offline(True)
    await page.locator(".verdict.open").click()
    await page.locator("details.proof summary").click()
    await page.set_input_files("#shot", picture(tmp_path, "s.jpg", jpeg(3)))
    await page.locator("img.shot.small").wait_for()
    await page.fill("#link", "https://example.test/a?b=1")
    await page.locator(".choices:not([role=radiogroup]) .choice").first.click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    assert await NetworkFinding.all().count() == 0
    await context.set_offline(False)
    await page.locator(ARRIVED).wait_for(timeout=30_000)
    kept = await NetworkFinding.get()
    assert (kept.verdict, kept.link, kept.screenshot) == ("open", "https://example.test/a?b=1", sha(jpeg(3)))
    await page.evaluate(f"location.hash = '{path(visit, 'network', n)}'")
    await page.locator(".found .link").wait_for()
    assert await page.locator(".found a").count() == 0, "a link is never made clickable"
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []


async def test_a_screenshot_that_a_colleagues_finding_overtook_is_sent_with_it_when_it_is_said_again(
    house, browser, tmp_path
):
    visit = await task_of(house, one_department=True)
    asks = (await sheet_of(visit.task)).asks
    n = next(ask.number for ask in asks if ask.network != "no")
    context = await signed_in(browser, house, visit.leader.officer)
    page, _ = await open_app(context, house, path(visit, "network", n))
    await page.locator(".verdict.open").wait_for()
    await context.set_offline(True)
    await page.locator(".verdict.open").click()
    await page.locator("details.proof summary").click()
    await page.set_input_files("#shot", picture(tmp_path, "s.jpg", jpeg(3)))
    await page.locator("img.shot.small").wait_for()
    await page.locator(".choices:not([role=radiogroup]) .choice").first.click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    leader = await sample.leader_of(visit.task)
    mate = (await sample.team_of(visit.task))[leader.department][1]
    await inspection.find_online(
        visit.number, n, "open", "示例:同事所见", "示例网", by=mate, at=house.clock()
    )
    pressed = asyncio.Event()

    async def after_the_press(route):
        await pressed.wait()
        await route.continue_()

    await context.route("**/field/api/tasks", after_the_press)
    await context.set_offline(False)
    told = page.locator("section.wrong", has_text=mate.name)
    await page.evaluate(f"location.hash = '{path(visit)}'")
    await told.wait_for(timeout=30_000)
    assert [row.finding for row in await NetworkFinding.all()] == ["示例:同事所见"]
    await told.locator("button", has_text="仍要办理").click()
    pressed.set()
    await told.wait_for(state="detached", timeout=30_000)
    await until(lambda: NetworkFinding.filter(version=2).exists())
    last = await NetworkFinding.all().order_by("-version").first()
    assert (last.version, last.screenshot) == (2, sha(jpeg(3)))


async def test_where_the_plan_lists_no_other_way_nothing_is_there_to_touch(house, browser):
    await assistance.planned(["NETWORK", "ON_SITE"])
    visit = await on_site(house, one_department=True)
    page, _ = await open_app(
        await signed_in(browser, house, visit.leader.officer), house, path(visit, "q", 2)
    )
    await page.locator("[data-verdict=pass]").wait_for()
    assert await page.locator(".ways").count() == 0
    assert await page.locator("[data-do=sample]").count() == 0


async def test_a_method_chosen_beforehand_goes_with_the_tap(house, browser):
    visit = await on_site(house, one_department=True)
    page, _ = await open_app(
        await signed_in(browser, house, visit.leader.officer), house, path(visit, "q", 2)
    )
    await page.locator("details.ways summary").click()
    await page.locator("[data-method=document]").click()
    await page.locator("[data-verdict=pass]").click()
    await page.locator(".question .number:text-is('3')").wait_for()
    await until(lambda: Answer.filter(task=visit.task).exists())
    given = await Answer.get(task=visit.task)
    assert (given.verdict, given.method) == ("pass", "document")


async def test_a_sample_and_its_report_on_the_screen(house, browser):
    visit = await on_site(house, one_department=True)
    page, complaints = await open_app(
        await signed_in(browser, house, visit.leader.officer), house, path(visit, "q", 2)
    )
    await page.locator("[data-do=sample]").click()
    for field, said in (
        ("name", "示例毛巾"),
        ("quantity", "3条"),
        ("seal", "示例封1"),
        ("agency", "示例检测公司"),
    ):
        await page.fill(f"#{field}", said)
    await page.locator("form button[type=submit]").click()
    await page.locator("#toast", has_text="共同封样").wait_for()
    await page.locator(".choices .choice").first.click()
    await page.locator("form button[type=submit]").click()
    await page.locator(".found.sample a.button").click()
    await page.locator(".verdict.fail").click()
    await page.fill("#number", "示例检1")
    await page.fill("#finding", "示例:超标")
    await page.locator("form button[type=submit]").click()
    await until(lambda: Sample.exists(outcome="fail"))
    kept = await Sample.get()
    assert (kept.outcome, kept.report_number) == ("fail", "示例检1")
    assert (await Answer.get(task=visit.task)).method == "sample"
    assert complaints == []


async def test_a_point_that_requires_a_sample_says_so_and_takes_the_reason_for_none(house, browser):
    await assistance.planned(["NETWORK", "ON_SITE"])
    async with sample.written():
        await Question.all().update(sample="required", photo="no", network="no", answer="TRI")
    visit = await on_site(house, one_department=True)
    page, complaints = await open_app(
        await signed_in(browser, house, visit.leader.officer), house, path(visit, "q", 2)
    )
    await page.locator(".needs .chip", has_text="须抽样").wait_for()
    assert await page.locator("[data-do=sample]").count() == 1
    await page.locator("[data-verdict=pass]").click()
    await page.locator("[data-gap=sample]").wait_for()
    await page.locator("textarea").fill("现场无可抽样品（示例）")
    await page.locator(".field.note label").click()
    await page.locator("[data-gap=sample]").wait_for(state="detached")
    await until(lambda: Answer.filter(task=visit.task, note="现场无可抽样品（示例）").exists())
    assert complaints == []


async def test_a_point_settled_online_is_opened_on_site_and_answered_on_the_screen(house, browser):
    visit = await on_site(house, one_department=True)
    asked = next(one for one in (await visit.leader.task(visit.number))["questions"] if one["n"] == 2)
    row = (await sheet_of(visit.task)).ask(asked["n"])
    async with sample.written():
        await Question.filter(id=row.id).update(network="full", answer="TRI", photo="no")
        await NetworkFinding.create(
            task=visit.task, question_id=row.id, version=1, verdict="pass", source="示例系统", finding="一致", reason="",
            link="", screenshot="", by=visit.leader.officer, at=house.clock(),
        )  # fmt: skip
    page, complaints = await open_app(
        await signed_in(browser, house, visit.leader.officer), house, path(visit, "q", 2)
    )
    await page.locator("[data-do=reopen]").click()
    assert await page.locator(".verdict").count() == 1
    await page.locator(".verdict.open").click()
    await page.fill("#r-2", "示例:现场证照与网上不符")
    await page.locator(".choices:not([role=radiogroup]) .choice").first.click()
    await until(lambda: NetworkFinding.exists(verdict="open", reason="示例:现场证照与网上不符"))
    await page.evaluate(f"location.hash = '{path(visit, 'q', 2)}'")
    await page.locator("[data-verdict=pass]").click()
    await until(lambda: Answer.filter(task=visit.task, verdict="pass").exists())
    assert complaints == []


async def test_an_agency_is_entrusted_on_the_screen(house, browser):
    visit = await task_of(house, one_department=True)
    page, complaints = await open_app(
        await signed_in(browser, house, visit.leader.officer), house, path(visit, "agency")
    )
    written = {
        "agency": "示例检测公司",
        "letter": "示例委1号",
        "scope": "示例",
        "name0": "示例师傅",
        "title0": "工程师",
    }
    for field, said in written.items():
        await page.fill(f"#{field}", said)
    await page.locator("form button[type=submit]").click()
    await page.locator(".agency", has_text="示例师傅（工程师）").wait_for()
    await page.locator(ARRIVED).wait_for()
    assert (await Entrustment.get()).people == [["示例师傅", "工程师"]]
    assert complaints == []


async def test_u6_twelve_questions_and_four_photos_take_at_most_sixteen_acts(house, browser, tmp_path):
    """From the open checklist to the last answer; 定稿 is the seventeenth tap and not counted among the answers."""
    visit = await on_site(house, one_department=True)
    photographed = (3, 6, 9, 12)
    await only_ticks(visit, photographed)
    page, _ = await open_app(
        await signed_in(browser, house, visit.leader.officer), house, path(visit, "q", 1)
    )
    hand = Hand(page, tmp_path)
    for n in range(1, 13):
        await hand.at(n)
        if n in photographed:
            await hand.photograph(n, jpeg(n))
        await hand.tap("[data-verdict=pass]")
    await page.locator("#finalise").wait_for()
    print(f"\ncompanion: {hand.acts} acts for 12 questions and 4 photos")
    assert hand.acts <= 16
