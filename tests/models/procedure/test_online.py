"""网络检查办结: a task that needs no visit ends from the network check (Art. 16 (1))."""

import pytest

from models.procedure import department_result, inspection, online
from models.queries import evidence, onsite, record
from models.queries import online as endings
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.states import NoticeState
from models.states import TaskState as T
from models.tables import Finalised, Notice, Notification, OnlineEnding, PlanEntry, Question, Result, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, account, district, written
from tests.support.onsite import refused

GONE = {"result": "R10", "source": "示例公示系统", "finding": "示例:11月3日注销"}


@pytest.fixture
async def task(any_db) -> Task:
    await sample.found()
    await sample.drawn()
    return await Task.all().order_by("rank").first()


async def ended(task: Task, **how) -> Task:
    leader = await sample.leader_of(task)
    await online.end(task.number, by=leader, at=CEREMONY, district=district(), **how)
    return await Task.get(id=task.id)


async def looked_up(task: Task, verdict: str = "pass", but: int = 0) -> None:
    """Every question that can be looked up is, one left out."""
    people = await sample.team_of(task)
    for ask in (await inspection.sheet_of(task)).asks:
        if ask.network != "no" and ask.number != but:
            finding = {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind, "示例:一致")
            await inspection.find_online(
                task.number,
                ask.number,
                verdict,
                finding,
                "示例平台",
                by=people[ask.department][0],
                at=CEREMONY,
            )


async def test_a9_a_task_settled_wholly_online_ends_without_a_visit(task):
    async with written():
        await Question.all().update(network="full", answer="TRI")
    assert await refused(ended(task)) == "network.not_settled"
    assert not await endings.endable(task.number)
    await looked_up(task)
    assert await endings.endable(task.number)
    over = await ended(task)
    assert (over.state, over.started_at, over.ended_at, over.entry_due is not None) == (
        T.CONCLUDED, None, CEREMONY, True,
    )  # fmt: skip
    assert (await OnlineEnding.get(task=task)).ground == "settled"
    await sample.entered(task, ["R01"], CEREMONY)
    assert (await Result.get(task=task)).types == ["R01"]
    assert (await evidence.verify()).differences == []


async def test_a9_what_was_found_wanting_online_needs_a_type_that_says_so(task):
    async with written():
        await Question.all().update(network="full", answer="TRI")
    await looked_up(task, "fail")
    await ended(task)
    leader = await sample.leader_of(task)
    enters = department_result.enter(task.number, ["R01"], "", by=leader, at=CEREMONY)
    assert await refused(enters) == "entry.contradicts_answers"


async def test_a9_a_plan_for_the_network_alone_ends_when_all_was_looked_up(task):
    async with written():
        await PlanEntry.all().update(methods=["NETWORK"])
    asks = [one.number for one in (await inspection.sheet_of(task)).asks if one.network != "no"]
    await looked_up(task, but=asks[0])
    assert await refused(ended(task)) == "network.not_settled"
    await looked_up(task, but=0) if len(asks) == 1 else None
    people = await sample.team_of(task)
    ask = (await inspection.sheet_of(task)).ask(asks[0])
    if ask.number not in (await inspection.sheet_of(task)).network:
        finding = {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind, "示例")
        await inspection.find_online(
            task.number, ask.number, "pass", finding, "示例平台", by=people[ask.department][0], at=CEREMONY
        )
    assert (await ended(task)).state == T.CONCLUDED
    assert (await OnlineEnding.get(task=task)).ground == "network_only"


async def test_a9_a_target_found_deregistered_ends_with_source_finding_and_its_own_result_type(task):
    await sample.visit_fixed(task, district())
    await account(Role.ENTITY, str(task.target_id))
    assert await refused(ended(task, result="R10")) == "network.no_source"
    assert await refused(ended(task, **{**GONE, "result": "R01"})) == "network.not_gone"
    over = await ended(task, **GONE)
    assert (over.state, over.visit_from) == (T.CONCLUDED, None)
    assert (await Notice.get(task=task)).state == NoticeState.REVOKED
    assert await Notification.exists(task=task, kind="no_visit")
    assert await onsite.established(task.id) == ("R10",)
    leader = await sample.leader_of(task)
    enters = department_result.enter(task.number, ["R01"], "", by=leader, at=CEREMONY)
    assert await refused(enters) == "entry.gone_unnamed"
    await sample.entered(task, ["R10"], CEREMONY)
    said = (await record.facts(await Task.get(id=task.id)))["online"]
    assert said[:4] == ["gone", "R10", GONE["source"], GONE["finding"]]
    assert (await evidence.verify()).differences == []


async def test_a9_it_is_the_leaders_act_before_the_visit_and_done_once(task):
    member = (await sample.team_of(task))["WJ"][0]
    ends = online.end(task.number, by=member, at=CEREMONY, district=district(), **GONE)
    assert await refused(ends) == "task.leader_only"
    for _ in range(2):
        await ended(task, **GONE)
    assert await OnlineEnding.all().count() == 1
    other = await Task.exclude(id=task.id).first()
    await Task.filter(id=other.id).update(state=T.ON_SITE)
    assert await refused(ended(other, **GONE)) == "task.state"


async def settled_and_begun(task: Task) -> tuple[int, object]:
    """A visit under way with a point that was settled online, and an officer of its department."""
    people = await sample.team_of(task)
    ask = next(ask for ask in (await sheet_of(task)).asks if ask.network != "no")
    async with written():
        await Question.filter(id=ask.id).update(network="full", answer="TRI", photo="no")
    officer = people[ask.department][0]
    await inspection.find_online(
        task.number, ask.number, "pass", "示例:一致", "示例系统", by=officer, at=CEREMONY
    )
    await sample.visit_fixed(task, district())
    crew = [one.id for crew in people.values() for one in crew]
    await inspection.begin(
        task.number, crew, by=await sample.leader_of(task), at=VISIT, untold="示例:当面告知"
    )
    return ask.number, officer


async def test_a_point_that_was_settled_online_is_opened_on_site_with_a_reason_and_answered(task):
    number, officer = await settled_and_begun(task)

    async def find(verdict: str, reason: str = "示例:现场证照与网上不符") -> None:
        await inspection.find_online(
            task.number, number, verdict, "须现场核实", "示例系统", reason=reason, by=officer, at=VISIT
        )

    async def answer() -> None:
        await inspection.answer(task.number, number, verdict="fail", note="示例:不符", by=officer, at=VISIT)

    assert await refused(answer()) == "checklist.settled_online"
    assert await refused(find("open", reason="")) == "network.reopening_needs_reason"
    assert await refused(find("fail")) == "network.visit_begun"
    await find("open")
    await answer()
    sheet = await sheet_of(task)
    assert not sheet.settled(sheet.ask(number)) and sheet.given[number].verdict == "fail"
    assert await refused(find("open")) == "network.visit_begun"


async def test_a_settled_point_of_a_final_section_stays(task):
    number, officer = await settled_and_begun(task)
    async with written():
        await Finalised.create(
            task=task, department=officer.department, by=officer.id, at=VISIT, sheet_sha256="0" * 64
        )
    late = inspection.find_online(
        task.number, number, "open", "示例", "示例系统", reason="示例", by=officer, at=VISIT
    )
    assert await refused(late) == "checklist.final"
