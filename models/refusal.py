"""The regulation says no: one exception for every refused act.

A refusal carries a code, the article it rests on and the values a person needs to understand it.
Its words live in `locales/`; chat and HTTP translate it in one place each.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An act that the rules forbid. `code` names the sentence, `params` fill it, `article` is its source."""

    def __init__(self, code: str, article: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.article = article
        self.params = params

    def __str__(self) -> str:
        filled = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({filled})" + (f" [Art. {self.article}]" if self.article else "")
