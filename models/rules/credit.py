"""信用记录: when a published result may go into it, what of it may leave, when repair is heard (Art. 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.refusal import Refusal
from models.rules.entry import NO_PROBLEM, NO_SUCH_BUSINESS
from models.rules.text import visible

ARTICLE = "19"
USUAL_YEARS, MOST_YEARS = 1, 3
"""How long an entry is valid: proposed, and at most (国家发展改革委令第58号: no longer than three years)."""
LONGEST = 2000
REPAIR = "repair"
"""The step by which the entity is told what became of its application; it may come after the archive."""
NOTHING_TO_REPAIR = frozenset({NO_PROBLEM, NO_SUCH_BUSINESS})

FIELDS = (
    "number", "task", "target", "code", "title", "department", "types", "published", "valid_until", "state", "stopped",
)  # fmt: skip
"""What an export says of an entry: public facts alone."""


class CreditState(StrEnum):
    STANDS = "stands"
    DISPUTED = "disputed"  # a correction is under way, or an objection is open: nothing of it leaves
    CORRECTED = "corrected"  # another version is public since: to be entered anew
    WITHDRAWN = "withdrawn"  # the result is public no more
    REPAIRED = "repaired"
    EXPIRED = "expired"


STOPPED = (CreditState.CORRECTED, CreditState.WITHDRAWN, CreditState.REPAIRED, CreditState.EXPIRED)
"""What the credit record has to take off: said by number alone, never again what the result was."""


@dataclass(frozen=True, slots=True)
class PublicStanding:
    """What is public of a task now. `since`: its day; `objection_until`: the last day of the term of objection;
    `disputed`: an objection or a correction waits; `entered`: what is public is in the record already."""

    since: date
    withdrawn: bool
    objection_until: date
    disputed: bool
    entered: bool


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """An entry beside what is public of its task. `current`: the version that was entered is the public one."""

    current: bool
    withdrawn: bool
    disputed: bool
    repaired: bool
    valid_until: date


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def check_entry(public: PublicStanding | None, valid_until: date, today: date, task: str) -> None:
    """Refuses what is not public, withdrawn, disputed or may still be, is entered already, and a validity that is
    over or longer than `MOST_YEARS`."""
    if public is None or public.withdrawn:
        raise Refusal("credit.not_public", ARTICLE, task=task)
    if public.entered:
        raise Refusal("credit.entered", ARTICLE, task=task)
    if public.disputed:
        raise Refusal("credit.disputed", ARTICLE, task=task)
    if today <= public.objection_until:
        raise Refusal("credit.objection_term", ARTICLE, task=task, day=public.objection_until)
    last = years_after(public.since, MOST_YEARS)
    if not today < valid_until <= last:
        raise Refusal("credit.validity", ARTICLE, day=valid_until, last=last)


def state_of(facts: CreditFacts, today: date) -> CreditState:
    """Where an entry stands today; what is gone for good comes first."""
    if facts.withdrawn:
        return CreditState.WITHDRAWN
    if facts.repaired:
        return CreditState.REPAIRED
    if not facts.current:
        return CreditState.CORRECTED
    if today > facts.valid_until:
        return CreditState.EXPIRED
    return CreditState.DISPUTED if facts.disputed else CreditState.STANDS


def leaves(state: CreditState) -> bool:
    """Whether an export names the entry at all."""
    return state != CreditState.DISPUTED


def repairable(state: CreditState, types: Sequence[str]) -> bool:
    """Whether the entity may ask for repair: the entry stands and says that something was found."""
    return state == CreditState.STANDS and not set(types) <= NOTHING_TO_REPAIR


def check_repair(state: CreditState, types: Sequence[str], text: str) -> str:
    """The application's words as they are kept. Refuses one for an entry that does not stand or found nothing."""
    if not repairable(state, types):
        raise Refusal("credit.nothing_to_repair", ARTICLE)
    if not visible(text).strip():
        raise Refusal("credit.no_text", ARTICLE)
    return _words(text)


def check_decision(granted: bool, open_orders: int, reason: str) -> str:
    """The reason as it is kept. Refuses to grant while an order to rectify is not verified."""
    if not visible(reason).strip():
        raise Refusal("credit.no_reason", ARTICLE)
    if granted and open_orders:
        raise Refusal("credit.not_rectified", ARTICLE, n=open_orders)
    return _words(reason)


def _words(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST:
        raise Refusal("credit.too_long", ARTICLE, most=LONGEST)
    return words
