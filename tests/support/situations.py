"""One situation after another, each brought about by the acts themselves: where a task, its letter, its team, its
samples, its record, a correction, an objection and what is public may stand (Art. 14-18).

`walk()` goes through all of them once in one database. The walks over surfaces and roles (`test_every_companion`,
`test_every_thing`, `test_every_role`) look at each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

from models.procedure import (
    absence,
    approval,
    arrival,
    cooperation,
    correction,
    delivery_attempt,
    inspection,
    notice,
    postponement,
    record,
    recusal,
    schedule,
    suspension,
    team,
)
from models.procedure import sample as samples
from models.procedure.enrolment import actor_of
from models.queries import record as records
from models.queries import sheet as sheets
from models.rules.actor import Role
from models.tables import (
    Absence,
    Assignment,
    Inspector,
    NonCooperation,
    Notice,
    Sample,
    Substitution,
    Target,
    Task,
)
from tests.support import assistance, onsite
from tests.support import district as place
from tests.support.district import CEREMONY, CREW, VISIT, account, district
from tests.support.situation import DAY, LASTS, LINK, Situation, last, now, wanting
from tests.support.situations_afterwards import afterwards


async def walk() -> AsyncIterator[Situation]:
    await place.found()
    await assistance.planned()
    await place.drawn()
    for code in CREW:
        await account(Role.HEAD, code)
    for one in await Inspector.all():
        await account(Role.INSPECTOR, one.code)
    first, *rest = await Task.all().order_by("rank")
    second = next(one for one in rest if one.team_id == first.team_id)
    third, fourth, fifth = (one for one in rest if one is not second)
    async for one in before_the_visit(first):
        yield one
    async for one in letters(fifth):
        yield one
    async for one in withholding(second):
        yield one
    async for one in unreachable(third, VISIT + DAY):
        yield one
    async for one in refused(fourth, VISIT + 2 * DAY):
        yield one
    async for one in on_site(first, second):
        yield one
    async for one in afterwards(first, VISIT + 3 * LASTS):
        yield one


async def before_the_visit(task: Task) -> AsyncIterator[Situation]:
    at = CEREMONY
    yield await now("assigned", task, at)
    asking = (await now("", task, at)).people[1]
    await team.ask_out(task.number, "recusal", "示例亲属", by=asking, at=at)
    yield await now("substitution: asked", task, at)
    head = actor_of(await account(Role.HEAD, asking.department))
    await team.decide(await last(Substitution), True, by=head, at=at)
    yield await now("substitution: decided", task, at)
    leader = await place.leader_of(task)
    await assistance.entrusted(task, leader, at)
    yield await now("an agency is entrusted", task, at)
    await schedule.propose(task.number, VISIT, VISIT + LASTS, by=leader, at=at)
    yield await now("a time is proposed before the network check is over", task, at)
    await inspection.close_network_check(task.number, by=leader, at=at)
    yield await now("network check closed", task, at)
    async with (
        place.written()
    ):  # a letter that goes by e-mail, then by short message, before somebody must call
        await Target.filter(code=task.target_id).update(email="hotel@example.test", phone="13900000001")
    await schedule.fix(task.number, by=leader, at=at, district=district())
    yield await now("notice: approved", task, at)
    letter = await Notice.get(task=task)
    await postponement.ask(letter.number, "示例盘点", by=LINK, at=at)
    yield await now("another time is asked for", task, at)
    seat = await Assignment.filter(task=task, until=None, department="XF").order_by("id").first()
    assert seat
    await recusal.ask(letter.number, seat.id, "示例亲属", by=LINK, at=at)
    yield await now("a recusal is asked for", task, at)
    await correction.submit(letter.number, 1, "示例已整改", by=LINK, at=at)
    yield await now("correction: waits before the visit", task, at)


async def letters(task: Task) -> AsyncIterator[Situation]:
    """A letter that the head approves too, and each state in which it may be on its way."""
    at, begins = CEREMONY, VISIT + 3 * DAY
    leader = await place.leader_of(task)
    approved = replace(district(), head_approves=True)
    await inspection.close_network_check(task.number, by=leader, at=at)
    await schedule.propose(task.number, begins, begins + LASTS, by=leader, at=at)
    await schedule.fix(task.number, by=leader, at=at, district=approved)
    yield await now("notice: drafted", task, at)
    head = actor_of(await account(Role.HEAD, leader.department))
    drafted = await Notice.get(task=task)
    await approval.decide(drafted.id, False, by=head, at=at, district=approved, reason="示例:另定")
    yield await now("notice: revoked", task, at)
    await schedule.fix(task.number, by=leader, at=at, district=district())
    letter = await Notice.filter(task=task).order_by("-version").first()
    assert letter
    await delivery_attempt.telephoned(task.number, False, "示例:无人接听", by=leader, at=at)
    yield await now("notice: telephoned in vain", task, at)
    await delivery_attempt.telephoned(task.number, True, "示例:知悉", by=leader, at=at)
    yield await now("notice: sent", task, at)
    await notice.acknowledge(letter.number, by=LINK, at=at)
    yield await now("notice: acknowledged", task, at)


async def withholding(task: Task) -> AsyncIterator[Situation]:
    at, begins = CEREMONY, VISIT + LASTS
    leader = await place.leader_of(task)
    await notice.ask_to_withhold(task.number, "示例依据", by=leader, at=at)
    yield await now("notice: to be withheld", task, at)
    head = actor_of(await account(Role.HEAD, leader.department))
    await notice.decide_withholding(await last(Notice, task=task), True, by=head, at=at)
    yield await now("notice: withheld", task, at)
    await inspection.close_network_check(task.number, by=leader, at=at)
    await schedule.propose(task.number, begins, begins + LASTS, by=leader, at=at)
    await schedule.fix(task.number, by=leader, at=at, district=district())


async def _door(task: Task, begins: datetime) -> onsite.Door:
    await place.visit_fixed(task, district(), begins=begins)
    leader, crew = await place.leader_of(task), await place.team_of(task)
    return onsite.Door(task, leader, *crew["XF"], actor_of(await account(Role.HEAD, leader.department)))


async def unreachable(task: Task, at: datetime) -> AsyncIterator[Situation]:
    door = await _door(task, at)
    yield await now("the day of the visit", task, at)
    await arrival.by_hand(task.number, "示例:无码", by=door.first, at=at)
    await door.photographed("place", at)
    yield await now("the place is photographed", task, at)
    await absence.report(task.number, "示例", by=door.first, at=at)
    yield await now("absence: reported", task, at)
    await absence.confirm(await last(Absence), by=door.second, at=at)
    yield await now("unreachable after one attempt", task, at)
    await delivery_attempt.telephoned(task.number, False, "示例:无人接听", by=door.first, at=at)
    yield await now("unreachable after two attempts", task, at)


async def refused(task: Task, at: datetime) -> AsyncIterator[Situation]:
    door = await _door(task, at)
    await cooperation.report(task.number, [1], "示例", by=door.first, at=at)
    yield await now("refusal: reported without a photo", task, at)
    await door.photographed("refusal", at)
    yield await now("refusal: reported", task, at)
    await cooperation.confirm(await last(NonCooperation), by=door.second, at=at)
    yield await now("refusal: waits for the head", task, at)
    await cooperation.decide(await last(NonCooperation), True, by=door.head, at=at)
    yield await now("refused", task, at)


async def on_site(task: Task, next_: Task) -> AsyncIterator[Situation]:
    """`next_`: a visit of the same day, which begins while this one is still open."""
    leader, crew = await place.leader_of(task), await place.team_of(task)
    people = [one.id for each in crew.values() for one in each]
    at = VISIT
    await inspection.begin(task.number, people, by=leader, at=at, untold="示例:当面告知")
    yield await now("on site", task, at)
    yield await now("still at another visit", next_, VISIT + LASTS)
    own = crew["XF"]
    await assistance.taken(task, own, at)
    await onsite.Door(task, leader, *own, leader).photographed("sample", at)
    yield await now("sample: taken", task, at)
    await onsite.Door(task, leader, *own, leader).photographed("", at)
    yield await now("a photo belongs to no point yet", task, at)
    await suspension.suspend(task.number, "示例:次日继续", by=leader, at=at)
    yield await now("broken off", task, at)
    await schedule.propose(task.number, VISIT + 2 * LASTS, VISIT + 3 * LASTS, by=leader, at=at)
    await schedule.fix(task.number, by=leader, at=at, district=district(), reason="示例")
    at = VISIT + 2 * LASTS
    await inspection.begin(task.number, people, by=leader, at=at, untold="示例:当面告知")
    yield await now("on site again the same day", task, at)
    yield await now("on site past midnight", task, at + timedelta(hours=16))
    failing = await wanting(task)
    for ask in (await sheets.sheet_of(task)).asks:
        await inspection.answer(
            task.number, ask.number, verdict="fail" if ask.number == failing else "na" if ask.may_not_apply else "pass",
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
            note="示例", by=crew[ask.department][0], at=at,
        )  # fmt: skip
    yield await now("every point is answered", task, at)
    await inspection.finalise(task.number, by=own[0], at=at)
    yield await now("a section is closed", task, at)
    for each in crew.values():
        await inspection.finalise(task.number, by=each[0], at=at)
    yield await now("every section is closed", task, at)
    await record.draw_up(task.number, by=leader, at=at, district=district())
    yield await now("record: drawn up", task, at)
    sheet = (await records.papers(task.number)).last
    assert sheet
    await record.refuse_to_sign(task.number, sheet.sha256, "示例", witness="示例见证人", by=leader, at=at)
    yield await now("record: signing refused", task, at)
    await record.sign(task.number, sheet.sha256, "officer", picture="", by=leader, at=at)
    await inspection.conclude(task.number, by=leader, at=at, district=district())
    yield await now("concluded, a report is out", task, at)
    await samples.report(await last(Sample), "pass", "示例", "示例检2026-1", by=own[0], at=at)
    yield await now("sample: reported", task, at)
