"""本人可办: an officer's acts on a task at a desk, as plain forms; the same acts as a phone's (Art. 14-16).

A form's fields become the shape that the phone sends, so that an act is read, done and receipted in one place. A
form sent twice is done once: it carries its key.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any

import msgspec
from aiohttp import web

from models.operations import idempotency
from models.procedure import later_act, photo, record
from models.queries import card as cards
from models.queries import companion as fields
from models.queries import contact as contacts
from models.queries import entrustment, onsite, rechecks, rectification
from models.queries import later_act as trail
from models.queries import record as records
from models.queries.question import ChecklistSection
from models.queries.rectification import OrderLine
from models.queries.reopening import reopenable
from models.refusal import Refusal
from models.rules import contact, visit
from models.rules.actor import Role
from models.rules.acts import ACTS, Doer, may
from models.rules.arrival import at_the_door
from models.rules.checklist import Ask, failures, may_sample
from models.rules.cooperation import GROUNDS
from models.rules.department_result import MEASURES
from models.rules.entry import ALL, NO_PROBLEM
from models.rules.method import CheckMethod
from models.rules.rectification import RectificationPoint
from models.rules.workdays import Calendar
from models.states import TaskState
from server import wrong_input
from server.access import INSPECTOR, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.companion import acts as phone
from server.companion.act_request import ActRequest
from server.companion.json_requests import ActBody, Sha256
from server.pages import back_to

SEVERAL = ("present", "types", "measures", "grounds", "points", "done")
ONLY_ON_A_PHONE = ("arrive_located", "photo_mark")
"""What a desk has no means for: where the phone is, and drawing with a finger."""
WITH_A_FILE = ("find",)
BESIDE_THE_RESULT = ("revision_propose",)
NAMES = tuple(name for name in phone.ACTS if name not in (*ONLY_ON_A_PHONE, *WITH_A_FILE, *BESIDE_THE_RESULT))
LONGEST = 20_000

routes = Routes()


class SignedByName(ActBody):
    """`sha256`: the version that stood on the page."""

    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Work:
    """What an officer may do on a task now, with what the forms need."""

    card: cards.TaskCard
    offered: frozenset[str]
    keys: Mapping[str, str]
    as_of: int  # the number of the last event of the task that this page knows
    days: tuple[date, ...]
    starts: tuple[time, ...]
    door: onsite.OnSite
    established: tuple[str, ...]
    papers: records.Papers
    loose: tuple[fields.CompanionPhoto, ...]  # the officer's own photos that belong to no question yet
    about: tuple[str, ...]  # what a photo of no question may show now
    orderable: tuple[RectificationPoint, ...]  # failed points of the own department that no order names yet
    sampleable: tuple[Ask, ...]  # own questions that a sample may be taken for
    reopenable: tuple[ChecklistSection, ...]  # closed sections that this officer may open again
    mates: tuple[tuple[str, str], ...]  # code and name of the others who serve: one comes along to a recheck
    online: tuple[Ask, ...]  # own questions to look up; once the visit has begun, those that were settled
    registered: tuple[tuple[str, str], ...]  # agencies of the register, where one may be named
    types: tuple[str, ...] = ALL
    grounds: tuple[int, ...] = GROUNDS
    measures: tuple[str, ...] = MEASURES


async def work(request: web.Request, number: str) -> Work | None:
    """For an officer who serves in the task; None for everybody else."""
    actor, at, district = by(request), now(request), request.config_dict[DISTRICT]
    if actor.role != Role.INSPECTOR:
        return None
    known = (await trail.as_of([number])).get(number, 0)
    try:
        card = await cards.task_card(number, actor.id, at)
    except Refusal:
        return None
    doer = Doer.LEADER if card.me.leader else Doer.MEMBER
    offered = {name for name in ACTS if may(name, doer, card.state)}
    pictures = await fields.pictures(card.id, card.sheet)
    door, papers = await onsite.on_site(card.id), await records.papers(card.id)
    proposal = await rectification.proposal(number, actor.id)
    under_way = await rechecks.under_way(card.id, actor.id)
    offered -= _pointless(card, door, papers, at) | _unproved(door, pictures) | await _not_yet(card)
    offered -= await _without_order(card) | (set() if proposal else {"rectify"})
    again = await reopenable(card, papers)
    offered -= set() if again else {"reopen"}
    return Work(
        card, frozenset(offered), {name: secrets.token_urlsafe(16) for name in NAMES}, known,
        _days(district.calendar, card, at), visit.STARTS, door,
        await onsite.established(card.id), papers,
        tuple(picture for picture in pictures if picture.question is None and not picture.about and picture.by == actor.id),
        tuple(name for name, states in photo.ABOUT.items() if card.state in states and (name != "recheck" or under_way)),
        proposal.points if proposal else (), _sampleable(card), again, await rechecks.mates(number, actor.id),
        _looked_up(card), await entrustment.registered() if offered & {"entrust", "sample"} else (),
        tuple(code for code in ALL if code != NO_PROBLEM or not failures(card.sheet, card.department)),
    )  # fmt: skip


def _looked_up(card: cards.TaskCard) -> tuple[Ask, ...]:
    begun = card.state == TaskState.ON_SITE
    return tuple(
        ask
        for ask in card.sheet.of(card.department)
        if ask.network != "no" and (not begun or card.sheet.settled(ask))
    )


def _sampleable(card: cards.TaskCard) -> tuple[Ask, ...]:
    own = card.sheet.on_site(card.department)
    return tuple(ask for ask in own if may_sample(ask, planned=CheckMethod.SAMPLE in card.methods))


def _days(calendar: Calendar, card: cards.TaskCard, at: datetime) -> tuple[date, ...]:
    """Days to choose from; today comes last once its first hour has passed, so that what stands first can be kept."""
    today = visit.local_day(at)
    begun = at >= visit.instant(today, visit.STARTS[0])
    days = visit.days_offered(calendar, card.opens, card.closes, at, limit=None)
    return tuple(sorted(days, key=lambda day: (begun and day == today, day)))


def _pointless(card: cards.TaskCard, door: onsite.OnSite, papers: records.Papers, at: datetime) -> set[str]:
    """Acts that the state allows and that would be refused, or change nothing, for a reason known already."""
    final = card.mine is None or card.mine.final
    here = at_the_door(card.state, card.visit_from, at)
    standing = door.refusal
    second = bool(standing and standing.waits_for_a_second and standing.by != card.me.id)
    absent = bool(door.absence and door.absence.by != card.me.id)
    early = card.visit_from is None or visit.local_day(at) < visit.local_day(card.visit_from)
    waiting = [
        section for section in card.sections if not section.final and card.sheet.on_site(section.department)
    ]
    last = papers.last
    left = {
        "accept": card.me.accepted,
        "reply": card.me.leader or not card.proposal,
        "fix": not (card.proposal or card.owes_letter) or card.state == TaskState.ASSIGNED,
        "begin": early,
        "withhold": card.notice is not None,
        "find": card.state == TaskState.ON_SITE and (final or not _looked_up(card)),
        "answer": final, "undo": final, "finalise": final, "sample": final or not _sampleable(card),
        "conclude": card.state == TaskState.ON_SITE and bool(waiting),
        "arrive_by_hand": not here, "refusal": not here or standing is not None,
        "absence": not here or door.absence is not None,
        "confirm_refusal": not second, "confirm_absence": not absent,
        "record_draw": not card.me.leader and bool(records.open_sections(card.sheet)),
        "record_sign": last is None or card.me.id not in {code for code, _, _ in last.missing},
        "record_refuse": last is None or last.entity is not None,
        "sample_report": not any(not sample.outcome for sample in card.samples),
        "entrust_end": all(agency.ended_at for agency in card.agencies),
    }  # fmt: skip
    return {name for name, known in left.items() if known}


async def of_the_team(request: web.Request) -> str:
    """The task's number, for an officer who serves in it; to all others there is no such task (D60)."""
    number = request.match_info["number"]
    await cards.number_served(number, by(request).id)
    return number


@routes.post("/console/tasks/{number}/acts/{act:" + "|".join(NAMES) + "}", audience=INSPECTOR)
async def act(request: web.Request) -> web.StreamResponse:
    """One act, done once however often its form is sent; 400 for a form that is not exactly the act's."""
    number, name = (await of_the_team(request)), request.match_info["act"]
    params = await _said(request)
    shape, deed = phone.ACTS[name]
    turn = ActRequest(number, by(request), now(request), "", request.config_dict[DISTRICT])
    asked = _shaped(SignedByName if name == "record_sign" else shape, _read(name, params))

    async def done(key: str) -> dict[str, Any]:
        with_key = ActRequest(turn.number, turn.by, turn.at, key, turn.district)
        act: Callable[[], Awaitable[dict[str, Any]]] = partial(deed, with_key, asked)
        if isinstance(asked, SignedByName):
            act = partial(_sign, with_key, asked)
        return await later_act.on_state(number, None if name in phone.PLAIN else asked.as_of, act, by=turn.by)

    sha256 = hashlib.sha256(msgspec.json.encode(sorted(params.items()))).hexdigest()
    await idempotency.run_once(
        asked.key, sha256, f"{number}/{name}", done, task=number, by=turn.by, at=turn.at
    )
    request.config_dict[WAKE]()
    return back_to(f"/console/tasks/{number}", done="work")


async def _said(request: web.Request) -> dict[str, Any]:
    """The form without its token; several values only where an act takes several."""
    form, params = await request.post(), dict[str, Any]()
    for name in dict.fromkeys(form):
        values = form.getall(name)
        given = wrong_input.words_of_field(name, values, LONGEST)
        if name == "value":
            given = ["、".join(given)]
        if name not in SEVERAL and len(given) > 1:
            raise wrong_input.twice(name)
        params[name] = given if name in SEVERAL else given[0]
    params.pop("csrf", None)
    return params


def _read(name: str, params: dict[str, Any]) -> dict[str, Any]:
    """A form's fields as the phone would send them. What was left empty was not said."""
    read = dict(params)
    if name == "propose":
        begins = _begins(read.pop("day", ""), read.pop("clock", ""))
        read |= {"begins": begins, "ends": begins + visit.LASTS}
    if name == "entrust":
        lines = [line.split(maxsplit=1) for line in str(read.get("people", "")).splitlines() if line.strip()]
        read["people"] = [[*line, ""][:2] for line in lines]
    if name == "answer":
        read = {field: value for field, value in read.items() if value or field == "note"}
    if name == "recheck_set":
        read["begins"] = _begins(read.pop("day", ""), read.pop("clock", ""))
    if name == "recheck_end":
        read["findings"] = _found(read)
    if name in ("refusal", "begin", "enter"):
        for field in SEVERAL:
            if field in read or field == {"refusal": "grounds", "begin": "present", "enter": "types"}[name]:
                read.setdefault(field, [])
    return read


def _found(params: dict[str, Any]) -> list[dict[str, Any]]:
    """`found-3` and `note-3` of a form, as the phone sends them; they are taken out of it."""
    numbers = [name.removeprefix("found-") for name in params if name.startswith("found-")]
    return [
        {"n": number, "found": params.pop(f"found-{number}"), "note": params.pop(f"note-{number}", "")}
        for number in numbers
    ]


def _begins(day: str, clock: str) -> datetime:
    return visit.instant(wrong_input.day_of("day", day), wrong_input.clock_of("time", clock))


def _shaped(shape: type[ActBody], params: dict[str, Any]) -> ActBody:
    try:
        return msgspec.convert(params, shape, strict=False)
    except msgspec.ValidationError as wrong:
        raise wrong_input.shape(wrong) from wrong


async def _sign(turn: ActRequest, asked: SignedByName) -> dict[str, Any]:
    """The officer who is signed in signs the version that was shown, by name; a hand on glass is the phone's."""
    signature = await record.sign(turn.number, asked.sha256, "officer", picture="", **turn.who)
    return {"signature": signature}


def _unproved(door: onsite.OnSite, pictures: tuple[fields.CompanionPhoto, ...]) -> set[str]:
    """Reports whose photo is still to be taken: the upload stands beside them."""
    last = door.absences[-1].at if door.absences else None
    place = [
        picture for picture in pictures if picture.about == "place" and (last is None or picture.at > last)
    ]
    refusal = [picture for picture in pictures if picture.about == "refusal"]
    return ({"absence"} if not place else set()) | ({"confirm_refusal"} if not refusal else set())


async def _without_order(card: cards.TaskCard) -> set[str]:
    """What is done to an order of the own department, where none is open."""
    orders = await rectification.of_task(card.number)
    mine = [order for order in orders if order.department == card.department]
    left = {
        "verify": not any(order.provable for order in mine),
        "rectify_extend": not any(order.open for order in mine),
        "recheck_set": not any(order.provable for order in mine),
        **_of_rechecks(card.me.id, orders),
    }
    return {name for name, nothing in left.items() if nothing}


def _of_rechecks(officer: str, orders: Sequence[OrderLine]) -> dict[str, bool]:
    """What is done to a recheck of the own, where none stands at that."""
    going = [order.recheck for order in orders if order.recheck and order.recheck.of(officer)]
    written = [line for order in orders for line in order.rechecks if line.of(officer) and line.ended_at]
    open_ = [line for line in written if line.settled or line in going]
    return {
        "recheck_begin": not any(line.begun_at is None for line in going),
        "recheck_end": not any(line.begun_at and not line.ended_at for line in going),
        "recheck_sign": not any(officer in dict(line.missing) for line in open_),
        "recheck_refuse": not any(line.entity is None for line in open_),
    }


async def _not_yet(card: cards.TaskCard) -> set[str]:
    """An end or a result that something else must come before."""
    few = card.state == TaskState.UNREACHABLE and not contact.enough(await contacts.tries(card.id))
    early = {"enter": not card.may_enter, "confirm": not card.may_confirm, "conclude": few}
    return {name for name, yes in early.items() if yes}
