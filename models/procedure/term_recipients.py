"""Who hears of a term that has reached a threshold: only those who can still do the act, then those above them.

One question to each table for all tasks together, and only where a term needs its answer (Art. 16 (3)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from models.procedure import recipients
from models.procedure.recipients import Recipients
from models.queries import department_result, orders_due, publication, signing
from models.queries.other_terms import OtherTerm
from models.rules.follow_up import SENT
from models.rules.reminding import Step
from models.rules.term import Who
from models.rules.term.kinds import BY_NAME, OF_AN_ORDER
from models.states import TO_VISIT
from models.tables import (
    Assignment,
    Batch,
    FollowUp,
    NonCooperation,
    Objection,
    RecusalRequest,
    Revision,
    Substitution,
    Task,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is to decide or to do: its number, the department that decides."""

    id: int
    department: str
    officers: tuple[str, ...] = ()  # who alone has it to do, where it is not the department's officers


class AskedSeat(NamedTuple):
    """A seat in a task, as far as its terms ask: thousands are read of a morning."""

    task_id: int
    inspector_id: str
    department: str
    leader: bool
    accepted_at: datetime | None
    agreed_from: datetime | None
    declined_from: datetime | None


@dataclass(slots=True)
class Rows:
    """What is known of the tasks together."""

    seats: dict[int, list[AskedSeat]] = field(default_factory=dict)
    asked: dict[tuple[str, int], list[Asked]] = field(default_factory=lambda: defaultdict(list))
    unsigned: dict[int, tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)
    owing: dict[int, tuple[str, ...]] = field(default_factory=dict)  # departments without a result
    correcting: dict[int, tuple[str, ...]] = field(
        default_factory=dict
    )  # departments asked for what is right
    initiating: dict[str, str] = field(default_factory=dict)
    officers: dict[str, Recipients] = field(default_factory=dict)
    heads: dict[str, Recipients] = field(default_factory=dict)
    office: Recipients = field(default_factory=Recipients)

    def about(self, task: Task, step: Step) -> tuple[Asked | None, ...]:
        """The things asked, each with its own decider; one nothing where the term is the task's own."""
        if step.kind in DECIDED_BY_HEADS:
            return tuple(self.asked[step.kind, task.id])
        return (None,)

    def to(self, task: Task, step: Step, asked: Asked | None) -> Recipients:
        """Everybody who hears of it at this threshold."""
        hears = BY_NAME[step.kind].hears(step.threshold)
        return sum((self._of(who, task, step, asked) for who in hears), Recipients())

    def _of(self, who: Who, task: Task, step: Step, asked: Asked | None) -> Recipients:
        seats = self.seats.get(task.id, [])
        if who == Who.ENTITY:
            return Recipients()  # told by its own channels, by the act that chases the order
        if who == Who.OFFICE:
            return self.office
        if who == Who.INITIATING:
            return self.heads[self.initiating[str(task.batch_id)]]
        if who == Who.HEAD:
            departments = self._deciding(task, step, asked, seats)
            return sum((self.heads[department] for department in departments if department), Recipients())
        if who == Who.LEADER:
            led = [self.officers[str(seat.inspector_id)] for seat in seats if seat.leader]
            return sum(led, Recipients()) if led else recipients.nobody_leads(task)
        return sum(
            (
                self.officers[str(assignment.inspector_id)]
                for assignment in self._owing(task, step, seats, asked)
            ),
            Recipients(),
        )

    def _deciding(self, task: Task, step: Step, asked: Asked | None, seats: list[AskedSeat]) -> list[str]:
        """The departments whose heads hear of it."""
        if asked:
            return [asked.department]
        if step.kind == "entry":
            return list(self.owing.get(task.id, ()))
        return [seat.department for seat in self._owing(task, step, seats, asked)]

    def _owing(self, task: Task, step: Step, seats: list[AskedSeat], asked: Asked | None) -> list[AskedSeat]:
        """The officers who have not done it yet."""
        if asked and asked.officers:
            return [seat for seat in seats if seat.inspector_id in asked.officers]
        if step.kind in OF_AN_ORDER and asked:
            return [seat for seat in seats if seat.department == asked.department]
        if step.kind == "accept":
            return [seat for seat in seats if seat.accepted_at is None]
        if step.kind == "answer":  # reminded once; from then on it is the leader's to go on
            silent = [
                seat for seat in seats if task.proposed_from not in (seat.agreed_from, seat.declined_from)
            ]
            return silent if step.threshold >= 0 else []
        if step.kind == "sign":
            _, codes = self.unsigned.get(task.id, (None, ()))
            return [seat for seat in seats if str(seat.inspector_id) in codes]
        if step.kind in ("entry", "revision"):
            owing = (self.owing if step.kind == "entry" else self.correcting).get(task.id, ())
            return [seat for seat in seats if seat.department in owing]
        return seats


async def of_others(due: Sequence[tuple[OtherTerm, Step]]) -> list[Recipients]:
    """Who hears of each term that hangs on no task; through an officer's liaison or head the officer hears too."""
    departments = [term.department for term, _ in due]
    heads, liaisons = await recipients.each_head(departments), await recipients.each_liaison(departments)
    officers = await recipients.each_officer(term.officer for term, _ in due)
    hears = [BY_NAME[step.kind].hears(step.threshold) for _, step in due]
    office = await recipients.office() if any(Who.OFFICE in who for who in hears) else Recipients()
    others = []
    for (term, _), who in zip(due, hears, strict=True):
        groups = {
            Who.HEAD: heads.get(term.department), Who.LIAISON: liaisons.get(term.department), Who.OFFICE: office,
            Who.OFFICER: officers.get(term.officer),
            Who.OWNER: liaisons.get(term.department, Recipients()) + heads.get(term.department, Recipients()),
        }  # fmt: skip
        to = sum((groups[one] or Recipients() for one in who), Recipients())
        others.append(to.one_is_enough() if term.kind in TOGETHER else to)
    return others


TOGETHER = ("plan", "register", "certificate", "expert", "agency", "resolution")
"""Kinds of which those who hear can tell one another: they are of one department."""

DECIDED_BY_HEADS = ("substitution", "recusal", "refusal", "objection", "revised", "referral")


async def rows_of(due: Sequence[tuple[Task, Step]]) -> Rows:
    """Everything that is needed to choose the recipients of these terms."""
    rows, kinds = Rows(), {step.kind for _, step in due}
    ids = list(dict.fromkeys(task.id for task, _ in due))
    seats: dict[int, list[AskedSeat]] = defaultdict(list)
    serving = Assignment.filter(task_id__in=ids, until=None).order_by("-leader", "id")
    for row in await serving.values_list(*AskedSeat._fields):
        seats[row[0]].append(AskedSeat(*row))
    rows.seats = seats
    batches = list({str(task.batch_id) for task, _ in due})
    named = await Batch.filter(code__in=batches).values_list("code", "scheme__entry__plan__department")
    rows.initiating = {str(code): str(department) for code, department in named}
    await _asked(rows, [task for task, _ in due], kinds)
    if "sign" in kinds:
        rows.unsigned = await signing.awaited([task for task, step in due if step.kind == "sign"])
    if "entry" in kinds:
        standing = await department_result.standings_of(
            [task for task, step in due if step.kind == "entry"], date.min
        )
        rows.owing = {
            id: tuple(line.department for line in lines if line.entry is None)
            for id, lines in standing.items()
        }
    filled = [seat for mine in seats.values() for seat in mine]
    rows.officers = await recipients.each_officer(seat.inspector_id for seat in filled)
    deciding = [term.department for asked in rows.asked.values() for term in asked]
    rows.heads = await recipients.each_head(
        [
            *(seat.department for seat in filled), *rows.initiating.values(), *deciding,
            *(department for owing in rows.owing.values() for department in owing),
        ]
    )  # fmt: skip
    if any(Who.OFFICE in BY_NAME[step.kind].hears(step.threshold) for _, step in due):
        rows.office = await recipients.office()
    return rows


async def _asked(rows: Rows, tasks: Sequence[Task], kinds: set[str]) -> None:
    by_id = {task.id: task for task in tasks}
    if "recusal" in kinds:
        open_ = RecusalRequest.filter(task_id__in=list(by_id), granted=None).select_related("inspector")
        for request in await open_:
            rows.asked["recusal", request.task_id].append(Asked(request.id, request.inspector.department))
    if "refusal" in kinds:
        for report in await NonCooperation.filter(
            task_id__in=list(by_id), agreed=None, confirmed_at__not_isnull=True
        ):
            leads = next(
                (assignment.department for assignment in rows.seats[report.task_id] if assignment.leader), ""
            )
            rows.asked["refusal", report.task_id].append(Asked(report.id, leads))
    if "objection" in kinds:
        for row in await Objection.filter(task_id__in=list(by_id), upheld=None):
            department = rows.initiating[str(by_id[row.task_id].batch_id)]
            rows.asked["objection", row.task_id].append(Asked(row.id, department))
    if kinds & set(OF_AN_ORDER):
        for task, term in await orders_due.every():
            if task.id in by_id:
                rows.asked[term.kind, task.id].append(Asked(term.id, term.department, term.officers))
    await _corrections(rows, by_id, kinds)
    await _sent_elsewhere(rows, list(by_id), kinds)
    if "substitution" in kinds:
        teams = {task.team_id for task in by_id.values()}
        for asked in await Substitution.filter(team_id__in=list(teams), consented=None):
            first = next((task for task in by_id.values() if _concerns(asked, task)), None)
            if first:  # asked once, whatever the number of tasks
                rows.asked["substitution", first.id].append(Asked(asked.id, asked.department))


async def _corrections(rows: Rows, by_id: dict[int, Task], kinds: set[str]) -> None:
    """Public results that are being corrected: who is asked for what is right, or the head who decides the proposal."""
    if not kinds & {"revision", "revised"}:
        return
    for row in await Revision.filter(task_id__in=list(by_id), outcome=""):
        task = by_id[row.task_id]
        if row.result_id:
            department = rows.initiating[str(task.batch_id)]
            rows.asked["revised", task.id].append(Asked(row.id, department))
        else:
            rows.correcting[task.id] = await publication.asked_to_correct(task, row)


async def _sent_elsewhere(rows: Rows, ids: list[int], kinds: set[str]) -> None:
    """Referrals that nobody has acknowledged: each its department's head."""
    if "referral" in kinds:
        for sent in await FollowUp.filter(task_id__in=ids, kind__in=SENT, ended_at=None):
            rows.asked["referral", sent.task_id].append(Asked(sent.id, sent.department))


def _concerns(asked: Substitution, task: Task) -> bool:
    here = task.team_id == asked.team_id and task.state in TO_VISIT
    return here and (not asked.targets or task.pool_id in asked.targets)
