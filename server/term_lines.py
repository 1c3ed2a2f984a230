"""The table of terms in a reader's words: one line a kind, for the command line and the console (Art. 5-22)."""

from __future__ import annotations

from typing import Any, NamedTuple

from locales import Words
from models.rules.overdue import Terms
from models.rules.term import TermKind, TermRecipient, Unit
from models.rules.term.kinds import KINDS, REMINDED


class TermLine(NamedTuple):
    """A kind of term as a person reads it."""

    name: str
    kind: str
    article: str
    anchor: str
    length: str
    setting: bool
    thresholds: str
    who: str
    reminded: bool


def term_lines(terms: Terms, words: Words) -> tuple[TermLine, ...]:
    """Every kind of term with the lengths of this district."""
    return tuple(_line(kind, terms, words) for kind in KINDS)


def term_objects(terms: Terms) -> list[dict[str, Any]]:
    """The same for programs: one object a kind."""
    return [
        {
            "name": kind.name, "article": kind.article, "anchor": kind.anchor,
            "length": terms.length(kind) or None, "unit": str(kind.unit), "setting": kind.setting,
            "thresholds": list(kind.thresholds), "act": kind.act, "stops_at": str(kind.stop) or None,
            "recipients": [{"who": str(recipient.who), "from": recipient.since} for recipient in kind.told],
            "reminded": kind.name in REMINDED, "why_not": kind.later or None,
        }
        for kind in KINDS
    ]  # fmt: skip


def _line(kind: TermKind, terms: Terms, words: Words) -> TermLine:
    length, joined = terms.length(kind), words("term.separator").join
    return TermLine(
        kind.name, words(f"term.kind.{kind.name}"), kind.article, words(f"term.anchor.{kind.anchor}"),
        words(f"term.length.{kind.unit}", n=length) if length else words("term.length.none"), kind.setting,
        joined([*(_before(kind, n, words) for n in kind.thresholds), words("term.before.overdue")]),
        joined(_who(recipient, words) for recipient in kind.told), kind.name in REMINDED,
    )  # fmt: skip


def _before(kind: TermKind, threshold: int, words: Words) -> str:
    if threshold:
        return words(f"term.before.{kind.unit}", n=threshold)
    return words("term.before.end" if kind.unit == Unit.HOURS else "term.before.last")


def _who(told: TermRecipient, words: Words) -> str:
    who = words(f"term.who.{told.who}")
    return who if told.since is None else words(f"term.since.{told.since}", who=who)
