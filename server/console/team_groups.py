"""工作群 at a desk: a leader's code for a Telegram group, and which groups are bound, each to be unbound (Art. 15)."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from aiohttp import web

from models.procedure import team_group
from models.queries import team_group as team_groups
from models.rules.actor import Role
from server import wrong_input
from server.access import CALLERS, INSPECTOR, Routes
from server.app_keys import CHAT, DEEP_LINK, WAKE, by, now
from server.console.qr import svg
from server.pages import back_to, field, render

NUMBER = "{id:[0-9]{1,9}}"

routes = Routes()


@routes.get("/console/groups", audience=CALLERS)
async def listed(request: web.Request) -> web.Response:
    """A leader's own teams with their groups; every bound group for the office."""
    who = by(request)
    leads = who.role == Role.INSPECTOR
    return render(
        request, "console/team_groups.html", teams=await team_groups.led_by(who.id) if leads else (),
        groups=await team_groups.bound() if who.role == Role.OFFICE else (), chat=request.config_dict[CHAT], me=who,
    )  # fmt: skip


@routes.post("/console/groups", audience=INSPECTOR)
async def code(request: web.Request) -> web.Response:
    """A new code, shown this once: as a link that adds the bot to a group, and as the line to send in one topic."""
    team = wrong_input.number_of("team", await field(request, "team", 9))
    token = secrets.token_urlsafe(16)
    until = await team_group.invite(team, token, by=by(request), at=now(request))
    link = request.config_dict[DEEP_LINK](token).replace("?start=", "?startgroup=")
    name = urlsplit(link).path.strip("/") if link.startswith("https:") else ""
    return render(
        request, "console/team_group_code.html", link=link if name else "", code=svg(link) if name else "",
        command=f"/bind@{name} {token}" if name else f"/bind {token}", until=until,
    )  # fmt: skip


@routes.post(f"/console/groups/{NUMBER}/end", audience=CALLERS)
async def end(request: web.Request) -> web.StreamResponse:
    await team_group.end(int(request.match_info["id"]), by=by(request), at=now(request))
    request.config_dict[WAKE]()
    return back_to("/console/groups", done="kept")
