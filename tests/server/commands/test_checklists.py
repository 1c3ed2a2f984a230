"""`checklists` as a person at the server runs it: the same acts as on the console (Art. 7)."""

from __future__ import annotations

import pytest

from models.tables import Checklist, ChecklistDraft, PlanEntry
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import CEREMONY

CODE = "XH-GA-02/03/04/05"


@pytest.fixture
async def run(db, tmp_path):
    await sample.found()
    async with sample.written():
        await PlanEntry.all().update(closes=CEREMONY.date().replace(month=1))

    def asked(*words: str):
        env = {"SHUANGSUIJI_DATABASE_URL": db.partition("?")[0], "SHUANGSUIJI_DATA_DIR": str(tmp_path)}
        return fork_server.run("checklists", *words, env=env)

    return asked


async def test_a_checklist_is_drafted_published_retired_and_restored(run):
    assert "13" in run("begin", CODE).stdout
    assert run("put", "1", "3", "检查要点=示例:已修改", "依据=《示例条例》第3条[2021-07-27]").returncode == 0
    wrong = run("put", "1", "3", "出现条件=4=不合格")
    assert wrong.returncode == 2 and "第 3 行" in wrong.stdout and "互相等待" in wrong.stdout
    assert run("put", "1", "3", "出现=4").returncode == 2
    assert run("remove", "1", "13").returncode == 0 and run("rename", "1", "--name", "示例名").returncode == 0
    assert "已修改" in run("show", "1").stdout and CODE in run("drafts").stdout
    assert run("publish", "1").returncode == 2  # why is it changed?
    assert run("publish", "1", "--reason", "示例条例修订").returncode == 0
    assert (await Checklist.get(code=CODE, version=2)).name == "示例名"
    assert run("retire", CODE, "--reason", "示例").returncode == 0
    assert (await Checklist.get(code=CODE, version=2)).retired_at
    assert run("restore", CODE, "--reason", "示例").returncode == 0
    assert run("begin", CODE).returncode == 0 and run("drop", "2").returncode == 0
    assert (await ChecklistDraft.get(id=2)).dropped_at


async def test_a_file_is_read_into_a_draft(run, tmp_path):
    file = tmp_path / "list.csv"
    head = "检查表,检查表名称,序号,责任部门,检查要点,依据,答案类型,拍照要求,网络检查先行,要点级别\n"
    file.write_text(head + "XH-GA-02,示例检查表,1,GA,示例要点,《示例条例》第3条,TRI,no,no,一般\n", "utf-8")
    read = run("read", str(file))
    assert (
        read.returncode == 0 and "XH-GA-02" in read.stdout and "第 1 行" in read.stdout
    )  # without the day of its wording
    file.write_text(head + "XH-GA-02,示例检查表,1,GA,示例要点,,TRI,no,no,一般\n", "utf-8")
    assert run("read", str(file), "--code", "XH-GA-02").returncode == 2
    assert len((await ChecklistDraft.get(code="XH-GA-02")).points) == 1
