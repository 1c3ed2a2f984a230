"""Art. 13: a scheme takes effect with the signature of every head who sends officers, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.procedure import batch, draw, scheme, scheme_draft
from models.queries import evidence, plans, scheme_drafts
from models.queries.scheme_drafts import DraftOfScheme
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.scheme_draft import BatchForm, SchemeForm, form_in
from models.states import BatchState, SchemeState
from models.tables import Batch, Inspector, Outbox, PlanEntry, Scheme, SchemeDraft, Target
from tests.support import district as sample
from tests.support.district import BATCH, CREW

AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
OFFICE = Actor(Role.OFFICE, "1", "测试联席办")
LIAISON = Actor(Role.LIAISON, "GA", department="GA")
FIRST = BatchForm(
    "2026-XH-GA-02-8", date(2026, 12, 1), date(2026, 12, 11), {"A": 2, "C": 1}, {"*": 2}, dict.fromkeys(CREW, 2),
    ["witness:GA", "witness:WJ"], "2026-11-30 09:00 示例会议室",
)  # fmt: skip
SECOND = replace(FIRST, code="2026-XH-GA-02-9", strata={"A": 3})
FORM = SchemeForm("2026-XH-GA-02-S2", "2026-XH-GA-02", [FIRST, SECOND])


def head(department: str) -> Actor:
    return Actor(Role.HEAD, department, f"测试负责人{department}", department)


@pytest.fixture(autouse=True)
async def district(db: str) -> None:
    await sample.found()


async def drafted(form: SchemeForm = FORM, reason: str = "") -> DraftOfScheme:
    return await scheme_draft.put(form, reason, by=LIAISON, at=AT)


async def signed(form: SchemeForm = FORM, reason: str = "") -> DraftOfScheme:
    draft = await drafted(form, reason)
    for line in draft.crews:
        draft = await scheme_draft.sign(draft.id, True, by=head(line.department), at=AT)
    return draft


async def refused(deed) -> Refusal:
    with pytest.raises(Refusal) as no:
        await deed
    return no.value


async def test_it_takes_effect_with_the_last_signature_and_its_batches_may_be_committed() -> None:
    draft = await drafted()
    assert not await Scheme.exists(code=FORM.code)
    half = await scheme_draft.sign(draft.id, True, by=head("GA"), at=AT)
    assert half.open and not await Scheme.exists(code=FORM.code)
    for department in CREW[1:]:
        whole = await scheme_draft.sign(draft.id, True, by=head(department), at=AT)
    row = await Scheme.get(code=FORM.code)
    assert whole.adopted == AT and row.adopted_by == {code: f"测试负责人{code}" for code in CREW}
    fixed = await draw.commit(FIRST.code, by=OFFICE, at=AT, random=sample.salts())
    assert fixed.code.startswith(FIRST.code)
    again = await scheme.adopt(row.source.encode(), by=OFFICE, at=AT)
    assert not again.new  # what was signed here is a file like any other
    assert (await evidence.verify()).differences == []


async def test_only_heads_who_send_officers_sign_and_only_the_own_department_drafts() -> None:
    draft = await drafted()
    assert (
        await refused(scheme_draft.sign(draft.id, True, by=head("JY"), at=AT))
    ).code == "scheme.not_in_crew"
    other = Actor(Role.LIAISON, "WJ", department="WJ")
    for deed in (
        scheme_draft.put(FORM, by=other, at=AT),
        scheme_draft.ask(draft.id, by=other, at=AT),
        scheme_draft.drop(draft.id, "示例", by=other, at=AT),
    ):
        assert (await refused(deed)).code == "plan.other_department"
    for by in (LIAISON, OFFICE, Actor(Role.INSPECTOR, "INS-GA-1", department="GA")):
        assert (await refused(scheme_draft.sign(draft.id, True, by=by, at=AT))).code == "actor.role"


async def test_an_objection_has_a_reason_and_a_changed_draft_nobodys_signature() -> None:
    draft = await drafted()
    await scheme_draft.sign(draft.id, True, by=head("GA"), at=AT)
    no = await refused(scheme_draft.sign(draft.id, False, " ", by=head("WJ"), at=AT))
    assert no.code == "scheme.objection_needs_reason"
    draft = await scheme_draft.sign(draft.id, False, "人手不足", by=head("WJ"), at=AT)
    assert [(line.agreed, line.reason) for line in draft.crews if line.agreed is not None] == [
        (True, ""),
        (False, "人手不足"),
    ]
    same = await drafted()
    assert same.crews == draft.crews
    changed = await drafted(replace(FORM, batches=[FIRST]))
    assert changed.id == draft.id and {line.agreed for line in changed.crews} == {None}


async def test_each_head_is_asked_once_for_what_stands() -> None:
    draft = await drafted()
    for department in CREW:
        await sample.account(Role.HEAD, department)
    await scheme_draft.ask(draft.id, by=LIAISON, at=AT)
    await scheme_draft.ask(draft.id, by=LIAISON, at=AT)
    assert await Outbox.filter(kind="scheme.sign_asked").count() == 4
    assert [one.id for one in await scheme_drafts.to_sign("WJ")] == [draft.id]
    assert await scheme_drafts.to_sign("JY") == ()
    await scheme_draft.sign(draft.id, True, by=head("WJ"), at=AT)
    assert await scheme_drafts.to_sign("WJ") == ()


async def test_quantities_of_all_batches_together_are_held_against_the_pool_before_anybody_signs() -> None:
    pool = await Target.filter(risk="A").count()
    both = [replace(FIRST, strata={"A": pool - 1}), replace(SECOND, strata={"A": 2})]
    no = await refused(drafted(replace(FORM, batches=both)))
    assert (no.code, no.params["count"], no.params["size"]) == (
        "scheme.more_than_pool_together",
        pool + 1,
        pool,
    )
    no = await refused(drafted(replace(FORM, batches=[replace(FIRST, strata={"A": pool + 1})])))
    assert no.code == "scheme.more_than_pool"
    assert not await SchemeDraft.exists()


async def test_the_figures_name_the_bottleneck_and_the_days_work() -> None:
    await Inspector.filter(department="WJ").exclude(code__in=["INS-WJ-1", "INS-WJ-2", "INS-WJ-3"]).delete()
    counted = await scheme_draft.counted(FORM, sample.district().calendar, by=LIAISON)
    first = counted.batches[0]
    wj = next(crew for crew in first.crews if crew.department == "WJ")
    assert (wj.seats, wj.officers, wj.reserve, wj.short) == (4, 3, -1, True)
    assert (wj.visits, first.load.workdays, wj.tenths) == (6, 9, 7)  # 3 targets × 2 officers ÷ 9 working days
    assert first.bottleneck and first.bottleneck[0] == "WJ" and first.bottleneck[1].area == "*"
    ga = next(crew for crew in first.crews if crew.department == "GA")
    assert (ga.areas[0].leader_seats, ga.areas[0].leaders) == (2, 4)
    assert [(one.stratum, one.count) for one in counted.sums] == [("A", 5), ("C", 1)]
    assert not await SchemeDraft.exists()


async def test_an_amendment_leaves_what_is_committed_and_changes_what_is_open() -> None:
    await signed()
    await draw.commit(FIRST.code, by=OFFICE, at=AT, random=sample.salts())
    changed = replace(FORM, batches=[FIRST, replace(SECOND, strata={"A": 1})])
    assert (await refused(drafted(changed))).code == "scheme.amendment_needs_reason"
    await signed(changed, "示例：减少数量")
    assert (await Batch.get(code=SECOND.code)).strata == {"A": 1}
    assert (await Batch.get(code=FIRST.code)).state == BatchState.COMMITTED
    other = await drafted(replace(FORM, batches=[replace(FIRST, strata={"A": 1}), SECOND]), "示例")
    for department in CREW[1:]:
        await scheme_draft.sign(other.id, True, by=head(department), at=AT)
    no = await refused(scheme_draft.sign(other.id, True, by=head("GA"), at=AT))
    assert no.code == "scheme.batch_committed" and (await SchemeDraft.get(id=other.id)).adopted_at is None
    gone = await scheme_draft.drop(other.id, "示例", by=LIAISON, at=AT)
    assert (
        gone.dropped == AT
        and (await refused(scheme_draft.ask(other.id, by=OFFICE, at=AT))).code == "scheme.draft_over"
    )


async def test_an_amendment_begins_with_what_was_signed_even_where_a_window_was_extended() -> None:
    await sample.drawn()
    before = await scheme_drafts.of_scheme("2026-XH-GA-02-S")
    await batch.extend(BATCH, date(2027, 1, 15), "示例", by=head("GA"), at=AT)
    assert await scheme_drafts.of_scheme("2026-XH-GA-02-S") == before
    assert await scheme_drafts.fixed("2026-XH-GA-02-S") == {BATCH}


async def test_what_nobody_will_draw_is_voided_with_its_reason_in_public_and_the_scheme_ends() -> None:
    await signed()
    await batch.withdraw(FIRST.code, "示例：并入下一年度", by=head("GA"), at=AT)
    assert (await Scheme.get(code=FORM.code)).state == SchemeState.ADOPTED
    entry = await plans.entry(FORM.entry)
    shown = {one.code: one.public for line in entry.schemes for one in line.batches}
    assert (
        shown[FIRST.code].void_reason == "示例：并入下一年度" and shown[FIRST.code].state == BatchState.VOIDED
    )
    assert (
        await refused(batch.withdraw(SECOND.code, " ", by=OFFICE, at=AT))
    ).code == "batch.void_needs_reason"
    await batch.withdraw(SECOND.code, "示例", by=OFFICE, at=AT)
    assert (await Scheme.get(code=FORM.code)).state == SchemeState.CLOSED
    no = await refused(draw.commit(FIRST.code, by=OFFICE, at=AT, random=sample.salts()))
    assert no.code == "state.move"


async def test_a_number_belongs_to_one_scheme_and_one_batch() -> None:
    assert (
        await refused(drafted(replace(FORM, batches=[replace(FIRST, code=BATCH)])))
    ).code == "scheme.batch_taken"
    row = await PlanEntry.get(code="2026-XH-GA-02")
    await row.clone(pk="2026-XH-GA-03").save()
    await drafted()
    no = await refused(drafted(replace(FORM, entry="2026-XH-GA-03")))
    assert no.code == "scheme.code_taken"


async def test_a_file_nobody_signed_is_read_as_a_draft() -> None:
    data = (
        'plan_entry = "2026-XH-GA-02"\ncode = "2026-XH-GA-02-S2"\n[[batches]]\ncode = "2026-XH-GA-02-8"\n'
        'strata = { A = 2, C = 1 }\nteams = { "*" = 2 }\ncrew = { GA = 2, SCJG = 2, WJ = 2, XF = 2 }\n'
        "from = 2026-12-01\nuntil = 2026-12-11\n"
        'entropy = ["witness:GA", "witness:WJ"]\nceremony = "2026-11-30 09:00 示例会议室"\n'
    )
    form = form_in(data.encode())
    assert list(form.batches) == [replace(FIRST, entropy=("witness:GA", "witness:WJ"))]
    few = [replace(batch, crew={"GA": 2, "WJ": 2}) for batch in form.batches]
    no = await refused(drafted(replace(form, batches=few)))
    assert (no.code, no.params["departments"]) == ("scheme.checklist_department", ["SCJG", "XF"])
    assert [line.department for line in (await drafted(form)).crews] == list(CREW)


async def test_c8_a_head_promises_no_officers_whom_the_register_does_not_have() -> None:
    draft = await drafted()
    for department in CREW[:-1]:
        await scheme_draft.sign(draft.id, True, by=head(department), at=AT)
    last, before = CREW[-1], {row.code: row.status for row in await Inspector.filter(department=CREW[-1])}
    async with sample.written():
        await Inspector.filter(department=last).update(status="left")
    short = await scheme_drafts.shortages(await scheme_drafts.draft_of(await SchemeDraft.get(id=draft.id)))
    assert [(each.batch, each.department, each.seats, each.filled) for each in short] == [
        (FIRST.code, last, 4, 0), (SECOND.code, last, 4, 0)
    ]  # fmt: skip
    no = await refused(scheme_draft.sign(draft.id, True, by=head(last), at=AT))
    assert (no.code, no.params["department"], no.params["seats"], no.params["filled"]) == (
        "scheme.crew_short", last, 4, 0,
    )  # fmt: skip
    assert not await Scheme.exists(code=FORM.code)
    objected = await scheme_draft.sign(draft.id, False, "没有人可派", by=head(last), at=AT)
    assert objected.open
    async with sample.written():
        for code, status in before.items():
            await Inspector.filter(code=code).update(status=status)
    assert (await scheme_draft.sign(draft.id, True, by=head(last), at=AT)).adopted == AT
    assert await scheme_drafts.shortages_of_batch(FIRST.code) == ()
    async with sample.written():
        await Inspector.filter(department=last).update(status="left")
    assert len(await scheme_drafts.shortages_of_batch(FIRST.code)) == 1
    assert (
        await refused(draw.commit(FIRST.code, by=OFFICE, at=AT, random=sample.salts()))
    ).code == "draw.crew_short"
