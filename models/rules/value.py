"""The values that a question asks to write down: how they are read, what they may be, what contradicts a verdict (Art. 7, 16).

The phone reads and judges by the same rules without reception (`server/companion/static/value.js`); the table
`tests/vectors/checklist.json` is run by both. What a question allows travels with it as `ValueLimits`.
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


class ValueKind(StrEnum):
    TRI = "TRI"
    NUM = "NUM"
    DATE = "DATE"
    TEXT = "TEXT"
    ONE = "ONE"  # one of several options
    MANY = "MANY"  # several of them


class Asking(Protocol):
    """What is known of a question when its value is read."""

    @property
    def kind(self) -> ValueKind: ...
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
class ValueLimits:
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
def options(kind: ValueKind, fill_in: str) -> tuple[str, ...]:
    """What may be chosen: 「经营场所：自有/租赁/其他」 three. None of a question that offers no choice."""
    if kind not in (ValueKind.ONE, ValueKind.MANY):
        return ()
    listed = re.split("[：:]", fill_in, maxsplit=1)[-1]
    return tuple(dict.fromkeys(part for part in (part.strip() for part in _SPLIT.split(listed)) if part))


def toggled(ask: Asking, value: str, option: str) -> str:
    """The value once an option is tapped: the option alone, or of several with or without it, never none of them."""
    taken = set(value.split("、")) if ask.kind == ValueKind.MANY and value else set()
    chosen = taken ^ {option} or {option}
    return "、".join(one_of for one_of in options(ask.kind, ask.fill_in) if one_of in chosen)


_SPLIT = re.compile("[/／;；、,，]")


@lru_cache(maxsize=1024)
def limits(kind: ValueKind, fill_in: str) -> ValueLimits:
    """The limits that the words of the question set."""
    if kind == ValueKind.DATE:
        return ValueLimits(bounds=(Bound(0, ">=", "day"),) if _UNTIL.search(fill_in) else ())
    if kind != ValueKind.NUM:
        return ValueLimits()
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
    return ValueLimits(numbers, (*least, *_pair(parts)))


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


def beyond(known: ValueLimits, value: str, verdict: str, day: str) -> bool:
    """True when a value is out of its question's own limits: 10/9 as 合格, more in order than were looked at, a
    certificate that has run out as 合格. `day`: of the answer, YYYY-MM-DD; "" when it is not known."""
    lines = value.split("/") if known.numbers else [value]
    if not value or len(lines) != max(1, len(known.numbers)):
        return False
    return any(_broken(bound, lines, verdict, day) for bound in known.bounds)


def _broken(bound: Bound, lines: list[str], verdict: str, day: str) -> bool:
    if bound.when == "pass" and verdict != "pass":
        return False
    if bound.than == "day":
        return bool(day) and lines[bound.place] < day
    number = float(lines[bound.place])
    other = float(lines[bound.of]) if bound.than == "place" else bound.of
    return not {"<=": number <= other, ">=": number >= other, "==": number == other}[bound.at]


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A typed value in its one form; `sure` is False when a person should look at it once more (昨天)."""

    value: str
    sure: bool = True


def read(ask: Asking, raw: str, today: date) -> TypedValue:
    """The value that `raw` means for `ask`; refuses with range and example what does not fit."""
    shown = text.visible(raw)
    folded = _SPACE.sub(" ", unicodedata.normalize("NFKC", shown)).strip()
    if not folded:
        raise Refusal("checklist.value_empty", article="16", fill_in=ask.fill_in)
    if ask.kind == ValueKind.NUM:
        return TypedValue(_numbers(folded, ask.fill_in))
    if ask.kind == ValueKind.DATE:
        return _date(folded, today)
    if offered := options(ValueKind(ask.kind), ask.fill_in):
        return TypedValue(_chosen(folded, offered, ask.kind == ValueKind.MANY))
    return TypedValue(shown.strip())


def _chosen(folded: str, offered: tuple[str, ...], several: bool) -> str:
    """Options by their words or their places, 「1 3」, in the order in which they are offered."""
    known = {unicodedata.normalize("NFKC", option): place for place, option in enumerate(offered)}
    parts = [folded] if folded in known else [part for part in re.split("[/;、, ]+", folded) if part]
    places = {known.get(part, int(part) - 1 if part.isdecimal() else -1) for part in parts}
    if (
        not places
        or not all(0 <= place < len(offered) for place in places)
        or (len(places) > 1 and not several)
    ):
        raise Refusal("checklist.not_an_option", article="16", value=folded[:40], options=list(offered))
    return "、".join(offered[place] for place in sorted(places))


_SPACE = re.compile("[\\s\u0085\ufeff]+")
_UNITS = re.compile("°c|rh", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_WRITTEN = re.compile("[〇零一二三四五六七八九十百千万两]")
_WORDS = re.compile("[0-9 /,;、.+\\-%\u4e00-\u9fff]")


def _numbers(folded: str, fill_in: str) -> str:
    """Numbers joined by `/`; decimals only where money, degrees or per cent are asked for."""
    bare = _UNITS.sub("", folded)
    allowed = limits(ValueKind.NUM, fill_in).numbers
    count, results = len(allowed), _NUMBER.findall(bare)
    example = "/".join(["10", "9", "8"][:count])
    left = _WORDS.sub("", bare)
    if len(results) != count or _WRITTEN.search(bare) or not left.isascii() or re.search("[a-zA-Z]", left):
        raise Refusal("checklist.not_a_number", article="16", count=count, fill_in=fill_in, example=example)
    for written, number in zip(results, allowed, strict=True):
        whole = written.lstrip("+-").isdigit()
        if not number.low <= float(written) <= number.high or (not number.decimals and not whole):
            raise Refusal(
                "checklist.out_of_range",
                article="16",
                value=written,
                low=number.low,
                high=number.high,
                example=example,
            )
    return "/".join(map(_plain, results))


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


def _date(folded: str, today: date) -> TypedValue:
    if folded.lower() in _SPOKEN:
        return TypedValue((today + timedelta(days=_SPOKEN[folded.lower()])).isoformat(), sure=False)
    match = _DATE.fullmatch(folded) or _FIGURES.fullmatch(folded)
    try:
        if match:
            return TypedValue(date(*(int(part) for part in match.groups())).isoformat())
    except ValueError:
        pass
    raise Refusal("checklist.not_a_date", article="16", value=folded[:40], example=f"{today.year + 2}-05-31")
