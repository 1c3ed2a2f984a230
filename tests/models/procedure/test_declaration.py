"""Art. 3, 14: before the commit somebody is declared out, under a clue, or open to a second inspection in a year."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from models.procedure import ceremony, declaration, draw
from models.queries import ceremony as ceremonies
from models.queries import declarations, draw_texts
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.draw.rows import Hold
from models.tables import Declaration, Draw, Event, Target, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE

GA, WJ = Actor(Role.HEAD, "GA", "测试甲", "GA"), Actor(Role.HEAD, "WJ", "测试乙", "WJ")
PAPER = "示例发〔2026〕1号 示例专项部署"
HASH = hashlib.sha256(b"paper").hexdigest()


@pytest.fixture
async def district(db) -> None:
    await sample.found()


async def declare(target="OBJ00002", ground="art3-2", document=PAPER, sha256=HASH, by=GA):
    return await declaration.declare(BATCH, target, ground, document, sha256, by=by, at=CEREMONY)


async def commit() -> Draw:
    fixed = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    return await Draw.get(code=fixed.code)


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def id_of(row: Draw, number: str) -> str:
    known = await draw_texts.targets(row)
    return next((id for id, (code, *_) in known.items() if code == number), "")


@pytest.mark.parametrize("ground", ["art3-1", "art3-2", "art3-4"])
async def test_a_target_declared_out_is_no_longer_in_the_pool_and_its_document_is_public(district, ground):
    await declare(ground=ground)
    row = await commit()
    assert not await id_of(row, "OBJ00002")
    excluded = await draw_texts.text(row, "exclusions.tsv")
    assert [line.split("\t")[1] for line in excluded.splitlines()].count(ground) == 1
    shown = await ceremonies.ceremony(row.code)
    assert shown.declared == ((ground, PAPER, HASH),)
    assert (ground, 1) in shown.exclusions


async def test_a_clue_stays_in_the_pool_and_its_document_opens_the_seal(district):
    """Whoever is drawn is removed when the draw is held, on the document that was hashed before."""
    names = await Target.all().values_list("code", flat=True)
    for number in names:
        if number != "OBJ00012":
            await declare(number, "art3-3", "举报登记示例1号")
    row = await commit()
    assert all([await id_of(row, str(number)) for number in names])
    assert len((await draw_texts.text(row, "pool.tsv")).splitlines()) == 12
    ground, document, salt = row.openings[await id_of(row, "OBJ00002")]
    assert (ground, document) == ("art3-3", HASH)
    seal = Hold(await id_of(row, "OBJ00002"), ground, document, bytes.fromhex(salt)).sealed
    assert seal in (await draw_texts.text(row, "holds.tsv")).splitlines()
    assert (await ceremonies.ceremony(row.code)).declared == ()


async def test_a_clue_that_is_drawn_is_removed_with_its_document_and_replaced(district):
    for number in await Target.filter(risk="A").values_list("code", flat=True):
        await declare(str(number), "art3-3", "举报登记示例1号")
    code = await sample.revealed()
    await draw.hold(code, by=OFFICE, at=CEREMONY + timedelta(hours=1))
    row = await Draw.get(code=code)
    removals = [line.split("\t") for line in row.results["removals.tsv"].splitlines()]
    assert removals and {(ground, document) for _, ground, document, *_ in removals} == {("art3-3", HASH)}
    known = await draw_texts.targets(row)
    gone = {known[id][0] for id, *_ in removals}
    assert gone.isdisjoint(await Task.all().values_list("target_id", flat=True))


@pytest.mark.parametrize("ground", ["again-complaint", "again-referral", "again-case"])
async def test_a_target_checked_this_year_is_drawn_again_where_an_exception_is_cited_for_it(district, ground):
    async with sample.written():
        await Target.filter(code__in=["OBJ00001", "OBJ00002"]).update(checked_this_year=1)
        await sample.Item.all().update(key=False)
    await declare("OBJ00002", ground, "示例立案〔2026〕1号")
    row = await commit()
    assert not await id_of(row, "OBJ00001")
    lifted = await id_of(row, "OBJ00002")
    assert row.register["lifted"] == {lifted: [ground, "示例立案〔2026〕1号", HASH]}
    assert lifted not in row.openings


async def test_a_declaration_taken_back_no_longer_counts_and_stays_in_the_list(district):
    made = await declare()
    assert await refused(declaration.withdraw(made.id, " ", by=GA, at=CEREMONY)) == "declaration.needs_reason"
    assert await refused(declaration.withdraw(made.id, "误报", by=WJ, at=CEREMONY)) == "declaration.unknown"
    for _ in range(2):
        gone = await declaration.withdraw(made.id, "误报", by=GA, at=CEREMONY)
        assert (gone.stands, gone.withdrawn_reason) == (False, "误报")
    assert [one.stands for one in await declarations.listed(BATCH, GA)] == [False]
    assert await id_of(await commit(), "OBJ00002")


async def test_after_the_commit_nothing_is_declared_or_taken_back_until_the_draw_is_void(district):
    made = await declare()
    row = await commit()
    assert await refused(declare("OBJ00003")) == "declaration.committed"
    assert await refused(declaration.withdraw(made.id, "误报", by=GA, at=CEREMONY)) == "declaration.committed"
    await ceremony.void(row.code, "示例", "示例人", by=OFFICE, at=CEREMONY)
    await declare("OBJ00003")
    assert not await id_of(await commit(), "OBJ00003")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ground": "art3-5"}, "declaration.ground_unknown"),
        ({"document": " "}, "declaration.needs_document"),
        ({"document": "字" * 201}, "declaration.needs_document"),
        ({"sha256": ""}, "declaration.needs_hash"),
        ({"sha256": "f" * 63}, "declaration.needs_hash"),
        ({"target": "没有这一家"}, "declaration.target_unknown"),
        ({"target": ""}, "declaration.target_unknown"),
        ({"by": Actor(Role.HEAD, "JT", "测试丙", "JT")}, "batch.unknown"),
        ({"by": Actor(Role.INSPECTOR, "INS-GA-1", "甲检员GA", "GA")}, "actor.role"),
    ],
)
async def test_what_cites_no_ground_no_document_or_nobody_is_refused_and_nothing_is_written(
    district, changed, code
):
    assert await refused(declare(**changed)) == code
    assert not await Declaration.exists()


async def test_who_is_outside_the_scope_needs_no_declaration(district):
    async with sample.written():
        await Target.filter(code="OBJ00002").update(industry="F5211")
    assert await refused(declare()) == "declaration.not_in_scope"


async def test_the_target_is_found_by_number_credit_code_or_whole_name(district):
    row = await Target.get(code="OBJ00002")
    made = [await declare(typed) for typed in (row.code, row.credit_code.lower(), row.name)]
    assert made[0] == made[1] == made[2]
    assert await Event.filter(kind="declaration.declared").count() == 1
    assert await refused(declare(ground="art3-1")) == "declaration.stands"


async def test_whom_a_clue_or_a_case_names_is_shown_to_its_department_and_the_office_alone(district):
    for number, ground in (("OBJ00002", "art3-3"), ("OBJ00003", "again-case"), ("OBJ00004", "art3-1")):
        await declare(number, ground, "示例文件")
    for by, seen in ((GA, 3), (OFFICE, 3), (WJ, 1), (Actor(Role.INSPECTOR, "x", "示例", "GA"), 0)):
        lines = await declarations.listed(BATCH, by)
        assert len([one for one in lines if one.target and one.name and one.document]) == seen, by
    said = [event.data for event in await Event.filter(kind="declaration.declared").order_by("id")]
    assert "OBJ00002" not in str(said) and "art3-3" not in str(said)


async def test_a_second_clue_of_another_department_is_taken_and_tells_nothing_of_the_first(district):
    first = await declare(ground="art3-3")
    second = await declare(ground="art3-3", by=WJ)
    assert first.id != second.id
    assert len((await commit()).openings) == 1
