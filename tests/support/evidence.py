"""A district with evidence of every kind, made by the real acts, and a few days' roots over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

from PIL import Image

from models import store
from models.data import read
from models.district import District
from models.procedure import (
    anchor,
    away_time,
    calendar,
    checklist_draft,
    code_override,
    declaration,
    delivery_attempt,
    enrolment,
    entry,
    inspection,
    item_list,
    notice,
    notification,
    online,
    photo,
    plan_draft,
    postponement,
    publication,
    rating,
    recusal,
    register_enquiry,
    registry,
    resealing,
    revision,
    schedule,
    team,
    template,
)
from models.rules.actor import COURIER, Actor, Role
from models.rules.plan_draft import EntryForm
from models.tables import Assignment, Inspector, Notice, Notification, Photo, Task
from tests.support import assistance, desk_evidence, entity_requests, onsite, publishing, record, rectifying
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, account, leader_of, team_of
from tests.support.snapshots import remembered

LATER = VISIT + timedelta(days=3)


@dataclass(frozen=True)
class Filled:
    """`whole`: a task from the draw to its result. `moved`: one with a substitution and another time."""

    place: District
    whole: str
    moved: str


@remembered
async def filled(days: timedelta = timedelta(days=1)) -> Filled:
    """Evidence in every sealed table; roots up to the day of the visit, what came after is in none yet."""
    place = sample.district()
    await _registered()
    await _drafted()
    await desk_evidence.planned(CEREMONY)
    await desk_evidence.met(CEREMONY)
    await desk_evidence.schemed(CEREMONY)
    await sample.drawn()
    tasks = await Task.all().order_by("number")
    whole = tasks[0]
    moved = next(task for task in tasks if task.team_id != whole.team_id)
    others = [task for task in tasks if task.id not in (whole.id, moved.id)]
    await onsite.stopped(others[0], place)
    await desk_evidence.joined(others[0], moved, CEREMONY)
    await desk_evidence.offered(others[0], moved, CEREMONY)
    await desk_evidence.shared(moved, CEREMONY)
    away = await team_of(whole)
    months = timedelta(days=60)  # after every visit of the sample
    await away_time.say(LATER + months, LATER + months + timedelta(hours=4), by=away["GA"][0], at=CEREMONY)
    await desk_evidence.grouped(whole, CEREMONY)
    await _visited(whole, place)
    await _moved(moved, place)
    await online.end(
        others[1].number, by=await leader_of(others[1]), at=CEREMONY, district=place, result="R10",
        source="示例平台", finding="示例:已注销",
    )  # fmt: skip
    await desk_evidence.published(others[1], ["R10"], CEREMONY, place)
    await anchor.due(VISIT + days, place)
    await desk_evidence.archived(others[1], LATER, place)
    await _entered(whole, place)
    await rectifying.partly(others[2], LATER + timedelta(hours=4))
    await desk_evidence.credited(whole, LATER + timedelta(days=14), place)
    return Filled(place, whole.number, moved.number)


async def _registered() -> None:
    """The registries and the plan, a person bound to a chat, a department's own words."""
    await resealing.begin(at=CEREMONY)
    await sample.found()
    head = await account(Role.HEAD, "GA")
    await enrolment.invite(head.id, "示例" * 11, by=sample.OFFICE, at=CEREMONY)
    await enrolment.open_link("示例" * 11, 7001, at=CEREMONY)
    await enrolment.bind(7001, 7001, head.phone, at=CEREMONY)
    words = {"opening": {"zh_Hans": "示例:请予配合。"}}
    await template.word("GA", words, seen=0, by=sample.OFFICE, at=CEREMONY)
    await item_list.publish("above", "示例:上级要求", by=sample.OFFICE, at=CEREMONY)
    await code_override.propose(
        "91410402MA0EXAMPLE", "OBJ-NEW", "GA", "示例:已核对执照", by=sample.OFFICE, at=CEREMONY
    )
    await checklist_draft.begin("XH-GA-02/03/04/05", by=sample.OFFICE, at=CEREMONY)
    await registry.import_streets(read("streets.csv"), by=sample.OFFICE, at=CEREMONY)
    await registry.import_agencies(read("agencies.csv"), by=sample.OFFICE, at=CEREMONY, keep_good=True)
    officer = await Inspector.filter(expert=False, department="XF").order_by("code").first()
    assert officer
    await account(Role.INSPECTOR, officer.code)
    place = sample.district()
    await register_enquiry.ask(at=CEREMONY, calendar=place.calendar, terms=place.terms)
    days = b'{"years": {"2035": {"off": ["2035-01-01", "2035-05-01", "2035-10-01"], "work": []}}}'
    await calendar.import_calendar(days, by=sample.OFFICE, at=CEREMONY, source="示例")


async def _drafted() -> None:
    """Next year's plan under way, agreed to by one department; a target declared out, and taken back before the draw."""
    form = EntryForm(
        "2027-XH-GA-02", "示例联合抽查", ["XH-GA-02", "XH-GA-03"], ["WJ", "XF"], date(2027, 3, 1), date(2027, 4, 30),
        ["NETWORK", "ON_SITE"], ["A=1", "C=25"], ["H6110"],
    )  # fmt: skip
    liaison, head = Actor(Role.LIAISON, "GA", department="GA"), Actor(Role.HEAD, "WJ", department="WJ")
    draft = await plan_draft.put(2027, form, by=liaison, at=CEREMONY)
    await plan_draft.consent(draft.entries[0].id, True, by=head, at=CEREMONY)
    digest, paper = sha256(b"paper").hexdigest(), "示例发〔2026〕1号 示例专项部署"
    row = await declaration.declare(
        sample.BATCH, "OBJ00002", "art3-2", paper, digest, by=sample.OFFICE, at=CEREMONY
    )
    await declaration.withdraw(row.id, "示例:误报", by=sample.OFFICE, at=CEREMONY)


@remembered
async def on_site() -> Task:
    """A task whose team has arrived and taken its first photos; nothing is answered yet."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("number").first()
    assert task
    await _visited(task, sample.district())
    return task


async def _visited(task: Task, place: District) -> None:
    people, leader = await team_of(task), await leader_of(task)
    for one in people["GA"]:
        await team.accept(task.number, by=one, at=CEREMONY)
    await _online(task, people)
    await assistance.entrusted(task, leader, CEREMONY)
    await sample.visit_fixed(task, place)
    told = await Notice.get(task=task)
    await delivery_attempt.record_attempt(told.id, "email", False, by=COURIER, at=CEREMONY, detail="示例")
    await delivery_attempt.telephoned(
        task.number, True, "示例:已知悉", by=leader, at=CEREMONY, spoke_with="示例人"
    )
    await notice.acknowledge(told.number, by=await entity(task), at=CEREMONY)
    await entity_requests.before(task, leader, CEREMONY)
    seated = [one.id for crew in people.values() for one in crew]
    await inspection.begin(task.number, seated, by=leader, at=VISIT, untold="示例:当面告知")
    await _pictures(task, people)
    await assistance.assisted(task, people["GA"], VISIT)


async def _online(task: Task, people: dict[str, list[Actor]]) -> None:
    sheet = await inspection.sheet_of(task)
    ask = next(one for one in sheet.asks if one.network != "no")
    await inspection.find_online(
        task.number,
        ask.number,
        "open",
        "示例:须现场核实",
        "示例平台",
        by=people[ask.department][0],
        at=CEREMONY,
    )


async def _pictures(task: Task, people: dict[str, list[Actor]], count: int = 3) -> None:
    asks = (await inspection.sheet_of(task)).asks
    for n, ask in enumerate(asks[:count]):
        data = sha256(f"{task.number} {n}".encode()).digest() * 20
        kept = [await store.objects.put(one) for one in (data, small(data), data + b"stamped")]
        by, at = people[ask.department][0], VISIT + timedelta(minutes=n, microseconds=n)
        made = await photo.take(
            task.number, ask.number, by=by, at=at, sha256=kept[0], size=len(data), format="JPEG", width=640,
            height=480, grade="A", labels=["gallery"], exif={"Model": "示例", "FNumber": 1.0, "ISO": 100},
            caption="示例照片", sent_at=at,
        )  # fmt: skip
        await photo.developed(made.id, at=at, thumbnail=kept[1], stamped=kept[2])


def small(data: bytes) -> bytes:
    """A JPEG of one colour, another for other data: a record sheet can show it."""
    out = BytesIO()
    Image.new("RGB", (8, 6), (data[0], data[1], data[2])).save(out, "JPEG")
    return out.getvalue()


async def _moved(task: Task, place: District) -> None:
    seat = await Assignment.filter(task=task, leader=False, until=None).first()
    assert seat
    leaving = enrolment.actor_of(await account(Role.INSPECTOR, str(seat.inspector_id)))
    asked = await team.ask_out(task.number, "post", "示例", by=leaving, at=CEREMONY)
    head = enrolment.actor_of(await account(Role.HEAD, seat.department))
    await team.decide(asked.id, True, by=head, at=CEREMONY)
    begins = VISIT + timedelta(hours=3)
    await sample.visit_fixed(task, place, begins=begins)
    told, leader = await Notice.get(task=task), await leader_of(task)
    other = await Assignment.filter(task=task, leader=False, until=None).first()
    assert other
    await recusal.ask(told.number, other.id, "示例:亲属", by=await entity(task), at=CEREMONY)
    wish = await postponement.ask(told.number, "示例:装修", by=await entity(task), at=CEREMONY)
    await postponement.decide(wish, True, by=leader, at=CEREMONY)
    later = begins + timedelta(days=1)
    await schedule.propose(task.number, later, later + timedelta(hours=1), by=leader, at=CEREMONY)
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=place)


async def _entered(task: Task, place: District) -> None:
    task, people, leader = await Task.get(id=task.id), await team_of(task), await leader_of(task)
    for ask in (await inspection.sheet_of(task)).asks:
        value = None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind)
        await inspection.answer(
            task.number, ask.number, verdict="na" if ask.may_not_apply else "pass", value=value, note="示例",
            by=people[ask.department][0], at=LATER,
        )  # fmt: skip
    for crew in people.values():
        await inspection.finalise(task.number, by=crew[0], at=LATER)
    await record.recorded(task, leader, LATER, place)
    await inspection.conclude(task.number, by=leader, at=LATER, district=place)
    await sample.entered(task, ["R01"], LATER, "示例")
    head = enrolment.actor_of(await account(Role.HEAD, "GA"))
    await entry.review(task.number, False, by=head, at=LATER, reason="示例:补充")
    await sample.entered(task, ["R01"], LATER, "示例:已补充")
    await entry.review(task.number, True, by=head, at=LATER)
    await publication.record(task.number, "示例-0001", by=head, at=LATER)
    await publishing.published(task, head, LATER, place)
    await entity_requests.afterwards(task, head, LATER, place)
    number = (await Notice.get(task=task)).number
    await rating.rate(number, 5, 4, 3, "示例", by=entity_requests.HOLDER, at=LATER)
    await revision.propose(task.number, ["R14"], "示例:更正", by=leader, at=LATER, reason="示例:录入有误")
    await revision.decide(task.number, True, by=head, at=LATER)
    owed = await Notification.filter(task=task).order_by("-id").first()
    assert owed
    await notification.tried(owed.id, "email", False, by=COURIER, at=LATER, detail="示例")


async def entity(task: Task) -> Actor:
    return enrolment.actor_of(await account(Role.ENTITY, str(task.target_id)))


async def originals() -> list[str]:
    """The names of every photo's original."""
    return [str(name) for name in await Photo.all().order_by("id").values_list("sha256", flat=True)]
