"""The real python-telegram-bot talks to the stand-in as it talks to Telegram."""

from __future__ import annotations

from tests.server.practice.bots import called, polling
from tests.support.practice_phones import practice


async def test_a_polling_bot_answers_a_start_a_press_and_an_edit() -> None:
    async with practice() as stage, polling(stage):
        zhang = stage.phone("张检查")
        await zhang.start("invite-42")
        card = await zhang.wait_for("您好 invite-42")
        assert zhang.buttons() == ["合格", "不合格"]
        toast = await zhang.answer(await zhang.press("合格"))
        assert toast.text == "已保存"
        assert (await zhang.wait_for("答复：pass")).id == card.id
        said = await zhang.say("二十间")
        await zhang.wait_for("收到：二十间")
        await zhang.edit_message(said, "二十一间")
        await zhang.wait_for("改为：二十一间")
        assert zhang.acts == 4
        assert zhang.bot_messages == 3


async def test_a_bot_behind_a_webhook_answers_the_same_way() -> None:
    async with practice() as stage, called(stage) as (_, seen):
        zhang = stage.phone("张检查")
        await zhang.start()
        await zhang.wait_for("您好")
        await zhang.press("不合格")
        await zhang.wait_for("答复：fail")
        await stage.bot_is_idle()
        assert [sorted(update.keys() - {"update_id"}) for update in seen] == [["message"], ["callback_query"]]
