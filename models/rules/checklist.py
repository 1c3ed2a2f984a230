"""What counts as an answer, and what is still missing before a section may be closed (Art. 7, 16).

No answer is ever pre-set: untouched is not 合格.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from models.refusal import Refusal
from models.rules import text, value
from models.rules.condition import Clause, PointAnswer, holds
from models.rules.value import TypedValue, ValueKind, blanks, read

__all__ = ["TypedValue", "ValueKind", "blanks", "read"]


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - 合格
    FAIL = "fail"
    NOT_APPLICABLE = "na"


class SampleRule(StrEnum):
    """抽样要求: whether a sample is taken for a question. Where the checklist is silent it may be."""

    REQUIRED = "required"
    ALLOWED = "allowed"
    NONE = "no"


class Gap(StrEnum):
    """Why a question is not finished."""

    ANSWER = "answer"
    VALUE = "value"
    PHOTO = "photo"
    NOTE = "note"
    CONFLICT = "conflict"
    LIMIT = "limit"  # the value contradicts the verdict, and nobody said why
    SAMPLE = "sample"  # a sample is required, none was taken, and nobody said why


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it is asked: `fill_in` names the values to write down, `photo` when one is due."""

    id: int
    number: int
    department: str
    text: str
    basis: str
    kind: ValueKind
    fill_in: str
    photo: str  # always on_fail no
    network: str  # full partial no
    network_source: str
    may_not_apply: bool
    prepare: str = ""
    items: tuple[str, ...] = ()  # that it belongs to
    when: tuple[Clause, ...] = ()  # it is asked only where these hold
    sample: str = SampleRule.ALLOWED

    @property
    def options(self) -> tuple[str, ...]:
        """What may be chosen as its value."""
        return value.options(self.kind, self.fill_in)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What stands as the answer to a question."""

    version: int = 0
    verdict: str = ""
    value: str = ""
    note: str = ""
    photos: int = 0
    conflict: bool = False
    by: str = ""
    method: str = ""  # document sample entrusted; "" on site
    day: str = ""  # on which it was given, YYYY-MM-DD
    samples: int = 0  # taken for the question, reported or not


@dataclass(frozen=True, slots=True)
class Network:
    """What the network check found; a settled question does not come up on site."""

    verdict: str
    source: str
    finding: str
    settles: bool = False
    by: str = ""
    version: int = 0
    at: datetime | None = None
    link: str = ""  # where it was seen, as text
    screenshot: str = ""  # object
    id: int = 0


@dataclass(frozen=True, slots=True)
class ChecklistSheet:
    """检查记录表 of one task: the questions, what was found online, what was answered."""

    asks: tuple[Ask, ...]
    given: Mapping[int, GivenAnswer] = field(default_factory=dict)  # by question number
    network: Mapping[int, Network] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()  # departments whose section is final
    waiting: frozenset[int] = frozenset()  # 待检测: questions whose sample has no report yet
    hidden: tuple[Ask, ...] = ()  # whose condition does not hold; nobody is asked them
    aside: Mapping[int, GivenAnswer] = field(default_factory=dict)  # what was answered to those before
    shares: Mapping[int, str] = field(
        default_factory=dict
    )  # 分工: question number -> the officer who takes it

    def of(self, department: str) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if ask.department == department)

    def on_site(self, department: str) -> tuple[Ask, ...]:
        """The questions of a department that the network check has not settled."""
        return tuple(ask for ask in self.of(department) if not self.settled(ask))

    def settled(self, ask: Ask) -> bool:
        return ask.number in self.network and self.network[ask.number].settles

    def ask(self, number: int) -> Ask:
        for ask in self.asks:
            if ask.number == number:
                return ask
        if any(ask.number == number for ask in self.hidden):
            raise Refusal("checklist.not_asked", article="7", number=number)
        raise Refusal("checklist.no_question", article="7", number=number)

    @property
    def every(self) -> tuple[Ask, ...]:
        """All questions, those with them that nobody is asked now."""
        return (
            tuple(sorted((*self.asks, *self.hidden), key=lambda ask: ask.number))
            if self.hidden
            else self.asks
        )

    def with_answer(self, number: int, given: GivenAnswer) -> ChecklistSheet:
        """The sheet once this stands as the answer: conditions are judged anew."""
        return arranged(replace(self, asks=self.every, given={**self.given, **self.aside, number: given}))


def arranged(sheet: ChecklistSheet) -> ChecklistSheet:
    """A sheet of every question and answer, with those set aside whose condition does not hold. What was answered to them
    stays as it was, and stands again when the condition does."""
    if not any(ask.when for ask in sheet.asks):
        return sheet
    answers: dict[int, PointAnswer] = {}
    hidden = []
    for ask in sheet.asks:
        if holds(ask.when, answers.get):
            answers[ask.number] = _point_answer(sheet, ask)
        else:
            hidden.append(ask)
    gone = {ask.number for ask in hidden}
    return replace(
        sheet, asks=tuple(ask for ask in sheet.asks if ask.number not in gone), hidden=tuple(hidden),
        given={number: given for number, given in sheet.given.items() if number not in gone},
        aside={number: given for number, given in sheet.given.items() if number in gone},
    )  # fmt: skip


def _point_answer(sheet: ChecklistSheet, ask: Ask) -> PointAnswer:
    if sheet.settled(ask):
        network = sheet.network[ask.number]
        return PointAnswer(network.verdict, network.finding if ask.kind != ValueKind.TRI else "")
    given = sheet.given.get(ask.number, GivenAnswer())
    return PointAnswer(given.verdict, given.value)


def settles(ask: Ask, verdict: str) -> bool:
    """Only a question that can wholly be checked online, and was, is settled there (Art. 16 (1))."""
    return ask.network == "full" and verdict in (Verdict.PASS, Verdict.FAIL)


def gaps(ask: Ask, given: GivenAnswer | None) -> tuple[Gap, ...]:
    """What a question still lacks; empty when it is finished."""
    if given is None or (not given.verdict and not given.value):
        return (Gap.ANSWER,)
    missing: list[Gap] = []
    if given.conflict:
        missing.append(Gap.CONFLICT)
    if not given.verdict:
        missing.append(Gap.ANSWER)
    if ask.kind != ValueKind.TRI and not given.value and given.verdict != Verdict.NOT_APPLICABLE:
        missing.append(Gap.VALUE)
    photo_due = ask.photo == "always" or (ask.photo == "on_fail" and given.verdict == Verdict.FAIL)
    if photo_due and not given.photos and given.verdict != Verdict.NOT_APPLICABLE:
        missing.append(Gap.PHOTO)
    if given.verdict == Verdict.FAIL and not given.note:
        missing.append(Gap.NOTE)
    elif not given.note and value.beyond(
        value.limits(ask.kind, ask.fill_in), given.value, given.verdict, given.day
    ):
        missing.append(Gap.LIMIT)
    sampled = given.samples or given.note or given.verdict == Verdict.NOT_APPLICABLE
    if ask.sample == SampleRule.REQUIRED and given.verdict and not sampled:
        missing.append(Gap.SAMPLE)
    return tuple(missing)


def may_sample(ask: Ask, *, planned: bool) -> bool:
    """Whether a sample may be taken for a question. `planned`: sampling is among the plan's ways; a checklist that requires
    a sample needs no such line."""
    return ask.sample == SampleRule.REQUIRED or (planned and ask.sample == SampleRule.ALLOWED)


def open_gaps(sheet: ChecklistSheet, department: str) -> list[tuple[Ask, tuple[Gap, ...]]]:
    """The unfinished questions of a department's section, in order. A sample on its way holds nobody up: its
    report will be the answer.
    """
    result = ((ask, lacking(sheet, ask)) for ask in sheet.on_site(department))
    return [(ask, missing) for ask, missing in result if missing]


def lacking(sheet: ChecklistSheet, ask: Ask) -> tuple[Gap, ...]:
    """What a question of this sheet still lacks from the officers."""
    missing = gaps(ask, sheet.given.get(ask.number))
    if ask.number in sheet.waiting:
        return tuple(gap for gap in missing if gap not in (Gap.ANSWER, Gap.VALUE))
    return missing


def progress(sheet: ChecklistSheet, department: str) -> tuple[int, int]:
    """Finished and all questions of a section; what the network check settled counts as finished."""
    return len(sheet.of(department)) - len(open_gaps(sheet, department)), len(sheet.of(department))


def next_open(sheet: ChecklistSheet, department: str, after: int = 0, officer: str = "") -> Ask | None:
    """The next unanswered question after `after`, else the first one; None when all are answered. Those that a colleague
    of `officer` took come last (分工)."""
    waiting = [
        ask for ask, missing in open_gaps(sheet, department) if Gap.ANSWER in missing or Gap.VALUE in missing
    ]
    waiting = [ask for ask in waiting if sheet.shares.get(ask.number, officer) == officer] or waiting
    return next((ask for ask in waiting if ask.number > after), waiting[0] if waiting else None)


_LINK = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
LINK_LONGEST = 400


def read_link(raw: str) -> str:
    """Where something was seen: a web address as one line of text, or nothing."""
    link = text.visible(raw).strip()
    if link and (not _LINK.fullmatch(link) or len(link) > LINK_LONGEST):
        raise Refusal("network.not_a_link", article="16(1)", limit=LINK_LONGEST)
    return link


def check_verdict(ask: Ask, verdict: str) -> Verdict:
    """The verdict, if this question takes it."""
    if verdict not in tuple(Verdict):
        raise Refusal("checklist.no_verdict", article="16", verdict=verdict)
    if verdict == Verdict.NOT_APPLICABLE and not ask.may_not_apply:
        raise Refusal("checklist.must_apply", article="16", number=ask.number)
    return Verdict(verdict)


def failures(sheet: ChecklistSheet, department: str = "") -> list[int]:
    """Numbers of the questions found wanting, on site or online; of one department, or of all."""
    own = {ask.number for ask in sheet.asks if department in ("", ask.department)}
    wrong = [n for n, given in sheet.given.items() if given.verdict == Verdict.FAIL]
    asked = {ask.number for ask in sheet.asks}
    wrong += [
        n
        for n, network in sheet.network.items()
        if n in asked and network.settles and network.verdict == Verdict.FAIL
    ]
    return sorted(set(wrong) & own)


def departments(asks: Sequence[Ask]) -> list[str]:
    """The departments that have a section, in the order of their first question."""
    return list(dict.fromkeys(ask.department for ask in asks))
