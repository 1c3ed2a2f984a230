"""抽样检测 in the chat: taken before a second officer, later reported; as on the phone (Art. 10, 16)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers import checklist
from bot.handlers.current_task import assignment_for, card_key, show_task, task_for
from bot.turn import Turn
from bot.views import sample as views
from models.procedure import sample
from models.procedure.dialogue import OpenPrompt
from models.queries.card import TaskCard
from models.queries.sample import SampleLine
from models.refusal import Refusal

TAKEN, REPORT = "sample", "report"
FLOWS = (TAKEN, REPORT)


@pressed(Act.SAMPLE)
async def take(turn: Turn, task: int, number: int) -> None:
    _, card = await task_for(turn, task)
    await turn.ask(TAKEN, card_key(card.number), task=card.id, n=number, said=[])
    await turn.show(card_key(card.number), views.sampling(card, number, [], turn.words))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """Name, quantity, lot, seal, agency: one line each, as they were asked for."""
    _, card = await task_for(turn, prompt.data["task"])
    parts = [line.strip() for line in text.splitlines() if line.strip()]
    if len(parts) != 5:
        raise Refusal("sample.five_lines", article="16", n=len(parts))
    parts[2] = "" if parts[2] in ("-", "无", "—") else parts[2]
    await turn.nod()
    await turn.ask(TAKEN, card_key(card.number), task=card.id, n=prompt.data["n"], said=parts)
    await turn.show(card_key(card.number), views.sampling(card, prompt.data["n"], parts, turn.words))


@pressed(Act.SAMPLE_WITNESS)
async def witness(turn: Turn, task: int, place: int) -> None:
    """The second officer is named: the sample is entered."""
    by, card = await task_for(turn, task)
    prompt = await turn.prompt()
    if prompt is None or prompt.flow != TAKEN or prompt.data["task"] != card.id or not prompt.data["said"]:
        await turn.toast("card.stale")
        await show_task(turn, card)
        return
    name, quantity, lot, seal, agency = prompt.data["said"]
    number = prompt.data["n"]
    await sample.take(
        card.number, number, name, quantity, seal, agency, lot=lot, witness=card.members[place].id, by=by,
        at=turn.at, key=turn.key(),
    )  # fmt: skip
    await turn.toast("toast.saved")
    await checklist.open_question(turn, (await task_for(turn, card.id))[1], number)


def _sample(card: TaskCard, number: int) -> SampleLine:
    for line in card.samples:
        if line.id == number:
            return line
    raise Refusal("sample.unknown", article="16")


@pressed(Act.SAMPLE_REPORT, Act.SAMPLE_OUTCOME)
async def report(turn: Turn, task: int, number: int, outcome: str = "") -> None:
    _, card = await task_for(turn, task)
    view = views.reporting(card, _sample(card, number), outcome, turn.words)
    await turn.ask(REPORT, card_key(card.number), task=card.id, sample=number, outcome=outcome)
    await turn.show(card_key(card.number), view)


async def typed_report(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    """The report's number on the first line, what was found below it."""
    by, number = await assignment_for(turn, prompt.data["task"])
    first, _, rest = text.strip().partition("\n")
    await sample.report(
        prompt.data["sample"], prompt.data["outcome"], rest, first, by=by, at=turn.at, key=turn.key()
    )
    await turn.leave()
    await turn.nod()
    await show_task(turn, (await task_for(turn, number))[1], turn.words("sample.reported"))
