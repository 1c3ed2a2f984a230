"""A refusal in the reader's language: what happened, why, what to do next, and the article it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locales import Words
from models.refusal import Refusal


def explain(refusal: Refusal, words: Words, departments: Mapping[str, str]) -> str:
    """One or two sentences; a refusal that nobody worded yet is still answered in plain words.

    `departments`: code to name, from the district's own table; a code that is not in it is shown as it is.
    Whoever words a refusal reads them (`queries.person.departments_in`): a code is no name.
    """
    key = f"refusal.{refusal.code}"
    if not words.has(key):
        key = "refusal.unworded"
    said = words(key, **named(refusal.params, words, departments))
    return said + (words("refusal.article", article=refusal.article) if refusal.article else "")


def named(params: Mapping[str, Any], words: Words, departments: Mapping[str, str]) -> dict[str, Any]:
    """What a sentence speaks of, as people call it."""
    return {name: _shown(name, value, words, departments) for name, value in params.items()}


def _shown(name: str, value: Any, words: Words, departments: Mapping[str, str]) -> Any:
    """States, departments and lists as people call them."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return words.joined(_shown(name.rstrip("s"), one, words, departments) for one in value)
    if name in ("state", "now", "to") and words.has(f"state.{value}"):
        return words(f"state.{value}")
    if name == "ground" and words.has(f"web.unfit.{value}"):
        return words(f"web.unfit.{value}")
    if name == "field" and words.has(f"input.{value}"):
        return words(f"input.{value}")
    if name == "event" and words.has(f"web.event.{value}"):
        return words(f"web.event.{value}")
    if name == "doer" and words.has(f"web.role.{value}"):
        return words(f"web.role.{value}")
    if name == "due" and words.has(f"paper.kind.{value}"):
        return words(f"paper.kind.{value}")
    if name == "department":
        return departments.get(value, value)
    return words.show(value)
