"""Many visits in one message: times to answer, times to fix, and what became of them (Art. 15, 16 (2))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.task import span
from locales import Words
from models.queries.round import Proposal, digest

LISTED = 3400


def proposals(found: Sequence[Proposal], words: Words) -> View:
    """A member is asked about all of them at once; those they cannot keep are answered one by one."""
    return View(
        lines(bold(words("round.asked", n=len(found))), _listed(found, words), words("round.asked_text")),
        rows(
            [button(words("button.can_all", n=len(found)), Act.CAN_ALL, digest(found), style="success")],
            [button(words("button.one_by_one"), Act.LIST, 0)],
        ),
    )


def answered(n: int, words: Words) -> View:
    return View(bold(words("round.answered", n=n)), rows([button(words("button.list"), Act.LIST, 0)]))


def ready(found: Sequence[Proposal], words: Words) -> View:
    """What a leader may fix in one go: everybody can."""
    return View(
        lines(bold(words("round.ready", n=len(found))), _listed(found, words), words("round.ready_text")),
        rows(
            [button(words("button.fix_all", n=len(found)), Act.FIX_ALL, digest(found), style="success")],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def fixed(done: int, failed: Sequence[tuple[Proposal, str]], words: Words) -> View:
    """How many went out; what did not, with its reason, a tap from its task."""
    return View(
        lines(
            bold(words("round.done", n=done)),
            words("round.failed", n=len(failed)) if failed else None,
            *[f"· {literal(one.target, 40)}: {literal(why, 160)}" for one, why in failed[:5]],
        ),
        rows(
            *[[button(words("button.open_number", number=one.number), Act.OPEN, one.id)] for one, _ in failed[:5]],
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def _listed(found: Sequence[Proposal], words: Words) -> str:
    """Folded, so that many fit on a small screen."""
    said = "\n".join(f"{span(one.begins, one.ends, words)} {one.target}" for one in found)
    return f"<blockquote expandable>{literal(said, LISTED)}</blockquote>"
