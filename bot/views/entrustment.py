"""委托专业机构 in the chat: the agencies of a task, and what to write of another (Art. 16 (2))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard

MOST = 12  # whose lines a card has room for; those that still assist come first


def agencies(card: TaskCard, words: Words) -> View:
    """The agencies of a task; the leader names another one in a few lines."""
    listed = sorted(card.agencies, key=lambda agency: agency.ended_at is not None)[:MOST]
    own = [
        words(
            "agency.row", agency=literal(agency.agency, 40), letter=literal(agency.letter, 30),
            people=literal(people(agency.people), 60),
        )
        + (words("agency.ended") if agency.ended_at else "")
        for agency in listed
    ]  # fmt: skip
    return View(
        lines(bold(words("agency.title")) + " · " + literal(card.target, 40), *own, words("agency.write")),
        rows(
            *[
                [button(words("button.agency_end", agency=agency.agency), Act.AGENCY_END, card.id, agency.id)]
                for agency in listed
                if not agency.ended_at
            ],
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def people(people: tuple[tuple[str, str], ...]) -> str:
    return "、".join(f"{name}（{title}）" for name, title in people)
