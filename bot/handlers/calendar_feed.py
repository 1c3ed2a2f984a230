"""/calendar: the private address of one's own calendar, given out and reset with one press (Art. 15)."""

from __future__ import annotations

import secrets

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import calendar_feed as views
from models.procedure import calendar_feed
from models.queries.calendar_feed import given_out
from models.refusal import Refusal
from models.rules.actor import Role

STAFF = (Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE)


async def menu(turn: Turn) -> None:
    """Whether each of this person's calendars has an address, and the button that makes one."""
    await turn.leave()
    await _show(turn, anew=True)


@pressed(Act.CALENDAR)
async def show(turn: Turn) -> None:
    await _show(turn)


@pressed(Act.CALENDAR_RESET)
async def reset(turn: Turn, account: int) -> None:
    """A new address in a message of its own; the one before stops."""
    by = next((actor for actor in turn.person.acting(*STAFF) if actor.account == account), None)
    if by is None:
        raise Refusal("calendar_feed.unknown", article="15")
    token = secrets.token_urlsafe(24)
    await calendar_feed.reset(account, token, by=by, at=turn.at)
    await turn.toast("toast.saved")
    await turn.table.send(views.address(turn.services.district.link(f"/calendar/{token}.ics"), turn.words))
    await _show(turn)


async def _show(turn: Turn, *, anew: bool = False) -> None:
    people = turn.person.acting(*STAFF)
    if not people:
        raise Refusal("calendar_feed.entity", article="16(2)")
    standing = await given_out(turn.person.accounts)
    await turn.show("calendar", views.calendars(people, standing, turn.words), anew=anew)
