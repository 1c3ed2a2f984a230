"""Answering on site: one tap or one typed line an answer, the next question by itself (Art. 16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.buttons import Act, pressed
from bot.handlers import binding
from bot.handlers.current_task import assignment_for, card_key, question_of, show_task, task_for
from bot.turn import Turn
from bot.views import View, literal
from bot.views import checklist as views
from bot.views.checklist import Now
from locales import Words
from models.procedure import dialogue, inspection
from models.procedure.dialogue import OpenPrompt
from models.queries.card import TaskCard
from models.queries.question import QuestionCard
from models.queries.typed_answer import ADDED, TypedAnswer
from models.refusal import Refusal
from models.rules import checklist
from models.rules.checklist import GivenAnswer, ValueKind
from models.rules.value import toggled
from models.rules.visit import local_day
from models.states import TaskState

FLOW = "question"
JUMP, SECTION = "jump", "section"
AnyCard = TaskCard | QuestionCard


def view(card: AnyCard, data: dict[str, Any], words: Words) -> View:
    """The question that is open, as it stands now."""
    return views.question(card, data["q"], words, Now(data.get("hint", "value"), data.get("unsure", "")))


@pressed(Act.CHECKLIST)
async def go_on(turn: Turn, task: int, summary: bool = False) -> None:
    """To the first open question; at the end, what is missing and 定稿."""
    _, card = await question_of(turn, task)
    await on(
        turn,
        card,
        None if summary else checklist.next_open(card.sheet, card.department, officer=card.officer),
    )


async def on(
    turn: Turn, card: AnyCard, ask: checklist.Ask | None, text: str = "", *, anew: bool = False
) -> None:
    """Show this question, or the end of the section when there is none."""
    if ask is not None and card.mine and not card.mine.final:
        await open_question(turn, card, ask.number, text, anew=anew)
        return
    await turn.ask(SECTION, card_key(card.number), task=card.id)
    missing = checklist.open_gaps(card.sheet, card.department)
    view = (
        views.jump(card, turn.words)
        if card.mine and card.mine.final
        else views.section(card, missing, turn.words, text=text)
    )
    await turn.show(card_key(card.number), view, anew=anew, reply=anew)


async def open_question(
    turn: Turn, card: AnyCard, number: int, text: str = "", *, unsure: str = "", anew: bool = False
) -> None:
    """Show a question and wait for what may be typed to it."""
    ask = card.sheet.ask(number)
    if card.state != TaskState.ON_SITE:
        raise Refusal("task.state", article="16(2)", task=card.number, state=card.state)
    if ask.department != card.department:
        raise Refusal("checklist.other_department", article="16(3)", number=number)
    seen = card.sheet.given[number].version if number in card.sheet.given else 0
    missing = checklist.gaps(ask, card.sheet.given.get(number))
    reasoned = checklist.Gap.VALUE not in missing and {checklist.Gap.NOTE, checklist.Gap.SAMPLE} & {*missing}
    limit = checklist.Gap.LIMIT in missing
    worded = limit or reasoned
    expects = "note" if ask.kind == ValueKind.TRI or worded else "value"
    await turn.ask(
        FLOW,
        card_key(card.number),
        task=card.id,
        q=number,
        expects=expects,
        seen=seen,
        unsure=unsure,
        limit=limit,
    )
    await turn.show(
        card_key(card.number),
        views.question(card, number, turn.words, Now("value", unsure, text)),
        anew=anew,
        reply=anew,
    )


@pressed(Act.QUESTION)
async def question(turn: Turn, task: int, number: int) -> None:
    _, card = await question_of(turn, task)
    await open_question(turn, card, number)


@pressed(Act.VERDICT)
async def verdict(turn: Turn, task: int, number: int, text: str, seen: int) -> None:
    by, which = await assignment_for(turn, task)
    card = await inspection.answer(
        which,
        number,
        by=by,
        at=turn.at,
        verdict=text,
        seen=seen,
        key=turn.key(),
        source=f"chat:{turn.chat}:{turn.message.message_id}:tap",
    )
    await turn.toast("toast.saved")
    await _answered(turn, card, number)


@pressed(Act.OPTION)
async def option(turn: Turn, task: int, number: int, place: int, seen: int) -> None:
    """One of the options taken; of a point that takes several, taken or taken back."""
    by, which = await assignment_for(turn, task)
    _, card = await question_of(turn, task)
    ask, given = card.sheet.ask(number), card.sheet.given.get(number, GivenAnswer())
    offered = ask.options
    if not place < len(offered):
        raise Refusal("checklist.not_an_option", article="16", value=str(place + 1), options=list(offered))
    chosen = toggled(ask, given.value, offered[place])
    card = await inspection.answer(
        which,
        number,
        by=by,
        at=turn.at,
        value=chosen,
        seen=seen,
        key=turn.key(),
        source=f"chat:{turn.chat}:{turn.message.message_id}:tap",
    )
    await turn.toast("toast.saved")
    if ask.kind == ValueKind.MANY:
        await open_question(turn, card, number)
    else:
        await _answered(turn, card, number)


async def _answered(turn: Turn, card: AnyCard, number: int, text: str = "") -> None:
    """Stay while something is missing here, else on to the next open question; where another one is open by now, there."""
    ask = card.sheet.ask(number)
    prompt = await turn.prompt()
    here = (
        prompt.data.get("q")
        if prompt and prompt.flow == FLOW and prompt.subject == card_key(card.number)
        else None
    )
    if text and here is not None and here != number:
        await open_question(turn, card, here, text)
    elif checklist.gaps(ask, card.sheet.given.get(number)):
        await open_question(turn, card, number, text)
    else:
        await on(
            turn,
            card,
            checklist.next_open(card.sheet, card.department, after=number, officer=card.officer),
            text,
        )


@pressed(Act.REMARK)
async def remark(turn: Turn, task: int, number: int) -> None:
    _, card = await question_of(turn, task)
    ask = card.sheet.ask(number)
    seen = card.sheet.given[ask.number].version if ask.number in card.sheet.given else 0
    await turn.ask(
        FLOW,
        card_key(card.number),
        task=card.id,
        q=ask.number,
        expects="note",
        hint="note",
        seen=seen,
        unsure="",
    )
    await turn.show(card_key(card.number), views.question(card, ask.number, turn.words, Now("note")))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """A line typed while a question was open: its value, or a note. Where the reader stands is left as it is when another
    question is open by now.
    """
    data = prompt.data
    seen = data.get("seen") if turn.joins is None else None
    value = turn.joins is None and data.get("limit") and await _is_a_value(turn, prompt, text)
    await _typed(turn, data["task"], data["q"], "value" if value else data["expects"], text, seen)


async def replied(
    turn: Turn, prompt: OpenPrompt | None, bound: tuple[int, int, TypedAnswer | None], text: str
) -> None:
    """A line in reply to a photo or a text is added to its question's note; in reply to a card it is what the card asks for."""
    task, number, answered = bound
    _, card = await question_of(turn, task)
    here = prompt is not None and prompt.flow == FLOW and prompt.data.get("q") == number
    if answered and answered.field == "value":
        field = "value"
    elif turn.message.reply_to_message and await dialogue.shown_by(
        turn.chat, turn.message.reply_to_message.message_id
    ):
        field = prompt.data["expects"] if here and prompt else _expected(card, number)
    else:
        field = "note"
        turn.joins = "\n" if card.sheet.given.get(number, GivenAnswer()).note else None
    await _typed(turn, task, number, field, text, None)
    await binding.remember(
        turn, OpenPrompt(FLOW, card_key(card.number), {"task": task, "q": number, "expects": field}, turn.at)
    )


def _expected(card: AnyCard, number: int) -> str:
    return "note" if card.sheet.ask(number).kind == ValueKind.TRI else "value"


async def _typed(turn: Turn, task: int, number: int, field: str, text: str, seen: int | None) -> None:
    by, which = await assignment_for(turn, task)
    if turn.joins is not None or seen is None:
        _, card = await question_of(turn, task)
        given = card.sheet.given.get(number, GivenAnswer())
        seen = given.version
        if turn.joins is not None:
            text = str(getattr(given, field)) + turn.joins + text
    try:
        card = await inspection.answer(
            which,
            number,
            by=by,
            at=turn.at,
            seen=seen,
            key=turn.key(),
            source=f"chat:{turn.chat}:{turn.message.message_id}:{field}"
            + ("" if turn.joins is None else ADDED),
            **{field: text},
        )
    except Refusal as no:
        if no.code != "checklist.date_unsure":
            raise
        _, card = await question_of(turn, task)
        await open_question(turn, card, number, unsure=str(no.params["value"]))
        return
    await turn.nod()
    await _answered(turn, card, number, turn.words(f"typed.saved.{field}", number=number))


async def _is_a_value(turn: Turn, prompt: OpenPrompt, text: str) -> bool:
    """Where a value contradicts the verdict, another value mends it as well as a word does."""
    _, card = await question_of(turn, prompt.data["task"])
    try:
        checklist.read(card.sheet.ask(prompt.data["q"]), text, local_day(turn.at))
    except Refusal:
        return False
    return True


@pressed(Act.SURE)
async def sure(turn: Turn, task: int, number: int) -> None:
    """The date that 昨天 was taken for is the right one."""
    by, card = await question_of(turn, task)
    prompt = await turn.prompt()
    if (
        prompt is None
        or prompt.flow != FLOW
        or prompt.data.get("q") != number
        or not prompt.data.get("unsure")
    ):
        await turn.toast("card.stale")
        await open_question(turn, card, number)
        return
    card = await inspection.answer(
        card.number,
        number,
        by=by,
        at=turn.at,
        value=prompt.data["unsure"],
        seen=prompt.data["seen"],
        key=turn.key(),
    )
    await turn.toast("toast.saved")
    await _answered(turn, card, number)


@pressed(Act.CHOOSE)
async def choose(turn: Turn, task: int, number: int, version: int) -> None:
    """Of two answers that differ, this one stands."""
    by, card = await question_of(turn, task)
    given = card.sheet.given[number]
    standing, other = given, card.rivals.get(number)
    taken = other[0] if other and other[0].version == version else standing
    if taken.version != version:
        await turn.toast("card.stale")
    else:
        card = await inspection.answer(
            card.number,
            number,
            by=by,
            at=turn.at,
            verdict=taken.verdict or None,
            value=taken.value or None,
            note=taken.note,
            seen=given.version,
            key=turn.key(),
        )
        await turn.toast("toast.saved")
    await _answered(turn, card, number)


@pressed(Act.JUMP)
async def jump(turn: Turn, task: int, page: int = 0) -> None:
    _, card = await question_of(turn, task)
    await turn.ask(JUMP, card_key(card.number), task=card.id)
    await turn.show(card_key(card.number), views.jump(card, turn.words, page))


@pressed(Act.UNDO)
async def undo(turn: Turn, task: int) -> None:
    """Take back the last answer, and stand before its question again."""
    by, card = await question_of(turn, task)
    before = {n: g.version for n, g in card.sheet.given.items()}
    sheet = await inspection.undo(card.number, by=by, at=turn.at, key=turn.key())
    changed = [n for n, g in sheet.given.items() if g.version != before.get(n, 0)]
    await turn.toast("toast.undone")
    _, card = await question_of(turn, card.id)
    await on(
        turn,
        card,
        card.sheet.ask(changed[0])
        if changed
        else checklist.next_open(card.sheet, card.department, officer=card.officer),
    )


@pressed(Act.FINALISE)
async def finalise(turn: Turn, task: int) -> None:
    """定稿: with gaps, their list instead; a tap leads to each."""
    by, card = await question_of(turn, task)
    missing = checklist.open_gaps(card.sheet, card.department)
    if missing and not (card.mine and card.mine.final):
        await turn.toast("toast.gaps", n=len(missing))
        await on(turn, card, None)
        return
    await inspection.finalise(card.number, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.toast("toast.final")
    await show_task(turn, (await task_for(turn, card.id))[1], turn.words("section.closed"))


@pressed(Act.WHOLE)
async def whole(turn: Turn, task: int, number: int) -> None:
    """全文: everything that was written to this question, in as many messages as it takes (D23)."""
    _, card = await question_of(turn, task)
    given = card.sheet.given[number]
    for part in (given.value, given.note):
        for start in range(0, len(part), 1900):
            await turn.say(literal(part[start : start + 1900], 4000))


async def corrected(turn: Turn, typed_: TypedAnswer, text: str) -> None:
    """The message that gave an answer was changed: a new version, the old one kept (D16)."""
    by, card = await question_of(turn, typed_.task)
    given = card.sheet.given.get(typed_.question, GivenAnswer())
    seen = typed_.version
    if typed_.standing:
        now = str(getattr(given, typed_.field))
        text, seen = typed_.text.removesuffix(typed_.part) + text + now[len(typed_.text) :], given.version
    card = await inspection.answer(
        card.number,
        typed_.question,
        by=by,
        at=turn.at,
        seen=seen,
        key=turn.key(),
        source=f"chat:{turn.chat}:{turn.message.message_id}:{typed_.field}",
        **{typed_.field: text},
    )
    await turn.nod()
    await open_question(turn, card, typed_.question, turn.words("typed.corrected", number=typed_.question))


def open_at(prompt: OpenPrompt, sent: datetime, *, or_here: bool = True) -> int | None:
    """The question that was open when a message was sent: a press may overtake the photo before it (F5)."""
    here: int | None = prompt.data.get("q")
    if sent >= prompt.opened_at.replace(microsecond=0):
        return here
    for number, since in reversed(prompt.data.get("before", [])):
        if sent >= datetime.fromisoformat(since).replace(microsecond=0):
            return int(number)
    return here if or_here else None
