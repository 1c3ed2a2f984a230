"""Art. 13: a scheme is adopted when every department signed and the pool can give what it asks."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from models.data import read
from models.procedure import draw, plan, registry, scheme
from models.queries import draw_texts
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import BatchState, SchemeState
from models.tables import Batch, Checklist, Draw, Event, Item, Scheme, Target
from tests.support.snapshots import remembered

OFFICE = Actor(Role.OFFICE, "office")
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
SCHEME = read("scheme-hotels.toml")


@pytest.fixture
async def district(db: str) -> str:
    """The sample district with its plan adopted."""
    await registered()
    return db


@remembered
async def registered() -> None:
    await registry.import_departments(read("departments.csv"), by=OFFICE, at=AT)
    await registry.import_items(read("items.csv"), by=OFFICE, at=AT)
    await registry.import_checklists(read("checkpoints.csv"), by=OFFICE, at=AT)
    await registry.import_targets(read("targets.csv"), by=OFFICE, at=AT)
    await registry.import_inspectors(read("inspectors.csv"), by=OFFICE, at=AT)
    await plan.adopt(read("plan-2026.toml"), by=OFFICE, at=AT)


async def refusal(data: bytes, *, by: Actor = OFFICE, amend: str = "") -> Refusal:
    with pytest.raises(Refusal) as refused:
        await scheme.adopt(data, by=by, at=AT, amend=amend)
    return refused.value


async def test_the_example_opens_its_batch_and_says_what_to_look_at_twice(district: str) -> None:
    adopted = await scheme.adopt(SCHEME, by=OFFICE, at=AT)
    assert adopted.new and adopted.batches == ("2026-XH-GA-02-1",)
    assert {concern.reason for concern in adopted.concerns} == {"scheme.not_the_rate"}
    assert adopted.forecasts["2026-XH-GA-02-1"].visits["GA"] == 24
    row = await Scheme.get(code="2026-XH-GA-02-S")
    assert row.state == SchemeState.ADOPTED and row.adopted_by["WJ"] == "测试负责人WJ"
    batch = await Batch.get(code="2026-XH-GA-02-1")
    assert (batch.state, batch.teams, batch.strata) == (
        BatchState.OPEN,
        {"*": 2},
        {"A": 4, "B": 4, "C": 3, "D": 1},
    )


async def test_the_same_file_again_changes_nothing_and_the_batch_can_be_committed(district: str) -> None:
    await scheme.adopt(SCHEME, by=OFFICE, at=AT)
    await draw.commit("2026-XH-GA-02-1", by=OFFICE, at=AT, random=os.urandom)
    events = await Event.all().count()
    assert not (await scheme.adopt(SCHEME, by=OFFICE, at=AT)).new
    assert await Event.all().count() == events
    assert (await Batch.get(code="2026-XH-GA-02-1")).state == BatchState.COMMITTED


async def test_more_than_the_pool_can_give_is_refused_with_the_numbers(district: str) -> None:
    refused = await refusal(SCHEME.replace(b"D = 1", b"D = 4"))
    assert refused.code == "scheme.class_spent"
    numbers = {"batch": "2026-XH-GA-02-1", "stratum": "D", "count": 4, "size": 3, "spent": 2}
    assert refused.params == numbers
    await Target.all().update(checked_this_year=0)
    refused = await refusal(SCHEME.replace(b"D = 1", b"D = 9"))
    assert refused.code == "scheme.more_than_pool"
    assert (refused.params["count"], refused.params["size"]) == (9, 5)
    assert await Scheme.all().count() == 0


async def test_a_changed_file_needs_a_reason_and_an_open_batch(district: str) -> None:
    await scheme.adopt(SCHEME, by=OFFICE, at=AT)
    changed = SCHEME.replace(b"A = 4", b"A = 2")
    assert (await refusal(changed)).code == "scheme.adopted_already"
    await scheme.adopt(changed, by=OFFICE, at=AT, amend="按比例调整")
    assert (await Batch.get(code="2026-XH-GA-02-1")).strata["A"] == 2
    await draw.commit("2026-XH-GA-02-1", by=OFFICE, at=AT, random=os.urandom)
    assert (await refusal(SCHEME, amend="再调整")).code == "scheme.batch_committed"


def two(first: bytes = b"A = 4, B = 4, C = 3, D = 1", second: bytes = b"A = 2, B = 2, C = 1, D = 1") -> bytes:
    """The scheme with a second batch in December."""
    before, batches = SCHEME.split(b"[[batches]]")
    one = batches.replace(b"A = 4, B = 4, C = 3, D = 1", first)
    other = batches.replace(b"A = 4, B = 4, C = 3, D = 1", second).replace(b"GA-02-1", b"GA-02-2")
    return b"[[batches]]".join([before, one, other])


async def test_a8_the_quantities_of_all_batches_are_held_against_the_pool_together(district: str) -> None:
    refused = await refusal(two(second=b"A = 1, B = 1, C = 1, D = 3"))
    assert refused.code == "scheme.more_than_pool_together"
    assert refused.params == {
        "batches": ["2026-XH-GA-02-1", "2026-XH-GA-02-2"], "stratum": "D", "count": 4, "size": 3,
    }  # fmt: skip
    assert await Batch.all().count() == 0
    await scheme.adopt(two(), by=OFFICE, at=AT)


async def test_a8_an_open_batch_is_amended_while_another_is_committed(district: str) -> None:
    await scheme.adopt(two(), by=OFFICE, at=AT)
    committed = await draw.commit("2026-XH-GA-02-1", by=OFFICE, at=AT, random=os.urandom)
    await scheme.adopt(two(second=b"A = 3, B = 2, C = 1, D = 1"), by=OFFICE, at=AT, amend="调整第二批")
    assert (await Batch.get(code="2026-XH-GA-02-2")).strata["A"] == 3
    assert (await Batch.get(code="2026-XH-GA-02-1")).state == BatchState.COMMITTED
    refused = await refusal(two(first=b"A = 1, B = 1, C = 1, D = 1"), amend="改已封存的")
    assert (refused.code, refused.params["batch"]) == ("scheme.batch_committed", "2026-XH-GA-02-1")
    refused = await refusal(two(second=b"A = 3, B = 2, C = 1, D = 3"), amend="超出")
    assert refused.code == "scheme.more_than_pool_together"
    await scheme.adopt(SCHEME, by=OFFICE, at=AT, amend="取消第二批")
    assert await Batch.all().values_list("code", flat=True) == ["2026-XH-GA-02-1"]
    assert await Draw.exists(code=committed.code)


async def test_a8_an_open_batch_with_a_voided_draw_can_be_amended_and_keeps_it(district: str) -> None:
    await scheme.adopt(SCHEME, by=OFFICE, at=AT)
    gone = await draw.commit("2026-XH-GA-02-1", by=OFFICE, at=AT, random=os.urandom)
    await draw.void(gone.code, "数量有误", "测试负责人GA", by=OFFICE, at=AT)
    await scheme.adopt(SCHEME.replace(b"A = 4", b"A = 2"), by=OFFICE, at=AT, amend="数量更正")
    assert (await Batch.get(code="2026-XH-GA-02-1")).strata["A"] == 2
    assert await Draw.filter(batch_id="2026-XH-GA-02-1").exclude(voided_at=None).count() == 1


async def test_a3_a_scheme_with_an_item_that_lost_its_checklist_is_refused(district: str) -> None:
    await Checklist.all().update(published_at=None)
    refused = await refusal(SCHEME)
    assert refused.code == "scheme.no_checklist" and "XH-GA-02" in refused.params["items"]


async def test_a_crew_without_a_department_that_the_checklists_ask_is_refused_at_adoption(
    district: str,
) -> None:
    few = SCHEME.replace(b", XF = 2", b"")
    assert few != SCHEME
    refused = await refusal(few)
    assert (refused.code, refused.article, refused.params["departments"]) == (
        "scheme.checklist_department",
        "7",
        ["XF"],
    )
    assert not await Scheme.exists()


async def test_a3_a_target_drawn_again_for_a_key_item_cites_it(district: str) -> None:
    await scheme.adopt(SCHEME, by=OFFICE, at=AT)
    await Item.filter(code="XH-GA-03").update(key=True)
    hotels = await Target.filter(industry="H6110", risk="A", status="operating").limit(2)
    await Target.filter(code=hotels[0].code).update(checked_this_year=1, items=["XH-GA-02", "XH-GA-03"])
    await Target.filter(code=hotels[1].code).update(checked_this_year=1, items=["XH-GA-02"])
    fixed = await draw.commit("2026-XH-GA-02-1", by=OFFICE, at=AT, random=os.urandom)
    row = await Draw.get(code=fixed.code)
    meant = {known[0]: id for id, known in (await draw_texts.targets(row)).items()}
    assert hotels[1].code not in meant
    assert row.register["again"][meant[hotels[0].code]] == ["XH-GA-03"]
    assert set(map(tuple, row.register["again"].values())) == {("XH-GA-03",)}


async def test_a_batch_number_of_another_scheme_is_refused(district: str) -> None:
    await scheme.adopt(SCHEME, by=OFFICE, at=AT)
    assert (await refusal(SCHEME.replace(b"GA-02-S", b"GA-02-T"))).code == "scheme.batch_taken"
    assert await Scheme.all().count() == 1


async def test_a_scheme_needs_its_plan_and_the_initiating_department(district: str) -> None:
    assert (
        await refusal(SCHEME.replace(b'"2026-XH-GA-02"', b'"2026-XH-GA-77"'))
    ).code == "scheme.no_plan_entry"
    assert (await refusal(SCHEME, by=Actor(Role.HEAD, "WJ", department="WJ"))).code == "plan.other_department"
    assert (await refusal(SCHEME, by=Actor(Role.INSPECTOR, "X"))).code == "actor.role"
