"""检查记录表 in the chat: drawn up, handed over as PDF, heard, refused before a witness (Art. 16 (3)).

Glass to sign on is the companion's; here the printed record is signed and photographed.
"""

from __future__ import annotations

from io import BytesIO

from telegram import InputFile

from bot.buttons import Act, pressed
from bot.handlers.current_task import card_key, task_for
from bot.turn import Turn
from bot.views import record as views
from models.procedure import record
from models.procedure.dialogue import OpenPrompt
from models.queries import record as queries
from models.queries.card import TaskCard
from models.queries.record_version import RecordVersion
from models.refusal import Refusal

FLOW, SAID, WHY, WITNESS, PAPER = "record", "record_said", "record_why", "record_witness", "record_photo"
FLOWS = (FLOW, SAID, WHY, WITNESS, PAPER)


@pressed(Act.RECORD)
async def overview(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    await show(turn, card)


async def show(turn: Turn, card: TaskCard, headline: str = "", *, anew: bool = False) -> None:
    papers = await queries.papers(card.id)
    await turn.ask(FLOW, card_key(card.number), task=card.id)
    await turn.show(
        card_key(card.number), views.record(card, papers, turn.words, headline=headline), anew=anew
    )


@pressed(Act.RECORD_DRAW)
async def draw_up(turn: Turn, task: int) -> None:
    by, card = await task_for(turn, task)
    await record.draw_up(card.number, by=by, at=turn.at, district=turn.services.district, key=turn.key())
    await turn.toast("toast.sheet_drawn")
    await show(turn, card)


@pressed(Act.RECORD_PDF)
async def paper(turn: Turn, task: int) -> None:
    """The PDF as a file, to be printed and signed."""
    _, card = await task_for(turn, task)
    last = await _last(card)
    assert turn.services.record
    letter = await turn.services.record(last.id, turn.words.language)
    await turn.toast("toast.sheet_sent")
    file = InputFile(BytesIO(letter.pdf), filename=f"{last.number}.pdf")
    await turn.bot.send_document(turn.chat, file, disable_notification=True)


@pressed(Act.RECORD_HEAR)
async def hear(turn: Turn, task: int) -> None:
    await _type(turn, task, SAID, "sheet.hear")


async def typed_said(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    by, card = await task_for(turn, prompt.data["task"])
    await record.hear(card.number, text, by=by, at=turn.at, key=turn.key())
    await turn.nod()
    await show(turn, card, turn.words("sheet.heard"), anew=True)


@pressed(Act.RECORD_PHOTO)
async def photograph(turn: Turn, task: int) -> None:
    """The next photos are of the signed paper."""
    await _type(turn, task, PAPER, "sheet.photo")


async def photographed(turn: Turn, card: TaskCard) -> None:
    papers = await queries.papers(card.id)
    view = views.record(card, papers, turn.words, headline=turn.words("sheet.photo.kept"))
    await turn.show(card_key(card.number), view, anew=True)


@pressed(Act.RECORD_REFUSE)
async def refuse(turn: Turn, task: int) -> None:
    _, card = await task_for(turn, task)
    last = await _last(card)
    await turn.ask(WHY, card_key(card.number), task=card.id, version=last.version)
    await turn.show(card_key(card.number), views.reasons(card, last, turn.words))


@pressed(Act.RECORD_REFUSE_FOR)
async def refuse_for(turn: Turn, task: int, version: int, reason: str) -> None:
    await _ask_witness(turn, task, version, turn.words(f"field.sign.reason.{reason}"))


async def typed_why(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    await _ask_witness(turn, prompt.data["task"], prompt.data["version"], text)


async def _ask_witness(turn: Turn, task: int, version: int, reason: str) -> None:
    _, card = await task_for(turn, task)
    await turn.ask(WITNESS, card_key(card.number), task=card.id, version=version, reason=reason)
    words = turn.words
    view = views.typing(card, words("sheet.witness.title"), words("sheet.witness.text"), words)
    await turn.show(card_key(card.number), view, anew=turn.press is None)


async def typed_witness(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """姓名 职务, with a blank between them."""
    by, card = await task_for(turn, prompt.data["task"])
    name, _, position = " ".join(text.split()).partition(" ")
    papers = await queries.papers(card.id)
    version = next(
        (
            record_version
            for record_version in papers.versions
            if record_version.version == prompt.data["version"]
        ),
        None,
    )
    await record.refuse_to_sign(
        card.number, version.sha256 if version else "", prompt.data["reason"], witness=name,
        witness_position=position, by=by, at=turn.at, key=turn.key(),
    )  # fmt: skip
    await turn.nod()
    await show(turn, card, turn.words("sheet.refuse.kept"), anew=True)


async def _type(turn: Turn, task: int, flow: str, words: str) -> None:
    _, card = await task_for(turn, task)
    await turn.ask(flow, card_key(card.number), task=card.id)
    view = views.typing(card, turn.words(f"{words}.title"), turn.words(f"{words}.text"), turn.words)
    await turn.show(card_key(card.number), view)


async def _last(card: TaskCard) -> RecordVersion:
    last = (await queries.papers(card.id)).last
    if last is None:
        raise Refusal("record.unknown", article="16(3)", task=card.number)
    return last
