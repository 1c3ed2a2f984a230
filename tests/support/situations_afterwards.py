"""What may stand after the visit, one situation after another, each brought about by the acts themselves: the result and
what is public of it, orders to rectify and their rechecks, follow-up, credit, the archive (Art. 16 (3), 17-20)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from models.procedure import (
    correction,
    credit,
    department_result,
    entry,
    follow_up,
    objection,
    postponement,
    publication,
    recheck,
    rectification,
    rectification_term,
    recusal,
    revision,
)
from models.procedure.enrolment import actor_of
from models.rules.actor import Role
from models.rules.follow_up import FollowUpForm
from models.rules.recheck import PointFinding, PointFound
from models.rules.rectification import RectificationOutcome
from models.states import ORDER_PROVED_IN
from models.tables import (
    Correction,
    FollowUp,
    Notice,
    Objection,
    Postponement,
    Rectification,
    RecusalRequest,
    Task,
)
from tests.support import district as place
from tests.support import publishing
from tests.support.district import account, district
from tests.support.situation import DAY, LINK, Situation, last, now, wanting, wanting_of


async def afterwards(task: Task, at: datetime) -> AsyncIterator[Situation]:
    leader, head = await place.leader_of(task), actor_of(await account(Role.HEAD, "GA"))
    letter = await Notice.filter(task=task).order_by("-version").first()
    assert letter
    await correction.submit(letter.number, await wanting(task), "示例已整改", by=LINK, at=at)
    yield await now("correction: waits after the visit", task, at)
    await department_result.enter(task.number, ["R14"], "示例", by=leader, at=at)
    yield await now("result: the leader was first", task, at)
    for department, crew in (await place.team_of(task)).items():
        if department != leader.department:
            await department_result.enter(task.number, ["R14"], "示例", by=crew[0], at=at)
    yield await now("result: to confirm", task, at)
    await department_result.confirm(task.number, by=leader, at=at)
    yield await now("result: entered", task, at)
    await entry.review(task.number, False, by=head, at=at, reason="示例")
    yield await now("result: returned", task, at)
    await place.entered(task, ["R02"], at)
    await entry.review(task.number, True, by=head, at=at)
    yield await now("result: reviewed", task, at)
    async for one in ordered(task, at):
        yield one
    await publication.record(task.number, "示例-2026-000", at.date(), by=head, at=at)
    yield await now("result: recorded", task, at)
    await publishing.agreed(task, at)
    yield await now("result: agreed to", task, at)
    await publication.publish(task.number, by=head, at=at, district=district(), unsigned=publishing.NO_RECORD)
    yield await now("result: published", task, at)
    await objection.object_to(letter.number, "示例不符", by=LINK, at=at, district=district())
    yield await now("objection: waits", task, at)
    await objection.decide(await last(Objection), False, "示例", by=head, at=at)
    yield await now("objection: not upheld", task, at)
    await revision.ask(task.number, "示例", by=head, at=at)
    yield await now("revision: asked", task, at)
    await revision.propose(task.number, ["R03"], "示例更正", by=leader, at=at, reason="示例")
    yield await now("revision: proposed", task, at)
    await revision.decide(task.number, True, by=head, at=at)
    yield await now("revision: made", task, at)
    case = FollowUpForm("case", at.date(), "示例立案2026-1")
    await follow_up.begin(task.number, case, by=head, at=at, district=district())
    yield await now("follow-up: a case is open", task, at)
    await follow_up.end(await last(FollowUp), "示例结案", by=head, at=at)
    yield await now("follow-up: the case is closed", task, at)
    at += 14 * DAY
    yield await now("result: may go into the credit record", task, at)
    until = at.date() + timedelta(days=365)
    await credit.enter(task.number, until, by=head, at=at, district=district())
    yield await now("credit: entered", task, at)
    asked = await credit.apply(letter.number, "示例已改正", by=LINK, at=at)
    yield await now("credit: repair is asked for", task, at)
    await credit.decide(asked.id, False, "示例未改正", by=head, at=at)
    yield await now("credit: repair is refused", task, at)
    await revision.withdraw(task.number, "示例", by=head, at=at)
    yield await now("result: withdrawn", task, at)
    at += 20 * DAY
    async for one in lapsed(task, at):
        yield one
    await settled(await now("", task, at))
    yield await now("result: nothing waits any more", task, at)
    await publishing.archived(task, head, at)
    yield await now("archived", task, at)


async def ordered(task: Task, at: datetime) -> AsyncIterator[Situation]:
    """An order to rectify on its way: issued, reported on, verified as not put right, extended."""
    officer = (await place.team_of(task))[await wanting_of(task)][0]
    due = at.date() + timedelta(days=7)
    order = await rectification.issue(task.number, due, by=officer, at=at, district=district())
    yield await now("order: issued", task, at)
    await rectification.hand_in(order.number, "示例:已更换", by=LINK, at=at)
    yield await now("order: proof handed in", task, at)
    await rectification.decide(order.id, RectificationOutcome.NOT_DONE, "示例", by=officer, at=at)
    yield await now("order: not done", task, at)
    second = (await place.team_of(task))[await wanting_of(task)][1].id
    line = await recheck.announce(order.id, at + timedelta(minutes=1), second, by=officer, at=at)
    yield await now("recheck: announced", task, at)
    await recheck.begin(line.id, by=officer, at=at)
    yield await now("recheck: begun", task, at)
    found = [PointFinding(point.number, PointFound.NOT_DONE, "示例:仍未更换") for point in order.points]
    await recheck.conclude(line.id, found, by=officer, at=at)
    yield await now("recheck: ended", task, at)
    until = due + timedelta(days=3)
    await rectification.extend(order.id, until, "示例", by=officer, at=at, district=district())
    yield await now("order: extended", task, at)


async def lapsed(task: Task, at: datetime) -> AsyncIterator[Situation]:
    """Its term is over; the head notes the case."""
    await rectification_term.chase(at=at)
    yield await now("order: lapsed", task, at)
    order = await Rectification.get(task=task)
    head = actor_of(await account(Role.HEAD, order.department))
    await rectification.file(order.id, "示例立〔2026〕1号", at.date(), by=head, at=at)
    yield await now("order: filed", task, at)


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
