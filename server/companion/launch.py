"""The companion inside Telegram: what the chat's menu opens signs its officer in, without a word typed (Art. 10, 16)."""

from __future__ import annotations

import secrets
from typing import Annotated

import msgspec
from aiohttp import web

from models.procedure import companion_launch
from models.queries.sessions import officer_in_chat
from models.refusal import Refusal
from server import wrong_input
from server.access import Audience
from server.app_keys import LAUNCH, VISITOR, now
from server.companion.json_requests import FieldRoutes, answer, read
from server.companion.launch_data import refuse_stale
from server.session_cookie import keep_session

CHAT = Audience("whoever opened the companion in Telegram", forms=False, secret=True)
LONGEST = 8192

routes = FieldRoutes()


class LaunchBody(msgspec.Struct, forbid_unknown_fields=True):
    """`initData` as Telegram gave it."""

    init_data: Annotated[str, msgspec.Meta(max_length=64 * 1024)]


@routes.post("/field/api/launch", audience=CHAT)
async def launch(request: web.Request) -> web.Response:
    """Sign in. Who is signed in already as this officer stays so, however often and however late the page is loaded."""
    body = await _body(request)
    reader = request.config_dict[LAUNCH]
    if reader is None:
        raise Refusal("launch.forged")
    opened = reader(body.init_data)
    officer = await officer_in_chat(opened.telegram_id, opened.opened_at)
    visitor = request.get(VISITOR)
    if visitor and visitor.account == officer.id:
        return answer({"signed_in": officer.name})
    refuse_stale(opened, now(request))
    token = secrets.token_urlsafe(32)
    await companion_launch.sign_in(opened, token, secrets.token_urlsafe(24), at=now(request))
    entered = answer({"signed_in": officer.name})
    await keep_session(request, entered, token)
    return entered


async def _body(request: web.Request) -> LaunchBody:
    try:
        body, _ = await read(request, LaunchBody)
    except web.HTTPRequestEntityTooLarge:
        raise wrong_input.too_long("init_data", LONGEST) from None
    if len(body.init_data) > LONGEST:
        raise wrong_input.too_long("init_data", LONGEST)
    return body
