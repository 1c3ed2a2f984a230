"""`terms`: every kind of term, how long it takes here, who is reminded of it and when (Art. 5-22)."""

from __future__ import annotations

import json

from models.rules.overdue import read_terms
from server.commands import DONE, Commands, Order
from server.term_lines import term_lines, term_objects


def add(commands: Commands) -> None:
    commands.add("terms", overview).add_argument("--json", action="store_true")


async def overview(order: Order) -> int:
    terms = read_terms(order.settings.terms, order.settings.notice_days)
    if order.arguments.json:
        print(json.dumps(term_objects(terms), ensure_ascii=False))  # noqa: T201
        return DONE
    for line in term_lines(terms, order.words):
        order.say("term.line" if line.reminded else "term.line.later", **line._asdict())
    return DONE
