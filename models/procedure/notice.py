"""告知: the entity is told before the visit, by chat, e-mail or telephone, and may answer (Art. 16 (2)).

Approved by the leader, a letter never changes; another time is another version. Whatever cannot be reached
by one channel goes to the next by itself, and ends with a person who telephones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tortoise.models import Model

from models import store
from models.district import District
from models.procedure import event, message
from models.procedure import task as tasks
from models.queries import letter as letters
from models.refusal import Refusal
from models.rules import seal
from models.rules.actor import Actor, Role, require
from models.rules.chain import canonical
from models.states import NoticeState as N
from models.states import move
from models.tables import Account, Attempt, Binding, Notice, Outbox, Postponement, Task

CHANNELS = ("chat", "email", "phone")
GIVEN = (N.APPROVED, N.SENT, N.OPENED, N.ACKNOWLEDGED, N.FAILED, N.BY_HAND)


async def withheld(task: Task) -> bool:
    """True if this task's notice is withheld with legal basis and approver: nothing can be sent (D80)."""
    return await Notice.exists(task=task, state=N.WITHHELD)


async def current(task: Task) -> Notice | None:
    """The version that stands."""
    return await Notice.filter(task=task, state__in=GIVEN).order_by("-version").first()


@store.transactional
async def give(task: Task, *, by: Actor, at: datetime, district: District) -> Notice:
    """Make, approve and hand over the letter of a fixed visit; an earlier version is replaced."""
    await tasks.leading(task, by)
    if await withheld(task):
        raise Refusal("notice.withheld", article="16(2)", task=task.number)
    earlier = await current(task)
    version = 1 + await Notice.filter(task=task).count()
    number = f"{task.number}-T{version}"
    facts = await letters.facts(task, number, version, at, district)
    made = await Notice.create(
        number=number,
        task=task,
        version=version,
        state=N.APPROVED,
        letter=facts,
        created_at=at,
        token_sha256=token_hash(seal.token(district.secret, "notice", number)),
        check_code=seal.check_code(district.secret, number),
        approved_by=by.mark,
        approved_at=at,
    )
    if earlier:
        await _to(earlier, N.REPLACED)
    await _next_channel(made, at)
    rows = [made, earlier] if earlier else [made]
    approved = {"number": number, "facts": fingerprint(facts)}
    await tasks.note(task, "notice.approved", by=by, at=at, rows=rows, **approved)
    return made


@store.transactional
async def ask_to_withhold(
    number: str, basis: str, *, by: Actor, at: datetime, key: str | None = None
) -> Notice:
    """不宜告知: the leader names the legal basis; the department's head decides."""
    task = await tasks.find(number)
    mine = await tasks.leading(task, by)
    if not basis.strip():
        raise Refusal("notice.no_basis", article="16(2)", task=number)
    if await current(task):
        raise Refusal("notice.given_already", article="16(2)", task=number)
    asked = await Notice.filter(task=task, state=N.DRAFTED).first()
    if asked is None:
        version = 1 + await Notice.filter(task=task).count()
        asked = await Notice.create(
            number=f"{number}-T{version}",
            task=task,
            version=version,
            state=N.DRAFTED,
            created_at=at,
            withheld_basis=basis.strip(),
        )
        await tasks.note(
            task, "notice.withhold_asked", by=by, at=at, key=key, rows=[asked], basis=basis.strip()
        )
        await _tell_head(
            mine.department, "notice.withhold_asked", f"withhold:{asked.id}", at, notice=asked.id
        )
    return asked


@store.transactional
async def decide_withholding(
    notice_id: int, agree: bool, *, by: Actor, at: datetime, key: str | None = None
) -> Notice:
    """The head approves or refuses that the entity is not told."""
    require(by, Role.HEAD, article="16(2)")
    found = await _find(notice_id)
    task = await Task.get(id=found.task_id)
    leader = await tasks.leader_account(task)
    if leader and leader.department != by.department:
        raise Refusal("team.other_department", article="16(2)")
    if found.state == N.DRAFTED:
        await _to(found, N.WITHHELD if agree else N.REVOKED, approved_by=by.mark, approved_at=at)
        await tasks.note(
            task,
            "notice.withheld" if agree else "notice.withhold_refused",
            by=by,
            at=at,
            key=key,
            rows=[found],
            basis=found.withheld_basis,
        )
        if leader:
            await message.owe(
                leader,
                "notice.withholding_decided",
                key=f"withheld:{found.id}",
                at=at,
                task=task.number,
                agree=agree,
            )
    return found


@store.transactional
async def tried(
    notice_id: int,
    channel: str,
    ok: bool,
    *,
    by: Actor,
    at: datetime,
    detail: str = "",
    text_sha256: str = "",
) -> Notice:
    """A channel took the letter or failed; what failed goes to the next channel by itself."""
    found = await _find(notice_id)
    attempt = await Attempt.create(
        notice=found,
        channel=channel,
        outcome="delivered" if ok else "failed",
        at=at,
        by=by.mark,
        detail=detail,
        text_sha256=text_sha256,
    )
    if ok and found.state in (N.APPROVED, N.FAILED, N.BY_HAND):
        await _to(found, N.SENT)
    elif not ok and found.state in GIVEN and found.state != N.ACKNOWLEDGED:
        if found.state in (N.APPROVED, N.SENT, N.BY_HAND):
            await _to(found, N.FAILED)
        await _next_channel(found, at)
    kind = "notice.delivered" if ok else "notice.failed"
    await _note(found, kind, by, at, rows=[attempt], channel=channel, detail=detail)
    return found


@store.transactional
async def telephoned(
    number: str,
    reached: bool,
    said: str,
    *,
    by: Actor,
    at: datetime,
    spoke_with: str = "",
    key: str | None = None,
) -> Notice:
    """An officer telephoned: who, when, what was said. Three calls without answer are told to the head."""
    found = await _standing(number)
    task = await Task.get(id=found.task_id)
    mine = await tasks.serving(task, by)
    if await event.happened(key):
        return found
    if not said.strip():
        raise Refusal("notice.nothing_said", article="16(2)", task=number)
    attempt = await Attempt.create(
        notice=found,
        channel="phone",
        outcome="told" if reached else "no_answer",
        at=at,
        by=by.mark,
        detail=f"{spoke_with}: {said}" if spoke_with else said,
    )
    if reached and found.state in (N.BY_HAND, N.FAILED, N.APPROVED):
        await _to(found, N.SENT)
    call = {"reached": reached, "said": said, "spoke_with": spoke_with}
    await _note(found, "notice.telephoned", by, at, key=key, rows=[attempt], **call)
    unanswered = await Attempt.filter(notice=found, channel="phone", outcome="no_answer").count()
    if not reached and unanswered == 3:
        await _tell_head(
            mine.department, "notice.unreached", f"unreached:{found.id}", at, notice=found.id, task=number
        )
    return found


@store.transactional
async def opened(token: str, *, at: datetime) -> Notice | None:
    """The notice's page was opened by somebody who has its link. None for a token that is nobody's."""
    found = await by_token(token)
    if found and found.opened_at is None and found.state in GIVEN:
        found.opened_at = at
        await found.save(update_fields=["opened_at"])
        if found.state in (N.SENT, N.APPROVED, N.FAILED, N.BY_HAND):
            await _to(found, N.OPENED)
        await _note(found, "notice.opened", Actor(Role.PUBLIC, "link"), at)
    return found


@store.transactional
async def acknowledge(number: str, *, by: Actor, at: datetime, key: str | None = None) -> Notice:
    """收到: the entity confirms, once; whoever confirms later changes nothing."""
    found = await _given(number)
    await _for_its_entity(found, by)
    if found.acknowledged_at or await event.happened(key):
        return found
    if found.state not in GIVEN:
        raise Refusal("notice.not_standing", article="16(2)", number=number, state=found.state)
    await _to(found, N.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=by.mark)
    await _note(found, "notice.acknowledged", by, at, key=key)
    await _tell_leader(found, "notice.acknowledged", f"ack:{found.id}", at)
    return found


@store.transactional
async def ask_postponement(
    number: str, reason: str, *, by: Actor, at: datetime, wanted: str = "", key: str | None = None
) -> Postponement:
    """申请改期: once for each task, with a reason; the leader decides."""
    found = await _given(number)
    await _for_its_entity(found, by)
    earlier = await Postponement.filter(notice__task_id=found.task_id).first()
    if await event.happened(key) and earlier:
        return earlier
    if found.state not in GIVEN:
        raise Refusal("notice.not_standing", article="16(2)", number=number, state=found.state)
    if not reason.strip():
        raise Refusal("notice.postponement_needs_reason", article="16(2)")
    if earlier:
        raise Refusal("notice.postponed_once", article="16(2)")
    asked = await Postponement.create(
        notice=found, reason=reason.strip(), wanted=wanted, asked_by=by.mark, asked_at=at
    )
    wish = {"reason": reason.strip(), "wanted": wanted}
    await _note(found, "notice.postponement_asked", by, at, key=key, rows=[asked], **wish)
    await _tell_leader(found, "notice.postponement_asked", f"postpone:{asked.id}", at, postponement=asked.id)
    return asked


@store.transactional
async def decide_postponement(
    asked_id: int, granted: bool, *, by: Actor, at: datetime, key: str | None = None
) -> Postponement:
    """The leader agrees (and proposes another time) or keeps the time; the entity is told either way."""
    asked = await Postponement.get_or_none(id=asked_id).select_related("notice")
    if asked is None:
        raise Refusal("notice.unknown", article="16(2)")
    task = await Task.get(id=asked.notice.task_id)
    await tasks.leading(task, by)
    if asked.granted is None:
        asked.granted, asked.decided_by, asked.decided_at = granted, by.mark, at
        await asked.save(update_fields=["granted", "decided_by", "decided_at"])
        kind = "notice.postponement_decided"
        await _note(asked.notice, kind, by, at, key=key, rows=[asked], granted=granted)
        for entity in await Account.filter(target_id=task.target_id, disabled_at=None):
            await message.owe(
                entity,
                "notice.postponement_decided",
                key=f"postponed:{asked.id}:{entity.id}",
                at=at,
                notice=asked.notice.id,
                granted=granted,
            )
    return asked


@store.transactional
async def printed(notice_id: int, pdf: str) -> None:
    """Remember the object that holds the letter's PDF."""
    await Notice.filter(id=notice_id).update(pdf=pdf)


async def by_token(token: str) -> Notice | None:
    """The notice of a link."""
    return await Notice.get_or_none(token_sha256=token_hash(token)) if len(token) == 22 else None


def token_hash(token: str) -> str:
    """What is kept of a notice's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def fingerprint(facts: dict[str, Any]) -> str:
    """SHA-256 of the letter's facts in their canonical form."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


async def _next_channel(notice: Notice, at: datetime) -> None:
    """Hand the letter to the first channel not yet tried; the last one is a person with a telephone."""
    task = await Task.get(id=notice.task_id).select_related("target")
    used = {one.channel for one in await Attempt.filter(notice=notice)}
    entity = await Account.filter(target=task.target, disabled_at=None).first()
    bound = entity and await Binding.exists(account=entity, ended_at=None, blocked_at=None)
    if entity and bound and "chat" not in used:
        await message.owe(entity, "notice", key=f"notice:{notice.id}:chat", at=at, notice=notice.id)
    elif task.target.email and "email" not in used:
        await message.owe_email(
            task.target.email, "notice", key=f"notice:{notice.id}:email", at=at, notice=notice.id
        )
    else:
        await _to(notice, N.BY_HAND)
        await _tell_leader(notice, "notice.by_hand", f"notice:{notice.id}:phone", at)


async def pending(notice: Notice) -> bool:
    """True while a channel still owes the letter."""
    return await Outbox.exists(key__startswith=f"notice:{notice.id}:", state="waiting")


async def _find(notice_id: int) -> Notice:
    found = await Notice.get_or_none(id=notice_id)
    if found is None:
        raise Refusal("notice.unknown", article="16(2)")
    return found


async def _given(number: str) -> Notice:
    found = await Notice.get_or_none(number=number)
    if found is None:
        raise Refusal("notice.unknown", article="16(2)")
    return found


async def _standing(task_number: str) -> Notice:
    found = await current(await tasks.find(task_number))
    if found is None:
        raise Refusal("notice.unknown", article="16(2)")
    return found


async def _for_its_entity(notice: Notice, by: Actor) -> None:
    """The entity itself, or whoever holds the notice's link."""
    require(by, Role.ENTITY, Role.PUBLIC, article="16(2)")
    task = await Task.get(id=notice.task_id)
    if by.role == Role.ENTITY and by.id != str(task.target_id):
        raise Refusal("notice.unknown", article="16(2)")


async def _to(notice: Notice, state: N, **changed: Any) -> None:
    if notice.state != state:
        notice.state = move(notice.state, state, "16(2)")
    for name, value in changed.items():
        setattr(notice, name, value)
    await notice.save(update_fields=["state", *changed])


async def _note(
    notice: Notice, kind: str, by: Actor, at: datetime, *, rows: Iterable[Model] = (), **noted: Any
) -> None:
    task = await Task.get(id=notice.task_id)
    await tasks.note(task, kind, by=by, at=at, rows=[notice, *rows], number=notice.number, **noted)


async def _tell_leader(notice: Notice, kind: str, key: str, at: datetime, **payload: Any) -> None:
    task = await Task.get(id=notice.task_id)
    leader = await tasks.leader_account(task)
    if leader:
        await message.owe(
            leader,
            kind,
            key=key,
            at=at,
            lane=message.INTERACTIVE,
            task=task.number,
            notice=notice.id,
            **payload,
        )


async def _tell_head(department: str, kind: str, key: str, at: datetime, **payload: Any) -> None:
    for head in await Account.filter(role=Role.HEAD, department=department, disabled_at=None):
        await message.owe(head, kind, key=f"{key}:{head.id}", at=at, lane=message.INTERACTIVE, **payload)
