"""What an act returns says the same as a reader finds afterwards, done now or pressed again (Art. 14-16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import arrival, enrolment, objection, postponement, record, recusal, revision, team
from models.queries import arrival as arrivals
from models.queries import entity, free_times, pending_decisions
from models.queries import publication as publications
from models.queries import record as records
from models.rules.actor import Actor, Role
from models.tables import Assignment, Notice, Revision, Task
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import CEREMONY, account
from tests.support.onsite import AT, Door, at_the_door
from tests.support.publishing import HOLDER
from tests.support.record import kept

LATER = CEREMONY + timedelta(minutes=5)
AGREED = pytest.mark.parametrize("agreed", [True, False])


@pytest.fixture
async def door(db: str) -> Door:
    return await at_the_door()


async def seat_of(door: Door) -> tuple[Assignment, Actor]:
    """A seat of the team, and the head of its department."""
    seat = await Assignment.filter(task=door.task, inspector_id=door.first.id, until=None).get()
    return seat, enrolment.actor_of(await account(Role.HEAD, seat.department))


@AGREED
async def test_a_substitution_decided(door: Door, agreed: bool) -> None:
    _, head = await seat_of(door)
    asked = await team.ask_out(door.number, "post", "示例", by=door.first, at=CEREMONY)
    assert asked.consented is None
    for at in (LATER, LATER + timedelta(minutes=1)):
        decided = await team.decide(asked.id, agreed, by=head, at=at)
        assert decided == await pending_decisions.asked_out(asked.id)
        assert (decided.consented, bool(decided.incoming)) == (agreed, agreed)


@AGREED
async def test_a_recusal_asked_for_and_decided(door: Door, agreed: bool) -> None:
    seat, head = await seat_of(door)
    letter = await Notice.get(task=door.task)
    for _ in range(2):
        asked = await recusal.ask(letter.number, seat.id, "示例:亲属", by=HOLDER, at=CEREMONY)
        assert asked == await entity.recusal(asked.id)
    for _ in range(2):
        decided = await recusal.decide(asked.id, agreed, "示例", by=head, at=LATER)
        assert decided == await entity.recusal(asked.id)
        assert decided.granted is agreed


@AGREED
async def test_another_time_decided_with_the_window_that_is_proposed(door: Door, agreed: bool) -> None:
    letter = await Notice.get(task=door.task)
    window = (await free_times.free(door.task, CEREMONY, PLACE))[-1]
    asked = await postponement.ask(letter.number, "示例:停电", by=HOLDER, at=CEREMONY, window=window)
    for _ in range(2):
        decision = await postponement.decide(asked, agreed, by=door.leader, at=LATER)
        shown = await pending_decisions.postponing(asked)
        assert (decision.granted, decision.proposed) == (shown.granted, shown.proposed) == (agreed, agreed)


async def test_an_arrival_registered(door: Door) -> None:
    for _ in range(2):
        arrived = await arrival.by_hand(door.number, "示例:对方不便扫码", by=door.first, at=AT)
        assert (arrived,) == await arrivals.arrivals(door.task.id)


async def test_a_version_of_the_record_with_what_stands_under_it(door: Door) -> None:
    await door.begun()
    who = {"by": door.leader, "at": AT, "district": PLACE}
    drawn_up = await record.draw_up(door.number, key="示例", **who)
    assert drawn_up == (await records.papers(door.number)).last
    await record.sign(door.number, drawn_up.sha256, "officer", picture=await kept(), by=door.leader, at=AT)
    signed = (await records.papers(door.number)).last
    assert signed and signed.signed
    assert await record.draw_up(door.number, **who) == signed
    assert await record.draw_up(door.number, key="示例", **who) == signed


async def public_result() -> Task:
    task = await over()
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    return await publishing.published(task, HEAD, ENTERED)


@AGREED
async def test_an_objection_decided(db: str, agreed: bool) -> None:
    task, at = await public_result(), ENTERED + timedelta(hours=1)
    letter = await Notice.get(task=task)
    asked = await objection.object_to(letter.number, "示例:与事实不符", by=HOLDER, at=at, district=PLACE)
    for _ in range(2):
        decided = await objection.decide(asked, agreed, "示例:复核", by=HEAD, at=at)
        assert decided == await entity.objected(asked)
        assert (decided.upheld, decided.said) == (agreed, "示例:复核")


@AGREED
async def test_a_correction_decided(db: str, agreed: bool) -> None:
    task, at = await public_result(), ENTERED + timedelta(hours=1)
    leader = await sample.leader_of(task)
    await revision.propose(task.number, ["R07"], "示例", reason="示例:有误", by=leader, at=at)
    row = await Revision.get()
    for _ in range(2):
        decided = await revision.decide(task.number, agreed, "示例:复核", by=HEAD, at=at, key="示例")
        assert decided == await publications.revision(row.id)
        assert decided.proposed == (("R07",) if agreed else ())
