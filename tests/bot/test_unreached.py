"""谁还没告知到: the leader reads how many of how many, and what a person must do for each (Art. 16 (2))."""

from datetime import timedelta

import pytest

from models.procedure import delivery_attempt, notice
from models.rules.actor import COURIER, Actor, Role
from models.tables import Notice, Target, Task
from tests.support import district


async def fixed(*channels):
    """The visits of one team, each entity with its wish; the leader."""
    first = await Task.all().order_by("number").first()
    mine = await Task.filter(team_id=first.team_id).order_by("number").limit(len(channels))
    for n, (task, wish) in enumerate(zip(mine, channels, strict=True)):
        await Target.filter(code=task.target_id).update(channels=wish, fax="0375-1000001")
        await district.visit_fixed(task, district.district(), begins=district.VISIT + timedelta(days=n))
    return mine, await district.leader_of(first)


async def test_the_list_of_a_leader_says_how_many_of_how_many_are_not_reached(drawn):
    tasks, leader = await fixed(["fax"], ["post"])
    phone = await drawn.officer(leader)
    await phone.say("/today")
    shown = await phone.wait_for("您任组长的 2 家中，2 家告知未送达")
    assert any("去处理未送达" in label for label in shown.buttons)
    letter = await Notice.get(task=tasks[0])
    await delivery_attempt.record_attempt(letter.id, "email", True, by=COURIER, at=district.CEREMONY)
    await notice.acknowledge(letter.number, by=Actor(Role.PUBLIC, "link"), at=district.CEREMONY)
    await phone.say("/today")
    await phone.wait_for("您任组长的 2 家中，1 家告知未送达")


@pytest.mark.parametrize(
    ("wish", "said"),
    [([], "请电话告知"), (["fax"], "请传真告知书"), (["post"], "请邮寄告知书"), (["personal"], "请当面送达")],
)
async def test_the_leader_is_told_which_way_is_due(drawn, wish, said):
    first = await Task.all().order_by("number").first()
    phone = await drawn.officer(await district.leader_of(first))
    await fixed(wish)
    await drawn.post()
    await phone.wait_for(said)
