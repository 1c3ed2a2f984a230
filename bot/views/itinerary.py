"""Many visits in one message: times to answer, times to fix, and what became of them (Art. 15, 16 (2))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows, tagged
from bot.views.task import span
from bot.views.visit import REASONS, clash
from locales import Words
from models.queries.itinerary import Proposal, Unchecked, digest
from models.rules.visit import minute

LISTED = 3400
ONE_BY_ONE = 6
NAMED = 5

__all__ = ["View", "answered", "fixed", "network_closed", "proposals", "ready", "unchecked"]


def proposals(found: Sequence[Proposal], words: Words) -> View:
    """A member is asked about all of them at once; each can be answered by itself, and otherwise again."""
    open_ = [one for one in found if one.answer is None]
    if not found:
        return answered(0, words)
    each = (
        [_answers(place, one, words) for place, one in enumerate(found, 1)]
        if len(found) <= ONE_BY_ONE
        else []
    )
    return View(
        lines(
            bold(words("round.asked", n=len(open_)) if open_ else words("round.all_answered")),
            _listed(found, words, numbered=bool(each)),
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


def _answers(place: int, one: Proposal, words: Words) -> list[Button]:
    """可以 and 不行 for one time; what was answered is marked, the other stays in reach."""
    when = minute(one.begins)
    yes, no = (".now" if one.answer is said else "" for said in (True, False))
    return [
        button(words(f"round.can{yes}", place=place), Act.ANSWER_ONE, one.id, 1, when),
        button(words(f"round.cannot{no}", place=place), Act.ANSWER_ONE, one.id, 0, when),
    ]


def answered(n: int, words: Words, failed: Sequence[tuple[Proposal, str]] = ()) -> View:
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
    found: Sequence[Proposal], words: Words, *, short: Sequence[Proposal] = (), needed: int = 0
) -> View:
    """What a leader may fix in one go, and first what still stands in the way of any of it."""
    open_checks = [one for one in found if one.unchecked]
    complete = [one for one in found if not one.missing]
    in_short = [one for one in complete if one in short]
    keys: list[list[Button] | None] = []
    if open_checks:
        keys.append(
            [button(words("button.network_open", n=len(open_checks)), Act.NETWORK_OPEN, style="primary")]
        )
    if in_short:
        keys += [
            [button(words("button.fix_all_for", n=len(complete), reason=words(f"short.{reason}")),
                    Act.FIX_ALL, digest(found), reason)]
            for reason in REASONS
        ]  # fmt: skip
    elif complete:
        keys.append(
            [button(words("button.fix_all", n=len(complete)), Act.FIX_ALL, digest(found), style="success")]
        )
    return View(
        lines(
            bold(words("round.ready", n=len(found))),
            _listed(found, words),
            words("round.unchecked", n=len(open_checks)) if open_checks else None,
            *[
                "· " + literal(one.target, 40) + ": " + clash(one.clashes[0], words)
                for one in _clashing(found)[:NAMED]
            ],
            words("round.short", n=len(in_short), needed=needed) if in_short else None,
            words("round.ready_text") if complete else None,
        ),
        rows(
            *keys,
            *[
                [button(words("button.other_time_for", target=one.target), Act.DAYS, one.id)]
                for one in _clashing(found)[:NAMED]
            ],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def _clashing(found: Sequence[Proposal]) -> list[Proposal]:
    return [one for one in found if any(each.fixed for each in one.clashes)]


def unchecked(found: Sequence[Unchecked], words: Words) -> View:
    """Whose network check is open: what was looked up, and one press to end them."""
    said = "\n".join(
        f"{one.target} {words('round.looked_up', done=one.looked_up, all=one.online)}" for one in found
    )
    return View(
        lines(
            bold(words("round.unchecked", n=len(found))),
            tagged("blockquote expandable", literal(said, LISTED)),
            words("round.unchecked_text"),
        ),
        rows(
            [button(words("button.network_close_all", n=len(found)), Act.NETWORK_CLOSE_ALL, digest(found), style="success")],
            *[[button(one.target, Act.OPEN, one.id)] for one in found[:NAMED]],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )  # fmt: skip


def network_closed(n: int, words: Words) -> View:
    return View(
        lines(bold(words("round.network_closed", n=n))), rows([button(words("button.list"), Act.LIST, 0)])
    )


def fixed(done: int, failed: Sequence[tuple[Proposal, str]], words: Words) -> View:
    """How many went out; what did not, with its reason, a tap from its task."""
    return View(
        lines(bold(words("round.done", n=done)), *_failures(failed, words)),
        rows(
            *[
                [button(words("button.open_number", number=one.number), Act.OPEN, one.id)]
                for one, _ in failed[:NAMED]
            ],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def _failures(failed: Sequence[tuple[Proposal, str]], words: Words) -> list[str]:
    said = ["· " + literal(one.target, 40) + ": " + literal(why, 160) for one, why in failed[:NAMED]]
    return [words("round.failed", n=len(failed)), *said] if failed else []


def _listed(found: Sequence[Proposal], words: Words, *, numbered: bool = False) -> str:
    """Every time with its place; folded, so that many fit on a small screen."""
    said = "\n".join(
        f"{f'{place}. ' if numbered else ''}{span(one.begins, one.ends, words)} {one.target}"
        f"{_answer(one, words)}"
        for place, one in enumerate(found, 1)
    )
    folded = "" if numbered else " expandable"
    return tagged(f"blockquote{folded}", literal(said, LISTED))


def _answer(one: Proposal, words: Words) -> str:
    return "" if one.answer is None else " · " + words("reply.short_yes" if one.answer else "reply.short_no")
