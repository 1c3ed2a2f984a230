"""Art. 12: two entries become one by the word of every head concerned, and of nobody else."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.procedure import plan_draft, plan_merge
from models.queries import evidence, plan_merges, plans
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import PlanState
from models.tables import DraftEntry, Outbox, Plan, PlanDraft, PlanEntry, PlanMerge
from tests.models.procedure.test_plan_draft import FORM, OFFICE, head, refused
from tests.support import district as sample

AT = datetime(2027, 1, 20, 4, tzinfo=UTC)
OTHER = replace(
    FORM, code="2027-XH-WJ-01", title="文化场所联合抽查", items=["XH-GA-03", "XH-GA-04"], participating=["SCJG"],
    opens=date(2027, 4, 1), closes=date(2027, 6, 30), methods=["ON_SITE"], rates=["A=2"], industries=[],
)  # fmt: skip
WHY = "检查对象相同"
CONCERNED = ("GA", "WJ", "XF", "SCJG")


def liaison(department: str) -> Actor:
    return Actor(Role.LIAISON, department, department=department)


async def published(form, department: str) -> None:
    made = await plan_draft.put(2027, form, by=liaison(department), at=AT)
    for row in await DraftEntry.filter(draft_id=made.id, code=form.code):
        for code in form.participating:
            await plan_draft.consent(row.id, True, by=head(code), at=AT)
    await plan_draft.hand_in(made.id, "示例", by=head(department), at=AT)
    await plan_draft.publish(made.id, by=OFFICE, at=AT)


@pytest.fixture(autouse=True)
async def two_plans(db: str) -> None:
    await sample.found()
    await published(FORM, "GA")
    await published(OTHER, "WJ")


async def proposed():
    return await plan_merge.propose(FORM.code, OTHER.code, WHY, by=OFFICE, at=AT)


async def test_one_goes_on_for_everybody_and_the_other_is_withdrawn_in_public() -> None:
    [pair] = await plan_merges.candidates(2027)
    assert (pair.pair.one, pair.pair.other, pair.pair.shared) == (FORM.code, OTHER.code, 12)
    made = await proposed()
    assert {line.department for line in made.heads} == set(CONCERNED) and await plan_merges.candidates(
        2027
    ) == ()
    for department in CONCERNED[:3]:
        made = await plan_merge.sign(made.id, True, by=head(department), at=AT)
        assert made.open and await PlanEntry.exists(code=OTHER.code)
    made = await plan_merge.sign(made.id, True, by=head("SCJG"), at=AT)
    assert made.merged == AT
    merged = await plans.entry(FORM.code)
    assert merged is not None and set(merged.departments) == set(CONCERNED)
    assert [code for code, *_ in merged.items] == ["XH-GA-02", "XH-GA-03", "XH-GA-04"]
    assert (merged.opens, merged.closes) == (date(2027, 4, 1), date(2027, 4, 30))
    assert (merged.methods, dict(merged.rates)) == (("ON_SITE",), {"A": "2", "C": "25"})
    assert merged.industries == (
        "H6110",
    )  # the other names none: its targets' industries, and never every one
    assert await plans.entry(OTHER.code) is None
    [line] = await plans.changes(OTHER.code)
    assert (line.change, line.into, line.reason) == ("merged", FORM.code, WHY)
    states = await Plan.filter(year=2027).order_by("department", "version").values_list("state", flat=True)
    assert states == [PlanState.AMENDED, PlanState.PUBLISHED] * 2
    assert (await evidence.verify()).differences == []


async def test_every_head_is_asked_and_an_objection_with_its_reason_holds_it() -> None:
    for department in CONCERNED:
        await sample.account(Role.HEAD, department)
    made = await proposed()
    assert await Outbox.filter(kind="plan.merge_asked").count() == 4
    assert (
        await refused(plan_merge.sign(made.id, False, " ", by=head("XF"), at=AT))
        == "plan.objection_needs_reason"
    )
    await plan_merge.sign(made.id, False, "人手不足", by=head("XF"), at=AT)
    assert await Outbox.filter(kind="plan.merge_objected").exists()
    for department in ("GA", "WJ", "SCJG"):
        made = await plan_merge.sign(made.id, True, by=head(department), at=AT)
    assert made.open and await PlanEntry.exists(code=OTHER.code)
    assert (await plan_merge.sign(made.id, True, by=head("XF"), at=AT)).merged
    assert await refused(plan_merge.sign(made.id, True, by=head("XF"), at=AT)) == "plan.merge_over"
    assert await refused(plan_merge.drop(made.id, "示例", by=OFFICE, at=AT)) == "plan.merge_over"


async def test_what_cannot_be_merged_says_why() -> None:
    for pair, code in (
        ((FORM.code, FORM.code), "plan.merge_own"),
        ((FORM.code, "2027-XX"), "plan.merge_unknown"),
        ((FORM.code, "2026-XH-GA-02"), "plan.merge_own"),
    ):
        assert await refused(plan_merge.propose(*pair, WHY, by=OFFICE, at=AT)) == code
    assert (
        await refused(plan_merge.propose(FORM.code, OTHER.code, " ", by=OFFICE, at=AT))
        == "plan.merge_needs_reason"
    )
    made = await proposed()
    assert await refused(proposed()) == "plan.merge_open"
    assert await refused(plan_merge.sign(made.id, True, by=head("ZZ"), at=AT)) == "plan.merge_not_asked"
    assert await refused(plan_merge.drop(made.id, "", by=OFFICE, at=AT)) == "plan.merge_drop_needs_reason"
    given_up = await plan_merge.drop(made.id, "改由各自检查", by=OFFICE, at=AT)
    assert given_up.dropped and not given_up.open
    assert (await proposed()).open


async def test_a_draft_goes_on_from_the_merged_plan_and_is_never_overwritten() -> None:
    made = await proposed()
    third = replace(FORM, code="2027-XH-GA-03")
    await plan_draft.put(2027, third, by=liaison("GA"), at=AT)
    await plan_draft.put(2027, replace(FORM, title="别名"), by=liaison("GA"), at=AT)
    for department in CONCERNED[:3]:
        await plan_merge.sign(made.id, True, by=head(department), at=AT)
    assert await refused(plan_merge.sign(made.id, True, by=head("SCJG"), at=AT)) == "plan.merge_drafted"
    await plan_draft.put(2027, FORM, by=liaison("GA"), at=AT)
    assert (await plan_merge.sign(made.id, True, by=head("SCJG"), at=AT)).merged
    drafted = {row.code: row.content for row in await DraftEntry.filter(draft__published_at=None)}
    assert set(drafted) == {FORM.code, third.code} and "SCJG" in drafted[FORM.code]["participating"]
    assert (await evidence.verify()).differences == []


async def test_what_changed_after_the_proposal_is_not_merged_by_the_old_word() -> None:
    made = await proposed()
    await published(replace(OTHER, rates=["A=50"]), "WJ")
    for department in CONCERNED[:3]:
        await plan_merge.sign(made.id, True, by=head(department), at=AT)
    assert await refused(plan_merge.sign(made.id, True, by=head("SCJG"), at=AT)) == "plan.merge_changed"
    assert await PlanEntry.exists(code=OTHER.code)


@pytest.mark.parametrize("seed", range(4))
async def test_any_order_of_acts_merges_nothing_without_every_word(seed: int) -> None:
    dice, merges = random.Random(seed), 0
    for _ in range(60):
        rows = await PlanMerge.filter(merged_at=None, dropped_at=None)
        draft = await PlanDraft.get_or_none(published_at=None)
        with suppress(Refusal):
            match dice.choice(["propose", *["sign"] * 10, "drop", "draft", "remove", "hand", "publish"]):
                case "propose":
                    codes = dice.sample([FORM.code, OTHER.code], 2)
                    await plan_merge.propose(*codes, WHY, by=OFFICE, at=AT)
                case "sign" if rows:
                    yes = dice.random() < 0.9
                    await plan_merge.sign(rows[0].id, yes, "示例", by=head(dice.choice(CONCERNED)), at=AT)
                case "drop" if rows and dice.random() < 0.3:
                    await plan_merge.drop(rows[0].id, "示例", by=OFFICE, at=AT)
                case "draft":
                    await plan_draft.put(
                        2027, replace(FORM, title=dice.choice("甲乙")), by=liaison("GA"), at=AT
                    )
                case "remove" if draft:
                    for row in await DraftEntry.filter(draft=draft):
                        await plan_draft.remove(row.id, by=liaison("GA"), at=AT)
                case "hand" if draft:
                    await plan_draft.hand_in(draft.id, "示例", by=head("GA"), at=AT)
                case "publish" if draft:
                    await plan_draft.publish(draft.id, by=OFFICE, at=AT)
        for row in await PlanMerge.exclude(merged_at=None):
            assert all(row.signatures[code]["agreed"] for code in plan_merges.asked(row))
            assert not await PlanEntry.exists(code=row.ends)
        merges = await PlanMerge.exclude(merged_at=None).count()
    assert merges <= 1
    assert (await evidence.verify()).differences == []
