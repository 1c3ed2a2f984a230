"""当面送达 in the chat and on the phone: who received the letter is written down (Art. 16 (2))."""

from models.queries import evidence
from models.tables import Attempt, Notice
from tests.bot.chat import at_the_letter


async def test_who_received_it_is_typed_and_the_notice_is_told(drawn):
    task, phone = await at_the_letter(drawn, "personal", "当面送达")
    await phone.say("示例人，前台")
    await drawn.idle()
    row = await Attempt.get(channel="personal")
    assert (row.outcome, row.detail) == ("told", "示例人，前台")
    assert (await Notice.get(task=task)).state == "sent"
    assert not any("当面送达" in label for label in (await phone.wait_for("已送出，待确认")).buttons)
    assert drawn.errors == []
    assert (await evidence.verify()).differences == []


async def test_nobody_there_is_noted_and_told_to_nobody(drawn):
    task, phone = await at_the_letter(drawn, "personal", "当面送达")
    await drawn.tap(phone, "现场无人")
    assert (await Attempt.get(channel="personal")).outcome == "no_answer"
    assert (await Notice.get(task=task)).state == "by_hand"
