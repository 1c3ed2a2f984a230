"""A plan or scheme as a department hands it in: a TOML file, read key by key (Art. 12, 13).

Every refusal names the key and the value, so that whoever wrote the file finds the place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.refusal import Refusal
from models.rules import text

_PLACE = re.compile(r"at line (\d+), column (\d+)")


class FileSection:
    """A table of the file. Reading takes keys out; `end` refuses those that nobody knows."""

    def __init__(self, values: Mapping[str, Any], path: str, article: str) -> None:
        self._left = dict(values)
        self._path = path
        self.article = article

    def refuse(self, code: str, key: str, **params: Any) -> Refusal:
        """A refusal that names the key by its whole path."""
        return Refusal(code, self.article, key=self._path + key, **params)

    def end(self) -> None:
        for key, value in self._left.items():
            raise self.refuse("paper.key_unknown", key, value=str(value))

    def text(self, key: str, limit: int, *, default: str | None = None) -> str:
        """One line of 1 to `limit` characters."""
        if default is not None and key not in self._left:
            return default
        value = text.name(self._take(key, str))
        if not 0 < len(value) <= limit:
            raise self.refuse("paper.text_length", key, value=value[:80], limit=limit)
        return value

    def code(self, key: str, limit: int = 64) -> str:
        return text.code(self.text(key, limit))

    def has(self, key: str) -> bool:
        """Whether the paper says anything under this key."""
        return key in self._left

    def day(self, key: str) -> date:
        value: date = self._take(key, date)
        if isinstance(value, datetime):
            raise self.refuse("paper.wrong_kind", key, value=str(value), due="date")
        return value

    def whole(self, key: str) -> int:
        value: int = self._take(key, int)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Different texts, in their order."""
        values = self._take(key, list)
        for value in values:
            if not isinstance(value, str) or not text.name(value) or values.count(value) > 1:
                raise self.refuse("paper.wrong_kind", key, value=str(value), due="texts")
        return tuple(text.name(value) for value in values)

    def codes(
        self, key: str, find: Callable[[str], str | None], unknown: str, **params: Any
    ) -> tuple[str, ...]:
        """Each through `find`, once; the first that it does not know is refused as `unknown`, with `params`."""
        return tuple(
            dict.fromkeys(self.found(key, value, find, unknown, **params) for value in self.texts(key))
        )

    def found(
        self, key: str, value: str, find: Callable[[str], str | None], unknown: str, **params: Any
    ) -> str:
        code = find(value)
        if code is None:
            raise self.refuse(unknown, key, value=value, **params)
        return code

    def counts(self, key: str, least: int) -> dict[str, int]:
        """Names to whole numbers of at least `least`."""
        counts: dict[str, int] = self._take(key, dict)
        for name, count in counts.items():
            if type(count) is not int or count < least:
                raise self.refuse("paper.count", f"{key}.{name}", value=str(count), least=least)
        return counts

    def rates(self, key: str) -> dict[str, Decimal]:
        """Names to per cent: more than 0, at most 100, at most two decimals."""
        rates = self._take(key, dict)
        for name, rate in rates.items():
            share = Decimal(rate) if type(rate) in (int, Decimal) else Decimal("NaN")
            if not share.is_finite() or not 0 < share <= 100 or round(share, 2) != share:
                raise self.refuse("plan.rate", f"{key}.{name}", value=str(rate))
        return {name: Decimal(rate) for name, rate in rates.items()}

    def names(self, key: str) -> dict[str, str]:
        """Names to texts."""
        names = self._take(key, dict)
        for name, value in names.items():
            if not isinstance(value, str):
                raise self.refuse("paper.wrong_kind", f"{key}.{name}", value=str(value), due="text")
        return {name: text.name(value) for name, value in names.items()}

    def section(self, key: str) -> FileSection:
        return FileSection(self._take(key, dict), f"{self._path}{key}.", self.article)

    def sections(self, key: str) -> list[FileSection]:
        """At least one table of an array of tables."""
        return self._sections(key, least=1)

    def any_sections(self, key: str) -> list[FileSection]:
        """The tables of an array of tables, which may be none: `key = []`."""
        return self._sections(key, least=0)

    def _sections(self, key: str, least: int) -> list[FileSection]:
        values = self._take(key, list)
        if len(values) < least or not all(isinstance(value, dict) for value in values):
            raise self.refuse("paper.wrong_kind", key, value=str(values)[:80], due="tables")
        return [
            FileSection(value, f"{self._path}{key}[{number}].", self.article)
            for number, value in enumerate(values, start=1)
        ]

    def _take(self, key: str, kind: type) -> Any:
        if key not in self._left:
            raise self.refuse("paper.key_missing", key)
        value = self._left.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.refuse("paper.wrong_kind", key, value=str(value)[:80], due=kind.__name__)
        return value


def read_paper(data: bytes, article: str) -> FileSection:
    """The whole file as one section. Refused: not UTF-8, not TOML (with the line)."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise Refusal("paper.not_utf8", article, line=data[: error.start].count(b"\n") + 1) from None
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place.group(1)) if place else data.count(b"\n") + 1
        raise Refusal("paper.not_toml", article, line=line) from None
    except RecursionError:  # brackets in brackets, thousands deep
        raise Refusal("paper.too_deep", article) from None
    return FileSection(values, "", article)
