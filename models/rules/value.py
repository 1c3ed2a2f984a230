"""The values that a question asks to write down: how they are read, what they may be, what contradicts a verdict (Art. 7, 16).

The phone reads and judges by the same rules without reception (`server/field/static/value.js`); the table
`tests/vectors/checklist.json` is run by both. What a question allows travels with it as `Limits`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal, Protocol

from models.refusal import Refusal
from models.rules import text

HIGHEST, COLDEST, FULL = 999_999_999, -100, 100


class Kind(StrEnum):
    TRI = "TRI"
    NUM = "NUM"
    DATE = "DATE"
    TEXT = "TEXT"


class Asking(Protocol):
    """What is known of a question when its value is read."""

    @property
    def kind(self) -> Kind: ...
    @property
    def fill_in(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Number:
    """What one number may be; anything else is no such number."""

    low: int = 0
    high: int = HIGHEST
    decimals: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """Between a value and what it is measured by: `at` compares the value at `place` with `than`, a number, the value
    at another place, or the day of the answer. `when`: always, or only where the verdict is 合格."""

    place: int
    at: Literal["<=", ">=", "=="]
    than: Literal["number", "place", "day"]
    of: int = 0
    when: Literal["always", "pass"] = "pass"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the question allows: `numbers` in order for NUM; `bounds` ask a person again, they never refuse."""

    numbers: tuple[Number, ...] = ()
    bounds: tuple[Bound, ...] = ()


_NOT_IN_ORDER = re.compile("不合格|不符合|不一致|违规|问题|过期|失效")
_IN_ORDER = re.compile("合格|符合|一致|登记|实|有效|已|持证|协议|规范|参保")
_WHOLE = re.compile("应|抽查|抽检|在岗|在住|在册|总|上机|观察|职工")
_ALLOWED, _THERE = re.compile("许可|核定|批准"), re.compile("现场|实")
_LEAST = re.compile("([≥≤])\\s*([0-9]{1,9})")
_UNTIL = re.compile("有效期|到期|下次")


def blanks(fill_in: str) -> int:
    """How many values a NUM question asks for: 「应持/实持」 two, 「在册人数」 one."""
    return len(_parts(fill_in))


def _parts(fill_in: str) -> list[str]:
    return [part for part in re.split(r"[/,，]", fill_in) if part.strip()] or [""]


@lru_cache(maxsize=1024)
def limits(kind: Kind, fill_in: str) -> Limits:
    """The limits that the words of the question set."""
    if kind == Kind.DATE:
        return Limits(bounds=(Bound(0, ">=", "day"),) if _UNTIL.search(fill_in) else ())
    if kind != Kind.NUM:
        return Limits()
    parts = _parts(fill_in)
    numbers = tuple(
        Number(
            COLDEST if "℃" in part else 0,
            FULL if "%RH" in part else HIGHEST,
            bool(re.search(r"[元℃%]", part)),
        )
        for part in parts
    )
    least = [
        Bound(place, "<=" if sign == "≤" else ">=", "number", int(number))
        for place, part in enumerate(parts)
        for sign, number in _LEAST.findall(part)
    ]
    return Limits(numbers, (*least, *_pair(parts)))


def _pair(parts: list[str]) -> tuple[Bound, ...]:
    """Of two numbers, how many were looked at and how many of those were in order."""
    if len(parts) != 2:
        return ()
    first, second = parts
    if _NOT_IN_ORDER.search(second) and _WHOLE.search(first):
        return Bound(1, "<=", "place", 0, "always"), Bound(1, "==", "number", 0)
    if _ALLOWED.search(first) and _THERE.search(second):
        return (Bound(1, "<=", "place", 0),)
    if _WHOLE.search(first) and _IN_ORDER.search(second):
        return Bound(1, "<=", "place", 0, "always"), Bound(1, "==", "place", 0)
    if _IN_ORDER.search(first) and _WHOLE.search(second):
        return Bound(0, "<=", "place", 1, "always"), Bound(0, "==", "place", 1)
    return ()


def beyond(known: Limits, value: str, verdict: str, day: str) -> bool:
    """True when a value is out of its question's own limits: 10/9 as 合格, more in order than were looked at, a
    certificate that has run out as 合格. `day`: of the answer, YYYY-MM-DD; "" when it is not known."""
    said = value.split("/") if known.numbers else [value]
    if not value or len(said) != max(1, len(known.numbers)):
        return False
    return any(_broken(bound, said, verdict, day) for bound in known.bounds)


def _broken(bound: Bound, said: list[str], verdict: str, day: str) -> bool:
    if bound.when == "pass" and verdict != "pass":
        return False
    if bound.than == "day":
        return bool(day) and said[bound.place] < day
    one = float(said[bound.place])
    other = float(said[bound.of]) if bound.than == "place" else bound.of
    return not {"<=": one <= other, ">=": one >= other, "==": one == other}[bound.at]


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed value in its one form; `sure` is False when a person should look at it once more (昨天)."""

    value: str
    sure: bool = True


def read(ask: Asking, raw: str, today: date) -> Typed:
    """The value that `raw` means for `ask`; refuses with range and example what does not fit."""
    shown = text.visible(raw)
    folded = _SPACE.sub(" ", unicodedata.normalize("NFKC", shown)).strip()
    if not folded:
        raise Refusal("checklist.value_empty", article="16", fill_in=ask.fill_in)
    if ask.kind == Kind.NUM:
        return Typed(_numbers(folded, ask.fill_in))
    if ask.kind == Kind.DATE:
        return _date(folded, today)
    return Typed(shown.strip())


_SPACE = re.compile("[\\s\u0085\ufeff]+")
_UNITS = re.compile("°c|rh", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_WRITTEN = re.compile("[〇零一二三四五六七八九十百千万两]")
_WORDS = re.compile("[0-9 /,;、.+\\-%\u4e00-\u9fff]")


def _numbers(folded: str, fill_in: str) -> str:
    """Numbers joined by `/`; decimals only where money, degrees or per cent are asked for."""
    bare = _UNITS.sub("", folded)
    allowed = limits(Kind.NUM, fill_in).numbers
    count, found = len(allowed), _NUMBER.findall(bare)
    example = "/".join(["10", "9", "8"][:count])
    left = _WORDS.sub("", bare)
    if len(found) != count or _WRITTEN.search(bare) or not left.isascii() or re.search("[a-zA-Z]", left):
        raise Refusal("checklist.not_a_number", article="16", count=count, fill_in=fill_in, example=example)
    for one, number in zip(found, allowed, strict=True):
        whole = one.lstrip("+-").isdigit()
        if not number.low <= float(one) <= number.high or (not number.decimals and not whole):
            raise Refusal(
                "checklist.out_of_range",
                article="16",
                value=one,
                low=number.low,
                high=number.high,
                example=example,
            )
    return "/".join(map(_plain, found))


def _plain(number: str) -> str:
    """+5 as 5, .5 as 0.5, 5. as 5, -0 as 0; figures are otherwise kept as they were typed."""
    sign, figures = ("-" if number[0] == "-" and float(number) else ""), number.lstrip("+-").removesuffix(".")
    return sign + ("0" + figures if figures.startswith(".") else figures)


_DATE = re.compile(r"([0-9]{4}) ?[-./年] ?([0-9]{1,2}) ?[-./月] ?([0-9]{1,2}) ?日?")
_FIGURES = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
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
    match = _DATE.fullmatch(folded) or _FIGURES.fullmatch(folded)
    try:
        if match:
            return Typed(date(*(int(part) for part in match.groups())).isoformat())
    except ValueError:
        pass
    raise Refusal("checklist.not_a_date", article="16", value=folded[:40], example=f"{today.year + 2}-05-31")
