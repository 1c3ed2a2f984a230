"""告知书核验: what whoever holds a notice's link sees and may say (Art. 16 (2))."""

import re
from datetime import timedelta

import pytest

from models.procedure import entry, inspection, notice, postponement, schedule, team
from models.procedure.enrolment import actor_of
from models.rules import text
from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Inspector, Notice, Postponement, Question, Target, Task
from server.assets import assets
from server.letters import LetterRenderer
from tests.server.notices import HEAD_GA, first_task, given, link, look
from tests.server.pages import site
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import CEREMONY, VISIT, district

PRIVATE = ("检员", "联络员", "示例人0", "0375-", "1390000", "测试负责人")

STYLES = ("/static/tokens.css", "/static/notice.css")


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def published_task() -> Task:
    task = await first_task()
    await sample.visit_concluded(await Task.get(id=task.id), district())
    await sample.entered(task, ["R01"], VISIT + timedelta(hours=3))
    await entry.review(task.number, True, by=HEAD_GA, at=VISIT + timedelta(days=1))
    return await publishing.published(task, HEAD_GA, VISIT + timedelta(days=1))


# 告知书核验 (Art. 16 (2))


async def test_the_entity_sees_that_its_notice_is_genuine(world):
    of = await given()
    page = await look(world, of)
    assert page.status == 200
    for said in (
        "真实有效",
        of.number,
        of.check_code,
        "district.example",
        "营业执照",
        "12345",
        "从不收费",
        "从不索要密码",
        "003",
    ):
        assert said in page.text, said


async def test_a_notice_shows_officers_masked_and_nobodys_telephone(world):
    page = await look(world, await given())
    assert "**" in page.text
    for private in PRIVATE:
        assert private not in page.html, private


async def test_on_another_day_the_page_says_in_red_that_it_is_not_today(world):
    of = await given()
    assert 'class="wrong-day"' in (await look(world, of)).html
    world.clock.move(VISIT - timedelta(hours=1))
    page = await look(world, of)
    assert "wrong-day" not in page.html
    assert "今天检查" in page.text


async def test_a_notice_expires_with_its_visit(world):
    of = await given()
    await sample.visit_concluded(await Task.get(id=of.task_id), district())
    world.clock.move(VISIT + timedelta(hours=3))
    page = await look(world, of)
    assert "已过期" in page.text
    assert not {"received", "prepared", "postpone", "recuse", "hand_in"} & {
        form.get("act") for form in page.reader.forms
    }
    assert "真实有效" not in page.text


async def test_a_notice_expires_when_its_day_passes_without_a_visit(world):
    of = await given()
    world.clock.move(VISIT + timedelta(days=1))
    assert "已过期" in (await look(world, of)).text


async def test_a_replaced_notice_says_so_and_the_new_one_is_genuine(world):
    of = await given()
    task = await Task.get(id=of.task_id)
    leader, later = await sample.leader_of(task), VISIT + timedelta(days=2)
    await schedule.propose(task.number, later, later + timedelta(hours=2), by=leader, at=CEREMONY)
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=district())
    old, new = await look(world, of), await look(world, await Notice.get(task=task, version=2))
    assert "已更换" in old.text
    assert "真实有效" not in old.text
    assert "真实有效" in new.text


async def test_a_revoked_notice_says_so(world):
    of = await given()
    await Notice.filter(id=of.id).update(state=NoticeState.REVOKED)
    page = await look(world, of)
    assert "已撤回" in page.text
    assert page.reader.forms == []


async def test_during_the_visit_the_page_says_that_it_is_under_way(world):
    of = await given()
    task = await Task.get(id=of.task_id)
    team = await sample.team_of(task)
    await inspection.begin(
        task.number,
        [one.id for people in team.values() for one in people],
        by=await sample.leader_of(task),
        at=VISIT,
        untold="示例:当面告知",
    )
    world.clock.move(VISIT)
    assert "检查进行中" in (await look(world, of)).text


async def test_d68_unknown_and_malformed_links_get_one_answer(world):
    await given()
    stranger = await world.browser()
    answers = [
        await stranger.get(f"/n/{token}")
        for token in ("x" * 22, "y" * 22, "abc", "%E4%B8%AD", "x" * 300, "a%20b")
    ]
    first = answers[0]
    for page in answers:
        assert (page.status, page.body) == (404, first.body)
        assert sorted(page.response.headers) == sorted(first.response.headers)
    assert "查无此告知书" in first.text
    assert "12345" in first.text
    pdf = await stranger.get("/n/" + "x" * 22 + ".pdf")
    assert (pdf.status, pdf.body) == (404, first.body)


async def test_d68_an_unknown_link_costs_one_look_up_like_any_other(world):
    from models import store

    await given()
    counted = []
    client = store.connection()
    stranger = await world.browser()
    real = client.execute_query

    async def counting(*args, **kwargs):
        counted.append(args[0])
        return await real(*args, **kwargs)

    client.execute_query = counting
    try:
        for token in ("x" * 22, "abc"):
            counted.append("--")
            await stranger.get(f"/n/{token}")
    finally:
        del client.execute_query
    one, other = ",".join(counted).split("--")[1:]
    assert one.count("notice") == other.count("notice")


async def test_the_page_works_without_scripts_and_is_small(world):
    page = await look(world, await given())
    assert "<script" not in page.html
    assert len(page.body) + sum(len(assets()[path].data) for path in STYLES) < 30 * 1024
    assert re.findall(r'(?:src|href)="(/[^"?]*)', page.html.split("<body")[0]) == [
        *STYLES,
        "/static/seal.svg",
    ]
    assert 'name="robots" content="noindex"' in page.html
    assert page.response.headers["X-Robots-Tag"] == "noindex"


async def test_the_longest_checklist_still_fits_thirty_kilobytes(world):
    checklist = (await Question.all().first()).checklist_id
    for n in range(14, 146):
        await Question.create(
            checklist_id=checklist, number=n, department="GA", text=f"示例检查要点第{n}条" + "文" * 30,
            basis="《示例条例》",
            answer="TRI", photo="no", network="no",
        )  # fmt: skip
    page = await look(world, await given())
    assert "第145条" in page.text
    on_its_way = int(page.response.headers["Content-Length"])
    assert page.response.headers["Content-Encoding"] in ("gzip", "deflate")
    assert on_its_way + sum(len(assets()[path].data) for path in STYLES) < 30 * 1024


async def test_the_entity_confirms_with_one_press_and_a_second_changes_nothing(world):
    of = await given()
    stranger = await world.browser()
    assert stranger.csrf == ""
    assert {"action": link(of), "method": "post", "act": "received"} in (
        await stranger.get(link(of))
    ).reader.forms
    assert (await stranger.post(link(of), act="received")).status == 303
    world.clock.move(timedelta(minutes=5))
    again = await stranger.post(link(of), act="received", follow=True)
    kept = await Notice.get(id=of.id)
    assert kept.state == NoticeState.ACKNOWLEDGED
    assert kept.acknowledged_at == CEREMONY
    assert kept.acknowledged_by == "public:link"
    assert "已确认收到" in again.text
    assert world.clock.woken >= 2


async def test_the_entity_asks_for_another_time_once_with_a_reason(world):
    of = await given()
    stranger = await world.browser()
    refused = await stranger.post(link(of), act="postpone", reason="  ")
    assert refused.status == 409
    assert (
        await stranger.post(link(of), act="postpone", reason="当日停业检修 <b>", wanted="周五")
    ).status == 303
    asked = await Postponement.all().first()
    assert (asked.reason, asked.wanted, asked.asked_by) == ("当日停业检修 <b>", "周五", "public:link")
    assert (await stranger.post(link(of), act="postpone", reason="再改")).status == 409
    assert "等待组长答复" in (await stranger.get(link(of))).text
    await postponement.decide(asked.id, False, by=await sample.leader_of(await first_task()), at=CEREMONY)
    assert "维持原时间" in (await stranger.get(link(of))).text


async def test_after_the_notice_ended_nothing_can_be_confirmed(world):
    of = await given()
    await Notice.filter(id=of.id).update(state=NoticeState.REVOKED)
    assert (await (await world.browser()).post(link(of), act="received")).status == 409


async def test_an_act_that_is_none_is_refused(world):
    assert (await (await world.browser()).post(link(await given()), act="delete")).status == 400


async def test_opening_the_page_is_kept_once(world):
    of = await given()
    await look(world, of)
    world.clock.move(timedelta(minutes=5))
    await look(world, of)
    kept = await Notice.get(id=of.id)
    assert (kept.opened_at, kept.state) == (CEREMONY, NoticeState.OPENED)


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"User-Agent": "Mozilla Baiduspider/2.0"},
        {"Sec-Purpose": "prefetch"},
    ],
    ids=str,
)
async def test_a_machine_that_looks_ahead_has_not_opened_the_notice(world, headers):
    of = await given()
    assert "真实有效" in (await look(world, of, **headers)).text
    assert (await Notice.get(id=of.id)).opened_at is None


async def test_the_letter_comes_as_pdf_in_the_readers_language(world):
    of = await given()
    stranger = await world.browser()
    chinese, english = await stranger.get(link(of) + ".pdf"), await stranger.get(link(of) + ".pdf?lang=en")
    assert chinese.response.content_type == "application/pdf"
    assert chinese.body.endswith(b"zh_Hans")
    assert english.body.endswith(b"en")
    assert chinese.response.headers["X-Robots-Tag"] == "noindex"


async def test_d24_markup_in_names_is_shown_literally(world):
    hostile = "<b>示例</b> & _*[x]{{ 7*7 }} \"';--<script>alert(1)</script>\u202e"
    await Target.all().update(name=hostile, address=hostile)
    of = await given()
    page = await look(world, of)
    assert "<b>示例</b> & _*[x]{{ 7*7 }} \"';--<script>alert(1)</script>" in page.text
    assert "<script" not in page.html
    assert "\u202e" not in page.html
    office = await world.browser(Role.OFFICE, "测试联席办")
    for path in (
        "/console/tasks",
        f"/console/tasks/{(await first_task()).number}",
        "/console/people?kind=entity",
    ):
        shown = await office.get(path)
        assert "<b>示例</b> & _*[x]{{ 7*7 }}" in shown.text, path
        assert "<script>" not in shown.html, path


async def test_a2_the_page_says_that_others_come_than_the_letter_in_hand_names(world):
    of = await given()
    assert "检查人员有变动" not in (await look(world, of)).text
    task = await first_task()
    leaving = next(iter((await sample.team_of(task))["WJ"]))
    asked = await team.ask_out(task.number, "post", "示例", by=leaving, at=CEREMONY)
    head = actor_of(await sample.account(Role.HEAD, "WJ"))
    await team.decide(asked.id, True, by=head, at=CEREMONY)
    page = (await look(world, of)).text
    gone = await Inspector.get(code=leaving.id)
    assert "检查人员有变动" in page
    assert "检查人员有变动" in page
    assert (
        f"告知书所写的{text.masked(gone.name)}（示例区卫生健康局，证号末位 {text.tail(gone.certificate)}）已更换"
        in page
    )
    letter = await LetterRenderer(district())(of.id, "zh_Hans")
    assert f"告知书所写的{gone.name}（示例区卫生健康局" in letter.text, (
        "printed as it was, and who was replaced"
    )
    assert gone.name in letter.text.split("告知书所写的")[0]
    await notice.renew(task.number, by=await sample.leader_of(task), at=CEREMONY, district=district())
    assert "检查人员有变动" not in (await look(world, of)).text


async def test_a_day_that_passed_is_no_visit_and_the_page_says_none_was_held(world):
    of = await given()
    world.clock.move(VISIT + timedelta(days=1))
    page = (await look(world, of)).text
    assert "检查尚未结束" in page
    assert "检查已结束" not in page
