"""未能存入的消息 on the console and the command line: seen by whom it concerns, tried again, given up with a reason."""

import json
from pathlib import Path

import pytest

from models.operations import inbox
from models.procedure import update_outcome
from models.rules.actor import Role
from models.tables import Binding, Event, Inbox, InboxState, Stray
from tests.server.pages import site
from tests.support import district as sample
from tests.support import fork_server
from tests.support.district import CEREMONY

ROOT = Path(__file__).parents[2]
OFFICER = "INS-GA-1"


@pytest.fixture
async def world(db):
    """An officer's photo was set aside, another one's waits for hours, and one body cannot be read."""
    await sample.found()
    for number, code, telegram in ((7, OFFICER, 70), (8, "INS-WJ-1", 80)):
        account = await sample.account(Role.INSPECTOR, code)
        await Binding.create(account=account, telegram_id=telegram, bound_at=CEREMONY)
        raw = {
            "update_id": number,
            "message": {"from": {"id": telegram}, "photo": [], "caption": f"示例说明{number}"},
        }
        await inbox.keep([inbox.read(json.dumps(raw).encode())], at=CEREMONY)
    await inbox.keep([inbox.read(b"{")], at=CEREMONY)
    await update_outcome.failed(7, "RuntimeError('示例错误')", at=CEREMONY, hopeless=True)
    await update_outcome.postponed(8, "NetworkError: Bad Gateway", at=CEREMONY)
    async with site(letter=lambda *_: None) as made:
        made.clock.move(CEREMONY.replace(hour=15))
        yield made


async def test_e1_the_office_sees_everything_and_has_it_tried_again(world):
    office = await world.browser(Role.OFFICE, "测试联席办")
    assert "1条消息未能存入" in (await office.get("/console/")).text.replace(" ", "").replace("\n", "")
    page = await office.get("/console/set-aside")
    for said in ("示例说明7", "示例错误", "等待恢复的消息 1", "示例说明8", "读不懂的内容 1"):
        assert said in page.text, said
    assert (await office.post("/console/set-aside/7/retry")).status == 303
    row = await Inbox.get(update_id=7)
    assert (row.state, row.attempts) == (InboxState.NEW, 0)
    body = (await Stray.get()).id
    assert (await office.post(f"/console/set-aside/bodies/{body}/close")).status == 303
    assert "读不懂的内容" not in (await office.get("/console/set-aside")).text


async def test_e1_an_officer_sees_the_own_and_gives_one_up_with_a_reason(world):
    mine, other = (
        await world.browser(Role.INSPECTOR, OFFICER),
        await world.browser(Role.INSPECTOR, "INS-WJ-1"),
    )
    assert "示例说明7" in (await mine.get("/console/set-aside")).text
    assert "示例说明7" not in (await other.get("/console/set-aside")).text
    assert (await other.post("/console/set-aside/7/retry")).status == 404
    assert (await mine.post("/console/set-aside/7/close", reason="")).status == 409
    assert (await mine.post("/console/set-aside/7/close", reason="重复发送")).status == 303
    assert (await Inbox.get(update_id=7)).state == InboxState.CLOSED
    assert (await Event.get(kind="update.closed")).data["reason"] == "重复发送"


async def test_e1_the_command_line_lists_retries_and_doctor_counts(world, db, tmp_path):
    def run(*words):
        known = {"DATABASE_URL": db.partition("?")[0], "DATA_DIR": str(tmp_path), "LANGUAGE": "zh_Hans"}
        return fork_server.run(*words, env={f"SHUANGSUIJI_{name}": value for name, value in known.items()})

    checks = {one["check"]: one for one in json.loads(run("doctor", "--json").stdout)["checks"]}
    assert not checks["updates"]["ok"]
    assert "未能存入1条" in checks["updates"]["seen"]
    listed = run("set-aside", "list").stdout
    assert "示例错误" in listed and "共2条" in listed
    assert "已重新提交1条" in run("set-aside", "retry", "--all").stdout
    assert (await Inbox.get(update_id=7)).state == InboxState.NEW
    assert run("set-aside", "close", "7", "--reason", "重复").returncode == 2
