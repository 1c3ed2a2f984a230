"""What a department is called in a sheet: 公安, 公安局, 新华区公安局, 平顶山市公安局新华分局 are all one (Art. 7, 10)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from models.rules import text

_BRACKETED = re.compile(r"[(（][^()（）]*[)）]$")
_PLACES = re.compile(r"(?:[^市区县]{2,6}[市区县])+")
_PLACE = re.compile(r"[^市区县]+[市区县]")
_BODY = re.compile(r"(?:委员会|大队|支队|局|委|部)$")
_BRANCH = "分局"
_SHORTEST = 2


def without_branch(name: str) -> str:
    """文化和旅游(体育) is 文化和旅游."""
    return _BRACKETED.sub("", name)


class DepartmentNames:
    """`code_of(name)`: the one department that a name means without the district before it and its 局, 委 or 大队;
    None where none or several do. Another district's department, or the city's, is not ours.

    `names`, `units`: code to 领域名, code to the authority's full name.
    """

    def __init__(self, names: Mapping[str, str], units: Mapping[str, str]) -> None:
        written = {
            code: [text.likeness(each) for each in (name, *without_branch(units.get(code, "")).split("/"))]
            for code, name in names.items()
        }
        self._full = {text.likeness(unit): code for code, unit in units.items()}
        self._district = _district([text.likeness(unit) for unit in units.values()])
        self._codes: dict[str, set[str]] = {}
        for code, spellings in written.items():
            for stem in {stem for each in spellings for stem in self._stems(each) if not _PLACES.match(stem)}:
                self._codes.setdefault(stem, set()).add(code)

    def code_of(self, name: str) -> str | None:
        folded = text.likeness(name)
        if code := self._full.get(folded):
            return code
        codes = {code for stem in self._stems(without_branch(folded)) for code in self._codes.get(stem, ())}
        return codes.pop() if len(codes) == 1 else None

    def _stems(self, name: str) -> set[str]:
        """A name with and without what stands before and behind the field that it names."""
        bare = {name, *self._without_district(name)}
        bare |= {self._without_office(each) for each in bare}
        bare |= {_BODY.sub("", each) for each in bare}
        return {each for each in bare if len(each) >= _SHORTEST}

    def _without_district(self, name: str) -> Iterator[str]:
        """新华区, 平顶山市新华区, 本区 or 区 before it; 区委 before a 部 of the party."""
        if not (own := self._district):
            return
        before = re.match(rf"(?:[^市区县]{{2,6}}市)?{own}|[本我]?{own[-1]}", name)
        if before:
            rest = name[before.end() :]
            yield rest
            yield rest.removeprefix("委")

    def _without_office(self, name: str) -> str:
        """公安局新华分局 and 公安分局 are 公安局 and 公安."""
        if not name.endswith(_BRANCH):
            return name
        rest = name.removesuffix(_BRANCH)
        return rest.removesuffix(self._district[:-1]) if self._district else rest


def _district(units: list[str]) -> str:
    """新华区: the place at which most full names end before they say what they are."""
    runs = [run[0] for unit in units if (run := _PLACES.match(unit))]
    last = Counter(_PLACE.findall(run)[-1] for run in runs)
    return last.most_common(1)[0][0] if last else ""
