"""到场登记: four ways in which it is known that an officer came (Art. 16 (2))."""

import asyncio
from datetime import timedelta

import pytest

from models.procedure import arrival, inspection
from models.queries import arrival as arrivals
from models.queries import evidence
from models.refusal import Refusal
from models.rules import arrival as rules
from models.rules import tokens
from models.rules.actor import Actor, Role
from models.rules.photo import Datum, Point, to_wgs84
from models.tables import Arrival, Assignment, Event, Notice, Target, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district

AT = VISIT + timedelta(minutes=2)


@pytest.fixture
async def task(any_db) -> Task:
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    return await Task.get(id=task.id)


async def code_of(seat: Assignment, at=AT) -> str:
    """What the officer's phone shows at this moment."""
    key = await arrivals.code_key(district().secret, seat.task_id, str(seat.inspector_id), at)
    assert key
    return rules.token(key.key, key.assignment, rules.step_of(at))


async def seats(task: Task) -> list[Assignment]:
    return await Assignment.filter(task=task, until=None).order_by("id")


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def test_the_scan_is_the_arrival_once_for_each_officer_and_day(task):
    one, other = (await seats(task))[:2]
    for at in (AT, AT + timedelta(seconds=35), AT + timedelta(hours=2)):
        await arrival.scanned(await code_of(one, at), at=at, district=district())
    await arrival.scanned(await code_of(other), at=AT, district=district())
    rows = await Arrival.filter(task=task).order_by("id")
    assert [(row.inspector_id, row.how, row.at) for row in rows] == [
        (one.inspector_id, "code", AT), (other.inspector_id, "code", AT),
    ]  # fmt: skip
    assert await arrivals.here(task.id, AT) == (one.inspector_id, other.inspector_id)
    assert (await evidence.verify()).differences == []


async def test_many_phones_that_scan_at_once_make_one_arrival(task):
    code = await code_of((await seats(task))[0])
    await asyncio.gather(*[arrival.scanned(code, at=AT, district=district()) for _ in range(8)])
    assert await Arrival.filter(task=task).count() == 1
    assert await Event.filter(kind="arrival.recorded").count() == 1


async def test_an_old_code_is_no_arrival(task):
    seat = (await seats(task))[0]
    code = await code_of(seat)
    later = AT + timedelta(seconds=70)
    assert await refused(arrival.scanned(code, at=later, district=district())) == "arrival.expired"
    assert await refused(arrival.scanned("A" * 22, at=AT, district=district())) == "arrival.unknown"
    assert not await Arrival.exists()


async def test_nobody_arrives_before_the_day(task):
    one = (await sample.team_of(task))["XF"][0]
    assert await refused(arrival.by_hand(task.number, "示例", by=one, at=CEREMONY)) == "arrival.not_the_day"


async def test_an_officer_who_left_the_team_arrives_no_more(task):
    seat = (await seats(task))[0]
    code = await code_of(seat)
    seat.until = CEREMONY
    await seat.save()
    assert await refused(arrival.scanned(code, at=AT, district=district())) == "arrival.unknown"
    page = await arrivals.code_page(district().secret, code, AT)
    assert (page.worth, page.officer, page.target) == (arrivals.Worth.ENDED, "", "")


async def test_the_notice_at_the_door_serves_officers_of_its_task_alone(task):
    notice = await Notice.get(task=task)
    link = tokens.token(district().secret, "notice", notice.number)
    officer = (await sample.team_of(task))["XF"][0]
    arrived = await arrival.by_notice(link, by=officer, at=AT)
    assert (arrived.how, arrived.officer) == ("notice", officer.id)
    stranger = Actor(Role.INSPECTOR, "INS-XX-1")
    assert await refused(arrival.by_notice(link, by=stranger, at=AT)) == "task.unknown"
    assert await refused(arrival.by_notice("A" * 22, by=officer, at=AT)) == "notice.unknown"


async def test_how_far_away_is_written_down_and_never_refused(task):
    """The registry holds GCJ-02, the phone says WGS-84: the same place is 0 metres away, not 500."""
    async with sample.written():
        await Target.filter(code=task.target_id).update(
            latitude_e6=33_737_000, longitude_e6=113_292_000, datum="GCJ-02"
        )
    there = to_wgs84(Point(33.737, 113.292, Datum.GCJ02))
    near, away = (await sample.team_of(task))["XF"]
    arrived = await arrival.located(task.number, there, 12, by=near, at=AT)
    assert (arrived.distance, arrived.accuracy) == (0, 12)
    arrived = await arrival.located(
        task.number, Point(there.latitude + 0.02, there.longitude), 12, by=away, at=AT
    )
    assert 2200 < arrived.distance < 2250
    assert [one.far for one in await arrivals.arrivals(task.id)] == [False, True]
    assert (await evidence.verify()).differences == []


async def test_without_registered_coordinates_no_distance_is_made_up(task):
    officer = (await sample.team_of(task))["XF"][0]
    arrived = await arrival.located(task.number, Point(33.7, 113.3), 12, by=officer, at=AT)
    assert arrived.distance is None
    assert (await Arrival.get(id=arrived.id)).latitude_e6 == 33_700_000


async def test_by_hand_needs_a_reason(task):
    officer = (await sample.team_of(task))["XF"][0]
    assert await refused(arrival.by_hand(task.number, " ", by=officer, at=AT)) == "arrival.no_reason"
    arrived = await arrival.by_hand(task.number, "对方不便扫码", by=officer, at=AT)
    assert (arrived.how, arrived.reason) == ("hand", "对方不便扫码")


async def test_whoever_comes_while_the_visit_is_on_counts_as_present(task):
    people = await sample.team_of(task)
    late = people["XF"][1]
    there = [one.id for crew in people.values() for one in crew if one.id != late.id]
    await inspection.begin(
        task.number, there, by=await sample.leader_of(task), at=AT, reason="示例:在途", untold="示例:当面告知"
    )
    await arrival.by_hand(task.number, "示例", by=late, at=AT + timedelta(minutes=9))
    assert (await Assignment.get(task=task, inspector_id=late.id)).arrived_at == AT + timedelta(minutes=9)
    assert (await evidence.verify()).differences == []
