"""A press on a message that is no card any more: its card was moved, or is being redrawn at this moment (D17).

What only shows something is done, and what decides by itself whether it still holds. Anything else is done if
the card as it stands now offers the very same button, so that nobody acts on what they have not seen.
"""

from __future__ import annotations

from bot.buttons import DECIDES, NAMELESS, SHOWS, Act, Value
from bot.callbacks import payload_of
from bot.handlers import screen
from bot.turn import Turn
from models.refusal import Refusal


async def still_valid(turn: Turn, act: Act, args: tuple[Value, ...]) -> bool:
    """True when this press means now what it meant under the card that it was made for."""
    if act.rules & (SHOWS | DECIDES):
        return True
    task = act.task(args)
    if task is None or NAMELESS in act.rules:
        return False
    try:
        _, offered = await screen.standing(turn, task)
    except Refusal:
        return False
    pressed = payload_of(act, *args)
    return any(
        button.act and payload_of(button.act, *button.args) == pressed
        for row in offered.rows
        for button in row
    )
