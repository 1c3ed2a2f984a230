"""One folding for every cell that people send: what stands for nothing, marks of text, what Excel destroyed (Art. 10).

A spreadsheet keeps 15 digits, drops zeros in front and turns what looks like a date into one. What it lost cannot
be brought back, so such a code is refused; one that says that it is text (`'0012`, `="0012"`) is believed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.rules import text

NOTHING = frozenset(
    {"", "N/A", "NA", "N.A.", "#N/A", "NULL", "(NULL)", "NONE", "NIL", "-", "--", "—", "——", "―", "－"}
    | {
        "/",
        "//",
        "\\",
        "／",
        "*无",
        "无",
        "暂无",
        "没有",
        "空",
        "未填",
        "未填写",
        "无数据",
        "暂缺",
        "'",
        "`",
        "’",
    }
)
ENDLESS = frozenset(
    {
        "长期",
        "长期有效",
        "永久",
        "永久有效",
        "长久",
        "长久有效",
        "无固定期限",
        "不限期",
        "无限期",
        "长期有效期",
    }
    | {"9999-09-09", "9999-12-31", "9999/09/09", "9999/9/9", "9999/12/31", "99990909", "99991231"}
)
ERROR_CELL = "\u200b"
"""Behind what is seen in a cell whose formula failed: #N/A written by hand stands for nothing, a failed #N/A does not."""
MARKS_OF_TEXT = "'`’‘＇"
_FORMULA = re.compile(r'\s*=\s*(?:"([^"]*)"|“([^”]*)”|＂([^＂]*)＂)\s*')
_ERROR = re.compile(r"#(REF|VALUE|NAME|DIV/0|NUM|NULL|SPILL|CALC)[!?]?|#{3,}", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]+)?E[+-][0-9]{2,3}|[0-9]\.[0-9]+E[0-9]{1,3}")  # Java: no plus
_GROUPED = re.compile(r"[0-9]{1,3}([,，][0-9]{3})+(\.0+)?")
_DECIMAL = re.compile(r"[0-9]{4,}\.0+")
_ROUNDED = re.compile(r"[1-9][0-9]{14}0+")
_DATED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(00:00:00)?|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-[A-Z]{3}|[A-Z]{3}-[0-9]{2}"
)
_LIST = re.compile(r"[;；、，,\r\n|]")
_STARTS = frozenset('=＝ \t"' + MARKS_OF_TEXT)


def plain(raw: str) -> str:
    """The cell without what only says that it is text; empty where it says that there is nothing."""
    if not raw:
        return ""
    if raw[0] in _STARTS:
        value = unmarked(raw)
        return "" if text.code(value) in NOTHING else value
    if len(raw) >= 8 or (raw.isascii() and raw.isdigit()):
        return raw
    return "" if text.code(raw) in NOTHING else raw


def unmarked(raw: str) -> str:
    """The cell as the person sees it in the sheet: `'0012` and `="0012"` are 0012."""
    if match := _FORMULA.fullmatch(raw.replace("＝", "=")):
        return next(part for part in match.groups() if part is not None)
    seen = raw.strip()
    return seen[1:] if seen[:1] and seen[0] in MARKS_OF_TEXT and seen[1:2] not in ("", "'") else raw


def is_text(raw: str) -> bool:
    """Does the cell itself say that its digits are text?"""
    seen = raw.strip()
    return bool(seen) and (
        seen[0] in MARKS_OF_TEXT or _FORMULA.fullmatch(seen.replace("＝", "=")) is not None
    )


def error(raw: str) -> bool:
    """A formula's error, or a column too narrow to show its number: the value itself is not there."""
    return raw.startswith(("#", "＃")) and (
        raw.endswith(ERROR_CELL) or _ERROR.fullmatch(text.code(raw)) is not None
    )


def spoilt(raw: str) -> str | None:
    """How a spreadsheet destroyed this code: the reason's name; None when it did not, or nobody can tell."""
    if not raw or is_text(raw):
        return None
    code = text.code(raw)
    if _SCIENTIFIC.fullmatch(code):
        return "excel_scientific"
    if _ROUNDED.fullmatch(code):
        return "excel_rounded"
    if _GROUPED.fullmatch(code):
        return "excel_grouped"
    if _DECIMAL.fullmatch(code):
        return "excel_decimal"
    return "excel_date" if _DATED.fullmatch(code) else None


@lru_cache(maxsize=16384)
def label(raw: str) -> str:
    """The cell as a name or short text."""
    return text.name(plain(raw))


@lru_cache(maxsize=16384)
def code(raw: str) -> tuple[str, str | None]:
    """The cell as a code without check digit, and how a spreadsheet destroyed it, if it did."""
    value = plain(raw)
    return (text.code(value), spoilt(raw)) if value else ("", None)


@lru_cache(maxsize=16384)
def parts(raw: str) -> tuple[str, ...]:
    """What a list cell names, each once, in order: ； ; 、 ， , | and line breaks part them."""
    named = (label(part.strip()) for part in _LIST.split(plain(raw)))
    return tuple(dict.fromkeys(filter(None, named)))


def choice(value: str) -> str:
    """A word of a closed list in the form in which it is looked up: width, case, spaces and brackets folded."""
    folded = text.code(value).replace("、", "/").replace("，", ",")
    return folded.rstrip("。.;,")
