"""待人工告知 on the console: printed together, each try noted with its proof, the whole way kept (Art. 16 (2))."""

import csv
import io
import json
import re
from datetime import timedelta

import aiohttp
import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from models import store
from models.procedure import delivery_attempt, hand_delivery
from models.queries import evidence, objects
from models.rules.actor import Role
from models.tables import Attempt, Notice, Target, Task
from server import quota
from server.app_keys import DISTRICT
from server.letters import LetterRenderer
from tests.server.pages import FORM, site
from tests.server.practice.pictures import jpeg
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, VISIT, district, written


@pytest.fixture
async def world(db):
    """Three visits fixed: one entity wants a fax, one a letter, one nothing in particular."""
    await sample.found()
    await sample.drawn()
    for n, (task, channels) in enumerate(
        zip(await Task.all().order_by("rank").limit(3), (["fax"], ["post"], []), strict=True)
    ):
        async with written():
            await Target.filter(code=task.target_id).update(channels=channels, fax=f"0375-100000{n}")
        await sample.visit_fixed(task, district(), begins=VISIT + timedelta(days=n))
    async with site(letter=LetterRenderer(district())) as made:
        yield made


async def tasks():
    return await Task.all().order_by("rank").limit(3)


async def leader(world, task):
    return await world.browser(Role.INSPECTOR, (await sample.leader_of(task)).id)


async def office(world):
    return await world.browser(Role.OFFICE, "测试联席办")


async def upload(browser, number, data=None, name="proof.jpg", csrf=None, **said):
    form = aiohttp.FormData(
        {"csrf": browser.csrf if csrf is None else csrf, **said}, default_to_multipart=True
    )
    if data is not None:
        form.add_field("proof", data, filename=name, content_type="application/octet-stream")
    address = f"/console/tasks/{number}/handed"
    answer = await browser.client.post(address, data=form, headers=FORM, allow_redirects=False)
    return answer.status


async def test_what_waits_for_a_person_stands_under_the_way_that_is_due(world):
    page = await (await office(world)).get("/console/letters")
    for said in ("电话告知 1", "传真 1", "邮寄 1", "传真 0375-1000000", "打印 2 份告知书"):
        assert said in page.text, said
    assert "0375-0000" not in page.html  # the office never sees a contact's telephone
    assert (
        "/console/letters" in (await (await office(world)).get("/console/tasks?due=unreached")).reader.links
    )


async def test_all_letters_come_in_one_file_behind_their_list(world):
    found = [await Notice.get(task=task) for task in (await tasks())[:2]]
    answer = await (await office(world)).client.get("/console/letters.pdf")
    reader = PdfReader(io.BytesIO(await answer.read()))
    words = ["".join(page.extract_text().replace("\u200b", "").split()) for page in reader.pages]
    assert "待送告知书清单" in words[0]
    assert all(letter.number in words[0] for letter in found)
    behind = "".join(words[1:])
    assert 0 <= behind.find(found[0].number) < behind.find(found[1].number)


async def test_fd7_joined_letters_keep_language_marks_and_structure_and_count_their_own_pages(world):
    answer = await (await office(world)).client.get("/console/letters.pdf")
    reader = PdfReader(io.BytesIO(await answer.read()))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("zh") and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert all("/StructParents" in page for page in reader.pages)
    counted = ["".join(page.extract_text().split()) for page in reader.pages]
    counts = [re.search(r"第(\d+)页共(\d+)页", page).groups() for page in counted]
    assert counts[0] == ("1", "1") and counts[1][0] == "1" and len(counts) == 1 + 2 * int(counts[1][1])


async def test_a_fax_that_went_through_is_kept_with_its_proof(world):
    task = (await tasks())[0]
    browser, data = await leader(world, task), jpeg()
    assert (
        await upload(browser, task.number, data, result="fax.delivered", who="示例前台", said="0375-1000000")
        == 303
    )
    row = await Attempt.get(channel="fax")
    assert (row.outcome, row.detail) == ("delivered", "示例前台: 0375-1000000")
    assert (await Notice.get(task=task)).state == "sent"
    page = await browser.get(f"/console/tasks/{task.number}")
    assert "告知书已送达 · 传真" in page.text
    answer = await browser.client.get(f"/console/tasks/{task.number}/proofs/{row.id}")
    assert await answer.read() == data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert (await objects.orphans()) == ([], [])
    assert (await evidence.verify()).differences == []


async def test_posted_is_said_to_be_posted_and_not_to_be_told(world):
    task = (await tasks())[1]
    host = await office(world)
    assert (
        await upload(
            host, task.number, b"%PDF-1.7 slip %%EOF", "slip.pdf", result="post.posted", said="EMS 1"
        )
        == 303
    )
    assert (await Notice.get(task=task)).state == "by_hand"
    page = await host.get("/console/letters")
    assert "已寄出，等待签收" in page.text
    assert "打印 1 份" in page.text


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"<svg onload=alert(1)>", 409), (b"%PDF-1.7 cut off", 409), (b"MZ\x90 a program", 409), (b"", 303)],
)
async def test_d39_what_is_no_picture_and_no_pdf_is_no_proof(world, data, status):
    task = (await tasks())[0]
    browser = await leader(world, task)
    assert await upload(browser, task.number, data, "proof.jpg", result="fax.failed", said="忙音") == status
    assert await Attempt.filter(channel="fax").count() == (status == 303)


async def test_d62_a_form_with_files_needs_its_sessions_token_and_a_page_of_ours(world):
    task = (await tasks())[0]
    browser = await leader(world, task)
    assert (
        await upload(browser, task.number, jpeg(), csrf="other", result="fax.delivered", who="x", said="x")
        == 403
    )
    answer = await browser.client.post(
        f"/console/tasks/{task.number}/handed",
        data={"csrf": browser.csrf},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status == 403
    assert not await Attempt.exists(channel="fax")


async def test_e7_the_proof_of_a_try_that_is_refused_is_not_kept(world):
    [task, *_], browser = await tasks(), await office(world)
    before = [name async for name in store.objects.names()]
    assert await upload(browser, task.number, jpeg(), result="fax.delivered") == 409  # nothing is said
    assert (
        await upload(browser, task.number, jpeg(), csrf="other", result="fax.delivered", who="x", said="x")
        == 403
    )
    assert [name async for name in store.objects.names()] == before


async def test_e7_the_proofs_of_a_letter_and_an_account_have_their_limit_a_day(world):
    [task, other, *_], browser = await tasks(), await office(world)
    before = [name async for name in store.objects.names()]
    world.server.app[quota.QUOTA].per_link = 2000
    said = {"result": "fax.failed", "said": "忙音"}
    assert await upload(browser, task.number, jpeg(1), **said) == 303
    while await upload(browser, task.number, jpeg(2), **said) == 303:
        pass
    kept = [name async for name in store.objects.names()]
    assert await upload(browser, task.number, jpeg(3), **said) == 409
    assert [name async for name in store.objects.names()] == kept
    assert await upload(browser, other.number, jpeg(3), **said) == 303
    object.__setattr__(world.server.app[DISTRICT], "officer_day_mb", 0)
    assert await upload(browser, other.number, jpeg(4), **said) == 409
    assert len(kept) - len(before) <= 2


async def test_d60_another_department_sees_neither_letters_nor_proofs(world):
    task = (await tasks())[0]
    await hand_delivery.handed(task.number, "fax", "failed", by=OFFICE, at=CEREMONY, text="忙音")
    stranger = await world.browser(Role.HEAD, "JY")
    assert task.number not in (await stranger.get("/console/letters")).html
    assert (await stranger.get("/console/letters.pdf")).status == 404
    for path in ("notices.csv", "notices.xlsx", "notices.json", "proofs/1"):
        assert (await stranger.get(f"/console/tasks/{task.number}/{path}")).status == 404


async def test_c7_each_notice_has_a_page_with_its_own_way(world):
    task = (await tasks())[1]
    actor = await sample.leader_of(task)
    await hand_delivery.handed(task.number, "fax", "failed", by=actor, at=CEREMONY, text="示例:占线")
    letter = await Notice.get(task=task)
    browser = await leader(world, task)
    assert (
        f'href="/console/notices/{letter.number}"'
        in (await browser.get(f"/console/tasks/{task.number}")).html
    )
    page = await browser.get(f"/console/notices/{letter.number}")
    assert page.status == 200
    for said in (
        f"告知书 {letter.number} 的告知经过",
        "传真",
        "示例:占线",
        "告知书已批准",
        letter.check_code,
    ):
        assert said in page.text, said
    for unseen in (f"{task.number}-T9", "2026-XX-1-999-T1"):
        assert (await browser.get(f"/console/notices/{unseen}")).status == 404


async def test_c7_the_way_is_a_workbook_too_whose_digits_stay(world):
    task = (await tasks())[1]
    actor = await sample.leader_of(task)
    await hand_delivery.handed(task.number, "post", "posted", by=actor, at=CEREMONY, text="1180012345678912")
    await hand_delivery.handed(task.number, "fax", "failed", by=actor, at=CEREMONY, text="03750000001")
    browser = await leader(world, task)
    assert "notices.xlsx" in (await browser.get(f"/console/tasks/{task.number}")).html
    answer = await browser.client.get(f"/console/tasks/{task.number}/notices.xlsx")
    assert answer.content_type.endswith("spreadsheetml.sheet")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(await answer.read())).get_sheet_by_index(0).to_python()
    said = [row[rows[0].index("说明")] for row in rows[1:]]
    assert {"1180012345678912", "03750000001"} <= set(said)
    assert all(isinstance(cell, str) for row in rows for cell in row)


async def test_calls_in_vain_are_counted_where_the_next_is_made(world):
    task = (await tasks())[2]
    browser, actor = await leader(world, task), await sample.leader_of(task)
    for n in range(2):
        await delivery_attempt.telephoned(
            task.number, False, "无人接听", by=actor, at=CEREMONY + timedelta(hours=n)
        )
    assert "已拨打 2 次，无人接听" in (await browser.get(f"/console/tasks/{task.number}")).text
    await delivery_attempt.telephoned(
        task.number, False, "无人接听", by=actor, at=CEREMONY + timedelta(hours=3)
    )
    page = await browser.get(f"/console/tasks/{task.number}")
    assert "已拨打 3 次" in page.text
    assert "已报告部门负责人" in page.text


async def test_d70_the_way_as_a_table_holds_no_formula(world):
    task = (await tasks())[0]
    actor = await sample.leader_of(task)
    for said in ('=HYPERLINK("http://x.test")', "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "a\x00b\r\n=2"):
        await hand_delivery.handed(task.number, "fax", "failed", by=actor, at=CEREMONY, text=said)
    browser = await leader(world, task)
    answer = await browser.client.get(f"/console/tasks/{task.number}/notices.csv")
    data = await answer.read()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["留痕序号", "时间", "告知书编号", "事项"]
    cells = [cell for row in rows[1:] for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    assert len([cell for cell in cells if cell.startswith("'")]) == 6
    told = json.loads(await (await browser.client.get(f"/console/tasks/{task.number}/notices.json")).read())
    assert [one["kind"] for one in told["steps"]][:2] == ["visit.fixed", "notice.approved"]
    assert len(told["steps"]) == len(rows) - 1
    assert all(len(one["sha256"]) == 64 for one in told["steps"])
