"""一批告知: where each visit of a batch stands between the draw and the letter, leader by leader (Art. 15, 16 (2))."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models import store
from models.district import District
from models.queries import clash
from models.queries.approvals import sent_back
from models.queries.letter import outdated
from models.queries.sheet import sheets_of
from models.rules import text
from models.rules.overdue import silence_is_enough
from models.states import GIVEN, STANDING, TO_VISIT, UNREACHED
from models.states import NoticeState as N
from models.states import TaskState as T
from models.tables import Assignment, Batch, Notice, Task

PER_PAGE = 50  # visits on a page of the office and of heads


class Stage(StrEnum):
    """Which heading a visit stands under, what is to be done first."""

    AGREED = "agreed"  # every member can; the leader fixes it
    ASKED = "asked"  # proposed; somebody has not answered, or cannot
    OPEN = "open"  # nothing proposed
    SENT_BACK = "sent_back"  # the head refused the letter
    WAITING = "waiting"  # the head has the letter
    UNREACHED = "unreached"
    TOLD = "told"
    WITHHELD = "withheld"
    PAST = "past"  # on site or over


@dataclass(frozen=True, slots=True)
class RoundVisit:
    """One task of a leader's round."""

    number: str
    target: str
    street: str
    people: frozenset[str]
    stage: Stage
    begins: datetime | None
    ends: datetime | None
    agreed: int
    members: int
    declined: tuple[str, ...]
    notice: N | None
    why: str  # the head's reason, where the letter was sent back
    outdated: bool  # the letter names other people than will come
    clashes: tuple[clash.Clash, ...]  # what its proposed time meets
    unchecked: bool  # its network check is still open: nothing can be fixed before
    looked_up: int  # questions looked up, of
    online: int  # those that can be looked up
    silent: tuple[str, ...] = ()  # who has not answered to the proposed time
    over: bool = False  # they had their days to answer: nobody is held up any more
    id: int = 0

    @property
    def taken(self) -> bool:
        """True while its proposed time meets a fixed visit of a member, or a time at which one said 不能到."""
        return any(overlap.blocks for overlap in self.clashes)

    @property
    def missing(self) -> bool:
        """True while it cannot be fixed."""
        return self.unchecked or self.taken


@dataclass(frozen=True, slots=True)
class LeaderRound:
    """The visits of one leader in one batch."""

    leader: str
    leader_id: str
    visits: tuple[RoundVisit, ...]

    def at(self, *stages: Stage) -> tuple[RoundVisit, ...]:
        return tuple(visit for visit in self.visits if visit.stage in stages)

    @property
    def complete(self) -> tuple[RoundVisit, ...]:
        """Agreed, or nobody refused in the days to answer, and nothing stands in the way of fixing it."""
        agreed = self.at(Stage.AGREED)
        return tuple(visit for visit in (*agreed, *self.lapsed) if not visit.missing)

    @property
    def lapsed(self) -> tuple[RoundVisit, ...]:
        """Nobody refused, some were silent, and their days to answer are over."""
        return tuple(visit for visit in self.at(Stage.ASKED) if visit.over and not visit.declined)

    @property
    def held_up(self) -> tuple[RoundVisit, ...]:
        """Agreed, and not to be fixed as it is: the network check is open, or somebody is at another visit."""
        return tuple(visit for visit in self.at(Stage.AGREED) if visit.missing)

    @property
    def plannable(self) -> tuple[RoundVisit, ...]:
        """What may be given a time: nothing proposed yet, or somebody cannot."""
        return tuple(
            visit for visit in self.visits if visit.stage == Stage.OPEN or visit.declined or visit.taken
        )

    @property
    def unanswered(self) -> tuple[RoundVisit, ...]:
        """Proposed, nobody declined, somebody has not answered."""
        asked = (visit for visit in self.visits if visit.stage == Stage.ASKED and not visit.over)
        return tuple(visit for visit in asked if not visit.declined and not visit.missing)

    @property
    def unchecked(self) -> tuple[RoundVisit, ...]:
        """The network check is still open: these cannot be fixed yet (Art. 16 (1))."""
        return tuple(visit for visit in self.visits if visit.unchecked)

    @property
    def outdated(self) -> tuple[RoundVisit, ...]:
        return tuple(visit for visit in self.visits if visit.outdated)

    @property
    def given(self) -> int:
        return len(self.at(Stage.TOLD, Stage.UNREACHED, Stage.PAST))

    @property
    def under_way(self) -> bool:
        """True while a letter is on its way through the channels."""
        return any(visit.notice == N.APPROVED for visit in self.visits)


WITH_OPEN = """SELECT b.code FROM batch b WHERE EXISTS (SELECT 1 FROM task t WHERE t.batch_id = b.code AND t.state IN ({states})
AND EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = t.id AND a.leader AND a.until IS NULL{mine}))
ORDER BY b.opens DESC, b.code"""


async def batches(leader: str | None, department: str | None) -> tuple[str, ...]:
    """The batches with visits still to be told, of this leader or department (None: all), the newest first."""
    if leader is None:
        whose = [] if department is None else [department]
        asked = WITH_OPEN.format(states=store.marks(TO_VISIT), mine=" AND a.department = ?" if whose else "")
        stored = await store.run_one(asked, *(state.value for state in TO_VISIT), *whose)
        return tuple(row["code"] for row in stored)
    open_ = Subquery(Task.filter(state__in=TO_VISIT).values("id"))
    led = await _led(leader, department).filter(task_id__in=open_).values_list("task__batch_id", flat=True)
    rows = Batch.filter(code__in={str(row) for row in led}).order_by("-opens", "code")
    return tuple([row.code for row in await rows])


async def pages(batch: str, department: str | None) -> int:
    """Over how many pages the rounds of a batch go for whoever looks on."""
    return max(1, -(-await _led(None, department).filter(task__batch_id=batch).count() // PER_PAGE))


async def rounds(
    batch: str, leader: str | None, department: str | None, *, at: datetime, district: District, page: int = 0
) -> tuple[LeaderRound, ...]:
    """The rounds of a batch: one leader's, a department's leaders', or everybody's. `page`: of whoever looks on, so many
    visits leader by leader; 0 for all of them."""
    led = _led(leader, department).filter(task__batch_id=batch)
    if page:
        led = led.order_by("inspector_id", "task_id").offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    seats = await led.select_related("inspector", "task__target")
    tasks = [seat.task for seat in seats]
    members, notices = await _members(tasks), await _notices(tasks)
    back = await sent_back(task.number for task in tasks)
    met = await clash.of_proposals([task for task in tasks if task.state in TO_VISIT and _to_fix(task)])
    looked = await _looked_up([task for task in tasks if task.state == T.ASSIGNED])
    old = await outdated(tasks, {task: row.letter for task, row in notices.items() if row.state in GIVEN})
    visits: dict[tuple[str, str], list[RoundVisit]] = defaultdict(list)
    for seat in seats:
        visit = _visit(
            seat.task, members[seat.task.id], notices.get(seat.task.id), back, seat.task.id in old,
            met.get(seat.task.id, ()), looked.get(seat.task.id, (0, 0)),
            silence_is_enough(seat.task.proposed_at, district.calendar, at, district.terms),
        )  # fmt: skip
        visits[text.name(seat.inspector.name), seat.inspector_id].append(visit)
    return tuple(
        LeaderRound(name, code, tuple(sorted(visits, key=_order)))
        for (name, code), visits in sorted(visits.items())
    )


async def _looked_up(tasks: Sequence[Task]) -> dict[int, tuple[int, int]]:
    """By task how many of the questions that can be looked up were, and how many there are."""
    sheets = await sheets_of(tasks)
    result = {}
    for id, sheet in sheets.items():
        online = [ask.number for ask in sheet.asks if ask.network != "no"]
        result[id] = (sum(number in sheet.network for number in online), len(online))
    return result


def _order(visit: RoundVisit) -> tuple[float, str]:
    return visit.begins.timestamp() if visit.begins else float("inf"), visit.number


def _led(leader: str | None, department: str | None) -> QuerySet[Assignment]:
    assignments = Assignment.filter(leader=True, until=None)
    if leader is not None:
        return assignments.filter(inspector_id=leader)
    return assignments.filter(department=department) if department is not None else assignments


async def _members(tasks: Sequence[Task]) -> Mapping[int, list[Assignment]]:
    assignments: dict[int, list[Assignment]] = defaultdict(list)
    seats = Assignment.filter(task_id__in=[task.id for task in tasks], until=None)
    for seat in await seats.select_related("inspector").order_by("id"):
        assignments[seat.task_id].append(seat)
    return assignments


async def _notices(tasks: Sequence[Task]) -> dict[int, Notice]:
    """Task to its newest letter, those that were replaced or sent back left out."""
    rows = Notice.filter(task_id__in=[task.id for task in tasks], state__in=STANDING)
    return {row.task_id: row for row in await rows.order_by("version")}


def _visit(
    task: Task, members: Sequence[Assignment], notice: Notice | None, back: Mapping[str, str], old: bool,
    met: tuple[clash.Clash, ...], looked: tuple[int, int], over: bool,
) -> RoundVisit:  # fmt: skip
    wanted = task.proposed_from
    agreed = sum(member.agreed_from is not None and member.agreed_from == wanted for member in members)
    declined = tuple(
        text.name(member.inspector.name) for member in members if wanted and member.declined_from == wanted
    )
    silent = tuple(
        text.name(member.inspector.name)
        for member in members
        if wanted and wanted not in (member.agreed_from, member.declined_from)
    )
    stage = _stage(task, notice, agreed == len(members), task.number in back)
    fixed = stage not in (Stage.AGREED, Stage.ASKED)
    begins, ends = (task.visit_from, task.visit_until) if fixed else (wanted, task.proposed_until)
    return RoundVisit(
        task.number, text.name(task.target.name), task.target.street_name,
        frozenset(str(member.inspector_id) for member in members), stage, begins, ends, agreed, len(members), declined,
        notice.state if notice else None, back.get(task.number, ""), old and stage in (Stage.TOLD, Stage.UNREACHED),
        met, task.state == T.ASSIGNED, *looked, silent if stage == Stage.ASKED else (), over,
        task.id,
    )  # fmt: skip


def _stage(task: Task, notice: Notice | None, agreed: bool, back: bool) -> Stage:
    if task.state not in TO_VISIT:
        return Stage.PAST
    if task.proposed_from and _to_fix(task):
        return Stage.AGREED if agreed else Stage.ASKED
    if notice is None or task.state != T.SCHEDULED:
        return Stage.SENT_BACK if back else Stage.OPEN
    if notice.state == N.WITHHELD or notice.withheld_basis:
        return Stage.WITHHELD
    if notice.state == N.DRAFTED:
        return Stage.WAITING
    return Stage.UNREACHED if notice.state in UNREACHED and notice.state != N.APPROVED else Stage.TOLD


@dataclass(frozen=True, slots=True)
class VisitProposal:
    """A visit's time that an officer has to answer, or a leader may fix."""

    id: int
    number: str
    target: str
    begins: datetime
    ends: datetime
    unchecked: bool = False  # its network check is still open
    clashes: tuple[clash.Clash, ...] = ()
    withheld: bool = False
    answer: bool | None = None  # what this officer said to it
    silent: tuple[str, ...] = ()  # who never answered in the days they had

    @property
    def missing(self) -> bool:
        """True while it cannot be fixed: the network check is open, or somebody is at a fixed visit or away then."""
        return self.unchecked or any(overlap.blocks for overlap in self.clashes)


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A task of a leader whose network check is open: so many of its questions looked up."""

    id: int
    number: str
    target: str
    looked_up: int
    online: int


async def unchecked(leader: str) -> tuple[Unchecked, ...]:
    """The tasks of a leader that can be given no time before their network check is ended (Art. 16 (1))."""
    seats = Assignment.filter(inspector_id=leader, until=None, leader=True, task__state=T.ASSIGNED)
    tasks = [seat.task for seat in await seats.select_related("task__target").order_by("task__number")]
    looked = await _looked_up(tasks)
    return tuple(
        Unchecked(task.id, task.number, text.name(task.target.name), *looked[task.id]) for task in tasks
    )


async def proposed_to(officer: str, *, answered: bool = False) -> tuple[VisitProposal, ...]:
    """The times that this officer was asked about and has not answered, the soonest first.

    `answered`: those answered as well, as long as they are not fixed: an answer may change until then.
    """
    seats = await Assignment.filter(
        inspector_id=officer,
        until=None,
        leader=False,
        task__state__in=TO_VISIT,
        task__proposed_from__isnull=False,
    ).select_related("task__target")
    asked = {seat.task_id: seat for seat in seats if _to_fix(seat.task)}
    proposals = _soonest(seat.task for seat in asked.values())
    visits = [replace(proposal, answer=_said(asked[proposal.id])) for proposal in proposals]
    return tuple(proposal for proposal in visits if answered or proposal.answer is None)


def _said(seat: Assignment) -> bool | None:
    wanted = seat.task.proposed_from
    if seat.declined_from == wanted:
        return False
    return True if seat.agreed_from == wanted else None


async def ready(leader: str, at: datetime, district: District) -> tuple[VisitProposal, ...]:
    """The visits of a leader that are not fixed and that every member can keep, the soonest first; who was silent when the
    days to answer were over holds nobody up, and is named."""
    seats = await Assignment.filter(
        inspector_id=leader,
        until=None,
        leader=True,
        task__state__in=TO_VISIT,
        task__proposed_from__isnull=False,
    ).select_related("task__target")
    tasks = [seat.task for seat in seats if _to_fix(seat.task)]
    members = await _members(tasks)
    agreed = [task for task in tasks if _may_go_on(task, members[task.id], at, district)]
    met = await clash.of_proposals(agreed)
    withheld = Notice.filter(task_id__in=[task.id for task in agreed], state=N.WITHHELD)
    quiet = {int(str(id)) for id in await withheld.values_list("task_id", flat=True)}
    return tuple(
        replace(
            proposal,
            unchecked=task.state == T.ASSIGNED,
            clashes=met.get(proposal.id, ()),
            withheld=proposal.id in quiet,
            silent=tuple(
                text.name(member.inspector.name)
                for member in members[task.id]
                if member.agreed_from != task.proposed_from
            ),
        )
        for proposal in _soonest(agreed)
        for task in agreed
        if task.id == proposal.id
    )


def _may_go_on(task: Task, members: Sequence[Assignment], at: datetime, district: District) -> bool:
    """Everybody can, or nobody refused and the silent had their days."""
    wanted = task.proposed_from
    if all(member.agreed_from == wanted for member in members):
        return True
    refused = any(member.declined_from == wanted for member in members)
    return not refused and silence_is_enough(task.proposed_at, district.calendar, at, district.terms)


def digest(result: Iterable[VisitProposal | Unchecked]) -> str:
    """Says whether a list is still the one that was shown."""
    joined = "\n".join(
        f"{proposal.number} {proposal.begins.isoformat()}{' missing' if proposal.missing else ''}"
        if isinstance(proposal, VisitProposal)
        else proposal.number
        for proposal in result
    )
    return hashlib.sha256(joined.encode()).hexdigest()[:10]


def _to_fix(task: Task) -> bool:
    return task.proposed_from != task.visit_from or task.state != T.SCHEDULED


def _soonest(tasks: Iterable[Task]) -> tuple[VisitProposal, ...]:
    proposals = [
        VisitProposal(
            task.id, task.number, text.name(task.target.name), task.proposed_from, task.proposed_until
        )
        for task in tasks
        if task.proposed_from and task.proposed_until
    ]
    return tuple(sorted(proposals, key=lambda proposal: (proposal.begins, proposal.number)))
