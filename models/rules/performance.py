"""履职情况: what the event log says of how tasks were done, each share with what it is a share of (Art. 5, 6, 21).

A task counts in the month in which it was assigned, with everything that was done in it since, so that no part exceeds
its whole. Fines and the number of visits are no merit here and are not counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from models.rules import checklist
from models.rules.channel import REACHED
from models.rules.checklist import Ask, Verdict

MEASURES = ("accepted", "told", "in_time", "returned", "substituted")


class PerformanceAct(StrEnum):
    """What the figures are counted from."""

    ACCEPTED = "accepted"
    APPROVED = "approved"  # a notice, by the leader
    TRIED = "tried"  # a channel; `channel`, `outcome`
    ENDED = "ended"  # the inspection, at the door or online; `due`: last day of entering its result
    ENTERED = "entered"  # `late`; `department` of whoever entered in the same act; neither of results entered as one
    ENTERED_PART = "entered_part"  # a department's own: `department`, `late`
    SENT_BACK = "sent_back"  # `department`, where one alone was
    REPLACED = "replaced"  # `out`: certificate of who left
    ANSWERED = "answered"  # `question`, `verdict`
    LOOKED_UP = "looked_up"  # the same, before the visit


A = PerformanceAct


@dataclass(frozen=True, slots=True)
class LoggedTask:
    """A task of the period. `seats`: officer to department, everybody who ever served; `acts`: what, who (mark) and data,
    the earliest first; `departments`: by certificate, of whoever left a team."""

    number: str
    lead: str
    seats: Mapping[str, str]
    departments: Mapping[str, str]
    asks: Sequence[Ask]
    acts: Sequence[tuple[PerformanceAct, str, Mapping[str, Any]]]


@dataclass(slots=True)
class Proportion:
    """`part` of `whole`; nothing to be counted where `whole` is 0."""

    part: int = 0
    whole: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded; None without a denominator."""
        return round(100 * self.part / self.whole) if self.whole else None

    def count(self, part: int | bool, whole: int = 1) -> None:
        self.part += part
        self.whole += whole


@dataclass(frozen=True, slots=True)
class Performance:
    """By department each of MEASURES, by channel the letters that reached somebody, by item the visits with a problem."""

    departments: Mapping[str, Mapping[str, Proportion]]
    channels: Mapping[str, Proportion]
    items: Mapping[str, Proportion]


@dataclass(slots=True)
class _Counting:
    today: date
    departments: dict[str, dict[str, Proportion]] = field(default_factory=dict)
    channels: dict[str, Proportion] = field(default_factory=lambda: defaultdict(Proportion))
    items: dict[str, Proportion] = field(default_factory=lambda: defaultdict(Proportion))

    def of(self, department: str, measure: str) -> Proportion:
        row = self.departments.setdefault(department, {name: Proportion() for name in MEASURES})
        return row[measure]

    def figures(self) -> Performance:
        return Performance(
            dict(sorted(self.departments.items())), dict(self.channels), dict(sorted(self.items.items()))
        )


def performance(tasks: Iterable[LoggedTask], today: date) -> Performance:
    """Count what was done in these tasks until `today`."""
    counting = _Counting(today)
    for task in tasks:
        _seats(task, counting)
        _letters(task, counting)
        _entry(task, counting)
        _items(task, counting)
    return counting.figures()


def holds_until(tasks: Iterable[LoggedTask], today: date) -> date:
    """The last day on which `performance` of these counts the same while nothing is done: then a term of them runs out."""
    terms = (_ended(task) for task in tasks)
    return min((due for due in terms if due and due >= today), default=date.max)


def _ended(task: LoggedTask) -> date | None:
    """By when the results are to be entered, as the end of the visit counted it last."""
    terms = [data["due"] for kind, _, data in task.acts if kind == A.ENDED and data.get("due")]
    return date.fromisoformat(terms[-1]) if terms else None


def together(parts: Iterable[Performance]) -> Performance:
    """The figures of several, each of other tasks, as one."""
    counting = _Counting(date.min)
    for each in parts:
        for department, row in each.departments.items():
            for measure, counted in row.items():
                counting.of(department, measure).count(counted.part, counted.whole)
        for channel, counted in each.channels.items():
            counting.channels[channel].count(counted.part, counted.whole)
        for item, counted in each.items.items():
            counting.items[item].count(counted.part, counted.whole)
    return counting.figures()


def _seats(task: LoggedTask, counting: _Counting) -> None:
    """接受 and 更换: of everybody who was given a place in the team."""
    accepted = {who for kind, who, _ in task.acts if kind == A.ACCEPTED}
    left = Counter(task.departments.get(data["out"], "") for kind, _, data in task.acts if kind == A.REPLACED)
    for officer, department in task.seats.items():
        counting.of(department, "accepted").count(f"inspector:{officer}" in accepted)
        counting.of(department, "substituted").count(0)
    for department, n in left.items():
        if department in task.seats.values():
            counting.of(department, "substituted").count(n, 0)


def _letters(task: LoggedTask, counting: _Counting) -> None:
    """告知送达: of the tasks with an approved letter those of which one channel said last that somebody has it."""
    last: dict[str, bool] = {}
    for kind, _, data in task.acts:
        if kind == A.TRIED:
            last[data["channel"]] = data["outcome"] in REACHED
    for channel, reached in last.items():
        counting.channels[channel].count(reached)
    if any(kind == A.APPROVED for kind, _, _ in task.acts):
        counting.of(task.lead, "told").count(any(last.values()))


def _entry(task: LoggedTask, counting: _Counting) -> None:
    """按期录入: each department's first entry; not entered and past its day counts too. 退回: of all entries."""
    entries = _entries(task)
    due = _ended(task)
    overdue = due is not None and due < counting.today
    for department in dict.fromkeys([*entries, *(_owing(task) if overdue else ())]):
        late = entries.get(department, [True])[0]
        counting.of(department, "in_time").count(not late)
    sent_back = [data.get("department", "") for kind, _, data in task.acts if kind == A.SENT_BACK]
    for department in entries or (task.lead,):
        n, whole = sum(whose in ("", department) for whose in sent_back), len(entries.get(department, ()))
        counting.of(department, "returned").count(min(n, whole), whole)


def _entries(task: LoggedTask) -> dict[str, list[bool]]:
    """By department whether each of its entries was late; one that was entered for all is the leader's."""
    entries: dict[str, list[bool]] = defaultdict(list)
    for kind, _, data in task.acts:
        if kind == A.ENTERED_PART or (kind == A.ENTERED and data.get("department")):
            entries[data["department"]].append(data["late"])
        elif kind == A.ENTERED and "missing" not in data:
            entries[task.lead].append(data["late"])
    return dict(entries)


def _owing(task: LoggedTask) -> Sequence[str]:
    """The departments that answered or looked something up; the leader's where nobody did, or one entered for all."""
    if any(kind == A.ENTERED and "missing" not in data for kind, _, data in task.acts):
        return (task.lead,)
    asks = {ask.number: ask for ask in task.asks}
    done = {asks[data["question"]].department for kind, _, data in task.acts if _settles(kind, data, asks)}
    return sorted(done) or (task.lead,)


def _items(task: LoggedTask, counting: _Counting) -> None:
    """问题发现: by item, of the inspections that are over and in which a question of it was answered 符合 or 不符合."""
    if not any(kind == A.ENDED for kind, _, _ in task.acts):
        return
    verdicts: dict[tuple[PerformanceAct, int], str] = {}
    asks = {ask.number: ask for ask in task.asks}
    for kind, _, data in task.acts:
        if _settles(kind, data, asks):
            verdicts[kind, data["question"]] = data["verdict"]
    problems: dict[str, bool] = {}
    for (_, number), verdict in verdicts.items():
        if verdict in (Verdict.PASS, Verdict.FAIL):
            for item in asks[number].items:
                problems[item] = problems.get(item, False) or verdict == Verdict.FAIL
    for item, problem in problems.items():
        counting.items[item].count(problem)


def _settles(kind: PerformanceAct, data: Mapping[str, Any], asks: Mapping[int, Ask]) -> bool:
    """True for an answer, and for what was looked up where that settles the question."""
    if kind not in (A.ANSWERED, A.LOOKED_UP) or data["question"] not in asks:
        return False
    return kind == A.ANSWERED or checklist.settles(asks[data["question"]], data["verdict"])
