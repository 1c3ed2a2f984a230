"""稍后提醒: which terms somebody does not want to hear of now, and which are to be said again (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from models.tables import Snooze

TermKey = tuple[str, str, date]
"""What a term is of, its kind, its last day."""


@dataclass(frozen=True, slots=True)
class PutOff:
    """The newest silence of one person about one term: from `at` on, and spoken again on the day `until`."""

    id: int
    until: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Snoozes:
    """By term and account."""

    rows: dict[tuple[TermKey, int], PutOff] = field(default_factory=dict)

    def silent(self, term: TermKey, today: date) -> set[int]:
        """Who does not hear of it today."""
        return {
            account for (of, account), put_off in self.rows.items() if of == term and put_off.until > today
        }

    def over(self, term: TermKey, account: int, today: date) -> PutOff | None:
        """A silence that has ended: what was said before it is said again."""
        put_off = self.rows.get((term, account))
        return put_off if put_off and put_off.until <= today else None

    def ended(self, term: TermKey, today: date) -> dict[int, int]:
        """By account the number of the silence that has ended."""
        return {
            account: put_off.id
            for (of, account), put_off in self.rows.items()
            if of == term and put_off.until <= today
        }


async def of_subjects(subjects: Iterable[str], account: int | None = None) -> Snoozes:
    """Every silence about what these terms are of; `account`: only this one's."""
    chosen = Snooze.filter(subject__in=list(dict.fromkeys(subjects)))
    if account is not None:
        chosen = chosen.filter(account_id=account)
    return Snoozes(
        {
            ((row.subject, row.kind, row.due), row.account_id): PutOff(row.id, row.until, row.at)
            for row in await chosen.order_by("id")
        }
    )
