"""各部门结果: who owes a result of a joint task, with which measures, and what the whole comes to (Art. 16 (3)).

谁检查、谁录入、谁负责: every department that inspected writes its own row; the leader confirms the whole. A row that
is not there when the 20 working days are over counts as 视为未完成, and may still be entered, as late.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.refusal import Refusal
from models.rules.checklist import ChecklistSheet, departments
from models.rules.entry import GONE, NO_PROBLEM, PROBLEMS
from models.rules.public.result import answered_on_site, settled_online
from models.rules.text import visible


class Measure(StrEnum):
    """后续处置措施, as the provincial record sheet lists them."""

    NONE = "none"  # nothing found or put right, nothing follows
    STOPPED = "stopped"  # the daily supervisors are told
    ORDERED = "ordered"  # ordered to put right, the daily supervisors follow it up
    CASE = "case"  # a lead for a case: evidence fixed and handed to those who investigate
    INFORMED = "informed"  # against another department's rules: that one is told
    OTHER = "other"


MEASURES = tuple(str(measure) for measure in Measure)


@dataclass(frozen=True, slots=True)
class DepartmentEntry:
    """A row as one of the department's officers entered it. `returned`: why the reviewer sent it back, "" while it
    stands."""

    id: int
    version: int
    types: tuple[str, ...]
    measures: tuple[str, ...]
    note: str
    by: str  # officer
    at: datetime
    late: bool
    returned: str = ""


@dataclass(frozen=True, slots=True)
class DepartmentStanding:
    """A department that inspected: its row, or since when it owes one. `silent`: 视为未完成."""

    department: str
    entry: DepartmentEntry | None
    silent: bool

    @property
    def waiting(self) -> bool:
        """True while it may still enter in time."""
        return self.entry is None and not self.silent


def inspected(sheet: ChecklistSheet, leading: str) -> tuple[str, ...]:
    """The departments that answered, sampled or settled anything, in the order of the sheet; where nobody did (nobody there,
    refused at the door, gone) the leader's alone."""
    done = answered_on_site(sheet) | settled_online(sheet) | sheet.waiting
    return tuple(departments([ask for ask in sheet.asks if ask.number in done])) or (leading,)


def standings(
    owing: Sequence[str], entries: Mapping[str, DepartmentEntry], due: date | None, today: date
) -> tuple[DepartmentStanding, ...]:
    """Each department that owes a row. One that was sent back is owed again."""
    over = due is not None and today > due
    lines = []
    for department in owing:
        entry = entries.get(department)
        standing = None if entry is None or entry.returned else entry
        lines.append(DepartmentStanding(department, standing, standing is None and over))
    return tuple(lines)


def check_measures(measures: Collection[str], types: Collection[str], note: str) -> tuple[str, ...]:
    """The measures in the sheet's order, if they do not contradict each other or the result; none may be named yet."""
    if unknown := sorted(set(measures) - set(MEASURES)):
        raise Refusal("department_result.unknown_measure", article="16(3)", measure=unknown[0])
    chosen = tuple(measure for measure in MEASURES if measure in measures)
    if Measure.NONE in chosen and len(chosen) > 1:
        raise Refusal("department_result.no_measure_stands_alone", article="16(3)")
    if Measure.NONE in chosen and "R08" in types:
        raise Refusal("department_result.follow_up_without_measure", article="17")
    if NO_PROBLEM in types and set(chosen) - {Measure.NONE}:
        raise Refusal("department_result.measure_without_problem", article="16(3)")
    if Measure.OTHER in chosen and not visible(note).strip():
        raise Refusal("entry.other_needs_note", article="16(3)")
    return chosen


def usual(types: Collection[str]) -> tuple[str, ...]:
    """The measure that a form proposes for these result types; nothing where it is for a person to say."""
    if NO_PROBLEM in types:
        return (Measure.NONE.value,)
    if set(types) & PROBLEMS:
        return (Measure.ORDERED.value,) if set(types) <= {"R02", "R05"} else ()
    return (Measure.STOPPED.value,) if types and set(types) <= {*GONE, "R04", "R07"} else ()


def toggled_measure(chosen: Sequence[str], measure: str) -> tuple[str, ...]:
    """The choice after a tap: no measure and the others push each other out."""
    if measure in chosen:
        return tuple(value for value in chosen if value != measure)
    if measure == Measure.NONE:
        return (measure,)
    return tuple(value for value in MEASURES if value in {*chosen, measure} - {Measure.NONE})


def whole(rows: Collection[Sequence[str]]) -> tuple[str, ...]:
    """The result types of the visit as a whole: everything found by any; 未发现问题 if all say so."""
    types = {code for row in rows for code in row}
    return tuple(sorted(types - {NO_PROBLEM} or types))


def joined_notes(notes: Sequence[tuple[str, str]]) -> str:
    """What the departments wrote, each under its name; one alone needs none."""
    written = [(name, note) for name, note in notes if note]
    if len(notes) == 1:
        return written[0][1] if written else ""
    return "\n".join(f"{name}：{note}" for name, note in written)
