"""What a rehearsal needs to know: who was drawn, and how far the practice task has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from models.queries import department_result
from models.queries.sheet import sheet_of
from models.rules import checklist
from models.rules.actor import Role
from models.states import TaskState
from models.tables import (
    Account,
    Arrival,
    Assignment,
    Batch,
    Binding,
    Department,
    Draw,
    NetworkFinding,
    Notice,
    Pledge,
    Signature,
    Statement,
    Substitution,
    Task,
)


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody who needs a phone: the account's register key, name, number, and the part played."""

    part: str  # leader member head entity
    key: str  # inspector number, department or target number
    name: str
    department: str
    number: str


@dataclass(frozen=True)
class DemoCast:
    """How far the practice task has come. `facts`: named steps that are done."""

    batch: str = ""
    draw: str = ""
    task: str = ""
    players: tuple[CastMember, ...] = ()
    done: frozenset[str] = field(default_factory=frozenset)
    open_sections: tuple[str, ...] = ()
    owing: tuple[str, ...] = ()  # departments that have not entered their result


async def demo_cast() -> DemoCast:
    """The newest batch and the first task of its draw."""
    batch = await Batch.all().order_by("-code").first()
    draw = await Draw.filter(batch=batch, voided_at=None).order_by("-number").first() if batch else None
    if batch is None or draw is None:
        return DemoCast()
    task = await Task.filter(draw=draw).order_by("rank").select_related("target").first()
    heads = await _heads(draw)
    if task is None:
        silent = await Pledge.filter(draw=draw, value="").exists()
        done: set[str] = set() if silent else {"revealed"}
        return DemoCast(batch.code, draw.code, players=tuple(heads), done=frozenset(done))
    players = [
        *await _officers(task),
        *heads,
        CastMember("entity", task.target.code, task.target.name, "", task.target.phone),
    ]
    done, waiting = await _done(task)
    owing = await _owing(task)
    return DemoCast(
        batch.code, draw.code, task.number, tuple(players), frozenset(done), tuple(waiting), owing
    )


async def _owing(task: Task) -> tuple[str, ...]:
    """The departments whose result is still to be entered, by name."""
    if task.state != TaskState.CONCLUDED:
        return ()
    lines = await department_result.lines(task, date.min)
    return tuple(line.name for line in lines if not line.entered)


async def department_names() -> dict[str, str]:
    """What each department's code stands for."""
    return {department.code: department.name for department in await Department.all()}


async def target_name(number: str) -> str:
    """Whom the task is about."""
    task = await Task.get(number=number).select_related("target")
    return str(task.target.name)


async def bound(player: CastMember) -> bool:
    """True once this player's account has a chat."""
    account = await _account(player)
    return account is not None and await Binding.exists(account=account, ended_at=None)


async def _account(player: CastMember) -> Account | None:
    if player.part == "entity":
        return await Account.get_or_none(target_id=player.key)
    if player.part == "head":
        return await Account.get_or_none(role=Role.HEAD, department=player.key)
    return await Account.get_or_none(inspector_id=player.key)


async def _heads(draw: Draw) -> list[CastMember]:
    """The initiating department's head, and whoever is asked to consent to a substitution."""
    batch = await Batch.get(code=draw.batch_id).select_related("scheme__entry__plan")
    asked = await Substitution.filter(team__draw=draw).values_list("department", flat=True)
    departments = dict.fromkeys([batch.scheme.entry.plan.department, *(str(row) for row in asked)])
    names = {d.code: d.name for d in await Department.filter(code__in=list(departments))}
    return [
        CastMember("head", code, f"测试负责人{names.get(code, code)}", names.get(code, code), "")
        for code in departments
    ]


async def _officers(task: Task) -> list[CastMember]:
    """The leader and one officer of each other department who serve today."""
    serving = (
        await Assignment.filter(task=task, until=None).select_related("inspector").order_by("-leader", "id")
    )
    names = {d.code: d.name for d in await Department.all()}
    chosen: dict[str, CastMember] = {}
    for assignment in serving:
        part = "leader" if assignment.leader else "member"
        officer = assignment.inspector
        chosen.setdefault(
            assignment.department,
            CastMember(part, officer.code, officer.name, names.get(assignment.department, ""), officer.phone),
        )
    return list(chosen.values())


async def _done(task: Task) -> tuple[set[str], list[str]]:
    sheet = await sheet_of(task)
    leader = await Assignment.get_or_none(task=task, leader=True, until=None)
    notice = await Notice.filter(task=task).order_by("-version").first()
    names = {d.code: d.name for d in await Department.all()}
    waiting = [
        names.get(d, d)
        for d in checklist.departments(sheet.asks)
        if d not in sheet.closed and sheet.on_site(d)
    ]
    result = {
        "revealed": True,
        "drawn": True,
        "accepted": bool(leader and leader.accepted_at),
        "network": await NetworkFinding.exists(task=task),
        "network_closed": task.state != "assigned",
        "scheduled": task.visit_from is not None,
        "acknowledged": bool(notice and notice.acknowledged_at),
        "arrived": task.started_at is not None or await Arrival.exists(task=task),
        "begun": task.started_at is not None,
        "answered": not waiting,
        "signed": task.ended_at is not None or await Signature.exists(task=task, role="entity"),
        "concluded": task.ended_at is not None,
        "entered": task.entered_at is not None,
        "reviewed": task.reviewed_at is not None,
        "agreed": task.published_at is not None or await Statement.exists(task=task, kind="agreed"),
        "published": task.published_at is not None,
    }
    return {name for name, is_done in result.items() if is_done}, waiting
