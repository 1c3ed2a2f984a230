"""责令限期改正 in the chat: what an officer orders, verifies and extends; the head's case and withdrawal (Art. 17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, recheck, rows
from locales import Html, Words
from models.queries.card import TaskCard
from models.queries.rectification import OrderLine, OrderProposal
from models.rules.checklist import failures
from models.rules.rectification import OFFERED
from models.states import FOLLOWED_UP_IN
from models.states import RectificationState as R

NAMED = 8  # points by name; the others by number


def offer(card: TaskCard, words: Words) -> list[Button] | None:
    """From the reviewed result on, where the officer's own department found something wanting."""
    wrong = set(failures(card.sheet))
    if card.state not in FOLLOWED_UP_IN or not any(
        ask.number in wrong for ask in card.sheet.of(card.department)
    ):
        return None
    return [button(words("button.orders"), Act.ORDERS, card.id)]


def orders(
    task: int, number: str, target: str, standing: Sequence[OrderLine], proposal: OrderProposal | None, words: Words, *,
    but: Collection[int] = (),
) -> View:  # fmt: skip
    """The orders of a task, and what may be ordered; `but`: points that are left out of it."""
    texts = [bold(words("order.title")), literal(target, 80), words.html("card.number", number=number)]
    texts += [lines(literal(line.called, 40) + " " + _standing(line, words)) for line in standing]
    keys: list[list[Button] | None] = [
        [button(words("rectification.chat.open", number=line.number), Act.ORDER, line.id)]
        for line in standing
    ]
    if proposal:
        texts.append(Html.escape(words("rectification.chat.order")))
        keys += _points(task, proposal, but, words)
        days = [button(words("rectification.chat.days", n=n), Act.ORDER_FOR, task, n) for n in OFFERED]
        keys.append(days if len(but) < len(proposal.points) else None)
    return View(lines(*texts), rows(*keys, [button(words("button.back"), Act.OPEN, task)]))


def _points(task: int, proposal: OrderProposal, but: Collection[int], words: Words) -> list[list[Button]]:
    """A tap leaves a point out, or takes it in again."""
    return [
        [
            button(
                words(
                    "rectification.chat.out" if point.number in but else "rectification.chat.in",
                    text=point.text,
                ),
                Act.ORDER_POINT, task, point.number, short=str(point.number),
            )
        ]
        for point in proposal.points[:NAMED]
    ]  # fmt: skip


def _standing(order: OrderLine, words: Words) -> str:
    return f"{words(f'rectification.state.{order.state}')} · {words('order.page.due', day=order.due)}"


def order(
    line: OrderLine,
    words: Words,
    *,
    console: str = "",
    officer: bool = False,
    head: bool = False,
    headline: str = "",
    goes: Sequence[list[Button] | None] = (),
) -> View:
    """An order with what may be done: by an officer of its department, or by its head; `goes`: about its recheck."""
    proof = line.proof
    texts = [
        bold(headline or words("order.title")),
        literal(line.target, 80),
        words.html("rectification.chat.number", number=line.number),
        _standing(line, words),
        *[_point(line, point.number, point.text, words) for point in line.points[:NAMED]],
        words("rectification.chat.more", n=len(line.points) - NAMED) if len(line.points) > NAMED else None,
        words("rectification.chat.proof", text=literal(proof.text, 400)) if proof else None,
        words("entity.chat.papers", n=len(proof.papers)) if proof and proof.papers else None,
        *recheck.said(line, words),
    ]
    keys = [*goes, *(_verifying(line, words) if officer else []), *(_heading(line, words) if head else [])]
    return View(
        lines(*texts), rows(*keys, [Button(words("button.console"), url=console)] if console else None)
    )


def _point(line: OrderLine, number: int, text: str, words: Words) -> str:
    key = "rectification.chat.point_done" if number in line.done else "rectification.chat.point"
    return words(key, number=number, text=literal(text, 80))


def _verifying(line: OrderLine, words: Words) -> list[list[Button] | None]:
    if not line.provable:
        return []
    partly = len(line.left) > 1
    style = "" if line.recheck else "success"  # what goes on is done first
    return [
        [button(words("rectification.do.verified"), Act.ORDER_VERIFY, line.id, "verified", style=style)],
        [
            *(
                [button(words("rectification.do.partly"), Act.ORDER_VERIFY, line.id, "partly")]
                if partly
                else []
            ),
            button(words("rectification.do.not_done"), Act.ORDER_VERIFY, line.id, "not_done"),
        ],
        [button(words("recheck.do.set"), Act.RECHECK, line.id)],
        [button(words("rectification.do.extend"), Act.ORDER_EXTEND, line.id)] if line.open else None,
    ]


def _heading(line: OrderLine, words: Words) -> list[list[Button] | None]:
    lapsed = line.state == R.LAPSED
    return [
        [button(words("rectification.do.file"), Act.ORDER_FILE, line.id, style="primary")]
        if lapsed
        else None,
        [button(words("rectification.do.revoke"), Act.ORDER_REVOKE, line.id)] if line.open else None,
    ]


def why(line: OrderLine, key: str, words: Words, *, done: Collection[int] = (), partly: bool = False) -> View:
    """What is to be typed; for 部分改正 the points that are done are tapped first."""
    keys = [
        [
            button(
                words(
                    "rectification.chat.done" if point.number in done else "rectification.chat.undone",
                    text=point.text,
                ),
                Act.ORDER_DONE, line.id, point.number, short=str(point.number),
            )
        ]
        for point in (line.left if partly else ())
    ]  # fmt: skip
    text = lines(
        bold(words(key)),
        literal(line.target, 80),
        words.html("rectification.chat.number", number=line.number),
    )
    return View(text, rows(*keys, [button(words("button.back"), Act.ORDER, line.id)]))


def terms(line: OrderLine, today: date, words: Words) -> View:
    """延期: by how many days."""
    begins = max(line.due, today)
    text = lines(
        bold(words("rectification.do.extend")), literal(line.target, 80),
        words.html("rectification.chat.number", number=line.number), words("order.page.due", day=line.due),
    )  # fmt: skip
    keys = [
        [button(words("rectification.chat.until", n=n, day=begins + timedelta(days=n)), Act.ORDER_EXTEND, line.id, n)]
        for n in OFFERED
    ]  # fmt: skip
    return View(text, rows(*keys, [button(words("button.back"), Act.ORDER, line.id)]))


def desk(lapsed: Sequence[OrderLine], words: Words) -> tuple[tuple[str, Button], ...]:
    """A line and a button for each order that lapsed."""
    return tuple(
        (
            words("rectification.chat.desk", target=literal(line.target, 60)),
            button(words("rectification.chat.desk_key", target=line.target), Act.ORDER, line.id),
        )
        for line in lapsed
    )
