"""What the entity said, with the answers below it: for leaders, officers, heads, and for the entity itself (Art. 16, 17)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import span
from locales import Words
from models.queries.entity import Mended, Objected, Ready, Recusal
from models.queries.pending_decisions import Letter
from models.queries.publication import Revising
from models.rules.free_times import Window
from models.rules.visit import SHANGHAI

PER_PAGE = 8
CLOCK = "%Y%m%d%H%M"


def prepare(letter: Letter, found: tuple[Ready, ...], page: int, words: Words) -> View:
    """The list of materials, a tap for each line."""
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    turn = [
        button(words("button.page_before"), Act.PREPARE, letter.id, page - 1) if page else None,
        button(words("button.page_next"), Act.PREPARE, letter.id, page + 1)
        if len(found) > (page + 1) * PER_PAGE
        else None,
    ]
    return View(
        lines(
            bold(words("entity.chat.prepare", ready=sum(one.ready for one in found), all=len(found))),
            literal(letter.target, 80),
            words("entity.chat.prepare_text"),
        ),
        rows(
            *[[_line(letter, one, words)] for one in shown],
            [key for key in turn if key],
            [button(words("button.back"), Act.NOTICE, letter.id)],
        ),
    )


def _line(letter: Letter, one: Ready, words: Words) -> Button:
    key = "entity.chat.ready" if one.ready else "entity.chat.open"
    return button(
        words(key, number=one.number, text=one.text), Act.TICK, letter.id, one.number, 0 if one.ready else 1,
        style="success" if one.ready else "", short=words(key, number=one.number, text="").strip(),
    )  # fmt: skip


def windows(letter: Letter, offered: tuple[Window, ...], words: Words) -> View:
    """When the whole team is free."""
    return View(
        lines(bold(words("postpone.title")), words("entity.chat.windows")),
        rows(
            *[
                [button(span(one.begins, one.ends, words), Act.POSTPONE_TO, letter.id, stamp(one))]
                for one in offered
            ],
            [button(words("postpone.other"), Act.POSTPONE_TO, letter.id, 0)],
            [button(words("button.back"), Act.NOTICE, letter.id)],
        ),
    )


def stamp(one: Window) -> str:
    """When a window begins, short enough for a button."""
    return one.begins.astimezone(SHANGHAI).strftime(CLOCK)


def mended(one: Mended, console: str, words: Words, *, why: bool = False) -> View:
    """A correction to be verified; `why`: the reason for not accepting it is asked for."""
    said = [
        bold(words("entity.chat.mended" if one.stage == "before" else "entity.chat.proof")),
        words.html("card.number", number=one.task),
        literal(f"{one.number}. {one.question}", 160),
        literal(one.text, 300),
        words("entity.chat.papers", n=len(one.papers)) if one.papers else None,
    ]
    open_console = [Button(words("button.console"), url=console)]
    if one.accepted is not None:
        kept = (
            words("entity.chat.accepted")
            if one.accepted
            else words("entity.chat.refused", said=literal(one.said))
        )
        return View(lines(*said, bold(kept)), rows(open_console))
    if why:
        return View(lines(*said, bold(words("entity.chat.why"))))
    return View(
        lines(*said),
        rows(
            [
                button(words("button.mended_yes"), Act.CORRECTION, one.id, 1, style="success"),
                button(words("button.mended_no"), Act.CORRECTION, one.id, 0),
            ],
            open_console,
        ),
    )


def desk(
    recusals: tuple[Recusal, ...],
    objections: tuple[Objected, ...],
    words: Words,
    revisions: tuple[Revising, ...] = (),
) -> tuple[tuple[str, Button], ...]:
    """A line and a button for each question that waits for a head."""
    asked = [
        (
            words("entity.chat.desk_recusal", name=literal(one.officer, 40)),
            button(words("entity.chat.desk_recusal_key", name=one.officer), Act.RECUSAL, one.id),
        )
        for one in recusals
    ]
    said = [
        (
            words("entity.chat.desk_objection", target=literal(one.target, 60)),
            button(words("entity.chat.desk_objection_key", target=one.target), Act.OBJECTION, one.id),
        )
        for one in objections
    ]
    right = [
        (
            words("entity.chat.desk_revision", target=literal(revision.target, 60)),
            button(words("entity.chat.desk_revision_key", target=revision.target), Act.REVISION, revision.id),
        )
        for revision in revisions
    ]
    return (*asked, *said, *right)


def recusal(one: Recusal, words: Words) -> View:
    """A request for recusal, for the head alone."""
    said = [
        bold(words("entity.chat.recusal", name=literal(one.officer, 40))),
        literal(one.target, 80),
        words.html("card.number", number=one.task),
        literal(one.reason, 600),
    ]
    if one.granted is not None:
        return View(lines(*said, bold(words("entity.recusal.yes" if one.granted else "entity.recusal.no"))))
    return View(
        lines(*said, words("entity.chat.recusal_text")),
        rows(
            [
                button(words("button.consent"), Act.RECUSAL, one.id, 1, style="success"),
                button(words("button.refuse"), Act.RECUSAL, one.id, 0, style="danger"),
            ]
        ),
    )


def objection(one: Objected, console: str, words: Words, *, why: bool = False) -> View:
    """An objection to be decided with a reason."""
    said = [
        bold(words("entity.chat.objection")),
        literal(one.target, 80),
        words.html("card.number", number=one.task),
        literal(one.text, 600),
    ]
    open_console = [Button(words("button.console"), url=console)]
    if one.upheld is not None:
        kept = words("entity.chat.upheld" if one.upheld else "entity.chat.dismissed", said=literal(one.said))
        return View(lines(*said, bold(kept)), rows(open_console))
    if why:
        return View(lines(*said, bold(words("entity.chat.why"))))
    return View(
        lines(*said),
        rows(
            [
                button(words("button.upheld"), Act.OBJECTION, one.id, 1),
                button(words("button.dismissed"), Act.OBJECTION, one.id, 0),
            ],
            open_console,
        ),
    )
