"""责令限期改正: a department orders what was found wanting put right by a day, and verifies that it was (Art. 17).

From the reviewed result on. The entity is told by its channels and hands in proof on the order's page; an officer of
the department verifies all of it, part of it, or not. A term may be extended with a reason; one that passes lapses,
and the head notes the case that is opened (立案). Each step is a row of its own that is never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from models import store
from models.district import District
from models.operations import event
from models.procedure import notification, recipients
from models.procedure import rectification_records as records
from models.procedure import task as tasks
from models.procedure.document_submission import SubmittedFile, entered
from models.queries import publication as publications
from models.queries import rectification as queries
from models.queries.rectification import OrderLine
from models.refusal import Refusal
from models.rules import rectification as rules
from models.rules import text, tokens, visit
from models.rules.actor import Actor
from models.rules.rectification import RectificationOutcome, StepKind
from models.rules.text import visible
from models.states import FOLLOWED_UP_IN, ORDER_OPEN, ORDER_PROVED_IN
from models.states import RectificationState as R
from models.tables import Rectification, RectificationStep, Task


@store.transactional
async def issue(
    number: str,
    due: date,
    points: Collection[int] | None = None,
    demand: str = "",
    basis: str = "",
    *,
    by: Actor,
    at: datetime,
    district: District,
    key: str | None = None,
) -> OrderLine:
    """An officer orders points of the own department put right until `due`; None: all that are not ordered yet.

    `basis`: empty for the points' own articles. The order as it stands, with its number.
    """
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    if again := await event.find_by_key(key):
        return await queries.of_number(again.data["number"])
    tasks.in_state(task, *FOLLOWED_UP_IN, article="17")
    if await publications.withdrawn(task):
        raise Refusal("rectification.result_withdrawn", article="17", task=number)
    wanting = await queries.failed(task, mine.department)
    asks = rules.chosen(wanting.asks, points, wanting.ordered)
    last = rules.last_day(district.calendar, visit.local_day(at), due)
    ground = text.visible(basis).strip() or rules.legal_basis(ask.basis for ask in asks)
    if not ground:
        raise Refusal("rectification.no_basis", article="17")
    named = f"{number}-G{await Rectification.filter(task=task).count() + 1}"
    lines = [[ask.number, ask.id, ask.text, ask.basis, wanting.findings.get(ask.number, "")] for ask in asks]
    wanted = text.visible(demand).strip()
    row = await Rectification.create(
        number=named, task=task, department=mine.department, state=R.ISSUED, points=lines, basis=ground, text=wanted,
        ordered_until=last, due=last, by=by.mark, at=at,
        facts=await queries.facts(task, named, mine.department, lines, ground, wanted, last, at, district),
        token_sha256=tokens.hashed(tokens.token(district.secret, "rectification", named)),
        check_code=tokens.check_code(district.secret, named),
    )  # fmt: skip
    told = await notification.owe(task, "ordered", at, row.id)
    await records.note(
        row, task, "rectification.ordered", by, at, told, key=key, department=mine.department, due=last.isoformat(),
        points=[ask.number for ask in asks],
    )  # fmt: skip
    return await queries.line(row.id)


@store.transactional
async def hand_in(
    number: str,
    words: str,
    files: Sequence[SubmittedFile] = (),
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> None:
    """The entity says what it put right, with photos or papers; the officers of the department are asked to verify it.

    The same words again are the same report: papers that come with them join it while nobody has verified it.
    """
    row, task = await records.by_number(number)
    records.of_entity(task, by)
    report = text.visible(words).strip()
    if await event.find_by_key(key):
        return
    last = await RectificationStep.filter(rectification=row).exclude(kind="reminded").order_by("-id").first()
    if last and last.kind == StepKind.PROOF and last.text == report:
        if papers := await entered(task, "rectify", last.id, files, by=by, at=at):
            await records.note(
                row, task, "rectification.proof", by, at, papers, said=report, papers=len(papers)
            )
        return
    records.in_state(row, *ORDER_PROVED_IN)
    if not report:
        raise Refusal("rectification.no_text", article="17")
    if await RectificationStep.filter(rectification=row, kind=StepKind.PROOF.value).count() >= rules.PROOFS:
        raise Refusal("rectification.too_often", article="17", limit=rules.PROOFS)
    if row.state != R.FILED:
        await records.move_to(row, R.HANDED_IN)
    step = await records.step(row, StepKind.PROOF, by, at, text=report)
    papers = await entered(task, "rectify", step.id, files, by=by, at=at)
    await records.note(
        row, task, "rectification.proof", by, at, [step, *papers], key=key, said=report, papers=len(papers)
    )
    await _ask(row, task, "rectification.handed_in", f"rectification:{row.id}:{step.id}", at)


async def _ask(row: Rectification, task: Task, kind: str, key: str, at: datetime) -> None:
    """The department's officers in the task, and the leader."""
    await recipients.tell(
        await recipients.section(task, row.department), kind, key=key, at=at, chain=f"task:{task.number}",
        task=task.number, rectification=row.id,
    )  # fmt: skip


@store.transactional
async def decide(
    order_id: int,
    outcome: RectificationOutcome,
    reason: str = "",
    done: Collection[int] = (),
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> OrderLine:
    """An officer of the department verified it: everything, the points `done`, or nothing more. Less than everything
    needs a reason. After the term the order lapses, unless all is put right.
    """
    row, task = await records.find(order_id)
    await records.of_officer(row, task, by)
    if await event.find_by_key(key) or (row.state == R.VERIFIED and outcome == RectificationOutcome.VERIFIED):
        return await queries.line(row.id)
    records.in_state(row, *ORDER_PROVED_IN)
    await settle(row, task, outcome, reason, done, by=by, at=at, key=key)
    return await queries.line(row.id)


async def settle(
    row: Rectification, task: Task, outcome: RectificationOutcome, reason: str, done: Collection[int], *,
    by: Actor, at: datetime, key: str | None = None,
) -> None:  # fmt: skip
    """What was verified, from papers or on site, as a step of the order. Part of an act."""
    if outcome != RectificationOutcome.VERIFIED and not visible(reason).strip():
        raise Refusal("rectification.no_reason", article="17")
    numbers = [point[0] for point in row.points]
    right = rules.verified(numbers, row.done, outcome, done)
    whole = len(right) == len(numbers)
    kind = StepKind.VERIFIED if whole else StepKind(outcome.value)
    fresh = [number for number in right if number not in row.done]
    step = await records.step(row, kind, by, at, text=reason.strip(), points=fresh)
    row.done = list(right)
    await row.save(update_fields=["done"])
    if whole:
        await records.move_to(row, R.VERIFIED, verified_at=at)
    elif row.state != R.FILED:
        partly = outcome == RectificationOutcome.PARTLY
        over = visit.local_day(at) > row.due
        await records.move_to(row, R.LAPSED if over else R.PARTLY if partly else R.NOT_DONE)
    await _told(row, task, step, by, at, key, points=fresh, reason=reason.strip())


@store.transactional
async def extend(
    order_id: int,
    due: date,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    district: District,
    key: str | None = None,
) -> OrderLine:
    """An officer of the department gives a later term, with a reason; also to an order that lapsed."""
    row, task = await records.find(order_id)
    await records.of_officer(row, task, by)
    if await event.find_by_key(key):
        return await queries.line(row.id)
    records.in_state(row, *ORDER_OPEN)
    if not visible(reason).strip():
        raise Refusal("rectification.no_reason", article="17")
    last = rules.extended(district.calendar, visit.local_day(at), row.due, due)
    step = await records.step(row, StepKind.EXTENDED, by, at, text=reason.strip(), until=last)
    await records.move_to(row, R.EXTENDED, due=last)
    await _told(row, task, step, by, at, key, due=last.isoformat(), reason=reason.strip())
    return await queries.line(row.id)


@store.transactional
async def file(
    order_id: int,
    case: str,
    day: date,
    remark: str = "",
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> OrderLine:
    """立案: the head notes the number and the day of the case that was opened for an order that lapsed."""
    row, task = await records.find(order_id)
    records.of_head(row, by)
    if await event.find_by_key(key) or row.state == R.FILED:
        return await queries.line(row.id)
    records.in_state(row, R.LAPSED)
    named = text.visible(case).strip()
    if not named or len(named) > 80:
        raise Refusal("rectification.no_case", article="17")
    if not visit.local_day(row.at) <= day <= visit.local_day(at):
        raise Refusal("rectification.case_day", article="17", since=visit.local_day(row.at))
    step = await records.step(
        row, StepKind.FILED, by, at, text=remark.strip(), case_number=named, case_day=day
    )
    await records.move_to(row, R.FILED)
    await records.note(
        row,
        task,
        "rectification.filed",
        by,
        at,
        [step],
        key=key,
        case=named,
        day=day.isoformat(),
        reason=remark.strip(),
    )
    return await queries.line(row.id)


@store.transactional
async def revoke(order_id: int, reason: str, *, by: Actor, at: datetime, key: str | None = None) -> OrderLine:
    """The head withdraws an order that is not over, with a reason that the entity is told."""
    row, task = await records.find(order_id)
    records.of_head(row, by)
    if await event.find_by_key(key) or row.state == R.REVOKED:
        return await queries.line(row.id)
    records.in_state(row, *ORDER_OPEN)
    if not visible(reason).strip():
        raise Refusal("rectification.no_reason", article="17")
    step = await records.step(row, StepKind.REVOKED, by, at, text=reason.strip())
    await records.move_to(row, R.REVOKED)
    await _told(row, task, step, by, at, key, reason=reason.strip())
    return await queries.line(row.id)


async def _told(
    row: Rectification, task: Task, step: RectificationStep, by: Actor, at: datetime, key: str | None, **noted: object
) -> None:  # fmt: skip
    """What befell the order is told to the entity and written into the trail."""
    owed = await notification.owe(task, "order_step", at, step.id)
    await records.note(row, task, f"rectification.{step.kind}", by, at, [step, *owed], key=key, **noted)
