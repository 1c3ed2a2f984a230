"""A witness pledges and reveals from the chat; the value is made on a device of the witness's own (Art. 14 (1))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.queries.ceremony import Speaking
from models.rules.public.draw import CeremonyStep


def asked(speaking: Speaking, page: str, words: Words) -> View:
    """What the draw is, what is awaited of this witness, and until when."""
    texts = [
        bold(words("witness.title")),
        literal(speaking.title, 80),
        words("witness.draw", draw=literal(speaking.draw, 64)),
        words("witness.commitment", commitment=literal(speaking.commitment, 64)),
        words("witness.until", at=speaking.last_reveal) if speaking.last_reveal else None,
    ]
    way = [Button(words("button.witness_page"), url=page)]
    if speaking.step == CeremonyStep.VOIDED:
        return View(lines(*texts, words("witness.voided")))
    if speaking.step == CeremonyStep.HELD:
        return View(lines(*texts, words("witness.held")))
    if not speaking.pledge:
        key = button(words("button.pledge"), Act.WITNESS_GIVE, speaking.id, style="primary")
        return View(lines(*texts, words("witness.pledge")), rows(way, [key]))
    if speaking.value:
        return View(lines(*texts, words("witness.revealed")))
    if speaking.step == CeremonyStep.PLEDGES:
        return View(lines(*texts, words("witness.pledged", pledge=literal(speaking.pledge, 64))))
    key = button(words("button.reveal"), Act.WITNESS_GIVE, speaking.id, style="primary")
    return View(lines(*texts, words("witness.reveal", pledge=literal(speaking.pledge, 64))), rows([key]))


def give(speaking: Speaking, page: str, words: Words) -> View:
    """The pledge, or later the value, is awaited as a message."""
    what = "witness.type_value" if speaking.pledge else "witness.type_pledge"
    way = None if speaking.pledge else [Button(words("button.witness_page"), url=page)]
    return View(
        lines(bold(words("witness.title")), literal(speaking.title, 80), words(what)),
        rows(way, [button(words("button.back"), Act.WITNESS, speaking.id)]),
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


def desk(speakers: tuple[Speaking, ...], words: Words) -> tuple[tuple[str, Button], ...]:
    """A line and its key for each draw in which a head's word is awaited."""
    return tuple(
        (
            words("witness.desk", title=literal(speaking.title, 60)),
            button(words("witness.desk_key", title=speaking.title), Act.WITNESS, speaking.id),
        )
        for speaking in speakers
    )
