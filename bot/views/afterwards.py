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


def agreed(said: Html, url: str, notice: int, words: Words) -> View:
    """The same step (`said` is its HTML), answered: there is nothing against the result."""
    return View(
        lines(said, bold(words("toast.agreed"))),
        rows(
            [Button(words("button.answer_result"), url=url)] if url else None,
            [button(words("button.notice"), Act.NOTICE, notice)],
        ),
    )


def correction(one: Revising, console: str, words: Words, *, why: str = "") -> View:
    """更正 to be decided; `why`: which reason is asked for."""
    said = [
        bold(
            words("news.revision_proposed") if not one.outcome else words(f"revision.decided.{one.outcome}")
        ),
        literal(one.target, 80),
        words.html("card.number", number=one.task),
        words("revision.why", reason=literal(one.reason, 300)),
        words("entry.chosen", types=words.joined(words(f"result.{code}") for code in one.proposed))
        if one.proposed
        else None,
        words("entry.note", note=literal(one.note, 300)) if one.note else None,
        words("revision.aside", numbers=words.joined(one.aside)) if one.aside else None,
    ]
    open_console = [Button(words("button.console"), url=console)]
    drop = (
        [button(words("web.revision.drop"), Act.REVISION_DROP, one.id)]
        if not one.outcome and not one.objected
        else None
    )
    if why:
        return View(lines(*said, bold(words(why))))
    if not one.proposed or one.outcome:
        returned = (
            words("revision.decided.returned", reason=literal(one.said, 300))
            if one.said and not one.outcome
            else None
        )
        return View(lines(*said, bold(returned) if returned else None), rows(drop, open_console))
    return View(
        lines(*said),
        rows(
            [
                button(words("button.revision_yes"), Act.REVISION, one.id, 1, style="success"),
                button(words("button.revision_no"), Act.REVISION, one.id, 0),
            ],
            drop,
            open_console,
        ),
    )
