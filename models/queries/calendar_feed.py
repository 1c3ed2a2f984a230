"""日历订阅: the visits that a person's private calendar shows, moved and withdrawn ones too (Art. 15, 16 (2))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models.queries.board import ALL, Sight, visible
from models.queries.person import AccountHolder, has_left, holder_of
from models.rules import text, tokens
from models.rules.actor import Actor, Role
from models.states import NOT_ARCHIVED
from models.tables import Account, Assignment, CalendarFeed, Event, Task

SHOWN_BACK = timedelta(days=92)
"""How far back a calendar shows what is over."""
MOVED = ("visit.fixed", "visit.unfixed", "visit.suspended", "network.ended")
"""Events that give a visit its time, or take it."""
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class FeedVisit:
    """A visit at its time. `version` rises with each move; `cancelled`: this person goes there no more at that time.

    `leads`: the owner of the calendar is the team's leader; `changed_at`: when its time was last settled.
    """

    number: str
    target: str
    address: str
    begins: datetime
    ends: datetime
    version: int
    cancelled: bool
    leads: bool
    changed_at: datetime


async def owner_of(token: str) -> AccountHolder | None:
    """Whose calendar this is; None for an address that was never given out, was reset, or is of nobody any more, whoever
    has left among them."""
    feed = await CalendarFeed.get_or_none(
        token_sha256=tokens.hashed(token), ended_at=None, account__disabled_at=None
    ).select_related("account")
    return holder_of(feed.account) if feed and not await has_left(feed.account) else None


async def given_out(accounts: Iterable[int | None]) -> dict[int, datetime]:
    """By account since when its address stands; accounts without one are not in it."""
    rows = CalendarFeed.filter(account_id__in=[account for account in accounts if account], ended_at=None)
    return {row.account_id: row.made_at for row in await rows}


async def account_of(number: int) -> AccountHolder | None:
    """The account with this number, unless it is disabled."""
    account = await Account.get_or_none(id=number, disabled_at=None)
    return holder_of(account) if account else None


async def account_named(wanted: str) -> AccountHolder | None:
    """The account with this number, sign-in name or number of the officers' register."""
    named = Q(login=wanted) | Q(inspector_id=wanted)
    if wanted.isascii() and wanted.isdigit():
        named |= Q(id=int(wanted[:9]))
    account = await Account.filter(named, disabled_at=None).exclude(role=Role.ENTITY).order_by("id").first()
    return holder_of(account) if account else None


def tasks_of(actor: Actor) -> QuerySet[Task]:
    """An officer's own tasks; a department's, those it initiated too; everything for the office."""
    if actor.role == Role.OFFICE:
        return visible(ALL)
    if actor.role == Role.INSPECTOR:
        serving = Assignment.filter(inspector_id=actor.id, until=None)
        return Task.filter(id__in=Subquery(serving.values("task_id")))
    served = visible(Sight(actor.department))
    initiated = Q(batch__scheme__entry__plan__department=actor.department)
    return Task.filter(Q(id__in=Subquery(served.values("id"))) | initiated)


async def visits_of(actor: Actor, *, at: datetime) -> tuple[FeedVisit, ...]:
    """Every visit of the last three months and all to come, the earliest first."""
    seen = tasks_of(actor)
    if actor.role == Role.INSPECTOR:
        left = Assignment.filter(inspector_id=actor.id, until__gte=at - SHOWN_BACK)
        seen = Task.filter(Q(id__in=Subquery(seen.values("id"))) | Q(id__in=Subquery(left.values("task_id"))))
    timed = Q(visit_from__gte=at - SHOWN_BACK) | Q(visit_from=None, state__in=NOT_ARCHIVED)
    tasks = await seen.filter(timed).distinct().select_related("target").order_by("id")
    moves, seats = await _moves(tasks), await _seats(tasks, actor)
    visits = [_visit(task, moves[task.number], seats[task.id], actor) for task in tasks]
    shown = [visit for visit in visits if visit and visit.begins >= at - SHOWN_BACK]
    return tuple(sorted(shown, key=lambda visit: (visit.begins, visit.number)))


async def _moves(tasks: Sequence[Task]) -> Mapping[str, list[Event]]:
    """By task's number what gave or took its time, in order."""
    moves: dict[str, list[Event]] = defaultdict(list)
    for first in range(0, len(tasks), AT_ONCE):
        chains = [f"task:{task.number}" for task in tasks[first : first + AT_ONCE]]
        for row in await Event.filter(chain__in=chains, kind__in=MOVED).order_by("id"):
            moves[row.chain.removeprefix("task:")].append(row)
    return moves


async def _seats(tasks: Sequence[Task], actor: Actor) -> Mapping[int, list[Assignment]]:
    """By task the officer's places in it, ended ones too; nothing for whoever is no officer."""
    seats: dict[int, list[Assignment]] = defaultdict(list)
    if actor.role == Role.INSPECTOR and tasks:
        for seat in await Assignment.filter(inspector_id=actor.id).order_by("id"):
            seats[seat.task_id].append(seat)
    return seats


def _visit(task: Task, moves: Sequence[Event], seats: Sequence[Assignment], actor: Actor) -> FeedVisit | None:
    """None where no time was ever fixed, or not while this officer served."""
    serves = actor.role != Role.INSPECTOR or any(seat.until is None for seat in seats)
    ended = [seat.until for seat in seats if seat.until]
    known = moves if serves else [move for move in moves if move.at <= max(ended, default=move.at)]
    fixed = [move for move in known if move.kind == "visit.fixed"]
    if not fixed and not (serves and task.visit_from):
        return None
    begins, ends = task.visit_from, task.visit_until
    broken_off = (
        bool(known) and known[-1].kind == "visit.suspended"
    )  # it was held at that time, and goes on later
    stands = serves and (begins is not None or broken_off)
    if not (serves and begins and ends):
        begins, ends = (datetime.fromisoformat(fixed[-1].data[name]) for name in ("begins", "ends"))
    changed = [move.at for move in known] + ([] if serves else ended)
    return FeedVisit(
        task.number, text.name(task.target.name), text.name(task.target.address), begins, ends,
        max(0, len(known) - 1) + len(ended), not stands, any(seat.leader and seat.until is None for seat in seats),
        max(changed, default=task.assigned_at),
    )  # fmt: skip
