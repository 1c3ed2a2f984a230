"""`notices trail` and `doctor` as a person at the server runs them: the way of a letter, the channels there are."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from models.procedure import delivery_attempt, hand_delivery
from models.tables import Target, Task
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import CEREMONY, OFFICE, district, leader_of, written

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def house(db, tmp_path):
    """One visit fixed, the entity called in vain, a letter posted and signed for."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await Target.filter(code=task.target_id).update(channels=["phone", "post"])
    await sample.visit_fixed(task, district())
    leader = await leader_of(task)
    for n in range(3):
        at = CEREMONY + timedelta(hours=n)
        await delivery_attempt.telephoned(task.number, False, "=无人接听", by=leader, at=at)
    await hand_delivery.handed(task.number, "post", "posted", by=OFFICE, at=CEREMONY, text="EMS 1")
    await hand_delivery.handed(task.number, "post", "delivered", by=OFFICE, at=CEREMONY, who="示例前台")

    def run(*words, language="zh_Hans", **settings):
        known = {
            "DATABASE_URL": db.partition("?")[0],
            "DATA_DIR": str(tmp_path),
            "LANGUAGE": language,
            **settings,
        }
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    run.task = task.number
    return run


async def test_the_way_of_a_letter_is_told_step_by_step(house):
    said = house("notices", "trail", house.task)
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert len(lines) == 7
    told = ("确定检查时间", "告知书已批准", "电话", "电话", "电话", "告知书已寄出", "告知书已送达")
    assert all(word in line for word, line in zip(told, lines, strict=True))


async def test_the_way_comes_as_a_table_and_for_machines(house):
    table = house("notices", "trail", house.task, "--csv").stdout
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert len(rows) == 8
    assert "'=无人接听" in rows[3]
    told = json.loads(house("notices", "trail", house.task, "--json", language="en").stdout)
    assert (told["format"], told["task"]) == ("shuangsuiji/notices/1", house.task)
    assert [one["outcome"] for one in told["steps"]] == ["", "", *["no_answer"] * 3, "posted", "delivered"]


async def test_an_unknown_task_is_refused(house):
    refused = house("notices", "trail", "2026-XX-1-999")
    assert refused.returncode == 2 and "没有找到该任务" in refused.stderr
    other = await Task.exclude(number=house.task).first()
    early = house("notices", "trail", other.number)
    assert early.returncode == 2 and "还没有告知书" in early.stderr


async def test_fd10_doctor_names_whom_no_font_can_write(house):
    told = {one["check"]: one for one in json.loads(house("doctor", "--json").stdout)["checks"]}
    assert told["names"] == {"check": "names", "ok": True, "seen": "-"}
    async with written():
        await Target.filter(code=(await Target.first()).code).update(name="示例\uf8ff饭店")
    told = {one["check"]: one for one in json.loads(house("doctor", "--json").stdout)["checks"]}
    assert (
        not told["names"]["ok"] and "1 个名称" in told["names"]["seen"] and "饭店（" in told["names"]["seen"]
    )


async def test_doctor_says_which_channels_there_are_and_shows_no_secret(house, tmp_path):
    said = house("doctor", SMS_URL="https://sms.example.test/?key=k-e-y", HOOK_SECRET="a" * 16).stdout
    assert "告知渠道: 短信、电话" in said
    assert "回执与退信: 短信、电子邮件" in said
    assert "k-e-y" not in said
