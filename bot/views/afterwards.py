"""After the visit in the chat: what the entity is told and may do, corrections for the head (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Html, Words
from models.queries.publication import Revising


def told(kind: str, text: str, url: str, notice: int | None, words: Words) -> View:
    """A step with what may be done about it, a tap away."""
    answer = {"result": "button.answer_result", "published": "button.object_result", "corrected": "button.object_result",
              "record": "button.read_record"}.get(kind, "button.page")  # fmt: skip
    return View(
        literal(text, 2000),
        rows(
            [button(words("button.agree_result"), Act.AGREE_RESULT, notice, style="success")]
            if kind == "result" and notice
            else None,
            [Button(words(answer), url=url)] if url else None,
            [button(words("button.notice"), Act.NOTICE, notice)] if notice else None,
        ),
    )


def agreed(text: Html, url: str, notice: int, words: Words) -> View:
    """The same step (`said` is its HTML), answered: there is nothing against the result."""
    return View(
        lines(text, bold(words("toast.agreed"))),
        rows(
            [Button(words("button.answer_result"), url=url)] if url else None,
            [button(words("button.notice"), Act.NOTICE, notice)],
        ),
    )


def correction(revising: Revising, console: str, words: Words, *, why: str = "") -> View:
    """更正 to be decided; `why`: which reason is asked for."""
    texts = [
        bold(
            words("news.revision_proposed")
            if not revising.outcome
            else words(f"revision.decided.{revising.outcome}")
        ),
        literal(revising.target, 80),
        words.html("card.number", number=revising.task),
        words("revision.why", reason=literal(revising.reason, 300)),
        words("entry.chosen", types=words.joined(words(f"result.{code}") for code in revising.proposed))
        if revising.proposed
        else None,
        words("entry.note", note=literal(revising.note, 300)) if revising.note else None,
        words("revision.aside", numbers=words.joined(revising.aside)) if revising.aside else None,
    ]
    open_console = [Button(words("button.console"), url=console)]
    drop = (
        [button(words("web.revision.drop"), Act.REVISION_DROP, revising.id)]
        if not revising.outcome and not revising.objected
        else None
    )
    if why:
        return View(lines(*texts, bold(words(why))))
    if not revising.proposed or revising.outcome:
        returned = (
            words("revision.decided.returned", reason=literal(revising.said, 300))
            if revising.said and not revising.outcome
            else None
        )
        return View(lines(*texts, bold(returned) if returned else None), rows(drop, open_console))
    return View(
        lines(*texts),
        rows(
            [
                button(words("button.revision_yes"), Act.REVISION, revising.id, 1, style="success"),
                button(words("button.revision_no"), Act.REVISION, revising.id, 0),
            ],
            drop,
            open_console,
        ),
    )
