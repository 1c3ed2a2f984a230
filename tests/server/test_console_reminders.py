"""我的提醒 on the console and the phone: put off with a reason, said again on the day (Art. 16 (3))."""

import pytest

from models.rules.actor import Role
from models.tables import Snooze, TermReminder
from tests.models.procedure.test_reminder import before, concluded, on, sweep
from tests.server.companion.phone import new_key
from tests.server.pages import site
from tests.support import district as sample


@pytest.fixture
async def world(db):
    [task] = await concluded()
    async with site() as made:
        made.task = task
        made.clock.at = on(before(task, 5))
        await sweep(made.clock())
        yield made


async def officer(world):
    leader = await sample.leader_of(world.task)
    return leader, await world.browser(Role.INSPECTOR, leader.id)


async def test_a_reminder_is_put_off_with_a_reason(world):
    _, browser = await officer(world)
    page = await browser.get("/console/reminders")
    assert world.task.number in page.text
    [form] = [one for one in page.reader.forms if one["action"].startswith("/console/reminders/")]
    until = before(world.task, 3).isoformat()
    done = await browser.post(form["action"], until=until, reason="等检测报告", follow=True)
    assert "再提醒" in done.text
    row = await Snooze.get()
    assert (row.until.isoformat(), row.reason) == (until, "等检测报告")


@pytest.mark.parametrize(("until", "status"), [("2026-02-31", 400), ("x", 400), ("2099-01-01", 409)])
async def test_a_wrong_day_is_refused_in_words(world, until, status):
    leader, browser = await officer(world)
    row = await TermReminder.filter(account_id=leader.account).first()
    page = await browser.post(f"/console/reminders/{row.id}", until=until, reason="示例")
    assert page.status == status
    assert await Snooze.all().count() == 0


async def test_somebody_elses_reminder_is_like_none(world):
    leader, browser = await officer(world)
    row = await TermReminder.exclude(account_id=leader.account).first()
    page = await browser.post(
        f"/console/reminders/{row.id}", until=before(world.task, 3).isoformat(), reason="示例"
    )
    assert page.status == 404


@pytest.mark.parametrize(
    ("role", "of"), [(Role.HEAD, "GA"), (Role.OFFICE, "测试联席办"), (Role.LIAISON, "GA")]
)
async def test_whoever_was_not_reminded_of_anything_reads_so(world, role, of):
    page = await (await world.browser(role, of)).get("/console/reminders")
    assert "现在没有可以推迟的提醒" in page.text


async def test_the_phone_lists_them_and_puts_one_off_with_a_receipt(world):
    _, browser = await officer(world)
    headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": browser.csrf}
    listed = await (await browser.client.get("/field/api/reminders", headers=headers)).json()
    [one] = listed["reminders"]
    assert (one["kind"], one["until"]) == ("检查结果录入", None)
    said = {
        "key": new_key(),
        "reminder": one["id"],
        "until": one["days"][0][0],
        "reason": listed["reasons"][0],
    }
    for _ in range(2):
        answer = await browser.client.post("/field/api/snooze", json=said, headers=headers)
        assert answer.status == 201
    assert await Snooze.all().count() == 1
    again = await (await browser.client.get("/field/api/reminders", headers=headers)).json()
    assert again["reminders"][0]["until"]
