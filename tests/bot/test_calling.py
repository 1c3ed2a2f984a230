"""C9: a call is recorded, a result reviewed and published in the chat too (Art. 16 (2), 16 (3))."""

from datetime import timedelta

from models.procedure import enrolment
from models.queries import evidence
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Attempt, Notice, Publication, Result, Revision, Task
from tests.bot.chat import at_the_letter
from tests.support import district, publishing
from tests.support.district import VISIT


async def test_c9_a_call_is_recorded_in_the_chat(drawn):
    task, phone = await at_the_letter(drawn, "phone", "电话告知")
    await drawn.tap(phone, "已告知")
    await phone.say("示例人，前台；已告知时间和编号")
    await drawn.idle()
    row = await Attempt.get(channel="phone")
    assert (row.outcome, row.detail) == ("told", "示例人，前台；已告知时间和编号")
    assert (await Notice.get(task=task)).state == "sent"
    assert drawn.errors == []
    assert (await evidence.verify()).differences == []


async def test_c9_a_call_that_nobody_answers_takes_one_more_press(drawn):
    _, phone = await at_the_letter(drawn, "phone", "电话告知")
    await drawn.tap(phone, "无人接听")
    assert (await Attempt.get(channel="phone")).outcome == "no_answer"
    assert drawn.errors == []


async def entered(drawn):
    """The first task's result is entered; its head has heard of it."""
    task = await Task.all().order_by("number").select_related("target").first()
    await district.visit_fixed(task, district.district())
    await district.visit_concluded(task, district.district())
    at = VISIT + timedelta(hours=3)
    drawn.clock.move(at)
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await district.entered(task, ["R01"], at)
    await drawn.post()
    return task, head, at


async def test_c9_a_head_reviews_and_publishes_in_the_chat(drawn):
    task, head, at = await entered(drawn)
    await drawn.tap(head, "同意")
    assert (await Task.get(id=task.id)).state == TaskState.REVIEWED
    await publishing.agreed(task, at)
    await drawn.tap(head, "公示")
    assert (await Task.get(id=task.id)).state == TaskState.REVIEWED, "without a record sheet a reason is due"
    assert not await Publication.exists(task=task)
    await drawn.tap(head, "再看能否公示", "写明原因后公示")
    await head.say("示例:未带平板,纸质记录已存")
    await drawn.idle()
    assert (await Publication.get(task=task)).unsigned == "示例:未带平板,纸质记录已存"
    assert (await Task.get(id=task.id)).state == TaskState.PUBLISHED
    await drawn.tap(head, "要求更正")
    await head.say("示例:类型录入有误")
    await drawn.idle()
    assert (await Revision.get(task=task)).reason == "示例:类型录入有误"
    await drawn.tap(head, "撤回")
    await head.say("示例:对象有误")
    await drawn.idle()
    kinds = await Publication.filter(task=task).order_by("id").values_list("kind", "reason")
    assert [tuple(one) for one in kinds] == [("published", ""), ("withdrawn", "示例:对象有误")]
    assert (await Revision.get(task=task)).outcome == "withdrawn"
    assert drawn.errors == []


async def test_c9_a_head_ends_a_needless_correction_in_the_chat(drawn):
    task, head, at = await entered(drawn)
    await drawn.tap(head, "同意")
    await publishing.agreed(task, at)
    await publishing.published(task, enrolment.actor_of(await district.account(Role.HEAD, "GA")), at)
    await drawn.post()
    await drawn.tap(head, "要求更正")
    await head.say("示例:类型录入有误")
    await drawn.idle()
    await drawn.tap(head, "维持原结果")
    await head.say("示例:核对后原结果无误")
    await drawn.idle()
    row = await Revision.get(task=task)
    assert (row.outcome, row.said) == ("dropped", "示例:核对后原结果无误")
    assert [one.kind for one in await Publication.filter(task=task)] == ["published"]
    assert drawn.errors == []
    assert (await evidence.verify()).differences == []


async def test_c9_a_head_sends_a_result_back_in_the_chat_with_a_reason(drawn):
    task, head, _ = await entered(drawn)
    await drawn.tap(head, "退回")
    await head.say("示例:请补充说明")
    await drawn.idle()
    assert (await Task.get(id=task.id)).state == TaskState.CONCLUDED
    assert (await Result.get(task=task)).returned == "示例:请补充说明"
    assert drawn.errors == []
