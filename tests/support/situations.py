"""One situation after another, each brought about by the acts themselves: where a task, its letter, its team, its
samples, its record, a correction, an objection and what is public may stand (Art. 14-18).

`walk()` goes through all of them once in one database. The walks over surfaces and roles (`test_every_companion`,
`test_every_thing`, `test_every_role`) look at each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tortoise.models import Model

from models.procedure import (
    absence,
    approval,
    arrival,
    cooperation,
    correction,
    credit,
    delivery_attempt,
    department_result,
    entry,
    follow_up,
    inspection,
    notice,
    objection,
    postponement,
    publication,
    recheck,
    record,
    rectification,
    rectification_term,
    recusal,
    revision,
    schedule,
    suspension,
    team,
)
from models.procedure import sample as samples
from models.procedure.enrolment import actor_of
from models.queries import record as records
from models.queries import sheet as sheets
from models.rules.actor import Actor, Role
from models.rules.follow_up import FollowUpForm
from models.rules.recheck import PointFinding, PointFound
from models.rules.rectification import RectificationOutcome
from models.states import FOLLOWED_UP_IN, ORDER_PROVED_IN
from models.tables import (
    Absence,
    Assignment,
    Correction,
    FollowUp,
    Inspector,
    NonCooperation,
    Notice,
    Objection,
    Postponement,
    Rectification,
    RecusalRequest,
    Sample,
    Substitution,
    Target,
    Task,
)
from tests.support import assistance, onsite, publishing
from tests.support import district as place
from tests.support.district import CEREMONY, CREW, VISIT, account, district

LINK = Actor(Role.PUBLIC, "link")
DAY = timedelta(days=1)
LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class Situation:
    """`name`: what stands there now. `about`: the things besides the task that are in a state of their own."""

    name: str
    task: Task
    at: datetime
    leader: Actor
    people: tuple[Actor, ...]  # of the team, the leader first
    member: (
        Actor  # who is not the leader; once something may be ordered, of the department that found it wanting
    )

    @property
    def number(self) -> str:
        return self.task.number


async def _last(kind: type[Model], **which: object) -> int:
    """The id of the newest row of its kind."""
    found = await kind.filter(**which).order_by("-id").first()
    assert found
    return int(found.pk)


async def _now(name: str, task: Task, at: datetime) -> Situation:
    leader, crew = await place.leader_of(task), await place.team_of(task)
    others = [one for people in crew.values() for one in people if one.id != leader.id]
    task = await Task.get(id=task.id)
    orders = await wanting_of(task) if task.state in FOLLOWED_UP_IN else others[-1].department
    member = next(one for one in reversed(others) if one.department == orders)
    return Situation(name, task, at, leader, (leader, *others), member)


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
    yield await _now("assigned", task, at)
    asking = (await _now("", task, at)).people[1]
    await team.ask_out(task.number, "recusal", "示例亲属", by=asking, at=at)
    yield await _now("substitution: asked", task, at)
    head = actor_of(await account(Role.HEAD, asking.department))
    await team.decide(await _last(Substitution), True, by=head, at=at)
    yield await _now("substitution: decided", task, at)
    leader = await place.leader_of(task)
    await assistance.entrusted(task, leader, at)
    yield await _now("an agency is entrusted", task, at)
    await schedule.propose(task.number, VISIT, VISIT + LASTS, by=leader, at=at)
    yield await _now("a time is proposed before the network check is over", task, at)
    await inspection.close_network_check(task.number, by=leader, at=at)
    yield await _now("network check closed", task, at)
    async with (
        place.written()
    ):  # a letter that goes by e-mail, then by short message, before somebody must call
        await Target.filter(code=task.target_id).update(email="hotel@example.test", phone="13900000001")
    await schedule.fix(task.number, by=leader, at=at, district=district())
    yield await _now("notice: approved", task, at)
    letter = await Notice.get(task=task)
    await postponement.ask(letter.number, "示例盘点", by=LINK, at=at)
    yield await _now("another time is asked for", task, at)
    seat = await Assignment.filter(task=task, until=None, department="XF").order_by("id").first()
    assert seat
    await recusal.ask(letter.number, seat.id, "示例亲属", by=LINK, at=at)
    yield await _now("a recusal is asked for", task, at)
    await correction.submit(letter.number, 1, "示例已整改", by=LINK, at=at)
    yield await _now("correction: waits before the visit", task, at)


async def letters(task: Task) -> AsyncIterator[Situation]:
    """A letter that the head approves too, and each state in which it may be on its way."""
    at, begins = CEREMONY, VISIT + 3 * DAY
    leader = await place.leader_of(task)
    approved = replace(district(), head_approves=True)
    await inspection.close_network_check(task.number, by=leader, at=at)
    await schedule.propose(task.number, begins, begins + LASTS, by=leader, at=at)
    await schedule.fix(task.number, by=leader, at=at, district=approved)
    yield await _now("notice: drafted", task, at)
    head = actor_of(await account(Role.HEAD, leader.department))
    drafted = await Notice.get(task=task)
    await approval.decide(drafted.id, False, by=head, at=at, district=approved, reason="示例:另定")
    yield await _now("notice: revoked", task, at)
    await schedule.fix(task.number, by=leader, at=at, district=district())
    letter = await Notice.filter(task=task).order_by("-version").first()
    assert letter
    await delivery_attempt.telephoned(task.number, False, "示例:无人接听", by=leader, at=at)
    yield await _now("notice: telephoned in vain", task, at)
    await delivery_attempt.telephoned(task.number, True, "示例:知悉", by=leader, at=at)
    yield await _now("notice: sent", task, at)
    await notice.acknowledge(letter.number, by=LINK, at=at)
    yield await _now("notice: acknowledged", task, at)


async def withholding(task: Task) -> AsyncIterator[Situation]:
    at, begins = CEREMONY, VISIT + LASTS
    leader = await place.leader_of(task)
    await notice.ask_to_withhold(task.number, "示例依据", by=leader, at=at)
    yield await _now("notice: to be withheld", task, at)
    head = actor_of(await account(Role.HEAD, leader.department))
    await notice.decide_withholding(await _last(Notice, task=task), True, by=head, at=at)
    yield await _now("notice: withheld", task, at)
    await inspection.close_network_check(task.number, by=leader, at=at)
    await schedule.propose(task.number, begins, begins + LASTS, by=leader, at=at)
    await schedule.fix(task.number, by=leader, at=at, district=district())


async def _door(task: Task, begins: datetime) -> onsite.Door:
    await place.visit_fixed(task, district(), begins=begins)
    leader, crew = await place.leader_of(task), await place.team_of(task)
    return onsite.Door(task, leader, *crew["XF"], actor_of(await account(Role.HEAD, leader.department)))


async def unreachable(task: Task, at: datetime) -> AsyncIterator[Situation]:
    door = await _door(task, at)
    yield await _now("the day of the visit", task, at)
    await arrival.by_hand(task.number, "示例:无码", by=door.first, at=at)
    await door.photographed("place", at)
    yield await _now("the place is photographed", task, at)
    await absence.report(task.number, "示例", by=door.first, at=at)
    yield await _now("absence: reported", task, at)
    await absence.confirm(await _last(Absence), by=door.second, at=at)
    yield await _now("unreachable after one attempt", task, at)
    await delivery_attempt.telephoned(task.number, False, "示例:无人接听", by=door.first, at=at)
    yield await _now("unreachable after two attempts", task, at)


async def refused(task: Task, at: datetime) -> AsyncIterator[Situation]:
    door = await _door(task, at)
    await cooperation.report(task.number, [1], "示例", by=door.first, at=at)
    yield await _now("refusal: reported without a photo", task, at)
    await door.photographed("refusal", at)
    yield await _now("refusal: reported", task, at)
    await cooperation.confirm(await _last(NonCooperation), by=door.second, at=at)
    yield await _now("refusal: waits for the head", task, at)
    await cooperation.decide(await _last(NonCooperation), True, by=door.head, at=at)
    yield await _now("refused", task, at)


async def on_site(task: Task, next_: Task) -> AsyncIterator[Situation]:
    """`next_`: a visit of the same day, which begins while this one is still open."""
    leader, crew = await place.leader_of(task), await place.team_of(task)
    people = [one.id for each in crew.values() for one in each]
    at = VISIT
    await inspection.begin(task.number, people, by=leader, at=at, untold="示例:当面告知")
    yield await _now("on site", task, at)
    yield await _now("still at another visit", next_, VISIT + LASTS)
    own = crew["XF"]
    await assistance.taken(task, own, at)
    await onsite.Door(task, leader, *own, leader).photographed("sample", at)
    yield await _now("sample: taken", task, at)
    await onsite.Door(task, leader, *own, leader).photographed("", at)
    yield await _now("a photo belongs to no point yet", task, at)
    await suspension.suspend(task.number, "示例:次日继续", by=leader, at=at)
    yield await _now("broken off", task, at)
    await schedule.propose(task.number, VISIT + 2 * LASTS, VISIT + 3 * LASTS, by=leader, at=at)
    await schedule.fix(task.number, by=leader, at=at, district=district(), reason="示例")
    at = VISIT + 2 * LASTS
    await inspection.begin(task.number, people, by=leader, at=at, untold="示例:当面告知")
    yield await _now("on site again the same day", task, at)
    yield await _now("on site past midnight", task, at + timedelta(hours=16))
    failing = await wanting(task)
    for ask in (await sheets.sheet_of(task)).asks:
        await inspection.answer(
            task.number, ask.number, verdict="fail" if ask.number == failing else "na" if ask.may_not_apply else "pass",
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
            note="示例", by=crew[ask.department][0], at=at,
        )  # fmt: skip
    yield await _now("every point is answered", task, at)
    await inspection.finalise(task.number, by=own[0], at=at)
    yield await _now("a section is closed", task, at)
    for each in crew.values():
        await inspection.finalise(task.number, by=each[0], at=at)
    yield await _now("every section is closed", task, at)
    await record.draw_up(task.number, by=leader, at=at, district=district())
    yield await _now("record: drawn up", task, at)
    last = (await records.papers(task.number)).last
    assert last
    await record.refuse_to_sign(task.number, last.sha256, "示例", witness="示例见证人", by=leader, at=at)
    yield await _now("record: signing refused", task, at)
    await record.sign(task.number, last.sha256, "officer", picture="", by=leader, at=at)
    await inspection.conclude(task.number, by=leader, at=at, district=district())
    yield await _now("concluded, a report is out", task, at)
    await samples.report(await _last(Sample), "pass", "示例", "示例检2026-1", by=own[0], at=at)
    yield await _now("sample: reported", task, at)


async def wanting(task: Task) -> int:
    """The point that the check finds wanting: one that needs no photo."""
    return next(
        ask.number
        for ask in (await sheets.sheet_of(task)).asks
        if ask.photo == "no" and ask.kind == "TRI" and ask.department != "XF"
    )


async def afterwards(task: Task, at: datetime) -> AsyncIterator[Situation]:
    leader, head = await place.leader_of(task), actor_of(await account(Role.HEAD, "GA"))
    letter = await Notice.filter(task=task).order_by("-version").first()
    assert letter
    await correction.submit(letter.number, await wanting(task), "示例已整改", by=LINK, at=at)
    yield await _now("correction: waits after the visit", task, at)
    await department_result.enter(task.number, ["R14"], "示例", by=leader, at=at)
    yield await _now("result: the leader was first", task, at)
    for department, crew in (await place.team_of(task)).items():
        if department != leader.department:
            await department_result.enter(task.number, ["R14"], "示例", by=crew[0], at=at)
    yield await _now("result: to confirm", task, at)
    await department_result.confirm(task.number, by=leader, at=at)
    yield await _now("result: entered", task, at)
    await entry.review(task.number, False, by=head, at=at, reason="示例")
    yield await _now("result: returned", task, at)
    await place.entered(task, ["R02"], at)
    await entry.review(task.number, True, by=head, at=at)
    yield await _now("result: reviewed", task, at)
    async for one in ordered(task, at):
        yield one
    await publication.record(task.number, "示例-2026-000", at.date(), by=head, at=at)
    yield await _now("result: recorded", task, at)
    await publishing.agreed(task, at)
    yield await _now("result: agreed to", task, at)
    await publication.publish(task.number, by=head, at=at, district=district(), unsigned=publishing.NO_RECORD)
    yield await _now("result: published", task, at)
    await objection.object_to(letter.number, "示例不符", by=LINK, at=at, district=district())
    yield await _now("objection: waits", task, at)
    await objection.decide(await _last(Objection), False, "示例", by=head, at=at)
    yield await _now("objection: not upheld", task, at)
    await revision.ask(task.number, "示例", by=head, at=at)
    yield await _now("revision: asked", task, at)
    await revision.propose(task.number, ["R03"], "示例更正", by=leader, at=at, reason="示例")
    yield await _now("revision: proposed", task, at)
    await revision.decide(task.number, True, by=head, at=at)
    yield await _now("revision: made", task, at)
    case = FollowUpForm("case", at.date(), "示例立案2026-1")
    await follow_up.begin(task.number, case, by=head, at=at, district=district())
    yield await _now("follow-up: a case is open", task, at)
    await follow_up.end(await _last(FollowUp), "示例结案", by=head, at=at)
    yield await _now("follow-up: the case is closed", task, at)
    at += 14 * DAY
    yield await _now("result: may go into the credit record", task, at)
    until = at.date() + timedelta(days=365)
    await credit.enter(task.number, until, by=head, at=at, district=district())
    yield await _now("credit: entered", task, at)
    asked = await credit.apply(letter.number, "示例已改正", by=LINK, at=at)
    yield await _now("credit: repair is asked for", task, at)
    await credit.decide(asked.id, False, "示例未改正", by=head, at=at)
    yield await _now("credit: repair is refused", task, at)
    await revision.withdraw(task.number, "示例", by=head, at=at)
    yield await _now("result: withdrawn", task, at)
    at += 20 * DAY
    async for one in lapsed(task, at):
        yield one
    await settled(await _now("", task, at))
    yield await _now("result: nothing waits any more", task, at)
    await publishing.archived(task, head, at)
    yield await _now("archived", task, at)


async def ordered(task: Task, at: datetime) -> AsyncIterator[Situation]:
    """An order to rectify on its way: issued, reported on, verified as not put right, extended."""
    officer = (await place.team_of(task))[await wanting_of(task)][0]
    due = at.date() + timedelta(days=7)
    order = await rectification.issue(task.number, due, by=officer, at=at, district=district())
    yield await _now("order: issued", task, at)
    await rectification.hand_in(order.number, "示例:已更换", by=LINK, at=at)
    yield await _now("order: proof handed in", task, at)
    await rectification.decide(order.id, RectificationOutcome.NOT_DONE, "示例", by=officer, at=at)
    yield await _now("order: not done", task, at)
    second = (await place.team_of(task))[await wanting_of(task)][1].id
    line = await recheck.announce(order.id, at + timedelta(minutes=1), second, by=officer, at=at)
    yield await _now("recheck: announced", task, at)
    await recheck.begin(line.id, by=officer, at=at)
    yield await _now("recheck: begun", task, at)
    found = [PointFinding(point.number, PointFound.NOT_DONE, "示例:仍未更换") for point in order.points]
    await recheck.conclude(line.id, found, by=officer, at=at)
    yield await _now("recheck: ended", task, at)
    until = due + timedelta(days=3)
    await rectification.extend(order.id, until, "示例", by=officer, at=at, district=district())
    yield await _now("order: extended", task, at)


async def lapsed(task: Task, at: datetime) -> AsyncIterator[Situation]:
    """Its term is over; the head notes the case."""
    await rectification_term.chase(at=at)
    yield await _now("order: lapsed", task, at)
    order = await Rectification.get(task=task)
    head = actor_of(await account(Role.HEAD, order.department))
    await rectification.file(order.id, "示例立〔2026〕1号", at.date(), by=head, at=at)
    yield await _now("order: filed", task, at)


async def wanting_of(task: Task) -> str:
    """The department whose point was found wanting."""
    number = await wanting(task)
    return next(ask.department for ask in (await sheets.sheet_of(task)).asks if ask.number == number)


async def settled(one: Situation) -> None:
    """What still waits for somebody's answer gets it."""
    for request in await RecusalRequest.filter(task=one.task, granted=None).select_related("inspector"):
        head = actor_of(await account(Role.HEAD, request.inspector.department))
        await recusal.decide(request.id, False, "示例", by=head, at=one.at)
    for mended in await Correction.filter(task=one.task, accepted=None).select_related("question"):
        crew = (await place.team_of(one.task))[mended.question.department]
        await correction.decide(mended.id, True, by=crew[0], at=one.at)
    for order in await Rectification.filter(task=one.task, state__in=list(ORDER_PROVED_IN)):
        crew = (await place.team_of(one.task))[order.department]
        await rectification.decide(order.id, RectificationOutcome.VERIFIED, by=crew[0], at=one.at)
    for wish in await Postponement.filter(notice__task=one.task, granted=None):
        await postponement.decide(wish.id, False, by=one.leader, at=one.at)
