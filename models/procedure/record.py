"""检查记录表: drawn up, heard, signed on glass or refused before a witness (Art. 16 (3)).

A version is frozen facts under a SHA-256, and that is what people sign. What changes afterwards makes the next
version; signatures stay under the one they were given for.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.models import Model

from models import store
from models.district import District
from models.operations import event
from models.procedure import notification, recipients
from models.procedure import task as tasks
from models.queries import record as queries
from models.queries.record_version import RecordVersion, record_number, version_of
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import text, tokens
from models.rules.actor import CLOCK, Actor, Role
from models.rules.public.record import SignatureFacts, members, unsigned
from models.states import DRAWN_IN, SIGNED_IN
from models.tables import Assignment, Department, Record, Signature, Statement, Task

LONGEST_NAME, LONGEST_REASON, LONGEST_STATEMENT = 80, 1000, 4000


@store.transactional
async def draw_up(
    number: str, *, by: Actor, at: datetime, district: District, key: str | None = None
) -> RecordVersion:
    """Freeze what the record says now. As long as nothing has changed, the version that stands is given back.

    Any member, once every section is final; the leader at any time.
    """
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    if done := await event.find_by_key(key):
        return await _version(task, await Record.get(id=done.data["record"]))
    tasks.in_state(task, *DRAWN_IN, article="16(3)")
    if not mine.leader and (waiting := queries.open_sections(await sheet_of(task))):
        raise Refusal("record.sections_open", article="16(3)", departments=waiting)
    facts = await queries.facts(task)
    sha256 = queries.fingerprint(facts)
    last = await Record.filter(task=task).order_by("-version").first()
    if last and last.sha256 == sha256:
        return await _version(task, last)
    version = last.version + 1 if last else 1
    named = record_number(number, version)
    record = await Record.create(
        task=task,
        version=version,
        facts=facts,
        sha256=sha256,
        token_sha256=tokens.hashed(tokens.token(district.secret, "record", named)),
        check_code=tokens.check_code(district.secret, named),
        by=by.mark,
        at=at,
        awaited=len(members(facts["team"])),
    )
    await Record.filter(task=task, version__lt=version).exclude(awaited=0).update(awaited=0)
    told = await ready(task, at, but=by) if not queries.open_sections(await sheet_of(task)) else []
    await tasks.note(
        task, "record.drawn_up", by=by, at=at, key=key, rows=[record, *told], record=record.id, version=version,
        sha256=sha256,
    )  # fmt: skip
    return version_of(task, record, [])


async def _version(task: Task, row: Record) -> RecordVersion:
    """A version that was drawn up before, with what stands under it."""
    await task.fetch_related("target")
    return version_of(task, row, await Signature.filter(record=row).order_by("id"))


async def ready(task: Task, at: datetime, *, but: Actor | None = None) -> list[Model]:
    """The newest version is there to be read and signed: the entity is told, and each officer who has not signed is
    asked to, on their own phone (`but` has it before them). Part of an act; the rows written.
    """
    last = await Record.filter(task=task).order_by("-version").first()
    if last is None:
        return []
    missing = {code for code, _, _ in (await queries.papers(task.id)).missing}
    to_whom = (await recipients.officers(sorted(missing))).but(but.account if but else None)
    await recipients.tell(
        to_whom, "record.sign_asked", key=f"sign:{last.id}", at=at, chain=f"task:{task.number}", task=task.number,
        record=last.id,
    )  # fmt: skip
    return [*await notification.owe(task, "record", at, last.id)]


@store.transactional
async def hear(number: str, remark: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """陈述申辩 on site: what the entity says, typed in by an officer or by the entity on the officer's phone."""
    task = await tasks.find(number)
    await _of_the_visit(task, by)
    if await event.find_by_key(key):
        return
    tasks.in_state(task, *DRAWN_IN, article="16(3)")
    words = text.visible(remark).strip()
    if not words:
        raise Refusal("record.nothing_said", article="16(3)")
    statement = await Statement.create(
        task=task, kind="on_site", text=words[:LONGEST_STATEMENT], by=by.mark, at=at
    )
    await tasks.note(task, "statement.given", by=by, at=at, key=key, rows=[statement], statement=statement.id)


@store.transactional
async def sign(
    number: str,
    sha256: str,
    role: str,
    *,
    picture: str,
    by: Actor,
    at: datetime,
    name: str = "",
    position: str = "",
    officer: str = "",
    key: str | None = None,
) -> int:
    """A signature under the version of this SHA-256, on the phone of `by`; `picture` is kept already. Its id.

    `role` entity: whoever signs for it, by name and position. `role` officer: a member of the team, by code.
    """
    task, record = await _signable(number, sha256, by)
    if done := await event.find_by_key(key):
        return int(done.data["signature"])
    if role == "officer":
        name, position = await _officer(task, officer or by.id)
        there = await Signature.filter(record=record, role="officer", name=name, position=position).count()
        known = sum(1 for member in record.facts["team"] if member[:2] == [name, position])
        if there >= max(known, 1):
            raise Refusal("record.signed_already", article="16(3)", name=name)
    else:
        name, position = _named(name), _short(position)
        if await Signature.exists(record=record, role="entity", refused=False):
            raise Refusal("record.signed_already", article="16(3)", name=name)
    signature = await Signature.create(
        record=record, task=task, role="officer" if role == "officer" else "entity", name=name, position=position,
        picture=picture, by=by.mark, at=at,
    )  # fmt: skip
    await _count_awaited(record)
    await _note(task, record, "record.signed", [signature], by=by, at=at, key=key)
    return signature.id


@store.transactional
async def refuse_to_sign(
    number: str,
    sha256: str,
    reason: str,
    *,
    witness: str,
    by: Actor,
    at: datetime,
    witness_position: str = "",
    name: str = "",
    picture: str = "",
    key: str | None = None,
) -> int:
    """拒签: why, and who saw it. The witness signs too if willing (`picture`). The id of the refusal."""
    task, record = await _signable(number, sha256, by)
    if done := await event.find_by_key(key):
        return int(done.data["signature"])
    why = text.visible(reason).strip()[:LONGEST_REASON]
    if not why:
        raise Refusal("record.no_reason", article="16(3)")
    if not text.name(witness):
        raise Refusal("record.no_witness", article="16(3)")
    if await Signature.exists(record=record, role="entity"):
        raise Refusal("record.signed_already", article="16(3)", name=text.name(name))
    refused = await Signature.create(
        record=record,
        task=task,
        role="entity",
        name=_short(name),
        refused=True,
        reason=why,
        by=by.mark,
        at=at,
    )
    saw = await Signature.create(
        record=record, task=task, role="witness", name=_named(witness), position=_short(witness_position),
        picture=picture, by=by.mark, at=at,
    )  # fmt: skip
    await _note(task, record, "record.refused", [refused, saw], by=by, at=at, key=key)
    return refused.id


async def _count_awaited(record: Record) -> None:
    """How many officers have still to sign: what the sweep of terms looks for."""
    if await Record.exists(task_id=record.task_id, version__gt=record.version):
        return
    given = [
        SignatureFacts(row.role, text.name(row.name), text.name(row.position), row.refused, row.at)
        for row in await Signature.filter(record=record, role="officer")
    ]
    awaited = len(unsigned(members(record.facts["team"]), given))
    if awaited != record.awaited:
        record.awaited = awaited
        await record.save(update_fields=["awaited"])


async def _signable(number: str, sha256: str, by: Actor) -> tuple[Task, Record]:
    task = await tasks.find(number)
    await tasks.serving(task, by)
    tasks.in_state(task, *SIGNED_IN, article="16(3)")
    record = await Record.filter(task=task, sha256=sha256).order_by("-version").first()
    if record is None:
        raise Refusal("record.unknown", article="16(3)", task=number)
    return task, record


async def _officer(task: Task, code: str) -> tuple[str, str]:
    seat = await Assignment.get_or_none(task=task, inspector_id=code, until=None).select_related("inspector")
    if seat is None:
        raise Refusal("visit.not_of_the_team", article="15", inspector=code)
    unit = await Department.get_or_none(code=seat.department)
    return text.name(seat.inspector.name), unit.unit if unit else seat.department


async def _of_the_visit(task: Task, by: Actor) -> None:
    """A member of the team, or the entity itself."""
    if by.role == Role.ENTITY and by.id == str(task.target_id):
        return
    await tasks.serving(task, by)


async def _note(
    task: Task,
    record: Record,
    kind: str,
    signatures: list[Signature],
    *,
    by: Actor,
    at: datetime,
    key: str | None,
) -> None:
    """The paper shows who signed, so it is printed anew."""
    await Record.filter(id=record.id).update(pdf="")
    first = signatures[0]
    await tasks.note(
        task, kind, by=by, at=at, key=key, rows=signatures, signature=first.id, role=first.role, version=record.version,
        sha256=record.sha256,
    )  # fmt: skip


def _named(name: str) -> str:
    if not (named := _short(name)):
        raise Refusal("record.no_name", article="16(3)")
    return named


def _short(name: str) -> str:
    return text.name(name)[:LONGEST_NAME]


@store.transactional
async def printed(record_id: int, pdf: str, signed: int, *, at: datetime, by: Actor = CLOCK) -> None:
    """Remember the object that holds a version's PDF, unless somebody has signed since it was made."""
    record = await Record.get(id=record_id).select_related("task")
    if record.pdf == pdf or await Signature.filter(record_id=record_id).count() != signed:
        return
    await Record.filter(id=record_id).update(pdf=pdf)
    chain = f"task:{record.task.number}"
    await event.record(
        chain, "record.printed", by=by, at=at, rows=[record], version=record.version, sha256=pdf
    )
