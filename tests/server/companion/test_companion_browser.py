"""An inspection with the companion in a real browser: without reception, through a hotel's sign-in page, by night."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from models.procedure import inspection
from models.tables import Answer, Event, Photo, Question, Task
from tests.server.companion.phone import Visit, jpeg, on_site, sha, task_of
from tests.server.companion.screen import (
    LOOK_AGAIN,
    Hand,
    installed,
    loopback,
    only_ticks,
    open_app,
    path,
    sign_in,
    signed_in,
)
from tests.support import district as sample
from tests.support.district import VISIT, district, written
from tests.support.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture
async def visit(db) -> AsyncIterator[Visit]:
    await sample.found()
    async with loopback() as site:
        yield await on_site(site, one_department=True)


async def test_a_whole_checklist_without_reception_arrives_once(visit, browser, tmp_path):
    photographed = (3, 6, 9, 12)
    await only_ticks(visit, photographed)
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, complaints = await open_app(context, visit.site)
    await installed(page)
    await page.locator(".card.task.now").wait_for()
    await context.set_offline(True)
    hand = Hand(page, tmp_path)
    await page.evaluate(f"location.hash = '{path(visit, 'q', 1)}'")
    shots = {n: jpeg(n, (1600, 1200), noise=30) for n in photographed}
    for n in range(1, 13):
        await hand.at(n)
        if n in photographed:
            await hand.photograph(n, shots[n])
        await hand.tap("[data-verdict=pass]")
    await page.locator("#finalise").wait_for()
    assert hand.acts <= 16
    assert await Answer.filter(task=visit.task).count() == 0
    await page.close(run_before_unload=False)

    page, _ = await open_app(context, visit.site, path(visit, "end"))
    await page.locator("#finalise").wait_for()
    assert await page.locator(".pill").get_attribute("data-waiting") == "16"
    assert "离线" in await page.locator(".pill").inner_text()
    await page.locator("#finalise").click()
    await context.set_offline(False)

    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for(timeout=30_000)
    assert await Answer.filter(task=visit.task, verdict="pass").count() == 12
    assert await Event.filter(kind="answer.given").count() == 12
    assert {one.sha256 for one in await Photo.filter(task=visit.task)} == {
        sha(data) for data in shots.values()
    }
    assert await Photo.filter(task=visit.task).count() == 4
    assert await Event.filter(kind="section.finalised").count() == 1
    assert await page.evaluate(_left_on_the_phone()) == {"items": 0, "blobs": 0}
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []


VAULT = """
      const told = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
      const base = await told(indexedDB.open("ssj-field"));
      const all = (store) => told(base.transaction(store).objectStore(store).getAll());
"""


def _left_on_the_phone() -> str:
    return f"""async () => {{ {VAULT}
      return {{ items: (await all("items")).length, blobs: (await all("blobs")).length }};
    }}"""


async def test_what_waits_on_the_phone_cannot_be_read_there(visit, browser, tmp_path):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 13))
    await context.set_offline(True)
    hand = Hand(page, tmp_path)
    await hand.photograph(13, jpeg(13))
    await hand.type("textarea", "绝密备注 SECRETNOTE")
    await hand.tap("[data-verdict=fail]")
    await page.locator(".pill[data-waiting='2']").wait_for()
    found = await page.evaluate(
        "async () => {"
        + VAULT
        + """
      const text = (sealed) => new TextDecoder("latin1").decode(sealed.data ?? new ArrayBuffer());
      const items = await all("items"), blobs = await all("blobs"), cache = await all("cache");
      const [key] = await all("keys");
      const kept = [...items.map((one) => text(one.sealed)), ...blobs.map(text), ...cache.map(text)].join("");
      const plain = JSON.stringify([items, cache], (name, value) => value instanceof ArrayBuffer ? null : value);
      let exported = true;
      try { await crypto.subtle.exportKey("raw", key); } catch { exported = false; }
      const leaked = ["SECRETNOTE", "JFIF", "verdict"].filter((one) => kept.includes(one));
      return { plain, exported, leaked, n: items.length + blobs.length };
    }"""
    )
    assert found["n"] == 3
    assert found["exported"] is False
    assert found["leaked"] == []
    assert "SECRETNOTE" not in found["plain"]
    assert "宾馆" not in found["plain"]


async def test_a_session_that_ended_keeps_everything_until_the_person_signs_in_again(
    visit, browser, tmp_path
):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 1))
    await page.locator("[data-verdict=pass]").wait_for()
    await context.clear_cookies()
    await page.locator("[data-verdict=pass]").click()
    await page.locator(".banner", has_text="登录已过期").wait_for()
    assert await page.locator(".pill").get_attribute("data-waiting") == "1"
    await sign_in(context, visit.site, visit.leader.officer)
    await page.reload()
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for()
    assert await Answer.filter(task=visit.task).count() == 1


async def test_what_one_person_left_on_a_phone_is_not_sent_in_anothers_name(visit, browser, tmp_path):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 1))
    await page.locator("[data-verdict=pass]").wait_for()
    await context.set_offline(True)
    await page.locator("[data-verdict=pass]").click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    other = next(one for one in visit.everybody if one is not visit.leader)
    await context.clear_cookies()  # before the line is back: else it goes out in its own person's name
    await sign_in(context, visit.site, other.officer)
    await context.set_offline(False)
    await page.goto(str(visit.site.server.make_url("/field/")))
    await page.locator(".banner", has_text="其他人的 1 条").wait_for()
    assert not await Answer.exists(task=visit.task)
    await sign_in(context, visit.site, visit.leader.officer)
    await page.reload()
    await until(lambda: Answer.exists(task=visit.task))
    assert (await Answer.get(task=visit.task)).by == visit.leader.officer


async def test_an_answer_given_by_a_colleague_appears_and_a_conflict_shows_both(visit, browser, tmp_path):
    visit.site.server.app[_watch()].tick = 0.1
    mine = next(
        one
        for one in visit.phones[(await visit.leader.task(visit.number))["department"]]
        if one is not visit.leader
    )
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 1))
    await page.locator("[data-verdict=pass]").wait_for()
    await page.locator(".pill[data-line=on]").wait_for()
    await mine.act(visit.number, "answer", question=1, verdict="fail", seen=0)
    await page.locator("[data-verdict=fail].on").wait_for()
    await page.locator(".toast", has_text="同事更新了第1项").wait_for()
    await context.set_offline(True)
    await page.evaluate(f"location.hash = '{path(visit, 'q', 2)}'")
    await page.locator("[data-verdict=pass]").wait_for()
    await page.locator(".question .number:text-is('2')").wait_for()
    await page.locator("[data-verdict=pass]").click()
    await mine.act(visit.number, "answer", question=2, verdict="fail", seen=0)
    await context.set_offline(False)
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for()
    await page.evaluate(f"location.hash = '{path(visit, 'q', 2)}'")
    await page.locator(".card.ask .choice").nth(1).wait_for()
    await page.locator(".card.ask .choice", has_text="不合格").click()
    await until(
        lambda: Answer.exists(task=visit.task, verdict="fail", by=visit.leader.officer, conflict=False)
    )


def _watch() -> Any:
    from server.watching import WATCH

    return WATCH


async def test_undo_takes_back_the_last_answer_before_and_after_it_was_sent(visit, browser, tmp_path):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 5))
    await page.locator("[data-verdict=pass]").click()
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for()
    await until(lambda: Answer.exists(task=visit.task))
    await page.locator(".toast button", has_text="撤销").click()
    await page.locator(".question .number:text-is('5')").wait_for()
    await page.locator("[data-verdict=pass]:not(.on)").wait_for()
    await until(lambda: Answer.exists(task=visit.task, version=2, verdict=""))
    await context.set_offline(True)
    await page.evaluate(LOOK_AGAIN)
    await page.locator(".pill[data-line=off]").wait_for()
    await page.locator("[data-verdict=fail]").click()
    await page.locator(".pill[data-waiting='1']").wait_for()
    await page.locator(".toast button", has_text="撤销").click()
    await page.locator(".pill[data-waiting='0']").wait_for()
    await context.set_offline(False)
    await page.locator(".pill[data-line=on]").wait_for()
    assert await Answer.filter(task=visit.task).count() == 2


async def test_b10_b12_numbers_dates_and_text_are_typed_and_a_wrong_one_is_told_at_once(
    visit, browser, tmp_path
):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 4))
    hand = Hand(page, tmp_path)
    await page.locator("[id='q/" + visit.number + "/4/0']").fill("二十")
    await page.locator("[id='q/" + visit.number + "/4/1']").fill("19")
    await page.locator("[data-verdict=pass]").click()
    await page.locator(".toast.bad", has_text="整数").wait_for()
    await page.locator("[id='q/" + visit.number + "/4/0']").fill("２０")
    await page.locator("[data-verdict=pass]").click()
    await page.locator("[data-gap=limit]").wait_for()  # 20/19 as 合格: asked about, and kept
    await until(lambda: Answer.exists(task=visit.task, value="20/19", verdict="pass"))
    await page.locator("textarea").fill("一间当日退房")
    await page.locator("textarea").blur()
    await page.locator("[data-gap=limit]").wait_for(state="detached")
    await page.evaluate(f"location.hash = '{path(visit, 'q', 7)}'")
    await hand.at(7)
    await page.locator("input[type=date]").fill("2027-05-31")
    await page.locator("[data-verdict=pass]").click()
    await until(lambda: Answer.exists(task=visit.task, value="2027-05-31"))
    assert await Answer.exists(task=visit.task, value="20/19", verdict="pass", note="一间当日退房")


async def test_the_leader_does_the_whole_visit_on_the_phone(db, browser, tmp_path):
    await sample.found()
    async with loopback() as site:
        from tests.server.companion.phone import task_of

        visit = await task_of(site, one_department=True)
        await only_ticks(visit, ())
        async with written():
            await Question.filter(number=13).delete()
            await Question.all().update(network="no")
        context = await signed_in(browser, site, visit.leader.officer)
        page, complaints = await open_app(context, site, path(visit))
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.get_by_role("button", name="接受任务").click()
        await page.get_by_role("button", name="结束网络检查").click()
        await page.get_by_role("link", name="定检查时间").click()
        await page.get_by_role("radio", name="12月8日").click()
        await page.get_by_role("radio", name="09:00").click()
        await page.get_by_role("button", name="征求意见").click()
        await page.get_by_role("button", name="确定时间并告知").click()
        await until(lambda: Task.exists(number=visit.number, state="scheduled"))
        await visit.dawns()
        await sign_in(context, site, visit.leader.officer)
        await page.reload()
        await page.get_by_role("link", name="开始检查").click()
        assert not await page.get_by_role("button", name="全部到场").count()
        await page.get_by_role("radio").first.click()  # nobody was told of this visit: why
        await page.locator("[role=radio][aria-checked=true].on").wait_for()
        await page.get_by_role("button", name="全部到场").click()
        await page.get_by_role("link", name="继续检查").click()
        hand = Hand(page, tmp_path)
        for n in range(1, 13):
            await hand.at(n)
            await hand.tap("[data-verdict=na]")
        await page.locator("#finalise").click()
        await page.get_by_role("button", name="结束检查").click()
        await page.get_by_role("link", name="录入结果").click()
        await page.get_by_role("checkbox", name="未发现问题").click()
        await page.get_by_role("button", name="录入", exact=True).click()
        await until(lambda: Task.exists(number=visit.number, state="entered"))
        assert complaints == []


async def test_the_leader_is_asked_why_when_an_officer_is_missing(db, browser, tmp_path):
    await sample.found()
    async with loopback() as site:
        visit = await task_of(site)
        await sample.visit_fixed(visit.task, district())
        await visit.dawns()
        context = await signed_in(browser, site, visit.leader.officer)
        page, _ = await open_app(context, site, path(visit, "begin"))
        await page.get_by_role("radio").first.click()  # nobody was told of this visit: why
        people = page.get_by_role("checkbox")
        for place in range(1, await people.count()):
            await people.nth(place).click()
        await page.get_by_role("button", name="人员请假").click()
        await until(lambda: Task.exists(number=visit.number, state="on_site"))
        assert (await Task.get(number=visit.number)).started_short == "人员请假，不影响检查"


async def test_who_is_still_at_another_visit_is_named_before_this_one_begins(db, browser):
    """They cannot be ticked, nor begun with by the button for all; the others can."""
    await sample.found()
    async with loopback() as site:
        visit = await task_of(site)
        await sample.visit_fixed(visit.task, district())
        other = await Task.filter(team_id=visit.task.team_id).exclude(id=visit.task.id).first()
        await sample.visit_fixed(other, district(), begins=VISIT + timedelta(hours=2))
        leader, away = await sample.leader_of(other), (await sample.team_of(other))["XF"][0]
        await inspection.begin(other.number, [away.id], by=leader, at=VISIT, reason="示例", untold="示例")
        await visit.dawns()
        context = await signed_in(browser, site, visit.leader.officer)
        page, _ = await open_app(context, site, path(visit, "begin"))
        await page.get_by_role("radio").first.click()  # nobody was told of this visit: why
        assert away.name in await page.locator("#elsewhere").inner_text()
        blocked = page.get_by_role("checkbox", name=away.name)
        assert await blocked.is_disabled()
        assert await page.get_by_role("button", name="全部到场").count() == 0
        people = page.get_by_role("checkbox", disabled=False)
        for place in range(await people.count()):
            await people.nth(place).click()
        await page.get_by_role("button", name="人员请假").click()
        await until(lambda: Task.exists(number=visit.number, state="on_site"))


async def test_r6_a_reopened_app_goes_on_at_the_same_question(visit, browser, tmp_path):
    await only_ticks(visit, ())
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site)
    await installed(page)
    await page.locator(".card.task.now").wait_for()
    await context.set_offline(True)
    for n in range(1, 13):
        page, _ = await open_app(context, visit.site, path(visit))
        await page.get_by_role("link", name=f"继续检查（{n - 1}/12）").click()
        await page.locator(f".question .number:text-is('{n}')").wait_for()
        await page.locator("[data-verdict=pass]").click()
        await page.locator(f".pill[data-waiting='{n}']").wait_for()
        await page.close()
    page, _ = await open_app(context, visit.site, path(visit))
    await page.get_by_role("link", name="定稿").wait_for()


async def test_d49_when_the_server_has_other_bytes_both_stay_and_both_hashes_are_shown(
    visit, browser, tmp_path
):
    context = await signed_in(browser, visit.site, visit.leader.officer)
    page, _ = await open_app(context, visit.site, path(visit, "q", 1))
    await page.locator("[data-verdict=pass]").wait_for()
    await page.evaluate("() => { crypto.getRandomValues = (bytes) => bytes.fill(7); }")
    await page.locator("[data-verdict=pass]").click()
    await page.locator(".pill[data-waiting='0'][data-line=on]").wait_for()
    await page.evaluate(f"location.hash = '{path(visit, 'q', 2)}'")
    await page.locator(".question .number:text-is('2')").wait_for()
    await page.locator("[data-verdict=fail]").click()
    await page.locator(".pill.bad").wait_for()
    await page.evaluate("location.hash = '#/queue'")
    refused = page.locator(".item[data-state=refused]")
    await refused.locator(".hash", has_text="服务器：").wait_for()
    assert await Answer.filter(task=visit.task).count() == 1


async def test_the_leader_pages_to_the_last_day_of_the_window(db, browser):
    await sample.found()
    async with loopback() as site:
        visit = await task_of(site, one_department=True)
        context = await signed_in(browser, site, visit.leader.officer)
        page, complaints = await open_app(context, site)
        await page.locator(".card.task").first.wait_for()
        await page.evaluate(f"location.hash = '{path(visit, 'visit')}'")
        day = page.get_by_role("radio", name="12月18日")
        await page.get_by_role("button", name="更晚的日期").click()
        await day.click()
        await page.get_by_role("button", name="更早的日期").click()
        await day.wait_for(state="detached")
        await page.get_by_role("button", name="更晚的日期").click()
        assert await day.get_attribute("aria-checked") == "true"
        assert complaints == []
