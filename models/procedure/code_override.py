"""A credit code whose check digits do not fit is taken by two persons' word, with the reason (Art. 10)."""

from __future__ import annotations

from datetime import datetime

from tortoise.expressions import Q

from models import store
from models.operations import event, outbox
from models.procedure import recipients
from models.procedure.register_entry import reason_of
from models.procedure.register_rows import ChangeOrigin, history_line
from models.refusal import Refusal
from models.rules import cell, credit_code
from models.rules.actor import Actor, Role, require
from models.tables import CodeOverride, Department

ARTICLE = "10"
FITS_NOT = ("check_digit", "organisation_check")
"""What an override can be for; a wrong length or character is no code at all."""
PROPOSED, CONFIRMED, DECLINED, ENDED = "code_asked", "code_taken", "code_denied", "code_ended"


@store.transactional
async def propose(code: str, target: str, department: str, reason: str, *, by: Actor, at: datetime) -> int:
    """Ask that a code be taken as it is written. `target`: whose it is, by 对象编号; `department`: that keeps the row.
    Refuses a code that fits, one that is none, and one that is asked about or taken already. Its number."""
    require(by, Role.OFFICE, article=ARTICLE)
    verdict, why = credit_code.examine(code), reason_of(reason)
    if verdict.valid or verdict.problems[0] not in FITS_NOT:
        raise Refusal("override.not_for", ARTICLE, number=verdict.code[:40])
    own = cell.code(target)[0][:32]
    if not own or not await Department.filter(code=department, retired_at=None).exists():
        raise Refusal("override.whose", ARTICLE)
    await event.lock(f"code {verdict.code}")
    standing = Q(agreed=True) | Q(agreed__isnull=True)
    if await CodeOverride.filter(standing, code=verdict.code, ended_at=None).exists():
        raise Refusal("override.there_already", ARTICLE, number=verdict.code)
    row = await CodeOverride.create(
        code=verdict.code, expected=verdict.expected, target=own, department=department, reason=why,
        proposed_by=by.mark, proposed_at=at,
    )  # fmt: skip
    await _record(row, "code.proposed", PROPOSED, why, by, at)
    asked = await recipients.heads([department]) + (await recipients.office()).but(
        *filter(None, [by.account])
    )
    await recipients.tell(
        asked, "code.asked", key=f"code:{row.id}", at=at, chain="registry", lane=outbox.INTERACTIVE, override=row.id
    )  # fmt: skip
    return row.id


@store.transactional
async def decide(
    id: int, agree: bool, reason: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> None:
    """A second person confirms, or declines with a reason: another of the office, or the head of the row's department."""
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    if await event.find_by_key(key):
        return
    row = await _open(id)
    if row.agreed is not None:
        raise Refusal("override.decided", ARTICLE, number=row.code)
    if by.role == Role.HEAD and by.department != row.department:
        raise Refusal("override.not_yours", ARTICLE, department=row.department)
    if by.mark == row.proposed_by:
        raise Refusal("override.second_person", ARTICLE)
    row.decision = "" if agree else reason_of(reason)
    row.agreed, row.decided_by, row.decided_at = agree, by.mark, at
    await row.save(update_fields=["agreed", "decision", "decided_by", "decided_at"])
    await _record(
        row, "code.confirmed" if agree else "code.declined", CONFIRMED if agree else DECLINED, row.decision, by, at, key
    )  # fmt: skip


@store.transactional
async def drop(id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Taken back by the office: nothing new comes in by it. A row that has the code keeps it, marked as it was."""
    require(by, Role.OFFICE, article=ARTICLE)
    row, why = await _open(id), reason_of(reason)
    row.ended_at, row.ended_by, row.end_reason = at, by.mark, why
    await row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    await _record(row, "code.dropped", ENDED, why, by, at)


async def _open(id: int) -> CodeOverride:
    row = await CodeOverride.get_or_none(id=id)
    if row is None:
        raise Refusal("override.unknown", ARTICLE, number=id)
    await event.lock(f"code {row.code}")
    await row.refresh_from_db()
    if row.ended_at:
        raise Refusal("override.decided", ARTICLE, number=row.code)
    return row


async def _record(
    row: CodeOverride, kind: str, act: str, reason: str, by: Actor, at: datetime, key: str | None = None
) -> None:
    """The event, a line in the target's history, and a fresh look for whose chat shows it."""
    line = history_line(
        "targets", act, row.target, {"credit_code": None}, {"credit_code": row.code}, ChangeOrigin(by, at, reason=reason)
    )  # fmt: skip
    await store.insert([line])
    await event.record(
        "registry",
        kind,
        by=by,
        at=at,
        key=key,
        override=row.id,
        code=row.code,
        target=row.target,
        reason=reason,
    )
    await outbox.enqueue_follow_up([f"code:{row.id}"], at=at)
