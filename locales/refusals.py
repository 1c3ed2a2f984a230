"""A refusal in the reader's language: what happened, why, what to do next, and the article it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from locales import Words
from models.refusal import Refusal


def explain(refusal: Refusal, words: Words) -> str:
    """One or two sentences; a refusal that nobody worded yet is still answered in plain words."""
    key = f"refusal.{refusal.code}"
    if not words.has(key):
        key = "refusal.unworded"
    said = words(key, **{name: _shown(name, value, words) for name, value in refusal.params.items()})
    return said + (words("refusal.article", article=refusal.article) if refusal.article else "")


def _shown(name: str, value: Any, words: Words) -> Any:
    """States, departments and lists as people call them."""
    if isinstance(value, date):
        return words.show(value)
    if name in ("state", "now", "to") and words.has(f"state.{value}"):
        return words(f"state.{value}")
    if name in ("department", "departments") and value:
        listed = [value] if isinstance(value, str) else list(value)
        return words.joined(words(f"department.{d}") if words.has(f"department.{d}") else d for d in listed)
    if isinstance(value, (list, tuple, set, frozenset)):
        return words.joined(_shown(name.rstrip("s"), one, words) for one in value)
    return value
