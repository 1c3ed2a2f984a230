"""Art. 12 in the chat: participants' heads consent or object, the own head hands in."""

from __future__ import annotations

from models.procedure import plan_draft
from models.rules.actor import Actor, Role
from models.tables import DraftEntry, PlanDraft
from tests.models.procedure.test_plan_draft import FORM
from tests.support import district

LIAISON = Actor(Role.LIAISON, "GA", department="GA")


async def test_heads_consent_object_and_hand_in_by_a_press(drawn):
    heads = {code: await drawn.phone(await district.account(Role.HEAD, code)) for code in ("GA", "WJ", "XF")}
    made = await plan_draft.put(2027, FORM, by=LIAISON, at=drawn.clock())
    await plan_draft.ask(made.id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    await drawn.tap(heads["XF"], "提出异议")
    await heads["XF"].say("人手不足")
    await heads["XF"].wait_for("您已提出异议")
    await drawn.tap(heads["WJ"], "同意参与")
    assert {code: one["agreed"] for code, one in (await DraftEntry.get()).consents.items()} == {
        "XF": False,
        "WJ": True,
    }
    await drawn.post()
    await heads["GA"].wait_for("人手不足")
    head = Actor(Role.HEAD, "XF", department="XF")
    await plan_draft.consent(made.entries[0].id, True, by=head, at=drawn.clock())
    await drawn.post()
    await drawn.tap(heads["GA"], "签署并提交")
    assert (await PlanDraft.get()).handed_in_by.startswith("head:")
    assert drawn.errors == []
