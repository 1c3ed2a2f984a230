"""抽样检测、委托专业机构 and the method of an answer (Art. 10, 16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import department_result, entrustment, inspection, sample
from models.queries import evidence
from models.queries.card import task_card
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.states import TaskState
from models.tables import Answer, Entrustment, Event, Question, Result, Sample, Task
from tests.support import assistance, district
from tests.support.assistance import taken
from tests.support.district import CEREMONY, VISIT

AT = VISIT + timedelta(minutes=20)


@pytest.fixture
async def task(db) -> Task:
    """A visit under way, whose plan lists every way of checking."""
    await district.found()
    await assistance.planned()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    await district.visit_fixed(task, district.district())
    seated = [one.id for crew in (await district.team_of(task)).values() for one in crew]
    await inspection.begin(
        task.number, seated, by=await district.leader_of(task), at=VISIT, untold="示例:当面告知"
    )
    return task


async def refused(deed, code: str) -> None:
    with pytest.raises(Refusal) as no:
        await deed
    assert no.value.code == code


async def answer_all(task: Task, but: tuple[int, ...] = ()) -> None:
    people = await district.team_of(task)
    for ask in (await sheet_of(task)).asks:
        if ask.number not in but:
            await inspection.answer(
                task.number, ask.number, verdict="na" if ask.may_not_apply else "pass", note="示例",
                value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
                by=people[ask.department][0], at=AT,
            )  # fmt: skip


async def test_a_sample_on_its_way_holds_up_neither_section_nor_visit_but_the_result(task):
    crew = (await district.team_of(task))["GA"]
    made = await taken(task, crew, AT)
    asked = next(iter((await sheet_of(task)).waiting))
    await answer_all(task, but=(asked,))
    for people in (await district.team_of(task)).values():
        await inspection.finalise(task.number, by=people[0], at=AT)
    leader = await district.leader_of(task)
    await inspection.conclude(task.number, by=leader, at=AT, district=district.district())
    await refused(department_result.enter(task.number, ["R01"], "", by=leader, at=AT), "sample.report_due")
    assert (await Task.get(id=task.id)).state == TaskState.CONCLUDED
    await sample.report(made.id, "fail", "示例:菌落超标", "示例检1号", by=crew[1], at=AT)
    given = (await sheet_of(task)).given[asked]
    assert (given.verdict, given.method, given.note) == ("fail", "sample", "示例检1号 示例:菌落超标")
    await refused(
        department_result.enter(task.number, ["R01"], "", by=leader, at=AT), "entry.contradicts_answers"
    )
    await district.entered(task, ["R02"], AT)
    assert (await evidence.verify()).differences == []


async def test_a9_a_report_that_comes_after_the_whole_was_confirmed_still_lets_its_department_come_in(task):
    team, leader = await district.team_of(task), await district.leader_of(task)
    made = await taken(task, team["GA"], AT)
    asked = next(iter((await sheet_of(task)).waiting))
    await answer_all(task, but=(asked,))
    for people in team.values():
        await inspection.finalise(task.number, by=people[0], at=AT)
    await inspection.conclude(task.number, by=leader, at=AT, district=district.district())
    for department, people in team.items():
        if department != "GA":
            await department_result.enter(task.number, ["R01"], "", by=people[0], at=AT)
    late = AT + timedelta(days=60)
    await department_result.confirm(task.number, by=leader, at=late)
    assert (await Task.get(id=task.id)).state == TaskState.ENTERED
    assert (await task_card(task.number, team["GA"][0].id)).samples
    await sample.report(made.id, "fail", "示例:菌落超标", "示例检1号", by=team["GA"][0], at=late)
    entered = await department_result.enter(task.number, ["R02"], "", by=team["GA"][0], at=late)
    assert (entered.late, entered.waiting) == (True, ())
    await department_result.confirm(task.number, by=leader, at=late)
    assert (await Result.filter(task=task).order_by("-version").first()).types == ["R02"]
    assert (await evidence.verify()).differences == []


async def test_a_sample_is_taken_by_two_officers_who_are_there(task):
    crew = (await district.team_of(task))["GA"]
    await refused(taken(task, [crew[0], crew[0]], AT), "sample.needs_witness")
    from models.tables import Assignment

    await Assignment.filter(task=task, inspector_id=crew[1].id).update(arrived_at=None)
    await refused(taken(task, crew, AT), "sample.needs_witness")
    assert await Sample.all().count() == 0


async def test_a_seal_is_used_once_and_a_question_has_one_sample_out(task):
    people = await district.team_of(task)
    await taken(task, people["GA"], AT)
    await refused(taken(task, people["GA"], AT, seal="示例封0002"), "sample.out_already")
    await refused(taken(task, people["WJ"], AT), "sample.seal_used")


async def test_no_sample_where_the_plan_lists_none(task):
    await assistance.planned(["ON_SITE"])
    await refused(taken(task, (await district.team_of(task))["GA"], AT), "method.not_planned")


async def ruled(task: Task, rule: str) -> int:
    """The number of a question of the first department, its checklist saying this of samples."""
    asked = next(ask for ask in (await sheet_of(task)).of("GA") if ask.kind == "TRI")
    async with district.written():
        await Question.filter(id=asked.id).update(sample=rule, photo="no")
    return asked.number


async def test_a_required_sample_holds_its_section_until_it_is_taken_or_a_reason_is_given(task):
    crew, number = (await district.team_of(task))["GA"], await ruled(task, "required")
    await answer_all(task, but=(number,))
    await inspection.answer(task.number, number, verdict="pass", by=crew[0], at=AT)
    with pytest.raises(Refusal) as no:
        await inspection.finalise(task.number, by=crew[0], at=AT)
    assert no.value.params["gaps"] == [(number, ["sample"])]
    await inspection.answer(task.number, number, note="示例:无可抽样品", by=crew[0], at=AT)
    assert "GA" in (await inspection.finalise(task.number, by=crew[0], at=AT)).closed


async def test_a_required_sample_is_taken_whatever_the_plan_lists_and_then_nothing_is_missing(task):
    crew, number = (await district.team_of(task))["GA"], await ruled(task, "required")
    await assistance.planned(["ON_SITE"])
    await answer_all(task, but=(number,))
    await inspection.answer(task.number, number, verdict="pass", by=crew[0], at=AT)
    await taken(task, crew, AT, question=number)
    assert "GA" in (await inspection.finalise(task.number, by=crew[0], at=AT)).closed


async def test_no_sample_is_entered_where_the_checklist_takes_none(task):
    number = await ruled(task, "no")
    crew = (await district.team_of(task))["GA"]
    await refused(taken(task, crew, AT, question=number), "sample.not_asked")


async def test_what_was_found_wanting_on_site_stays_wanting_whatever_the_report_says(task):
    crew = (await district.team_of(task))["GA"]
    made = await taken(task, crew, AT)
    asked = next(iter((await sheet_of(task)).waiting))
    await inspection.answer(task.number, asked, verdict="fail", note="示例", by=crew[0], at=AT)
    await sample.report(made.id, "pass", "示例:合格", "示例检1号", by=crew[0], at=AT)
    assert (await sheet_of(task)).given[asked].verdict == "fail"
    await refused(sample.report(made.id, "pass", "x", "y", by=crew[0], at=AT), "sample.reported_already")


async def test_a_report_belongs_to_the_department_that_took_the_sample(task):
    people = await district.team_of(task)
    made = await taken(task, people["GA"], AT)
    await refused(sample.report(made.id, "pass", "x", "y", by=people["XF"][0], at=AT), "sample.unknown")
    await refused(sample.report(made.id, "", "x", "y", by=people["GA"][0], at=AT), "sample.report_incomplete")


async def test_each_act_is_done_once_under_its_key(task):
    crew = (await district.team_of(task))["GA"]
    for _ in range(2):
        number = await sample.take(
            task.number,
            3,
            "示例毛巾",
            "3条",
            "示例封1",
            "示例机构",
            witness=crew[1].id,
            by=crew[0],
            at=AT,
            key="a",
        )
    for _ in range(2):
        await sample.report(number, "pass", "示例", "示例检1号", by=crew[0], at=AT, key="b")
    assert await Event.filter(kind__startswith="sample.").count() == 2
    assert await Answer.filter(task=task).count() == 1


async def test_an_agency_is_named_by_the_leader_before_the_visit_with_its_people(db):
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    leader, people = await district.leader_of(task), await district.team_of(task)
    entrusted = await assistance.entrusted(task, leader, CEREMONY)
    card = await task_card(task.number, people["XF"][0].id)
    assert card.agencies[0].people == (("示例师傅", "高级工程师"),)
    assert card.methods == ("entrusted",), "who entrusts an agency may answer by what it found"
    other = next(one for crew in people.values() for one in crew if one.id != leader.id)
    await refused(assistance.entrusted(task, other, CEREMONY), "task.leader_only")
    await refused(assistance.entrusted(task, leader, CEREMONY), "entrustment.letter_used")
    await refused(
        entrustment.entrust(
            task.number, "示例机构", "2号", "范围", [("示例师傅", "")], by=leader, at=CEREMONY
        ),
        "entrustment.incomplete",
    )
    await refused(
        entrustment.entrust(
            task.number, "示例机构", "2号", "范围", [("甲", "乙")], credit_code="91410402MA00000001", by=leader,
            at=CEREMONY,
        ),
        "entrustment.credit_code",
    )  # fmt: skip
    await entrustment.end(entrusted, by=leader, at=CEREMONY)
    assert (await Entrustment.get(id=entrusted)).ended_at == CEREMONY
    await district.visit_fixed(task, district.district())
    await inspection.begin(
        task.number,
        [one.id for crew in people.values() for one in crew],
        by=leader,
        at=VISIT,
        untold="示例:当面告知",
    )
    await refused(assistance.entrusted(task, leader, AT), "task.state")
    assert (await evidence.verify()).differences == []


async def test_an_answer_carries_its_method_only_where_the_plan_or_an_agency_gives_cause(task):
    crew = (await district.team_of(task))["GA"]
    card = await inspection.answer(task.number, 3, verdict="pass", method="document", by=crew[0], at=AT)
    assert card.sheet.given[3].method == "document"
    card = await inspection.answer(task.number, 3, note="示例", by=crew[0], at=AT)
    assert card.sheet.given[3].method == "document", "a later note leaves the method as it was"
    card = await inspection.answer(task.number, 3, method="", by=crew[0], at=AT)
    assert card.sheet.given[3].method == ""
    await refused(inspection.answer(task.number, 3, method="sample", by=crew[0], at=AT), "method.no_report")
    await refused(
        inspection.answer(task.number, 3, method="entrusted", by=crew[0], at=AT), "method.no_agency"
    )
    await refused(inspection.answer(task.number, 3, method="magic", by=crew[0], at=AT), "method.not_planned")
    await assistance.planned(["ON_SITE", "NETWORK"])
    await refused(
        inspection.answer(task.number, 3, method="document", by=crew[0], at=AT), "method.not_planned"
    )
    assert (await evidence.verify()).differences == []


async def test_a_finding_names_no_screenshot_that_is_not_stored(db):
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    ask = next(one for one in (await sheet_of(task)).asks if one.network != "no")
    officer = (await district.team_of(task))[ask.department][0]
    said = task.number, ask.number, "open", "示例", "示例平台"
    await refused(inspection.find_online(*said, screenshot="0" * 64, by=officer, at=CEREMONY), "photo.gone")
    await refused(
        inspection.find_online(*said, link="ftp://a.test", by=officer, at=CEREMONY), "network.not_a_link"
    )
    assert (await sheet_of(task)).network == {}
