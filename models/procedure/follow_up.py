"""后续处理: begun by the head of a department that inspected, ended with what came of it (Art. 17).

Each stands in a chain of its own; the task's trail says that it is there, of 移送司法 no more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import document_submission
from models.procedure import task as tasks
from models.procedure.document_submission import SubmittedFile
from models.queries import follow_up as queries
from models.queries.follow_up import FollowUpLine
from models.refusal import Refusal
from models.rules import follow_up as rules
from models.rules import tokens
from models.rules.actor import Actor, Role, require
from models.rules.follow_up import ARTICLE, SENT, FollowUpForm, FollowUpKind
from models.rules.text import visible
from models.rules.visit import local_day
from models.states import FOLLOWED_UP_IN
from models.tables import FollowUp, Task

AUTHORITY = Actor(Role.PUBLIC, "authority")
"""Whoever holds the link of a letter that went to another authority."""


@store.transactional
async def begin(
    number: str, form: FollowUpForm, files: Sequence[SubmittedFile] = (), *, by: Actor, at: datetime, district: District,
    key: str | None = None,
) -> FollowUpLine:  # fmt: skip
    """A case, a referral or supervision, with its papers; of 移送司法 the papers go by hand alone."""
    require(by, Role.HEAD, article=ARTICLE)
    task = await tasks.find(number)
    if by.department not in await queries.departments(task):
        raise Refusal("task.unknown", ARTICLE, task=number)
    if earlier := await event.find_by_key(key):
        return await queries.line(int(earlier.data["follow_up"]))
    tasks.in_state(task, *FOLLOWED_UP_IN, article=ARTICLE)
    assert task.ended_at
    checked = rules.check(form, await queries.types(task), local_day(task.ended_at), local_day(at))
    await _reference_free(checked, task, by)
    if checked.kind == FollowUpKind.JUDICIAL and files:
        raise Refusal("follow_up.papers_by_hand", ARTICLE)
    row = await FollowUp.create(
        task=task, department=by.department, kind=checked.kind, day=checked.day, reference=checked.reference,
        authority=checked.authority, text=checked.text, token_sha256="", by=by.mark, at=at,
    )  # fmt: skip
    if checked.kind in SENT:
        row.token_sha256 = tokens.hashed(tokens.token(district.secret, "follow_up", str(row.id)))
        await row.save(update_fields=["token_sha256"])
    papers = await document_submission.entered(task, "follow_up", row.id, files, by=by, at=at)
    await event.record(queries.chain(row.id), "follow_up.begun", by=by, at=at)
    open_facts = {} if checked.kind == FollowUpKind.JUDICIAL else {
        "day": checked.day.isoformat(), "reference": checked.reference, "authority": checked.authority, "text": checked.text,
    }  # fmt: skip
    await tasks.note(
        task,
        "follow_up.begun",
        by=by,
        at=at,
        key=key,
        rows=papers,
        follow_up=row.id,
        what=checked.kind,
        **open_facts,
    )
    return await queries.line(row.id)


async def _reference_free(form: FollowUpForm, task: Task, by: Actor) -> None:
    """A number of a case or a letter is given once by a department."""
    await event.lock(f"follow_up {by.department}")
    if not form.reference:
        return
    used = FollowUp.filter(department=by.department, reference=form.reference).select_related("task")
    if other := await used.first():
        raise Refusal("follow_up.reference_used", ARTICLE, reference=form.reference, task=other.task.number)


@store.transactional
async def end(
    id: int, outcome: str, day: date | None = None, *, by: Actor, at: datetime, key: str | None = None
) -> FollowUpLine:
    """The head of its department writes down the receipt, the decision of the case, what was seen."""
    require(by, Role.HEAD, article=ARTICLE)
    row = await FollowUp.get_or_none(id=id)
    if row is None or row.department != by.department:
        raise Refusal("follow_up.unknown", ARTICLE)
    return await _ended(row, outcome, day or local_day(at), by, at, key)


@store.transactional
async def acknowledge(token: str, person: str, outcome: str, *, at: datetime) -> FollowUpLine:
    """收到 by the other authority, which holds the letter's link: who says so, and what."""
    row = await FollowUp.get_or_none(token_sha256=tokens.hashed(token)) if token else None
    if row is None:
        raise Refusal("follow_up.unknown", ARTICLE)
    if not visible(person).strip():
        raise Refusal("follow_up.no_person", ARTICLE)
    words = ": ".join(part.strip() for part in (person, outcome) if part.strip())
    return await _ended(row, words, local_day(at), AUTHORITY, at, None)


async def _ended(
    row: FollowUp, outcome: str, day: date, by: Actor, at: datetime, key: str | None
) -> FollowUpLine:
    task = await tasks.find((await Task.get(id=row.task_id)).number)
    await row.refresh_from_db()
    if row.ended_at is not None or await event.find_by_key(key):
        return await queries.line(row.id)
    begun = local_day(row.at) if row.kind == FollowUpKind.SUPERVISION else row.day
    words = rules.check_end(outcome, day, begun, local_day(at))
    row.outcome, row.ended_on, row.ended_by, row.ended_at = words, day, by.mark, at
    await row.save(update_fields=["outcome", "ended_on", "ended_by", "ended_at"])
    await event.record(queries.chain(row.id), "follow_up.ended", by=by, at=at)
    open_facts = {} if row.kind == FollowUpKind.JUDICIAL else {"day": day.isoformat(), "said": words}
    await tasks.note(
        task, "follow_up.ended", by=by, at=at, key=key, rows=[], follow_up=row.id, what=row.kind, **open_facts
    )
    await outbox.desks(row.department, f"follow_up:{row.id}", at=at)
    return await queries.line(row.id)


@store.transactional
async def look(id: int, *, by: Actor, at: datetime) -> FollowUpLine:
    """Read what 移送司法 is about: by the head of its department alone, and each look is written down."""
    require(by, Role.HEAD, article=ARTICLE)
    row = await FollowUp.get_or_none(id=id)
    if row is None or row.department != by.department:
        raise Refusal("follow_up.unknown", ARTICLE)
    await event.record(queries.chain(row.id), "follow_up.looked", by=by, at=at)
    return await queries.line(row.id, whole=True)
