"""抽样检测 in the chat: what to write of a sample, its second officer, its report (Art. 16)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import View, bold, button, lines, literal, rows
from locales import Words
from models.queries.card import TaskCard
from models.queries.question import QuestionCard
from models.queries.sample import SampleLine
from models.rules.checklist import Ask, SampleRule
from models.rules.method import CheckMethod


def due(card: TaskCard | QuestionCard, ask: Ask, words: Words) -> str | None:
    """That a sample is required; that none is taken, where other points of the plan have one."""
    told = ask.sample == SampleRule.REQUIRED or (
        ask.sample == SampleRule.NONE and CheckMethod.SAMPLE in card.methods
    )
    return words(f"question.sample.{ask.sample}") if told else None


def waiting(card: TaskCard | QuestionCard, ask: Ask, words: Words) -> str | None:
    """That the question's sample is being tested."""
    out = next((sample for sample in card.samples if sample.question == ask.id and not sample.outcome), None)
    return (
        words("sample.waiting", seal=literal(out.seal, 40), agency=literal(out.agency, 40)) if out else None
    )


def sampling(card: TaskCard, number: int, texts: list[str], words: Words) -> View:
    """What to write of a sample; then the second officer."""
    back = [
        button(words("button.back"), Act.QUESTION, card.id, number), button(words("button.task"), Act.OPEN, card.id)
    ]  # fmt: skip
    head = bold(words("sample.title", number=number)) + " · " + literal(card.target, 40)
    if not texts:
        return View(lines(head, words("sample.write")), rows(back))
    others = [
        (place, member)
        for place, member in enumerate(card.members)
        if member.present and member.id != card.me.id
    ]
    keys = [[button(member.name, Act.SAMPLE_WITNESS, card.id, place)] for place, member in others[:8]]
    asked = bold(words("sample.witness" if keys else "sample.nobody"))
    return View(
        lines(head, literal("，".join(part for part in texts if part), 200), asked), rows(*keys, back)
    )


def reporting(card: TaskCard, sample: SampleLine, outcome: str, words: Words) -> View:
    """The report of a sample: its outcome by a tap, then number and finding as text."""
    back = [button(words("button.task"), Act.OPEN, card.id)]
    head = lines(
        bold(words("sample.report")) + " · " + literal(card.target, 40),
        words("sample.what", name=literal(sample.name, 60), seal=literal(sample.seal, 40), at=sample.at),
    )
    if sample.outcome:
        return View(
            lines(head, words(f"verdict.{sample.outcome}") + " " + literal(sample.finding, 200)), rows(back)
        )
    if outcome:
        chosen = words("network.chosen", verdict=words(f"verdict.{outcome}"))
        return View(lines(head, chosen, words("sample.write_report")), rows(back))
    keys = [
        button(words(f"verdict.{value}"), Act.SAMPLE_OUTCOME, card.id, sample.id, value, style=style)
        for value, style in (("pass", "success"), ("fail", "danger"))
    ]
    return View(lines(head, words("sample.choose")), rows(keys, back))
