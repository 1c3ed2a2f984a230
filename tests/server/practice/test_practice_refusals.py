"""What Telegram refuses is refused here in the same words, so that the bot meets it before people do."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, WebAppInfo
from telegram.error import BadRequest, Forbidden

from tests.server.practice.bots import application
from tests.support.practice_phones import practice


def _keyboard(**kind: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("按", **kind)]])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Message text is empty"),
        ("  \n ", "Message text is empty"),
        ("字" * 4097, "Message is too long"),
    ],
)
async def test_an_empty_or_too_long_text_is_refused(text: str, words: str) -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        with pytest.raises(BadRequest, match=words):
            await app.bot.send_message(7, text)
        await app.bot.send_message(7, "字" * 4096)


async def test_a_caption_over_1024_is_refused() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        with pytest.raises(BadRequest, match="caption is too long"):
            await app.bot.send_document(7, b"x", caption="字" * 1025)


async def test_callback_data_over_64_bytes_is_refused_and_64_are_taken() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        await app.bot.send_message(7, "好", reply_markup=_keyboard(callback_data="字" * 21 + "a"))
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await app.bot.send_message(7, "好", reply_markup=_keyboard(callback_data="字" * 21 + "ab"))


async def test_an_edit_that_changes_nothing_is_refused() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        sent = await app.bot.send_message(
            7, "<b>甲</b>", parse_mode="HTML", reply_markup=_keyboard(callback_data="x")
        )
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_text("<b>甲</b>", parse_mode="HTML", reply_markup=_keyboard(callback_data="x"))
        await sent.edit_text("<b>甲</b>", parse_mode="HTML", reply_markup=_keyboard(callback_data="y"))
        await sent.edit_text("<i>甲</i>", parse_mode="HTML", reply_markup=_keyboard(callback_data="y"))


async def test_what_is_gone_cannot_be_edited_answered_or_deleted() -> None:
    async with practice() as stage, application(stage) as app:
        await stage.phone("张检查", id=7).start()
        sent = await app.bot.send_message(7, "甲")
        await sent.delete()
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await sent.edit_text("乙")
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await sent.delete()
        with pytest.raises(BadRequest, match="Message to be replied not found"):
            await app.bot.send_message(7, "乙", reply_parameters=ReplyParameters(sent.message_id))
        await app.bot.send_message(
            7, "乙", reply_parameters=ReplyParameters(sent.message_id, allow_sending_without_reply=True)
        )


async def test_a_press_is_answered_once_and_in_time() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查", id=7)
        await zhang.start()
        await app.bot.send_message(7, "甲", reply_markup=_keyboard(callback_data="x"))
        once = await zhang.press("按")
        await app.bot.answer_callback_query(once.value, "好")
        with pytest.raises(BadRequest, match="Query is too old"):
            await app.bot.answer_callback_query(once.value, "好")
        late = await zhang.press("按")
        stage.exchange.clock.advance(151)
        with pytest.raises(BadRequest, match="Query is too old"):
            await app.bot.answer_callback_query(late.value, "好")


async def test_a_web_app_button_needs_https_and_a_private_chat() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查", id=7)
        await zhang.start()
        group = stage.exchange.group("联合抽查组", [zhang.person])
        plain, safe = (
            _keyboard(web_app=WebAppInfo(f"{scheme}://example.org/")) for scheme in ("http", "https")
        )
        with pytest.raises(BadRequest, match="only https links are allowed"):
            await app.bot.send_message(7, "甲", reply_markup=plain)
        with pytest.raises(BadRequest, match="Button_type_invalid"):
            await app.bot.send_message(group, "甲", reply_markup=safe)
        await app.bot.send_message(7, "甲", reply_markup=safe)


async def test_nobody_is_written_to_before_they_wrote_or_after_they_blocked() -> None:
    async with practice() as stage, application(stage) as app:
        zhang = stage.phone("张检查", id=7)
        for stranger in (7, 8):
            with pytest.raises(BadRequest, match="Chat not found"):
                await app.bot.send_message(stranger, "您好")
        await zhang.start()
        await zhang.block()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await app.bot.send_message(7, "您好")
        await zhang.unblock()
        await app.bot.send_message(7, "您好")
        changes = [
            update["my_chat_member"] for update in stage.waiting_updates() if "my_chat_member" in update
        ]
        assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_a_wrong_token_and_an_unknown_method_are_refused() -> None:
    async with practice() as stage, aiohttp.ClientSession() as client:
        async with client.get(f"{stage.base_url}4242424242:wrong/getMe") as answer:
            assert (await answer.json()) == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        async with client.get(f"{stage.base_url}{stage.token}/sendTelepathy") as answer:
            assert answer.status == 404
        async with client.get(f"{stage.base_file_url}{stage.token}x/photos/file_1.jpg") as answer:
            assert answer.status == 401


async def test_parameters_come_by_query_form_json_and_multipart_and_names_in_any_case() -> None:
    async with practice() as stage, aiohttp.ClientSession() as client:
        zhang = stage.phone("张检查", id=7)
        await zhang.start()
        address = f"{stage.base_url}{stage.token}/sendmessage"
        fields = {"chat_id": "7", "text": "甲", "reply_markup": json.dumps({"remove_keyboard": True})}
        multipart = aiohttp.FormData(fields, default_to_multipart=True)
        for how in (
            {"params": fields},
            {"data": fields},
            {"json": {"chat_id": 7, "text": "甲"}},
            {"data": multipart},
        ):
            async with client.post(address, **how) as answer:
                assert (await answer.json())["result"]["text"] == "甲"
        assert zhang.bot_messages == 4
        assert [call.text("text") for call in stage.calls("SENDMESSAGE")] == ["甲"] * 4
