"""信用记录 from the publication to its repair (Art. 19)."""

from datetime import timedelta

import pytest

from locales import words
from models.procedure import credit, notification, objection, revision
from models.procedure.document_submission import SubmittedFile
from models.queries import board, evidence, notice_page, other_terms, waiting
from models.queries import credit as queries
from models.queries import notification as notifications
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Actor, Role
from models.rules.credit import CreditState
from models.rules.visit import local_day
from models.tables import CreditPaper, Event, Notice, Notification, Objection, Target, Task
from server import credit_files
from server.notifications import worded
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.support import publishing
from tests.support.district import leader_of, written

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
    since = await Event.filter(chain=f"task:{task.number}").order_by("seq").offset(before)
    assert {event.data["step"] for event in since} == {"repair"}


async def asked(task):
    await enter(task)
    return await credit.apply((await letter_of(task)).number, "示例已改正", by=LINK, at=LATER)


@pytest.mark.parametrize(
    ("granted", "answer", "next_"),
    [(True, "同意修复：示例已核实", "停止公示"), (False, "不同意修复：示例已核实", "再次申请")],
)
async def test_the_entity_is_told_what_became_of_its_application(task, granted, answer, next_):
    id = (await asked(task)).id
    await credit.decide(id, granted, "示例已核实", by=HEAD, at=LATER)
    owed = await Notification.get(kind="repair", subject=id)
    said = worded(await notifications.told(owed.id, LATER, PLACE), ZH, PLACE)
    assert answer in said.text and next_ in said.text and said.url
    trail = [event.kind for event in await Event.filter(chain=f"task:{task.number}").order_by("seq")]
    assert "entity.repair_answered" in trail
    await credit.decide(id, granted, "示例已核实", by=HEAD, at=LATER)
    assert await Notification.filter(kind="repair").count() == 1


async def test_after_the_archive_a_person_still_tells_it_and_the_trail_shows_who(task):
    await publishing.archived(task, HEAD, LATER, PLACE)
    async with written():
        await Target.filter(code=task.target_id).update(phone="0375-0000001", email="", channels=["phone"])
    await credit.decide((await asked(task)).id, False, "示例未改正", by=HEAD, at=LATER)
    owed = await Notification.get(kind="repair")
    assert owed.by_hand == "phone" and owed.id in [step.id for step in await notifications.by_hand(board.ALL)]
    by = await leader_of(task)
    await notification.told_by_a_person(owed.id, True, "示例已告知", by=by, at=LATER, spoke_with="示例店长")
    told = await Event.filter(chain=f"task:{task.number}", kind="entity.told").order_by("-seq").first()
    assert (told.by, told.data["step"], told.data["outcome"]) == (by.mark, "repair", "told")
    assert (await evidence.verify()).differences == []


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
