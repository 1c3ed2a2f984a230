"""What anybody may open: plans, draws and their proof, results."""

import io
import zipfile
from datetime import timedelta

import pytest

from models.procedure import draw, entry
from models.queries import draw_texts, draws
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import PlanState
from models.tables import Item, Notice, Plan, Target, Task
from tests.server.pages import Browser, Page, Site, notice_token, site
from tests.server.public.bundles import differences, folder
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import BATCH, CEREMONY, OFFICE, VISIT, district

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
    await sample.entered(task, ["R01"], VISIT + timedelta(hours=3))
    await entry.review(task.number, True, by=HEAD_GA, at=VISIT + timedelta(days=1))
    return await publishing.published(task, HEAD_GA, VISIT + timedelta(days=1))


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


async def test_a_plan_whose_newer_version_stands_is_not_there(world):
    await Plan.all().update(state=PlanState.AMENDED)
    stranger = await world.browser()
    assert "宾馆" not in (await stranger.get("/plans")).text
    assert (await stranger.get("/plans/2026-XH-GA-02")).status == 404


async def test_the_commitment_is_public_before_any_entropy(world):
    made = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    page = await (await world.browser()).get(f"/draws/{made.code}")
    assert made.commitment in page.html.replace("<wbr>", "")
    assert "等待封存" in page.text
    assert made.commitment in (await (await world.browser()).get("/draws")).html.replace("<wbr>", "")


async def test_from_the_commit_on_everybody_reads_the_pools_size_and_the_chance_in_it(world):
    fixed = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    page = await (await world.browser()).get(f"/draws/{fixed.code}")
    for said in ("3/6 (50.00%)", "1/3 (33.33%)"):
        assert said in page.html


async def test_who_reached_the_cap_of_the_year_is_listed_with_the_reason_and_the_draw_verifies(
    world, tmp_path
):
    async with sample.written():
        await Item.filter(code="XH-GA-03").update(key=True)
        await Target.filter(code="OBJ00001").update(checked_this_year=1)
    row = await sample.drawn(most=1)
    page = await (await world.browser()).get(f"/draws/{row.code}")
    assert "本年度检查次数已到本区上限" in page.text
    excluded = await draw_texts.text(row, "exclusions.tsv")
    assert [line.split("\t")[1] for line in excluded.splitlines()] == ["year-cap"]
    bundle = folder(await draws.bundle_files(row.code, full=True), tmp_path / "bundle")
    assert differences(bundle) == []


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
    await sample.entered(task, ["R05"], VISIT + timedelta(hours=3))
    page = await (await world.browser()).get("/results")
    assert "责令改正" not in page.text.partition("订阅")[2]


# 语言


PUBLIC = (
    "/",
    "/items",
    "/plans",
    "/plans/2026-XH-GA-02",
    "/draws",
    "/results",
    "/results/figures",
    "/login",
    "/nothing",
)


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


async def test_a_refusal_names_departments_and_not_their_codes(world):
    async def refused(request):
        raise Refusal("checklist.sections_open", article="16(3)", departments=["GA", "XF"])

    from server import access

    async with site(
        extra=lambda app: app.router.add_get("/refused", access.declare(refused, access.ANYONE))
    ) as made:
        page = await (await made.browser()).get("/refused")
    assert page.status == 409
    assert "公安、消防救援" in page.text or "公安、消防" in page.text
    assert "GA" not in page.text
