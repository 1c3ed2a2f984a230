"""A credit code whose check digits do not fit: refused, until two persons took it with a reason, then marked (Art. 4, 10)."""

from __future__ import annotations

import pytest

from models.procedure import code_override, register_entry, register_import
from models.queries import code_overrides, evidence, letter
from models.queries.known import known
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.target_number import NumberKind, number_of
from models.tables import Event, RegisterChange, Target
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE
from tests.support.register_files import OTHER_TARGET, table

AT = CEREMONY
CODE = "91410402MA0EXAMP1E"
SHOP = {
    **OTHER_TARGET, "对象编号": "SHOP1", "名称": "示例光明宾馆", "适用事项编号": "XH-GA-02", "监管部门": "GA",
    "统一社会信用代码": CODE,
}  # fmt: skip
COLLEAGUE = Actor(Role.OFFICE, "2", "测试联席办乙")
HEAD, OTHER_HEAD = (Actor(Role.HEAD, code, f"测试负责人{code}", code) for code in ("GA", "WJ"))


@pytest.fixture
async def world(any_db):
    await sample.found()


async def proposed() -> int:
    return await code_override.propose(CODE, "SHOP1", "GA", "示例:已核对执照原件", by=OFFICE, at=AT)


async def refused(act, code: str) -> None:
    with pytest.raises(Refusal) as no:
        await act
    assert no.value.code == code


async def test_the_refused_row_comes_in_once_a_second_person_confirmed(world):
    number = await register_import.bring("targets", "示例名单.csv", table(SHOP), by=OFFICE, at=AT)
    report = await register_import.take(number, by=OFFICE, at=AT, confirmed=True)
    assert not report.taken and report.bad[0].reason == "check_digit"
    id = await proposed()
    assert not (await register_import.take(number, by=OFFICE, at=AT, confirmed=True)).taken
    await refused(code_override.decide(id, True, by=OFFICE, at=AT), "override.second_person")
    await refused(code_override.decide(id, True, by=OTHER_HEAD, at=AT), "override.not_yours")
    await code_override.decide(id, True, by=HEAD, at=AT)
    report = await register_import.take(number, by=OFFICE, at=AT, confirmed=True)
    assert report.taken and "overridden" in [warning.reason for warning in report.warnings]
    target = await Target.get(code="SHOP1")
    assert number_of(target) == (CODE, NumberKind.UNCHECKED)
    acts = (
        await RegisterChange.filter(kind="targets", code="SHOP1").order_by("id").values_list("act", flat=True)
    )
    assert acts == ["code_asked", "code_taken", "added"]
    said = await Event.filter(kind__startswith="code.").order_by("id").values_list("kind", "by")
    assert said == [("code.proposed", OFFICE.mark), ("code.confirmed", HEAD.mark)]
    assert (await evidence.verify()).differences == []
    assert (await register_entry.edit("targets", "SHOP1", {"联系人": "示例"}, by=OFFICE, at=AT)).taken


async def test_who_may_propose_and_what_for(world):
    for role in (Role.HEAD, Role.LIAISON, Role.INSPECTOR, Role.ENTITY):
        stranger = Actor(role, "GA", department="GA")
        await refused(code_override.propose(CODE, "SHOP1", "GA", "示例", by=stranger, at=AT), "actor.role")
    fits = (await Target.exclude(credit_code=None).first()).credit_code
    for code, target, department, reason, no in (
        (fits, "SHOP1", "GA", "示例", "override.not_for"), ("9141", "SHOP1", "GA", "示例", "override.not_for"),
        ("91410402MA0EXAMPZ6", "SHOP1", "GA", "示例", "override.not_for"), (CODE, "", "GA", "示例", "override.whose"),
        (CODE, "SHOP1", "ZZ", "示例", "override.whose"), (CODE, "SHOP1", "GA", " ", "registry.no_reason"),
    ):  # fmt: skip
        await refused(code_override.propose(code, target, department, reason, by=OFFICE, at=AT), no)
    await proposed()
    await refused(proposed(), "override.there_already")


async def test_declined_or_taken_back_it_lets_nothing_in(world):
    id = await proposed()
    await refused(code_override.decide(id, False, by=COLLEAGUE, at=AT), "registry.no_reason")
    assert [line.id for line in await code_overrides.to_decide(COLLEAGUE)] == [id]
    assert await code_overrides.to_decide(OFFICE) == () == await code_overrides.to_decide(OTHER_HEAD)
    await code_override.decide(id, False, "示例:执照不一致", by=COLLEAGUE, at=AT)
    await refused(code_override.decide(id, True, by=HEAD, at=AT), "override.decided")
    assert (await known(Target)).overridden == frozenset()
    again = await proposed()
    await code_override.decide(again, True, by=COLLEAGUE, at=AT)
    assert (await known(Target)).overridden == {CODE}
    await code_override.drop(again, "示例:登记机关已更正", by=OFFICE, at=AT)
    assert (await known(Target)).overridden == frozenset()
    await refused(code_override.drop(again, "示例", by=OFFICE, at=AT), "override.decided")


async def test_a_letter_says_that_the_code_does_not_fit(world):
    await sample.drawn()
    task = await sample.Task.all().order_by("rank").select_related("target").first()
    assert task
    plain = letter.said_beside(task.target)
    task.target.credit_code = CODE
    assert plain == {} and letter.said_beside(task.target) == {"numbered": "unchecked"}
