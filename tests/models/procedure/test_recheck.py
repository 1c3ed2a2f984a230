"""现场复查: two officers go and see, sign what they found, and that verifies the order (Art. 17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from models import store
from models.procedure import photo, recheck, rectification
from models.queries import evidence, rechecks
from models.queries import rectification as queries
from models.queries.rechecks import RecheckLine
from models.queries.rectification import OrderLine
from models.rules.actor import Actor
from models.rules.public.rectification import Rectified, public_rectification
from models.rules.recheck import PointFinding
from models.rules.recheck import PointFound as F
from models.rules.visit import SHANGHAI
from models.states import RectificationState as R
from models.tables import Assignment, Notification, Outbox, Photo, Task
from tests.models.procedure.test_publication import refused
from tests.support import rectifying
from tests.support.district import district, team_of, visit_fixed
from tests.support.publishing import HOLDER
from tests.support.record import png
from tests.support.rectifying import ENDED, Wanting

BEGINS = datetime.combine(ENDED.date() + timedelta(days=3), time(10), SHANGHAI)
THERE = (33.766, 113.192, 12.0)


@dataclass
class Visit:
    """An order whose recheck is announced. `mate`: the second officer."""

    of: Wanting
    order: OrderLine
    mate: Actor
    line: RecheckLine

    async def begun(self) -> RecheckLine:
        return await recheck.begin(self.line.id, THERE, by=self.of.officer, at=BEGINS)

    async def ended(self, *found: F) -> RecheckLine:
        await self.begun()
        said = [
            PointFinding(point.number, how, "" if how == F.RECTIFIED else "示例:仍缺一只")
            for point, how in zip(self.order.left, found, strict=True)
        ]
        at = BEGINS + timedelta(minutes=40)
        self.line = await recheck.conclude(self.line.id, said, THERE, by=self.of.officer, at=at)
        return self.line

    async def signed_by(self, who: Actor, **how: str) -> RecheckLine:
        at = BEGINS + timedelta(minutes=50)
        return await recheck.sign(self.line.id, self.line.sha256, who.id, by=who, at=at, **how)


async def announced() -> Visit:
    of = await rectifying.reviewed()
    order = await of.ordered()
    await rectification.hand_in(order.number, "示例:已更换", by=HOLDER, at=ENDED)
    mate = (await team_of(of.task))[of.department][1]
    line = await recheck.announce(order.id, BEGINS, mate.id, by=of.officer, at=ENDED)
    return Visit(of, order, mate, line)


async def glass() -> str:
    return await store.objects.put(png())


async def whole() -> None:
    assert (await evidence.verify()).differences == []


async def test_a1_neither_officer_is_at_another_visit_meanwhile(any_db) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered()
    mate = (await team_of(of.task))[of.department][1]
    seats = Assignment.filter(inspector_id=mate.id, until=None).exclude(task=of.task).select_related("task")
    other = (await seats.first()).task
    await visit_fixed(other, district(), begins=BEGINS)
    half = BEGINS + timedelta(minutes=30)
    assert (await refused(recheck.announce(order.id, half, mate.id, by=of.officer, at=ENDED))).startswith(
        "visit.two_at_once"
    )
    later = (await Task.get(id=other.id)).visit_until
    assert (await recheck.announce(order.id, later, mate.id, by=of.officer, at=ENDED)).begins == later


async def test_the_entity_is_told_the_day_by_its_channels_and_the_second_officer_is_asked(any_db) -> None:
    visit = await announced()
    order = await queries.line(visit.order.id)
    step = order.steps[-1]
    assert (step.kind, step.text) == ("recheck", f"{BEGINS:%Y-%m-%d %H:%M}")
    assert await Notification.exists(kind="order_step", task=visit.of.task)
    assert step in order.told_steps, "the entity reads it on the order's page"
    asked = await Outbox.filter(kind="rectification.recheck").values_list("account__inspector_id", flat=True)
    assert asked == [visit.mate.id]
    assert order.recheck and [code for code, _ in order.recheck.officers] == [
        visit.of.officer.id,
        visit.mate.id,
    ]
    assert order.state == R.HANDED_IN, "to announce is to verify nothing"
    await whole()


async def test_both_officers_sign_what_they_found_and_that_verifies_the_order(any_db) -> None:
    visit = await announced()
    await visit.ended(F.RECTIFIED, F.RECTIFIED)
    first = await visit.signed_by(visit.of.officer)
    assert not first.settled and [code for code, _ in first.missing] == [visit.mate.id]
    assert (await queries.line(visit.order.id)).state == R.HANDED_IN, "one signature alone verifies nothing"
    second = await visit.signed_by(visit.mate, picture=await glass())
    assert second.settled and not second.missing
    order = await queries.line(visit.order.id)
    assert order.state == R.VERIFIED and order.recheck is None
    told = public_rectification([queries.fact_of(order)])
    assert told.rectified == Rectified.VERIFIED, "in public it reads like any other verification"
    await whole()


async def test_a_point_found_partly_put_right_is_not_put_right_and_its_note_is_the_reason(any_db) -> None:
    visit = await announced()
    await visit.ended(F.RECTIFIED, F.PARTLY)
    await visit.signed_by(visit.of.officer)
    await visit.signed_by(visit.mate)
    order = await queries.line(visit.order.id)
    right, wrong = visit.of.points
    assert (order.state, order.done) == (R.PARTLY, (right,))
    assert order.steps[-1].text == f"{wrong}. 示例:仍缺一只"
    await whole()


async def test_nothing_found_put_right_is_said_so(any_db) -> None:
    visit = await announced()
    await visit.ended(F.NOT_DONE, F.PARTLY)
    await visit.signed_by(visit.of.officer)
    await visit.signed_by(visit.mate)
    assert (await queries.line(visit.order.id)).state == R.NOT_DONE


async def test_it_begins_on_the_day_that_was_told_with_time_and_place(any_db) -> None:
    visit = await announced()
    early = recheck.begin(visit.line.id, by=visit.of.officer, at=BEGINS - timedelta(days=1))
    assert await refused(early) == "recheck.too_early"
    assert await refused(recheck.begin(visit.line.id, by=visit.of.other, at=BEGINS)) == "recheck.not_yours"
    assert (await visit.begun()).begun_at == BEGINS
    await visit.ended(F.RECTIFIED, F.RECTIFIED)
    printable = await rechecks.printable(visit.line.id)
    assert printable
    assert printable.facts["begun_place"] == printable.facts["ended_place"] == list(THERE)


async def test_each_point_is_said_and_one_not_put_right_needs_a_note(any_db) -> None:
    visit = await announced()
    first, second = visit.of.points
    bare = [PointFinding(first, F.RECTIFIED), PointFinding(second, F.NOT_DONE)]
    by, at, id = visit.of.officer, BEGINS, visit.line.id
    assert await refused(recheck.conclude(id, bare, by=by, at=at)) == "recheck.none_begun"
    await visit.begun()
    assert await refused(recheck.conclude(id, bare[:1], by=by, at=at)) == "recheck.points_open"
    assert await refused(recheck.conclude(id, bare, by=by, at=at)) == "recheck.no_note"
    alien = [*bare, PointFinding(9999, F.RECTIFIED)]
    assert await refused(recheck.conclude(id, alien, by=by, at=at)) == "rectification.no_point"


async def test_it_is_set_for_a_day_to_come_with_another_officer_of_the_team(any_db) -> None:
    visit = await announced()
    by, id, second = visit.of.officer, visit.order.id, visit.mate.id
    assert await refused(recheck.announce(id, ENDED, second, by=by, at=ENDED)) == "recheck.day"
    far = ENDED + timedelta(days=61)
    assert await refused(recheck.announce(id, far, second, by=by, at=ENDED)) == "recheck.day"
    assert await refused(recheck.announce(id, BEGINS, by.id, by=by, at=ENDED)) == "recheck.second"
    assert await refused(recheck.announce(id, BEGINS, "nobody", by=by, at=ENDED)) == "recheck.second"
    stranger = recheck.announce(id, BEGINS, second, by=visit.of.other, at=ENDED)
    assert await refused(stranger) == "rectification.other_department"


async def test_another_announcement_takes_the_place_of_the_one_before(any_db) -> None:
    visit = await announced()
    later = BEGINS + timedelta(days=1)
    anew = await recheck.announce(visit.order.id, later, visit.mate.id, by=visit.of.officer, at=ENDED)
    assert await refused(visit.begun()) == "recheck.replaced"
    assert anew.number == f"{visit.order.number}-F2"
    assert (await queries.line(visit.order.id)).recheck == anew
    assert await Notification.filter(kind="order_step").count() == 2, "the entity is told of each"


async def test_the_entity_signs_on_glass_or_refuses_before_a_witness_and_neither_holds_up_the_order(
    any_db,
) -> None:
    visit = await announced()
    line = await visit.ended(F.RECTIFIED, F.RECTIFIED)
    who = {"by": visit.of.officer, "at": BEGINS}
    no_glass = recheck.sign(line.id, line.sha256, name="示例经理", **who)
    assert await refused(no_glass) == "signature.not_a_picture"
    assert await refused(recheck.sign(line.id, "b" * 64, visit.mate.id, **who)) == "recheck.unknown"
    another_hand = recheck.sign(line.id, line.sha256, visit.mate.id, **who)
    assert await refused(another_hand) == "recheck.not_yours", "the account of the other one signs for nobody"
    await visit.signed_by(visit.of.officer)
    await visit.signed_by(visit.mate)
    after = await recheck.refuse_to_sign(line.id, line.sha256, "示例:不认可", "示例见证人 物业", **who)
    assert after.settled and after.entity and after.entity.refused
    after_all = await recheck.sign(
        line.id, line.sha256, picture=await glass(), name="示例经理", position="店长", **who
    )
    assert after_all.entity and not after_all.entity.refused
    again = recheck.refuse_to_sign(line.id, line.sha256, "示例", "示例", **who)
    assert await refused(again) == "recheck.signed_already"
    await whole()


async def test_what_was_verified_from_papers_meanwhile_is_not_verified_again(any_db) -> None:
    visit = await announced()
    await visit.ended(F.RECTIFIED, F.RECTIFIED)
    await visit.signed_by(visit.of.officer)
    await rectification.decide(
        visit.order.id, rectification.RectificationOutcome.VERIFIED, by=visit.of.officer, at=BEGINS
    )
    assert await refused(visit.signed_by(visit.mate)) == "rectification.state"
    order = await queries.line(visit.order.id)
    assert [step.kind for step in order.steps].count("verified") == 1 and order.recheck is None


async def test_its_photos_are_those_taken_while_it_is_under_way(any_db) -> None:
    visit = await announced()
    assert await refused(_photographed(visit, ENDED)) == "recheck.none_begun"
    await visit.begun()
    await _photographed(visit, BEGINS + timedelta(minutes=5))
    await visit.ended(F.RECTIFIED, F.RECTIFIED)
    printable = await rechecks.printable(visit.line.id)
    taken = await Photo.filter(about="recheck").values_list("sha256", flat=True)
    assert printable and [row[0] for row in printable.facts["photos"]] == taken
    assert await refused(_photographed(visit, BEGINS + timedelta(hours=2))) == "recheck.none_begun"


async def _photographed(visit: Visit, at: datetime) -> object:
    data = f"example {at}".encode()
    return await photo.take(
        visit.of.task.number, None, about="recheck", by=visit.of.officer, at=at, sha256=await store.objects.put(data),
        size=len(data), format="JPEG", width=640, height=480, grade="C", labels=[], exif={},
    )  # fmt: skip


async def test_one_press_is_one_recheck(any_db) -> None:
    visit = await announced()
    said = (visit.order.id, BEGINS, visit.mate.id)
    who = {"by": visit.of.officer, "at": ENDED, "key": "k" * 16}
    first, second = await recheck.announce(*said, **who), await recheck.announce(*said, **who)
    assert first.id == second.id
