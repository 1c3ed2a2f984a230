"""A notice as it stands: its frozen facts, where it is, and everything that happened to it (Art. 16 (2))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries import board
from models.queries.letter import changes_since
from models.refusal import Refusal
from models.rules import text
from models.rules.public.letter import TeamChanges
from models.rules.visit import SHANGHAI
from models.states import NoticeState
from models.tables import Account, Attempt, Event, Inspector, Notice, Task

OTHERS = ("visit.fixed",)


@dataclass(frozen=True, slots=True)
class NoticeAttempt:
    """One attempt to reach the entity."""

    channel: str
    outcome: str
    at: datetime
    by: str
    detail: str


@dataclass(frozen=True, slots=True)
class NoticeDelivery:
    """A version of the letter with its way through the channels."""

    id: int
    number: str
    task: str
    version: int
    state: NoticeState
    facts: dict[str, Any]
    check_code: str
    approved_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    basis: str
    tries: tuple[NoticeAttempt, ...]
    changes: TeamChanges  # since the letter was printed
    made_at: datetime

    @property
    def given(self) -> bool:
        """It was approved: nothing in it changes any more."""
        return self.state != NoticeState.DRAFTED


@dataclass(frozen=True, slots=True)
class NoticeStep:
    """One thing that happened on the way from approval to 收到, with the hash that proves it.

    `attempt`: the try that it speaks of, 0 when none; `sha256`: of its event in the task's chain.
    """

    seq: int
    at: datetime
    kind: str
    number: str
    channel: str
    outcome: str
    role: str
    by: str
    detail: str
    attempt: int
    text_sha256: str
    proof: str
    sha256: str


async def printed(notice_id: int) -> str:
    """The object that holds the letter's PDF; "" before it was first made."""
    row = await Notice.get_or_none(id=notice_id).only("id", "pdf")
    return row.pdf if row else ""


@dataclass(frozen=True, slots=True)
class SeenNotice:
    """A notice that the reader may see. `written`: there is a letter to read."""

    id: int
    number: str
    written: bool


async def seen(number: str, *, sight: board.Sight) -> SeenNotice | None:
    """The notice of this number, for those who see its task (D60)."""
    row = await Notice.get_or_none(number=number)
    if row is None or not await board.visible(sight).filter(id=row.task_id).exists():
        return None
    return SeenNotice(row.id, row.number, bool(row.letter))


async def told(notice_id: int) -> NoticeDelivery:
    """The notice with this id; refused when there is none."""
    row = await Notice.get_or_none(id=notice_id)
    if row is None:
        raise Refusal("notice.unknown", article="16(2)")
    return await _told(row)


async def _told(row: Notice) -> NoticeDelivery:
    task = await Task.get(id=row.task_id)
    tries = await Attempt.filter(notice=row).order_by("at", "id")
    return NoticeDelivery(
        row.id,
        row.number,
        task.number,
        row.version,
        row.state,
        row.letter,
        row.check_code,
        row.approved_at,
        row.opened_at,
        row.acknowledged_at,
        row.acknowledged_by,
        row.withheld_basis,
        tuple(
            NoticeAttempt(attempt.channel, attempt.outcome, attempt.at, attempt.by, attempt.detail)
            for attempt in tries
        ),
        await changes_since(row.letter, task.id) if row.letter else TeamChanges(),
        row.created_at,
    )


async def task_exists(number: str) -> bool:
    return await Task.exists(number=number)


async def timeline(task_number: str) -> tuple[NoticeStep, ...]:
    """Everything about telling the entity of a task, every version of the letter, in its order."""
    kinds = [
        row for row in await Event.filter(chain=f"task:{task_number}").order_by("seq") if _about(row.kind)
    ]
    tries = {attempt.id: attempt for attempt in await Attempt.filter(notice__task__number=task_number)}
    called = await _called({row.by for row in kinds})
    return tuple(_step(row, tries.get(_attempt(row)), called) for row in kinds)


async def proof(task_id: int, attempt_id: int) -> str:
    """The object that proves a try of this task's letters; "" when there is none."""
    row = await Attempt.get_or_none(id=attempt_id, notice__task_id=task_id)
    return row.proof if row else ""


def _about(kind: str) -> bool:
    return kind.startswith("notice.") or kind in OTHERS


def _attempt(row: Event) -> int:
    names = [name for name in row.data.get("rows", {}) if name.startswith("attempt:")]
    return int(names[0].partition(":")[2]) if names else 0


def _step(row: Event, tried: Attempt | None, called: dict[str, str]) -> NoticeStep:
    data, role = row.data, row.by.partition(":")[0]
    words = [_when(data), *(data.get(name) for name in ("reason", "basis", "wanted"))]
    told = tried.detail if tried else "; ".join(word for word in words if isinstance(word, str) and word)
    return NoticeStep(
        row.seq, row.at, row.kind, str(data.get("number", "")),
        tried.channel if tried else str(data.get("channel", "")), tried.outcome if tried else "",
        role, called.get(row.by, ""), text.visible(told), tried.id if tried else 0,
        tried.text_sha256 if tried else "", tried.proof if tried else "", row.sha256,
    )  # fmt: skip


def _when(params: Mapping[str, Any]) -> str:
    """The visit's time as the district's clocks show it."""
    if "begins" not in params or "ends" not in params:
        return ""
    begins, ends = (datetime.fromisoformat(params[name]).astimezone(SHANGHAI) for name in ("begins", "ends"))
    return f"{begins:%Y-%m-%d %H:%M} – {ends:%H:%M}"


async def _called(marks: set[str]) -> dict[str, str]:
    """The names behind marks of officers and heads; an entity and a machine go by their role."""
    officers = {mark.partition(":")[2]: mark for mark in marks if mark.startswith("inspector:")}
    result = {
        officers[inspector.code]: text.name(inspector.name)
        for inspector in await Inspector.filter(code__in=list(officers))
    }
    heads = {mark.partition(":")[2]: mark for mark in marks if mark.startswith("head:")}
    for account in await Account.filter(role="head", department__in=list(heads)):
        result.setdefault(heads[account.department], text.name(account.name))
    return result
