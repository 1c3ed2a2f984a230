"""保管期限: permanent, 30 or 10 years, counted from the year after the archive (Art. 20; 国家档案局令第8号)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.text import visible

ARTICLE = "20"
PERMANENT = 0
CLASSES = (10, 30, PERMANENT)
"""Years; a department that names none keeps its dossiers for good."""
LONGEST, MOST = 500, 500


def last_day(sealed_on: date, years: int) -> date | None:
    """The last day of the term; None where it never ends."""
    return None if years == PERMANENT else date(sealed_on.year + years, 12, 31)


def sealed_before(until: date, years: int) -> date | None:
    """What was sealed before this day has a term that ends by `until`; None where a term never ends."""
    return None if years == PERMANENT else date((until + timedelta(days=1)).year - years, 1, 1)


def check_term(years: int, basis: str) -> str:
    """The basis as it is kept. Refuses a class that is none, or one without its basis."""
    if years not in CLASSES:
        raise Refusal("retention.class", ARTICLE, years=years)
    return _words(basis)


def check_list(numbers: Collection[str], over: Collection[str], reason: str) -> str:
    """The reason as it is kept. Refuses an empty list, and every dossier whose term is not over."""
    if not numbers or len(numbers) > MOST:
        raise Refusal("retention.empty", ARTICLE, most=MOST)
    if running := sorted(set(numbers) - set(over)):
        raise Refusal("retention.running", ARTICLE, task=running[0], n=len(running))
    return _words(reason)


def check_four_eyes(proposer: int, by: Actor) -> None:
    """Another person than the one who proposed it, each in their own name."""
    if by.account == proposer:
        raise Refusal("retention.same_person", ARTICLE)
    check_own_name(by)


def check_own_name(by: Actor) -> None:
    """Nobody stands in for one of the two persons."""
    if by.through or by.account is None:
        raise Refusal("retention.own_name", ARTICLE)


def _words(text: str) -> str:
    if not visible(text).strip():
        raise Refusal("retention.no_reason", ARTICLE)
    if len(text.strip()) > LONGEST:
        raise Refusal("retention.too_long", ARTICLE, most=LONGEST)
    return text.strip()
