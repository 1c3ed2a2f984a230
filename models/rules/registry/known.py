"""What the registries already hold, for rows that refer to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from models.rules import text
from models.rules.registry.department_names import DepartmentNames, without_branch


class KnownTarget(NamedTuple):
    """A target of the register, as far as others may refer to it or be mistaken for it."""

    code: str
    name: str
    address: str
    credit_code: str | None
    registration: str
    mark: str


def _all_printable(_: str) -> str:
    return ""


@dataclass(frozen=True)
class Known:
    """`departments`: code to 领域名, `units` to the authority's full name; `streets`: code to name; `items`: codes on
    the list, `item_names` theirs.

    `holders`: credit code or certificate to the number of whoever has it already; `numbers`: every number there is.
    `targets`: the registered targets. `unprintable(text)`: its characters that no paper of ours can show.
    `overridden`: credit codes that an administrator accepts against their check digits, the reason on record.
    """

    departments: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    streets: Mapping[str, str] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    holders: Mapping[str, str] = field(default_factory=dict)
    overridden: frozenset[str] = frozenset()
    item_names: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[KnownTarget, ...] = ()
    numbers: frozenset[str] = frozenset()
    unprintable: Callable[[str], str] = _all_printable

    def department(self, name: str) -> str | None:
        """The code for a code, 领域名 or the authority's name, also 公安局 or 新华区公安局 where that is one department
        alone; a branch, 文化和旅游(体育), is its department."""
        for spelling in (name, without_branch(name)):
            if code := self._department_codes.get(spelling):
                return code
        return self._spellings.code_of(name)

    @cached_property
    def department_names(self) -> tuple[str, ...]:
        """What a department may be called in a cell, for who has to mend one: 公安(GA)."""
        return tuple(f"{name}({code})" for code, name in sorted(self.departments.items()))

    def street(self, name: str) -> str | None:
        """The code for a street's code or name."""
        return self._street_codes.get(name)

    def item(self, code: str) -> str | None:
        return code if code in self.items else None

    def items_named(self, name: str) -> tuple[str, ...]:
        """The items of this number, else of this name."""
        if name in self.items:
            return (name,)
        code = text.code(name)
        return (code,) if code in self.items else self._items_by_name.get(text.likeness(name), ())

    def targets_named(self, name: str) -> tuple[str, ...]:
        """The targets of this number, credit code, registration number or mark, else of this name."""
        return self._by_identity.get(text.code(name)) or self._by_name.get(text.likeness(name), ())

    def credit_code_of(self, code: str) -> str | None:
        return self._credit_codes.get(code)

    def registered(self, identity: str) -> str | None:
        """The number of the one target that has this registration number or mark."""
        results = self._by_identity.get(identity, ())
        return results[0] if results else None

    def longer(self, number: str) -> str | None:
        """The registered number that this one is without the zeros in front."""
        return self._stripped.get(number) if number.isdecimal() and number not in self.numbers else None

    @cached_property
    def _spellings(self) -> DepartmentNames:
        return DepartmentNames(self.departments, self.units)

    @cached_property
    def _department_codes(self) -> dict[str, str]:
        return {name: code for code, name in self.departments.items()} | {
            code: code for code in self.departments
        }

    @cached_property
    def _street_codes(self) -> dict[str, str]:
        return {name: code for code, name in self.streets.items()} | {code: code for code in self.streets}

    @cached_property
    def _items_by_name(self) -> dict[str, tuple[str, ...]]:
        return _grouped((text.likeness(name), code) for code, name in self.item_names.items())

    @cached_property
    def _by_identity(self) -> dict[str, tuple[str, ...]]:
        identities = (
            (identity, target.code)
            for target in self.targets
            for identity in (target.credit_code, target.registration, target.mark)
        )
        return _grouped(identities) | {target.code: (target.code,) for target in self.targets}

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, ...]]:
        return _grouped((text.likeness(target.name), target.code) for target in self.targets)

    @cached_property
    def _credit_codes(self) -> dict[str, str | None]:
        return {target.code: target.credit_code for target in self.targets}

    @cached_property
    def _stripped(self) -> dict[str, str]:
        return {number.lstrip("0"): number for number in self.numbers if number.startswith("0")}


def _grouped(pairs: Iterable[tuple[str | None, str]]) -> dict[str, tuple[str, ...]]:
    result: dict[str, tuple[str, ...]] = {}
    for key, code in pairs:
        if key:
            result[key] = tuple(dict.fromkeys((*result.get(key, ()), code)))
    return result
