"""A witness pledges and reveals from the chat; the value is made on a device of the witness's own (Art. 14 (1))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.queries.ceremony import Speaking
from models.rules.public.draw import Step


def asked(found: Speaking, page: str, words: Words) -> View:
    """What the draw is, what is awaited of this witness, and until when."""
    said = [
        bold(words("witness.title")),
        literal(found.title, 80),
        words("witness.draw", draw=literal(found.draw, 64)),
        words("witness.commitment", commitment=literal(found.commitment, 64)),
        words("witness.until", at=found.last_reveal) if found.last_reveal else None,
    ]
    way = [Button(words("button.witness_page"), url=page)]
    if found.step == Step.VOIDED:
        return View(lines(*said, words("witness.voided")))
    if found.step == Step.HELD:
        return View(lines(*said, words("witness.held")))
    if not found.pledge:
        key = button(words("button.pledge"), Act.WITNESS_GIVE, found.id, style="primary")
        return View(lines(*said, words("witness.pledge")), rows(way, [key]))
    if found.value:
        return View(lines(*said, words("witness.revealed")))
    if found.step == Step.PLEDGES:
        return View(lines(*said, words("witness.pledged", pledge=literal(found.pledge, 64))))
    key = button(words("button.reveal"), Act.WITNESS_GIVE, found.id, style="primary")
    return View(lines(*said, words("witness.reveal", pledge=literal(found.pledge, 64))), rows([key]))


def give(found: Speaking, page: str, words: Words) -> View:
    """The pledge, or later the value, is awaited as a message."""
    what = "witness.type_value" if found.pledge else "witness.type_pledge"
    way = None if found.pledge else [Button(words("button.witness_page"), url=page)]
    return View(
        lines(bold(words("witness.title")), literal(found.title, 80), words(what)),
        rows(way, [button(words("button.back"), Act.WITNESS, found.id)]),
    )


def void(draw: str, number: int, title: str, reason: str, console: str, words: Words) -> View:
    """Another head's word is needed before a draw counts as failed; all the facts are on the console."""
    return View(
        lines(
            bold(words("witness.void_title")),
            literal(title, 80),
            words("witness.draw", draw=literal(draw, 64)),
            words("asked.reason", reason=literal(reason, 300)),
            words("witness.void_text"),
        ),
        rows(
            [
                button(words("witness.void_agree"), Act.VOID_CONSENT, number, 1, style="danger"),
                button(words("witness.void_decline"), Act.VOID_CONSENT, number, 0),
            ],
            [Button(words("button.console"), url=console)],
        ),
    )


def desk(found: tuple[Speaking, ...], words: Words) -> tuple[tuple[str, Button], ...]:
    """A line and its key for each draw in which a head's word is awaited."""
    return tuple(
        (
            words("witness.desk", title=literal(one.title, 60)),
            button(words("witness.desk_key", draw=one.draw), Act.WITNESS, one.id),
        )
        for one in found[:4]
    )
