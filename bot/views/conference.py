"""A resolution of the joint conference, and what was reported of it (Art. 5)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.conference import ResolutionLine


def resolution(line: ResolutionLine, words: Words) -> View:
    texts = [
        bold(words("conference.resolution")), literal(line.text, 500), words("conference.due", day=short(line.due, words)),
    ]  # fmt: skip
    if line.ended is None:
        texts.append(words("conference.type"))
    else:
        key = "conference.dropped" if line.dropped else "conference.reported"
        texts += [bold(words(key)), literal(line.report, 500)]
    return View(lines(*texts), rows([button(words("button.list"), Act.LIST, 0)]))
