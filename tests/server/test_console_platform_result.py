"""A file of results of the provincial platform: brought, looked at beside ours, taken, taken back at a desk (Art. 8)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from aiohttp import FormData

from models.rules.actor import Role
from models.tables import PlatformFile, PlatformResult, Result, Task
from tests.server.notices import given, published, visited
from tests.server.pages import FORM, site
from tests.server.test_console_platform_draw import as_workbook
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import BATCH, SHANGHAI, VISIT, written
from tests.support.platform_files import results_file

PAGE = f"/console/batches/{BATCH}"
MARK, DAY = "来源：省级平台", "2026-12-09"


@pytest.fixture
async def world(db):
    await sample.found()
    task = await published((await visited(await given())).task)
    async with site(sample.Clock(VISIT + timedelta(days=2))) as made:
        made.task = task
        yield made


async def brought(browser, data, name="检查结果.xlsx"):
    form = FormData(default_to_multipart=True)
    form.add_field("csrf", browser.csrf)
    form.add_field("file", data, filename=name)
    answer = await browser.client.post(
        f"{PAGE}/platform-results", data=form, headers=FORM, allow_redirects=False
    )
    return answer.headers.get("Location", "") if answer.status == 303 else answer.status


async def test_it_is_shown_before_it_is_written_marked_beside_ours_and_taken_back(world):
    head, task = await world.browser(Role.HEAD, "GA"), world.task
    assert "导入省级平台的检查结果" in (await head.get(PAGE)).text
    data = as_workbook(results_file(f"{task.number},,,,未发现问题,,,{DAY},示例-7"))
    place = await brought(head, data)
    shown = (await head.get(place)).text
    assert MARK in shown and "本系统 发现问题已责令改正，平台 未发现问题" in shown
    assert (
        not await PlatformResult.exists()
        and MARK not in (await head.get(f"/console/tasks/{task.number}")).text
    )
    assert (await head.post(f"{place}/take")).status == 303
    page = (await head.get(f"/console/tasks/{task.number}")).text
    assert MARK in page and "本系统 发现问题已责令改正，平台 未发现问题" in page and "示例-7" in page
    assert (await Result.get(task=task)).types == ["R05"]
    stranger = await world.browser()
    assert "示例-7" not in (await stranger.get(f"/results/{task.number}")).text
    again = await brought(head, data)
    assert "这个文件已导入 1 行" in (await head.get(again)).text
    assert (await head.post(f"{again}/take")).status == 303 and await PlatformResult.all().count() == 1
    assert (await head.post(f"{again}/take-back", reason="")).status == 409
    assert (await head.post(f"{again}/take-back", reason="示例:文件有误")).status == 303
    page = (await head.get(f"/console/tasks/{task.number}")).text
    assert "本系统 发现问题已责令改正" not in page and "撤回导入的省级平台检查结果" in page


async def test_rows_that_cannot_stand_are_named_and_nothing_is_written(world):
    head = await world.browser(Role.HEAD, "GA")
    place = await brought(head, results_file(f"示例-9,,,,未发现问题,,,{DAY},示例-7"), "结果.csv")
    page = await head.get(place)
    assert (
        "第 2 行" in page.text and "没有这个任务" in page.text and f'action="{place}/take"' not in page.html
    )
    assert (await head.post(f"{place}/take")).status == 409 and not await PlatformResult.exists()
    assert "没有找到" in (await head.get(await brought(head, "一,二\n1,2\n".encode(), "别的.csv"))).text


async def test_another_department_neither_brings_nor_sees_nor_takes_back_a_file(world):
    head, other = await world.browser(Role.HEAD, "GA"), await world.browser(Role.HEAD, "WJ")
    place = await brought(head, results_file(f"{world.task.number},,,,未发现问题,,,{DAY},示例-7"), "结果.csv")
    for page in (await other.get(place), await other.post(f"{place}/take"),
                 await other.post(f"{place}/take-back", reason="示例")):  # fmt: skip
        assert page.status == 404
    assert await brought(other, b"1", "a.csv") in (403, 409)


async def test_the_same_is_done_at_the_command_line(db, tmp_path):
    await sample.found()
    task = await published((await visited(await given())).task)
    async with written():
        await Task.filter(id=task.id).update(ended_at=datetime(2020, 1, 1, 9, tzinfo=SHANGHAI))
    path = tmp_path / "results.csv"

    def run(*asked):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "zh_Hans"}
        return fork_server.run(
            "platform",
            "results",
            path,
            *asked,
            env={f"SHUANGSUIJI_{name}": value for name, value in known.items()},
        )

    path.write_bytes(results_file("示例-9,,,,未发现问题,,,2020-01-01,示例-7"))
    done = run("--take")
    assert (done.returncode, "第 2 行 任务编号 示例-9" in done.stdout) == (2, True), done.stdout + done.stderr
    assert not await PlatformResult.exists()
    path.write_bytes(results_file(f"{task.number},,,,未发现问题,,,2020-01-02,示例-7"))
    done, said = run(), f"{task.number} 检查结果：本系统 发现问题已责令改正，平台 未发现问题"
    assert (done.returncode, said in done.stdout) == (0, True), done.stdout + done.stderr
    assert "可导入 1 行" in done.stdout and not await PlatformResult.exists()
    done = run("--take")
    assert (done.returncode, "已导入 1 行（来源：省级平台）" in done.stdout) == (0, True), (
        done.stdout + done.stderr
    )
    assert "已导入 0 行（来源：省级平台），原已导入 1 行" in run("--take").stdout
    assert run("--take-back", "").returncode == 2
    async with site(sample.Clock(VISIT + timedelta(days=2))) as made:
        head = await made.browser(Role.HEAD, "GA")
        kept = await PlatformFile.get()
        place = f"/console/platform-results/{kept.id}"
        assert (kept.name, kept.data) == ("results.csv", path.read_bytes())
        assert f'href="{place}"' in (await head.get(PAGE)).html, "what came by command is kept as at the desk"
        assert "撤回" in (await head.get(place)).text
    done = run("--take-back", "示例:文件有误")
    assert (done.returncode, "已撤回 1 行" in done.stdout) == (0, True), done.stdout + done.stderr
    assert (await PlatformResult.get()).reason == "示例:文件有误"
    async with site(sample.Clock(VISIT + timedelta(days=2))) as made:
        assert place not in (await (await made.browser(Role.HEAD, "GA")).get(PAGE)).html
