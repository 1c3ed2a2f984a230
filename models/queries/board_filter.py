"""What the address of the board asks for: from lists of what may be asked, and nothing else (D66)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.refusal import Refusal
from models.rules import text
from models.states import TaskState as T

SORTS = {
    "number": ("number",),
    "due": ("entry_due", "number"),
    "visit": ("visit_from", "number"),
    "state": ("state", "number"),
}
QUESTIONS = ("overdue", "soon", "unreached", "review")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address of the page asks for; every field comes from a list of what may be asked (D66)."""

    batch: str = ""
    state: str = ""
    department: str = ""
    team: int | None = None
    due: str = ""  # one of QUESTIONS
    search: str = ""
    whose: str = ""  # mine: in which the reader serves
    sort: str = "number"
    page: int = 1


def read_filter(asked: Mapping[str, str]) -> Filter:
    """The filter in an address; refuses names and values that are not offered."""
    known = {"batch", "state", "department", "team", "due", "search", "whose", "sort", "page", "lang", "done"}
    if unknown := sorted(set(asked) - known):
        raise Refusal("board.filter", name=unknown[0])
    allowed = {"state": tuple(T), "due": QUESTIONS, "whose": ("mine",), "sort": tuple(SORTS)}
    for name, offered in allowed.items():
        if asked.get(name) and asked[name] not in offered:
            raise Refusal("board.filter", name=name)
    for name in ("team", "page"):
        number = asked.get(name)
        if number and not (number.isascii() and number.isdigit() and 0 < int(number) < 10**6):
            raise Refusal("board.filter", name=name)
    return Filter(
        asked.get("batch", "")[:64], asked.get("state", ""), asked.get("department", "")[:16],
        int(asked["team"]) if asked.get("team") else None, asked.get("due", ""),
        text.visible(asked.get("search", "")).strip()[:80],
        asked.get("whose", ""), asked.get("sort") or "number", int(asked.get("page") or 1),
    )  # fmt: skip
