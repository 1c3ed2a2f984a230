"""What the entity said, with the answers below it: for leaders, officers, heads, and for the entity itself (Art. 16, 17)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import span
from locales import Words
from models.queries.entity import Objected, ReadyLine, RecusalToDecide, SubmittedCorrection
from models.queries.pending_decisions import PendingNotice
from models.queries.publication import Revising
from models.rules.free_times import Window
from models.rules.visit import SHANGHAI

PER_PAGE = 8
CLOCK = "%Y%m%d%H%M"


def prepare(letter: PendingNotice, materials: tuple[ReadyLine, ...], page: int, words: Words) -> View:
    """The list of materials, a tap for each line."""
    shown = materials[page * PER_PAGE : (page + 1) * PER_PAGE]
    turn = [
        button(words("button.page_before"), Act.PREPARE, letter.id, page - 1) if page else None,
        button(words("button.page_next"), Act.PREPARE, letter.id, page + 1)
        if len(materials) > (page + 1) * PER_PAGE
        else None,
    ]
    return View(
        lines(
            bold(
                words("entity.chat.prepare", ready=sum(line.ready for line in materials), all=len(materials))
            ),
            literal(letter.target, 80),
            words("entity.chat.prepare_text"),
        ),
        rows(
            *[[_line(letter, line, words)] for line in shown],
            [key for key in turn if key],
            [button(words("button.back"), Act.NOTICE, letter.id)],
        ),
    )


def _line(letter: PendingNotice, line: ReadyLine, words: Words) -> Button:
    key = "entity.chat.ready" if line.ready else "entity.chat.unready"
    return button(
        words(key, number=line.number, text=line.text), Act.TICK, letter.id, line.number, 0 if line.ready else 1,
        style="success" if line.ready else "", short=words(key, number=line.number, text="").strip(),
    )  # fmt: skip


def windows(letter: PendingNotice, offered: tuple[Window, ...], words: Words) -> View:
    """When the whole team is free."""
    return View(
        lines(bold(words("postpone.title")), words("entity.chat.windows")),
        rows(
            *[
                [button(span(window.begins, window.ends, words), Act.POSTPONE_TO, letter.id, stamp(window))]
                for window in offered
            ],
            [button(words("postpone.other"), Act.POSTPONE_TO, letter.id, 0)],
            [button(words("button.back"), Act.NOTICE, letter.id)],
        ),
    )


def stamp(window: Window) -> str:
    """When a window begins, short enough for a button."""
    return window.begins.astimezone(SHANGHAI).strftime(CLOCK)


def mended(correction: SubmittedCorrection, console: str, words: Words, *, why: bool = False) -> View:
    """A correction to be verified; `why`: the reason for not accepting it is asked for."""
    texts = [
        bold(words("entity.chat.mended" if correction.stage == "before" else "entity.chat.proof")),
        words.html("card.number", number=correction.task),
        literal(f"{correction.number}. {correction.question}", 160),
        literal(correction.text, 300),
        words("entity.chat.papers", n=len(correction.papers)) if correction.papers else None,
    ]
    open_console = [Button(words("button.console"), url=console)]
    if correction.accepted is not None:
        stored = (
            words("entity.chat.accepted")
            if correction.accepted
            else words("entity.chat.refused", said=literal(correction.said))
        )
        return View(lines(*texts, bold(stored)), rows(open_console))
    if why:
        return View(lines(*texts, bold(words("entity.chat.why"))))
    return View(
        lines(*texts),
        rows(
            [
                button(words("button.mended_yes"), Act.CORRECTION, correction.id, 1, style="success"),
                button(words("button.mended_no"), Act.CORRECTION, correction.id, 0),
            ],
            open_console,
        ),
    )


def desk(
    recusals: tuple[RecusalToDecide, ...],
    objections: tuple[Objected, ...],
    words: Words,
    revisions: tuple[Revising, ...] = (),
) -> tuple[tuple[str, Button], ...]:
    """A line and a button for each question that waits for a head."""
    asked = [
        (
            words("entity.chat.desk_recusal", name=literal(decide.officer, 40)),
            button(words("entity.chat.desk_recusal_key", name=decide.officer), Act.RECUSAL, decide.id),
        )
        for decide in recusals
    ]
    texts = [
        (
            words("entity.chat.desk_objection", target=literal(objected.target, 60)),
            button(
                words("entity.chat.desk_objection_key", target=objected.target), Act.OBJECTION, objected.id
            ),
        )
        for objected in objections
    ]
    right = [
        (
            words("entity.chat.desk_revision", target=literal(revision.target, 60)),
            button(words("entity.chat.desk_revision_key", target=revision.target), Act.REVISION, revision.id),
        )
        for revision in revisions
    ]
    return (*asked, *texts, *right)


def recusal(decide: RecusalToDecide, words: Words) -> View:
    """A request for recusal, for the head alone."""
    htmls = [
        bold(words("entity.chat.recusal", name=literal(decide.officer, 40))),
        literal(decide.target, 80),
        words.html("card.number", number=decide.task),
        literal(decide.reason, 600),
    ]
    if decide.granted is not None:
        return View(
            lines(*htmls, bold(words("entity.recusal.yes" if decide.granted else "entity.recusal.no")))
        )
    consent = [button(words("button.consent"), Act.RECUSAL, decide.id, 1, style="success")]
    return View(
        lines(*htmls, words("entity.chat.recusal_text" if decide.in_time else "entity.desk.recusal.over")),
        rows(
            [
                *(consent if decide.in_time else []),
                button(words("button.refuse"), Act.RECUSAL, decide.id, 0, style="danger"),
            ]
        ),
    )


def objection(objected: Objected, console: str, words: Words, *, why: bool = False) -> View:
    """An objection to be decided with a reason."""
    htmls = [
        bold(words("entity.chat.objection")),
        literal(objected.target, 80),
        words.html("card.number", number=objected.task),
        literal(objected.text, 600),
    ]
    open_console = [Button(words("button.console"), url=console)]
    if objected.upheld is not None:
        stored = words(
            "entity.chat.upheld" if objected.upheld else "entity.chat.dismissed", said=literal(objected.said)
        )
        return View(lines(*htmls, bold(stored)), rows(open_console))
    if why:
        return View(lines(*htmls, bold(words("entity.chat.why"))))
    return View(
        lines(*htmls),
        rows(
            [
                button(words("button.upheld"), Act.OBJECTION, objected.id, 1),
                button(words("button.dismissed"), Act.OBJECTION, objected.id, 0),
            ],
            open_console,
        ),
    )
