"""告知: the entity is told before the visit, by chat, e-mail or telephone, and may answer (Art. 16 (2)).

Approved by the leader, a letter never changes; another time is another version. Whatever cannot be reached
by one channel goes to the next by itself, and ends with a person who telephones.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import delivery_attempt, notice_records
from models.procedure import task as tasks
from models.queries import letter as letters
from models.queries import pending_decisions
from models.queries import template as templates
from models.queries.pending_decisions import PendingNotice
from models.refusal import Refusal
from models.rules import acts, tokens
from models.rules.actor import CLOCK, Actor, Role, require
from models.rules.chain import canonical
from models.rules.text import visible
from models.states import GIVEN, ON_ITS_WAY, TaskState
from models.states import NoticeState as N
from models.tables import Assignment, Notice, Task


@store.transactional
async def give(task: Task, *, by: Actor, at: datetime, district: District, key: str | None = None) -> Notice:
    """Make, approve and hand over the letter of a fixed visit; an earlier version is replaced.

    Where the head approves too it is only drafted, and what stands goes on standing until then.
    """
    mine = await tasks.leading(task, by)
    if await notice_records.withheld(task):
        raise Refusal("notice.withheld", article="16(2)", task=task.number)
    overtaken = await _overtaken(task)
    version = 1 + await Notice.filter(task=task).count()
    number = f"{task.number}-T{version}"
    template = await templates.standing(mine.department)
    facts = await letters.facts(task, number, version, at, district, template.texts)
    drafted = await Notice.create(
        number=number,
        task=task,
        version=version,
        state=N.DRAFTED,
        letter=facts,
        template_id=template.id,
        created_at=at,
        check_code=tokens.check_code(district.secret, number),
        approved_by=by.mark,
        approved_at=at,
    )
    proof = {"number": number, "facts": fingerprint(facts)}
    if district.head_approves:
        await tasks.note(task, "notice.submitted", by=by, at=at, key=key, rows=[drafted, *overtaken], **proof)
        await notice_records.tell_head(
            task, mine.department, "notice.approval_asked", f"approve:{drafted.id}", at, notice=drafted.id
        )
        return drafted
    rows = await hand_over(drafted, task, at, district)
    await tasks.note(task, "notice.approved", by=by, at=at, key=key, rows=[*rows, *overtaken], **proof)
    return drafted


@store.transactional
async def renew(number: str, *, by: Actor, at: datetime, district: District, key: str | None = None) -> None:
    """Other people will come than the letter names: a new version takes its place, the time stays."""
    task = await tasks.find(number)
    await tasks.leading(task, by)
    standing = await notice_records.current(task)
    if standing is None or await event.find_by_key(key):
        return
    tasks.in_state(task, TaskState.SCHEDULED, article="16(2)")
    if not await letters.outdated([task], {task.id: standing.letter}):
        return
    await give(task, by=by, at=at, district=district, key=key)


async def page_afterwards(task: Task, *, by: Actor, at: datetime, district: District) -> list[Notice]:
    """Who was not told beforehand (不宜告知) gets its page when the visit is over: to read, answer and object there.

    Part of an act; the rows written.
    """
    withheld = await Notice.filter(task=task, state=N.WITHHELD, token_sha256="").order_by("-version").first()
    if withheld is None or task.visit_from is None:
        return []
    template = await templates.standing(by.department)
    withheld.letter = await letters.facts(
        task, withheld.number, withheld.version, at, district, template.texts
    )
    withheld.token_sha256 = tokens.hashed(tokens.token(district.secret, "notice", withheld.number))
    withheld.check_code = tokens.check_code(district.secret, withheld.number)
    await withheld.save(update_fields=["letter", "token_sha256", "check_code"])
    return [withheld]


async def hand_over(drafted: Notice, task: Task, at: datetime, district: District) -> list[Notice]:
    """An approved letter gets its link, takes the place of the one before and goes to its first channel.

    Part of an act; the rows written, for its event.
    """
    earlier = await notice_records.current(task)
    drafted.token_sha256 = tokens.hashed(tokens.token(district.secret, "notice", drafted.number))
    changed = {"token_sha256": drafted.token_sha256, "head_by": drafted.head_by, "head_at": drafted.head_at}
    await notice_records.move_to(drafted, N.APPROVED, **changed)
    if earlier:
        await notice_records.move_to(earlier, N.REPLACED)
    await delivery_attempt.hand_to_next_channel(drafted, at)
    return [drafted, earlier] if earlier else [drafted]


async def _overtaken(task: Task) -> list[Notice]:
    """A draft that still waited for the head is none any more when the leader makes another."""
    waiting = await notice_records.drafted(task)
    if waiting is None:
        return []
    if waiting.withheld_basis:
        raise Refusal("notice.withholding_open", article="16(2)", task=task.number)
    await notice_records.move_to(waiting, N.REVOKED)
    return [waiting]


@store.transactional
async def ask_to_withhold(number: str, basis: str, *, by: Actor, at: datetime, key: str | None = None) -> int:
    """不宜告知: the leader names the legal basis; the department's head decides, by the id that comes back."""
    task = await tasks.find(number)
    mine = await tasks.leading(task, by)
    tasks.in_state(task, *acts.ACTS["withhold"].states, article="16(2)")
    if not visible(basis).strip():
        raise Refusal("notice.no_basis", article="16(2)", task=number)
    if withheld := await Notice.filter(task=task, state=N.WITHHELD).first():
        return withheld.id
    if await notice_records.current(task):
        raise Refusal("notice.given_already", article="16(2)", task=number)
    asked = await notice_records.drafted(task)
    if asked and not asked.withheld_basis:
        raise Refusal("notice.waits_for_head", article="16(2)", task=number)
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
        await notice_records.tell_head(
            task, mine.department, "notice.withhold_asked", f"withhold:{asked.id}", at, notice=asked.id
        )
    return asked.id


@store.transactional
async def decide_withholding(
    notice_id: int, agree: bool, *, by: Actor, at: datetime, key: str | None = None
) -> PendingNotice:
    """The head approves or refuses that the entity is not told. The notice as it stands then."""
    require(by, Role.HEAD, article="16(2)")
    asked = await notice_records.find(notice_id)
    task = await Task.get(id=asked.task_id)
    leader = await Assignment.get_or_none(task=task, leader=True, until=None)
    if leader and leader.department != by.department:
        raise Refusal("team.other_department", article="16(2)")
    if not asked.withheld_basis:
        raise Refusal("notice.unknown", article="16(2)")
    if asked.state == N.DRAFTED:
        await notice_records.move_to(
            asked, N.WITHHELD if agree else N.REVOKED, approved_by=by.mark, approved_at=at
        )
        await tasks.note(
            task,
            "notice.withheld" if agree else "notice.withhold_refused",
            by=by,
            at=at,
            key=key,
            rows=[asked],
            basis=asked.withheld_basis,
        )
        await notice_records.tell_leader(
            task, "notice.withholding_decided", f"withheld:{asked.id}", at, lane=outbox.BULK, agree=agree
        )
    return await pending_decisions.letter(asked.id)


@store.transactional
async def opened(token: str, *, at: datetime) -> None:
    """The notice's page was opened by somebody who has its link; nothing for a token that is nobody's."""
    letter = await by_token(token)
    if letter and letter.opened_at is None and letter.state in GIVEN:
        letter.opened_at = at
        await letter.save(update_fields=["opened_at"])
        if letter.state in ON_ITS_WAY:
            await notice_records.move_to(letter, N.OPENED)
        await notice_records.record(letter, "notice.opened", Actor(Role.PUBLIC, "link"), at)


@store.transactional
async def acknowledge(number: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """收到: the entity confirms, once; whoever confirms later changes nothing."""
    letter = await notice_records.by_number(number)
    await notice_records.for_entity(letter, by)
    if letter.acknowledged_at or await event.find_by_key(key):
        return
    if letter.state not in GIVEN:
        raise Refusal("notice.not_standing", article="16(2)", number=number, state=letter.state)
    await notice_records.move_to(letter, N.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=by.mark)
    await notice_records.record(letter, "notice.acknowledged", by, at, key=key)
    await notice_records.tell_leader_of(letter, "notice.acknowledged", f"ack:{letter.id}", at)


@store.transactional
async def printed(notice_id: int, pdf: str, *, at: datetime, by: Actor = CLOCK) -> None:
    """Remember the object that holds the letter's PDF."""
    letter = await Notice.get(id=notice_id).select_related("task")
    if letter.pdf == pdf:
        return
    await Notice.filter(id=notice_id).update(pdf=pdf)
    chain = f"task:{letter.task.number}"
    await event.record(chain, "notice.printed", by=by, at=at, rows=[letter], number=letter.number, sha256=pdf)


async def by_token(token: str) -> Notice | None:
    """The notice of a link."""
    return await Notice.get_or_none(token_sha256=tokens.hashed(token)) if len(token) == 22 else None


def fingerprint(facts: dict[str, Any]) -> str:
    """SHA-256 of the letter's facts in their canonical form."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()
