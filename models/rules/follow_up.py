"""后续处理: 立案, 移交 to the authority in charge, 移送司法, 后续监管 (Art. 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from models.refusal import Refusal
from models.rules.entry import NO_PROBLEM, NO_SUCH_BUSINESS
from models.rules.text import visible

ARTICLE = "17"
LONGEST, LONGEST_NAME = 2000, 120
NOTHING = frozenset({NO_PROBLEM, NO_SUCH_BUSINESS})
"""Results after which nothing follows."""


class FollowUpKind(StrEnum):
    CASE = "case"  # 立案: a case filed by the department itself
    REFERRAL = "referral"  # 移交: the clue goes to the authority in charge
    JUDICIAL = "judicial"  # 移送司法: its content is seen by the referring head alone
    SUPERVISION = "supervision"  # 后续监管: the department looks again by a day


SENT = (FollowUpKind.REFERRAL, FollowUpKind.JUDICIAL)
"""Those that another authority has to acknowledge."""


@dataclass(frozen=True, slots=True)
class FollowUpForm:
    """`day`: filed or sent on, for 后续监管 to be looked at by. `reference`: case number, number of the letter."""

    kind: str
    day: date
    reference: str = ""
    authority: str = ""
    text: str = ""


def check(form: FollowUpForm, types: Sequence[str] | None, ended_on: date, today: date) -> FollowUpForm:
    """The form as it is kept. `types`: of the result that stands, None without one.

    Refused: an unknown kind, a result that found nothing, a missing number, authority or reason, a day before
    the end of the visit or to come (for 后续监管: one that is not to come).
    """
    if form.kind not in tuple(FollowUpKind):
        raise Refusal("follow_up.kind", ARTICLE, kind=form.kind)
    if types is None:
        raise Refusal("follow_up.no_result", ARTICLE)
    if set(types) <= NOTHING:
        raise Refusal("follow_up.nothing_found", ARTICLE)
    trimmed = replace(
        form, reference=form.reference.strip(), authority=form.authority.strip(), text=form.text.strip()
    )
    _check_words(trimmed)
    if trimmed.kind == FollowUpKind.SUPERVISION:
        if trimmed.day <= today:
            raise Refusal("follow_up.day_to_come", ARTICLE, day=trimmed.day)
    elif not ended_on <= trimmed.day <= today:
        raise Refusal("follow_up.day_past", ARTICLE, day=trimmed.day, first=ended_on, last=today)
    return trimmed


def _check_words(form: FollowUpForm) -> None:
    if form.kind != FollowUpKind.SUPERVISION and not form.reference:
        raise Refusal("follow_up.no_reference", ARTICLE)
    if form.kind in SENT and not form.authority:
        raise Refusal("follow_up.no_authority", ARTICLE)
    if form.kind != FollowUpKind.CASE and not form.text:
        raise Refusal("follow_up.no_text", ARTICLE)
    if len(form.text) > LONGEST or max(len(form.reference), len(form.authority)) > LONGEST_NAME:
        raise Refusal("follow_up.too_long", ARTICLE, most=LONGEST, name=LONGEST_NAME)


def check_end(text: str, day: date, first: date, today: date) -> str:
    """What came of it, as it is kept. It ends on a day since it was begun, never to come."""
    if not visible(text).strip():
        raise Refusal("follow_up.no_outcome", ARTICLE)
    if not first <= day <= today:
        raise Refusal("follow_up.day_past", ARTICLE, day=day, first=first, last=today)
    return text.strip()[:LONGEST]
