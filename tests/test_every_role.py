"""Whose an act is not is told so in words, and nothing is written: every act of a task, tried by everybody (Art. 14-18).

Each act is tried in a situation in which those whose it is succeed, so that a refusal is for the person alone. Acts of
plans, schemes, batches and draws: `test_every_batch`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from tortoise.models import Model

from locales import words
from models import store
from models.procedure import (
    absence,
    approval,
    arrival,
    cooperation,
    correction,
    delivery_attempt,
    document_submission,
    entrustment,
    entry,
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
    record,
    recusal,
    reply,
    revision,
    sample,
    schedule,
    suspension,
    team,
)
from models.procedure.document_submission import File
from models.procedure.enrolment import actor_of
from models.queries import record as records
from models.queries import sheet as sheets
from models.refusal import Refusal
from models.rules.actor import CLOCK, Actor, Role
from models.rules.photo import Point
from models.tables import (
    Absence,
    Assignment,
    Correction,
    Entrustment,
    Event,
    Inspector,
    NonCooperation,
    Notice,
    Notification,
    Objection,
    Photo,
    Postponement,
    RecusalRequest,
    Sample,
    Substitution,
    Target,
)
from tests.server.pages import notice_token
from tests.support.act_owners import MANY, WHO
from tests.support.district import CREW, VISIT, account, district
from tests.support.situations import LASTS, LINK, Situation, walk

NO_ACT = "nothing"
PDF = b"%PDF-1.4\n%%EOF\n"
ELSEWHERE = {
    "plan",
    "plan_draft",
    "scheme",
    "declaration",
    "draw",
    "ceremony",
    "batch",
    "template",
    "left_out",
    "register_entry",
}
"""Files whose acts are no act on a task: `test_every_batch`, `test_console_templates`, `test_left_out`, `test_liaison`."""


@dataclass
class Cast:
    """Everybody who may try. `people`: by a name; who is of the team by code too."""

    one: Situation
    people: dict[str, Actor] = field(default_factory=dict)

    async def gather(self) -> Cast:
        task = self.one.task
        serving = {by.id for by in self.one.people}
        for by in self.one.people:
            self.people["leader" if by.id == self.one.leader.id else f"member:{by.department}:{by.id}"] = by
        own = Inspector.filter(department=self.one.leader.department).exclude(code__in=serving)
        colleague, others = await own.first(), Inspector.filter(department="XF").exclude(code__in=serving)
        for name, found in (("colleague", colleague), ("stranger", await others.first())):
            assert found
            self.people[name] = actor_of(await account(Role.INSPECTOR, found.code))
        for code in CREW:
            self.people[f"head:{code}"] = actor_of(await account(Role.HEAD, code))
        self.people["liaison"] = actor_of(await account(Role.LIAISON, self.one.leader.department))
        self.people["office"] = actor_of(await account(Role.OFFICE, "联席办"))
        other = await Target.exclude(code=task.target_id).first()
        assert other
        self.people["entity"] = actor_of(await account(Role.ENTITY, str(task.target_id)))
        self.people["another entity"] = actor_of(await account(Role.ENTITY, other.code))
        self.people |= {"link": LINK, "clock": CLOCK}
        return self

    def named(self, allowed: str) -> set[str]:
        """`allowed`: names; `team` is leader and members, `crew:XF` those of one department, `lead` the leader's head."""
        found: set[str] = set()
        for name in allowed.split():
            kind, _, code = name.partition(":")
            if name == "team":
                found |= {one for one in self.people if one == "leader" or one.startswith("member:")}
            elif kind == "crew":
                found |= {
                    one for one, by in self.people.items() if by in self.one.people and by.department == code
                }
            elif name == "lead":
                found.add(f"head:{self.one.leader.department}")
            else:
                found.add(name)
        return found


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


async def paper() -> list[File]:
    return [File(await store.objects.put(PDF), len(PDF), "PDF", "示例.pdf")]


def _of(act: Callable[..., Awaitable[Any]], *said: Any, **more: Any) -> Deed:
    """An act on the task by its number."""

    async def deed(one: Situation, by: Actor) -> object:
        return await act(one.number, *said, by=by, at=one.at, **more)

    return deed


def _by_row(act: Callable[..., Awaitable[Any]], kind: type[Model], *said: Any, **more: Any) -> Deed:
    """An act on the newest row of its kind."""

    async def deed(one: Situation, by: Actor) -> object:
        return await act(await row(kind), *said, by=by, at=one.at, **more)

    return deed


def _by_letter(act: Callable[..., Awaitable[Any]], *said: Any, **more: Any) -> Deed:
    async def deed(one: Situation, by: Actor) -> object:
        return await act((await letter(one)).number, *said, by=by, at=one.at, **more)

    return deed


async def find(one: Situation, by: Actor) -> object:
    point = await question(one, by, network=True)
    return await inspection.find_online(one.number, point, "open", "示例", "示例网", by=by, at=one.at)


async def answer(one: Situation, by: Actor) -> object:
    return await inspection.answer(one.number, await question(one, by), note="示例", by=by, at=one.at)


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


HERE = {"district": district()}
BEFORE, LATER = "assigned", "a time is proposed before the network check is over"
GIVEN, DOOR, DONE = "notice: approved", "the day of the visit", "every point is answered"
ENTITY = "entity link"
TRIED: dict[str, tuple[str, str, Deed]] = {
    "team.accept": (BEFORE, "team", _of(team.accept)),
    "team.ask_out": (BEFORE, "team", _of(team.ask_out, "post", "示例")),
    "team.request_substitution": (BEFORE, "leader head:WJ office", replace),
    "team.decide": ("substitution: asked", "head:asked", _by_row(team.decide, Substitution, False)),
    "schedule.propose": (BEFORE, "leader", _of(schedule.propose, VISIT, VISIT + LASTS)),
    "schedule.reply": (LATER, "team", _of(schedule.reply, True)),
    "schedule.fix": ("network check closed", "leader", _of(schedule.fix, **HERE)),
    "notice.ask_to_withhold": (BEFORE, "leader", _of(notice.ask_to_withhold, "示例依据")),
    "notice.decide_withholding": ("notice: to be withheld", "lead", _by_row(notice.decide_withholding, Notice, True)),
    "approval.decide": ("notice: drafted", "lead", _by_row(approval.decide, Notice, True, **HERE)),
    "inspection.find_online": (BEFORE, "team", find),
    "inspection.close_network_check": (BEFORE, "leader", _of(inspection.close_network_check)),
    "online.end": (BEFORE, "leader", _of(online.end, result="R10", source="示例网", finding="示例", **HERE)),
    "postponement.decide": ("another time is asked for", "leader", _by_row(postponement.decide, Postponement, False)),
    "delivery_attempt.telephoned": (GIVEN, "team", _of(delivery_attempt.telephoned, False, "示例")),
    "hand_delivery.handed": (GIVEN, "team office", _of(hand_delivery.handed, "personal", "no_answer", said="示例")),
    "entrustment.entrust": (BEFORE, "leader", entrust),
    "entrustment.end": ("an agency is entrusted", "leader", _by_row(entrustment.end, Entrustment)),
    "recusal.ask": (GIVEN, ENTITY, ask_recusal),
    "recusal.decide": ("a recusal is asked for", "head:XF", _by_row(recusal.decide, RecusalRequest, False, "示例")),
    "postponement.ask": (GIVEN, ENTITY, _by_letter(postponement.ask, "示例")),
    "notice.acknowledge": (GIVEN, ENTITY, _by_letter(notice.acknowledge)),
    "preparation.tick": (GIVEN, ENTITY, _by_letter(preparation.tick, {1: True})),
    "document_submission.hand_in": (GIVEN, ENTITY, hand_in),
    "correction.submit": (GIVEN, ENTITY, _by_letter(correction.submit, 1, "示例")),
    "correction.decide": (
        "correction: waits before the visit", "leader crew:asked", _by_row(correction.decide, Correction, True),
    ),
    "inspection.begin": (DOOR, "leader", lambda one, by: inspection.begin(
        one.number, [each.id for each in one.people], by=by, at=one.at, untold="示例",
    )),
    "arrival.located": (DOOR, "team", _of(arrival.located, Point(33.7, 113.2), 20)),
    "arrival.by_hand": (DOOR, "team", _of(arrival.by_hand, "示例")),
    "arrival.by_notice": (DOOR, "team", by_notice),
    "absence.report": ("the place is photographed", "team", _of(absence.report, "示例")),
    "absence.confirm": ("absence: reported", "team but reporter", _by_row(absence.confirm, Absence)),
    "cooperation.report": (DOOR, "team", _of(cooperation.report, [1], "示例")),
    "cooperation.confirm": ("refusal: reported", "team but reporter", _by_row(cooperation.confirm, NonCooperation)),
    "cooperation.decide": ("refusal: waits for the head", "lead", _by_row(cooperation.decide, NonCooperation, True)),
    "suspension.suspend": ("on site", "leader", _of(suspension.suspend, "示例")),
    "inspection.answer": ("on site", "team", answer),
    "inspection.undo": (DONE, "answered", _of(inspection.undo)),
    "inspection.finalise": (DONE, "team", _of(inspection.finalise)),
    "inspection.conclude": ("every section is closed", "leader", _of(inspection.conclude, **HERE)),
    "photo.take": ("on site", "team", picture),
    "photo.place": ("a photo belongs to no point yet", "taker", placed),
    "photo.void": ("a photo belongs to no point yet", "leader taker", _by_row(photo.void, Photo, "示例")),
    "photo.mark": (
        "a photo belongs to no point yet", "team",
        _by_row(photo.mark, Photo, [{"kind": "box", "x1": 1, "y1": 1, "x2": 900, "y2": 900}]),
    ),
    "sample.take": ("on site", "team", take),
    "sample.report": (
        "concluded, a report is out", "crew:XF", _by_row(sample.report, Sample, "pass", "示例", "示例检8888"),
    ),
    "record.draw_up": ("every section is closed", "team", _of(record.draw_up, **HERE)),
    "record.hear": ("every section is closed", "team entity", _of(record.hear, "示例")),
    "record.sign": ("record: drawn up", "team", sign),
    "record.refuse_to_sign": ("record: drawn up", "team", refuse_to_sign),
    "entry.enter": ("sample: reported", "leader", _of(entry.enter, ["R14"], "示例")),
    "entry.review": ("result: entered", "head:GA", _of(entry.review, True)),
    "notification.told_by_a_person": ("result: reviewed", "team office", told),
    "publication.record": (
        "result: reviewed", "leader head:GA", _of(publication.record, "示例-2026-009", VISIT.date() + timedelta(days=0)),
    ),
    "reply.give": ("result: reviewed", ENTITY, _by_letter(reply.give, "示例")),
    "reply.agree": ("result: reviewed", ENTITY, _by_letter(reply.agree)),
    "publication.publish": ("result: agreed to", "head:GA", _of(publication.publish, unsigned="示例", untold="示例", **HERE)),
    "objection.object_to": ("result: published", ENTITY, _by_letter(objection.object_to, "示例", **HERE)),
    "rating.rate": ("result: published", ENTITY, _by_letter(rating.rate, 5, 5, 5)),
    "objection.decide": ("objection: waits", "head:GA", _by_row(objection.decide, Objection, False, "示例")),
    "revision.ask": ("result: published", "head:GA", _of(revision.ask, "示例")),
    "revision.withdraw": ("result: published", "head:GA", _of(revision.withdraw, "示例")),
    "revision.propose": ("revision: asked", "leader", _of(revision.propose, ["R03"], "示例", reason="示例")),
    "revision.drop": ("revision: asked", "head:GA", _of(revision.drop, "示例")),
    "revision.decide": ("revision: proposed", "head:GA", _of(revision.decide, True)),
}  # fmt: skip
"""By act: the situation in which it is tried, whose it is there, and the least that it asks for."""


async def _allowed(cast: Cast, said: str) -> set[str]:
    """With those who are named by what was done before."""
    one = cast.one
    known = {by.id: name for name, by in cast.people.items() if by in one.people}
    if said == "head:asked":
        return {f"head:{(await last(Substitution)).department}"}
    if said == "team but reporter":
        kind = Absence if one.name.startswith("absence") else NonCooperation
        return cast.named("team") - {known[(await last(kind)).by]}
    if said == "leader crew:asked":
        made = await last(Correction)
        ask = next(a for a in (await sheets.sheet_of(one.task)).asks if a.id == made.question_id)
        return cast.named(f"leader crew:{ask.department}")
    if said == "answered":
        given = (await sheets.sheet_of(one.task)).given.values()
        return {known[each.by] for each in given if each.version}
    if "taker" in said:
        return {*cast.named(said.replace("taker", "")), known[(await last(Photo)).by]}
    return cast.named(said)


async def _code(deed: Callable[[], Awaitable[Any]]) -> tuple[str, Refusal | None]:
    """ "" where it is done, NO_ACT where nothing is written, else the code of the refusal. Undone again."""
    written: list[int] = []

    async def counted() -> None:
        before = await Event.all().count()
        await deed()
        written.append(await Event.all().count() - before)

    try:
        await store.rehearse(counted)
    except Refusal as no:
        return no.code, no
    return ("" if written[0] else NO_ACT), None


def test_every_act_of_a_task_is_tried():
    known = {name for name in WHO if name.partition(".")[0] not in ELSEWHERE and name not in MANY}
    assert set(TRIED) == known


async def test_an_act_is_refused_in_words_to_everybody_whose_it_is_not(db):
    wrong, seen = [], set()
    async for one in walk():
        acts = {name: rest for name, (at, *rest) in TRIED.items() if at == one.name}
        if not acts:
            continue
        cast = await Cast(one).gather()
        for name, (whose, deed) in acts.items():
            allowed = await _allowed(cast, whose)
            seen.add(name)
            for who, by in cast.people.items():
                code, no = await _code(partial(deed, one, by))
                if (who in allowed) != (code == "") or (code == NO_ACT):
                    wrong.append((name, who, code or "done"))
                if no:
                    wrong += [(name, who, no.code, said) for said in _wordless(no)]
    assert wrong == [], "\n".join(map(str, wrong))
    assert seen == set(TRIED)


def _wordless(no: Refusal) -> list[str]:
    """The languages in which nobody worded this refusal."""
    return [language for language in ("zh_Hans", "en") if not words(language).has(f"refusal.{no.code}")]
