"""A term in one line of a message: of what, which kind, how much is left, by when (Art. 10-20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.views import bold, literal
from bot.views.task import short
from locales import Words
from models.rules.term import of_term
from models.rules.term.kinds import BY_NAME

AN_ENTRY = "entry"  # of messages owed before the other kinds were reminded of
NAMED = 8  # terms in one message


def grouped(terms: Sequence[Mapping[str, Any]], words: Words) -> Iterator[str]:
    """What is late, what is today, what comes, each under its headline."""
    groups: dict[str, list[Mapping[str, Any]]] = {"late": [], "today": [], "coming": []}
    for term in terms:
        groups["late" if term["left"] < 0 else "coming" if term["left"] else "today"].append(term)
    for name, group in groups.items():
        if group:
            yield bold(words(f"news.reminder.{name}", n=len(group)))
            yield from (line(term, words) for term in group)


def line(term: Mapping[str, Any], words: Words, *, bare: bool = False) -> str:
    """`term`: an item of a reminder's payload (`procedure.reminder`). `bare`: numbers and days, nobody's name."""
    kind = BY_NAME[term.get("kind", AN_ENTRY)]
    provisional = words("card.provisional") if term.get("provisional") else ""
    of = of_term(term) if bare else term["task"] or term.get("named", "")
    named = {
        "number": literal(of, 80), "kind": words(f"term.kind.{kind.name}"),
        "due": short(date.fromisoformat(str(term["due"])[:10]), words),
    }  # fmt: skip
    if term["left"] < 0:
        return words("news.overdue", **named) + provisional
    return words(f"news.left.{kind.unit}", n=int(term["left"]), **named) + provisional
