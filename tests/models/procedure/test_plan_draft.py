"""Art. 12: no plan is handed in or published without every participant's consent, in whichever order it is tried."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from models.procedure import plan, plan_draft
from models.queries import evidence, plan_drafts, plans
from models.queries.plan_drafts import DepartmentProgress, Draft
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.plan_draft import EntryForm
from models.states import PlanState
from models.tables import Checklist, DraftEntry, Outbox, Plan, PlanDraft, PlanEntry
from tests.support import district as sample

AT = datetime(2027, 1, 20, 4, tzinfo=UTC)
OFFICE = Actor(Role.OFFICE, "1", "测试联席办")
LIAISON = Actor(Role.LIAISON, "GA", department="GA")
FORM = EntryForm(
    "2027-XH-GA-02", "宾馆联合抽查", ["XH-GA-02", "XH-GA-03"], ["WJ", "XF"], date(2027, 3, 1), date(2027, 4, 30),
    ["NETWORK", "ON_SITE"], ["A=1", "C=25"], ["H6110"],
)  # fmt: skip


KINDS = ["put", "remove", *["consent"] * 14, *["hand", "publish"] * 3, "back"]


def head(department: str) -> Actor:
    return Actor(Role.HEAD, department, department=department)


@pytest.fixture(autouse=True)
async def district(db: str) -> None:
    await sample.found()


async def consented() -> Draft:
    """A draft with both consents."""
    made = await plan_draft.put(2027, FORM, by=LIAISON, at=AT)
    for department in FORM.participating:
        await plan_draft.consent(made.entries[0].id, True, by=head(department), at=AT)
    found = await plan_drafts.draft(made.id)
    assert found and found.complete
    return found


async def refused(deed) -> str:
    with pytest.raises(Refusal) as no:
        await deed
    return no.value.code


async def test_from_the_liaisons_draft_to_the_published_plan() -> None:
    made = await consented()
    handed = await plan_draft.hand_in(made.id, by=head("GA"), at=AT)
    assert handed.handed_in == AT and not handed.late
    published = await plan_draft.publish(made.id, by=OFFICE, at=AT + timedelta(days=2))
    assert published.published
    row = await Plan.get(year=2027, department="GA")
    assert (row.state, row.version, row.submitted_on, row.late) == (
        PlanState.PUBLISHED,
        1,
        date(2027, 1, 20),
        False,
    )
    entry = await plans.entry(FORM.code)
    assert entry and entry.departments == ("GA", "WJ", "XF") and dict(entry.rates) == {"A": "1", "C": "25"}
    again = await plan.adopt(row.source.encode(), by=OFFICE, at=AT)
    assert not again.new  # what was published is a file like any other
    assert (await evidence.verify()).differences == []


async def test_without_each_consent_it_is_neither_handed_in_nor_published() -> None:
    made = await plan_draft.put(2027, FORM, by=LIAISON, at=AT)
    assert await refused(plan_draft.hand_in(made.id, by=head("GA"), at=AT)) == "plan.consent_missing"
    assert await refused(plan_draft.publish(made.id, by=OFFICE, at=AT)) == "plan.not_handed_in"
    entry = made.entries[0].id
    await plan_draft.consent(entry, True, by=head("WJ"), at=AT)
    assert (
        await refused(plan_draft.consent(entry, False, by=head("XF"), at=AT)) == "plan.objection_needs_reason"
    )
    objected = await plan_draft.consent(entry, False, "人手不足", by=head("XF"), at=AT)
    assert [one.agreed for one in objected.participating] == [True, False]
    with pytest.raises(Refusal) as no:
        await plan_draft.hand_in(made.id, by=head("GA"), at=AT)
    assert no.value.params["departments"] == ["XF"]


async def test_a_changed_entry_has_nobodys_consent_any_more() -> None:
    made = await consented()
    same = await plan_draft.put(2027, FORM, by=LIAISON, at=AT)
    assert same.complete
    changed = await plan_draft.put(2027, replace(FORM, rates=["A=2", "C=25"]), by=LIAISON, at=AT)
    assert changed.id == made.id and changed.entries[0].missing == ("WJ", "XF")


async def test_handed_in_after_31_january_is_late_by_the_clock() -> None:
    made = await consented()
    midnight = datetime(2027, 1, 31, 16, tzinfo=UTC)  # in the district
    assert (await plan_draft.hand_in(made.id, by=head("GA"), at=midnight)).late
    await plan_draft.publish(made.id, by=OFFICE, at=midnight)
    assert (await Plan.get(year=2027)).late


async def test_what_is_handed_in_stands_until_the_office_gives_it_back_with_a_reason() -> None:
    made = await consented()
    await plan_draft.hand_in(made.id, by=head("GA"), at=AT)
    entry = made.entries[0].id
    for deed in (
        plan_draft.put(2027, FORM, by=LIAISON, at=AT),
        plan_draft.remove(entry, by=LIAISON, at=AT),
        plan_draft.consent(entry, False, "反悔", by=head("WJ"), at=AT),
        plan_draft.hand_in(made.id, by=head("GA"), at=AT),
    ):
        assert await refused(deed) == "plan.draft_handed_in"
    assert (
        await refused(plan_draft.send_back(made.id, " ", by=OFFICE, at=AT)) == "plan.send_back_needs_reason"
    )
    back = await plan_draft.send_back(made.id, "比例过低", by=OFFICE, at=AT)
    assert back.handed_in is None and back.complete


async def test_an_amendment_keeps_the_published_version_and_says_why() -> None:
    made = await consented()
    await plan_draft.hand_in(made.id, by=head("GA"), at=AT)
    await plan_draft.publish(made.id, by=OFFICE, at=AT)
    second = replace(FORM, code="2027-XH-GA-03", participating=["WJ"])
    amending = await plan_draft.put(2027, second, by=LIAISON, at=AT)
    assert [(one.form.code, one.unchanged) for one in amending.entries] == [
        (FORM.code, True),
        (second.code, False),
    ]
    await plan_draft.consent(amending.entries[1].id, True, by=head("WJ"), at=AT)
    assert (
        await refused(plan_draft.hand_in(amending.id, by=head("GA"), at=AT)) == "plan.amendment_needs_reason"
    )
    await plan_draft.hand_in(amending.id, "新增一项", by=head("GA"), at=AT)
    assert (await PlanEntry.filter(plan__year=2027).count()) == 1  # the published plan stands meanwhile
    await plan_draft.publish(amending.id, by=OFFICE, at=AT)
    states = await Plan.filter(year=2027).order_by("version").values_list("state", flat=True)
    assert states == [PlanState.AMENDED, PlanState.PUBLISHED]
    shown = await plans.entry(FORM.code)
    assert shown and shown.amendments == ((AT, "新增一项"),)


async def amended(reason: str, at: datetime = AT) -> None:
    """The department's open draft is handed in with this reason, and published."""
    row = await PlanDraft.get(published_at=None)
    await plan_draft.hand_in(row.id, reason, by=head("GA"), at=at)
    await plan_draft.publish(row.id, by=OFFICE, at=at)


async def test_what_an_amendment_widens_and_withdraws_is_public_with_its_reason() -> None:
    made = await consented()
    await amended("")
    assert await plans.changes() == ()
    wide = await plan_draft.put(2027, replace(FORM, closes=date(2027, 5, 31)), by=LIAISON, at=AT)
    for department in FORM.participating:
        await plan_draft.consent(wide.entries[0].id, True, by=head(department), at=AT)
    await amended("汛期顺延")
    [widened] = await plans.changes(FORM.code)
    assert (widened.change, widened.reason) == ("widened", "汛期顺延")
    assert widened.until == (FORM.opens, FORM.closes) and widened.now == (FORM.opens, date(2027, 5, 31))
    again = await plan_draft.put(2027, replace(FORM, closes=date(2027, 5, 31)), by=LIAISON, at=AT)
    emptied = await plan_draft.remove(again.entries[0].id, by=LIAISON, at=AT)
    assert emptied.complete  # a plan may lose its last entry; its versions stay
    assert (
        await refused(plan_draft.hand_in(emptied.id, by=head("GA"), at=AT)) == "plan.amendment_needs_reason"
    )
    await amended("职责调整", AT + timedelta(days=1))
    assert await plans.entry(FORM.code) is None
    gone, _ = await plans.changes()
    assert (gone.change, gone.reason, gone.title, gone.now) == ("withdrawn", "职责调整", FORM.title, None)
    assert [row.version for row in await Plan.filter(year=2027).order_by("id")] == [1, 2, 3]
    assert (await evidence.verify()).differences == []
    assert made.amends == 0


async def test_a_first_plan_is_never_empty() -> None:
    made = await consented()
    emptied = await plan_draft.remove(made.entries[0].id, by=LIAISON, at=AT)
    assert not emptied.complete
    assert await refused(plan_draft.hand_in(emptied.id, by=head("GA"), at=AT)) == "plan.draft_empty"
    empty = b'year = 2027\ndepartment = "GA"\nentries = []\n'
    assert await refused(plan.adopt(empty, by=OFFICE, at=AT)) == "plan.draft_empty"


async def test_each_silent_head_is_asked_once_for_what_stands() -> None:
    for department in ("WJ", "XF"):
        await sample.account(Role.HEAD, department)
    made = await plan_draft.put(2027, FORM, by=LIAISON, at=AT)
    for _ in range(2):
        await plan_draft.ask(made.id, by=LIAISON, at=AT)
    assert await Outbox.filter(kind="plan.consent_asked").count() == 2
    await plan_draft.put(2027, replace(FORM, title="旅店联合抽查"), by=LIAISON, at=AT)
    await plan_draft.ask(made.id, by=LIAISON, at=AT)
    assert await Outbox.filter(kind="plan.consent_asked").count() == 4


async def test_nobody_drafts_consents_or_hands_in_for_another_department() -> None:
    made = await consented()
    entry = made.entries[0].id
    stranger = Actor(Role.LIAISON, "WJ", department="WJ")
    assert await refused(plan_draft.remove(entry, by=stranger, at=AT)) == "plan.other_department"
    assert await refused(plan_draft.consent(entry, True, by=head("SCJG"), at=AT)) == "plan.not_participating"
    assert await refused(plan_draft.hand_in(made.id, by=head("WJ"), at=AT)) == "plan.other_department"
    taken = replace(FORM, participating=["GA"])
    assert await refused(plan_draft.put(2027, taken, by=stranger, at=AT)) == "plan.entry_taken"


async def test_an_item_without_a_checklist_and_targets_that_nobody_is_are_refused_at_once() -> None:
    empty = replace(FORM, industries=["X0000"])
    assert await refused(plan_draft.put(2027, empty, by=LIAISON, at=AT)) == "plan.scope_empty"
    async with sample.written():
        await Checklist.all().update(published_at=None)
    assert await refused(plan_draft.put(2027, FORM, by=LIAISON, at=AT)) == "plan.no_checklist"


async def test_the_office_sees_who_handed_in_who_is_late_and_who_is_silent() -> None:
    made = await consented()
    await plan_draft.put(
        2027, replace(FORM, code="2027-XH-WJ-1", participating=["XF"]), at=AT, by=Actor(Role.LIAISON, "WJ", department="WJ")
    )  # fmt: skip
    await plan_draft.hand_in(made.id, by=head("GA"), at=AT)
    found = {one.department: one for one in await plan_drafts.standings(2027, date(2027, 2, 3))}
    assert (found["GA"].standing, found["GA"].late) == (DepartmentProgress.HANDED_IN, False)
    assert (found["WJ"].standing, found["WJ"].late) == (DepartmentProgress.DRAFTED, True)
    assert (found["XF"].standing, found["XF"].late) == (DepartmentProgress.SILENT, True)
    assert not (await plan_drafts.standings(2027, date(2027, 1, 31)))[0].late


async def test_the_count_follows_the_register_and_the_rates() -> None:
    made = await consented()
    [entry] = [row async for row in DraftEntry.filter(draft_id=made.id)]
    assert entry.content["rates"] == {"A": "1", "C": "25"}
    counted = await plan_draft.counted(2027, FORM, by=LIAISON)
    assert (
        counted.targets == 12
        and counted.classes == (("A", 6, 1), ("B", 3, 0), ("C", 3, 1))
        and not counted.lacking
    )


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_acts_publishes_no_entry_without_every_consent(seed: int) -> None:
    dice = random.Random(seed)
    forms = [replace(FORM, code=f"2027-{n}", title=title) for n in (1, 2) for title in ("甲", "乙")]
    agreed: dict[str, dict[str, bool]] = {}  # by code: what each head said of the content that stands
    standing: dict[str, EntryForm] = {}
    published: dict[str, EntryForm] = {}
    for _ in range(120):
        rows = {row.code: row for row in await DraftEntry.filter(draft__published_at=None)}
        begun = await PlanDraft.exists(published_at=None)
        draft = next(iter(rows.values())).draft_id if rows else 0
        with suppress(Refusal):
            match dice.choice(KINDS):
                case "put":
                    form = dice.choice(forms)
                    await plan_draft.put(2027, form, by=LIAISON, at=AT)
                    if not begun:
                        standing, agreed = dict(published), {code: {} for code in published}
                    if standing.get(form.code) != form:
                        standing[form.code], agreed[form.code] = form, {}
                case "remove" if rows:
                    code = dice.choice(sorted(rows))
                    await plan_draft.remove(rows[code].id, by=LIAISON, at=AT)
                    standing.pop(code), agreed.pop(code)
                case "consent" if rows:
                    code, who, yes = dice.choice(sorted(rows)), dice.choice(("WJ", "XF")), dice.random() < 0.9
                    await plan_draft.consent(rows[code].id, yes, "示例", by=head(who), at=AT)
                    agreed[code][who] = yes
                case "hand" if rows:
                    await plan_draft.hand_in(draft, "示例", by=head("GA"), at=AT)
                case "back" if rows:
                    await plan_draft.send_back(draft, "示例", by=OFFICE, at=AT)
                case "publish" if rows:
                    await plan_draft.publish(draft, by=OFFICE, at=AT)
                    for code, form in standing.items():
                        consents = agreed[code] == {"WJ": True, "XF": True}
                        assert consents or published.get(code) == form, (code, agreed)
                    published = dict(standing)
    assert published, seed  # else this dice shows nothing
    assert set(await PlanEntry.filter(plan__year=2027).values_list("code", flat=True)) == set(published)
    assert (await evidence.verify()).differences == []


async def test_an_amendment_is_opened_from_the_published_plan_and_may_only_withdraw() -> None:
    assert await refused(plan_draft.amend(2027, by=LIAISON, at=AT)) == "plan.not_published"
    for department in ("GA", "WJ", "XF"):
        await sample.account(Role.HEAD, department)
    made = await consented()
    await plan_draft.hand_in(made.id, by=head("GA"), at=AT)
    await plan_draft.publish(made.id, by=OFFICE, at=AT)
    opened = await plan_draft.amend(2027, by=LIAISON, at=AT)
    assert (await plan_draft.amend(2027, by=LIAISON, at=AT)).id == opened.id
    assert [entry.unchanged for entry in opened.entries] == [True] and not opened.withdrawn
    emptied = await plan_draft.remove(opened.entries[0].id, by=LIAISON, at=AT)
    assert emptied.withdrawn == ((FORM.code, FORM.title),)
    before = await Outbox.filter(kind="plan.complete").count()
    await plan_draft.ask(opened.id, by=LIAISON, at=AT)
    assert await Outbox.filter(kind="plan.complete").count() == before + 1
    await plan_draft.hand_in(opened.id, "机构改革", by=head("GA"), at=AT)
    assert not await Outbox.filter(kind="plan.changed").exists()
    await plan_draft.publish(opened.id, by=OFFICE, at=AT)
    told = await Outbox.filter(kind="plan.changed")
    assert len(told) == 3
    assert {(row.payload["change"], row.payload["reason"]) for row in told} == {("withdrawn", "机构改革")}
