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


async def test_c15_a_heads_card_of_an_entry_follows_what_was_said_at_the_desk(drawn):
    heads = {code: await drawn.phone(await district.account(Role.HEAD, code)) for code in ("GA", "WJ", "XF")}
    made = await plan_draft.put(2027, FORM, by=LIAISON, at=drawn.clock())
    await plan_draft.ask(made.id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    for code in ("WJ", "XF"):
        assert any("同意参与" in one for one in heads[code].last().buttons)
        head = Actor(Role.HEAD, code, department=code)
        await plan_draft.consent(made.entries[0].id, True, by=head, at=drawn.clock())
    await drawn.post()
    for code in ("WJ", "XF"):
        assert not any("同意参与" in one for shown in heads[code].messages() for one in shown.buttons)
    assert any("签署并提交" in one for one in heads["GA"].last().buttons)
    await plan_draft.hand_in(made.id, by=Actor(Role.HEAD, "GA", department="GA"), at=drawn.clock())
    await drawn.post()
    assert not any("签署并提交" in one for shown in heads["GA"].messages() for one in shown.buttons)


async def test_c15_a_heads_card_of_an_entry_that_went_out_of_the_draft_asks_for_nothing(drawn):
    head = await drawn.phone(await district.account(Role.HEAD, "WJ"))
    made = await plan_draft.put(2027, FORM, by=LIAISON, at=drawn.clock())
    await plan_draft.ask(made.id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    assert any("同意参与" in one for one in head.last().buttons)
    await plan_draft.remove(made.entries[0].id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    assert not any("同意参与" in one for shown in head.messages() for one in shown.buttons)
    assert drawn.errors == []
