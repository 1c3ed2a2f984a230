"""A department's own words in its letters: which parts they may fill, how long they may be (Art. 16 (2)).

Facts, rights and warnings stand in every letter alike; these words stand around them and replace none.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.refusal import Refusal
from models.rules import text

PARTS: Mapping[str, int] = {"opening": 300, "bring": 500, "contact": 120, "closing": 300}
LANGUAGES = ("zh_Hans", "en")
LINES = 8
ONE_LINE = ("contact",)

Texts = dict[str, dict[str, str]]


def read(given: Mapping[str, Mapping[str, str]]) -> Texts:
    """The texts as they are kept: visible characters, trimmed lines; parts without words are left out.

    English is an extra: it needs the Chinese words beside it.
    """
    data: Texts = {}
    for part, limit in PARTS.items():
        params = {language: _plain(given.get(part, {}).get(language, ""), part) for language in LANGUAGES}
        if any(len(words) > limit for words in params.values()):
            raise Refusal("template.too_long", article="16(2)", limit=limit)
        if any(len(words.splitlines()) > LINES for words in params.values()):
            raise Refusal("template.too_many_lines", article="16(2)", limit=LINES)
        if params["en"] and not params["zh_Hans"]:
            raise Refusal("template.english_alone", article="16(2)")
        if words := {language: value for language, value in params.items() if value}:
            data[part] = words
    return data


def _plain(words: str, part: str) -> str:
    """Lines without blanks around them; no empty ones."""
    lines = [value for line in text.visible(words).splitlines() if (value := " ".join(line.split()))]
    return (" " if part in ONE_LINE else "\n").join(lines)


def said(texts: Mapping[str, Mapping[str, str]], part: str, language: str) -> str:
    """The words of a part in a language: the department's own, in Chinese where it has no others; or ""."""
    own = texts.get(part, {})
    return own.get(language) or own.get("zh_Hans", "")
