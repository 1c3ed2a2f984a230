"""结果公示: the page says what was done, what was corrected, what was withdrawn, and no more (Art. 8, 16 (3))."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from models.procedure import entry, notice, objection, online, publication, record, reply, revision
from models.queries import evidence, public
from models.queries import record as queries
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules.actor import Role
from models.tables import (
    Answer,
    Item,
    Notice,
    Notification,
    Objection,
    PlanEntry,
    Publication,
    Question,
    Record,
    Signature,
    Task,
)
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.server.notices import HEAD_GA, given, link, published, visited
from tests.server.pages import notice_token, site
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import CEREMONY, VISIT, district, written
from tests.support.publishing import HOLDER

LATER = VISIT + timedelta(days=2)


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def test_a3_an_item_without_a_checklist_is_not_published_as_inspected(world):
    await Item.create(
        code="XH-JT-01", field="示例", name="示例客运检查", targets="车", target_kind="for_profit", key=False, methods="ON_SITE",
        initiating="GA", participating="", basis="示例", content="示例",
    )  # fmt: skip
    of = await given()
    async with written():
        await PlanEntry.all().update(items=["XH-GA-02", "XH-JT-01"])
    held = await visited(of)
    await published(held.task)
    page = (await (await world.browser()).get("/results")).text.partition("订阅")[2]
    assert "宾馆、旅店检查02" in page
    assert "示例客运检查" not in page


async def test_a4_the_page_shows_the_newest_result_that_it_was_corrected_and_why(world):
    of = await given()
    held = await visited(of)
    await published(held.task)
    world.clock.move(LATER)
    stranger, head = await world.browser(), await world.browser(Role.HEAD, "GA")
    asks = (await sheet_of(held.task)).asks
    found_by = next(ask.department for ask in asks if ask.number == held.wanting)
    mine = (await sample.team_of(held.task))[found_by][0]
    officer = await world.browser(Role.INSPECTOR, mine.id)
    await objection.object_to(of.number, "示例:与事实不符", by=HOLDER, at=LATER, district=district())
    assert "异议处理中" in (await stranger.get("/results")).text
    raised = (await Objection.get()).id
    assert (await head.post(f"/console/objections/{raised}", act="agree", said="示例:复核属实")).status == 303
    page = (await stranger.get("/results")).text
    assert "异议成立" in page and "正在更正" in page
    task = f"/console/tasks/{held.task.number}"
    assert "录入正确的结果" in (await officer.get(task)).text
    wrong = await officer.post(f"{task}/revision/propose", type="R01", note="示例")
    assert wrong.status == 409
    right = {"type": "R01", "note": "示例:重新核对", "aside": str(held.wanting)}
    assert (await officer.post(f"{task}/revision/propose", **right)).status == 303
    assert "更正待决定" in (await head.get("/console/")).text
    assert (await officer.post(f"{task}/revision/agree")).status == 403
    assert (await head.post(f"{task}/revision/agree")).status == 303
    page = (await stranger.get("/results")).text
    for said in (
        "未发现问题",
        "已更正",
        "原因：示例:复核属实",
        "2026年12月10日",
        "曾公示：发现问题已责令改正",
    ):
        assert said in page, said
    assert "异议成立" not in page and "正在更正" not in page
    assert "公示的结果已于2026年12月10日" in (await stranger.get(link(of))).text
    assert "可以提出" in (await stranger.get(link(of))).text, (
        "the corrected result may be objected to as well"
    )


async def test_a4_a_withdrawn_result_leaves_name_day_and_reason(world):
    of = await given()
    held = await visited(of)
    await published(held.task)
    world.clock.move(LATER)
    head = await world.browser(Role.HEAD, "GA")
    address = f"/console/tasks/{held.task.number}/revision/withdraw"
    assert (await head.post(address, reason=" ")).status == 409
    assert (await head.post(address, reason="示例:查错了对象")).status == 303
    stranger = await world.browser()
    page = (await stranger.get("/results")).text.partition("订阅")[2]
    assert "已撤回" in page and "示例:查错了对象" in page
    assert "责令改正" not in page
    assert "示例:查错了对象" in (await stranger.get(link(of))).text


async def test_a5_the_console_takes_the_receipt_after_publication_and_says_what_is_missing_before(world):
    of = await given()
    held = await visited(of)
    task = await Task.get(id=held.task.id)
    world.clock.move(LATER)
    head = await world.browser(Role.HEAD, "GA")
    address = f"/console/tasks/{task.number}"
    await publishing.entered(task, ["R05"], HEAD_GA, LATER)
    page = (await head.get(address)).text
    assert "结果还没有告知到检查对象" in page and "没有经检查对象签字的检查记录表" in page
    assert (await head.post(f"{address}/publish")).status == 409
    await publishing.published(task, HEAD_GA, LATER)
    assert (await head.post(f"{address}/record", receipt="示例-0001", day="2026-12-01")).status == 409
    assert (await head.post(f"{address}/record", receipt="示例-0001", day="不是日期")).status == 400
    assert (await head.post(f"{address}/record", receipt="示例-0001", day="2026-12-09")).status == 303
    assert "示例-0001" in (await head.get(address)).text


async def test_a17_page_and_result_say_how_many_have_signed(world):
    of = await given()
    held = await visited(of)
    leader, team = await sample.leader_of(held.task), await sample.team_of(held.task)
    made = await record.draw_up(held.task.number, by=leader, at=VISIT, district=district())
    await record.sign(held.task.number, made.sha256, "officer", picture="", by=leader, at=VISIT)
    count = sum(map(len, team.values()))
    stranger = await world.browser()
    (address,) = [one for one in (await stranger.get(link(of))).reader.links if one.startswith("/r/")]
    page = (await stranger.get(address)).text
    assert "检查对象：未签字" in page
    assert page.count("：未签字") == count
    await published(held.task)
    assert f"应签 {count + 1} 方，已签 1 方" in (await stranger.get("/results")).text
    head = await world.browser(Role.HEAD, "GA")
    shown = (await head.get(f"/console/tasks/{held.task.number}")).text
    assert f"应签 {count + 1} 方，已签 1 方" in shown and "已签署" not in shown


async def test_a17_a_refusal_is_no_signature_and_a_record_that_changed_since_says_so(world):
    of = await given()
    held = await visited(of)
    leader = await sample.leader_of(held.task)
    made = await record.draw_up(held.task.number, by=leader, at=VISIT, district=district())
    stranger = await world.browser()
    (address,) = [one for one in (await stranger.get(link(of))).reader.links if one.startswith("/r/")]
    assert "记录属实" in (await stranger.get(address)).text
    await record.refuse_to_sign(
        held.task.number, made.sha256, "示例:有异议", witness="示例见证人", by=leader, at=VISIT
    )
    page = (await stranger.get(address)).text
    assert "拒绝签字" in page and "尚无人签字" in page, "who refused has not signed"
    assert (await queries.papers(held.task.id)).heard, "and is not waited for"
    await record.hear(held.task.number, "示例:另有说明", by=leader, at=VISIT)
    page = (await stranger.get(address)).text
    assert "内容有变动" in page and "记录属实" not in page


async def test_c10_the_review_shows_what_failed_first_and_the_decision_last(world):
    of = await given()
    held = await visited(of)
    await sample.entered(held.task, ["R05"], VISIT + timedelta(hours=3))
    head = await world.browser(Role.HEAD, "GA")
    page = await head.get(f"/console/tasks/{held.task.number}")
    order = [
        page.html.index(one)
        for one in ('id="review"', 'class="failed"', 'class="answers"', 'class="deciding"')
    ]
    assert order == sorted(order)
    assert page.html.count('value="agree"') == 1
    assert "记录表：未制作" in page.text
    assert "下一件待审核" not in page.text
    other = await Task.filter(id__gt=held.task.id).first()
    await Task.filter(id=other.id).update(state="entered", ended_at=VISIT)
    page = await head.get(f"/console/tasks/{held.task.number}")
    assert "下一件待审核" in page.text
    assert f"/console/tasks/{other.number}" in page.reader.links


@pytest.mark.parametrize("seed", range(4))
async def test_a3_whatever_was_done_the_page_says_no_more_than_the_rows(db, seed):
    """A history of real acts in a random order; what is public of it, against the rows themselves."""
    dice = random.Random(seed)
    task = await _inspected(dice)
    leader = await sample.leader_of(task)
    await sample.entered(task, ["R14"], ENTERED, "示例")
    await entry.review(task.number, True, by=HEAD, at=ENTERED)
    letter = await Notice.get(task=task)
    await reply.agree(letter.number, by=HOLDER, at=ENTERED)
    await publication.publish(task.number, by=HEAD, at=ENTERED, district=PLACE, unsigned="示例")
    for hour in range(1, 6):
        at = ENTERED + timedelta(hours=hour)
        await _something(dice, task, leader, letter.number, at)
        await _says_no_more(task)


async def _inspected(dice: random.Random) -> Task:
    task = await over()
    answers = await Answer.filter(task=task)
    for one in answers:
        if dice.random() < 0.6:
            await Answer.filter(id=one.id).update(verdict="", value="")
    made = await record.draw_up(task.number, by=await sample.leader_of(task), at=ENTERED, district=PLACE)
    officers = [one for crew in (await sample.team_of(task)).values() for one in crew]
    for one in dice.sample(officers, dice.randrange(len(officers))):
        await record.sign(task.number, made.sha256, "officer", picture="", by=one, at=ENTERED)
    return await Task.get(id=task.id)


async def _something(dice, task, leader, letter, at) -> None:
    deed = dice.choice(["object", "uphold", "dismiss", "propose", "agree", "withdraw"])
    open_ = await Objection.filter(task=task, upheld=None).first()
    try:
        if deed == "object":
            await objection.object_to(letter, "示例", by=HOLDER, at=at, district=PLACE)
        elif deed in ("uphold", "dismiss") and open_:
            await objection.decide(open_.id, deed == "uphold", "示例", by=HEAD, at=at)
        elif deed == "propose":
            types = dice.choice([["R07"], ["R14"], ["R01"]])
            await revision.propose(task.number, types, "示例", by=leader, at=at, reason="示例")
        elif deed == "agree":
            await revision.decide(task.number, True, by=HEAD, at=at)
        elif deed == "withdraw":
            await revision.withdraw(task.number, "示例", by=HEAD, at=at)
    except Refusal:
        pass


async def _says_no_more(task: Task) -> None:
    (line,), _ = await public.results()
    result = line.result
    answered = {row.question_id for row in await Answer.filter(task=task).exclude(verdict="")}
    asked = {one.id: one.department for one in await Question.filter(id__in=list(answered))}
    assert bool(result.on_site) <= bool(answered)
    assert set(result.departments) <= set(asked.values())
    last = await Publication.filter(task=task).order_by("-id").first().select_related("result")
    assert result.types == (tuple(last.result.types) if last.result else ())
    version = await Record.filter(task=task).order_by("-version").first()
    signed = await Signature.filter(record=version).count()
    assert result.signed <= signed
    assert (result.signing == "all") <= (signed >= result.to_sign)


async def test_a4_who_was_not_told_beforehand_has_a_page_to_object_on_after_the_visit(world):
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    leader = await sample.leader_of(task)
    asked = await notice.ask_to_withhold(task.number, "示例:第1条", by=leader, at=CEREMONY)
    await notice.decide_withholding(asked, True, by=HEAD_GA, at=CEREMONY)
    await sample.visit_fixed(task, district())
    stranger, withheld = await world.browser(), await Notice.get(id=asked)
    assert (await stranger.get(f"/n/{notice_token(withheld.number)}")).status == 404
    await sample.visit_concluded(await Task.get(id=task.id), district())
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    await publishing.published(task, HEAD, ENTERED)
    world.clock.move(LATER)
    page = await stranger.get(f"/n/{notice_token(withheld.number)}")
    assert page.status == 200
    assert "现在公示的是：未发现问题" in page.text
    of = await Notice.get(id=asked)
    await objection.object_to(of.number, "示例", by=HOLDER, at=LATER, district=district())
    assert "异议处理中" in (await stranger.get("/results")).text
    assert (await evidence.verify()).differences == []


async def test_a3_an_inspection_ended_online_is_not_said_to_have_been_visited_and_may_be_objected_to(world):
    of = await given()
    task = await Task.get(id=of.task_id)
    leader = await sample.leader_of(task)
    gone = {"result": "R10", "source": "示例公示系统", "finding": "示例:11月3日注销"}
    await online.end(task.number, by=leader, at=CEREMONY, district=district(), **gone)
    assert (await Notification.get(kind="concluded")).subject == 0
    await sample.entered(task, ["R10"], CEREMONY)
    await entry.review(task.number, True, by=HEAD, at=CEREMONY)
    await publishing.agreed(task, CEREMONY)
    await publication.publish(task.number, by=HEAD, at=CEREMONY, district=PLACE)
    world.clock.move(CEREMONY + timedelta(days=1))
    stranger = await world.browser()
    page = (await stranger.get("/results")).text
    assert "未进行现场检查" in page and "没有检查任何事项" in page
    assert "现在公示的是" in (await stranger.get(link(of))).text
    await objection.object_to(of.number, "示例", by=HOLDER, at=world.clock(), district=district())
    assert "异议处理中" in (await stranger.get("/results")).text
