"""/groups: the leader's own chat gives out the code that binds a group to a team, and unbinds it (Art. 15)."""

from __future__ import annotations

import secrets

from bot.buttons import Act, pressed
from bot.turn import Turn
from bot.views import team_group as views
from models.procedure import team_group
from models.queries import team_group as team_groups
from models.queries.team_group import LedTeam
from models.refusal import Refusal
from models.rules.actor import Actor, Role

GROUPS = "groups"


async def menu(turn: Turn) -> None:
    """The teams that this person leads, each with its group or the way to one."""
    await turn.leave()
    await _show(turn, anew=True)


@pressed(Act.GROUPS)
async def show(turn: Turn) -> None:
    await _show(turn)


@pressed(Act.GROUP_CODE)
async def code(turn: Turn, team: int) -> None:
    """A new code in a message of its own; the one before is none any more."""
    by = await _leader(turn, team)
    token = secrets.token_urlsafe(16)
    until = await team_group.invite(team, token, by=by, at=turn.at)
    await turn.toast("toast.saved")
    await turn.table.send(views.code(token, turn.bot.username, until, turn.words), plain=True)


@pressed(Act.GROUP_END)
async def end(turn: Turn, group: int) -> None:
    """The group is bound no more; its message says so, and the bot leaves."""
    bound = await team_groups.find(group)
    await team_group.end(group, by=await _leader(turn, bound.team), at=turn.at, key=turn.key())
    await turn.toast("group.ended.toast")
    await _show(turn)


async def _show(turn: Turn, *, anew: bool = False) -> None:
    teams: list[LedTeam] = []
    for by in turn.person.acting(Role.INSPECTOR):
        teams += await team_groups.led_by(by.id)
    await turn.show(GROUPS, views.groups(teams, turn.words), anew=anew)


async def _leader(turn: Turn, team: int) -> Actor:
    """Which account of this person leads the team; the act itself refuses whoever leads it no more."""
    for by in turn.person.acting(Role.INSPECTOR):
        if await team_groups.leads(team, by.id):
            return by
    raise Refusal("team_group.leader_only", article="15")
