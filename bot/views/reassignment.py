"""改派: which team could take a task, why, and who has agreed (Art. 15)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.visit_join import word_of
from locales import Words
from models.queries.reassignments import GivableTask, OtherTeam, ReassignmentProposal
from models.rules.actor import Actor
from models.rules.draw.reassignment import Ground


def teams(task: int, target: str, givable: GivableTask | None, words: Words) -> View:
    """`givable`: None where there is no other team, or one has been asked."""
    others = givable.teams if givable else ()
    return View(
        lines(
            bold(words("reassign.title")),
            literal(target, 80),
            words("reassign.text") if others else words("reassign.none"),
        ),
        rows(
            *[
                [button(_offer(team, words), Act.REASSIGN_TO, task, team.number)]
                for team in others
            ],
            [button(words("button.back"), Act.OPEN, task)],
        ),
    )  # fmt: skip


def _offer(team: OtherTeam, words: Words) -> str:
    return words("reassign.team", team=team.number, leader=team.leader, n=team.visits)


def grounds(task: int, target: str, team: int, words: Words) -> View:
    return View(
        lines(bold(words("reassign.to", team=team)), literal(target, 80), words("reassign.why")),
        rows(
            *[[button(words(f"reassign.ground.{ground}"), Act.REASSIGN_FOR, task, team, str(ground))] for ground in Ground],
            [button(words("button.back"), Act.REASSIGN, task)],
        ),
    )  # fmt: skip


def proposal(proposed: ReassignmentProposal, by: Actor, words: Words) -> View:
    """The task, from which team to which and why, each party's word; agree or object."""
    state = "reassign.ended" if proposed.ended else "reassign.done" if proposed.done else "reassign.title"
    return View(
        lines(
            bold(words(state)),
            literal(proposed.target, 80),
            literal(proposed.number, 64),
            words("reassign.line", team=proposed.team, to=proposed.to, ground=words(f"reassign.ground.{proposed.ground}")),
            *[word_of(party, words) for party in proposed.parties],
            words("reassign.text") if proposed.open else None,
            words("reassign.over") if not (proposed.open or proposed.done or proposed.ended) else None,
        ),
        rows(
            [
                button(words("reassign.agree"), Act.REASSIGN_ANSWER, proposed.id, 1, style="success"),
                button(words("plan_draft.object"), Act.REASSIGN_ANSWER, proposed.id, 0, style="danger"),
            ]
            if proposed.asks(by)
            else None,
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def objecting(proposed: ReassignmentProposal, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("plan_draft.why")), literal(proposed.target, 80)),
        rows([button(words("button.back"), Act.REASSIGN_ASKED, proposed.id)]),
    )
