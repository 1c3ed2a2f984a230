"""The few words of the practice page itself, Chinese and English side by side so that none can be missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("zh", "en")
_CATALOGUE: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "words.json").read_text(encoding="utf-8")
)

Words = str | Mapping[str, str]


def words(language: str) -> dict[str, str]:
    """Every word of the page in `zh` or `en`."""
    return {name: both[language] for name, both in _CATALOGUE.items()}


def in_language(text: Words, language: str) -> str:
    """A caller's own text: plain, or `{"zh": ..., "en": ...}`."""
    return text if isinstance(text, str) else text[language]


def chosen_language(asked: str | None, accepted: str) -> str:
    """`?lang=` first, then the browser's own order, then Chinese."""
    if asked in LANGUAGES:
        return asked
    for part in accepted.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return "zh"
