"""A task as one of its officers sees it: everything a card shows, frozen (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from models import store
from models.fields import calendar_day, instant
from models.queries import clash, department_result, entity, entrustment, sample, substitution
from models.queries.card_rows import CardRows, card_rows
from models.queries.department_result import DepartmentPart
from models.queries.entrustment import AgencyLine
from models.queries.question import ChecklistSection, named_shares, rival
from models.queries.sample import SampleLine
from models.queries.unsent import Unsent, of_officers
from models.read_once import ReadOnce
from models.refusal import Refusal
from models.rules import checklist, online, text
from models.rules.checklist import ChecklistSheet, GivenAnswer
from models.rules.method import offered
from models.rules.visit import local_day
from models.states import (
    BEFORE_PUBLICATION,
    SENT_BACK_FROM,
    TO_VISIT,
    TOLD_OR_WITHHELD,
    UNSCHEDULED,
    VISITED,
    NoticeState,
    TaskState,
)
from models.tables import (
    Assignment,
    Result,
    Revision,
    Task,
)

N = NoticeState
_numbers = ReadOnce()


@dataclass(frozen=True, slots=True)
class CardMember:
    """An officer of the team. `agreed`: to the time proposed last; None while they have not answered."""

    id: str
    name: str
    department: str
    leader: bool
    accepted: bool
    agreed: bool | None
    present: bool
    elsewhere: bool = False  # still at another visit: this one cannot begin with them


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task with its sheet, for one member of its team."""

    id: int
    number: str
    state: TaskState
    target: str
    address: str
    title: str
    items: tuple[str, ...]
    opens: date
    closes: date
    team: int
    members: tuple[CardMember, ...]
    sections: tuple[ChecklistSection, ...]
    sheet: ChecklistSheet
    me: CardMember
    rivals: dict[int, tuple[GivenAnswer, str]]  # question -> the answer that a colleague gave, and their name
    authors: dict[str, str]  # officer -> name
    visit_from: datetime | None
    visit_until: datetime | None
    proposed_from: datetime | None
    proposed_until: datetime | None
    due: date | None
    provisional: bool
    notice: NoticeState | None
    result: tuple[str, ...]
    returned: str
    revising: str = ""  # a correction waits: "asked" of the leader, "proposed" to the head
    methods: tuple[str, ...] = ()  # ways to have come by an answer besides looking on site
    samples: tuple[SampleLine, ...] = ()
    agencies: tuple[AgencyLine, ...] = ()
    again: bool = False  # its target is inspected a second time in the year, for `items` alone
    clashes: tuple[clash.Clash, ...] = ()  # what the proposed time meets, for the leader
    seats: Mapping[str, int] = field(default_factory=dict)  # officer -> assignment
    unsent: tuple[Unsent, ...] = ()  # for the leader: what waits on the team's phones
    endable: bool = False  # everything is settled online: no visit is needed
    unfit: tuple[substitution.Unfit, ...] = ()  # whom the register rules out
    vacant: tuple[substitution.Vacancy, ...] = ()  # seats that nobody fills
    receipt: str = ""  # the provincial platform's number
    mended: Mapping[int, str] = field(
        default_factory=dict
    )  # question id -> put right before the visit, verified
    departments: tuple[
        DepartmentPart, ...
    ] = ()  # each that inspected, with its result, once the visit is over

    @property
    def told(self) -> bool:
        """True if somebody at the entity has the letter, or nobody is to be told (Art. 16 (2))."""
        return self.notice in TOLD_OR_WITHHELD

    @property
    def department(self) -> str:
        return self.me.department

    @property
    def officer(self) -> str:
        """Whose card it is."""
        return self.me.id

    @property
    def shared(self) -> Mapping[int, str]:
        """分工: by question the name of who takes it."""
        return named_shares(self.sheet, self.authors)

    @property
    def department_name(self) -> str:
        """What the own department is called."""
        return next(
            (line.name for line in self.departments if line.department == self.department), self.department
        )

    @property
    def mine(self) -> ChecklistSection | None:
        return next((s for s in self.sections if s.department == self.department), None)

    @property
    def own_result(self) -> DepartmentPart | None:
        """What the own department entered, or owes; None where it inspected nothing or it is too early."""
        return next((line for line in self.departments if line.department == self.department), None)

    @property
    def may_enter(self) -> bool:
        """True if the own department's result can be entered: until it is confirmed, later only where it was left out."""
        own = self.own_result
        if own is None or any(
            not sample.outcome and sample.department in ("", own.department) for sample in self.samples
        ):
            return False
        return self.state == TaskState.CONCLUDED or (self.state in SENT_BACK_FROM and own.silent)

    @property
    def may_confirm(self) -> bool:
        """True if the leader can confirm the whole: every department has entered or counts as 视为未完成."""
        lines = self.departments
        return (
            self.me.leader and self.state == TaskState.CONCLUDED and any(line.entered for line in lines)
            and all(line.entered or line.silent for line in lines)
        )  # fmt: skip

    @property
    def corrects(self) -> bool:
        """True if this officer may enter what is right in a public result: the own department's, or as the leader what
        was entered as one. What waits for the head already is another's to correct only in a joint inspection."""
        if not self.departments:
            return self.me.leader and self.revising != "proposed"
        return self.own_result is not None and (self.revising != "proposed" or len(self.departments) > 1)

    @property
    def proposal(self) -> bool:
        """True while a time is proposed that is not the fixed one."""
        return self.proposed_from is not None and (
            self.proposed_from != self.visit_from or self.state in UNSCHEDULED
        )

    @property
    def owes_letter(self) -> bool:
        """True while the time is fixed and no letter announces it: the head sent it back, and the leader fixes anew."""
        return (
            self.state == TaskState.SCHEDULED
            and self.visit_from is not None
            and self.visit_from == self.proposed_from
            and self.notice is None
        )


async def number_of(task_id: int, officer: str) -> str:
    """The number of a task for an officer who serves in it; unknown to all others (D60)."""
    seat = (
        await Assignment.filter(task_id=task_id, inspector_id=officer, until=None)
        .select_related("task")
        .first()
    )
    if seat is None:
        raise Refusal("task.unknown", article="15", task="")
    return str(seat.task.number)


async def number_known(task_id: int) -> str:
    """The number of a task, which never changes: read once."""
    known = _numbers.known
    if task_id not in known:
        rows = await store.run_one("SELECT number FROM task WHERE id = ?", task_id)
        if not rows:
            raise Refusal("task.unknown", article="15", task="")
        known[task_id] = rows[0]["number"]
    return str(known[task_id])


async def number_served(number: str, officer: str) -> None:
    """Refuse as unknown a task in which the officer does not serve (D60)."""
    if not await Assignment.exists(task__number=number, inspector_id=officer, until=None):
        raise Refusal("task.unknown", article="15", task=number)


async def team_card(number: str, at: datetime) -> TaskCard:
    """The card of a task as its leader sees it, else as any of the team: what `seen_by` makes everybody's own."""
    seat = await Assignment.filter(task__number=number, until=None).order_by("-leader", "id").first()
    if seat is None:
        raise Refusal("task.unknown", article="15", task=number)
    return await task_card(number, seat.inspector_id, at)


def seen_by(card: TaskCard, officer: str) -> TaskCard:
    """The same card for another of the team; unknown to all others (D60)."""
    me = next((member for member in card.members if member.id == officer), None)
    if me is None:
        raise Refusal("task.unknown", article="15", task=card.number)
    return replace(card, me=me) if me.leader else replace(card, me=me, clashes=(), unsent=())


async def task_card(task_id: int | str, officer: str, at: datetime | None = None) -> TaskCard:
    """The card of a task (by id or number) for an officer who serves in it; unknown to all others (D60).

    `at`: with it, the card says whom the register rules out at this moment.
    """
    rows = await card_rows(task_id)
    if rows is None:
        raise Refusal("task.unknown", article="15", task=task_id if isinstance(task_id, str) else "")
    task, frame, sheet = rows.task, rows.frame, rows.sheet
    members = await _elsewhere(task, tuple(_member(seat, task) for seat in rows.seats))
    me = next((member for member in members if member.id == officer), None)
    if me is None:
        raise Refusal("task.unknown", article="15", task=task.number)
    agencies = await entrustment.agencies(task.id) if rows.beside else ()
    results = Result.filter(task=task).order_by("-version")
    result = await results.first() if frame["results"] else None
    return TaskCard(
        id=task.id,
        number=task.number,
        state=task.state,
        target=text.name(frame["target"]),
        address=text.name(frame["address"]),
        title=frame["title"],
        items=tuple(rows.items[code]["name"] for code in rows.again or rows.planned if code in rows.items),
        again=bool(rows.again),
        opens=_known_day(frame["opens"]),
        closes=_known_day(frame["closes"]),
        team=frame["team"],
        members=members,
        sections=_sections(sheet, rows.names),
        sheet=sheet,
        me=me,
        rivals=await _rivals(task, sheet),
        authors={member.id: member.name for member in members},
        visit_from=task.visit_from,
        visit_until=task.visit_until,
        proposed_from=task.proposed_from,
        proposed_until=task.proposed_until,
        due=task.entry_due,
        provisional=task.due_provisional,
        notice=NoticeState(frame["notice"]) if frame["notice"] else None,
        result=tuple(result.types) if result else (),
        returned=result.returned if result else "",
        receipt=task.platform_receipt,
        revising=await _revising(task) if frame["revisions"] else "",
        methods=offered(rows.methods, agency=bool(agencies)),
        samples=await sample.samples(task.id) if rows.beside else (),
        agencies=agencies,
        clashes=(await clash.of_proposals([task])).get(task.id, ()) if me.leader and _proposal(task) else (),
        seats={seat["code"]: seat["id"] for seat in rows.seats},
        unsent=await _unsent(task, me, members),
        endable=me.leader and task.started_at is None and not online.left(sheet, rows.methods),
        unfit=await _unfit(rows, at) if at else (),
        vacant=(await substitution.vacancies([task])).get(task.id, ()) if frame["substitutions"] else (),
        mended=await entity.verified(task.id) if rows.beside else {},
        departments=await _departments(task, result, at),
    )


def _known_day(raw: Any) -> date:
    day = calendar_day(raw)
    assert day
    return day


async def _unfit(rows: CardRows, at: datetime) -> tuple[substitution.Unfit, ...]:
    if rows.fit(substitution.day_of_visit(rows.task, at)):
        return ()
    return (await substitution.unfit([rows.task], at)).get(rows.task.id, ())


def _proposal(task: Task) -> bool:
    return (
        task.state in TO_VISIT
        and task.proposed_from is not None
        and (task.proposed_from != task.visit_from or task.state != TaskState.SCHEDULED)
    )


async def _departments(task: Task, result: Result | None, at: datetime | None) -> tuple[DepartmentPart, ...]:
    """Each department's part of the result, from the end of the visit on."""
    if task.state == TaskState.PUBLISHED:
        return await department_result.parts(result) if result else ()
    if task.state not in BEFORE_PUBLICATION:
        return ()
    return await department_result.shown(task, result, local_day(at) if at else date.min)


async def _revising(task: Task) -> str:
    row = await Revision.filter(task=task, outcome="").order_by("-id").first()
    return "" if row is None else "proposed" if row.result_id else "asked"


def _member(seat: Any, task: Task) -> CardMember:
    agreed = None
    if task.proposed_from is not None:
        agreed = True if instant(seat["agreed_from"]) == task.proposed_from else None
        agreed = False if instant(seat["declined_from"]) == task.proposed_from else agreed
    return CardMember(
        seat["code"],
        text.name(seat["name"]),
        seat["department"],
        bool(seat["leader"]),
        seat["accepted_at"] is not None,
        agreed,
        seat["arrived_at"] is not None,
    )


async def _elsewhere(task: Task, members: tuple[CardMember, ...]) -> tuple[CardMember, ...]:
    """The same members, with who is still at another visit while this one is to begin."""
    if task.state != TaskState.SCHEDULED:
        return members
    away = await clash.at_other_visits(task, [member.id for member in members])
    return tuple(replace(member, elsewhere=member.id in away) for member in members)


async def _unsent(task: Task, me: CardMember, members: Sequence[CardMember]) -> tuple[Unsent, ...]:
    if not me.leader or task.state not in VISITED:
        return ()
    unsent = await of_officers([member.id for member in members])
    return tuple(line for line in unsent if line.task in ("", task.number))


def _sections(sheet: ChecklistSheet, names: Mapping[str, str]) -> tuple[ChecklistSection, ...]:
    return tuple(
        ChecklistSection(code, names.get(code, code), *checklist.progress(sheet, code), code in sheet.closed)
        for code in checklist.departments(sheet.asks)
    )


async def _rivals(task: Task, sheet: ChecklistSheet) -> dict[int, tuple[GivenAnswer, str]]:
    """For each question on which two officers differ: what stood before the answer that stands now (D22)."""
    rivals = {}
    for number, given in sheet.given.items():
        if given.conflict and (other := await rival(task.id, sheet.ask(number).id, given)):
            rivals[number] = (other, other.by)
    return rivals
