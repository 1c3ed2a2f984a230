"""The record on paper, at the desk, and on the page that says whether it is genuine (Art. 16 (3))."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from locales import words
from models import store
from models.procedure import inspection, photo, record
from models.procedure import sample as samples
from models.queries import record as queries
from models.queries.record_version import RecordVersion
from models.queries.sheet import sheet_of
from models.rules.actor import Actor, Role
from models.tables import Photo, Record, Target, Task
from server.documents.record import RecordWords, print_record
from server.records import RecordRenderer, compose, url_of
from tests.server.documents.samples import thumbnail
from tests.server.pages import site
from tests.support import assistance
from tests.support import district as sample
from tests.support.district import VISIT, district
from tests.support.record import kept

PLACE = district("http://district.example")
ZH = words("zh_Hans")
PRIVATE = ("检员", "示例经理", "示例见证人", "0375-", "1390000", "示例人0")


async def visit(name: str = "") -> tuple[Task, Actor]:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    if name:
        await Target.filter(code=task.target_id).update(name=name)
    await sample.visit_fixed(task, PLACE)
    team, leader = await sample.team_of(task), await sample.leader_of(task)
    await inspection.begin(
        task.number,
        [one.id for crew in team.values() for one in crew],
        by=leader,
        at=VISIT,
        untold="示例:当面告知",
    )
    for ask in (await sheet_of(task)).asks:
        await inspection.answer(
            task.number, ask.number, verdict="na" if ask.may_not_apply else "pass", note=f"示例说明{ask.number}", at=VISIT,
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind), by=team[ask.department][0],
        )  # fmt: skip
    return task, leader


async def drawn(task: Task, leader: Actor) -> RecordVersion:
    return await record.draw_up(task.number, by=leader, at=VISIT, district=PLACE)


async def pictured(task: Task, leader: Actor, colour: str, *, developed: bool = True) -> Photo:
    data = thumbnail(colour)
    name = await store.objects.put(data)
    shot = await photo.take(
        task.number, None, by=leader, at=VISIT, sha256=name, size=len(data), format="JPEG", width=320, height=240, grade="C",
        labels=["far:812"], exif={},
    )  # fmt: skip
    if developed:
        await photo.developed(shot.id, at=VISIT, thumbnail=name, stamped=name)
    return await Photo.get(id=shot.id)


def read(pdf: bytes) -> str:
    return re.sub(
        r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    )


def squeezed(said: str) -> str:
    return re.sub(r"\s", "", said)


async def test_the_paper_says_everything_and_its_code_leads_to_the_page(db) -> None:
    task, leader = await visit()
    shot = await pictured(task, leader, "teal")
    made = await drawn(task, leader)
    await record.sign(
        task.number, made.sha256, "entity", picture=await kept(), name="示例经理", by=leader, at=VISIT
    )
    printed = await RecordRenderer(PLACE)(made.id, "zh")
    said = read(printed.pdf)
    wanted = [ask.text for ask in (await sheet_of(task)).asks] + [f"示例说明{n}" for n in range(1, 14)]
    wanted += [row[0] for row in made.facts["team"]] + [
        shot.sha256[:16],
        "离地址812米",
        "证据等级C",
        "示例经理",
    ]
    wanted += [made.sha256, made.check_code, f"{task.number}-J1", "第1版", "未提出意见"]
    assert [one for one in wanted if squeezed(one) not in said] == []
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(printed.pdf)).pages) >= 2
    assert printed.url == url_of(f"{task.number}-J1", PLACE)
    (version,) = (await queries.papers(task.id)).versions
    first, *_ = print_record(compose(version, ZH, PLACE), RecordWords.of(ZH), form="png", ppi=150)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(first)).convert("RGB"))
    assert code.text == printed.url


async def test_the_paper_is_kept_once_and_printed_anew_when_somebody_signs(db) -> None:
    task, leader = await visit()
    made = await drawn(task, leader)
    printer = RecordRenderer(PLACE)
    first = (await printer(made.id, "zh")).pdf
    object = (await Record.get(id=made.id)).pdf
    assert await store.objects.get(object) == first == (await printer(made.id, "zh")).pdf
    await record.sign(task.number, made.sha256, "officer", picture=await kept(), by=leader, at=VISIT)
    assert (await Record.get(id=made.id)).pdf == ""
    second = (await printer(made.id, "zh")).pdf
    assert second != first
    assert (await Record.get(id=made.id)).pdf not in ("", object)
    await record.printed(made.id, object, 0, at=VISIT)
    assert (await Record.get(id=made.id)).pdf != object, "a paper without the signature does not come back"


async def test_a_paper_whose_photos_are_not_developed_yet_is_not_kept(db) -> None:
    task, leader = await visit()
    shot = await pictured(task, leader, "olive", developed=False)
    made = await drawn(task, leader)
    assert (await RecordRenderer(PLACE)(made.id, "zh")).pdf.startswith(b"%PDF")
    assert (await Record.get(id=made.id)).pdf == ""
    await photo.developed(shot.id, at=VISIT, thumbnail=shot.sha256, stamped=shot.sha256)
    await RecordRenderer(PLACE)(made.id, "zh")
    assert (await Record.get(id=made.id)).pdf


async def test_the_paper_shows_the_copy_in_which_a_face_is_hidden(db) -> None:
    task, leader = await visit()
    shot = await pictured(task, leader, "maroon")
    mark = {"kind": "hide", "x1": 0, "y1": 0, "x2": 9000, "y2": 9000}
    await photo.mark(shot.id, [mark], by=leader, at=VISIT)
    hidden = await store.objects.put(thumbnail("navy"))
    made = await drawn(task, leader)
    told = await queries.told(made.id)
    assert told and told.thumbnails == {shot.sha256: ""}
    await photo.developed(
        shot.id, at=VISIT, thumbnail=hidden, stamped=shot.sha256, marked=hidden, marks=[mark]
    )
    pdf = (await RecordRenderer(PLACE)(made.id, "zh")).pdf
    (image,) = [one.image.convert("RGB") for page in PdfReader(io.BytesIO(pdf)).pages for one in page.images]
    assert image.getpixel((10, 10)) == Image.open(io.BytesIO(thumbnail("navy"))).getpixel((10, 10))
    assert "已标注" in read(pdf)


async def test_a_refusal_and_earlier_signatures_stand_on_the_paper(db) -> None:
    task, leader = await visit("平顶山市新华区示例名称特别长的酒店管理" * 4 + "有限公司")
    first = await drawn(task, leader)
    await record.sign(task.number, first.sha256, "officer", picture=await kept(), by=leader, at=VISIT)
    await record.hear(task.number, "示例:对认定有异议。" * 30, by=leader, at=VISIT)
    second = await drawn(task, leader)
    await record.refuse_to_sign(
        task.number, second.sha256, "示例:认为材料在总部" * 8, witness="示例见证人", by=leader, at=VISIT
    )
    pdf = (await RecordRenderer(PLACE)(second.id, "zh")).pdf
    said = read(pdf)
    for wanted in ("拒绝签字。理由", "示例见证人", f"第1版(校验值{first.sha256[:16]}", "曾由" + leader.name):
        assert wanted in said.replace("（", "("), wanted
    assert "示例:对认定有异议。" * 30 in said


async def test_in_english_the_chinese_record_follows(db) -> None:
    task, leader = await visit()
    made = await drawn(task, leader)
    zh, en = [(await RecordRenderer(PLACE)(made.id, language)).pdf for language in ("zh", "en")]
    said = read(en)
    assert said.index("Inspectionrecord") < said.index("检查记录表")
    assert len(PdfReader(io.BytesIO(en)).pages) > len(PdfReader(io.BytesIO(zh)).pages)


async def test_a_rehearsals_record_says_so_on_every_page(db) -> None:
    task, leader = await visit()
    made = await drawn(task, leader)
    pdf = (await RecordRenderer(replace(PLACE, practice=True))(made.id, "zh")).pdf
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert all(squeezed(ZH("letter.practice")) in squeezed(page) for page in pages)


@pytest.fixture
async def world(db):
    async with site() as made:
        yield made


def link(task: Task, version: int = 1) -> str:
    return url_of(f"{task.number}-J{version}", PLACE).removeprefix("http://district.example")


async def test_the_page_says_genuine_and_shows_no_whole_name(world) -> None:
    task, leader = await visit()
    made = await drawn(task, leader)
    await record.sign(task.number, made.sha256, "officer", picture=await kept(), by=leader, at=VISIT)
    await record.sign(
        task.number, made.sha256, "entity", picture=await kept(2), name="示例经理", by=leader, at=VISIT
    )
    page = await (await world.browser()).get(link(task))
    assert page.status == 200 and "记录属实" in page.text
    assert squeezed(made.sha256) in squeezed(page.text)
    for wanted in (made.check_code, f"{task.number}-J1", "检查人员", "检查对象", "示**"):
        assert wanted in page.text
    assert [one for one in PRIVATE if one in page.html] == []
    assert "<script" not in page.html
    assert page.response.headers["X-Robots-Tag"] == "noindex"
    paper = await (await world.browser()).get(link(task) + ".pdf")
    assert (paper.response.content_type, paper.response.headers["Cache-Control"]) == (
        "application/pdf",
        "no-store",
    )


async def test_a_replaced_version_says_which_one_took_its_place(world) -> None:
    task, leader = await visit()
    first = await drawn(task, leader)
    await record.sign(task.number, first.sha256, "officer", picture=await kept(), by=leader, at=VISIT)
    await record.hear(task.number, "示例", by=leader, at=VISIT)
    await drawn(task, leader)
    browser = await world.browser()
    old, new = await browser.get(link(task)), await browser.get(link(task, 2))
    assert "已有新版" in old.text and "第2版" in old.text and "已签字" in old.text
    assert "记录属实" in new.text and "：未签字" in new.text and "已签字" not in new.text


async def test_d68_unknown_and_malformed_links_get_one_answer(world) -> None:
    task, leader = await visit()
    await drawn(task, leader)
    browser = await world.browser()
    pages = [await browser.get(f"/r/{token}") for token in ("A" * 22, "A", "A" * 300, link(task)[3:-1] + "!")]
    pages.append(await browser.get("/r/" + "B" * 22 + ".pdf"))
    assert {one.status for one in pages} == {404}
    assert len({squeezed(one.text) for one in pages}) == 1
    assert "没有这份记录表" in pages[0].text


async def test_the_desk_draws_up_shows_who_signed_and_gives_the_paper(world) -> None:
    task, leader = await visit()
    world.clock.move(VISIT + timedelta(minutes=30))
    browser = await world.browser(Role.INSPECTOR, leader.id)
    address = f"/console/tasks/{task.number}"
    assert "还没有生成记录表" in (await browser.get(address)).text
    done = await browser.post(f"{address}/record-sheet", follow=True)
    assert "记录表已生成" in done.text
    made = await Record.get()
    assert made.by == f"inspector:{leader.id}"
    paper = await browser.get(f"{address}/record.pdf?version=1")
    assert (paper.status, paper.body[:5]) == (200, b"%PDF-")
    assert (await browser.get(f"{address}/record.pdf?version=2")).status == 404
    assert (await browser.get(f"{address}/record.pdf?version=-1")).status == 200
    page = await browser.get(address)
    assert "生成检查记录表" in page.text and made.sha256[:8] in page.text
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert (await office.get(f"{address}/record.pdf")).status == 200
    assert (await office.post(f"{address}/record-sheet")).status == 403
    head = await world.browser(Role.HEAD, "JY")
    assert (await head.get(f"{address}/record.pdf")).status == 404


async def test_a_question_whose_sample_is_out_reads_awaiting_test_and_other_methods_are_named(db) -> None:
    await sample.found()
    await assistance.planned()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    leader = await sample.leader_of(task)
    await sample.visit_fixed(task, PLACE)
    team = await sample.team_of(task)
    await inspection.begin(
        task.number,
        [one.id for crew in team.values() for one in crew],
        by=leader,
        at=VISIT,
        untold="示例:当面告知",
    )
    await assistance.taken(task, team["GA"], VISIT)
    await drawn(task, leader)
    (version,) = (await queries.papers(task.id)).versions
    zh, en = compose(version, ZH, PLACE), compose(version, words("en"), PLACE)
    (row,) = [one for part in zh.parts for one in part.answers if one.answer == "待检测"]
    assert "抽样检测" in row.note and "示例毛巾" in row.note and "示例检测技术有限公司" in row.note
    assert "awaiting test" in [one.answer for part in en.parts for one in part.answers]
    assert "待检测" in zh.happened[0] and "示例封0001" in zh.happened[0]
    assert squeezed("待检测") in read((await RecordRenderer(PLACE)((await Record.get()).id, "zh")).pdf)


async def test_a_point_that_waits_for_a_report_says_so_and_not_that_nobody_checked(db) -> None:
    task, leader = await visit()
    await assistance.planned()
    crew = (await sample.team_of(task))["WJ"]
    sheet = await inspection.undo(task.number, by=crew[0], at=VISIT)
    (unanswered,) = (ask.number for ask in sheet.asks if not sheet.given[ask.number].verdict)
    out = await assistance.taken(task, crew, VISIT, question=unanswered)
    first = read((await RecordRenderer(PLACE)((await drawn(task, leader)).id, "zh")).pdf)
    for wanted in ("待检测", "样品示例毛巾，送示例检测技术有限公司检测", "检测报告收到后补记"):
        assert squeezed(wanted) in first
    assert "项未检查" not in first
    await samples.report(out.id, "fail", "示例:超标", "示例检2026-1", by=crew[0], at=VISIT)
    second = await drawn(task, leader)
    said = read((await RecordRenderer(PLACE)(second.id, "zh")).pdf)
    assert second.version == 2
    assert squeezed("检测报告示例检2026-1") in said
    assert "待检测" not in said
