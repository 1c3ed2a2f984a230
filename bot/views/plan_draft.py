"""计划草案 in the chat: what a head is asked to consent to, and what the own head may hand in (Art. 12)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, lines, literal, rows
from bot.views.task import short
from locales import Words
from models.queries.plan_drafts import Draft, DraftedEntry


def entry(drafted: DraftedEntry, own: str, console: str, words: Words) -> View:
    """Title, initiator, items, days; consent or object. `own`: the reader's department."""
    form = drafted.form
    consent = next((opinion for opinion in drafted.participating if opinion.department == own), None)
    answer = None
    if consent is not None and consent.agreed is not None:
        answer = bold(words("plan_draft.agreed" if consent.agreed else "plan_draft.objected"))
    return View(
        lines(
            bold(words("plan_draft.title")),
            literal(form.title, 120),
            words("plan_draft.by", department=literal(drafted.initiating, 60), year=drafted.year),
            words("plan_draft.days", opens=short(form.opens, words), closes=short(form.closes, words)),
            words("plan_draft.items", items=literal(words.joined(form.items), 300)),
            answer,
        ),
        rows(
            [
                button(words("plan_draft.agree"), Act.PLAN_CONSENT, drafted.id, 1, style="success"),
                button(words("plan_draft.object"), Act.PLAN_CONSENT, drafted.id, 0, style="danger"),
            ]
            if drafted.open and answer is None
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )


def why(drafted: DraftedEntry, words: Words) -> View:
    """The reason is awaited; the way back stays open."""
    return View(
        lines(bold(words("plan_draft.why")), literal(drafted.form.title, 120)),
        rows([button(words("button.back"), Act.PLAN_ASKED, drafted.id)]),
    )


def ready(draft: Draft, console: str, words: Words) -> View:
    """Every consent is there: the own head signs and hands in."""
    handed = draft.handed_in is not None
    late = words("plan_draft.late") if handed and draft.late else None
    return View(
        lines(
            bold(words("plan_draft.handed_in" if handed else "plan_draft.ready", year=draft.year)),
            *[literal(drafted.form.title, 80) for drafted in draft.entries[:10]],
            late,
        ),
        rows(
            [button(words("plan_draft.hand_in"), Act.PLAN_HAND_IN, draft.id, style="success")]
            if draft.complete and not handed
            else None,
            [Button(words("button.console"), url=console)],
        ),
    )


def why_amended(draft: Draft, words: Words) -> View:
    """The published plan changes: the reason, which becomes public, is awaited."""
    return View(
        lines(bold(words("plan_draft.amends")), words("plan_draft.amends_text")),
        rows([button(words("button.back"), Act.PLAN_READY, draft.id)]),
    )
