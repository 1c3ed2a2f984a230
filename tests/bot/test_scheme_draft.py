"""Art. 13 in the chat: heads sign a scheme by a press, or object with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.procedure import on_behalf, scheme_draft
from models.rules.actor import Actor, Role
from models.tables import Inspector, Scheme, SchemeDraft
from tests.models.procedure.test_scheme_draft import FORM, LIAISON
from tests.support import district
from tests.support.district import CREW


async def test_heads_sign_or_object_by_a_press(drawn):
    heads = {code: await drawn.phone(await district.account(Role.HEAD, code)) for code in CREW}
    form = replace(FORM, batches=[replace(FORM.batches[0], strata={"A": 1})])  # the others are drawn already
    draft = await scheme_draft.put(form, by=LIAISON, at=drawn.clock())
    await scheme_draft.ask(draft.id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    await heads["XF"].wait_for("请签署实施方案")
    await drawn.tap(heads["XF"], "提出异议")
    await heads["XF"].say("人手不足")
    await heads["XF"].wait_for("您已提出异议")
    for code in ("GA", "SCJG", "WJ"):
        await drawn.tap(heads[code], "签署方案")
    assert not await Scheme.exists(code=form.code)
    again = Actor(Role.HEAD, "XF", "测试负责人XF", "XF")
    await scheme_draft.sign(draft.id, True, by=again, at=drawn.clock())
    await drawn.post()
    await heads["GA"].wait_for("已生效")
    assert (await SchemeDraft.get()).adopted_at and await Scheme.exists(code=form.code)
    assert drawn.errors == []


async def test_a_head_hears_in_words_what_was_done_in_the_heads_name_and_of_which_scheme(drawn):
    account = await district.account(Role.HEAD, "XF")
    head = await drawn.phone(account)
    form = replace(FORM, batches=[replace(FORM.batches[0], strata={"A": 1})])
    draft = await scheme_draft.put(form, by=LIAISON, at=drawn.clock())

    async def signed(by):
        return await scheme_draft.sign(draft.id, True, by=by, at=drawn.clock())

    await on_behalf.stand_in(
        account.id,
        "scheme_sign",
        str(draft.id),
        "示例：电话授权",
        signed,
        by=district.OFFICE,
        at=drawn.clock(),
    )
    await drawn.post()
    await head.wait_for(f"以您的名义办理了“签署实施方案”（{form.code}），理由：示例：电话授权")
    assert drawn.errors == []


async def test_c8_a_head_reads_who_is_lacking_before_the_button_and_why_it_is_refused(drawn):
    head = await drawn.phone(await district.account(Role.HEAD, "XF"))
    form = replace(FORM, batches=[replace(FORM.batches[0], strata={"A": 1})])
    draft = await scheme_draft.put(form, by=LIAISON, at=drawn.clock())
    async with district.written():
        await Inspector.filter(department="XF").update(status="left")
    await scheme_draft.ask(draft.id, by=LIAISON, at=drawn.clock())
    await drawn.post()
    shown = await head.wait_for("请签署实施方案")
    assert (
        "执法检查人员不够" in shown.text
        and "需要4人，符合条件的只能配0人" in shown.text
        and "联络员" in shown.text
    )
    answer = await drawn.tap(head, "签署方案")
    assert "更正名录库后再签" in answer.text
    assert not (await SchemeDraft.get()).signatures
    assert drawn.errors == []


async def test_c15_a_scheme_signed_at_the_desk_or_given_up_asks_for_no_signature_in_the_chat(drawn):
    heads = {code: await drawn.phone(await district.account(Role.HEAD, code)) for code in CREW}
    form = replace(FORM, batches=[replace(FORM.batches[0], strata={"A": 1})])
    made = await scheme_draft.put(form, by=LIAISON, at=drawn.clock())
    await scheme_draft.ask(made.id, by=LIAISON, at=drawn.clock())
    await drawn.post()

    def asked(code: str) -> bool:
        return any("签署方案" in one for shown in heads[code].messages() for one in shown.buttons)

    assert all(map(asked, CREW))
    await scheme_draft.sign(made.id, True, by=Actor(Role.HEAD, "XF", "示例", "XF"), at=drawn.clock())
    await drawn.post()
    assert not asked("XF") and asked("WJ")
    drawn.clock.move(timedelta(minutes=1))
    await scheme_draft.drop(made.id, "示例:重拟", by=LIAISON, at=drawn.clock())
    await drawn.post()
    assert not any(map(asked, CREW))
