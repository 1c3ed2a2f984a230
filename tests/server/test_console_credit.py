"""信用记录 at the desk, on the entity's page, in public and as a file (Art. 19)."""

import csv
import io
import json
from datetime import timedelta

import aiohttp
import openpyxl
import pytest

from locales import words
from models.procedure import credit
from models.queries import credit as queries
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Role
from models.rules.visit import local_day
from models.tables import CreditPaper, CreditRepair, Notice, Target
from server import credit_files
from server.commands.acting import shaped
from server.commands.deeds import DEEDS
from server.companion.act_request import ActRequest
from server.platform_files import FORMS, FileAdapter
from tests.models.procedure.test_credit import HEAD, LATER, PLACE, UNTIL, enter, published
from tests.server.pages import FORM, posted, site
from tests.support import publishing
from tests.support.district import leader_of

PDF = b"%PDF-1.4\nexample\n%%EOF\n"


@pytest.fixture
async def task(db):
    return await published(["R05"])


@pytest.fixture
async def world(task):
    async with site() as made:
        made.clock.at = LATER
        yield made


async def asked_for(world, task, text="示例已改正"):
    """An application by the entity's own page, with a paper."""
    letter = await Notice.filter(task=task).order_by("-version").first()
    address = f"/n/{tokens.token(PLACE.secret, 'notice', letter.number)}"
    form = aiohttp.FormData({"act": "repair", "text": text}, default_to_multipart=True)
    form.add_field("papers", PDF, filename="示例.pdf", content_type="application/pdf")
    browser = await world.browser()
    answer = await browser.client.post(f"{address}/papers", data=form, headers=FORM, allow_redirects=False)
    return browser, address, answer.status


async def test_a_head_enters_what_waits_and_the_public_page_says_so_until_repair(world, task):
    head, stranger = await world.browser(Role.HEAD, "GA"), await world.browser()
    assert "待纳入 1" in (await head.get("/console/credit")).text
    wrong = await posted(head, f"/console/credit/tasks/{task.number}", until="2040-01-01")
    assert wrong[0] == 409 and "三年" in wrong[1]
    assert (await posted(head, f"/console/credit/tasks/{task.number}", until=UNTIL.isoformat()))[0] == 303
    page = await stranger.get(f"/results/{task.number}")
    assert "已纳入信用记录" in page.text
    entity, address, status = await asked_for(world, task)
    assert status == 303 and "等待部门核查" in (await entity.get(address)).text
    repair, paper = await CreditRepair.get(), await CreditPaper.get()
    listed = await head.get("/console/credit")
    assert "示例已改正" in listed.text and "信用修复申请 1" in listed.text
    given = await head.client.get(f"/console/credit/papers/{paper.id}")
    assert (given.status, await given.read()) == (200, PDF)
    assert "信用修复申请" in (await head.get("/console/")).text
    done = await posted(head, f"/console/credit/repairs/{repair.id}", act="agree", said="示例已核实")
    assert done[0] == 303
    assert "已纳入信用记录" not in (await stranger.get(f"/results/{task.number}")).text
    shown = (await entity.get(address)).text
    assert "同意修复：示例已核实" in shown and "申请信用修复" not in shown


async def test_another_department_sees_and_decides_nothing(world, task):
    await enter(task)
    await asked_for(world, task)
    other = await world.browser(Role.HEAD, "XF")
    assert task.number not in (await other.get("/console/credit")).text
    repair, paper = await CreditRepair.get(), await CreditPaper.get()
    assert (await posted(other, f"/console/credit/repairs/{repair.id}", act="agree", said="示例"))[0] == 404
    assert (await other.client.get(f"/console/credit/papers/{paper.id}")).status == 404
    assert (await posted(other, f"/console/credit/tasks/{task.number}", until=UNTIL.isoformat()))[0] == 404
    officer = await world.browser(Role.INSPECTOR, (await leader_of(task)).id)
    assert (await officer.client.get("/console/credit.csv")).status == 403


async def test_the_office_enters_an_application_that_was_told_by_telephone(world, task):
    await enter(task)
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert "申请信用修复" in (await office.get(f"/console/tasks/{task.number}")).text
    fields = {"heard_by": "phone", "spoke_with": "示例店长", "text": "示例已改正"}
    assert (await posted(office, f"/console/tasks/{task.number}/said/repair", **fields))[0] == 303
    assert (await CreditRepair.get()).text == "示例已改正"
    assert "示例已改正" in (await office.get("/console/credit")).text


@pytest.mark.parametrize("name", ["=示例饭店", "示例饭店"])
async def test_the_files_read_back_what_was_written_and_run_no_formula(world, task, name):
    await Target.filter(code=task.target_id).update(name=name, credit_code="", registration="0123456789")
    await enter(task)
    head = await world.browser(Role.HEAD, "GA")
    files = {f: await (await head.client.get(f"/console/credit.{f}")).read() for f in ("csv", "xlsx", "json")}
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"])).active
    heads, line = (list(row) for row in sheet.iter_rows())
    assert all(cell.data_type in "sn" and cell.data_type != "f" for cell in line)
    book = dict(zip((c.value for c in heads), (c.value for c in line), strict=True))
    assert (book["检查对象"], book["统一社会信用代码或编号"]) == (name, "0123456789")
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert not rows[0]["检查对象"].startswith("=") and rows[0]["检查对象"].endswith("示例饭店")
    assert json.loads(files["json"])[0]["统一社会信用代码或编号"] == "0123456789"
    assert json.loads(files["json"])[0]["状态"] == "有效"


async def test_the_office_reads_what_it_does_not_decide(world, task):
    await enter(task)
    number = (await Notice.get(task=task)).number
    await credit.apply(number, "示例已改正", by=publishing.HOLDER, at=LATER + timedelta(hours=1))
    office = await world.browser(Role.OFFICE, "测试联席办")
    text = (await office.get("/console/credit")).text
    assert "同意修复" not in text and "示例已改正" in text


async def test_a_mapping_says_whose_columns_and_is_read_back(task, tmp_path):
    written = '[[column]]\nheading="事项"\nfield="number"\n[[column]]\nheading="结论"\nfield="types"\nvalues={R05="整改"}\n'
    await enter(task)
    mapping = credit_files.credit_mapping(written, words("zh_Hans"))
    lines = await queries.entries("GA", local_day(LATER))
    for form in FORMS:
        path = tmp_path / f"credit{form}"
        path.write_bytes(credit_files.credit_file(lines, mapping, form))
        assert FileAdapter(path).take(mapping) == [(f"{task.number}-X1", "整改")]
    with pytest.raises(Refusal) as no:
        credit_files.credit_mapping('[[column]]\nheading="a"\nfield="officers"\n', words("zh_Hans"))
    assert no.value.code == "platform.field"


async def test_the_same_is_done_at_the_command_line(task):
    async def do(name, subject, **given):
        key = f"example-{name:-<14}"
        asked = ActRequest(subject, HEAD, LATER, key, PLACE)
        await DEEDS[name][1](asked, shaped(name, given, key))

    await do("credit_enter", task.number, until=UNTIL.isoformat())
    number = (await Notice.get(task=task)).number
    asked = await credit.apply(number, "示例已改正", by=publishing.HOLDER, at=LATER)
    await do("credit_decide", str(asked.id), agree="false", said="示例未改正")
    assert (await CreditRepair.get()).granted is False
