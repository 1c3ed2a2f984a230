"""审核与公示: the result first, then what failed and what is missing, then the decision (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from locales import Words
from models.queries.reviewing import Awaited, Reviewed
from models.states import PUBLIC, REVIEWED
from models.states import TaskState as T


def _facts(found: Reviewed, words: Words) -> list[str | None]:
    done, every = found.signed
    return [
        bold(words("news.review") if found.state == T.ENTERED else words("web.task." + found.state)),
        literal(found.target, 80),
        words.html("card.number", number=found.number),
        words("entry.chosen", types=words.joined(words(f"result.{code}") for code in found.types)),
        words("entry.note", note=literal(found.note, 300)) if found.note else None,
        words("web.result.late") if found.late else None,
        words("entry.failures", numbers=words.joined(found.failed))
        if found.failed
        else words("entry.no_failures"),
        words("reviewing.gaps", numbers=words.joined(found.gaps)) if found.gaps else None,
        words("web.review.sheet", done=done, all=every) if every else words("web.review.sheet.none"),
    ]


def desk(found: tuple[Awaited, ...], words: Words) -> tuple[tuple[str, Button], ...]:
    """A line and its key for each result that a head has still to review."""
    return tuple(
        (
            words.html("reviewing.desk", target=literal(one.target, 60)),
            button(words("reviewing.desk_key", target=one.target), Act.REVIEW, one.id),
        )
        for one in found
    )


def review(found: Reviewed, console: str, words: Words, waits: str = "", reason: bool = False) -> View:
    """`waits`: why a reviewed result cannot be published by one press yet; `reason`: a reason would do."""
    decide = [
        button(words("web.review.agree"), Act.REVIEW, found.id, 1, style="success"),
        button(words("web.review.return"), Act.REVIEW, found.id, 0, style="danger"),
    ]
    reviewed = found.state in REVIEWED
    return View(
        lines(*_facts(found, words), literal(waits, 600) if waits else None),
        rows(
            decide if found.state == T.ENTERED else None,
            [button(words("web.publish"), Act.PUBLISH, found.id, style="success")]
            if reviewed and not waits
            else None,
            [button(words("publishing.with_reason"), Act.PUBLISH, found.id, True)]
            if waits and reason
            else None,
            [button(words("reviewing.again"), Act.REVIEW, found.id)] if waits else None,
            [
                button(words("web.revision.drop"), Act.REVISION_DROP, found.needless)
                if found.needless
                else button(words("publishing.ask"), Act.REVISE, found.id, True),
                button(words("publishing.withdraw"), Act.REVISE, found.id, False, style="danger"),
            ]
            if found.state in PUBLIC
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )


def why(found: Reviewed, words: Words, question: str = "web.review.reason") -> View:
    return View(
        lines(*_facts(found, words), bold(words(question))),
        rows([button(words("button.back"), Act.REVIEW, found.id)]),
    )
