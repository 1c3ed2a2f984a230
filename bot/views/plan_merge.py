"""合并建议 in the chat: what a head is asked to accept (Art. 12)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.plan_merges import EntryMerge


def proposal(proposed: EntryMerge, own: str, console: str, words: Words) -> View:
    """Both entries, what they share, the days; accept or object. `own`: the reader's department."""
    mine = next((head for head in proposed.heads if head.department == own), None)
    answer = None
    if proposed.merged or proposed.dropped:
        answer = bold(words("merge.done" if proposed.merged else "merge.dropped"))
    elif mine is not None and mine.agreed is not None:
        answer = bold(words("plan_draft.agreed" if mine.agreed else "plan_draft.objected"))
    return View(
        lines(
            bold(words("merge.chat.title")),
            literal(proposed.form.title, 120),
            words("merge.goes_on", code=literal(proposed.form.code, 64), department=literal(proposed.initiating, 60)),
            literal(proposed.ends_title, 120),
            words("merge.ends", code=literal(proposed.ends, 64), department=literal(proposed.other, 60)),
            words("merge.shared", number=proposed.shared),
            words("plan_draft.days", opens=short(proposed.form.opens, words), closes=short(proposed.form.closes, words)),
            words("asked.reason", reason=literal(proposed.reason, 300)),
            answer,
        ),
        rows(
            [
                button(words("merge.accept"), Act.MERGE_SIGN, proposed.id, 1, style="success"),
                button(words("plan_draft.object"), Act.MERGE_SIGN, proposed.id, 0, style="danger"),
            ]
            if proposed.open and answer is None
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )  # fmt: skip


def why(proposed: EntryMerge, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("plan_draft.why")), literal(proposed.form.title, 120)),
        rows([button(words("button.back"), Act.MERGE_ASKED, proposed.id)]),
    )
