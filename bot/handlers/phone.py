"""打开手机端: from the chat into the companion, signed in by a link good once for ten minutes (Art. 15, 16)."""

from __future__ import annotations

from urllib.parse import quote

from bot.buttons import Act, pressed
from bot.handlers import checklist, login_link, network, record
from bot.handlers.current_task import assignment_for, card_key
from bot.turn import Turn
from bot.views import Button, View, bold, button, lines, rows
from models.procedure.dialogue import OpenPrompt
from models.refusal import Refusal
from models.rules.actor import Actor, Role

HOME = "/field/"


async def menu(turn: Turn) -> None:
    """/phone: the list of tasks on the phone."""
    await open_phone(turn)


@pressed(Act.PHONE)
async def open_phone(turn: Turn, task: int = 0) -> None:
    """The link, in a message of its own: the card stays as it is. It lands where the chat is."""
    by, place = await _place(turn, task)
    await offer(turn, by, place, task)


async def offer(turn: Turn, by: Actor, place: str, task: int = 0) -> None:
    """The link to a place of the companion."""
    if not turn.services.district.trusted:
        raise Refusal("phone.unsafe", article="16")
    address = await login_link.create(turn, by, after=place)
    view = View(
        lines(bold(turn.words("phone.title")), turn.words("phone.text")),
        rows(
            [Button(turn.words("button.phone_open"), url=address)],
            [button(turn.words("button.task"), Act.OPEN, task)] if task else None,
        ),
    )
    await turn.table.show("phone", view, anew=True)


async def _place(turn: Turn, task: int) -> tuple[Actor, str]:
    if not task:
        return turn.actor(Role.INSPECTOR), HOME
    by, number = await assignment_for(turn, task)
    prompt = await turn.prompt()
    here = _room(prompt) if prompt and prompt.subject == card_key(number) else ""
    return by, f"{HOME}#/t/{quote(number, safe='')}{here}"


def _room(prompt: OpenPrompt) -> str:
    """The companion's address of what is asked in the chat."""
    if prompt.flow in record.FLOWS:
        return "/record"
    room = {checklist.FLOW: "q", network.FLOW: "network"}.get(prompt.flow)
    return f"/{room}/{prompt.data['q']}" if room else ""
