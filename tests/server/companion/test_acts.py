"""Acts sent by a phone: once each however often they are sent, and nothing that was not asked for."""

import asyncio
import json
from datetime import timedelta

import pytest

from models.procedure import enrolment
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Answer, Binding, Card, Event, Outbox, Task
from tests.server.companion.phone import new_key, on_site, phone, sha, task_of
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY, written
from tests.support.statements import counted


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def test_a_stranger_is_told_that_nobody_is_signed_in(world):
    browser = await world.browser()
    page = await browser.get("/field/api/me")
    said = json.loads(page.body)
    assert page.status == 200
    assert said["signed_in"] is None
    assert "csrf" not in said
    assert (await browser.get("/field/api/tasks")).status == 303


async def test_what_is_done_on_the_phone_is_shown_by_the_persons_own_card_in_the_chat(world):
    visit = await task_of(world)
    leader = enrolment.actor_of(await sample.account(Role.INSPECTOR, visit.leader.officer))
    async with written():
        await Binding.create(account_id=leader.account, telegram_id=77, bound_at=CEREMONY)
    await Card.create(chat_id=77, subject=f"task:{visit.number}", message_id=5)
    key = new_key()
    for _ in range(2):
        assert (await visit.leader.act(visit.number, "accept", key=key)).status == 201
    owed = await Outbox.filter(account_id=leader.account, kind="card")
    assert [one.payload["subject"] for one in owed] == [f"task:{visit.number}"]


async def test_the_whole_inspection_is_done_from_phones(world):
    visit = await task_of(world)
    leader, number = visit.leader, visit.number
    for one in visit.everybody:
        assert (await one.act(number, "accept")).status == 201
    wj = visit.phones["WJ"][0]
    found = await wj.act(number, "find", question=7, verdict="pass", source="信用中国", finding="2028-05-31")
    assert found.status == 201, found.body
    assert (await leader.act(number, "close_network")).status == 201
    window = {"begins": "2026-12-08T09:00:00+08:00", "ends": "2026-12-08T11:00:00+08:00"}
    assert (await leader.act(number, "propose", **window)).status == 201
    assert (await wj.act(number, "reply", can=True)).status == 201
    assert (await leader.act(number, "fix")).status == 201
    assert (await wj.task(number))["state"] == "scheduled"
    await visit.dawns()
    there = [one.officer for one in visit.everybody]
    assert (await leader.act(number, "begin", present=there, untold="示例:当面告知")).status == 201
    for question in (await wj.task(number))["questions"]:
        if question.get("found", {}).get("settles"):
            continue
        phone = visit.phones[question["department"]][0]
        answered = await phone.act(number, "answer", question=question["n"], verdict="na", seen=0)
        assert answered.status == 201, answered.body
    for people in visit.phones.values():
        assert (await people[0].act(number, "finalise")).status == 201
    assert (await leader.act(number, "conclude")).status == 201
    assert (await leader.act(number, "enter", types=["R01"])).status == 201, (
        "the leader was early: confirms later"
    )
    for department, people in visit.phones.items():
        if leader not in people:
            entered = await people[0].act(number, "enter", types=["R01"], measures=["none"])
            assert entered.status == 201, (department, entered.body)
    shown = (await leader.task(number))["departments"]
    assert len(shown) == len(visit.phones) and all(one["entered"] for one in shown)
    assert (await leader.act(number, "confirm")).status == 201
    assert (await Task.get(number=number)).state == TaskState.ENTERED


async def test_c9_the_leader_enters_the_platforms_receipt_on_the_phone(world):
    visit = await task_of(world)
    leader, number = visit.leader, visit.number
    ended = world.clock() - timedelta(hours=1)
    await Task.filter(number=number).update(state=TaskState.REVIEWED, ended_at=ended)
    listed = {one["number"]: one["when"] for one in (await leader.get("/tasks")).body["tasks"]}
    assert listed[number] == "receipt"
    early = f"{ended.date() - timedelta(days=1)}"
    wrong = await leader.act(number, "receipt", receipt="示例-2026-0001", day=early)
    assert wrong.body["error"]["code"] == "publication.receipt_before_visit"
    assert (await leader.act(number, "receipt", receipt="示例-2026-0001")).status == 201
    assert (await leader.task(number))["receipt"] == "示例-2026-0001"
    assert number not in {one["number"] for one in (await leader.get("/tasks")).body["tasks"]}
    member = next(one for one in visit.everybody if one.officer != leader.officer)
    assert (await member.act(number, "receipt", receipt="示例-2026-0002")).status == 403


async def test_the_card_never_shows_a_contacts_telephone(world):
    visit = await task_of(world)
    said = json.dumps((await visit.leader.get("/tasks")).body, ensure_ascii=False)
    assert "示例区示例" in said
    assert "0375-" not in said
    assert "1390000" not in said


async def test_what_has_not_changed_is_not_sent_again(world):
    visit = await task_of(world)
    first = await visit.leader.get("/tasks")
    again = await visit.leader.get("/tasks", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    await visit.leader.act(visit.number, "accept")
    assert (await visit.leader.get("/tasks", **{"If-None-Match": first.headers["ETag"]})).status == 200


async def test_r7_one_request_sent_five_times_at_once_is_one_act_and_one_answer(any_db):
    await sample.found()
    async with site() as world:
        visit = await on_site(world, one_department=True)
        for question in (5, 6, 9):
            body = json.dumps({"key": new_key(), "question": question, "verdict": "pass", "seen": 0}).encode()
            path = f"/tasks/{visit.number}/answer"
            answers = await asyncio.gather(*(visit.leader.send(path, body) for _ in range(5)))
            answers.append(await visit.leader.send(path, body))
            assert {one.status for one in answers} == {201}
            assert len({json.dumps(one.body) for one in answers}) == 1
            assert answers[0].body["sha256"] == sha(body)
        assert await Answer.filter(task=visit.task).count() == 3
        assert await Event.filter(kind="answer.given").count() == 3


async def test_r6_a_new_phone_goes_on_at_each_question_after_a_restart(db):
    await sample.found()
    async with site() as world:
        visit = await on_site(world, one_department=True)
    for n in range(1, 13):
        async with site(world.clock) as world:
            new = await phone(world, visit.everybody[n % 2].officer)
            questions = (await new.task(visit.number))["questions"]
            assert [one["n"] for one in questions if one.get("given")] == list(range(1, n))
            done = await new.act(visit.number, "answer", question=n, verdict="na", seen=0)
            assert done.status == 201, done.body
    assert await Answer.filter(task=visit.task).count() == 12


async def test_d49_other_bytes_under_the_same_key_are_refused_with_both_hashes(world):
    visit = await on_site(world, one_department=True)
    key, path = new_key(), f"/tasks/{visit.number}/answer"
    first = json.dumps({"key": key, "question": 1, "verdict": "pass", "seen": 0}).encode()
    other = json.dumps({"key": key, "question": 1, "verdict": "fail", "seen": 0}).encode()
    assert (await visit.leader.send(path, first)).status == 201
    refused = await visit.leader.send(path, other)
    assert refused.status == 409
    assert refused.body["error"]["code"] == "companion.other_bytes"
    assert (refused.body["error"]["kept"], refused.body["error"]["given"]) == (sha(first), sha(other))
    assert (await Answer.get(task=visit.task)).verdict == "pass"


async def test_a_key_that_did_one_act_does_no_other(world):
    visit = await task_of(world)
    body = json.dumps({"key": new_key()}).encode()
    assert (await visit.leader.send(f"/tasks/{visit.number}/accept", body)).status == 201
    assert (await visit.leader.send(f"/tasks/{visit.number}/close_network", body)).status == 409
    assert (await Task.get(number=visit.number)).state == TaskState.ASSIGNED


async def test_two_people_may_by_chance_use_the_same_key(world):
    visit = await task_of(world)
    body = json.dumps({"key": new_key()}).encode()
    for people in visit.phones.values():
        assert (await people[0].send(f"/tasks/{visit.number}/accept", body)).status == 201
    assert await Event.filter(kind="task.accepted").count() == len(visit.phones)


async def test_a_refusal_says_why_and_leaves_the_key_free(world):
    visit = await on_site(world, one_department=True)
    key = new_key()
    said = {"question": 4, "verdict": "pass", "value": "二十", "seen": 0, "key": key}
    refused = await visit.leader.act(visit.number, "answer", **said)
    assert refused.status == 409
    assert refused.body["error"]["code"] == "checklist.not_a_number"
    assert "16" in refused.body["error"]["article"]
    assert (await visit.leader.act(visit.number, "answer", **(said | {"value": "20/19"}))).status == 201


async def test_d60_another_departments_or_teams_task_is_unknown(world):
    visit = await task_of(world)
    stranger = next(
        code
        for code in [f"INS-{d}-{n}" for d in ("GA", "WJ") for n in range(1, 7)]
        if code not in [one.officer for one in visit.everybody]
    )
    other = await phone(world, stranger)
    assert (await other.get(f"/tasks/{visit.number}")).status == 404
    assert (await other.act(visit.number, "accept")).status == 404
    assert (await other.get("/tasks/NOTHING-1")).status == 404
    assert (await other.act("NOTHING-1", "accept")).status == 404


@pytest.mark.parametrize(
    "more",
    [
        {"role": "leader"},
        {"final": True},
        {"by": "INS-GA-1"},
        {"at": "2026-12-08T09:00:00+08:00"},
        {"conflict": False},
    ],
)
async def test_d61_unknown_fields_are_refused(world, more):
    visit = await on_site(world, one_department=True)
    refused = await visit.leader.act(visit.number, "answer", question=1, verdict="pass", seen=0, **more)
    assert refused.status == 400
    assert not await Answer.exists(task=visit.task)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"key": 5}', b'{"key": "short"}', b"\xff\xfe", b'{"key":"' + b"a" * 70_000]
)
async def test_what_is_no_act_is_refused(world, body):
    visit = await task_of(world)
    assert (await visit.leader.send(f"/tasks/{visit.number}/accept", body)).status in (400, 413)


async def test_d62_another_sites_page_cannot_act(world):
    visit = await task_of(world)
    path, body = f"/tasks/{visit.number}/accept", json.dumps({"key": new_key()}).encode()
    for wrong in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"X-CSRF-Token": "guessed"},
        {"X-CSRF-Token": ""},
    ):
        assert (await visit.leader.send(path, body, **wrong)).status == 403, wrong
    headers = {name: value for name, value in visit.leader.headers.items() if name != "Sec-Fetch-Site"}
    client = visit.leader.browser.client
    for origin, status in (
        (None, 403),
        ("null", 403),
        ("http://evil.example", 403),
        ("http://district.example", 201),
    ):
        given = headers | {"Content-Type": "application/json"} | ({"Origin": origin} if origin else {})
        response = await client.post(f"/field/api{path}", data=body, headers=given)
        assert response.status == status, origin


async def test_d31_an_officer_whose_account_is_disabled_is_out_at_once(world):
    visit = await task_of(world)
    account = await enrolment.account_of_inspector(visit.leader.officer, CEREMONY)
    await enrolment.disable(account.id, by=sample.OFFICE, at=world.clock())
    assert (await visit.leader.get("/tasks")).status == 303
    assert (await visit.leader.act(visit.number, "accept")).status == 403


async def test_heads_and_the_office_are_no_inspectors(world):
    await task_of(world)
    from models.rules.actor import Role

    head = await world.browser(Role.HEAD, "GA")
    page = await head.get("/field/api/me")
    assert json.loads(page.body)["other_role"] == "head"
    assert (await head.get("/field/api/tasks")).status == 403


async def test_an_answer_takes_sixteen_statements_and_one_commit(world):
    visit = await on_site(world)
    officer = visit.phones["GA"][0]
    await officer.act(visit.number, "answer", question=3, verdict="pass", seen=0)
    async with counted() as count:
        said = await officer.act(visit.number, "answer", question=4, value="9/9", verdict="pass", seen=0)
    assert said.status == 201, said.body
    assert len(count.statements) <= 16, count.listed()
    assert count.commits == 1, count.listed()


async def test_the_leaders_phone_knows_every_working_day_to_the_windows_end(world):
    visit = await task_of(world)
    days = (await visit.leader.task(visit.number))["days"]
    assert (days[0], days[-1], len(days)) == ("2026-11-30", "2026-12-18", 15)
