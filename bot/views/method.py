"""检查方式 in the chat: chips under a question; on the task who assists and what is still out (Art. 10, 16)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, button, joined, literal
from bot.views.entrustment import people
from locales import Words
from models.queries.card import TaskCard
from models.queries.question import QuestionCard
from models.rules.checklist import Ask, GivenAnswer, may_sample
from models.rules.method import CheckMethod
from models.states import BEFORE_THE_VISIT, REPORTED_IN


def chips(
    card: TaskCard | QuestionCard, ask: Ask, given: GivenAnswer, words: Words
) -> list[list[Button] | None]:
    """The ways to have come by this answer; nothing where the plan lists none."""
    own = [sample for sample in card.samples if sample.question == ask.id]
    usable = [
        how
        for how in card.methods
        if how == CheckMethod.DOCUMENT
        or (how == CheckMethod.SAMPLE and any(sample.outcome for sample in own))
        or (how == CheckMethod.ENTRUSTED and card.agencies)
    ]
    keys = [
        button(
            words("button.chosen" if given.method == how else "button.plain", label=words(f"method.{how}")),
            Act.METHOD, card.id, ask.number, how, given.version,
        )
        for how in usable
    ]  # fmt: skip
    may = may_sample(ask, planned=CheckMethod.SAMPLE in card.methods) and ask.number not in card.sheet.waiting
    return [keys or None, [button(words("button.sample"), Act.SAMPLE, card.id, ask.number)] if may else None]


def standing(card: TaskCard, words: Words) -> str | None:
    """One line of the task's card: who assists, what is being tested."""
    agencies = [agency for agency in card.agencies if not agency.ended_at]
    out = sum(not sample.outcome for sample in card.samples)
    lines = [
        words("agency.line", agency=literal(agency.agency, 30), people=literal(people(agency.people), 40))
        for agency in agencies[:1]
    ]
    lines += [words("sample.out", n=out)] if out else []
    return joined(" · ", lines) or None


def offers(card: TaskCard, words: Words) -> list[list[Button] | None]:
    """On the task's card: reports to enter, an agency to entrust."""
    out = [sample for sample in card.samples if not sample.outcome and sample.department == card.department]
    reports = out if card.state in REPORTED_IN else []
    return [
        *[
            [button(words("button.report", seal=report.seal), Act.SAMPLE_REPORT, card.id, report.id)]
            for report in reports[:3]
        ],
        [button(words("button.agencies"), Act.AGENCIES, card.id)]
        if card.me.leader and card.state in BEFORE_THE_VISIT
        else None,
    ]
