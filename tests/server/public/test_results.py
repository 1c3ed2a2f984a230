"""结果检索与数据: searched by each of its fields, at a lasting address, and the same for machines (Art. 8, 16 (3))."""

import csv
import io
import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from locales import words
from models.procedure import objection, revision
from models.queries import public
from models.tables import Item, PlanEntry, Target, Task
from server.public import feeds, typed_code
from tests.server.notices import HEAD_GA, given, link, published, visited
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import VISIT, written
from tests.support.publishing import HOLDER

SINCE = VISIT + timedelta(days=1)
CODE, REASON = "912601000000000018", "=1+1 示例:录入有误,检员甲 13712345678"
NS = {"a": feeds.ATOM, "at": feeds.TOMBSTONE, "s": feeds.SITEMAP}


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


@pytest.fixture
async def task(world):
    """Published with a problem; its target's code is all digits."""
    held = await visited(await given())
    async with written():
        await Target.filter(code=held.task.target_id).update(credit_code=CODE, name="=示例宾馆")
    return await published(held.task)


async def numbers(stranger, query):
    answer = await stranger.get(f"/results.json?{query}")
    assert answer.status == 200, query
    return [line["number"] for line in json.loads(answer.body)["results"]]


async def test_each_departments_own_result_stands_on_the_page_and_in_every_feed(world, task):
    stranger = await world.browser()
    (line,), _ = await public.results()
    parts = {line.called[part.department]: part for part in line.result.parts}
    assert len(parts) > 1
    shown = json.loads((await stranger.get("/results.json")).body)["results"][0]["by_department"]
    assert {row["name"]: [one["code"] for one in row["types"]] for row in shown} == {
        name: list(part.types) for name, part in parts.items()
    }
    page, atom = await stranger.get(f"/results/{task.number}"), await stranger.get("/results.atom")
    table = (await stranger.get("/results.csv")).body.decode("utf-8-sig")
    for name, part in parts.items():
        types = "、".join(words("zh_Hans")(f"result.{code}") for code in part.types)
        assert f"{name}：{types}" in table and f"{name}：{types}" in atom.body.decode()
        assert f"{name}：{types}" in page.text


async def test_results_are_found_by_name_code_day_result_and_item_and_by_nothing_else(world, task):
    stranger, day = await world.browser(), SINCE.date()
    entry = await PlanEntry.all().first()
    item = entry.items[0]
    await Item.create(
        code="XH-JT-01", field="示例", name="示例未查事项", targets="车", target_kind="for_profit", key=False,
        methods="ON_SITE", initiating="GA", participating="", basis="示例", content="示例",
    )  # fmt: skip
    async with written():
        await PlanEntry.all().update(items=[*entry.items, "XH-JT-01"])
    assert await numbers(stranger, "") == [task.number]
    for wanted in ("q=宾馆", f"q={CODE}", f"since={day}", f"until={day}", "type=R05", f"item={item}",
                   f"q=宾馆&since={day}&until={day}&type=R05&item={item}"):  # fmt: skip
        assert await numbers(stranger, wanted) == [task.number], wanted
        assert task.number in (await stranger.get(f"/results?{wanted}")).text, wanted
    tomorrow, yesterday = day + timedelta(days=1), day - timedelta(days=1)
    for other in ("q=%25", "q=912601", f"since={tomorrow}", f"until={yesterday}", "type=R01", "type=withdrawn",
                  "item=XH-JT-01", "item=none", f"q=宾馆&item={item}&type=R01"):  # fmt: skip
        assert await numbers(stranger, other) == [], other
    for wrong in ("since=2026-13-01", "type=R99", "page=0", "page=x"):
        assert (await stranger.get(f"/results.json?{wrong}")).status == 400, wrong
    assert (await stranger.get("/results.json?page=2")).status == 404


async def test_a_wrong_question_to_the_files_is_answered_to_machines_in_words(world):
    stranger = await world.browser()
    for wrong, named, status in (
        ("type=xx", "type=xx", 400), ("since=2026-13-01", "since=2026-13-01", 400), ("page=0", "page=0", 400),
        ("page=2", "", 404),
    ):  # fmt: skip
        answer = await stranger.get(f"/results.json?{wrong}&lang=en")
        body = json.loads(answer.body)["error"]
        assert (answer.status, body["status"]) == (status, status)
        assert named in body["text"] and "web.error" not in body["text"]
        for kind in ("csv", "xlsx"):
            answer = await stranger.get(f"/results.{kind}?{wrong}")
            assert (answer.status, answer.response.content_type) == (status, "text/plain")
            assert answer.body.decode().startswith(f"{status} ") and named in answer.body.decode()
    for address in ("/results.atom?page=x", "/sitemap.xml?page=x"):
        answer = await stranger.get(address)
        assert (answer.status, answer.response.content_type) == (400, "text/plain"), address
    page = await stranger.get("/results.json?type=xx", Accept="text/html,application/json")
    assert (page.status, page.response.content_type) == (400, "text/html") and "type=xx" in page.text


async def test_a_result_has_one_lasting_address_and_none_before_it_is_public(world, task):
    stranger = await world.browser()
    page = await stranger.get(f"/results/{task.number}")
    assert page.status == 200 and task.number in page.text and CODE in page.text
    other = await Task.exclude(id=task.id).first()
    assert (await stranger.get(f"/results/{other.number}")).status == 404
    assert (await stranger.get("/results/none")).status == 404
    await revision.withdraw(task.number, REASON, by=HEAD_GA, at=SINCE)
    gone = (await stranger.get(f"/results/{task.number}")).text
    assert "已撤回" in gone and "录入有误" in gone and "抽查事项" not in gone


async def test_what_machines_read_is_kept_only_until_it_changes(world, task):
    stranger = await world.browser()
    for address in ("/results.json", "/results.csv", "/results.xlsx", "/results.atom", "/sitemap.xml"):
        first = await stranger.get(address)
        tag = first.response.headers["ETag"]
        assert first.response.headers["Cache-Control"] == "public, no-cache", address
        for given_tag in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            again = await stranger.get(address, **{"If-None-Match": given_tag})
            assert (again.status, again.body, again.response.headers["ETag"]) == (304, b"", tag), address
        assert (await stranger.get(address, **{"If-None-Match": '"other"'})).body == first.body
    tags = {
        address: (await stranger.get(address)).response.headers["ETag"]
        for address in ("/results.json", "/results.atom")
    }
    await revision.withdraw(task.number, REASON, by=HEAD_GA, at=SINCE)
    for address, tag in tags.items():
        assert (await stranger.get(address, **{"If-None-Match": tag})).status == 200


async def test_tables_opened_by_others_keep_every_digit_and_run_no_formula(world, task):
    stranger = await world.browser()
    await revision.withdraw(task.number, REASON, by=HEAD_GA, at=SINCE)
    book = CalamineWorkbook.from_filelike(io.BytesIO((await stranger.get("/results.xlsx")).body))
    head, row = book.get_sheet_by_index(0).to_python()
    cells = dict(zip(head, row, strict=True))
    assert (cells["代码或编号"], cells["检查对象名称"]) == (CODE, "=示例宾馆")
    assert all(isinstance(cell, str) for cell in row)
    text = (await stranger.get("/results.csv")).body.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["代码或编号"], line["公示状态"], line["结果"]) == (CODE, "已撤回", "")
    assert not [cell for cell in line.values() if cell.startswith(("=", "+", "@"))]
    for told in (text, str(row)):
        assert "录入有误" in told and "13712345678" not in told


async def test_every_file_says_that_a_result_is_objected_to(world):
    stranger, letter = await world.browser(), await given()
    await published((await visited(letter)).task)
    for address in ("/results.csv", "/results.atom"):
        assert "异议处理中" not in (await stranger.get(address)).body.decode()
    await objection.object_to(
        letter.number, "示例:与事实不符", by=HOLDER, at=SINCE, district=sample.district()
    )
    for address in ("/results.csv", "/results.atom"):
        assert "异议处理中" in (await stranger.get(address)).body.decode(), address
    book = CalamineWorkbook.from_filelike(io.BytesIO((await stranger.get("/results.xlsx")).body))
    assert "异议处理中" in book.get_sheet_by_index(0).to_python()[1]


async def test_the_feed_and_the_map_name_every_result_and_mark_what_is_withdrawn(world, task):
    stranger = await world.browser()
    place = f"http://district.example/results/{task.number}"
    feed = ElementTree.fromstring((await stranger.get("/results.atom")).body)
    assert [entry.findtext("a:id", namespaces=NS) for entry in feed.findall("a:entry", NS)] == [place]
    await revision.withdraw(task.number, REASON, by=HEAD_GA, at=SINCE + timedelta(days=1))
    feed = ElementTree.fromstring((await stranger.get("/results.atom")).body)
    assert feed.findall("a:entry", NS) == []
    assert [gone.get("ref") for gone in feed.findall("at:deleted-entry", NS)] == [place]
    urls = ElementTree.fromstring((await stranger.get("/sitemap.xml")).body)
    assert place in [url.findtext("s:loc", namespaces=NS) for url in urls]
    for url in urls:
        address = url.findtext("s:loc", namespaces=NS).removeprefix("http://district.example")
        assert (await stranger.get(address)).status == 200, address
    assert "/sitemap.xml" in (await stranger.get("/robots.txt")).body.decode()


async def test_the_figures_count_what_is_public_and_say_what_they_count(world, task):
    page = (await (await world.browser()).get("/results/figures")).html
    drawn = await Task.all().count()
    for month, n, called in (
        ("2026-11", drawn, "抽取"),
        ("2026-12", 1, "已检查"),
        ("2026-12", 1, "其中有问题"),
    ):
        assert f'value="{n}" aria-label="{month} {called}"' in page, (month, called)
    assert 'href="/results?type=R05"' in page


async def test_number_and_code_typed_on_the_first_page_open_the_notice(world):
    of = await given()
    stranger = await world.browser()
    assert (await stranger.get("/")).form("/notice")["method"] == "post"
    wide = of.check_code.translate({48 + n: 0xFF10 + n for n in range(10)})
    opened = await stranger.post("/notice", number=f" {of.number.lower()} ", code=f"{wide[:3]} {wide[3:]}")
    assert (opened.status, opened.response.headers["Location"]) == (303, link(of))
    wrong_code = f"{(int(of.check_code) + 1) % 10**6:06d}"
    other = await stranger.post("/notice", number=of.number, code=wrong_code)
    nobodys = await stranger.post("/notice", number="示例-T1", code=of.check_code)
    assert (other.status, nobodys.status) == (404, 404)
    assert "没有打开告知书" in other.text and "没有打开告知书" in nobodys.text


async def test_a_code_cannot_be_guessed_on_and_the_link_stays_open(world):
    of = await given()
    stranger = await world.browser()
    for _ in range(typed_code.BY_NOTICE):
        assert (await stranger.post("/notice", number=of.number, code="x")).status == 404
    late = await stranger.post("/notice", number=of.number, code=of.check_code)
    assert late.status == 429 and "输错次数过多" in late.text
    assert (await stranger.get(link(of))).status == 200
    world.clock.move(world.clock() + timedelta(days=1, seconds=1))
    assert (await stranger.post("/notice", number=of.number, code=of.check_code)).status == 303
