"""方案草案 in the chat: what a head is asked to sign (Art. 13)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.scheme_drafts import DraftOfScheme
from models.rules.scheme_figures import CrewShortage

AT_ONCE = 6
"""Batches shown in one message; all of them stand at the desk."""


def draft(
    scheme: DraftOfScheme, own: str, console: str, words: Words, shortages: Sequence[CrewShortage] = ()
) -> View:
    """Batches with days, targets, teams and the own officers; sign or object. `own`: the reader's department; `shortages`:
    whose officers do not fill the seats today."""
    mine = next((line for line in scheme.crews if line.department == own), None)
    answer = None
    if mine is not None and mine.agreed is not None:
        answer = bold(words("scheme.chat.signed" if mine.agreed else "plan_draft.objected"))
    batches = [
        words(
            "scheme.chat.batch", code=literal(batch.code, 64), opens=short(batch.opens, words),
            closes=short(batch.closes, words), targets=sum(batch.strata.values()), teams=sum(batch.teams.values()),
            officers=batch.crew.get(own, 0) * sum(batch.teams.values()),
        )
        for batch in scheme.form.batches[:AT_ONCE]
    ]  # fmt: skip
    more = len(scheme.form.batches) - AT_ONCE
    if scheme.adopted:
        answer = bold(words("scheme.chat.in_force"))
    elif scheme.dropped:
        answer = bold(words("scheme.chat.dropped"))
    return View(
        lines(
            bold(words("scheme.chat.title")),
            literal(scheme.title, 120),
            words("scheme.chat.by", department=literal(scheme.initiating_name, 60)),
            words("scheme.chat.reason", reason=literal(scheme.reason, 300)) if scheme.reason else None,
            *batches,
            words("scheme.chat.more", number=more) if more > 0 else None,
            *lacking(scheme, () if scheme.adopted else shortages, words),
            answer,
        ),
        rows(
            [
                button(words("scheme.sign"), Act.SCHEME_SIGN, scheme.id, 1, style="success"),
                button(words("plan_draft.object"), Act.SCHEME_SIGN, scheme.id, 0, style="danger"),
            ]
            if scheme.open and answer is None
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )


def lacking(scheme: DraftOfScheme, shortages: Sequence[CrewShortage], words: Words) -> list[str]:
    """Who could not send whom the scheme asks, and who has to do what."""
    if not shortages:
        return []
    names = {line.department: line.name for line in scheme.crews}
    named = [
        words(
            "scheme.chat.shortage", batch=literal(each.batch, 64), seats=each.seats, filled=each.filled,
            department=literal(names.get(each.department, each.department), 60),
        )
        for each in shortages[:AT_ONCE]
    ]  # fmt: skip
    return [bold(words("scheme.shortages")), *named, words("scheme.shortage.what")]


def why(scheme: DraftOfScheme, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("plan_draft.why")), literal(scheme.title, 120)),
        rows([button(words("button.back"), Act.SCHEME_ASKED, scheme.id)]),
    )
