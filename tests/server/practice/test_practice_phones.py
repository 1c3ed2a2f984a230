"""A phone does what a person can do with Telegram, and counts it."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from telegram import (
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonWebApp,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    WebAppInfo,
)
from telegram.error import ChatMigrated

from server.practice.people import Holder, international
from server.practice.refusals import PhoneRefusal
from tests.server.practice.bots import application, polling
from tests.support.practice_phones import practice


async def test_the_contact_button_shares_ones_own_number_and_the_keyboard_goes_when_taken_away() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查", phone_number="138 0000 0001")
        await zhang.start()
        await app.bot.send_message(
            zhang.id,
            "请核对",
            reply_markup=ReplyKeyboardMarkup(
                [
                    [KeyboardButton("分享我的号码", request_contact=True)],
                    [KeyboardButton("位置", request_location=True)],
                ]
            ),
        )
        assert zhang.keyboard() == ["分享我的号码", "位置"]
        await zhang.press("分享我的号码")
        await zhang.press("位置")
        await app.bot.send_message(zhang.id, "好", reply_markup=ReplyKeyboardRemove())
        assert zhang.keyboard() == []
        _, contact, location = [update.message for update in await app.bot.get_updates()]
        assert contact and contact.contact
        assert (contact.contact.phone_number, contact.contact.user_id) == ("8613800000001", zhang.id)
        assert contact.forward_origin is None
        assert location and location.location


async def test_a_strangers_contact_and_a_forwarded_one_can_be_told_apart() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查", phone_number="13800000001")
        await zhang.share_contact(Holder(99, "王某某", phone_number="13900000002"))
        await zhang.share_contact(forwarded=True)
        foreign, forwarded = [update.message for update in await app.bot.get_updates()]
        assert foreign and foreign.contact and foreign.contact.user_id == 99
        assert forwarded and forwarded.forward_origin


@pytest.mark.parametrize(
    ("written", "shared"),
    [
        ("13800000001", "8613800000001"),
        ("+86 138-0000-0001", "8613800000001"),
        ("0375-1234567", "863751234567"),
        ("0044 20 7946 0000", "442079460000"),
    ],
)
def test_numbers_are_shared_as_telegram_shares_them(written: str, shared: str) -> None:
    assert international(written) == shared


async def test_deep_links_start_the_bot_with_their_payload_and_other_links_are_given_back() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        assert await zhang.open("https://t.me/xinhua_ssj_bot?start=AbC-_123") is None
        assert await zhang.open("tg://resolve?domain=xinhua_ssj_bot&start=x") is None
        assert await zhang.open("https://t.me/another_bot?start=1") == "https://t.me/another_bot?start=1"
        texts = [update.message.text for update in await app.bot.get_updates() if update.message]
        assert texts == ["/start AbC-_123", "/start x"]
        with pytest.raises(PhoneRefusal):
            await zhang.start("a" * 65)


async def test_a_press_under_another_message_or_of_no_button_can_be_forged() -> None:
    async with practice() as stage, polling(stage):
        zhang = stage.phone("张检查")
        await zhang.start()
        await zhang.wait_for("您好")
        with pytest.raises(PhoneRefusal, match="there is no button"):
            await zhang.press("立案")
        await zhang.forge("everything-is-mine")
        await zhang.wait_for("答复：everything-is-mine")


async def test_waiting_sees_only_what_is_new_since_the_last_act() -> None:
    async with practice() as stage, polling(stage):
        zhang = stage.phone("张检查")
        await zhang.say("甲")
        await zhang.wait_for("收到：甲")
        await zhang.say("乙")
        with pytest.raises(TimeoutError, match="waited in vain for '收到：甲'"):
            await zhang.wait_for("收到：甲", timeout=0.3)
        assert (await zhang.wait_for("收到：甲", any_time=True)).text == "收到：甲"


async def test_acts_and_messages_are_counted_and_edits_are_not() -> None:
    async with practice() as stage, polling(stage):
        zhang = stage.phone("张检查")
        with zhang.counted() as count:
            await zhang.start()
            await zhang.wait_for("您好")
            await zhang.press("合格")
            await zhang.wait_for("答复")
        assert (count.acts, count.bot_messages) == (2, 1)


async def test_links_copies_and_web_apps_behind_buttons_come_back_to_the_one_who_presses() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查", language="en")
        await zhang.start()
        rows = [
            [InlineKeyboardButton("核验", url="https://example.org/n/abc")],
            [InlineKeyboardButton("现场", web_app=WebAppInfo("https://example.org/field/"))],
        ]
        await app.bot.send_message(
            zhang.id, "见 https://example.org/p", reply_markup=InlineKeyboardMarkup(rows)
        )
        assert (await zhang.press("核验")).value == "https://example.org/n/abc"
        shown = zhang.last()
        assert shown and shown.links == ["https://example.org/p", "https://example.org/n/abc"]
        launched = await zhang.press("现场")
        assert launched.kind == "web_app"
        fragment = dict(parse_qsl(urlsplit(launched.value).fragment))
        data = dict(parse_qsl(fragment["tgWebAppData"]))
        assert json.loads(data["user"])["id"] == zhang.id
        assert _valid(data, stage.token)
        assert not _valid(data, stage.token + "x")
        assert not _valid({**data, "auth_date": "1"}, stage.token)


def _valid(data: dict[str, str], token: str) -> bool:
    lines = "\n".join(f"{name}={data[name]}" for name in sorted(data) if name != "hash")
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return hmac.new(key, lines.encode(), hashlib.sha256).hexdigest() == data["hash"]


async def test_in_a_group_the_bot_hears_commands_its_name_and_answers_to_itself_only() -> None:
    async with practice() as stage, application(stage) as app:
        zhang, wang = stage.phone("张检查"), stage.phone("王组长")
        group = stage.exchange.group("联合抽查组", [zhang.person, wang.person])
        sent = await app.bot.send_message(group, "进度")
        await zhang.say("随便聊聊", chat=group)
        await zhang.say("/today", chat=group)
        await wang.say("@xinhua_ssj_bot 你好", chat=group)
        await wang.say("知道了", reply_to=sent.message_id, chat=group)
        texts = [update.message.text for update in await app.bot.get_updates() if update.message]
        assert texts == ["/today", "@xinhua_ssj_bot 你好", "知道了"]
        assert zhang.find("进度", chat=group)


async def test_a_group_that_becomes_a_supergroup_is_refused_under_its_old_id() -> None:
    async with practice() as stage, application(stage) as app:
        old = stage.exchange.group("联合抽查组", [stage.phone("张检查").person], chat_id=-77, kind="group")
        await app.bot.send_message(old, "甲")
        stage.exchange.upgrade(old, -100777)
        with pytest.raises(ChatMigrated):
            await app.bot.send_message(old, "乙")
        await app.bot.send_message(-100777, "乙")
        added, leaving, arriving = await app.bot.get_updates()
        assert added.my_chat_member and added.my_chat_member.new_chat_member.status == "member"
        assert leaving.message and leaving.message.migrate_to_chat_id == -100777
        assert arriving.message and arriving.message.migrate_from_chat_id == -77


async def test_commands_and_menu_are_kept_by_scope_and_language() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        await zhang.start()
        mine = BotCommandScopeChat(zhang.id)
        await app.bot.set_my_commands([("help", "帮助")])
        await app.bot.set_my_commands([("help", "Help")], language_code="en")
        await app.bot.set_my_commands([("today", "今天")], scope=mine)
        assert [
            (command.command, command.description) for command in await app.bot.get_my_commands(mine)
        ] == [("today", "今天")]
        assert (await app.bot.get_my_commands(language_code="en"))[0].description == "Help"
        button = MenuButtonWebApp("现场", WebAppInfo("https://example.org/field/"))
        await app.bot.set_chat_menu_button(zhang.id, button)
        assert await app.bot.get_chat_menu_button(zhang.id) == button


async def test_what_nobody_expects_as_an_answer_arrives_too() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        await zhang.sticker()
        await zhang.voice()
        await zhang.dice()
        await zhang.send_web_app_data("打开", '{"a":1}')
        await zhang.share_location(33.73, 113.29, accuracy=15, live_period=900)
        messages = [update.message for update in await app.bot.get_updates()]
        assert all(messages)
        assert messages[0].sticker and messages[1].voice and messages[2].dice
        assert messages[3].web_app_data.data == '{"a":1}'
        assert messages[4].location.live_period.total_seconds() == 900


async def test_the_bot_asks_about_chats_people_and_itself() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查")
        await zhang.start()
        sent = await app.bot.send_message(zhang.id, "置顶")
        await sent.pin()
        chat = await app.bot.get_chat(zhang.id)
        assert (chat.first_name, chat.pinned_message and chat.pinned_message.text) == ("张检查", "置顶")
        member = await app.bot.get_chat_member(zhang.id, zhang.id)
        assert member.status == "member"
        assert (await app.bot.get_me()).username == "xinhua_ssj_bot"
        copied = await app.bot.copy_message(zhang.id, zhang.id, sent.message_id)
        assert copied.message_id == sent.message_id + 1
        forwarded = await app.bot.forward_message(zhang.id, zhang.id, sent.message_id)
        assert forwarded.forward_origin
        await app.bot.send_chat_action(zhang.id, "upload_photo")
        venue = await app.bot.send_venue(zhang.id, 33.7, 113.3, "云杉宾馆", "建设路 18 号")
        assert venue.venue and venue.venue.title == "云杉宾馆"
