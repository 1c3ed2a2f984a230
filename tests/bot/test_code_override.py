"""Art. 10 in the chat: the head of the row's department is the second person for a code against its check digits."""

from __future__ import annotations

from models.procedure import code_override
from models.queries import evidence
from models.rules.actor import Actor, Role
from models.tables import CodeOverride, Outbox
from tests.models.procedure.test_code_override import CODE
from tests.support import district
from tests.support.district import OFFICE


async def proposed(chat) -> int:
    id = await code_override.propose(CODE, "SHOP1", "GA", "示例:已核对执照原件", by=OFFICE, at=chat.clock())
    await chat.post()
    return id


async def test_the_head_of_the_rows_department_confirms_a_code_by_a_press(drawn):
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await proposed(drawn)
    await head.wait_for("已核对执照原件")
    assert CODE in head.last().text and "待第二人核实" in head.last().text
    await drawn.tap(head, "核实无误，采用")
    assert "已核实采用" in head.last().text and "核实无误，采用" not in head.last().buttons
    row = await CodeOverride.get()
    assert row.agreed and row.decided_by.startswith("head:GA")
    assert (await evidence.verify()).differences == [] and drawn.errors == []


async def test_a_head_declines_a_code_with_a_reason(drawn):
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await proposed(drawn)
    await drawn.tap(head, "不采用")
    await head.say("原件与代码不符（示例）")
    await head.wait_for("未采用", any_time=True)
    row = await CodeOverride.get()
    assert (row.agreed, row.decision) == (False, "原件与代码不符（示例）")
    assert drawn.errors == []


async def test_the_head_and_another_of_the_office_are_asked_and_not_the_one_who_proposed(drawn):
    own, second = [await district.account(Role.OFFICE, name) for name in ("示例甲", "示例乙")]
    by = Actor(Role.OFFICE, str(own.id), account=own.id)
    await code_override.propose(CODE, "SHOP1", "GA", "示例:已核对执照原件", by=by, at=drawn.clock())
    head = await district.account(Role.HEAD, "GA")
    asked = await Outbox.filter(kind="code.asked").values_list("account_id", flat=True)
    assert {head.id, second.id} <= {*asked} and own.id not in asked
    assert len({*asked}) == len(asked)
