"""`register` as a person at the server runs it: the same acts as on the console (Art. 10)."""

from __future__ import annotations

import pytest

from models.tables import Department, RegisterChange
from tests.support import district as sample
from tests.support import fork_server


@pytest.fixture
async def run(db, tmp_path):
    await sample.found()

    def asked(*words: str):
        env = {"SHUANGSUIJI_DATABASE_URL": db.partition("?")[0], "SHUANGSUIJI_DATA_DIR": str(tmp_path)}
        return fork_server.run("register", *words, env=env)

    return asked


async def test_a_row_is_entered_edited_taken_out_restored_and_shown(run):
    name = ("领域名=示例", "演示用区级单位名称=示例局")
    assert run("new", "departments", "code=ZZ", *name).returncode == 0
    assert run("set", "departments", "ZZ", "备注=示例说明").returncode == 0
    assert run("retire", "departments", "ZZ", "--reason", "撤并").returncode == 0
    assert (await Department.get(code="ZZ")).retired_at
    assert run("set", "departments", "ZZ", "备注=示例").returncode == 2
    assert run("restore", "departments", "ZZ", "--reason", "恢复设置").returncode == 0
    said = run("show", "departments", "ZZ").stdout
    assert "备注=示例说明" in said and "撤并" in said and "恢复设置" in said
    assert await RegisterChange.filter(kind="departments", code="ZZ").order_by("id").values_list("act", flat=True) == [
        "added", "changed", "retired", "restored",
    ]  # fmt: skip


async def test_a_target_is_shown_with_the_visits_left_of_its_year(run):
    assert "名录登记 0 次，已抽取 0 次" in run("show", "targets", "OBJ00001").stdout
    assert "剩余 1" in run("show", "targets", "OBJ00001").stdout
    assert "剩余" not in run("show", "departments", "GA").stdout


async def test_what_is_wrong_is_named_and_nothing_is_kept(run):
    done = run("set", "inspectors", "INS-GA-1", "人员状态=失踪")
    assert done.returncode == 2 and "人员状态" in done.stdout and "没有保存" in done.stdout
    assert "没有“电话号”" in run("set", "inspectors", "INS-GA-1", "电话号=1").stderr
    assert "名录中没有 NOBODY" in run("retire", "inspectors", "NOBODY", "--reason", "示例").stderr
    assert not await RegisterChange.exists()
