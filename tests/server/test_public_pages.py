"""What anybody may open: the notice check, plans, draws and their proof, results."""

import io
import zipfile
from datetime import timedelta

import pytest

from models.procedure import draw, entry, inspection, notice, publication, schedule
from models.rules.actor import Actor, Role
from models.states import NoticeState, PlanState
from models.tables import Notice, Plan, Postponement, Question, Target, Task
from tests import district as sample
from tests.district import BATCH, CEREMONY, OFFICE, VISIT, district
from tests.server.pages import Browser, Page, Site, notice_token, site

HEAD_GA = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
PRIVATE = ("检员", "联络员", "示例人0", "0375-", "1390000", "测试负责人")


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def first_task() -> Task:
    return await Task.all().order_by("rank").first()


async def given() -> Notice:
    """The batch drawn, one visit fixed: its notice."""
    await sample.drawn()
    task = await first_task()
    await sample.visit_fixed(task, district())
    return await Notice.get(task=task)


def link(of: Notice) -> str:
    return f"/n/{notice_token(of.number)}"


async def look(world: Site, of: Notice, **headers: str) -> Page:
    return await (await world.browser()).get(link(of), **headers)


async def published_task() -> Task:
    task = await first_task()
    await sample.visit_concluded(await Task.get(id=task.id), district())
    await entry.enter(
        task.number, ["R01"], "", by=await sample.leader_of(task), at=VISIT + timedelta(hours=3)
    )
    await entry.review(task.number, True, by=HEAD_GA, at=VISIT + timedelta(days=1))
    return await publication.publish(task.number, by=HEAD_GA, at=VISIT + timedelta(days=1))


# 通知核验 (Art. 16 (2))


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
    assert page.reader.forms == []
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
    assert "已撤销" in page.text
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
    assert "查无此通知" in first.text
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
    assert len(page.body) < 30 * 1024
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
    assert len(page.body) < 30 * 1024


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
    await notice.decide_postponement(
        asked.id, False, by=await sample.leader_of(await first_task()), at=CEREMONY
    )
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
        assert "<script" not in shown.html, path


# 计划、抽取、结果 (Art. 8, 12, 14)


async def test_a_stranger_reads_what_this_is(world):
    page = await (await world.browser()).get("/")
    assert page.status == 200
    assert "随机抽查" in page.text
    assert "从不收费" in page.text


async def test_a_published_plan_is_open_with_items_rates_and_departments(world):
    stranger = await world.browser()
    assert "宾馆、旅店联合抽查" in (await stranger.get("/plans")).text
    page = await stranger.get("/plans/2026-XH-GA-02")
    for said in ("公安", "卫生健康", "XH-GA-03", "C 类 25%", "2026年12月31日"):
        assert said in page.text, said


async def test_a_plan_that_is_not_published_is_not_there(world):
    await Plan.all().update(state=PlanState.DRAFT)
    stranger = await world.browser()
    assert "宾馆" not in (await stranger.get("/plans")).text
    assert (await stranger.get("/plans/2026-XH-GA-02")).status == 404


async def test_the_commitment_is_public_before_any_entropy(world):
    made = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    page = await (await world.browser()).get(f"/draws/{made.code}")
    assert made.commitment in page.html.replace("<wbr>", "")
    assert "等待封存" in page.text
    assert made.commitment in (await (await world.browser()).get("/draws")).html.replace("<wbr>", "")


async def test_until_the_visits_are_over_only_the_hash_of_the_results_is_public(world):
    row = await sample.drawn()
    stranger = await world.browser()
    page = await stranger.get(f"/draws/{row.code}")
    assert row.results_sha256 in page.html.replace("<wbr>", "")
    assert row.seed in page.html.replace("<wbr>", "")
    for line in row.results["drawn.tsv"].splitlines():
        assert line.split("\t")[2] not in page.html
    assert "TEST-GA-" not in page.html
    assert (await stranger.get(f"/draws/{row.code}/bundle.zip")).status == 404


async def test_after_the_visits_the_public_edition_opens_and_holds_no_names(world):
    row = await sample.drawn()
    await Task.all().update(state="concluded")
    stranger = await world.browser()
    page = await stranger.get(f"/draws/{row.code}")
    assert row.results["drawn.tsv"].split("\t")[2] in page.html
    assert "TEST-GA-" in page.html
    bundle = await stranger.get(f"/draws/{row.code}/bundle.zip")
    names = zipfile.ZipFile(io.BytesIO(bundle.body)).namelist()
    assert "drawn.tsv" in names
    assert "keys.tsv" not in names
    assert f'filename="{row.code}.zip"' in bundle.response.headers["Content-Disposition"]


async def test_the_verifier_is_served_as_it_is(world):
    row = await sample.drawn()
    await Task.all().update(state="concluded")
    stranger = await world.browser()
    page = await stranger.get(f"/draws/{row.code}")
    (address,) = {one for one in page.reader.links if "verify_draw.py" in one}
    script = await stranger.get(address)
    assert script.body.startswith((b'"""', b"#!"))
    assert script.response.headers["Content-Disposition"].startswith("attachment")
    assert "immutable" in script.response.headers["Cache-Control"]


async def test_a_voided_draw_stays_public_with_its_reason(world):
    made = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    await draw.void(made.code, "见证人缺席", "测试负责人", by=OFFICE, at=CEREMONY)
    stranger = await world.browser()
    assert "见证人缺席" in (await stranger.get("/draws")).text
    assert "见证人缺席" in (await stranger.get(f"/draws/{made.code}")).text


async def test_the_witnesss_page_names_the_commitment_and_sends_nothing(world):
    made = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    page = await (await world.browser()).get(f"/draws/{made.code}/witness")
    assert made.commitment in page.html
    assert all(form["action"] == "" for form in page.reader.forms)
    assert "sha256sum" in page.text


async def test_a_published_result_names_the_company_and_nobody_else(world):
    await given()
    stranger = await world.browser()
    assert "还没有公示的结果" in (await stranger.get("/results")).text
    task = await published_task()
    target = await Target.get(code=task.target_id)
    page = await stranger.get("/results")
    for said in (target.name, target.credit_code, "未发现问题", "公安", "宾馆、旅店检查02", "2026年12月8日"):
        assert said in page.text, said
    for private in PRIVATE:
        assert private not in page.html, private
    assert target.name in (await stranger.get(f"/results?q={target.credit_code}")).text
    assert "没有找到" in (await stranger.get("/results?q=91410402NONE")).text


async def test_a_result_that_is_not_published_is_not_there(world):
    of = await given()
    await sample.visit_concluded(await Task.get(id=of.task_id), district())
    task = await first_task()
    await entry.enter(
        task.number, ["R05"], "", by=await sample.leader_of(task), at=VISIT + timedelta(hours=3)
    )
    assert "责令改正" not in (await (await world.browser()).get("/results")).text


# 语言


PUBLIC = ("/", "/plans", "/plans/2026-XH-GA-02", "/draws", "/results", "/login", "/nothing")


async def test_every_public_page_reads_in_both_languages(world):
    row = await sample.drawn()
    await sample.visit_fixed(await first_task(), district())
    of = await Notice.all().first()
    for path in (*PUBLIC, f"/draws/{row.code}", f"/draws/{row.code}/witness", link(of), "/n/abc"):
        chinese = await (await world.browser()).get(path, **{"Accept-Language": "zh-TW"})
        english = await (await world.browser()).get(path, **{"Accept-Language": "en-GB,en;q=0.9"})
        assert 'lang="zh-CN"' in chinese.html, path
        assert 'lang="en"' in english.html, path
        assert chinese.text != english.text, path


async def test_the_language_of_the_address_stays(world):
    stranger = await world.browser()
    assert "Joint random" in (await stranger.get("/?lang=en", **{"Accept-Language": "zh"})).text
    assert "Joint random" in (await stranger.get("/plans", **{"Accept-Language": "zh"})).text


async def test_an_unknown_language_reads_chinese_first(world):
    assert "随机抽查" in (await (await world.browser()).get("/", **{"Accept-Language": "fr"})).text


async def test_errors_are_pages_for_people_and_json_for_machines(world):
    stranger: Browser = await world.browser()
    page = await stranger.get("/nothing")
    assert (page.status, page.response.content_type) == (404, "text/html")
    body = await (await stranger.client.get("/nothing", headers={"Accept": "application/json"})).json()
    assert body["error"]["status"] == 404
    assert body["error"]["text"]


async def test_an_error_of_ours_is_answered_with_a_number_and_told_to_nobody(world, caplog):
    async def broken(request):
        raise ZeroDivisionError("secret-of-the-house")

    from server import access

    async with site(
        extra=lambda app: app.router.add_get("/broken", access.declare(broken, access.ANYONE))
    ) as made:
        page = await (await made.browser()).get("/broken")
    assert page.status == 500
    assert "secret" not in page.html
    assert "Traceback" not in page.html
    number = page.text.split("请报编号 ")[1][:12]
    assert number in caplog.text
