"""检查方式, samples and agencies in the chat: chips under a question, what to write, what is still out (Art. 16)."""

from __future__ import annotations

from bot.buttons import Act
from bot.views import Button, View, bold, button, joined, lines, literal, rows
from locales import Words
from models.queries.assisting import SampleLine
from models.queries.card import TaskCard
from models.queries.question import QuestionCard
from models.rules.checklist import Ask, Given
from models.rules.method import How
from models.states import BEFORE_THE_VISIT, VISITED


def chips(card: TaskCard | QuestionCard, ask: Ask, given: Given, words: Words) -> list[list[Button] | None]:
    """The ways to have come by this answer; nothing where the plan lists none."""
    own = [one for one in card.samples if one.question == ask.id]
    usable = [
        how
        for how in card.methods
        if how == How.DOCUMENT
        or (how == How.SAMPLE and any(one.outcome for one in own))
        or (how == How.ENTRUSTED and card.agencies)
    ]
    keys = [
        button(
            words("button.chosen" if given.method == how else "button.plain", label=words(f"method.{how}")),
            Act.METHOD, card.id, ask.number, how, given.version,
        )
        for how in usable
    ]  # fmt: skip
    may = How.SAMPLE in card.methods and ask.number not in card.sheet.waiting
    return [keys or None, [button(words("button.sample"), Act.SAMPLE, card.id, ask.number)] if may else None]


def waiting(card: TaskCard | QuestionCard, ask: Ask, words: Words) -> str | None:
    """That the question's sample is being tested."""
    out = next((one for one in card.samples if one.question == ask.id and not one.outcome), None)
    return (
        words("sample.waiting", seal=literal(out.seal, 40), agency=literal(out.agency, 40)) if out else None
    )


def standing(card: TaskCard, words: Words) -> str | None:
    """One line of the task's card: who assists, what is being tested."""
    agencies = [one for one in card.agencies if not one.ended_at]
    out = sum(not one.outcome for one in card.samples)
    said = [
        words("agency.line", agency=literal(one.agency, 30), people=literal(_people(one.people), 40))
        for one in agencies[:1]
    ]
    said += [words("sample.out", n=out)] if out else []
    return joined(" · ", said) or None


def _people(people: tuple[tuple[str, str], ...]) -> str:
    return "、".join(f"{name}（{title}）" for name, title in people)


def offers(card: TaskCard, words: Words) -> list[list[Button] | None]:
    """On the task's card: reports to enter, an agency to entrust."""
    out = [one for one in card.samples if not one.outcome and one.department == card.department]
    reports = out if card.state in VISITED else []
    return [
        *[
            [button(words("button.report", seal=one.seal), Act.SAMPLE_REPORT, card.id, one.id)]
            for one in reports[:3]
        ],
        [button(words("button.agencies"), Act.AGENCIES, card.id)]
        if card.me.leader and card.state in BEFORE_THE_VISIT
        else None,
    ]


def sampling(card: TaskCard, number: int, said: list[str], words: Words) -> View:
    """What to write of a sample; then the second officer."""
    back = [
        button(words("button.back"), Act.QUESTION, card.id, number), button(words("button.task"), Act.OPEN, card.id)
    ]  # fmt: skip
    head = bold(words("sample.title", number=number)) + " · " + literal(card.target, 40)
    if not said:
        return View(lines(head, words("sample.write")), rows(back))
    others = [(place, one) for place, one in enumerate(card.members) if one.present and one.id != card.me.id]
    keys = [[button(one.name, Act.SAMPLE_WITNESS, card.id, place)] for place, one in others[:8]]
    asked = bold(words("sample.witness" if keys else "sample.nobody"))
    return View(lines(head, literal("，".join(part for part in said if part), 200), asked), rows(*keys, back))


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
        button(words(f"verdict.{one}"), Act.SAMPLE_OUTCOME, card.id, sample.id, one, style=style)
        for one, style in (("pass", "success"), ("fail", "danger"))
    ]
    return View(lines(head, words("sample.choose")), rows(keys, back))


def agencies(card: TaskCard, words: Words) -> View:
    """The agencies of a task; the leader names another one in a few lines."""
    own = [
        words(
            "agency.row", agency=literal(one.agency, 40), letter=literal(one.letter, 30),
            people=literal(_people(one.people), 60),
        )
        + (words("agency.ended") if one.ended_at else "")
        for one in card.agencies[:4]
    ]  # fmt: skip
    return View(
        lines(bold(words("agency.title")) + " · " + literal(card.target, 40), *own, words("agency.write")),
        rows(
            *[
                [button(words("button.agency_end", agency=one.agency), Act.AGENCY_END, card.id, one.id)]
                for one in card.agencies[:4]
                if not one.ended_at
            ],
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )
