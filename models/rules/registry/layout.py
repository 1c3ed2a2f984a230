"""What a register file may look like: its columns, the other names they go by, and which must be there (Art. 10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.rules import text

_BRACKETED = re.compile(r"\([^()]*\)$")
_NOISE = str.maketrans("", "", "*:_·.\"'`【】[]")


def fold(head: str) -> str:
    """A heading as it is compared: width, case, spaces, line breaks and stars for compulsory ones folded."""
    return text.code(head).translate(_NOISE)


@dataclass(frozen=True)
class Layout:
    """`columns` in their order; `required` must be there, and one of each group of `one_of`.

    `synonyms`: column to the other headings it goes by. `optional` columns are not of our own sample.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        return self.columns + self.optional

    def column(self, head: str) -> tuple[str | None, bool]:
        """The column that a heading names, and whether by its own name."""
        folded = fold(head)
        if result := self._own.get(folded):
            return result, True
        while folded:
            if result := self._other.get(folded) or self._own.get(folded):
                return result, False
            shorter = _BRACKETED.sub("", folded)
            if shorter == folded:
                break
            folded = shorter
        return None, False

    @cached_property
    def _own(self) -> dict[str, str]:
        return {fold(column): column for column in self.known}

    @cached_property
    def _other(self) -> dict[str, str]:
        return {fold(name): column for column, names in self.synonyms.items() for name in names}
