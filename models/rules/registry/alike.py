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
from models.rules.registry.known import Registered
from models.rules.registry.rows import TargetRow

_FORM = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|责任公司|公司|个体工商户|\(个体工商户\)|个人独资企业|普通合伙|\(普通合伙\)"
    r"|\(有限合伙\)|合伙企业)+$"
)
_NOT_A_WORD = re.compile(r"[\s()\[\]【】〔〕《》<>·・•,.、;:'\"“”‘’_\-—–#&/\\]+")
_REGION = re.compile(r"^(中国)?([^省市区县]{2,8}(省|自治区))?([^省市区县]{2,8}市)?([^省市区县]{2,8}[区县])?")


def name_key(name: str) -> str:
    """Names with equal keys read the same: width, brackets, spaces, marks and the company's form folded."""
    folded = text.likeness(name)
    return _NOT_A_WORD.sub("", _FORM.sub("", folded)) or folded


def address_key(address: str) -> str:
    """An address without its province, city and district, which one list writes and another does not."""
    folded = _NOT_A_WORD.sub("", text.likeness(address))
    return _REGION.sub("", folded) or folded


def alike(
    rows: Sequence[TargetRow], numbers: Sequence[int], column: str, registered: Iterable[Registered]
) -> list[Remark]:
    """A question for each row that reads like another row, or like a target of the register."""
    keys = [name_key(row.name) for row in rows]
    known = {target.code: target for target in registered}
    same = {row.code for row in rows if _unchanged(row, known.get(row.code))}
    there: dict[str, list[Registered]] = {}
    asked = set(keys) if len(same) < len(rows) else set()
    listed = {row.code for row in rows}
    for target in known.values() if asked else ():
        if target.code not in listed and (key := name_key(target.name)) in asked:
            there.setdefault(key, []).append(target)
    found: list[Remark] = []
    earlier: dict[str, list[int]] = {}
    for index, (row, key) in enumerate(zip(rows, keys, strict=True)):
        for other in there.get(key, ()) if row.code not in same else ():
            if _alike(row, other):
                params: dict[str, Any] = {"code": other.code, "name": other.name, "address": other.address}
                found.append(Remark(numbers[index], column, row.name, "alike_registered", params))
        for before in earlier.setdefault(key, []):
            first = rows[before]
            if not (row.code in same and first.code in same) and _alike(row, first):
                params = {
                    "row": numbers[before],
                    "code": first.code,
                    "name": first.name,
                    "address": first.address,
                }
                found.append(Remark(numbers[index], column, row.name, "alike", params))
        earlier[key].append(index)
    return found


def _unchanged(row: TargetRow, known: Registered | None) -> bool:
    return known is not None and (row.name, row.address) == (known.name, known.address)


def _alike(one: TargetRow, other: TargetRow | Registered) -> bool:
    if one.code == other.code or (one.mark and other.mark and one.mark != other.mark):
        return False
    first, second = address_key(one.address), address_key(other.address)
    return not first or not second or first.endswith(second) or second.endswith(first)
