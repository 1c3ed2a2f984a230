"""A person at the practice page: starts, presses, uploads; everything through a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, Update
from telegram.ext import Application, MessageHandler, filters

from server.practice import Holder
from tests.server.practice.bots import Context, polling
from tests.server.practice.pictures import jpeg
from tests.support.practice_phones import Stage, practice
from tests.support.waiting import until

pytestmark = pytest.mark.browser
PEOPLE = [Holder(7, "张检查", "检查人员", "13800000001"), Holder(8, "云杉宾馆", "检查对象", "03751234567")]


async def _guide() -> list[dict[str, Any]]:
    return [
        {
            "title": "打开邀请",
            "text": "一次有效",
            "phone": 8,
            "link": "https://t.me/xinhua_ssj_bot?start=letter",
        }
    ]


async def _photo(update: Update, context: Context) -> None:
    assert update.message
    await update.message.reply_text(f"照片 {len(update.message.photo)} 种尺寸：{update.message.caption}")


def _photos_too(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
    app.add_handler(MessageHandler(filters.PHOTO, _photo))


async def _opened(browser: Any, stage: Stage, width: int) -> tuple[Any, list[str]]:
    page = await browser.new_page(viewport={"width": width, "height": 800}, locale="zh-CN")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: request.url.startswith((stage.address, "blob:")) or complaints.append(request.url),
    )
    await page.goto(stage.address + "/")
    await page.wait_for_selector("body.ready")
    return page, complaints


async def test_a_person_starts_presses_and_sends_a_photo_in_the_browser(browser: Any, tmp_path: Path) -> None:
    picture = tmp_path / "extinguisher.jpg"
    picture.write_bytes(jpeg())
    async with practice(people=PEOPLE, guide=_guide) as stage, polling(stage) as bot:
        _photos_too(bot)
        page, complaints = await _opened(browser, stage, 1280)
        phone = page.locator("#phone-7")
        await phone.get_by_role("button", name="开始").click()
        await phone.get_by_text("您好").wait_for()
        await phone.get_by_label("输入消息").fill("/start 再来")
        await phone.get_by_label("输入消息").press("Enter")
        await phone.get_by_text("您好 再来").wait_for()
        await phone.get_by_role("button", name="不合格").last.click()
        await phone.locator(".toast", has_text="已保存").wait_for()
        await phone.get_by_text("答复：fail").wait_for()
        await phone.get_by_role("button", name="附件").click()
        async with page.expect_file_chooser() as chooser:
            await phone.get_by_role("button", name="照片", exact=True).click()
        await (await chooser.value).set_files(picture)
        await phone.get_by_placeholder("说明").fill("灭火器")
        await phone.get_by_role("button", name="作为照片发送").click()
        await phone.get_by_text("照片 3 种尺寸：灭火器").wait_for()
        await phone.locator(".photos img").wait_for()
        await page.get_by_role("button", name="在云杉宾馆的手机上打开").click()
        await page.locator("#phone-8").get_by_text("您好 letter").wait_for()
        assert complaints == []


async def test_on_a_small_screen_one_phone_fills_it_and_the_others_show_what_is_unread(browser: Any) -> None:
    async with practice(people=PEOPLE) as stage, polling(stage):
        page, complaints = await _opened(browser, stage, 390)
        box = await page.locator("#phone-7 .glass").bounding_box()
        assert box["width"] == 390
        assert not await page.locator("#phone-8").is_visible()
        await stage.exchange.phone(PEOPLE[1]).start()
        chip = page.get_by_role("button", name="云杉宾馆")
        await chip.locator(".dot").get_by_text("1").wait_for()
        await chip.click()
        await page.locator("#phone-8").get_by_text("您好").wait_for()
        await chip.locator(".dot").wait_for(state="hidden")
        assert await page.evaluate("document.documentElement.scrollWidth") == 390
        assert complaints == []


async def test_the_page_finds_the_room_again_after_a_restart(browser: Any, tmp_path: Path) -> None:
    async with practice(people=PEOPLE, storage=tmp_path) as stage:
        port = int(stage.address.rpartition(":")[2])
        page, _ = await _opened(browser, stage, 1280)
        await stage.exchange.phone(PEOPLE[0]).say("在吗")
        await page.locator("#phone-7").get_by_text("在吗").wait_for()
    await page.locator(".connection").wait_for()
    async with practice(people=PEOPLE, storage=tmp_path, port=port) as stage, polling(stage):
        await page.locator("#phone-7").get_by_text("收到：在吗").wait_for()
        await page.locator(".connection").wait_for(state="hidden")
        markup = ReplyKeyboardMarkup([["今天的任务"]])
        await stage.exchange.call(
            "sendMessage", {"chat_id": 7, "text": "选", "reply_markup": markup.to_dict()}
        )
        await page.get_by_role("button", name="今天的任务").click()
        await page.get_by_text("收到：今天的任务").wait_for()
        alert = InlineKeyboardMarkup([[InlineKeyboardButton("立案", callback_data="x")]])
        await stage.exchange.call(
            "sendMessage",
            {"chat_id": 7, "text": "<b>粗</b>体", "parse_mode": "HTML", "reply_markup": alert.to_dict()},
        )
        await page.locator("#phone-7 strong", has_text="粗").wait_for()
        await page.close()


async def test_c14_the_phone_follows_a_card_that_grows_when_it_is_edited(browser: Any) -> None:
    async with practice(people=PEOPLE) as stage:
        await stage.exchange.phone(PEOPLE[0]).start()
        page, _ = await _opened(browser, stage, 1280)
        for line in ("一", "二", "三"):
            await stage.exchange.call("sendMessage", {"chat_id": 7, "text": f"{line}\n" * 9})
        await page.locator("#phone-7").get_by_text("三").first.wait_for()
        keys = InlineKeyboardMarkup(
            [[InlineKeyboardButton(f"第{n}行", callback_data=f"{n}")] for n in range(9)]
        )
        await stage.exchange.call("sendMessage", {"chat_id": 7, "text": "卡片"})
        await page.locator("#phone-7").get_by_text("卡片").wait_for()
        number = stage.exchange.phone(PEOPLE[0]).last().raw["message_id"]
        grown = {"chat_id": 7, "message_id": number, "text": "卡片\n" * 9, "reply_markup": keys.to_dict()}
        await stage.exchange.call("editMessageText", grown)
        key = page.locator("#phone-7").get_by_role("button", name="第8行")
        await key.wait_for()
        seen = "(key) => key.getBoundingClientRect().bottom <= key.closest('.list').getBoundingClientRect().bottom"
        await until(lambda: key.evaluate(seen))


async def test_c14_a_step_leads_to_a_phone_that_comes_after_it(browser: Any) -> None:
    people = PEOPLE[:1]
    async with practice(people=people, guide=_guide) as stage:
        page, _ = await _opened(browser, stage, 1280)
        assert await page.locator(".guide .ways button").count() == 0
        people.append(PEOPLE[1])
        await page.get_by_role("button", name="在云杉宾馆的手机上打开").wait_for()
