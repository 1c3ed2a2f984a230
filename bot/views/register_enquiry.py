"""季度核对: what the register says of an officer, whether it is still right, which of it is not (Art. 7, 10)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.register_enquiry import EVERYTHING, EnquiryLine
from models.rules.register_enquiry import FACTS


def question(line: EnquiryLine, words: Words) -> View:
    """One press says that all is right."""
    return View(
        lines(bold(words("enquiry.title")), *facts(line, words), _answered(line, words)),
        rows(
            [
                button(words("enquiry.right"), Act.ENQUIRY_ANSWER, line.id, style="primary"),
                button(words("enquiry.wrong"), Act.ENQUIRY_WRONG, line.id),
            ]
        ),
    )


def which(line: EnquiryLine, words: Words) -> View:
    """What of it is to be changed."""
    keys = [button(words(f"enquiry.fact.{fact}"), Act.ENQUIRY_ANSWER, line.id, fact) for fact in FACTS]
    return View(
        lines(bold(words("enquiry.which")), *facts(line, words)),
        rows(keys[:3], keys[3:], [button(words("button.back"), Act.ENQUIRY, line.id)]),
    )


def facts(line: EnquiryLine, words: Words) -> list[str]:
    """Each of `FACTS` in a line."""
    until = short(line.certificate_until, words) if line.certificate_until else ""
    values = {
        "name": line.name, "department": line.department, "areas": _list(line.areas, words), "items": _list(line.items, words),
        "certificate": words("enquiry.until", certificate=line.certificate, day=until) if until else line.certificate,
        "hours": line.hours or words("enquiry.any_hours"),
    }  # fmt: skip
    return [
        words("enquiry.line", fact=words(f"enquiry.fact.{fact}"), said=literal(value or words("enquiry.none"), 400))
        for fact, value in values.items()
    ]  # fmt: skip


def _list(names: tuple[str, ...], words: Words) -> str:
    return words("enquiry.everything") if names == EVERYTHING else words.joined(names)


def _answered(line: EnquiryLine, words: Words) -> str:
    if line.answered is None:
        return words("enquiry.due", day=short(line.due, words))
    if line.wrong:
        return words("enquiry.said_wrong", fact=words(f"enquiry.fact.{line.wrong}"))
    return words("enquiry.said_right")
