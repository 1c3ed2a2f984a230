"""Evidence that waits on a phone: the leader hears of it, and only an act with a reason gives it up."""

import pytest

from models.queries.unsent import of_task
from models.tables import Account, Event, Outbox
from tests.server.companion.phone import Phone, Visit, jpeg, new_key, on_site, phone, sha
from tests.server.pages import site
from tests.support import district as sample

SINCE = "2026-12-08T01:00:00Z"


@pytest.fixture
async def visit(db):
    await sample.found()
    async with site() as made:
        yield await on_site(made, one_department=True)


def member(visit: Visit) -> Phone:
    return next(one for one in visit.everybody if one is not visit.leader)


async def holds(by: Phone, officer: str, *lines: tuple[str, int], device: str = "phone-of-the-member") -> int:
    import json

    said = {
        "key": new_key(),
        "device": device,
        "held": [
            {"officer": officer, "lines": [{"task": task, "count": n, "since": SINCE} for task, n in lines]}
        ],
    }
    return (await by.send("/held", json.dumps(said).encode())).status


async def gives_up(by: Phone, number: str, reason: str, **more: object) -> object:
    import json

    said = {"key": new_key(), "task": number, "what": "photo", "of": new_key(), "reason": reason, **more}
    return await by.send("/discarded", json.dumps(said).encode())


async def leaders_news(visit: Visit) -> list[dict]:
    leader = await Account.get(inspector_id=visit.leader.officer)
    return [one.payload for one in await Outbox.filter(account_id=leader.id, kind="evidence.unsent")]


async def test_b1_the_leader_hears_that_evidence_waits_on_a_colleagues_phone(visit):
    other = member(visit)
    assert await holds(other, other.officer, (visit.number, 3)) == 200
    (waiting,) = await of_task(visit.number)
    assert (waiting.officer, waiting.count) == (other.officer, 3)
    assert [one["task"] for one in await leaders_news(visit)] == [visit.number]
    (shown,) = (await visit.leader.task(visit.number))["unsent"]
    assert (shown["n"], shown["mine"]) == (3, False)
    assert (await other.task(visit.number))["unsent"] == []


async def test_b1_the_same_word_is_no_news_and_an_empty_phone_ends_it(visit):
    other = member(visit)
    for _ in range(3):
        await holds(other, other.officer, (visit.number, 3))
    assert await Event.filter(kind="phone.unsent").count() == 1
    await holds(other, other.officer)
    assert await of_task(visit.number) == ()
    assert len(await leaders_news(visit)) == 1


async def test_b1_what_another_left_on_a_phone_is_told_of_every_visit_of_theirs(visit):
    other = member(visit)
    assert await holds(visit.leader, other.officer, ("", 2), device="a-borrowed-phone-x") == 200
    (waiting,) = await of_task(visit.number)
    assert (waiting.officer, waiting.task, waiting.count) == (other.officer, "", 2)


async def test_b1_a_stranger_cannot_make_up_officers_or_tasks(visit):
    assert await holds(member(visit), "INS-NOBODY", (visit.number, 3)) == 200
    other = member(visit)
    await holds(other, other.officer, ("NO-SUCH-TASK", 3))
    assert await of_task(visit.number) == ()
    assert await leaders_news(visit) == []


async def test_b1_giving_up_needs_a_reason_and_stands_in_the_trail(visit):
    other = member(visit)
    refused = await gives_up(other, visit.number, "  ")
    assert refused.body["error"]["code"] == "companion.no_reason"
    assert refused.body["error"]["text"]
    done = await gives_up(other, visit.number, "拍错了门店", question=9, sha256=sha(jpeg(1)), size=1000)
    assert done.status == 201
    row = await Event.get(kind="evidence.given_up")
    assert row.chain == f"task:{visit.number}"
    assert (row.data["reason"], row.data["sha256"], row.data["question"]) == ("拍错了门店", sha(jpeg(1)), 9)


async def test_b1_giving_up_the_same_twice_is_one_act(visit):
    import json

    said = {"key": new_key(), "task": visit.number, "what": "photo", "of": new_key(), "reason": "重复"}
    body = json.dumps(said).encode()
    first, again = [await visit.leader.send("/discarded", body) for _ in range(2)]
    assert first.body == again.body
    assert await Event.filter(kind="evidence.given_up").count() == 1


async def test_b1_who_was_replaced_may_still_give_up_what_waits_and_a_stranger_may_not(visit):
    from models.tables import Assignment

    other = member(visit)
    await Assignment.filter(task=visit.task, inspector_id=other.officer).update(until=visit.site.clock())
    assert (await gives_up(other, visit.number, "已由接替人重拍")).status == 201
    serving = {one.officer for one in visit.everybody}
    stranger = await phone(
        visit.site, next(f"INS-GA-{n}" for n in range(1, 7) if f"INS-GA-{n}" not in serving)
    )
    assert (await gives_up(stranger, visit.number, "不相干")).status == 404


async def test_b1_what_cannot_be_read_is_given_up_in_the_officers_own_chain(visit):
    assert (await gives_up(visit.leader, "", "换机后密钥不符", what="unreadable")).status == 201
    row = await Event.get(kind="evidence.given_up")
    assert row.chain == f"companion:{visit.leader.officer}"
