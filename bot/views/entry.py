"""录入结果: the result types of the list; what the answers forbid is said, not hidden (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import Button, View, bold, button, department_result, lines, literal, rows
from bot.views.task import progress_line, short
from locales import Words
from models.queries.card import TaskCard
from models.queries.record import Papers
from models.rules import checklist
from models.rules.department_result import Measure
from models.rules.entry import ALL, NO_PROBLEM, OTHER

__all__ = ["forbidden", "progress_line", "result"]

PAIRED = ("R10", "R11", "R12", "R13")


def forbidden(card: TaskCard, code: str) -> list[int]:
    """The questions whose answers forbid this result type."""
    return own_failures(card) if code == NO_PROBLEM and not card.revising else []


def own_failures(card: TaskCard) -> list[int]:
    """What the own department found wanting; nobody enters what another found. Of a result that was entered as one
    the leader corrects all."""
    if card.revising and not card.departments:
        return checklist.failures(card.sheet)
    return checklist.failures(card.sheet, card.department)


def result(
    card: TaskCard,
    chosen: Sequence[str],
    note: str,
    words: Words,
    *,
    measures: Sequence[str] = (),
    papers: Papers | None = None,
) -> View:
    """Tap to choose, tap again to take back; the last button enters. A correction may set failed points aside."""
    wrong = own_failures(card)
    joint = len(card.departments) > 1
    return View(
        lines(
            bold(words("revision.title" if card.revising else "entry.title"))
            + " · "
            + literal(card.target, 60),
            words("entry.failures", numbers=words.joined(wrong)) if wrong else words("entry.no_failures"),
            words("department_part.own", name=literal(card.department_name, 40)) if joint else None,
            *department_result.standing(card, words),
            words("card.due", due=short(card.due, words))
            + (words("card.provisional") if card.provisional else "")
            if card.due
            else None,
            words("entry.chosen", types=words.joined(words(f"result.{code}") for code in chosen))
            if chosen
            else words("entry.choose"),
            words(
                "department_part.measures",
                measures=words.joined(words(f"measure.{code}") for code in measures),
            )
            if measures
            else None,
            words("entry.note", note=literal(note, 160)) if note else None,
            words("entry.note_due") if (OTHER in chosen or Measure.OTHER in measures) and not note else None,
            words("revision.aside", numbers=words.joined(aside(card, chosen)))
            if aside(card, chosen)
            else None,
            _unsigned(papers, words) if papers and not papers.settled else None,
        ),
        rows(
            *_types(card, chosen, words),
            *(department_result.measures(card, measures, words) if chosen else []),
            [button(words("button.enter"), Act.ENTER, card.id, style="success")] if chosen else None,
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )


def aside(card: TaskCard, chosen: Sequence[str]) -> list[int]:
    """In a correction to 未发现问题: the failed questions that do not count any more."""
    return own_failures(card) if card.revising and NO_PROBLEM in chosen else []


def _unsigned(papers: Papers, words: Words) -> str:
    done, every = papers.count
    names = [name for _, name, _ in papers.missing]
    if papers.refused:
        names.append(words("entry.entity_refused"))
    elif not papers.heard:
        names.append(words("record.entity"))
    return words("entry.missing", done=done, all=every, names=literal(words.joined(names), 160))


def _types(card: TaskCard, chosen: Sequence[str], words: Words) -> list[list[Button]]:
    keys = {code: button(_label(card, code, chosen, words), Act.RESULT_TYPE, card.id, code) for code in ALL}
    results = [[key] for code, key in keys.items() if code not in PAIRED]
    pairs = [keys[code] for code in PAIRED]
    return [*results[:-1], pairs[:2], pairs[2:], results[-1]]


def _label(card: TaskCard, code: str, chosen: Sequence[str], words: Words) -> str:
    name = words(f"result.{code}")
    if forbidden(card, code):
        return words("entry.forbidden", type=name)
    return words("entry.yes" if code in chosen else "entry.no", type=name)
