"""检查对象的页面 after the visit: reply, proof of correction, objection, rating (Art. 8, 16 (3), 17)."""

import asyncio
import re
from datetime import datetime, timedelta

import pytest

from models.procedure import entry, inspection, objection
from models.procedure import record as records
from models.queries import evidence
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.visit import SHANGHAI
from models.tables import (
    Correction,
    Event,
    Inspector,
    Notice,
    Notification,
    Objection,
    Outbox,
    Paper,
    Rating,
    Statement,
    Task,
)
from tests.server.companion.phone import jpeg
from tests.server.notices import HEAD_GA, PDF, given, hand_in, link, published, visited
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import VISIT, district, written

LAST_DAY = datetime(2026, 12, 16, 18, 0, tzinfo=SHANGHAI)  # published on Wednesday 9 December


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def over(world):
    """A notice whose visit is over, and the browser of whoever holds its link."""
    of = await given()
    held = await visited(of)
    world.clock.move(VISIT + timedelta(hours=3))
    return of, held, await world.browser()


async def whole():
    assert (await evidence.verify()).differences == []


# 申辩


async def test_a_reply_before_publication_is_shown_to_the_reviewer_with_its_papers(world):
    of, held, stranger = await over(world)
    head = await world.browser(Role.HEAD, "GA")
    page = await hand_in(stranger, of, "reply", ("台账.pdf", PDF), text="示例:台账在总店 <b>")
    assert page.status == 303
    assert (await Statement.get(kind="reply")).text == "示例:台账在总店 <b>"
    assert (await Paper.get()).purpose == "statement"
    assert await Outbox.filter(kind="reply.given", account__role="head", account__department="GA").exists()
    await sample.entered(held.task, ["R05"], world.clock())
    shown = await head.get(f"/console/tasks/{held.task.number}")
    assert "检查对象已提交 1 份申辩，请先阅读" in shown.text
    assert "示例:台账在总店 <b>" in shown.text
    await entry.review(held.task.number, True, by=HEAD_GA, at=world.clock())
    shown = await head.get(f"/console/tasks/{held.task.number}")
    assert "检查对象已提交 1 份申辩，请先阅读" in shown.text
    assert (await head.post(f"/console/tasks/{held.task.number}/publish")).status == 409
    assert (await stranger.post(link(of), act="agree")).status == 303
    assert (await head.post(f"/console/tasks/{held.task.number}/publish", unsigned="示例")).status == 303
    assert (await hand_in(stranger, of, "reply", text="太晚")).status == 409
    await whole()


async def test_the_same_reply_twice_is_one_and_five_are_enough(world):
    of, _, stranger = await over(world)
    for n in (0, 0, 1, 2, 3, 4):
        assert (await hand_in(stranger, of, "reply", text=f"意见{n}")).status == 303
    assert await Statement.filter(kind="reply").count() == 5
    page = await hand_in(stranger, of, "reply", text="意见5")
    assert page.status == 409
    assert (await hand_in(stranger, of, "reply", text=" ")).status == 409


async def test_the_record_is_read_from_the_page_once_there_is_one(world):
    of, held, stranger = await over(world)
    assert "阅读检查记录" not in (await stranger.get(link(of))).text
    made = await records.draw_up(
        held.task.number, by=await sample.leader_of(held.task), at=VISIT, district=district()
    )
    page = await stranger.get(link(of))
    assert "第 1 版" in page.text and f"SHA-256 {made.sha256[:16]}…" in page.text
    assert made.sha256 not in page.html
    (address,) = [one for one in page.reader.links if one.startswith("/r/")]
    assert (await stranger.get(address)).status == 200


async def test_the_record_is_read_from_the_page_while_the_team_is_still_there_and_the_newest_version_counts(
    world,
):
    of = await given()
    task = await Task.get(id=of.task_id)
    leader, team = await sample.leader_of(task), await sample.team_of(task)
    await inspection.begin(
        task.number,
        [one.id for crew in team.values() for one in crew],
        by=leader,
        at=VISIT,
        untold="示例:当面告知",
    )
    world.clock.move(VISIT + timedelta(minutes=30))
    stranger = await world.browser()
    assert "阅读检查记录" not in (await stranger.get(link(of))).text
    first = await records.draw_up(task.number, by=leader, at=VISIT, district=district())
    assert f"SHA-256 {first.sha256[:16]}…" in (await stranger.get(link(of))).text
    await records.hear(task.number, "示例:补充一点", by=leader, at=VISIT)
    second = await records.draw_up(task.number, by=leader, at=VISIT, district=district())
    page = await stranger.get(link(of))
    assert "第 2 版" in page.text and f"SHA-256 {second.sha256[:16]}…" in page.text
    (address,) = [one for one in page.reader.links if one.startswith("/r/")]
    assert "记录属实" in (await stranger.get(address)).text


# 整改


async def test_proof_of_correction_is_for_what_was_found_wanting_and_the_department_verifies_it(world):
    of, held, stranger = await over(world)
    page = await stranger.get(link(of))
    values = re.findall(r'name="line" value="(\d+)"', page.html)
    assert values == [str(held.wanting)]
    other = next(n for n in range(1, 14) if n != held.wanting)
    assert (await hand_in(stranger, of, "mend", line=str(other), text="已改")).status == 409
    assert (
        await hand_in(stranger, of, "mend", ("后.jpg", jpeg(2)), line=values[0], text="已改")
    ).status == 303
    row = await Correction.get().select_related("question")
    assert row.stage == "after"
    team = await sample.team_of(held.task)
    officer = await world.browser(Role.INSPECTOR, team[row.question.department][0].id)
    address = f"/console/tasks/{held.task.number}"
    assert "整改证明" in (await officer.get(address)).text
    assert (await officer.post(f"{address}/corrections/{row.id}", act="agree")).status == 303
    page = await stranger.get(link(of))
    assert "已核实" in page.text
    assert 'name="line"' not in page.html
    await whole()


# 异议


async def test_an_objection_is_taken_for_five_working_days_after_publication(world):
    of, held, stranger = await over(world)
    assert (await hand_in(stranger, of, "object", text="示例")).status == 409
    await published(held.task)
    world.clock.move(LAST_DAY)
    assert "2026年12月16日" in (await stranger.get(link(of))).text
    assert (await hand_in(stranger, of, "object", ("a.pdf", PDF), text="示例:与事实不符")).status == 303
    assert "异议处理中" in (await stranger.get("/results")).text
    assert "等待答复" in (await stranger.get(link(of))).text
    await whole()


async def test_after_its_term_an_objection_is_refused_with_the_date(world):
    of, held, stranger = await over(world)
    await published(held.task)
    world.clock.move(LAST_DAY + timedelta(hours=6))
    page = await hand_in(stranger, of, "object", text="示例")
    assert page.status == 409
    assert "2026年12月16日" in page.text
    assert "异议期已于2026年12月16日" in (await stranger.get(link(of))).text
    assert await Objection.all().count() == 0


async def test_a_head_who_did_not_inspect_decides_with_a_reason_and_the_public_sees_what_was_upheld(world):
    of, held, stranger = await over(world)
    await published(held.task)
    await hand_in(stranger, of, "object", text="示例:与事实不符")
    row = await Objection.get()
    head, other = await world.browser(Role.HEAD, "GA"), await world.browser(Role.HEAD, "WJ")
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(held.task)).id)
    address = f"/console/objections/{row.id}"
    assert (await other.post(address, act="agree", said="示例")).status == 404
    assert (await officer.post(address, act="agree", said="示例")).status == 403
    assert "示例:与事实不符" in (await head.get("/console/")).text
    assert "示例:与事实不符" not in (await other.get("/console/")).text
    assert (await head.post(address, act="agree", said=" ")).status == 409
    assert (await head.post(address, act="agree", said="示例:核查属实")).status == 303
    assert "异议成立" in (await stranger.get("/results")).text
    assert "示例:核查属实" in (await stranger.get(link(of))).text
    assert "异议成立" in (await head.get(f"/console/tasks/{held.task.number}")).text
    assert await Outbox.filter(kind="objection.decided").exists()
    assert await Notification.filter(kind="objected").exists()
    await whole()


async def test_what_is_not_upheld_leaves_no_mark_in_public(world):
    of, held, stranger = await over(world)
    await published(held.task)
    await hand_in(stranger, of, "object", text="示例")
    await objection.decide((await Objection.get()).id, False, "示例:不属实", by=HEAD_GA, at=world.clock())
    assert "异议" not in (await stranger.get("/results")).text
    assert "异议不成立" in (await stranger.get(link(of))).text


async def test_a_head_who_was_one_of_the_team_may_not_decide(world):
    of, held, stranger = await over(world)
    await published(held.task)
    await hand_in(stranger, of, "object", text="示例")
    account = await sample.account(Role.HEAD, "GA")
    officer = await Inspector.get(code=(await sample.team_of(held.task))["GA"][0].id)
    async with written():
        await Inspector.filter(code=officer.code).update(name=account.name, phone=account.phone)
    by = Actor(Role.HEAD, "GA", account.name, "GA", account.id)
    with pytest.raises(Refusal, match="inspected_yourself"):
        await objection.decide((await Objection.get()).id, False, "示例", by=by, at=world.clock())


async def test_e3_objections_at_once_are_each_kept_and_the_same_words_once(any_db):
    await sample.found()
    async with site() as made:
        of, held, _ = await over(made)
        await published(held.task)
        made.clock.move(VISIT + timedelta(days=1, hours=1))
        browsers = [await made.browser() for _ in range(4)]
        answers = await asyncio.gather(
            *(
                hand_in(one, of, "object", (f"{n}.pdf", PDF + b"%d" % n), text=f"示例{n // 2}")
                for n, one in enumerate(browsers)
            )
        )
        page = (await browsers[0].get(link(of))).text
    assert {page.status for page in answers} == {303}
    assert {one.text for one in await Objection.all()} == {"示例0", "示例1"}
    assert await Paper.filter(purpose="objection").count() == 4
    assert "示例0" in page and "示例1" in page
    await whole()


async def test_e3_a_paper_that_comes_with_the_same_words_again_is_not_lost(world):
    of, held, stranger = await over(world)
    for n in range(2):
        assert (
            await hand_in(stranger, of, "reply", (f"{n}.pdf", PDF + b"%d" % n), text="示例:申辩")
        ).status == 303
    await published(held.task)
    world.clock.move(LAST_DAY)
    for n in range(2):
        assert (
            await hand_in(stranger, of, "object", (f"{n}.pdf", PDF + b"%d" % n), text="示例:异议")
        ).status == 303
    assert await Statement.filter(kind="reply").count() == await Objection.all().count() == 1
    assert (
        sorted(await Paper.all().values_list("purpose", flat=True)) == ["objection"] * 2 + ["statement"] * 2
    )
    await whole()


# 评价


async def test_a_rating_is_given_once_and_stands_in_no_tasks_chain(world):
    of, held, stranger = await over(world)
    marks = {"act": "rate", "manner": "5", "clarity": "4", "burden": "3", "note": "示例"}
    assert (await stranger.post(link(of), **{**marks, "manner": "6"})).status == 409
    assert (await stranger.post(link(of), **{**marks, "manner": ""})).status == 409
    assert (await stranger.post(link(of), **marks)).status == 303
    assert (await stranger.post(link(of), **{**marks, "manner": "1"})).status == 303
    kept = await Rating.get()
    assert (kept.manner, kept.clarity, kept.burden) == (5, 4, 3)
    assert "已评价" in (await stranger.get(link(of))).text
    assert not await Event.filter(chain=f"task:{held.task.number}", kind__startswith="rating").exists()
    assert set((await Event.get(kind="rating.given")).data) == {"rows", "form", "before"}
    await whole()


async def test_ratings_are_read_as_averages_from_five_on_and_never_by_officers(world):
    _, held, _ = await over(world)
    tasks = await Task.all().order_by("id")
    for task in tasks[:4]:
        await Rating.create(task=task, manner=5, clarity=4, burden=3, note=f"示例留言{task.id}", at=VISIT)
    head, office = await world.browser(Role.HEAD, "GA"), await world.browser(Role.OFFICE, "测试联席办")
    officer = await world.browser(Role.INSPECTOR, (await sample.leader_of(held.task)).id)
    assert "检查对象评价" not in (await head.get("/console/")).text
    await Rating.create(task=tasks[4], manner=1, clarity=1, burden=1, at=VISIT)
    for reader in (head, office):
        shown = (await reader.get("/console/")).text
        assert "检查对象评价（5 份平均）" in shown
        assert "4.2" in shown
    for path in ("/console/", f"/console/tasks/{held.task.number}"):
        shown = (await officer.get(path)).text
        assert "评价" not in shown
        assert "示例留言" not in shown


async def test_after_the_visit_nothing_of_before_it_is_taken_any_more(world):
    of, _, stranger = await over(world)
    for said in ({"act": "prepared", "was": "", "ready": "1"}, {"act": "postpone", "reason": "示例"}):
        assert (await stranger.post(link(of), **said)).status == 409
    assert (await hand_in(stranger, of, "hand_in", ("a.pdf", PDF), line="1")).status == 409
    assert await Paper.all().count() == 0
    assert (await Notice.get(id=of.id)).acknowledged_at is None
