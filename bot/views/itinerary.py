"""Many visits in one message: times to answer, times to fix, and what became of them (Art. 15, 16 (2))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views.task import span
from bot.views.visit import REASONS, clash
from locales import Words
from models.queries.itinerary import Unchecked, VisitProposal, digest
from models.rules.visit import minute

LISTED = 3400
ONE_BY_ONE = 6
NAMED = 5

__all__ = ["View", "answered", "fixed", "network_closed", "proposals", "ready", "unchecked"]


def proposals(visits: Sequence[VisitProposal], words: Words) -> View:
    """A member is asked about all of them at once; each can be answered by itself, and otherwise again."""
    open_ = [proposal for proposal in visits if proposal.answer is None]
    if not visits:
        return answered(0, words)
    each = (
        [_answers(place, proposal, words) for place, proposal in enumerate(visits, 1)]
        if len(visits) <= ONE_BY_ONE
        else []
    )
    return View(
        lines(
            bold(words("round.asked", n=len(open_)) if open_ else words("round.all_answered")),
            _listed(visits, words, numbered=bool(each)),
            words("round.asked_text" if open_ else "round.changeable"),
        ),
        rows(
            [button(words("button.can_all", n=len(open_)), Act.CAN_ALL, digest(open_), style="success")]
            if open_
            else None,
            *each,
            [button(words("button.one_by_one" if open_ and not each else "button.list"), Act.LIST, 0)],
        ),
    )


def _answers(place: int, proposal: VisitProposal, words: Words) -> list[Button]:
    """可以 and 不行 for one time; what was answered is marked, the other stays in reach."""
    when = minute(proposal.begins)
    yes, no = (".now" if proposal.answer is answer else "" for answer in (True, False))
    return [
        button(words(f"round.can{yes}", place=place), Act.ANSWER_ONE, proposal.id, 1, when),
        button(words(f"round.cannot{no}", place=place), Act.ANSWER_ONE, proposal.id, 0, when),
    ]


def answered(n: int, words: Words, failed: Sequence[tuple[VisitProposal, str]] = ()) -> View:
    return View(
        lines(
            bold(words("round.answered", n=n)),
            words("round.changeable") if n else None,
            *_failures(failed, words),
        ),
        rows(
            [button(words("button.change_answers"), Act.PROPOSALS_MINE)] if n else None,
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def ready(
    visits: Sequence[VisitProposal], words: Words, *, short: Sequence[VisitProposal] = (), needed: int = 0
) -> View:
    """What a leader may fix in one go, and first what still stands in the way of any of it."""
    open_checks = [proposal for proposal in visits if proposal.unchecked]
    complete = [proposal for proposal in visits if not proposal.missing]
    in_short = [proposal for proposal in complete if proposal in short]
    keys: list[list[Button] | None] = []
    if open_checks:
        keys.append(
            [button(words("button.network_open", n=len(open_checks)), Act.NETWORK_OPEN, style="primary")]
        )
    if in_short:
        keys += [
            [button(words("button.fix_all_for", n=len(complete), reason=words(f"short.{reason}")),
                    Act.FIX_ALL, digest(visits), reason)]
            for reason in REASONS
        ]  # fmt: skip
    elif complete:
        keys.append(
            [button(words("button.fix_all", n=len(complete)), Act.FIX_ALL, digest(visits), style="success")]
        )
    return View(
        lines(
            bold(words("round.ready", n=len(visits))),
            _listed(visits, words),
            words("round.unchecked", n=len(open_checks)) if open_checks else None,
            *[
                "· " + literal(proposal.target, 40) + ": " + clash(proposal.clashes[0], words)
                for proposal in _clashing(visits)[:NAMED]
            ],
            *[
                words(
                    "round.silent",
                    target=literal(visit.target, 40),
                    names=literal(words.joined(visit.silent), 80),
                )
                for visit in visits
                if visit.silent
            ][:NAMED],
            words("round.short", n=len(in_short), needed=needed) if in_short else None,
            words("round.ready_text") if complete else None,
        ),
        rows(
            *keys,
            *[
                [button(words("button.other_time_for", target=proposal.target), Act.DAYS, proposal.id)]
                for proposal in _clashing(visits)[:NAMED]
            ],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def _clashing(visits: Sequence[VisitProposal]) -> list[VisitProposal]:
    return [proposal for proposal in visits if any(each.blocks for each in proposal.clashes)]


def unchecked(visits: Sequence[Unchecked], words: Words) -> View:
    """Whose network check is open: what was looked up, and one press to end them."""
    text = "\n".join(
        f"{visit.target} {words('round.looked_up', done=visit.looked_up, all=visit.online)}"
        for visit in visits
    )
    return View(
        lines(
            bold(words("round.unchecked", n=len(visits))),
            tagged("blockquote expandable", literal(text, LISTED)),
            words("round.unchecked_text"),
        ),
        rows(
            [button(words("button.network_close_all", n=len(visits)), Act.NETWORK_CLOSE_ALL, digest(visits), style="success")],
            *[[button(visit.target, Act.OPEN, visit.id)] for visit in visits[:NAMED]],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def network_closed(n: int, words: Words) -> View:
    return View(
        lines(bold(words("round.network_closed", n=n))),
        rows(
            [button(words("button.timetable", n=n), Act.TIMETABLE, style="primary")],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def fixed(done: int, failed: Sequence[tuple[VisitProposal, str]], words: Words) -> View:
    """How many went out; what did not, with its reason, a tap from its task."""
    return View(
        lines(bold(words("round.done", n=done)), *_failures(failed, words)),
        rows(
            *[
                [button(words("button.open_number", number=proposal.number), Act.OPEN, proposal.id)]
                for proposal, _ in failed[:NAMED]
            ],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def _failures(failed: Sequence[tuple[VisitProposal, str]], words: Words) -> list[str]:
    htmls = ["· " + literal(visit.target, 40) + ": " + literal(why, 160) for visit, why in failed[:NAMED]]
    return [words("round.failed", n=len(failed)), *htmls] if failed else []


def _listed(visits: Sequence[VisitProposal], words: Words, *, numbered: bool = False) -> str:
    """Every time with its place; folded, so that many fit on a small screen."""
    text = "\n".join(
        f"{f'{place}. ' if numbered else ''}{span(proposal.begins, proposal.ends, words)} {proposal.target}"
        f"{_answer(proposal, words)}"
        for place, proposal in enumerate(visits, 1)
    )
    folded = "" if numbered else " expandable"
    return tagged(f"blockquote{folded}", literal(text, LISTED))


def _answer(proposal: VisitProposal, words: Words) -> str:
    return (
        ""
        if proposal.answer is None
        else " · " + words("reply.short_yes" if proposal.answer else "reply.short_no")
    )
