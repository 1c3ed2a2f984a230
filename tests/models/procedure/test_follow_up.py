"""后续处理: cases, referrals and supervision from beginning to end (Art. 17)."""

from datetime import timedelta

import pytest

from models.procedure import follow_up
from models.queries import archive, overdue, waiting
from models.queries import follow_up as queries
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Actor, Role
from models.rules.follow_up import FollowUpForm
from models.rules.visit import local_day
from models.tables import Event, FollowUp, Task
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.support import publishing

DAY = local_day(ENTERED)
SENT = FollowUpForm("referral", DAY, "示例函1号", "示例管理局", "示例线索")
JUSTICE = FollowUpForm("judicial", DAY, "示例函2号", "示例机关", "示例秘密")
OTHER = Actor(Role.HEAD, "ZZ", department="ZZ")


@pytest.fixture
async def task(db):
    task = await over()
    await publishing.entered(task, ["R06"], HEAD, ENTERED)
    return await publishing.published(task, HEAD, ENTERED, PLACE)


async def begin(task, form, by=HEAD, **more):
    return await follow_up.begin(task.number, form, by=by, at=ENTERED, district=PLACE, **more)


async def refused(act):
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def trail(task):
    rows = await Event.filter(chain=f"task:{task.number}", kind__startswith="follow_up").order_by("seq")
    return [(row.kind, row.data) for row in rows]


async def test_a_clue_goes_to_another_authority_which_acknowledges_it_by_its_link(task):
    line = await begin(task, SENT, key="one")
    assert (await begin(task, SENT, key="one")).id == line.id and await FollowUp.all().count() == 1
    token = tokens.token(PLACE.secret, "follow_up", str(line.id))
    page = await queries.page(token)
    assert page and (page.line.text, page.line.ended_on) == ("示例线索", None)
    assert await queries.page("x" * 22) is None and await queries.page("") is None
    assert await refused(follow_up.acknowledge("", "示例", "", at=ENTERED)) == "follow_up.unknown"
    assert await refused(follow_up.acknowledge(token, " ", "", at=ENTERED)) == "follow_up.no_person"
    ended = await follow_up.acknowledge(token, "示例收件员", "示收1号", at=ENTERED + timedelta(days=1))
    assert (ended.outcome, ended.ended_on) == ("示例收件员: 示收1号", DAY + timedelta(days=1))
    again = await follow_up.acknowledge(token, "示例另一人", "", at=ENTERED + timedelta(days=2))
    assert again == ended
    assert [kind for kind, _ in await trail(task)] == ["follow_up.begun", "follow_up.ended"]


async def test_who_has_no_way_to_the_link_is_noted_by_the_head(task):
    line = await begin(task, SENT)
    assert [one.act for one in await waiting.for_head(HEAD.department)] == ["follow_up_end"]
    assert await refused(follow_up.end(line.id, "示例", by=OTHER, at=ENTERED)) == "follow_up.unknown"
    ended = await follow_up.end(line.id, "示例挂号回执", DAY, by=HEAD, at=ENTERED)
    assert (ended.outcome, ended.ended_on) == ("示例挂号回执", DAY)
    assert await waiting.for_head(HEAD.department) == ()


async def test_only_who_inspected_begins_one_and_a_number_is_given_once(task):
    assert await refused(begin(task, SENT, by=OTHER)) == "task.unknown"
    await begin(task, SENT)
    assert await refused(begin(task, FollowUpForm("case", DAY, "示例函1号"))) == "follow_up.reference_used"


async def test_an_open_one_keeps_a_task_from_the_archive_and_a_referral_is_a_term(task):
    facts = await overdue.facts_of(await Task.get(id=task.id))
    assert "referral" not in [kind for kind, _ in facts.waiting]
    await publishing.publication.record(task.number, "示例-0001", by=HEAD, at=ENTERED)
    late = ENTERED + timedelta(days=30)
    case = await begin(task, FollowUpForm("case", DAY, "示例立案1号"))
    sent = await begin(task, SENT)
    facts = await overdue.facts_of(await Task.get(id=task.id))
    assert ("referral", ENTERED) in facts.waiting
    await follow_up.end(sent.id, "示例", by=HEAD, at=ENTERED)
    why = await archive.hindrance_of(task.number, late, PLACE.calendar)
    assert why and why.code == "archive.waiting"
    await follow_up.end(case.id, "示例结案", by=HEAD, at=late)
    assert await archive.hindrance_of(task.number, late, PLACE.calendar) is None


async def test_what_goes_to_justice_is_read_by_the_head_alone_and_each_look_is_written_down(task):
    line = await begin(task, JUSTICE)
    assert (line.text, line.confidential, line.looks) == ("", True, 0)
    assert all("示例秘密" not in str(data) and "示例机关" not in str(data) for _, data in await trail(task))
    assert await refused(follow_up.look(line.id, by=OTHER, at=ENTERED)) == "follow_up.unknown"
    seen = await follow_up.look(line.id, by=HEAD, at=ENTERED)
    assert (seen.text, seen.looks) == ("示例秘密", 1)
    ended = await follow_up.end(line.id, "示例秘密回执", by=HEAD, at=ENTERED)
    assert ended.outcome == "" and all("回执" not in str(data) for _, data in await trail(task))
