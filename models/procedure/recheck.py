"""现场复查: two officers verify on site that an order was put right; a small visit with its own record (Art. 17).

The entity is told the day by its channels. The record is frozen facts under a SHA-256 and is signed as such; once both
officers have signed, what they found is the verification of the order. Each announcement is a visit of its own: the
last one of an order counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.models import Model

from models import store
from models.operations import event
from models.procedure import notification, recipients, schedule
from models.procedure import rectification as orders
from models.procedure import rectification_records as records
from models.procedure import task as tasks
from models.procedure.recipients import Recipients
from models.queries import away_time as away_times
from models.queries import rechecks as queries
from models.queries.rechecks import RecheckLine
from models.queries.record import fingerprint
from models.refusal import Refusal
from models.rules import recheck as rules
from models.rules import text
from models.rules.actor import Actor
from models.rules.free_times import Window
from models.rules.recheck import PointFinding
from models.rules.rectification import StepKind
from models.rules.visit import SHANGHAI, local_day
from models.states import ORDER_PROVED_IN
from models.tables import Assignment, Department, Recheck, RecheckSignature, Rectification, Task

ARTICLE = "17"
LONGEST_NAME, LONGEST_REASON = 80, 1000
Place = tuple[float, float, float]
"""Latitude and longitude in degrees, accuracy in metres, as the phone said."""


@store.transactional
async def announce(
    order_id: int, begins: datetime, second: str, *, by: Actor, at: datetime, key: str | None = None
) -> RecheckLine:
    """An officer of the department sets a day; `second` (code) of the same team comes along. The entity is told."""
    await tasks.visits_turn()
    row, task = await records.find(order_id)
    await records.of_officer(row, task, by)
    if done := await event.find_by_key(key):
        return await queries.line(done.data["recheck"])
    records.in_state(row, *ORDER_PROVED_IN)
    if not at < begins <= at + timedelta(days=rules.AHEAD):
        raise Refusal("recheck.day", article=ARTICLE, days=rules.AHEAD)
    if second == by.id or not await Assignment.exists(task=task, inspector_id=second, until=None):
        raise Refusal("recheck.second", article=ARTICLE)
    await _refuse_away(second, begins)
    await schedule.refuse_two_at_once(task, begins, begins + rules.TAKES, [by.id, second])
    count = await Recheck.filter(rectification=row).count()
    recheck = await Recheck.create(
        task=task, rectification=row, number=f"{row.number}-F{count + 1}", visit_from=begins, officers=[by.id, second],
        by=by.mark, at=at,
    )  # fmt: skip
    told = f"{begins.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    step = await records.step(row, StepKind.RECHECK, by, at, text=told)
    owed = await notification.owe(task, "order_step", at, step.id)
    await _note(
        recheck, row, task, "recheck.announced", by, at, [step, *owed], key, begins=begins.isoformat()
    )
    await _ask(await recipients.officers([second]), "rectification.recheck", recheck, row, task, at)
    return await queries.line(recheck.id)


async def _refuse_away(second: str, begins: datetime) -> None:
    """Who comes along is not asked beforehand: when they said that they cannot come, are on leave or off duty, is kept free."""
    hour = Window(begins, begins + rules.TAKES)
    for away in (await away_times.windows([second], begins, local_day(begins))).get(second, ()):
        if away.meets(hour):
            raise Refusal("recheck.second_away", article=ARTICLE, begins=away.begins, ends=away.ends)


async def _ask(
    whom: Recipients, kind: str, recheck: Recheck, row: Rectification, task: Task, at: datetime
) -> None:
    await recipients.tell(
        whom, kind, key=f"recheck:{recheck.id}:{kind}", at=at, chain=f"task:{task.number}", task=task.number,
        rectification=row.id,
    )  # fmt: skip


@store.transactional
async def begin(
    recheck_id: int, place: Place | None = None, *, by: Actor, at: datetime, key: str | None = None
) -> RecheckLine:
    """One of the two officers is there, on the day that was told or later."""
    recheck, row, task = await _of_officer(recheck_id, by)
    if await event.find_by_key(key) or recheck.begun_at:
        return await queries.line(recheck.id)
    await _goes_on(recheck, row)
    if local_day(at) < local_day(recheck.visit_from):
        raise Refusal("recheck.too_early", article=ARTICLE, day=local_day(recheck.visit_from))
    recheck.begun_at, recheck.begun_by, recheck.begun_place = at, by.mark, list(place) if place else None
    await recheck.save(update_fields=["begun_at", "begun_by", "begun_place"])
    await _note(recheck, row, task, "recheck.begun", by, at, [], key)
    return await queries.line(recheck.id)


@store.transactional
async def conclude(
    recheck_id: int, findings: Sequence[PointFinding], place: Place | None = None, *, by: Actor, at: datetime,
    key: str | None = None,
) -> RecheckLine:  # fmt: skip
    """It ends: each point that was left is said to be put right, partly or not, and the record is frozen to be signed."""
    recheck, row, task = await _of_officer(recheck_id, by)
    if await event.find_by_key(key) or recheck.ended_at:
        return await queries.line(recheck.id)
    await _goes_on(recheck, row)
    if not recheck.begun_at:
        raise Refusal("recheck.none_begun", article=ARTICLE)
    left = [point[0] for point in row.points if point[0] not in row.done]
    recheck.findings = [
        [point.number, point.found.value, point.note] for point in rules.findings(left, findings)
    ]
    recheck.ended_at, recheck.ended_by, recheck.ended_place = at, by.mark, list(place) if place else None
    recheck.facts = await queries.facts(recheck, row, task)
    recheck.sha256 = fingerprint(recheck.facts)
    await recheck.save(update_fields=["findings", "ended_at", "ended_by", "ended_place", "facts", "sha256"])
    await _note(recheck, row, task, "recheck.ended", by, at, [], key, sha256=recheck.sha256)
    others = [code for code in recheck.officers if code != by.id]
    await _ask(await recipients.officers(others), "rectification.recheck_sign", recheck, row, task, at)
    return await queries.line(recheck.id)


@store.transactional
async def sign(
    recheck_id: int, sha256: str, officer: str = "", *, picture: str = "", name: str = "", position: str = "",
    by: Actor, at: datetime, key: str | None = None,
) -> RecheckLine:  # fmt: skip
    """A signature under the record. `officer`: the code of one of the two, whose account signs without a `picture`; empty
    for the entity, by name and on glass. With the second officer's the order is verified by what was found.
    """
    recheck, row, task = await _signable(recheck_id, sha256, by)
    if await event.find_by_key(key):
        return await queries.line(recheck.id)
    if officer:
        given = await _officer(recheck, task, officer, picture, by, at)
    else:
        given = await _entity(recheck, name, position, picture, by, at)
    if given is None:
        return await queries.line(recheck.id)
    await _note(
        recheck, row, task, "recheck.signed", by, at, [given], key, role=given.role, sha256=recheck.sha256
    )
    if officer and not (await queries.line(recheck.id)).missing:
        await _settled(recheck, row, task, by, at)
    return await queries.line(recheck.id)


@store.transactional
async def refuse_to_sign(
    recheck_id: int,
    sha256: str,
    reason: str,
    witness: str,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> RecheckLine:
    """拒签: the entity does not sign; why, and who saw it."""
    recheck, row, task = await _signable(recheck_id, sha256, by)
    if await event.find_by_key(key):
        return await queries.line(recheck.id)
    why = text.visible(reason).strip()[:LONGEST_REASON]
    if not why:
        raise Refusal("record.no_reason", article=ARTICLE)
    if not text.name(witness):
        raise Refusal("record.no_witness", article=ARTICLE)
    if await RecheckSignature.exists(recheck=recheck, role="entity"):
        raise Refusal("recheck.signed_already", article=ARTICLE)
    refused = await RecheckSignature.create(
        recheck=recheck, task=task, role="entity", name="", refused=True, reason=why,
        witness=text.name(witness)[:LONGEST_NAME], by=by.mark, at=at,
    )  # fmt: skip
    await _note(recheck, row, task, "recheck.refused", by, at, [refused], key, sha256=recheck.sha256)
    return await queries.line(recheck.id)


async def _settled(recheck: Recheck, row: Rectification, task: Task, by: Actor, at: datetime) -> None:
    """Both signed: the order is verified by what they found of the points that are still left."""
    if row.state not in ORDER_PROVED_IN:
        return
    recheck.settled_at = at
    await recheck.save(update_fields=["settled_at"])
    left = [point[0] for point in row.points if point[0] not in row.done]
    record = [PointFinding(number, rules.PointFound(how), note) for number, how, note in recheck.findings]
    came = rules.outcome(record, left)
    await _note(recheck, row, task, "recheck.settled", by, at, [], None, outcome=came.outcome.value)
    await orders.settle(row, task, came.outcome, came.reason, came.done, by=by, at=at)


async def _officer(
    recheck: Recheck, task: Task, code: str, picture: str, by: Actor, at: datetime
) -> RecheckSignature | None:
    if code not in recheck.officers or (not picture and code != by.id):
        raise Refusal("recheck.not_yours", article=ARTICLE)
    if await RecheckSignature.exists(recheck=recheck, inspector=code):
        return None
    seat = (
        await Assignment.filter(task=task, inspector_id=code)
        .order_by("-id")
        .select_related("inspector")
        .first()
    )
    unit = await Department.get_or_none(code=seat.department) if seat else None
    return await RecheckSignature.create(
        recheck=recheck, task=task, role="officer", inspector=code,
        name=text.name(seat.inspector.name) if seat else code, position=unit.unit if unit else "", picture=picture,
        by=by.mark, at=at,
    )  # fmt: skip


async def _entity(
    recheck: Recheck, name: str, position: str, picture: str, by: Actor, at: datetime
) -> RecheckSignature:
    if not text.name(name):
        raise Refusal("record.no_name", article=ARTICLE)
    if not picture:
        raise Refusal("signature.not_a_picture", article=ARTICLE)
    if await RecheckSignature.exists(recheck=recheck, role="entity", refused=False):
        raise Refusal("recheck.signed_already", article=ARTICLE)
    return await RecheckSignature.create(
        recheck=recheck, task_id=recheck.task_id, role="entity", name=text.name(name)[:LONGEST_NAME],
        position=text.name(position)[:LONGEST_NAME], picture=picture, by=by.mark, at=at,
    )  # fmt: skip


async def _of_officer(recheck_id: int, by: Actor) -> tuple[Recheck, Rectification, Task]:
    """A recheck with its order and task, for one of its two officers, in the task's turn; unknown to everybody else."""
    recheck = await Recheck.get_or_none(id=recheck_id)
    if recheck is None:
        raise Refusal("recheck.unknown", article=ARTICLE)
    row, task = await records.find(recheck.rectification_id)
    await recheck.refresh_from_db()
    await tasks.serving(task, by)
    if by.id not in recheck.officers:
        raise Refusal("recheck.not_yours", article=ARTICLE)
    return recheck, row, task


async def _goes_on(recheck: Recheck, row: Rectification) -> None:
    records.in_state(row, *ORDER_PROVED_IN)
    if await Recheck.exists(rectification=row, id__gt=recheck.id):
        raise Refusal("recheck.replaced", article=ARTICLE)


async def _signable(recheck_id: int, sha256: str, by: Actor) -> tuple[Recheck, Rectification, Task]:
    recheck, row, task = await _of_officer(recheck_id, by)
    if not recheck.ended_at or recheck.sha256 != sha256:
        raise Refusal("recheck.unknown", article=ARTICLE)
    if not recheck.settled_at:
        await _goes_on(recheck, row)
    return recheck, row, task


async def _note(
    recheck: Recheck, row: Rectification, task: Task, kind: str, by: Actor, at: datetime, rows: Sequence[Model],
    key: str | None, **noted: object,
) -> None:  # fmt: skip
    """`recheck` beside its order in the task's trail; open cards of the order follow."""
    await records.note(row, task, kind, by, at, [recheck, *rows], key=key, recheck=recheck.id, **noted)
