"""更正与撤回: from every state of a result and of an objection there is a way on (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.procedure import department_result, entry, objection, reminder, revision
from models.queries import department_result as department_results
from models.queries import evidence, inbox, overdue, public
from models.queries import publication as queries
from models.queries.sheet import sheet_of
from models.tables import (
    Account,
    DepartmentResult,
    Notice,
    Notification,
    Objection,
    Outbox,
    Publication,
    Result,
    ResultPart,
    Revision,
    Task,
    TermReminder,
)
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over, refused
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import account
from tests.support.publishing import HOLDER

LATER = ENTERED + timedelta(hours=1)


async def made_public(types: tuple[str, ...] = ("R01",)) -> Task:
    task = await over()
    await publishing.entered(task, list(types), HEAD, ENTERED)
    return await publishing.published(task, HEAD, ENTERED)


async def seen() -> public.ResultLine:
    (line,), _ = await public.results()
    return line


async def test_a4_an_upheld_objection_leads_to_a_corrected_result_that_says_so(any_db) -> None:
    task = await made_public()
    leader, head = await sample.leader_of(task), await account(HEAD.role, "GA")
    letter = await Notice.get(task=task)
    objected = await objection.object_to(
        letter.number, "示例:与事实不符", by=HOLDER, at=LATER, district=PLACE
    )
    await objection.decide(objected, True, "示例:复核属实", by=HEAD, at=LATER)
    row = await Revision.get()
    assert (row.objection_id, row.reason, row.outcome) == (objected, "示例:复核属实", "")
    owed = await Outbox.get(kind="revision.asked")
    assert (await Account.get(id=owed.account_id)).inspector_id == leader.id
    assert task.number in [one.number for one in await inbox.tasks_of(leader.id, LATER)]
    assert (await seen()).result.objection == "upheld"
    assert (await seen()).result.types == ("R01",)
    assert await refused(revision.drop(task.number, "示例", by=HEAD, at=LATER)) == "revision.objection_upheld"
    assert await refused(revision.decide(task.number, True, by=HEAD, at=LATER)) == "revision.nothing_proposed"
    assert (
        await refused(revision.propose(task.number, ["R01"], by=leader, at=LATER))
        == "revision.nothing_changed"
    )
    await revision.propose(task.number, ["R07"], "示例:未经营", by=leader, at=LATER)
    assert await Outbox.filter(kind="revision.proposed", account=head).exists()
    assert (await seen()).result.types == ("R01",)
    await revision.decide(task.number, True, by=HEAD, at=LATER)
    said = (await seen()).result
    assert (said.kind, said.types, said.reason, said.objection) == (
        "corrected",
        ("R07",),
        "示例:复核属实",
        "",
    )
    assert [one.types for one in said.earlier] == [("R01",)]
    last = await Publication.all().order_by("-id").first()
    assert (last.by, last.at) == (HEAD.mark, LATER)
    assert [one.kind for one in await Notification.filter(task=task).order_by("-id").limit(1)] == [
        "corrected"
    ]
    assert (await evidence.verify()).differences == []


async def test_a4_the_head_sends_a_correction_back_or_keeps_what_is_public(db) -> None:
    task = await made_public()
    leader = await sample.leader_of(task)
    assert await refused(revision.propose(task.number, ["R07"], by=leader, at=LATER)) == "revision.no_reason"
    await revision.propose(task.number, ["R07"], by=leader, at=LATER, reason="示例:录入有误")
    assert await refused(revision.decide(task.number, False, " ", by=HEAD, at=LATER)) == "revision.no_reason"
    await revision.decide(task.number, False, "示例:请说明", by=HEAD, at=LATER)
    row = await Revision.get()
    assert (row.result_id, row.outcome, row.said) == (None, "", "示例:请说明")
    assert (await Result.filter(task=task).order_by("-version").first()).returned == "示例:请说明"
    await revision.propose(task.number, ["R14"], "示例:说明", by=leader, at=LATER)
    await revision.drop(task.number, "示例:原结果无误", by=HEAD, at=LATER)
    assert (await seen()).result.types == ("R01",)
    assert (await Revision.get()).outcome == "dropped"
    assert (await evidence.verify()).differences == []


async def turn(task: Task) -> list[tuple[str, datetime]]:
    """Whose turn the correction is, and since when."""
    return list((await overdue.facts_of(await Task.get(id=task.id))).waiting)


async def test_a4_a_correction_is_a_term_of_whose_turn_it_is_until_it_is_decided(any_db) -> None:
    task = await made_public()
    leader, day = await sample.leader_of(task), timedelta(days=1)
    assert await turn(task) == []
    await revision.ask(task.number, "示例:录入有误", by=HEAD, at=LATER)
    assert await turn(task) == [("revision", LATER)]
    await revision.propose(task.number, ["R07"], by=leader, at=LATER + day)
    assert await turn(task) == [("revised", LATER + day)]
    await revision.decide(task.number, False, "示例:请说明", by=HEAD, at=LATER + 2 * day)
    assert await turn(task) == [("revision", LATER + 2 * day)]
    await revision.propose(task.number, ["R14"], "示例:说明", by=leader, at=LATER + 3 * day)
    assert await turn(task) == [("revised", LATER + 3 * day)]
    await revision.decide(task.number, True, by=HEAD, at=LATER + 4 * day)
    assert await turn(task) == []


async def test_a4_who_is_asked_for_what_is_right_is_reminded_and_then_the_head(any_db) -> None:
    """Not the officers of a department that found nothing."""
    task = await over()
    team, leader = await sample.team_of(task), await sample.leader_of(task)
    wrong, right = [code for code in team if code != leader.department][:2]
    for code, crew in team.items():
        found = (
            {"types": ["R05"], "note": "示例", "measures": ["ordered"]}
            if code == wrong
            else {"types": ["R01"]}
        )
        await department_result.enter(task.number, **found, by=crew[0], at=ENTERED)
    await department_result.confirm(task.number, by=leader, at=ENTERED)
    await entry.review(task.number, True, by=HEAD, at=ENTERED)
    await publishing.published(task, HEAD, ENTERED)
    head = (await account(HEAD.role, "GA")).id
    mine = {one.account for one in (leader, *team[wrong])}
    await revision.ask(task.number, "示例:录入有误", by=HEAD, at=LATER)
    await reminder.sweep(at=LATER.replace(hour=9) + timedelta(days=14), district=PLACE)
    told = await TermReminder.filter(kind="revision").values_list("account_id", flat=True)
    assert sorted(told) == sorted({*mine, head}) and {one.account for one in team[right]}.isdisjoint(told)
    await revision.propose(
        task.number, ["R01"], "示例", by=team[wrong][0], at=LATER + timedelta(days=14), aside=()
    )
    await reminder.sweep(at=LATER.replace(hour=9) + timedelta(days=28), district=PLACE)
    assert [row.account_id for row in await TermReminder.filter(kind="revised")][:1] == [head]
    assert await TermReminder.filter(kind="revision").count() == len(told)


async def test_a4_a_withdrawn_result_leaves_its_reason_and_may_be_entered_right_afterwards(db) -> None:
    task = await made_public(("R02",))
    leader = await sample.leader_of(task)
    assert await refused(revision.withdraw(task.number, "", by=HEAD, at=LATER)) == "revision.no_reason"
    await revision.withdraw(task.number, "示例:查错了对象", by=HEAD, at=LATER)
    line = await seen()
    assert (line.result.kind, line.result.types, line.result.reason) == ("withdrawn", (), "示例:查错了对象")
    assert line.result.earlier == ()
    await revision.propose(task.number, ["R01"], by=leader, at=LATER, reason="示例:重新核对")
    await revision.decide(task.number, True, by=HEAD, at=LATER)
    said = (await seen()).result
    assert (said.kind, said.types) == ("corrected", ("R01",))
    assert "R02" not in [code for one in said.earlier for code in one.types]
    assert [one.kind for one in await Notification.filter(task=task).order_by("id")][-2:] == [
        "withdrawn",
        "corrected",
    ]


async def test_a4_a_failed_point_is_set_aside_by_its_number_and_no_other(db) -> None:
    from tests.server.notices import first_task, visited

    await sample.found()
    await sample.drawn()
    task = await first_task()
    await sample.visit_fixed(task, PLACE)
    held = await visited(await Notice.get(task=task))
    await publishing.entered(task, ["R05"], HEAD, ENTERED)
    await publishing.published(task, HEAD, ENTERED)
    why = {"at": LATER, "reason": "示例:当日已改正"}
    asks, team = (await sheet_of(task)).asks, await sample.team_of(task)
    found_by = next(ask.department for ask in asks if ask.number == held.wanting)
    mine = team[found_by][0]
    for department, crew in team.items():
        if department != found_by:
            strange = revision.propose(task.number, ["R01"], by=crew[0], aside=[held.wanting], **why)
            assert await refused(strange) == "revision.not_failed", "another department's point"
    assert (
        await refused(revision.propose(task.number, ["R01"], by=mine, **why)) == "entry.contradicts_answers"
    )
    other = revision.propose(task.number, ["R01"], by=mine, aside=[held.wanting + 1], **why)
    assert await refused(other) == "revision.not_failed"
    await revision.propose(task.number, ["R01"], by=mine, aside=[held.wanting], **why)
    leading = await sample.leader_of(task)
    if leading.department != found_by and (await seen()).result.parts:
        await revision.propose(task.number, ["R01"], "示例:无问题", by=leading, **why)
    await revision.decide(task.number, True, by=HEAD, at=LATER)
    assert (await seen()).result.types == ("R01",)
    assert (await queries.revisions(task.number))[0].aside == (held.wanting,)


async def test_a4_an_objection_upheld_after_the_result_was_withdrawn_asks_for_nothing_more(db) -> None:
    task = await made_public()
    letter = await Notice.get(task=task)
    objected = await objection.object_to(letter.number, "示例", by=HOLDER, at=LATER, district=PLACE)
    await revision.withdraw(task.number, "示例:有误", by=HEAD, at=LATER)
    await objection.decide(objected, True, "示例", by=HEAD, at=LATER)
    assert await Revision.all().count() == 0
    assert (await Objection.get()).upheld is True


async def test_a_department_corrects_its_own_part_and_the_whole_follows(any_db) -> None:
    task = await made_public()
    team, leader = await sample.team_of(task), await sample.leader_of(task)
    department = next(code for code in team if code != leader.department)
    before = {part.department: part.types for part in (await seen()).result.parts}
    assert set(before.values()) == {("R01",)} and len(before) > 1
    await revision.propose(
        task.number,
        ["R05"],
        "示例:漏录",
        by=team[department][0],
        at=LATER,
        reason="示例:漏录",
        measures=["ordered"],
    )
    await revision.decide(task.number, True, by=HEAD, at=LATER)
    said = (await seen()).result
    assert (said.kind, said.types) == ("corrected", ("R05",))
    assert {part.department: part.types for part in said.parts} == {**before, department: ("R05",)}
    newest = (await department_results.newest([task.id]))[task.id][department]
    assert (newest.version, newest.measures) == (2, ("ordered",))
    assert (await DepartmentResult.get(id=newest.id)).reason == "示例:漏录"
    assert (await evidence.verify()).differences == []


async def test_who_was_silent_comes_in_after_publication_by_a_correction(db) -> None:
    task = await over()
    late = datetime.combine(task.entry_due + timedelta(days=1), ENTERED.timetz())
    team, leader = await sample.team_of(task), await sample.leader_of(task)
    silent, *rest = [code for code in team if code != leader.department]
    for crew in (*(team[code] for code in rest), [leader]):
        await department_result.enter(task.number, ["R01"], by=crew[0], at=late)
    await department_result.confirm(task.number, by=leader, at=late)
    await entry.review(task.number, True, by=HEAD, at=late)
    await publishing.published(task, HEAD, late)
    said = {part.department: part.done for part in (await seen()).result.parts}
    assert said == {**dict.fromkeys(team, True), silent: False}
    await revision.propose(
        task.number, ["R08"], "示例", by=team[silent][0], at=late, reason="示例:补录", measures=["case"]
    )
    await revision.decide(task.number, True, by=HEAD, at=late)
    line = (await seen()).result
    part = next(part for part in line.parts if part.department == silent)
    assert (line.types, part.done, part.late, part.measures) == (("R08",), True, True, ("case",))


async def test_a_result_that_was_entered_as_one_reads_and_is_corrected_as_before(db) -> None:
    task = await made_public()
    async with sample.written():
        await ResultPart.filter(task=task).delete()
        await DepartmentResult.filter(task=task).delete()
    assert (await seen()).result.parts == ()
    leader, team = await sample.leader_of(task), await sample.team_of(task)
    member = next(crew[0] for code, crew in team.items() if code != leader.department)
    why = {"at": LATER, "reason": "示例:有误"}
    assert await refused(revision.propose(task.number, ["R07"], by=member, **why)) == "task.leader_only"
    await revision.propose(task.number, ["R07"], by=leader, **why)
    await revision.decide(task.number, True, by=HEAD, at=LATER)
    assert (await seen()).result.types == ("R07",)
