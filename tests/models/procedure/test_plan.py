"""Art. 12: a plan is adopted once, amended with a reason, and never under what is fixed already."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.data import read
from models.operations import event
from models.procedure import plan, registry, scheme
from models.queries.registered import all_targets
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import BatchState, PlanState
from models.tables import Batch, Checklist, Event, Plan, PlanEntry
from tests.support.snapshots import remembered

OFFICE = Actor(Role.OFFICE, "office")
AT = datetime(2026, 1, 20, 4, tzinfo=UTC)
PLAN, SCHEME = read("plan-2026.toml"), read("scheme-hotels.toml")


@pytest.fixture
async def district(db: str) -> str:
    """The lists, and the targets and inspectors of the sample district."""
    await registered()
    return db


@remembered
async def registered() -> None:
    await registry.import_departments(read("departments.csv"), by=OFFICE, at=AT)
    await registry.import_items(read("items.csv"), by=OFFICE, at=AT)
    await registry.import_checklists(read("checkpoints.csv"), by=OFFICE, at=AT)
    few = b"\n".join(read("targets.csv").splitlines()[:400])
    await registry.import_targets(few, by=OFFICE, at=AT)
    await registry.import_inspectors(read("inspectors.csv"), by=OFFICE, at=AT)


def small(text: bytes) -> bytes:
    """The scheme with quantities that four hundred targets can give."""
    return text.replace(b"A = 4, B = 4, C = 3, D = 1", b"A = 2, B = 1, C = 0, D = 0")


async def refusal(data: bytes, *, by: Actor = OFFICE, amend: str = "") -> Refusal:
    with pytest.raises(Refusal) as refused:
        await plan.adopt(data, by=by, at=AT, amend=amend)
    return refused.value


async def test_the_example_is_published_with_its_entry(district: str) -> None:
    adopted = await plan.adopt(PLAN, by=OFFICE, at=AT)
    assert (adopted.new, adopted.late, adopted.version, adopted.entries) == (
        True,
        False,
        1,
        ("2026-XH-GA-02",),
    )
    row = await Plan.get(year=2026, department="GA")
    assert (row.state, row.source) == (PlanState.PUBLISHED, PLAN.decode())
    entry = await PlanEntry.get(code="2026-XH-GA-02")
    assert entry.rates == {"A": "1", "B": "3", "C": "25", "D": "60"}
    assert entry.methods == ["NETWORK", "ON_SITE"] and entry.areas == []


async def test_the_same_file_again_changes_nothing(district: str) -> None:
    await plan.adopt(PLAN, by=OFFICE, at=AT)
    events = await Event.all().count()
    again = await plan.adopt(PLAN, by=OFFICE, at=AT)
    assert (again.new, again.version) == (False, 1)
    assert (await Plan.all().count(), await Event.all().count()) == (1, events)


async def test_a11_a_plan_is_late_by_the_clock_whatever_date_it_names(district: str) -> None:
    midnight = datetime(2026, 1, 31, 16, 0, tzinfo=UTC)  # in the district
    adopted = await plan.adopt(PLAN, by=OFFICE, at=midnight)
    assert adopted.late and adopted.submitted_on == date(2026, 2, 1)
    assert (await Plan.get(year=2026)).late


async def test_a11_a_plan_handed_in_on_the_last_day_is_not_late_and_stays_so_when_amended(
    district: str,
) -> None:
    last = datetime(2026, 1, 31, 15, 59, tzinfo=UTC)
    dated_later = PLAN.replace(b"2026-01-20 ", b"2026-12-01 ")
    assert not (await plan.adopt(dated_later, by=OFFICE, at=last)).late
    undated = b"\n".join(line for line in PLAN.splitlines() if not line.startswith(b"submitted"))
    amended = await plan.adopt(undated, by=OFFICE, at=AT.replace(month=6), amend="去掉日期")
    assert (amended.late, amended.submitted_on) == (False, date(2026, 1, 31))


async def test_a3_an_item_without_a_published_checklist_is_refused_by_its_number(district: str) -> None:
    more = PLAN.replace(b'"XH-GA-05"]', b'"XH-GA-05", "XH-GA-01"]')
    assert b"XH-GA-01" in more
    await Checklist.filter(code__contains="XH-GA-01").delete()
    refused = await refusal(more)
    assert (refused.code, refused.params) == ("plan.no_checklist", {"items": ["XH-GA-01"]})
    await Checklist.all().update(published_at=None)
    refused = await refusal(PLAN)
    assert refused.params["items"] == ["XH-GA-02", "XH-GA-03", "XH-GA-04", "XH-GA-05"]
    assert await Plan.all().count() == 0


async def test_a_changed_file_needs_a_reason_and_becomes_a_new_version(district: str) -> None:
    await plan.adopt(PLAN, by=OFFICE, at=AT)
    changed = PLAN.replace(b"A = 1,", b"A = 2,")
    assert (await refusal(changed)).code == "plan.adopted_already"
    amended = await plan.adopt(changed, by=OFFICE, at=AT, amend="区政府要求提高比例")
    assert amended.version == 2
    states = await Plan.all().order_by("version").values_list("state", flat=True)
    assert states == [PlanState.AMENDED, PlanState.PUBLISHED]
    assert (await PlanEntry.get(code="2026-XH-GA-02")).rates["A"] == "2"
    reasons = [row.data["reason"] for row in await Event.filter(chain="plan:2026-GA").order_by("seq")]
    assert reasons == ["", "区政府要求提高比例"]
    assert await event.first_broken_link("plan:2026-GA") is None


async def test_a8_an_entry_whose_batch_is_committed_changes_but_for_what_its_tasks_say(district: str) -> None:
    await plan.adopt(PLAN, by=OFFICE, at=AT)
    await scheme.adopt(small(SCHEME), by=OFFICE, at=AT)
    await Batch.all().update(state=BatchState.COMMITTED)
    for told in (
        PLAN.replace("宾馆、旅店联合抽查".encode(), "另一项抽查".encode()),
        PLAN.replace(b'"XH-GA-04", "XH-GA-05"]', b'"XH-GA-04"]'),
        PLAN.replace(b'["NETWORK", "ON_SITE"]', b'["ON_SITE"]'),
        PLAN.replace(b"until = 2026-12-31", b"until = 2026-12-01"),
    ):
        refused = await refusal(told, amend="理由")
        assert (refused.code, refused.params["batch"]) == ("plan.entry_committed", "2026-XH-GA-02-1")
    assert (
        await plan.adopt(PLAN.replace(b"A = 1,", b"A = 2,"), by=OFFICE, at=AT, amend="提高比例")
    ).version == 2
    assert (await PlanEntry.get(code="2026-XH-GA-02")).rates["A"] == "2"


async def test_an_entry_that_a_scheme_carries_out_cannot_go(district: str) -> None:
    await plan.adopt(PLAN, by=OFFICE, at=AT)
    other = PLAN.replace(b'"2026-XH-GA-02"', b'"2026-XH-GA-09"')
    await scheme.adopt(small(SCHEME), by=OFFICE, at=AT)
    assert (await refusal(other, amend="理由")).code == "plan.entry_in_use"
    assert await Plan.all().count() == 1


async def test_an_entry_nobody_carries_out_may_go(district: str) -> None:
    await plan.adopt(PLAN, by=OFFICE, at=AT)
    await plan.adopt(PLAN.replace(b'"2026-XH-GA-02"', b'"2026-XH-GA-09"'), by=OFFICE, at=AT, amend="更正编号")
    assert await PlanEntry.all().values_list("code", flat=True) == ["2026-XH-GA-09"]


async def test_an_entry_that_no_target_answers_to_is_refused(district: str) -> None:
    empty = PLAN.replace(b'"H6110", "H6121", "H6129"', b'"H6130"')
    refused = await refusal(empty)
    assert (refused.code, refused.params) == ("plan.scope_empty", {"entry": "2026-XH-GA-02"})


async def test_one_entry_number_for_two_departments_is_refused(district: str) -> None:
    await plan.adopt(PLAN, by=OFFICE, at=AT)
    other = PLAN.replace(b'department = "GA"', b'department = "WJ"').replace(b'["WJ", "XF"', b'["GA", "XF"')
    assert (await refusal(other)).code == "plan.entry_taken"
    assert await Plan.all().count() == 1


async def test_like_plans_of_two_departments_are_suggested_for_merging(district: str) -> None:
    await plan.adopt(PLAN, by=OFFICE, at=AT)
    other = PLAN.replace(b'department = "GA"', b'department = "WJ"').replace(b'["WJ", "XF"', b'["GA", "XF"')
    adopted = await plan.adopt(other.replace(b"2026-XH-GA-02", b"2026-XH-WJ-08"), by=OFFICE, at=AT)
    (pair,) = adopted.mergeable
    assert (pair.one, pair.other) == ("2026-XH-GA-02", "2026-XH-WJ-08")
    scope = [one for one in await all_targets() if one.industry in ("H6110", "H6121", "H6129")]
    assert 0 < pair.shared <= len(scope)


async def test_a_head_adopts_the_own_departments_plan_only(district: str) -> None:
    assert (await refusal(PLAN, by=Actor(Role.HEAD, "WJ", department="WJ"))).code == "plan.other_department"
    assert (await refusal(PLAN, by=Actor(Role.INSPECTOR, "X", department="GA"))).code == "actor.role"
    assert (await plan.adopt(PLAN, by=Actor(Role.HEAD, "GA", department="GA"), at=AT)).new
