"""Every sentence a person reads, in Chinese and English, complete at all times.

A sentence has a key (`card.progress`); the catalogues `<language>/LC_MESSAGES/<room>.po` word it. They are
compiled in memory at first use, so that nothing has to be built. Placeholders are `{name}`; where a sentence
counts, `n` chooses its form.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

SHANGHAI = ZoneInfo("Asia/Shanghai")
LANGUAGES = ("zh_Hans", "en")
DEFAULT = "zh_Hans"
KEY = re.compile(rb'^msgid "(.+)"$', re.MULTILINE)
REMEMBERED = 20_000  # sentences, each with its number


class Unworded(KeyError):
    """A key that a catalogue does not word: an error of the house, never shown to a person."""


class Html(Markup):
    """Text that Telegram may read as HTML. Whatever is put together with it and is not `Html` itself is escaped (D24)."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Html:
        """`s` as HTML: `Html` as it is, anything else shown literally."""
        return s if isinstance(s, cls) else cls(html.escape(str(s), quote=False))


@dataclass(frozen=True)
class Words:
    """The sentences of one language. `words("card.progress", done=7, all=12)`.

    Where a value is `Html` the sentence is too, with every other value escaped.
    """

    language: str
    _catalogue: NullTranslations
    _known: dict[tuple[str, Any], str] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, key: str, /, **params: Any) -> str:
        said = self._sentence(key, params.get("n"))
        if not params:
            return said
        shown = {name: self.show(value) for name, value in params.items()}
        if any(isinstance(value, Html) for value in shown.values()):
            return Html(said).format(**shown)
        return said.format(**shown)

    def _sentence(self, key: str, n: Any) -> str:
        """Looked for once: a key stands in one of many catalogues."""
        asked = (key, n if isinstance(n, int) else None)
        if (known := self._known.get(asked)) is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[asked] = self._looked_up(*asked)
        return known

    def _looked_up(self, key: str, n: Any) -> str:
        said = self._catalogue.ngettext(key, key, n) if isinstance(n, int) else self._catalogue.gettext(key)
        if said == key:
            said = self._catalogue.gettext(key)
        if said == key:
            raise Unworded(f"{self.language}: {key}")
        return said

    def html(self, key: str, /, **params: Any) -> Html:
        """The sentence for Telegram's HTML, with its own tags: what people wrote is shown literally (D24)."""
        return Html(self._sentence(key, params.get("n"))).format(
            **{n: self.show(v) for n, v in params.items()}
        )

    def has(self, key: str) -> bool:
        return self._catalogue.gettext(key) != key

    def show(self, value: Any) -> Any:
        """Dates and times in the reader's form and the district's zone; lists joined."""
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self.joined(value)
        return value

    def day(self, day: date) -> str:
        return self("date.day").format(
            year=day.year, month=day.month, day=day.day, weekday=self(f"date.weekday.{day.isoweekday()}")
        )

    def clock(self, at: datetime) -> str:
        return f"{at.astimezone(SHANGHAI):%H:%M}"

    def moment(self, at: datetime) -> str:
        return f"{self.day(at.astimezone(SHANGHAI).date())} {self.clock(at)}"

    def span(self, begins: datetime, ends: datetime) -> str:
        same = begins.astimezone(SHANGHAI).date() == ends.astimezone(SHANGHAI).date()
        return f"{self.moment(begins)} – {self.clock(ends) if same else self.moment(ends)}"

    def joined(self, parts: Iterable[Any]) -> str:
        shown = [self.show(part) for part in parts]
        if any(isinstance(part, Html) for part in shown):
            return Html(self("list.joint")).join(shown)
        return self("list.joint").join(map(str, shown))


@cache
def words(language: str = DEFAULT) -> Words:
    """The words of a language; any language other than Chinese reads English."""
    known = closest(language)
    return Words(known, Catalogue(known))


def closest(language: str | None) -> str:
    """`zh-CN`, `zh_Hans`, `zh-TW` read Chinese, no language the default, every other English."""
    if not language:
        return DEFAULT
    return "zh_Hans" if language.lower().startswith("zh") else "en"


@cache
def sentences(language: str) -> Mapping[str, tuple[str, ...]]:
    """Every key of a language with its forms, for tests and for `doctor`."""
    found: dict[str, tuple[str, ...]] = {}
    for path in _catalogues(language):
        for message in read_po(BytesIO(path.read_bytes()), locale=language):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                if key in found:
                    raise ValueError(f"{language}: {key} is worded twice")
                said = message.string or ""
                found[key] = (said,) if isinstance(said, str) else tuple(said)
    return found


def _catalogues(language: str) -> list[Any]:
    folder = files(__package__).joinpath(language, "LC_MESSAGES")
    return sorted((p for p in folder.iterdir() if p.name.endswith(".po")), key=lambda p: p.name)


class Catalogue(NullTranslations):
    """The catalogues of a language, each compiled when a key of its is first asked for: a command line's help needs a few."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._texts = {path.name: path.read_bytes() for path in _catalogues(language)}
        self._homes = {key.decode(): name for name, text in self._texts.items() for key in KEY.findall(text)}
        self._read: dict[str, GNUTranslations] = {}

    def gettext(self, message: str) -> str:
        home = self._home(message)
        return home.gettext(message) if home else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        home = self._home(msgid1)
        return home.ngettext(msgid1, msgid2, n) if home else msgid1

    def _home(self, key: str) -> GNUTranslations | None:
        if (name := self._homes.get(key)) is None:
            return None
        if name not in self._read:
            compiled = BytesIO()
            write_mo(compiled, read_po(BytesIO(self._texts[name]), locale=self._language))
            compiled.seek(0)
            self._read[name] = GNUTranslations(compiled)
        return self._read[name]
