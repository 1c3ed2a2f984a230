"""Targets that may be one and the same: names and addresses that read alike under two numbers (Art. 10).

Nobody but a person can tell a second entry of one shop from a second shop, so the question is asked before anything
is stored. Two non-market objects with marks of their own (lifts of one house) are told apart by those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from models.rules import text
from models.rules.registry.cells import Remark
from models.rules.registry.known import KnownTarget
from models.rules.registry.rows import TargetRow
from models.rules.registry.traditional import simplified

_FORM = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|责任公司|公司|个体工商户|\(个体工商户\)|个人独资企业|普通合伙|\(普通合伙\)"
    r"|\(有限合伙\)|合伙企业)+$"
)
_NOT_A_WORD = re.compile(r"[\s()\[\]【】〔〕《》<>·・•,.、;:'\"“”‘’_\-—–#&/\\]+")
_REGION = re.compile(r"^(中国)?([^省市区县]{2,8}(省|自治区))?([^省市区县]{2,8}市)?([^省市区县]{2,8}[区县])?")

_PLACE_OF_NAME = re.compile(
    r"^(中国)?([^省市区县]{2,8}(省|自治区))?([^省市区县]{2,8}(?<![超城门夜菜集花都书股])市)?"
    r"([^省市区县]{2,8}(?<![小园社景校库厂特专地片郊])[区县])?(?=..)"
)
_WRITTEN_NUMBER = re.compile("([一二三四五六七八九十百〇零两]+)(?=号|层|楼|栋|幢|单元|室|组)")
_DIGITS = {written: digit for digit, written in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}


def name_key(name: str) -> str:
    """Names with equal keys read the same: width, brackets, spaces, marks, the company's form, traditional letters and
    the province, city and district before it folded."""
    folded = simplified(text.likeness(name))
    key = _NOT_A_WORD.sub("", _FORM.sub("", folded)) or folded
    return _PLACE_OF_NAME.sub("", key)


def address_key(address: str) -> str:
    """An address without its province, city and district, which one list writes and another does not; 十二号 is 12号."""
    folded = _WRITTEN_NUMBER.sub(
        lambda match: _arabic(match[1]), _NOT_A_WORD.sub("", simplified(text.likeness(address)))
    )
    return _REGION.sub("", folded) or folded


def _arabic(written: str) -> str:
    """十二 is 12, 一百零三 is 103, 一〇三 is 103."""
    if not set(written) & {"十", "百"}:
        return "".join(str(_DIGITS[letter]) for letter in written)
    total = digit = 0
    for letter in written:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        else:
            total, digit = total + (digit or 1) * (10 if letter == "十" else 100), 0
    return str(total + digit)


def alike(
    rows: Sequence[TargetRow], numbers: Sequence[int], column: str, registered: Iterable[KnownTarget]
) -> list[Remark]:
    """A question for each row that reads like another row, or like a target of the register."""
    keys = [name_key(row.name) for row in rows]
    known = {target.code: target for target in registered}
    same = {row.code for row in rows if _unchanged(row, known.get(row.code))}
    there: dict[str, list[KnownTarget]] = {}
    asked = set(keys) if len(same) < len(rows) else set()
    listed = {row.code for row in rows}
    for target in known.values() if asked else ():
        if target.code not in listed and (key := name_key(target.name)) in asked:
            there.setdefault(key, []).append(target)
    remarks: list[Remark] = []
    earlier: dict[str, list[int]] = {}
    for index, (row, key) in enumerate(zip(rows, keys, strict=True)):
        for other in there.get(key, ()) if row.code not in same else ():
            if _alike(row, other):
                params: dict[str, Any] = {"code": other.code, "name": other.name, "address": other.address}
                remarks.append(Remark(numbers[index], column, row.name, "alike_registered", params))
        for before in earlier.setdefault(key, []):
            first = rows[before]
            if not (row.code in same and first.code in same) and _alike(row, first):
                params = {
                    "row": numbers[before],
                    "code": first.code,
                    "name": first.name,
                    "address": first.address,
                }
                remarks.append(Remark(numbers[index], column, row.name, "alike", params))
        earlier[key].append(index)
    return remarks


def _unchanged(row: TargetRow, known: KnownTarget | None) -> bool:
    return known is not None and (row.name, row.address) == (known.name, known.address)


def _alike(target: TargetRow, other: TargetRow | KnownTarget) -> bool:
    if target.code == other.code or (target.mark and other.mark and target.mark != other.mark):
        return False
    if _elsewhere(target, other):
        return False
    first, second = address_key(target.address), address_key(other.address)
    shorter, longer = sorted((first, second), key=len)
    return not shorter or longer.endswith(shorter) or _goes_on(shorter, longer)


def _elsewhere(target: TargetRow, other: TargetRow | KnownTarget) -> bool:
    """True where both say which province, city or district they lie in, by name or by address, and it is not one."""
    pairs = [(_place(row.name), _place(row.address)) for row in (target, other)]
    (name, address), (other_name, other_address) = pairs
    whole, other_whole = ([b or a for a, b in zip(*pair, strict=True)] for pair in pairs)
    return _apart(name, other_name) or _apart(address, other_address) or _apart(whole, other_whole)


def _place(written: str) -> list[str]:
    """Province, city and district at the beginning of a name or an address, each empty where it is not said."""
    match = _PLACE_OF_NAME.match(simplified(text.likeness(written)))
    return [(match[level] or "") if match else "" for level in (2, 4, 5)]


def _apart(place: Sequence[str], other: Sequence[str]) -> bool:
    """平顶山新华区 and 新华区 are one: a level may begin with the one above it."""
    return any(
        here and there and not here.endswith(there) and not there.endswith(here)
        for here, there in zip(place, other, strict=True)
    )


def _goes_on(address: str, longer: str) -> bool:
    """示例路1号 and 示例路1号附2号 or 示例路1: the longer one says more of the same house, not another number."""
    rest = longer.removeprefix(address) if longer.startswith(address) else ""
    return bool(rest) and not (address[-1].isdigit() and rest[0].isdigit())
