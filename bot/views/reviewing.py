"""审核与公示: the result first, then what failed and what is missing, then the decision (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, department_result, lines, literal, receipt, rows
from locales import Words
from models.queries.reviewing import Awaited, Reviewed, ReviewedDepartment
from models.states import PUBLIC, REVIEWED
from models.states import TaskState as T


def _facts(reviewed: Reviewed, words: Words) -> list[str | None]:
    done, every = reviewed.signed
    return [
        bold(words("news.review") if reviewed.state == T.ENTERED else words("web.task." + reviewed.state)),
        literal(reviewed.target, 80),
        words.html("card.number", number=reviewed.number),
        words("entry.chosen", types=words.joined(words(f"result.{code}") for code in reviewed.types)),
        words("entry.note", note=literal(reviewed.note, 300)) if reviewed.note else None,
        words("web.result.late") if reviewed.late else None,
        words("entry.failures", numbers=words.joined(reviewed.failed))
        if reviewed.failed
        else words("entry.no_failures"),
        words("reviewing.gaps", numbers=words.joined(reviewed.gaps)) if reviewed.gaps else None,
        *([_department(row, words) for row in reviewed.departments] if len(reviewed.departments) > 1 else []),
        words("web.review.sheet", done=done, all=every) if every else words("web.review.sheet.none"),
    ]


def _department(row: ReviewedDepartment, words: Words) -> str:
    """A department's result, with what it found wanting."""
    shown = department_result.line(row.part, words)
    measures = words.joined(words(f"measure.{code}") for code in row.part.measures)
    more = [
        words("department_part.measures", measures=measures) if measures else "",
        words("department_part.failed", numbers=words.joined(row.failed)) if row.failed else "",
        words("department_part.photos", n=row.photos) if row.photos else "",
    ]
    return " · ".join([shown, *filter(None, more)])


def desk(awaited: tuple[Awaited, ...], words: Words) -> tuple[tuple[str, Button], ...]:
    """A line and its key for each result that a head has still to review."""
    return tuple(
        (
            words.html("reviewing.desk", target=literal(waiting.target, 60)),
            button(words("reviewing.desk_key", target=waiting.target), Act.REVIEW, waiting.id),
        )
        for waiting in awaited
    )


def review(result: Reviewed, console: str, words: Words, waits: str = "", reason: bool = False) -> View:
    """`waits`: why a reviewed result cannot be published by one press yet; `reason`: a reason would do."""
    decide = [
        button(words("web.review.agree"), Act.REVIEW, result.id, 1, style="success"),
        button(words("web.review.return"), Act.REVIEW, result.id, 0, style="danger"),
    ]
    reviewed = result.state in REVIEWED
    return View(
        lines(*_facts(result, words), literal(waits, 600) if waits else None),
        rows(
            decide if result.state == T.ENTERED else None,
            [button(words("web.publish"), Act.PUBLISH, result.id, style="success")]
            if reviewed and not waits
            else None,
            [button(words("publishing.with_reason"), Act.PUBLISH, result.id, True)]
            if waits and reason
            else None,
            [button(words("reviewing.again"), Act.REVIEW, result.id)] if waits else None,
            _public(result, words) if result.state in PUBLIC else None,
            receipt.offer(result.id, result.state, words, head=True),
            [Button(words("button.console"), url=console)],
        ),
    )


def _public(reviewed: Reviewed, words: Words) -> list[Button]:
    """What may be done about a public result: one correction at a time, and what is withdrawn is so once."""
    keys = []
    if reviewed.needless:
        keys.append(button(words("web.revision.drop"), Act.REVISION_DROP, reviewed.needless))
    elif not reviewed.correcting:
        keys.append(button(words("publishing.ask"), Act.REVISE, reviewed.id, True))
    if not reviewed.withdrawn:
        keys.append(button(words("publishing.withdraw"), Act.REVISE, reviewed.id, False, style="danger"))
    return keys


def why(reviewed: Reviewed, words: Words, question: str = "web.review.reason", only: str = "") -> View:
    """A reason is typed; where several departments entered, a press says first whose result goes back (`only`)."""
    several = reviewed.departments if question == "web.review.reason" and not only else ()
    name = next((row.part.name for row in reviewed.departments if row.part.department == only), "")
    whose = [
        [
            button(
                words("reviewing.only", name=row.part.name), Act.RETURN_ONLY, reviewed.id, row.part.department
            )
        ]
        for row in several
        if len(several) > 1 and not row.part.silent
    ]
    return View(
        lines(
            *_facts(reviewed, words),
            words("reviewing.returns", name=literal(name, 40)) if name else None,
            bold(words(question)),
        ),
        rows(*whose, [button(words("button.back"), Act.REVIEW, reviewed.id)]),
    )
