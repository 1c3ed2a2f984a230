"""出现条件: a point is asked only where earlier points of its department were answered so (Art. 7, 16).

Written as `3=不合格；5=自有`: every part must hold. A verdict, an option, or a number with >=, <=, >, <. What was not
answered, and what is not asked itself, holds nothing. The phone judges by the same rules (`server/companion/static/sheet.js`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

VERDICTS = {"合格": "pass", "不合格": "fail", "不适用": "na"}
_PART = re.compile(r"(?:第\s*)?([0-9]{1,4})(?:\s*项)?\s*(!=|≠|>=|≥|<=|≤|=|>|<)\s*(\S.*)")
_SIGNS = {"≠": "!=", "≥": ">=", "≤": "<="}
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")


class Clause(NamedTuple):
    """`number`: of the earlier point; `word`: a verdict (pass, fail, na), an option, or a number."""

    number: int
    sign: str
    word: str


class PointAnswer(NamedTuple):
    """What stands as the answer to a point: its verdict and its value, each "" where there is none."""

    verdict: str
    value: str


def read_condition(written: str) -> tuple[Clause, ...]:
    """The parts of a condition; raises ValueError with the part that cannot be read."""
    parts = [part.strip() for part in re.split("[;；]|且", written) if part.strip()]
    return tuple(_clause(part) for part in parts)


def _clause(part: str) -> Clause:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(part)
    sign, word = _SIGNS.get(match[2], match[2]), match[3].strip()
    if sign in (">=", "<=", ">", "<") and not _NUMBER.fullmatch(word):
        raise ValueError(part)
    return Clause(int(match[1]), sign, VERDICTS.get(word, word))


def written(clauses: tuple[Clause, ...]) -> str:
    """A condition in its one form, as a list keeps it."""
    words = {verdict: word for word, verdict in VERDICTS.items()}
    return "；".join(f"{c.number}{c.sign}{words.get(c.word, c.word)}" for c in clauses)


def holds(clauses: tuple[Clause, ...], answer_of: Callable[[int], PointAnswer | None]) -> bool:
    """Whether every part holds. `answer_of`: what stands as the answer to a point, None where it is not asked."""
    return all(_holds(clause, answer_of(clause.number)) for clause in clauses)


def _holds(clause: Clause, answer: PointAnswer | None) -> bool:
    if answer is None or not (answer.verdict or answer.value):
        return False
    if clause.sign in ("=", "!="):
        words = {answer.verdict, answer.value, *answer.value.split("、")}
        return (clause.word in words) is (clause.sign == "=")
    if not _NUMBER.fullmatch(answer.value):
        return False
    value, limit = float(answer.value), float(clause.word)
    return {">=": value >= limit, "<=": value <= limit, ">": value > limit, "<": value < limit}[clause.sign]
