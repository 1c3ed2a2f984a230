"""A press on a message that is no card any more: its card was moved, or is being redrawn at this moment (D17).

What only shows something is done, and what decides by itself whether it still holds. Anything else is done if
the card as it stands now offers the very same button, so that nobody acts on what they have not seen.
"""

from __future__ import annotations

from bot.callbacks import Act
from bot.handlers import screen
from bot.handlers.current_task import task_for
from bot.turn import Turn
from models.refusal import Refusal

SHOWING = {
    Act.LIST, Act.OPEN, Act.RESUME, Act.PHONE, Act.CHECKLIST, Act.QUESTION, Act.JUMP, Act.WHOLE, Act.GRADES, Act.NETWORK,
    Act.NETWORK_QUESTION, Act.NETWORK_SHOT, Act.DAYS, Act.VISIT, Act.RECORD, Act.RECORD_PDF,
    Act.RESULT, Act.TARGET_GONE, Act.REPLACE, Act.REPLACE_WHO, Act.STAFF, Act.ASKED, Act.ASKED_WITHHOLD, Act.NOTICE,
    Act.DOOR, Act.CODE, Act.OTHERWISE, Act.ASKED_REFUSAL,
    Act.ASKED_APPROVAL, Act.PROPOSALS, Act.PROPOSALS_MINE, Act.READY, Act.NETWORK_OPEN, Act.SET_ASIDE,
    Act.WITNESS, Act.WITNESS_GIVE, Act.EXTEND,
}  # fmt: skip
DECIDING = {
    Act.CONFIRM_REFUSAL, Act.CONFIRM_ABSENCE, Act.REFUSAL_DECIDED,
    Act.SURE, Act.CHOOSE, Act.PLACE, Act.SUBSTITUTION, Act.WITHHOLDING, Act.RECEIVED, Act.POSTPONE,
    Act.POSTPONE_FOR, Act.POSTPONEMENT, Act.LANGUAGE, Act.APPROVAL, Act.CAN_ALL, Act.FIX_ALL, Act.RETRY,
    Act.ANSWER_ONE, Act.NETWORK_CLOSE_ALL, Act.REPLACE_FOR, Act.VOID_CONSENT,
}  # fmt: skip
UNNAMED = {Act.UNDO, Act.ACCEPT_ALL}  # they do not say what they take back or accept


async def still_valid(turn: Turn, act: Act, args: list[str]) -> bool:
    """True when this press means now what it meant under the card that it was made for."""
    if act in SHOWING or act in DECIDING:
        return True
    if act in UNNAMED or not args:
        return False
    try:
        _, card = await task_for(turn, int(args[0]))
    except (Refusal, ValueError):
        return False
    offered = screen.view(card, await turn.prompt(), turn.words, turn.at)
    return any(
        one.act == act and [str(arg) for arg in one.args] == args for row in offered.rows for one in row
    )
