"""计划草案 in the chat: what a head is asked to consent to, and what the own head may hand in (Art. 12)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.plan_drafts import Draft, DraftedEntry


def entry(found: DraftedEntry, own: str, console: str, words: Words) -> View:
    """Title, initiator, items, days; consent or object. `own`: the reader's department."""
    form = found.form
    said = next((one for one in found.participating if one.department == own), None)
    answer = None
    if said is not None and said.agreed is not None:
        answer = bold(words("plan_draft.agreed" if said.agreed else "plan_draft.objected"))
    return View(
        lines(
            bold(words("plan_draft.title")),
            literal(form.title, 120),
            words("plan_draft.by", department=literal(found.initiating, 60), year=found.year),
            words("plan_draft.days", opens=short(form.opens, words), closes=short(form.closes, words)),
            words("plan_draft.items", items=literal(words.joined(form.items), 300)),
            answer,
        ),
        rows(
            [
                button(words("plan_draft.agree"), Act.PLAN_CONSENT, found.id, 1, style="success"),
                button(words("plan_draft.object"), Act.PLAN_CONSENT, found.id, 0, style="danger"),
            ]
            if found.open and answer is None
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )


def why(found: DraftedEntry, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("plan_draft.why")), literal(found.form.title, 120)),
        rows([button(words("button.back"), Act.PLAN_ASKED, found.id)]),
    )


def ready(found: Draft, console: str, words: Words) -> View:
    """Every consent is there: the own head signs and hands in."""
    handed = found.handed_in is not None
    late = words("plan_draft.late") if handed and found.late else None
    return View(
        lines(
            bold(words("plan_draft.handed_in" if handed else "plan_draft.ready", year=found.year)),
            *[literal(one.form.title, 80) for one in found.entries[:10]],
            late,
        ),
        rows(
            [button(words("plan_draft.hand_in"), Act.PLAN_HAND_IN, found.id, style="success")]
            if found.complete and not handed
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )


def why_amended(found: Draft, words: Words) -> View:
    """The published plan changes: the reason, which becomes public, is awaited."""
    return View(
        lines(bold(words("plan_draft.amends")), words("plan_draft.amends_text")),
        rows([button(words("button.back"), Act.PLAN_READY, found.id)]),
    )
