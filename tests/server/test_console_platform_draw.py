"""A file of what the provincial platform drew: brought, looked at, taken, held and verified as what it is (Art. 8, 14)."""

import io
import zipfile

import openpyxl
import pytest
from aiohttp import FormData

from models.procedure import draw
from models.queries import draws
from models.rules import bundle
from models.rules.actor import Role
from models.tables import Batch, Draw, Task
from tests.server.pages import FORM, site
from tests.server.public.bundles import verifier
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import BATCH, CEREMONY, OFFICE
from tests.support.platform_files import HEADS, drawn_file

PAGE = f"/console/batches/{BATCH}"
MARK = "来源：省级平台，不可复算"


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


def as_workbook(data: bytes) -> bytes:
    book = openpyxl.Workbook()
    for line in data.decode().splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def brought(browser, data=None, name="抽取结果.xlsx"):
    form = FormData(default_to_multipart=True)
    form.add_field("csrf", browser.csrf)
    form.add_field("file", data or as_workbook(drawn_file()), filename=name)
    answer = await browser.client.post(f"{PAGE}/platform", data=form, headers=FORM, allow_redirects=False)
    return answer.headers.get("Location", "") if answer.status == 303 else answer.status


async def test_it_is_shown_before_it_is_written_and_marked_on_every_page(world):
    head, stranger = await world.browser(Role.HEAD, "GA"), await world.browser()
    assert "导入省级平台的抽取结果" in (await head.get(PAGE)).text
    place = await brought(head)
    shown = (await head.get(place)).text
    assert "OBJ00003" in shown and "TEST-GA-001" in shown and MARK in shown and not await Draw.exists()
    assert (await head.post(f"{place}/take")).status == 303
    code = str((await Draw.get()).code)
    standing = (await head.get(f"/console/draws/{code}")).text
    assert MARK in standing and "派发任务" in standing and "见证人封存" not in standing
    assert (await head.post(f"/console/draws/{code}/hold")).status == 303
    assert await Task.all().count() == 3
    for page in ("/draws", f"/draws/{code}"):
        assert MARK in (await stranger.get(page)).text, page
    again = await brought(head)
    assert code in (await head.get(again)).text and (await head.post(f"{again}/take")).status == 303
    assert await Task.all().count() == 3


async def test_rows_that_cannot_stand_are_named_and_nothing_is_written(world):
    head = await world.browser(Role.HEAD, "GA")
    place = await brought(head, f"{HEADS}OBJ99999,,,1,示例证-9,\n".encode(), "名单.csv")
    page = await head.get(place)
    assert (
        "第 2 行" in page.text
        and "检查对象名录库中没有" in page.text
        and "人员名录库中没有这个证号" in page.text
    )
    assert "/take" not in page.html and (await head.post(f"{place}/take")).status == 409
    assert not await Draw.exists()
    assert "没有找到" in (await head.get(await brought(head, "一,二\n1,2\n".encode(), "别的.csv"))).text


async def test_another_department_neither_brings_nor_sees_a_file(world):
    head, other = await world.browser(Role.HEAD, "GA"), await world.browser(Role.HEAD, "WJ")
    place = await brought(head)
    assert (await other.get(place)).status == 404 and (await other.post(f"{place}/take")).status == 404
    assert await brought(other) in (403, 409)


async def test_the_bundle_says_that_it_cannot_be_recomputed_and_never_that_it_agrees(world, tmp_path):
    head = await world.browser(Role.HEAD, "GA")
    await head.post(f"{await brought(head)}/take")
    code = str((await Draw.get()).code)
    await draw.hold(code, by=OFFICE, at=CEREMONY)
    row, path = await Draw.get(code=code), tmp_path / "b.zip"
    path.write_bytes(bundle.packed(await draws.bundle_files(code, full=True)))
    report = verifier.check(str(path), [row.commitment, row.results_sha256])
    assert (report.count, report.foreign) == (0, True)
    assert verifier.main([str(path)]) == 3
    assert verifier.main([str(path), "--expect", "0" * 64]) == 1
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["drawn.tsv"] = b"".join(files["drawn.tsv"].splitlines(keepends=True)[:-1])
    path.write_bytes(bundle.packed(files))
    assert verifier.check(str(path)).count == 1


async def test_the_same_is_done_at_the_command_line(db, tmp_path):
    await sample.found()
    path = tmp_path / "drawn.csv"

    def run(*asked):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "zh_Hans"}
        return fork_server.run(*asked, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    path.write_text(f"{HEADS}OBJ99999,,,1,示例证-9,\n", encoding="utf-8")
    done = run("platform", "draw", path, "--batch", BATCH)
    assert (done.returncode, "第 2 行 检查对象 OBJ99999" in done.stdout) == (2, True), done.stdout
    path.write_bytes(drawn_file())
    done = run("platform", "draw", path, "--batch", BATCH)
    assert (done.returncode, "可写入 3 个检查对象" in done.stdout) == (0, True), done.stdout + done.stderr
    assert not await Draw.exists()
    done = run("platform", "draw", path, "--batch", BATCH, "--take")
    assert (done.returncode, MARK in done.stdout) == (0, True), done.stdout + done.stderr
    assert MARK in run("platform", "draw", path, "--batch", BATCH).stdout
    path.write_bytes(drawn_file(targets=("OBJ00001",)))
    assert run("platform", "draw", path, "--batch", BATCH, "--take").returncode == 2
    assert run("batch", "hold", BATCH, "--out", tmp_path / "b.zip").returncode == 0
    assert await Task.all().count() == 3 and await Batch.exists()
    done = run("draw", "verify", tmp_path / "b.zip")
    assert (done.returncode, MARK in done.stdout) == (1, True)
