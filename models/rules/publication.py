"""公示: what it waits for, and which receipts of the provincial platform can be right (Art. 8, 16 (3))."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from models.refusal import Refusal
from models.rules import text
from models.rules.workdays import Calendar

LONGEST_RECEIPT = 80


@dataclass(frozen=True, slots=True)
class ResultStanding:
    """Where a reviewed result stands with the entity. `told`: the day on which it learnt of the result, if it did;
    `owed`: the day from which it should have; `agreed`: it said 无异议; `signed`: the record sheet is signed by
    it, refused before a witness, or there was nobody to sign (Art. 18)."""

    owed: date
    told: date | None
    agreed: bool
    signed: bool


def open_until(calendar: Calendar, days: int, standing: ResultStanding) -> date:
    """The last day on which the entity may answer before the result is published."""
    begins = standing.told or standing.owed
    return calendar.nth_workday_after(begins, days).date if days else begins


def answering(calendar: Calendar, days: int, standing: ResultStanding, today: date) -> bool:
    """Whether the entity may still answer, so that nothing is published yet."""
    until = open_until(calendar, days, standing)
    return not standing.agreed and (today <= until if days else today < until)


def lacking(standing: ResultStanding) -> tuple[str, ...]:
    """What publication needs a reason for: `untold`, `unsigned`."""
    untold = not standing.told and not standing.agreed
    return (*(["untold"] if untold else []), *([] if standing.signed else ["unsigned"]))


def check(
    calendar: Calendar, days: int, standing: ResultStanding, today: date, *, unsigned: str, untold: str
) -> None:
    """Refuse publication while the entity may still answer, or without a reason for what is missing."""
    if not standing.told and not standing.agreed and not untold:
        raise Refusal("publication.not_told", article="16(3)")
    if answering(calendar, days, standing, today):
        raise Refusal("publication.reply_open", article="16(3)", day=open_until(calendar, days, standing))
    if not standing.signed and not unsigned:
        raise Refusal("publication.no_record", article="16(3)")


def receipt_number(typed: str) -> str:
    """A receipt's number in its one form; refuses none and what is too long."""
    number = " ".join(unicodedata.normalize("NFKC", text.visible(typed)).split())
    if not number or len(number) > LONGEST_RECEIPT:
        raise Refusal("publication.no_receipt", article="8", limit=LONGEST_RECEIPT)
    return number


def check_receipt_day(day: date, ended: date, today: date) -> None:
    """Refuse a receipt that is older than the end of the visit, or of a day to come."""
    if day < ended:
        raise Refusal("publication.receipt_before_visit", article="8", day=day, ended=ended)
    if day > today:
        raise Refusal("publication.receipt_to_come", article="8", day=day)
