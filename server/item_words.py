"""The columns of the item list as people read them: departments by name, methods and classes in words (Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locales import Words


def said_of(item: Mapping[str, Any], w: Words, called: Mapping[str, str]) -> dict[str, str]:
    """Each column of an item in the reader's words. `called`: department code to name."""
    return {column: _said(column, value, w, called) for column, value in item.items()}


def _said(column: str, value: Any, w: Words, called: Mapping[str, str]) -> str:
    if column == "key":
        return w("web.items.key" if value else "web.items.general")
    codes = [code for code in str(value or "").split(";") if code]
    if column in ("initiating", "participating"):
        return str(w.joined([called.get(code, code) for code in codes]))
    if column == "methods":
        return str(w.joined([_method(code, w) for code in codes]))
    return str(value or "")


def _method(code: str, w: Words) -> str:
    key = f"web.method.{code}"
    return w(key) if w.has(key) else code
