"""Every act of a task once, as it is tried by everybody: where, whose it is there, and the least that it asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from tortoise.models import Model

from models import store
from models.procedure import (
    absence,
    approval,
    archive,
    arrival,
    cooperation,
    correction,
    credit,
    delivery_attempt,
    department_result,
    document_submission,
    entrustment,
    entry,
    follow_up,
    hand_delivery,
    inspection,
    notice,
    notification,
    objection,
    online,
    photo,
    postponement,
    preparation,
    publication,
    rating,
    recheck,
    record,
    rectification,
    recusal,
    reopening,
    reply,
    revision,
    sample,
    schedule,
    sharing,
    suspension,
    team,
)
from models.procedure.document_submission import SubmittedFile
from models.queries import rechecks
from models.queries import record as records
from models.queries import sheet as sheets
from models.rules.actor import Actor
from models.rules.follow_up import FollowUpForm
from models.rules.photo import Point
from models.rules.recheck import PointFinding, PointFound
from models.rules.rectification import RectificationOutcome
from models.rules.visit import local_day
from models.tables import (
    Absence,
    Assignment,
    Correction,
    CreditRepair,
    Entrustment,
    Event,
    FollowUp,
    NonCooperation,
    Notice,
    Notification,
    Objection,
    Photo,
    Postponement,
    Recheck,
    Rectification,
    RecusalRequest,
    Sample,
    Substitution,
)
from tests.server.pages import notice_token
from tests.support import publishing
from tests.support.district import VISIT, district
from tests.support.situation import LASTS, Situation

PDF = b"%PDF-1.4\n%%EOF\n"

Deed = Callable[[Situation, Actor], Awaitable[Any]]


async def last(kind: type[Model], **which: Any) -> Any:
    found = await kind.filter(**which).order_by("-id").first()
    assert found, kind
    return found


async def letter(one: Situation) -> Notice:
    return await last(Notice, task=one.task)


async def row(kind: type[Model]) -> int:
    return int((await last(kind)).pk)


async def question(one: Situation, by: Actor, kind: str = "", network: bool = False) -> int:
    """A point of the person's own department; any where they have none."""
    asks = (await sheets.sheet_of(one.task)).asks
    fit = [a for a in asks if (not kind or a.kind == kind) and (not network or a.network != "no")]
    return next((a for a in fit if a.department == by.department), fit[0]).number


async def seat_of(one: Situation, department: str) -> int:
    found = await Assignment.filter(task=one.task, until=None, department=department).order_by("id").first()
    assert found
    return found.id


async def picture(one: Situation, by: Actor, **more: Any) -> object:
    name = await store.objects.put(b"example")
    return await photo.take(
        one.number, None, by=by, at=one.at, sha256=name, size=7, format="JPEG", width=640, height=480, grade="C",
        labels=[], exif={}, **more,
    )  # fmt: skip


async def standing(one: Situation) -> str:
    found = (await records.papers(one.number)).last
    assert found
    return found.sha256


async def paper() -> list[SubmittedFile]:
    return [SubmittedFile(await store.objects.put(PDF), len(PDF), "PDF", "示例.pdf")]


def on_task(act: Callable[..., Awaitable[Any]], *said: Any, **more: Any) -> Deed:
    """An act on the task by its number."""

    async def deed(one: Situation, by: Actor) -> object:
        return await act(one.number, *said, by=by, at=one.at, **more)

    return deed


def on_row(act: Callable[..., Awaitable[Any]], kind: type[Model], *said: Any, **more: Any) -> Deed:
    """An act on the newest row of its kind."""

    async def deed(one: Situation, by: Actor) -> object:
        return await act(await row(kind), *said, by=by, at=one.at, **more)

    return deed


def on_letter(act: Callable[..., Awaitable[Any]], *said: Any, **more: Any) -> Deed:
    async def deed(one: Situation, by: Actor) -> object:
        return await act((await letter(one)).number, *said, by=by, at=one.at, **more)

    return deed


async def find(one: Situation, by: Actor) -> object:
    point = await question(one, by, network=True)
    return await inspection.find_online(one.number, point, "open", "示例", "示例网", by=by, at=one.at)


async def answer(one: Situation, by: Actor) -> object:
    return await inspection.answer(one.number, await question(one, by), note="示例", by=by, at=one.at)


async def shared(one: Situation, by: Actor) -> object:
    numbers = [ask.number for ask in (await sheets.sheet_of(one.task)).on_site("XF")]
    colleague = next(each for each in one.people if each.department == "XF").id
    return await sharing.share(one.number, numbers[:1], colleague, by=by, at=one.at)


async def take(one: Situation, by: Actor) -> object:
    there = [each for each in one.people if each.id != by.id and each.department == by.department]
    witness = (there or one.people)[0].id
    return await sample.take(
        one.number, await question(one, by), "示例", "1", "示例封8888", "示例机构", witness=witness, by=by, at=one.at
    )  # fmt: skip


async def replace(one: Situation, by: Actor) -> object:
    leaving = next(each for each in one.people if each.department == "WJ").id
    return await team.request_substitution(one.number, leaving, "post", "示例", by=by, at=one.at)


async def entrust(one: Situation, by: Actor) -> object:
    people = [("示例甲", "工程师")]
    return await entrustment.entrust(
        one.number, "示例机构", "示例委〔2026〕8号", "示例", people, by=by, at=one.at
    )


async def ask_recusal(one: Situation, by: Actor) -> object:
    number = (await letter(one)).number
    return await recusal.ask(number, await seat_of(one, "WJ"), "示例", by=by, at=one.at)


async def hand_in(one: Situation, by: Actor) -> object:
    number = (await letter(one)).number
    return await document_submission.hand_in(number, 1, await paper(), by=by, at=one.at)


async def by_notice(one: Situation, by: Actor) -> object:
    return await arrival.by_notice(notice_token((await letter(one)).number), by=by, at=one.at)


async def sign(one: Situation, by: Actor) -> object:
    return await record.sign(one.number, await standing(one), "officer", picture="", by=by, at=one.at)


async def refuse_to_sign(one: Situation, by: Actor) -> object:
    return await record.refuse_to_sign(
        one.number, await standing(one), "示例", witness="示例", by=by, at=one.at
    )


async def told(one: Situation, by: Actor) -> object:
    made = await last(Notification, task=one.task)
    return await notification.told_by_a_person(made.id, True, "示例", by=by, at=one.at, spoke_with="示例前台")


async def placed(one: Situation, by: Actor) -> object:
    loose = await last(Photo, task=one.task, question_id=None, about="")
    return await photo.place(loose.id, await question(one, by), by=by, at=one.at)


async def follow(one: Situation, by: Actor) -> object:
    form = FollowUpForm("case", local_day(one.at), "示例立案2026-9")
    return await follow_up.begin(one.number, form, by=by, at=one.at, district=district())


async def enter_credit(one: Situation, by: Actor) -> object:
    until = local_day(one.at) + timedelta(days=365)
    return await credit.enter(one.number, until, by=by, at=one.at, district=district())


async def seal(one: Situation, by: Actor) -> object:
    events = await Event.filter(chain=f"task:{one.number}").count()
    return await archive.seal(
        one.number, await publishing.dossier(events), by=by, at=one.at, district=district()
    )


async def report(one: Situation, by: Actor) -> object:
    number = (await last(Rectification)).number
    return await rectification.hand_in(number, "示例", by=by, at=one.at)


async def set_recheck(one: Situation, by: Actor) -> object:
    order = await last(Rectification)
    mates = await rechecks.mates(one.number, by.id)
    second = mates[0][0] if mates else ""
    return await recheck.announce(order.id, one.at + timedelta(hours=1), second, by=by, at=one.at)


async def end_recheck(one: Situation, by: Actor) -> object:
    row = await last(Recheck)
    points = (await Rectification.get(id=row.rectification_id)).points
    said = [PointFinding(point[0], PointFound.RECTIFIED) for point in points]
    return await recheck.conclude(row.id, said, by=by, at=one.at)


async def sign_recheck(one: Situation, by: Actor) -> object:
    row = await last(Recheck)
    return await recheck.sign(row.id, row.sha256, by.id, by=by, at=one.at)


async def refuse_recheck(one: Situation, by: Actor) -> object:
    row = await last(Recheck)
    return await recheck.refuse_to_sign(row.id, row.sha256, "示例", "示例见证人", by=by, at=one.at)


HERE = {"district": district()}
LATE = VISIT.date() + timedelta(days=40)
BEFORE, LATER = "assigned", "a time is proposed before the network check is over"
GIVEN, DOOR, DONE = "notice: approved", "the day of the visit", "every point is answered"
ENTITY = "entity link"
TRIED: dict[str, tuple[str, str, Deed]] = {
    "team.accept": (BEFORE, "team", on_task(team.accept)),
    "team.ask_out": (BEFORE, "team", on_task(team.ask_out, "post", "示例")),
    "team.request_substitution": (BEFORE, "leader head:WJ office", replace),
    "team.decide": ("substitution: asked", "head:asked", on_row(team.decide, Substitution, False)),
    "schedule.propose": (BEFORE, "leader", on_task(schedule.propose, VISIT, VISIT + LASTS)),
    "schedule.reply": (LATER, "team", on_task(schedule.reply, True)),
    "schedule.fix": ("network check closed", "leader", on_task(schedule.fix, **HERE)),
    "notice.ask_to_withhold": (BEFORE, "leader", on_task(notice.ask_to_withhold, "示例依据")),
    "notice.decide_withholding": ("notice: to be withheld", "lead", on_row(notice.decide_withholding, Notice, True)),
    "approval.decide": ("notice: drafted", "lead", on_row(approval.decide, Notice, True, **HERE)),
    "inspection.find_online": (BEFORE, "team", find),
    "inspection.close_network_check": (BEFORE, "leader", on_task(inspection.close_network_check)),
    "online.end": (BEFORE, "leader", on_task(online.end, result="R10", source="示例网", finding="示例", **HERE)),
    "postponement.decide": ("another time is asked for", "leader", on_row(postponement.decide, Postponement, False)),
    "delivery_attempt.telephoned": (GIVEN, "team", on_task(delivery_attempt.telephoned, False, "示例")),
    "hand_delivery.handed": (GIVEN, "team office", on_task(hand_delivery.handed, "personal", "no_answer", text="示例")),
    "entrustment.entrust": (BEFORE, "leader", entrust),
    "entrustment.end": ("an agency is entrusted", "leader", on_row(entrustment.end, Entrustment)),
    "recusal.ask": (GIVEN, ENTITY, ask_recusal),
    "recusal.decide": ("a recusal is asked for", "head:XF", on_row(recusal.decide, RecusalRequest, False, "示例")),
    "postponement.ask": (GIVEN, ENTITY, on_letter(postponement.ask, "示例")),
    "notice.acknowledge": (GIVEN, ENTITY, on_letter(notice.acknowledge)),
    "preparation.tick": (GIVEN, ENTITY, on_letter(preparation.tick, {1: True})),
    "document_submission.hand_in": (GIVEN, ENTITY, hand_in),
    "correction.submit": (GIVEN, ENTITY, on_letter(correction.submit, 1, "示例")),
    "correction.decide": (
        "correction: waits before the visit", "leader crew:asked", on_row(correction.decide, Correction, True),
    ),
    "inspection.begin": (DOOR, "leader", lambda one, by: inspection.begin(
        one.number, [each.id for each in one.people], by=by, at=one.at, untold="示例",
    )),
    "arrival.located": (DOOR, "team", on_task(arrival.located, Point(33.7, 113.2), 20)),
    "arrival.by_hand": (DOOR, "team", on_task(arrival.by_hand, "示例")),
    "arrival.by_notice": (DOOR, "team", by_notice),
    "absence.report": ("the place is photographed", "team", on_task(absence.report, "示例")),
    "absence.confirm": ("absence: reported", "team but reporter", on_row(absence.confirm, Absence)),
    "cooperation.report": (DOOR, "team", on_task(cooperation.report, [1], "示例")),
    "cooperation.confirm": ("refusal: reported", "team but reporter", on_row(cooperation.confirm, NonCooperation)),
    "cooperation.decide": ("refusal: waits for the head", "lead", on_row(cooperation.decide, NonCooperation, True)),
    "suspension.suspend": ("on site", "leader", on_task(suspension.suspend, "示例")),
    "inspection.answer": ("on site", "team", answer),
    "sharing.share": ("on site", "crew:XF leader", shared),
    "inspection.undo": (DONE, "answered", on_task(inspection.undo)),
    "inspection.finalise": (DONE, "team", on_task(inspection.finalise)),
    "reopening.reopen": ("every section is closed", "crew:XF leader", on_task(reopening.reopen, "XF", "示例")),
    "inspection.conclude": ("every section is closed", "leader", on_task(inspection.conclude, **HERE)),
    "photo.take": ("on site", "team", picture),
    "photo.place": ("a photo belongs to no point yet", "taker", placed),
    "photo.void": ("a photo belongs to no point yet", "leader taker", on_row(photo.void, Photo, "示例")),
    "photo.mark": (
        "a photo belongs to no point yet", "team",
        on_row(photo.mark, Photo, [{"kind": "box", "x1": 1, "y1": 1, "x2": 900, "y2": 900}]),
    ),
    "sample.take": ("on site", "team", take),
    "sample.report": (
        "concluded, a report is out", "crew:XF", on_row(sample.report, Sample, "pass", "示例", "示例检8888"),
    ),
    "record.draw_up": ("every section is closed", "team", on_task(record.draw_up, **HERE)),
    "record.hear": ("every section is closed", "team entity", on_task(record.hear, "示例")),
    "record.sign": ("record: drawn up", "team", sign),
    "record.refuse_to_sign": ("record: drawn up", "team", refuse_to_sign),
    "department_result.enter": ("sample: reported", "team", on_task(department_result.enter, ["R14"], "示例")),
    "department_result.confirm": ("result: to confirm", "leader", on_task(department_result.confirm)),
    "entry.review": ("result: entered", "head:GA", on_task(entry.review, True)),
    "notification.told_by_a_person": ("result: reviewed", "team office", told),
    "publication.record": (
        "result: reviewed", "leader head:GA", on_task(publication.record, "示例-2026-009", VISIT.date() + timedelta(days=0)),
    ),
    "reply.give": ("result: reviewed", ENTITY, on_letter(reply.give, "示例")),
    "reply.agree": ("result: reviewed", ENTITY, on_letter(reply.agree)),
    "publication.publish": ("result: agreed to", "head:GA", on_task(publication.publish, unsigned="示例", untold="示例", **HERE)),
    "objection.object_to": ("result: published", ENTITY, on_letter(objection.object_to, "示例", **HERE)),
    "rating.rate": ("result: published", ENTITY, on_letter(rating.rate, 5, 5, 5)),
    "objection.decide": ("objection: waits", "head:GA", on_row(objection.decide, Objection, False, "示例")),
    "rectification.issue": ("result: reviewed", "crew:wanting", on_task(rectification.issue, LATE, **HERE)),
    "rectification.hand_in": ("order: issued", ENTITY, report),
    "rectification.decide": (
        "order: proof handed in", "crew:wanting",
        on_row(rectification.decide, Rectification, RectificationOutcome.NOT_DONE, "示例"),
    ),
    "rectification.extend": (
        "order: issued", "crew:wanting", on_row(rectification.extend, Rectification, LATE, "示例", **HERE),
    ),
    "recheck.announce": ("order: issued", "crew:wanting", set_recheck),
    "recheck.begin": ("recheck: announced", "crew:wanting", on_row(recheck.begin, Recheck)),
    "recheck.conclude": ("recheck: begun", "crew:wanting", end_recheck),
    "recheck.sign": ("recheck: ended", "crew:wanting", sign_recheck),
    "recheck.refuse_to_sign": ("recheck: ended", "crew:wanting", refuse_recheck),
    "rectification.revoke": ("order: issued", "head:wanting", on_row(rectification.revoke, Rectification, "示例")),
    "rectification.file": (
        "order: lapsed", "head:wanting", on_row(rectification.file, Rectification, "示例立〔2026〕2号", VISIT.date()),
    ),
    "follow_up.begin": ("result: published", "head:GA head:SCJG head:WJ head:XF", follow),
    "follow_up.end": ("follow-up: a case is open", "head:GA", on_row(follow_up.end, FollowUp, "示例")),
    "follow_up.look": ("follow-up: a case is open", "head:GA", on_row(follow_up.look, FollowUp)),
    "credit.enter": ("result: may go into the credit record", "head:GA", enter_credit),
    "credit.apply": ("credit: entered", ENTITY, on_letter(credit.apply, "示例已改正")),
    "credit.decide": ("credit: repair is asked for", "head:GA", on_row(credit.decide, CreditRepair, False, "示例")),
    "archive.seal": ("result: nothing waits any more", "head:GA", seal),
    "revision.ask": ("result: published", "head:GA", on_task(revision.ask, "示例")),
    "revision.withdraw": ("result: published", "head:GA", on_task(revision.withdraw, "示例")),
    "revision.propose": ("revision: asked", "team", on_task(revision.propose, ["R03"], "示例", reason="示例")),
    "revision.drop": ("revision: asked", "head:GA", on_task(revision.drop, "示例")),
    "revision.decide": ("revision: proposed", "head:GA", on_task(revision.decide, True)),
}  # fmt: skip
"""By act: the situation in which it is tried, whose it is there, and the least that it asks for."""
