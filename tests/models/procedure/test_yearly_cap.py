"""Art. 14 (1): who has had the visits of the year is left out before the commit, and the public reads why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import declaration, draw
from models.queries import ceremony as ceremonies
from models.queries import draw_texts, draws, year_visits
from models.refusal import Refusal
from models.rules.draw import entropy
from models.rules.yearly_cap import DRAWN_ELSEWHERE
from models.tables import Batch, Draw, Item, Task
from tests.server.public.bundles import differences, folder
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE

KEY = "XH-GA-03"
SECOND = "2026-XH-GA-02-2"
LATER = CEREMONY + timedelta(minutes=5)


async def _second() -> None:
    """A second batch of the scheme, open, which may draw every class."""
    async with sample.written():
        first = await Batch.get(code=BATCH)
        await Batch.create(
            code=SECOND, scheme_id=first.scheme_id, state="open", strata={"A": 1, "B": 0, "C": 0}, teams=first.teams,
            crew=first.crew, opens=first.opens, closes=first.closes, entropy=["witness:GA", "witness:WJ"], ceremony="",
        )  # fmt: skip


async def _commit(batch: str = SECOND, most: int = 0) -> Draw:
    fixed = await draw.commit(batch, by=OFFICE, at=CEREMONY, random=sample.salts(), most=most, practice=True)
    return await Draw.get(code=fixed.code)


async def _key_item(frequency: str) -> None:
    async with sample.written():
        await Item.filter(code=KEY).update(key=True, frequency=frequency)


async def _reveal(row: Draw) -> None:
    values = {"witness:GA": sample.VALUES["witness:GA"], "witness:WJ": sample.VALUES["witness:WJ"]}
    for source, value in values.items():
        by = await sample.witness(source)
        await draw.pledge(row.code, source, entropy.pledge(row.commitment, value), by=by, at=CEREMONY)
    for source, value in values.items():
        await draw.reveal(row.code, source, value, by=await sample.witness(source), at=CEREMONY)


async def in_pool(row: Draw) -> set[str]:
    return {str(known[0]) for known in (await draw_texts.targets(row)).values()}


async def grounds(row: Draw) -> dict[str, int]:
    return dict((await ceremonies.ceremony(row.code)).exclusions)


async def _drawn_once() -> set[str]:
    await sample.found()
    await sample.drawn()
    await _second()
    return {str(code) for code in await Task.all().values_list("target_id", flat=True)}


async def test_who_was_drawn_for_a_key_item_is_drawn_again_up_to_its_frequency(any_db):
    drawn = await _drawn_once()
    await _key_item("2次/年")
    row = await _commit()
    assert drawn <= await in_pool(row) and set(map(tuple, row.register["again"].values())) == {(KEY,)}


async def test_a_target_at_the_frequency_of_its_key_item_is_left_out_and_listed_with_the_reason(any_db):
    drawn = await _drawn_once()
    await _key_item("1次/年")
    row = await _commit()
    assert drawn.isdisjoint(await in_pool(row))
    assert (await grounds(row))["item-cap"] == len(drawn)


async def test_a_target_at_the_districts_cap_is_left_out_although_its_item_allows_more(any_db):
    drawn = await _drawn_once()
    await _key_item("4次/年")
    row = await _commit(most=1)
    assert drawn.isdisjoint(await in_pool(row))
    assert (await grounds(row))["year-cap"] == len(drawn)


async def test_a_declared_exception_brings_one_target_back(any_db):
    drawn = sorted(await _drawn_once())
    await _key_item("1次/年")
    await declaration.declare(
        SECOND, drawn[0], "again-referral", "示例转办〔2026〕1号", "0" * 64, by=OFFICE, at=CEREMONY
    )
    assert set(drawn) & await in_pool(await _commit(most=1)) == {drawn[0]}


async def test_two_draws_committed_side_by_side_draw_nobody_twice_and_the_second_waits(any_db, tmp_path):
    await sample.found()
    await _second()
    async with sample.written():
        await Batch.all().update(strata={"A": 3, "B": 1, "C": 1})
    first = await sample.revealed(practice=True)
    second = await _commit()
    waiting = {id for id, (ground, *_) in second.openings.items() if ground == DRAWN_ELSEWHERE}
    assert len(waiting) == 12 and not second.texts["exclusions.tsv"]
    await _reveal(second)
    with pytest.raises(Refusal) as no:
        await draw.hold(second.code, by=OFFICE, at=LATER)
    assert (no.value.code, no.value.params["draws"]) == ("draw.other_first", [first])
    await draw.hold(first, by=OFFICE, at=LATER)
    await draw.hold(second.code, by=OFFICE, at=LATER)
    drawn = [str(code) for code in await Task.all().values_list("target_id", flat=True)]
    assert len(drawn) == len(set(drawn)) == 10
    row = await Draw.get(code=second.code)
    removed = [line.split("\t")[1] for line in row.results["removals.tsv"].splitlines()]
    assert removed and set(removed) == {DRAWN_ELSEWHERE}
    bundle = folder(await draws.bundle_files(row.code, full=True), tmp_path / "bundle")
    assert differences(bundle) == []


async def test_a_voided_draw_counts_against_nobodys_year(any_db):
    await sample.found()
    await _second()
    first = await _commit(BATCH)
    async with sample.written():
        await Draw.filter(code=first.code).update(voided_at=CEREMONY)
        await Batch.filter(code=BATCH).update(state="open")
    second = await _commit()
    assert len(await in_pool(second)) == 12 and not second.openings


async def test_the_row_of_a_target_says_what_is_left_of_its_year(any_db):
    drawn = sorted(await _drawn_once())
    await _key_item("1-2次/年")
    year = await year_visits.of_target(drawn[0], 2026, 0)
    assert (year.visits.drawn, year.left) == (1, 1)
    assert [(item.code, item.visits, item.left) for item in year.items] == [(KEY, 1, 1)]
    assert (await year_visits.of_target(drawn[0], 2026, 1)).left == 0
    assert (await year_visits.of_target(drawn[0], 2027, 0)).left == 2
    assert await year_visits.of_target("NOBODY", 2026, 0) is None
