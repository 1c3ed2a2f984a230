"""合并上门: what leaders and heads are asked to accept, and who has (Art. 15)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.answering_party import AnsweringParty
from models.queries.visit_joins import JoinProposal
from models.rules.actor import Actor, Role


def proposal(proposed: JoinProposal, by: Actor, words: Words) -> View:
    """Both tasks, the days in common, each party's word; accept or object, or take the two apart."""
    state = "join.parted" if proposed.ended else "join.joined" if proposed.joined else "join.title"
    parts = by.role == Role.INSPECTOR and proposed.joined and not proposed.ended and proposed.to_come
    return View(
        lines(
            bold(words(state)),
            literal(proposed.target, 80),
            words("join.numbers", one=literal(proposed.numbers[0], 64), other=literal(proposed.numbers[1], 64)),
            words("join.days", opens=short(proposed.opens, words), closes=short(proposed.closes, words)),
            *[word_of(party, words) for party in proposed.parties],
            words("join.text") if proposed.open else None,
            None if proposed.to_come or proposed.ended else words("join.apart"),
        ),
        rows(
            [
                button(words("join.accept"), Act.JOIN_ANSWER, proposed.id, 1, style="success"),
                button(words("plan_draft.object"), Act.JOIN_ANSWER, proposed.id, 0, style="danger"),
            ]
            if proposed.asks(by)
            else None,
            [button(words("join.part"), Act.JOIN_PART, proposed.id)] if parts else None,
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def word_of(party: AnsweringParty, words: Words) -> str:
    """What a leader or head has said so far."""
    key = {True: "join.yes", False: "join.no", None: "join.silent"}[party.agreed]
    return words(key, name=literal(party.name, 60), reason=literal(party.reason, 200))


def why(proposed: JoinProposal, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("plan_draft.why")), literal(proposed.target, 80)),
        rows([button(words("button.back"), Act.JOIN_ASKED, proposed.id)]),
    )
