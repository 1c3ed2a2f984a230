"""What the registries already hold, for rows that refer to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

_BRANCH = re.compile(r"[(（][^()（）]*[)）]$")


@dataclass(frozen=True)
class Known:
    """`departments`: code to 领域名; `streets`: code to name; `items`: codes on the list.

    `holders`: credit code or certificate to the number of whoever has it already.
    `overridden`: credit codes that an administrator accepts against their check digits, the reason on record.
    """

    departments: Mapping[str, str] = field(default_factory=dict)
    streets: Mapping[str, str] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    holders: Mapping[str, str] = field(default_factory=dict)
    overridden: frozenset[str] = frozenset()

    def department(self, name: str) -> str | None:
        """The code for a code or 领域名; a branch, 文化和旅游(体育), is its department."""
        for spelling in (name, _BRANCH.sub("", name)):
            if code := self._department_codes.get(spelling):
                return code
        return None

    def street(self, name: str) -> str | None:
        """The code for a street's code or name."""
        return self._street_codes.get(name)

    def item(self, code: str) -> str | None:
        return code if code in self.items else None

    @cached_property
    def _department_codes(self) -> dict[str, str]:
        return {name: code for code, name in self.departments.items()} | {
            code: code for code in self.departments
        }

    @cached_property
    def _street_codes(self) -> dict[str, str]:
        return {name: code for code, name in self.streets.items()} | {code: code for code in self.streets}
