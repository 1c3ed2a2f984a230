"""A head reports what became of a resolution of the joint conference, by a press and a line (Art. 5)."""

from __future__ import annotations

from bot.buttons import Act, pressed
from bot.handlers.department_head import head_of
from bot.turn import Turn
from bot.views import conference as views
from models.procedure import conference
from models.procedure.dialogue import OpenPrompt
from models.queries import conference as queries
from models.queries.conference import ResolutionLine
from models.refusal import Refusal
from models.rules.conference import ARTICLE

FLOW = "resolution"


@pressed(Act.RESOLUTION)
async def resolution(turn: Turn, number: int) -> None:
    """What was resolved; while it is open the next line is the report."""
    line = await _line(number)
    head_of(turn, line.owner)
    await turn.leave()
    if line.ended is None:
        await turn.ask(FLOW, _subject(line), resolution=line.id)
    await turn.show(_subject(line), views.resolution(line, turn.words))


async def typed(turn: Turn, prompt: OpenPrompt, text: str) -> None:
    line = await _line(prompt.data["resolution"])
    by = head_of(turn, line.owner)
    reported = await conference.report(line.id, text, by=by, at=turn.at, key=turn.key())
    await turn.leave()
    await turn.nod()
    await turn.show(_subject(reported), views.resolution(reported, turn.words))


def _subject(line: ResolutionLine) -> str:
    return f"resolution:{line.id}"


async def _line(number: int) -> ResolutionLine:
    if (line := await queries.resolution(number)) is None:
        raise Refusal("conference.unknown", ARTICLE)
    return line
