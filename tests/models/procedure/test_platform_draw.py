"""A draw of the provincial platform is taken by file, marked, held, and never repeated here (Art. 8, 14)."""

from __future__ import annotations

import secrets

import pytest

from models.procedure import ceremony, draw, platform_draw, team
from models.queries import ceremony as ceremonies
from models.queries import draws
from models.queries import platform_draw as queries
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.public.draw import Chance
from models.states import BatchState
from models.tables import Assignment, Batch, Draw, Event, PlatformFile, Target, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE
from tests.support.platform_files import CREW, HEADS, drawn_file

GA, WJ = Actor(Role.HEAD, "GA", "测试甲", "GA"), Actor(Role.HEAD, "WJ", "测试乙", "WJ")


@pytest.fixture
async def district(db) -> None:
    await sample.found()


async def brought(data=None, by=OFFICE) -> int:
    return await platform_draw.bring(BATCH, "示例抽取结果.csv", data or drawn_file(), by=by, at=CEREMONY)


async def taken(data=None, by=OFFICE):
    return await platform_draw.take(await brought(data, by), by=by, at=CEREMONY, random=secrets.token_bytes)


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def remarks(data) -> list[tuple[int, str, str]]:
    page = await queries.page(await brought(data))
    return [(remark.number, remark.column, remark.reason) for remark in page.bad]


async def test_a_file_is_looked_at_then_taken_and_held_as_the_batchs_draw(district):
    id = await brought()
    page = await queries.page(id)
    assert page.takeable and [row.code for row in page.targets] == ["OBJ00003", "OBJ00001", "OBJ00002"]
    assert (await Draw.exists(), (await Batch.get(code=BATCH)).state) == (False, BatchState.OPEN)
    fixed = await platform_draw.take(id, by=OFFICE, at=CEREMONY, random=secrets.token_bytes)
    assert (await Batch.get(code=BATCH)).state == BatchState.COMMITTED and not await Task.exists()
    await draw.hold(fixed.code, by=GA, at=CEREMONY)
    tasks = await Task.all().order_by("rank")
    assert [task.target_id for task in tasks] == ["OBJ00003", "OBJ00001", "OBJ00002"]
    serving = await Assignment.filter(task=tasks[0]).select_related("inspector")
    assert {row.inspector.certificate for row in serving} == set(CREW[0])
    assert [row.inspector.certificate for row in serving if row.leader] == ["TEST-GA-001"]


async def test_it_is_marked_as_what_cannot_be_repeated(district):
    code = (await taken()).code
    shown = await ceremonies.ceremony(code)
    assert (shown.platform, shown.public.chance, shown.seed) == (True, Chance.PLATFORM, "")
    assert [line.platform for line in await ceremonies.draws()] == [True]
    assert [event.kind for event in await Event.filter(chain=f"batch:{BATCH}")][-1] == "draw.imported"


async def test_the_same_file_again_changes_nothing_and_another_is_refused(district):
    first = await taken()
    assert (await taken()).code == first.code and await Draw.all().count() == 1
    assert (await queries.page(await brought())).same == first.code
    again = drawn_file().replace(b"\n", b"\r\n")
    assert (await taken(again)).code == first.code and await Draw.all().count() == 1
    assert await refused(taken(drawn_file(targets=("OBJ00001",)))) == "platform_draw.drawn"


async def test_it_is_taken_back_while_nothing_stands_on_it(district):
    first = await taken()
    await ceremony.void(first.code, "示例:文件有误", "示例", by=GA, at=CEREMONY)
    assert (await Batch.get(code=BATCH)).state == BatchState.OPEN
    second = await taken()
    assert (second.number, second.previous) == (2, first.commitment)
    await draw.hold(second.code, by=OFFICE, at=CEREMONY)
    assert (
        await refused(ceremony.void(second.code, "示例", "示例", by=GA, at=CEREMONY)) == "draw.void_too_late"
    )


async def test_our_own_draw_follows_it_in_one_chain(district):
    first = await taken()
    await ceremony.void(first.code, "示例:文件有误", "示例", by=GA, at=CEREMONY)
    own = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    assert (own.number, own.previous) == (2, first.commitment)


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("OBJ99999,,,1,{0},", (2, "检查对象", "platform_target")),
        ("OBJ00001,,没有的街道,1,{0},", (2, "片区", "platform_area")),
        ("OBJ00001,,,,{0},", (2, "抽查组", "platform_team")),
        ("OBJ00001,,,1,示例证-9,", (2, "检查人员证号", "platform_officer")),
        ("OBJ00001,,,1,TEST-GA-001；TEST-GA-002,", (2, "检查人员证号", "platform_lacking")),
        ("OBJ00001,,,1,{0},TEST-WJ-001", (2, "组长证号", "platform_leader")),
    ],
)
async def test_each_row_that_cannot_stand_is_named_by_row_and_column(district, line, remark):
    data = (HEADS + line.format("；".join(CREW[0])) + "\n").encode()
    assert await remarks(data) == [remark]
    assert await refused(taken(data)) == "platform_draw.rows"
    assert not await Draw.exists()


async def test_a_target_twice_and_an_officer_in_two_teams_are_named(district):
    crew = "；".join(CREW[0])
    data = f"{HEADS}OBJ00001,,,1,{crew},\nOBJ00001,,,1,{crew},\nOBJ00002,,,2,{crew},\n".encode()
    found = await remarks(data)
    assert found[0] == (3, "检查对象", "platform_target_twice")
    assert set(found[1:]) == {(4, "检查人员证号", "platform_two_teams")}


async def test_a_file_without_the_columns_is_refused_whole(district):
    page = await queries.page(await brought("一,二\n1,2\n".encode()))
    assert page.refused and not page.takeable


async def test_only_who_holds_the_batchs_draw_brings_a_file(district):
    assert await refused(brought(by=WJ)) == "draw.not_initiating"
    assert not await PlatformFile.exists()


async def test_an_officer_who_falls_out_of_it_is_followed_by_ticket(district):
    await draw.hold((await taken()).code, by=OFFICE, at=CEREMONY)
    task = await Task.all().order_by("rank").first()
    await team.request_substitution(task.number, "INS-WJ-1", "post", "示例", by=WJ, at=CEREMONY)
    serving = await Assignment.filter(task=task, until=None, department="WJ").values_list(
        "inspector_id", flat=True
    )
    assert len(serving) == 2 and set(serving) & {"INS-WJ-5", "INS-WJ-6"} and "INS-WJ-1" not in serving


async def test_what_was_taken_is_read_back_byte_for_byte_or_refused(district):
    code = (await taken()).code
    row = await Draw.get(code=code)
    assert (await draws.brought_in(row)).committed.commitment == row.commitment
    row.results["drawn.tsv"] = row.results["drawn.tsv"].replace("1\t", "7\t", 1)
    with pytest.raises(Refusal):
        await draws.brought_in(row)
    assert await Target.exists()
