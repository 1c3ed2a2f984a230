"""检查记录表 in the chat: one question at a time, the list to jump in, what is still missing (Art. 7, 16).

Whether a photo is due is said before anything is answered (U13); no answer stands there beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.buttons import Act
from bot.views import Button, View, bold, button, joined, lines, literal, method, rows, sample, sharing, units
from bot.views.task import progress_line
from locales import Words
from models.queries.card import TaskCard
from models.queries.question import QuestionCard
from models.rules import checklist
from models.rules.checklist import Ask, Gap, GivenAnswer, ValueKind, Verdict

AnyCard = TaskCard | QuestionCard
PAGE = 20
STYLES = {Verdict.PASS: "success", Verdict.FAIL: "danger", Verdict.NOT_APPLICABLE: ""}
NOTE_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Now:
    """What is awaited on a question. `unsure`: a date to be confirmed; `said`: a line of news above it."""

    expects: str = "value"  # value | note
    unsure: str = ""
    said: str = ""


def question(card: AnyCard, number: int, words: Words, now: Now = Now()) -> View:
    """One question with its answer as it stands."""
    ask = card.sheet.ask(number)
    given = card.sheet.given.get(number, GivenAnswer())
    mine = card.mine
    assert mine
    if number in card.rivals:
        return conflict(card, ask, given, words)
    return View(
        lines(
            now.said or None,
            bold(words("question.title", number=number, section=mine.name))
            + " · "
            + literal(card.target, 40),
            literal(ask.text, 200),
            words("question.basis", basis=literal(ask.basis, 90)),
            words(f"question.photo.{ask.photo}") if ask.photo != "no" else None,
            sample.due(card, ask, words),
            words("share.who", name=literal(card.shared[number], 40)) if number in card.shared else None,
            _online(card, ask, words),
            words("question.mended", text=literal(card.mended[ask.id], 80))
            if ask.id in card.mended
            else None,
            _asked(ask, given, words),
            sample.waiting(card, ask, words) or _given(ask, given, words),
            _hint(ask, given, now, words),
            progress_line(mine.done, mine.all, words),
        ),
        rows(
            *_sure(card, number, now, words),
            *_answers(card, ask, given, words),
            *_ways(card, ask, given, words),
        ),
    )


def _online(card: AnyCard, ask: Ask, words: Words) -> str | None:
    network = card.sheet.network.get(ask.number)
    if network is None:
        return None
    return words(
        "question.online", verdict=words(f"network.{network.verdict}"), finding=literal(network.finding, 80)
    )


def _asked(ask: Ask, given: GivenAnswer, words: Words) -> str | None:
    if ask.kind == ValueKind.TRI:
        return None
    example = "/".join(["10", "9", "8"][: checklist.blanks(ask.fill_in)])
    what = literal(ask.fill_in or words("question.value"), 60)
    return words(f"question.fill.{ask.kind}", what=what, example=example)


def _given(ask: Ask, given: GivenAnswer, words: Words) -> str:
    texts = [words(f"verdict.{given.verdict}")] if given.verdict else []
    if given.value:
        texts.append(literal(given.value, 120))
    if given.photos:
        texts.append(words("question.photos", n=given.photos))
    if given.note:
        texts.append(words("question.note", note=literal(given.note, NOTE_SHOWN)))
    missing = [lacking(gap, given, words) for gap in checklist.gaps(ask, given)]
    if not texts:
        return words("question.unanswered")
    return words("question.given", answer=joined(" · ", texts)) + (
        words("question.missing", gaps=words.joined(missing)) if missing else ""
    )


def lacking(gap: Gap, given: GivenAnswer | None, words: Words) -> str:
    """What is missing, in a word or two; 未答 only where nothing stands yet."""
    begun = given is not None and (given.value or given.photos or given.note)
    return words("gap.verdict" if gap == Gap.ANSWER and begun else f"gap.{gap}")


def _hint(ask: Ask, given: GivenAnswer, now: Now, words: Words) -> str | None:
    if now.unsure:
        return bold(words("question.unsure", date=words.show(_day(now.unsure))))
    if now.expects == "note":
        return words("question.type_note")
    missing = checklist.gaps(ask, given)
    if Gap.NOTE in missing:
        return words("question.note_due")
    if Gap.LIMIT in missing:
        return words("question.limit_due")
    if Gap.SAMPLE in missing:
        return words("question.sample_due")
    return None


def _day(iso: str):  # type: ignore[no-untyped-def]
    from datetime import date

    return date.fromisoformat(iso)


def _sure(card: AnyCard, number: int, now: Now, words: Words) -> list[list[Button]]:
    if not now.unsure:
        return []
    return [
        [
            button(words("button.sure"), Act.SURE, card.id, number, style="success"),
            button(words("button.retype"), Act.QUESTION, card.id, number),
        ]
    ]


def _answers(card: AnyCard, ask: Ask, given: GivenAnswer, words: Words) -> list[list[Button] | None]:
    """What may be answered; a point that was settled online is opened first, with a reason (Art. 16 (1))."""
    if card.sheet.settled(ask):
        return [[button(words("network.reopen"), Act.NETWORK_VERDICT, card.id, ask.number, "open")]]
    return [
        *_options(card, ask, given, words), *_verdicts(card, ask, given, words), *method.chips(card, ask, given, words)
    ]  # fmt: skip


def _options(card: AnyCard, ask: Ask, given: GivenAnswer, words: Words) -> list[list[Button]]:
    """What may be chosen, a tap each, two a row; of several a second tap takes one back."""
    taken = given.value.split("、")
    keys = [
        button(
            words("button.chosen" if option in taken else "button.plain", label=option),
            Act.OPTION,
            card.id,
            ask.number,
            place,
            given.version,
        )
        for place, option in enumerate(ask.options)
    ]
    return [keys[i : i + 2] for i in range(0, len(keys), 2)]


def _verdicts(card: AnyCard, ask: Ask, given: GivenAnswer, words: Words) -> list[list[Button]]:
    offered = [v for v in Verdict if v != Verdict.NOT_APPLICABLE or ask.may_not_apply]
    return [
        [
            button(
                words("button.chosen" if given.verdict == v else "button.plain", label=words(f"verdict.{v}")),
                Act.VERDICT,
                card.id,
                ask.number,
                str(v),
                given.version,
                style=STYLES[v],
            )
            for v in offered
        ]
    ]


def _ways(card: AnyCard, ask: Ask, given: GivenAnswer, words: Words) -> list[list[Button] | None]:
    """Back, on, around and home: no card is a dead end (U9)."""
    walk = [asked.number for asked in card.sheet.on_site(card.department)]
    place = walk.index(ask.number) if ask.number in walk else 0
    before, after = walk[max(0, place - 1)], walk[place + 1] if place + 1 < len(walk) else 0
    finished = not checklist.gaps(ask, given)
    onward = (
        button(words("button.next" if finished else "button.skip"), Act.QUESTION, card.id, after)
        if after
        else button(words("button.section"), Act.CHECKLIST, card.id, 1)
    )
    return [
        [
            button(words("button.remark"), Act.REMARK, card.id, ask.number),
            button(words("button.undo"), Act.UNDO, card.id),
            *([button(words("button.void"), Act.VOID, card.id, ask.number)] if given.photos else []),
        ],
        [button(words("button.whole"), Act.WHOLE, card.id, ask.number)]
        if units(given.note) > NOTE_SHOWN or units(given.value) > 120
        else None,
        [
            *(
                [button(words("button.previous"), Act.QUESTION, card.id, before)]
                if before != ask.number
                else []
            ),
            onward,
        ],
        [button(words("button.jump"), Act.JUMP, card.id), button(words("button.task"), Act.OPEN, card.id)],
    ]


def conflict(card: AnyCard, ask: Ask, given: GivenAnswer, words: Words) -> View:
    """Two officers differ: both answers, and somebody must choose (D22)."""
    other, author = card.rivals[ask.number]
    versions = ((other, author), (given, given.by))
    return View(
        lines(
            bold(words("conflict.title", number=ask.number)),
            literal(ask.text, 200),
            *[
                words(
                    "conflict.answer",
                    name=literal(card.authors.get(by, by), 40),
                    answer=_short(answer, words),
                )
                for answer, by in versions
            ],
            words("conflict.choose"),
        ),
        rows(
            *[
                [
                    button(
                        words("conflict.take", name=card.authors.get(by, by)),
                        Act.CHOOSE,
                        card.id,
                        ask.number,
                        answer.version,
                    )
                ]
                for answer, by in versions
            ],
            [
                button(words("button.jump"), Act.JUMP, card.id),
                button(words("button.task"), Act.OPEN, card.id),
            ],
        ),
    )


def _short(given: GivenAnswer, words: Words) -> str:
    texts = [words(f"verdict.{given.verdict}")] if given.verdict else []
    texts += [literal(part, 120) for part in (given.value, given.note) if part]
    return joined(" · ", texts) or words("question.unanswered")


def jump(card: AnyCard, words: Words, page: int = 0) -> View:
    """Every question of the section with a sign and a word."""
    asks = card.sheet.of(card.department)
    shown = asks[page * PAGE : (page + 1) * PAGE]
    mine = card.mine
    assert mine
    keys = [
        button(_mark(card, ask, words), Act.QUESTION, card.id, ask.number)
        for ask in shown
        if not card.sheet.settled(ask)
    ]
    settled = [ask.number for ask in shown if card.sheet.settled(ask)]
    looked_up = [
        button(words("jump.reopen", number=number), Act.QUESTION, card.id, number)
        for number in settled
        if not mine.final
    ]
    return View(
        lines(
            bold(words("jump.title", section=mine.name)) + " · " + literal(card.target, 40),
            progress_line(mine.done, mine.all, words),
            words("jump.final") if mine.final else None,
            words("jump.settled", numbers=words.joined(settled)) if settled else None,
            *sharing.summary(card, words),
            words("jump.legend"),
        ),
        rows(
            *[keys[i : i + 2] for i in range(0, len(keys), 2)],
            *[looked_up[i : i + 2] for i in range(0, len(looked_up), 2)],
            [
                *([button(words("button.earlier"), Act.JUMP, card.id, page - 1)] if page else []),
                *(
                    [button(words("button.more"), Act.JUMP, card.id, page + 1)]
                    if (page + 1) * PAGE < len(asks)
                    else []
                ),
            ],
            [button(words("share.title"), Act.SHARE, card.id)] if not mine.final else None,
            [
                *([] if mine.final else [button(words("button.finalise"), Act.FINALISE, card.id)]),
                button(words("button.task"), Act.OPEN, card.id),
            ],
        ),
    )


def _mark(card: AnyCard, ask: Ask, words: Words) -> str:
    given = card.sheet.given.get(ask.number)
    missing = checklist.gaps(ask, given)
    if not missing:
        return words(
            "mark.done", number=ask.number, answer=words(f"verdict.{given.verdict}") if given else ""
        )
    if given is None or (missing == (Gap.ANSWER,) and not given.value and not given.photos):
        return words("mark.open", number=ask.number)
    return words("mark.gap", number=ask.number, gap=lacking(missing[0], given, words))


def section(
    card: AnyCard, missing: Sequence[tuple[Ask, tuple[Gap, ...]]], words: Words, *, text: str = ""
) -> View:
    """The end of a section: ready to be closed, or what is still missing, each a tap away (U12)."""
    mine = card.mine
    assert mine
    gaps = [
        words(
            "gaps.line",
            number=ask.number,
            gaps=words.joined(lacking(g, card.sheet.given.get(ask.number), words) for g in kinds),
        )
        for ask, kinds in missing
    ]
    return View(
        lines(
            text or None,
            bold(words("section.title", section=mine.name)) + " · " + literal(card.target, 40),
            progress_line(mine.done, mine.all, words),
            words("section.gaps", n=len(missing)) if missing else words("section.ready"),
            *gaps[:6],
            words("section.more", n=len(gaps) - 6) if len(gaps) > 6 else None,
        ),
        rows(
            *[
                [button(line, Act.QUESTION, card.id, ask.number)]
                for line, (ask, _) in zip(gaps[:6], missing, strict=False)
            ],
            [button(words("button.finalise"), Act.FINALISE, card.id, style="" if missing else "success")],
            [
                button(words("button.undo"), Act.UNDO, card.id),
                button(words("button.jump"), Act.JUMP, card.id),
            ],
            [button(words("button.task"), Act.OPEN, card.id)],
        ),
    )
