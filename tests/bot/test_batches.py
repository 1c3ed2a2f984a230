"""A head extends a window and answers about a failed draw in the chat (Art. 13, 14)."""

from datetime import datetime

from models.rules.actor import Role
from models.rules.visit import SHANGHAI
from models.tables import Batch, Draw, Task
from tests.support import district
from tests.support.district import BATCH, written


async def test_a7_a_head_extends_a_window_that_ends_soon_with_its_reason(drawn):
    drawn.clock.move(datetime(2026, 12, 15, 9, tzinfo=SHANGHAI))
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await head.say("/today")
    await head.wait_for("还有 5 个未完成")
    await drawn.tap(head, "延长", "12月25日")
    await head.say("大雪停业")
    await head.wait_for("批次时间延长至")
    row = await Batch.get(code=BATCH)
    assert (row.closes.isoformat(), row.extensions[-1][2]) == ("2026-12-25", "大雪停业")


async def test_a7_another_departments_head_is_offered_no_extension(drawn):
    drawn.clock.move(datetime(2026, 12, 15, 9, tzinfo=SHANGHAI))
    other = await drawn.phone(await district.account(Role.HEAD, "WJ"))
    await other.say("/today")
    await other.wait_for("工作台")
    assert not any("延长" in one for one in other.buttons())


async def test_a_head_is_told_how_many_more_windows_end_than_the_message_lists(drawn):
    drawn.clock.move(datetime(2026, 12, 15, 9, tzinfo=SHANGHAI))
    async with written():
        batch, draw, task = await Batch.get(code=BATCH), await Draw.get(), await Task.all().first()
        for n in range(6):
            code = f"{BATCH}-{n}"
            await batch.clone(pk=code).save(force_create=True)
            another, left = draw.clone(pk=f"{code}-D1"), task.clone()
            another.batch_id, another.number, another.commitment = code, draw.number + 1 + n, f"{n:064}"
            await another.save(force_create=True)
            left.batch_id, left.number = code, f"{code}-001"
            await left.save(force_create=True)
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await head.say("/today")
    said = await head.wait_for("待您决定（7项）")
    assert sum("延长" in label for label in said.buttons) == 4
    assert "另有3项未列出，请打开工作台查看" in said.text
