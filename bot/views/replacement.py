"""更换人员: whom, and why (Art. 14 (2)). Who comes is the next ticket's, never a choice."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.queries.substitution import TeamSeat
from models.states import TO_VISIT

LISTED = 12
REASONS = ("post", "conflict", "other")


def members(card: TaskCard, seats: Sequence[TeamSeat], words: Words) -> View:
    return View(
        lines(bold(words("replace.title")), literal(card.target, 80), words("replace.text")),
        rows(
            *_keys(seats, words),
            [button(words("reassign.offer"), Act.REASSIGN, card.id)] if card.state in TO_VISIT else None,
            [button(words("button.back"), Act.OPEN, card.id)],
        ),
    )


def staff(seats: Sequence[TeamSeat], words: Words) -> View:
    """Those who may not go any more come first."""
    text = words("replace.text") if seats else words("replace.nobody")
    return View(
        lines(bold(words("replace.title")), text),
        rows(*_keys(seats, words), [button(words("button.list"), Act.LIST, 0)]),
    )


def _keys(seats: Sequence[TeamSeat], words: Words) -> list[list[Button]]:
    return [[button(_named(seat, words), Act.REPLACE_WHO, seat.id)] for seat in seats[:LISTED]]


def _named(seat: TeamSeat, words: Words) -> str:
    return f"{seat.name} {_ground(seat, words)}".strip()


def _ground(seat: TeamSeat, words: Words) -> str:
    if seat.asked:
        return words("replace.asked")
    return words(f"web.unfit.{seat.why}") if seat.why else ""


def reasons(seat: TeamSeat, batch: str, words: Words) -> View:
    """`batch`: where its page is, for whoever may open it; a seat that nobody fills is settled there at last."""
    ground = _ground(seat, words)
    return View(
        lines(
            bold(words("replace.who", name=literal(seat.name, 40))),
            literal(seat.target, 80),
            literal(ground) if ground else None,
            words("web.staffing.vacant") if seat.why == "vacant" else None,
            words("asked.next_ticket"),
        ),
        rows(
            *[[button(words(f"replace.{key}"), Act.REPLACE_FOR, seat.id, key)] for key in REASONS],
            [Button(words("web.staffing.batch"), url=batch)] if batch and seat.why == "vacant" else None,
            [button(words("button.list"), Act.LIST, 0)],
        ),
    )


def typing(seat: TeamSeat, words: Words) -> View:
    return View(
        lines(bold(words("replace.who", name=literal(seat.name, 40))), words("replace.type")),
        rows([button(words("button.list"), Act.LIST, 0)]),
    )


def requested(seat: TeamSeat, words: Words, *, decided: bool) -> View:
    key = "replace.done" if decided else "replace.waits"
    return View(
        lines(bold(words(key, name=literal(seat.name, 40))), literal(seat.target, 80)),
        rows([button(words("button.list"), Act.LIST, 0)]),
    )
