"""Two hundred phones ask for their tasks at the same moment: what is the team's is read once, and is never stale."""

import asyncio

import pytest

from models.procedure import photo as photos
from models.tables import Photo
from tests.bench.bench_tasks import statements
from tests.server.companion.phone import jpeg, on_site
from tests.server.pages import site
from tests.support import district as sample

OWN = 8  # statements for one person: who is signed in, which tasks, whether anything happened


@pytest.fixture
async def visit(db):
    await sample.found()
    async with site() as made:
        yield await on_site(made, one_department=True)


async def test_e14_a_colleagues_list_costs_a_handful_of_statements(visit):
    other = next(one for one in visit.everybody if one is not visit.leader)
    await visit.leader.get("/tasks")
    await other.get("/tasks")
    with statements() as said:
        assert (await other.get("/tasks")).status == 200
    assert 0 < len(said) <= OWN, said


async def test_e14_two_hundred_phones_at_once_read_what_is_the_teams_once(visit):
    with statements() as alone:
        await visit.leader.get("/tasks")
    await visit.leader.act(visit.number, "answer", question=1, verdict="na", seen=0)
    phones = [visit.everybody[n % len(visit.everybody)] for n in range(200)]
    with statements() as said:
        answers = await asyncio.gather(*(one.get("/tasks") for one in phones))
    assert {one.status for one in answers} == {200}
    teams = len({task["number"] for one in answers for task in one.body["tasks"]})
    assert len(said) <= len(phones) * OWN + teams * len(alone)


async def test_e14_each_sees_their_own_and_what_a_colleague_just_did(visit):
    other = next(one for one in visit.everybody if one is not visit.leader)

    async def list_of(by):
        return next(one for one in (await by.get("/tasks")).body["tasks"] if one["number"] == visit.number)

    mine, theirs = await list_of(visit.leader), await list_of(other)
    assert (mine["me"], mine["leader"], theirs["me"], theirs["leader"]) == (
        visit.leader.officer,
        True,
        other.officer,
        False,
    )
    assert mine["code"] != theirs["code"]
    await visit.leader.act(visit.number, "answer", question=1, verdict="fail", note="缺登记簿", seen=0)
    assert (await list_of(other))["questions"][0]["given"]["note"] == "缺登记簿"


async def test_e14_a_copy_that_was_made_without_an_act_shows_at_once(visit):
    await visit.leader.photo(visit.number, 9, jpeg(1))
    shown = (await visit.leader.get("/tasks")).body["tasks"][0]["photos"]
    assert [one["thumbnail"] for one in shown] == [False]
    row = await Photo.get(task=visit.task)
    await photos.developed(row.id, at=sample.VISIT, thumbnail="a" * 64, stamped="b" * 64)
    shown = (await visit.leader.get("/tasks")).body["tasks"][0]["photos"]
    assert [one["thumbnail"] for one in shown] == [True]


async def test_e14_a_stranger_gets_nothing_of_what_is_shared(visit):
    from tests.server.companion.phone import phone

    await visit.leader.get("/tasks")
    serving = {one.officer for one in visit.everybody}
    stranger = await phone(
        visit.site, next(f"INS-GA-{n}" for n in range(1, 7) if f"INS-GA-{n}" not in serving)
    )
    assert visit.number not in {one["number"] for one in (await stranger.get("/tasks")).body["tasks"]}
    assert (await stranger.get(f"/tasks/{visit.number}")).status == 404
