"""What counts as an answer, and what is still missing before a section may be closed (Art. 7, 16).

No answer is ever pre-set: untouched is not 合格.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from models.refusal import Refusal
from models.rules import text


class Kind(StrEnum):
    TRI = "TRI"
    NUM = "NUM"
    DATE = "DATE"
    TEXT = "TEXT"


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - 合格
    FAIL = "fail"
    NOT_APPLICABLE = "na"


class Gap(StrEnum):
    """Why a question is not finished."""

    ANSWER = "answer"
    VALUE = "value"
    PHOTO = "photo"
    NOTE = "note"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it is asked: `fill_in` names the values to write down, `photo` when one is due."""

    id: int
    number: int
    department: str
    text: str
    basis: str
    kind: Kind
    fill_in: str
    photo: str  # always on_fail no
    network: str  # full partial no
    network_source: str
    may_not_apply: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What stands as the answer to a question."""

    version: int = 0
    verdict: str = ""
    value: str = ""
    note: str = ""
    photos: int = 0
    conflict: bool = False
    by: str = ""
    method: str = ""  # document sample entrusted; "" on site


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
class Sheet:
    """检查记录表 of one task: the questions, what was found online, what was answered."""

    asks: tuple[Ask, ...]
    given: Mapping[int, Given] = field(default_factory=dict)  # by question number
    network: Mapping[int, Network] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()  # departments whose section is final
    waiting: frozenset[int] = frozenset()  # 待检测: questions whose sample has no report yet

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
        raise Refusal("checklist.no_question", article="7", number=number)


def settles(ask: Ask, verdict: str) -> bool:
    """Only a question that can wholly be checked online, and was, is settled there (Art. 16 (1))."""
    return ask.network == "full" and verdict in (Verdict.PASS, Verdict.FAIL)


def gaps(ask: Ask, given: Given | None) -> tuple[Gap, ...]:
    """What a question still lacks; empty when it is finished."""
    if given is None or (not given.verdict and not given.value):
        return (Gap.ANSWER,)
    missing: list[Gap] = []
    if given.conflict:
        missing.append(Gap.CONFLICT)
    if not given.verdict:
        missing.append(Gap.ANSWER)
    if ask.kind != Kind.TRI and not given.value and given.verdict != Verdict.NOT_APPLICABLE:
        missing.append(Gap.VALUE)
    photo_due = ask.photo == "always" or (ask.photo == "on_fail" and given.verdict == Verdict.FAIL)
    if photo_due and not given.photos and given.verdict != Verdict.NOT_APPLICABLE:
        missing.append(Gap.PHOTO)
    if ask.photo == "no" and given.verdict == Verdict.FAIL and not given.note:
        missing.append(Gap.NOTE)
    return tuple(missing)


def open_gaps(sheet: Sheet, department: str) -> list[tuple[Ask, tuple[Gap, ...]]]:
    """The unfinished questions of a department's section, in order. A sample on its way holds nobody up: its
    report will be the answer.
    """
    found = ((ask, lacking(sheet, ask)) for ask in sheet.on_site(department))
    return [(ask, missing) for ask, missing in found if missing]


def lacking(sheet: Sheet, ask: Ask) -> tuple[Gap, ...]:
    """What a question of this sheet still lacks from the officers."""
    missing = gaps(ask, sheet.given.get(ask.number))
    if ask.number in sheet.waiting:
        return tuple(gap for gap in missing if gap not in (Gap.ANSWER, Gap.VALUE))
    return missing


def progress(sheet: Sheet, department: str) -> tuple[int, int]:
    """Finished and all questions of a section; what the network check settled counts as finished."""
    return len(sheet.of(department)) - len(open_gaps(sheet, department)), len(sheet.of(department))


def next_open(sheet: Sheet, department: str, after: int = 0) -> Ask | None:
    """The next unanswered question after `after`, else the first one; None when all are answered."""
    waiting = [
        ask for ask, missing in open_gaps(sheet, department) if Gap.ANSWER in missing or Gap.VALUE in missing
    ]
    return next((ask for ask in waiting if ask.number > after), waiting[0] if waiting else None)


def blanks(fill_in: str) -> int:
    """How many values a NUM question asks for: 「应持/实持」 two, 「在册人数」 one."""
    return max(1, len([part for part in re.split(r"[/,，]", fill_in) if part.strip()]))


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed value in its one form; `sure` is False when a person should look at it once more (昨天)."""

    value: str
    sure: bool = True


def read(ask: Ask, raw: str, today: date) -> Typed:
    """The value that `raw` means for `ask`; refuses with range and example what does not fit."""
    folded = unicodedata.normalize("NFKC", text.visible(raw)).strip()
    if not folded:
        raise Refusal("checklist.value_empty", article="16", fill_in=ask.fill_in)
    if ask.kind == Kind.NUM:
        return Typed(_numbers(folded, ask.fill_in))
    if ask.kind == Kind.DATE:
        return _date(folded, today)
    return Typed(raw.strip())


_LINK = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
LINK_LONGEST = 400


def read_link(raw: str) -> str:
    """Where something was seen: a web address as one line of text, or nothing."""
    link = text.visible(raw).strip()
    if link and (not _LINK.fullmatch(link) or len(link) > LINK_LONGEST):
        raise Refusal("network.not_a_link", article="16(1)", limit=LINK_LONGEST)
    return link


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf(?:inity)?", re.IGNORECASE)


def _numbers(folded: str, fill_in: str) -> str:
    """Numbers joined by `/`; decimals only where money, degrees or per cent are asked for."""
    count, decimals = blanks(fill_in), bool(re.search(r"[元℃%]", fill_in))
    found = _NUMBER.findall(folded)
    left = re.sub(r"[\d\s/,;、.+\-]|[一-鿿]|[%℃]", "", folded)
    written = re.search(r"[〇零一二三四五六七八九十百千万两]", folded)
    example = "/".join(["10", "9", "8"][:count])
    if len(found) != count or written or (left and not left.isascii()) or re.search(r"[a-zA-Z]", folded):
        raise Refusal("checklist.not_a_number", article="16", count=count, fill_in=fill_in, example=example)
    for one in found:
        number = float(one)
        low = -100 if "℃" in fill_in else 0
        if (
            not math.isfinite(number)
            or not low <= number <= 999_999_999
            or (not decimals and not one.isdigit())
        ):
            raise Refusal(
                "checklist.out_of_range", article="16", value=one, low=low, high=999_999_999, example=example
            )
    return "/".join(one.lstrip("+") for one in found)


_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_SPOKEN = {
    "今天": 0,
    "昨天": -1,
    "明天": 1,
    "前天": -2,
    "后天": 2,
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
}


def _date(folded: str, today: date) -> Typed:
    if folded.lower() in _SPOKEN:
        return Typed((today + timedelta(days=_SPOKEN[folded.lower()])).isoformat(), sure=False)
    match = _DATE.fullmatch(folded) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", folded)
    try:
        if match:
            return Typed(date(*(int(part) for part in match.groups())).isoformat())
    except ValueError:
        pass
    raise Refusal("checklist.not_a_date", article="16", value=folded[:40], example=f"{today.year + 2}-05-31")


def check_verdict(ask: Ask, verdict: str) -> Verdict:
    """The verdict, if this question takes it."""
    if verdict not in tuple(Verdict):
        raise Refusal("checklist.no_verdict", article="16", verdict=verdict)
    if verdict == Verdict.NOT_APPLICABLE and not ask.may_not_apply:
        raise Refusal("checklist.must_apply", article="16", number=ask.number)
    return Verdict(verdict)


def failures(sheet: Sheet) -> list[int]:
    """Numbers of the questions found wanting, on site or online."""
    wrong = [n for n, given in sheet.given.items() if given.verdict == Verdict.FAIL]
    wrong += [n for n, found in sheet.network.items() if found.settles and found.verdict == Verdict.FAIL]
    return sorted(set(wrong))


def departments(asks: Sequence[Ask]) -> list[str]:
    """The departments that have a section, in the order of their first question."""
    return list(dict.fromkeys(ask.department for ask in asks))
