"""A task as one of its officers sees it: everything a card shows, frozen (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from models import store
from models.queries import clash, entity, entrustment, sample, substitution
from models.queries.entrustment import AgencyLine
from models.queries.question import Section, rival
from models.queries.sample import SampleLine
from models.queries.sheet import cited, sheet_of
from models.queries.unsent import Unsent, of_officers
from models.refusal import Refusal
from models.rules import checklist, online, text
from models.rules.checklist import Given, Sheet
from models.rules.method import offered
from models.states import STANDING, TOLD_OR_WITHHELD, UNSCHEDULED, VISITED, NoticeState, TaskState
from models.store import ReadOnce
from models.tables import (
    Answer,
    Assignment,
    Department,
    Item,
    Notice,
    Photo,
    Result,
    Revision,
    Task,
)

N = NoticeState
ADDED = ":added"  # ends the source of an answer whose text was added to what stood there
_numbers = ReadOnce()


@dataclass(frozen=True, slots=True)
class Member:
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
    members: tuple[Member, ...]
    sections: tuple[Section, ...]
    sheet: Sheet
    me: Member
    rivals: dict[int, tuple[Given, str]]  # question -> the answer that a colleague gave, and their name
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
    mended: Mapping[int, str] = field(
        default_factory=dict
    )  # question id -> put right before the visit, verified

    @property
    def told(self) -> bool:
        """True if somebody at the entity has the letter, or nobody is to be told (Art. 16 (2))."""
        return self.notice in TOLD_OR_WITHHELD

    @property
    def department(self) -> str:
        return self.me.department

    @property
    def mine(self) -> Section | None:
        return next((s for s in self.sections if s.department == self.department), None)

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


async def _task(task_id: int | str) -> Task:
    found = Task.filter(number=task_id) if isinstance(task_id, str) else Task.filter(id=task_id)
    task = await found.select_related("target", "team", "batch__scheme__entry").first()
    if task is None:
        raise Refusal("task.unknown", article="15", task=task_id if isinstance(task_id, str) else "")
    return task


async def task_card(task_id: int | str, officer: str, at: datetime | None = None) -> TaskCard:
    """The card of a task (by id or number) for an officer who serves in it; unknown to all others (D60).

    `at`: with it, the card says whom the register rules out at this moment.
    """
    task = await _task(task_id)
    serving = Assignment.filter(task=task, until=None)
    seats = await serving.select_related("inspector").order_by("-leader", "id")
    names = {d.code: d.name for d in await Department.all()}
    members = await _elsewhere(task, tuple(_member(seat, names, task) for seat in seats))
    me = next((m for m, seat in zip(members, seats, strict=True) if seat.inspector_id == officer), None)
    if me is None:
        raise Refusal("task.unknown", article="15", task=task.number)
    batch, entry = task.batch, task.batch.scheme.entry
    items = {item.code: item.name for item in await Item.filter(code__in=entry.items)}
    sheet, again = await sheet_of(task), await cited(task)
    notice = await Notice.filter(task=task, state__in=STANDING).order_by("-version").first()
    result = await Result.filter(task=task).order_by("-version").first()
    agencies = await entrustment.agencies(task.id)
    authors = {seat.inspector_id: text.name(seat.inspector.name) for seat in seats}
    return TaskCard(
        id=task.id,
        number=task.number,
        state=task.state,
        target=text.name(task.target.name),
        address=text.name(task.target.address),
        title=entry.title,
        items=tuple(items[code] for code in again or entry.items if code in items),
        again=bool(again),
        opens=batch.opens,
        closes=batch.closes,
        team=task.team.number,
        members=members,
        sections=_sections(sheet, names),
        sheet=sheet,
        me=me,
        rivals=await _rivals(task, sheet),
        authors=authors,
        visit_from=task.visit_from,
        visit_until=task.visit_until,
        proposed_from=task.proposed_from,
        proposed_until=task.proposed_until,
        due=task.entry_due,
        provisional=task.due_provisional,
        notice=notice.state if notice else None,
        result=tuple(result.types) if result else (),
        returned=result.returned if result else "",
        revising=await _revising(task),
        methods=offered(entry.methods, agency=bool(agencies)),
        samples=await sample.samples(task.id),
        agencies=agencies,
        clashes=(await clash.of_proposals([task])).get(task.id, ()) if me.leader and _proposal(task) else (),
        seats={seat.inspector_id: seat.id for seat in seats},
        unsent=await _unsent(task, me, members),
        endable=me.leader and task.started_at is None and not online.left(sheet, entry.methods),
        unfit=(await substitution.unfit([task], at)).get(task.id, ()) if at else (),
        vacant=(await substitution.vacancies([task])).get(task.id, ()),
        mended=await entity.verified(task.id),
    )


def _proposal(task: Task) -> bool:
    return task.proposed_from is not None and (
        task.proposed_from != task.visit_from or task.state != TaskState.SCHEDULED
    )


async def _revising(task: Task) -> str:
    row = await Revision.filter(task=task, outcome="").order_by("-id").first()
    return "" if row is None else "proposed" if row.result_id else "asked"


def _member(seat: Assignment, names: dict[str, str], task: Task) -> Member:
    agreed = None
    if task.proposed_from is not None:
        agreed = True if seat.agreed_from == task.proposed_from else None
        agreed = False if seat.declined_from == task.proposed_from else agreed
    return Member(
        seat.inspector_id,
        text.name(seat.inspector.name),
        seat.department,
        seat.leader,
        seat.accepted_at is not None,
        agreed,
        seat.arrived_at is not None,
    )


async def _elsewhere(task: Task, members: tuple[Member, ...]) -> tuple[Member, ...]:
    """The same members, with who is still at another visit while this one is to begin."""
    if task.state != TaskState.SCHEDULED:
        return members
    away = await clash.at_other_visits(task, [member.id for member in members])
    return tuple(replace(member, elsewhere=member.id in away) for member in members)


async def _unsent(task: Task, me: Member, members: Sequence[Member]) -> tuple[Unsent, ...]:
    if not me.leader or task.state not in VISITED:
        return ()
    found = await of_officers([member.id for member in members])
    return tuple(one for one in found if one.task in ("", task.number))


def _sections(sheet: Sheet, names: dict[str, str]) -> tuple[Section, ...]:
    return tuple(
        Section(code, names.get(code, code), *checklist.progress(sheet, code), code in sheet.closed)
        for code in checklist.departments(sheet.asks)
    )


async def _rivals(task: Task, sheet: Sheet) -> dict[int, tuple[Given, str]]:
    """For each question on which two officers differ: what stood before the answer that stands now (D22)."""
    found = {}
    for number, given in sheet.given.items():
        if given.conflict and (other := await rival(task.id, sheet.ask(number).id, given)):
            found[number] = (other, other.by)
    return found


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer that a message gave: what an edit of that message changes (D16). `text`: what stood in the field after it;
    `part`: what of it this message gave; `standing`: that it still stands there, whatever was added behind it.
    """

    task: int
    question: int
    version: int
    field: str  # value | note
    text: str = ""
    part: str = ""
    standing: bool = False


async def typed_by(source: str) -> Typed | None:
    """The answer given by the message `source` (chat:ID:MESSAGE), if any."""
    given = [f"{source}:{field}{how}" for field in ("value", "note") for how in ("", ADDED)]
    row = await Answer.filter(source__in=given).order_by("-id").first()
    if row is None:
        return None
    task = await Task.get(id=row.task_id)
    sheet = await sheet_of(task)
    ask = next(a for a in sheet.asks if a.id == row.question_id)
    field = "value" if ":value" in row.source else "note"
    same = Answer.filter(task_id=row.task_id, question_id=row.question_id)
    text = str(getattr(row, field))
    part = text
    if row.source.endswith(ADDED) and (before := await same.filter(version=row.version - 1).first()):
        part = text[len(str(getattr(before, field))) :].removeprefix("\n")
    after = await same.filter(version__gt=row.version)
    standing = all(getattr(one, field).startswith(text) for one in after if getattr(one, field) != text)
    added = all(one.source.endswith(ADDED) for one in after if getattr(one, field) != text)
    return Typed(task.id, ask.number, row.version, field, text, part, bool(part) and standing and added)


async def pictured_by(source: str) -> tuple[int, int] | None:
    """Task and question of the photo that a message brought."""
    photo = await Photo.filter(source=source).exclude(question_id=None).order_by("-id").first()
    if photo is None:
        return None
    task = await Task.get(id=photo.task_id)
    sheet = await sheet_of(task)
    number = next((a.number for a in sheet.asks if a.id == photo.question_id), None)
    return (task.id, number) if number else None


async def unplaced_by(source: str) -> bool:
    """True when a message brought a photo that belongs to no question yet."""
    return await Photo.filter(source=source, question_id=None, about="", removed_at=None).exists()
