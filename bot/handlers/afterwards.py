"""After the visit: 无异议 by the entity, signing by officers, corrections decided by the head (Art. 16 (3))."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.current_task import task_for
from bot.handlers.department_head import head_of
from bot.handlers.entity import _of as of_entity
from bot.handlers.entity import show_notice
from bot.handlers.record import show as show_record
from bot.turn import Turn
from bot.views import afterwards as views
from bot.views import pending_decisions as letters
from locales import Html
from models.procedure import dialogue, record, reply, revision
from models.procedure.dialogue import OpenPrompt
from models.queries import pending_decisions, publication
from models.queries import record as records
from models.queries.publication import Revising
from models.refusal import Refusal

RETURN, DROP = "revision_return", "revision_drop"


@pressed(Act.AGREE_RESULT)
async def agree(turn: Turn, number: int) -> None:
    """无异议 to the reviewed result."""
    letter = await pending_decisions.letter(number)
    await reply.agree(letter.number, by=of_entity(turn, letter), at=turn.at, key=turn.key())
    await turn.toast("toast.agreed")
    card, letter = f"notice:{letter.id}", await pending_decisions.letter(letter.id)
    pressed = await dialogue.shown_by(turn.chat, turn.message.message_id)
    if turn.pressed and pressed and pressed != card:
        text, markup = Html(turn.message.text_html), turn.message.reply_markup
        url = next(
            (key.url for row in (markup.inline_keyboard if markup else ()) for key in row if key.url), ""
        )
        await turn.show(pressed, views.agreed(text, url, letter.id, turn.words))
    if turn.adrift or pressed == card:
        await show_notice(turn, letter)
    elif await dialogue.card(turn.chat, card):
        readable = await turn.services.letter(letter.id, turn.words.language)
        await turn.table.show(
            card, letters.notice(letter, readable.text, readable.url, turn.words), quiet=True
        )


@pressed(Act.RECORD_SIGN)
async def sign(turn: Turn, task: int) -> None:
    """The officer whose own chat this is signs the version that stands, by name."""
    by, card = await task_for(turn, task)
    last = (await records.papers(card.id)).last
    if last is None:
        raise Refusal("record.unknown", article="16(3)", task=card.number)
    await record.sign(card.number, last.sha256, "officer", picture="", by=by, at=turn.at, key=turn.key())
    await turn.toast("toast.signed")
    await show_record(turn, card)


@pressed(Act.REVISION)
async def correction(turn: Turn, number: int, agreed: bool | None = None) -> None:
    """Without an answer, the question itself; to send it back, a reason is asked for."""
    revising = await _revising(number)
    by = head_of(turn, revising.department)
    subject = f"revision:{revising.id}"
    if agreed and not revising.outcome:
        revising = await revision.decide(revising.task, True, by=by, at=turn.at, key=turn.key())
        await turn.toast("toast.saved")
    elif agreed is False and not revising.outcome:
        await turn.ask(RETURN, subject, revision=revising.id)
        await turn.show(
            subject,
            views.correction(revising, _console(turn, revising), turn.words, why="revision.return_why"),
        )
        return
    await turn.show(subject, views.correction(revising, _console(turn, revising), turn.words))


async def typed_return(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    revising = await _revising(prompt.data["revision"])
    by = head_of(turn, revising.department)
    decided = await revision.decide(revising.task, False, text, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await turn.show(f"revision:{decided.id}", views.correction(decided, _console(turn, decided), turn.words))


@pressed(Act.REVISION_DROP)
async def keep_result(turn: Turn, number: int) -> None:
    """维持原结果: the correction ends, what is public stays; why is typed."""
    revising = await _revising(number)
    head_of(turn, revising.department)
    subject = f"revision:{revising.id}"
    if revising.outcome:
        await turn.show(subject, views.correction(revising, _console(turn, revising), turn.words))
        return
    await turn.ask(DROP, subject, revision=revising.id)
    view = views.correction(revising, _console(turn, revising), turn.words, why="publishing.why_drop")
    await turn.show(subject, view)


async def typed_drop(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    revising = await _revising(prompt.data["revision"])
    by = head_of(turn, revising.department)
    await revision.drop(revising.task, text, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    ended = await _revising(revising.id)
    await turn.show(f"revision:{ended.id}", views.correction(ended, _console(turn, ended), turn.words))


async def _revising(number: int) -> Revising:
    revising = await publication.revision(number)
    if revising is None:
        raise Refusal("revision.none", article="16(3)", task="")
    return revising


def _console(turn: Turn, revising: Revising) -> str:
    return turn.services.district.link(f"/console/tasks/{revising.task}#revision")
