"""Art. 12 in the chat: heads accept that two inspections become one, or object."""

from __future__ import annotations

from models.procedure import plan_merge
from models.rules.actor import Role
from models.tables import PlanEntry, PlanMerge
from tests.models.procedure.test_plan_draft import FORM, OFFICE
from tests.models.procedure.test_plan_merge import CONCERNED, OTHER, WHY, published
from tests.support import district


async def test_heads_object_and_accept_by_a_press(drawn):
    heads = {code: await drawn.phone(await district.account(Role.HEAD, code)) for code in CONCERNED}
    await published(FORM, "GA")
    await published(OTHER, "WJ")
    await plan_merge.propose(FORM.code, OTHER.code, WHY, by=OFFICE, at=drawn.clock())
    await drawn.post()
    await drawn.tap(heads["XF"], "提出异议")
    await heads["XF"].say("人手不足")
    await heads["XF"].wait_for("您已提出异议")
    for code in ("GA", "WJ", "SCJG"):
        await drawn.tap(heads[code], "同意合并")
    row = await PlanMerge.get()
    assert row.merged_at is None and row.signatures["XF"]["reason"] == "人手不足"
    await drawn.post()
    await heads["GA"].wait_for("人手不足")
    assert await PlanEntry.exists(code=OTHER.code)
    assert drawn.errors == []


async def test_c15_a_proposal_that_the_office_gave_up_asks_no_head_any_more(drawn):
    heads = [await drawn.phone(await district.account(Role.HEAD, code)) for code in CONCERNED]
    await published(FORM, "GA")
    await published(OTHER, "WJ")
    proposed = await plan_merge.propose(FORM.code, OTHER.code, WHY, by=OFFICE, at=drawn.clock())
    await drawn.post()
    assert all(any("同意合并" in one for one in head.last().buttons) for head in heads)
    await plan_merge.drop(proposed.id, "示例:不再合并", by=OFFICE, at=drawn.clock())
    await drawn.post()
    assert not any("同意合并" in one for head in heads for shown in head.messages() for one in shown.buttons)
