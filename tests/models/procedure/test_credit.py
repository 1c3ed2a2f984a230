"""信用记录 from the publication to its repair (Art. 19)."""

from datetime import timedelta

import pytest

from locales import words
from models.procedure import credit, objection, revision
from models.procedure.document_submission import SubmittedFile
from models.queries import credit as queries
from models.queries import notice_page, other_terms, waiting
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Actor, Role
from models.rules.credit import CreditState
from models.rules.visit import local_day
from models.tables import CreditPaper, Event, Notice, Objection, Task
from server import credit_files
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.support import publishing

LATER = ENTERED + timedelta(days=14)
UNTIL = local_day(LATER) + timedelta(days=365)
ZH = words("zh_Hans")
LINK = publishing.HOLDER
OTHER = Actor(Role.HEAD, "ZZ", department="ZZ")


async def published(types):
    task = await over()
    await publishing.entered(task, types, HEAD, ENTERED)
    return await publishing.published(task, HEAD, ENTERED, PLACE)


@pytest.fixture
async def task(db):
    return await published(["R05"])


async def letter_of(task):
    return await Notice.filter(task=task).order_by("-version").first()


async def enter(task, at=LATER, by=HEAD, **more):
    return await credit.enter(task.number, UNTIL, by=by, at=at, district=PLACE, **more)


async def refused(act):
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def exported(at=LATER):
    lines = await queries.entries(None, local_day(at))
    return credit_files.exported(lines, credit_files.credit_mapping("", ZH))


async def test_a_result_is_entered_once_by_the_head_of_its_department(task):
    assert await refused(enter(task, at=ENTERED)) == "credit.objection_term"
    assert await refused(enter(task, by=OTHER)) == "task.unknown"
    line = await enter(task, key="credit-entry-once-1")
    assert (line.number, line.types, line.state) == (f"{task.number}-X1", ("R05",), CreditState.STANDS)
    assert (await enter(task, key="credit-entry-once-1")).number == line.number
    assert await refused(enter(task)) == "credit.entered"
    assert [e.kind for e in await Event.filter(chain=f"credit:{task.number}")] == ["credit.entered"]


async def test_a_disputed_result_is_not_entered_and_one_entered_before_does_not_leave(task):
    letter = await letter_of(task)
    await objection.object_to(letter.number, "示例不符", by=LINK, at=ENTERED, district=PLACE)
    assert await refused(enter(task)) == "credit.disputed"
    await objection.decide((await Objection.get()).id, False, "示例", by=HEAD, at=LATER)
    await enter(task)
    assert len(await exported()) == 1
    await revision.ask(task.number, "示例录错", by=HEAD, at=LATER)
    assert (await queries.of_task(task.number, local_day(LATER))).state == CreditState.DISPUTED
    assert await exported() == []


async def test_a_withdrawn_result_is_taken_off_and_not_said_again(task):
    await enter(task)
    await revision.withdraw(task.number, "示例", by=HEAD, at=LATER)
    (line,) = await exported()
    assert "结果已撤回，停止公示" in line and ZH("web.result.R05") not in line
    assert await refused(enter(task)) == "credit.not_public"


async def test_an_entity_applies_and_the_head_grants_repair(task):
    assert await refused(credit.apply((await letter_of(task)).number, "示例", by=LINK, at=LATER)) == (
        "credit.nothing_to_repair"
    )
    await enter(task)
    number = (await letter_of(task)).number
    paper = SubmittedFile("a" * 64, 10, "PDF", "示例材料.pdf")
    asked = await credit.apply(number, "示例已改正", [paper], by=LINK, at=LATER)
    assert (await credit.apply(number, "示例已改正", by=LINK, at=LATER)).id == asked.id
    more = await credit.apply(number, "示例补充", [paper], by=LINK, at=LATER)
    assert (more.id, more.text, len(more.papers)) == (asked.id, "示例已改正\n示例补充", 1)
    assert [wait.act for wait in await waiting.for_head(HEAD.department)] == ["credit_decide"]
    assert await refused(credit.decide(asked.id, True, "示例", by=OTHER, at=LATER)) == "credit.unknown"
    assert await refused(credit.decide(asked.id, True, " ", by=HEAD, at=LATER)) == "credit.no_reason"
    done = await credit.decide(asked.id, True, "示例已核实", by=HEAD, at=LATER)
    assert done.granted and (await credit.decide(asked.id, False, "示例", by=HEAD, at=LATER)).granted
    assert (await queries.of_task(task.number, local_day(LATER))).state == CreditState.REPAIRED
    (line,) = await exported()
    assert "已修复，停止公示" in line and ZH("web.result.R05") not in line
    assert await CreditPaper.all().count() == 1


async def test_repair_is_heard_after_the_archive_and_after_the_page_is_a_year_old(task):
    until = UNTIL + timedelta(days=365)
    await credit.enter(task.number, until, by=HEAD, at=LATER, district=PLACE)
    await publishing.archived(task, HEAD, LATER, PLACE)
    late = ENTERED + timedelta(days=400)
    token = tokens.token(PLACE.secret, "notice", (await letter_of(task)).number)
    assert await notice_page.notice_page(token, late + timedelta(days=400), PLACE) is None
    page = await notice_page.notice_page(token, late, PLACE)
    assert page and page.after.credit.repairable
    before = await Event.filter(chain=f"task:{task.number}").count()
    asked = await credit.apply(page.number, "示例已改正", by=LINK, at=late)
    assert not (await credit.decide(asked.id, False, "示例未改正", by=HEAD, at=late)).granted
    assert (await credit.apply(page.number, "示例再次申请", by=LINK, at=late)).id != asked.id
    assert await Event.filter(chain=f"task:{task.number}").count() == before


async def test_entering_and_deciding_are_terms(task):
    async def kinds(at):
        return [
            (term.kind, local_day(term.end - timedelta(hours=1)))
            for term in await other_terms.of_the_day(at, PLACE.calendar, PLACE.terms)
            if term.kind in ("credit", "repair")
        ]

    workday = PLACE.calendar.nth_workday_after
    assert await kinds(LATER) == [("credit", workday(local_day(ENTERED), 7).date)]
    await enter(task)
    assert await kinds(LATER) == []
    await credit.apply((await letter_of(task)).number, "示例", by=LINK, at=LATER)
    assert await kinds(LATER) == [("repair", workday(local_day(LATER), 20).date)]


async def test_what_found_nothing_is_entered_and_cannot_be_repaired(db):
    task = await published(["R01"])
    await enter(task)
    assert not (await queries.of_task(task.number, local_day(LATER))).repairable
    task = await Task.get(id=task.id)
    assert await refused(credit.apply((await letter_of(task)).number, "示例", by=LINK, at=LATER)) == (
        "credit.nothing_to_repair"
    )
