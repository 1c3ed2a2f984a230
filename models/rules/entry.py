"""抽查结果: which result types go together, and with which answers (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence

from models.refusal import Refusal
from models.rules.cooperation import UNCOOPERATIVE, UNREACHABLE
from models.rules.text import visible

NO_PROBLEM, NO_SUCH_BUSINESS, OTHER = "R01", "R07", "R14"
PROBLEMS = frozenset({"R02", "R03", "R05", "R06", "R08"})
GONE = frozenset({"R09", "R10", "R11", "R12", "R13"})
ALL = tuple(f"R{n:02d}" for n in range(1, 15))


def check_types(
    types: Sequence[str], failures: Sequence[int], note: str, established: Sequence[str] = ()
) -> tuple[str, ...]:
    """The result types in order, if they may stand together and do not contradict the answers.

    未发现问题 excludes every other type, and is refused while a question was answered 不合格.
    A failed question needs a type that says so. `established`: types that two officers and the head have
    settled already (Art. 18).
    """
    chosen = tuple(sorted(set(types)))
    if not chosen:
        raise Refusal("entry.no_type", article="16(3)")
    if unknown := [code for code in chosen if code not in ALL]:
        raise Refusal("entry.unknown_type", article="16(3)", type=unknown[0])
    if UNCOOPERATIVE in established and UNCOOPERATIVE not in chosen:
        raise Refusal("entry.refusal_unnamed", article="18")
    if UNREACHABLE in established and UNREACHABLE not in chosen:
        raise Refusal("entry.absence_unnamed", article="16(2)")
    if missing := [code for code in established if code in GONE and code not in chosen]:
        raise Refusal("entry.gone_unnamed", article="16(1)", result=missing[0])
    if NO_PROBLEM in chosen and len(chosen) > 1:
        raise Refusal("entry.no_problem_stands_alone", article="16(3)", others=list(chosen[1:]))
    if NO_PROBLEM in chosen and failures:
        raise Refusal("entry.contradicts_answers", article="16(3)", numbers=list(failures))
    if failures and not (set(chosen) & (PROBLEMS | {OTHER})):
        raise Refusal("entry.problem_unnamed", article="16(3)", numbers=list(failures))
    if OTHER in chosen and not visible(note).strip():
        raise Refusal("entry.other_needs_note", article="16(3)")
    return chosen


def toggled(chosen: Sequence[str], code: str) -> tuple[str, ...]:
    """The choice after a tap: a second tap takes a type back; 未发现问题 and the others push each other out."""
    if code in chosen:
        return tuple(value for value in chosen if value != code)
    if code == NO_PROBLEM:
        return (NO_PROBLEM,)
    return tuple(sorted({*chosen, code} - {NO_PROBLEM}))
