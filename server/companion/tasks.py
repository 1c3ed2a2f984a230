"""What the phone fetches: who is signed in, the tasks, one task, its photos (Art. 15, 16)."""

from __future__ import annotations

import gzip
import hashlib

import msgspec
from aiohttp import hdrs, web

from models import store
from models.queries import companion, inbox, later_act
from models.queries.inbox import InboxLine, When
from models.refusal import Refusal
from models.rules.actor import Role
from server.access import ANYONE
from server.app_keys import DISTRICT, VISITOR, by, now
from server.companion import away, task_json
from server.companion.json_requests import COMPANION, FieldRoutes, answer
from server.companion.policy import POLICY
from server.companion.shared import SHARED
from server.pages import words_of

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIC": "image/heic"}

routes = FieldRoutes()


@routes.get("/field/api/me", audience=ANYONE)
async def me(request: web.Request) -> web.Response:
    """Who is signed in here, and the form token of the session; nobody is an answer too."""
    who, district = request.get(VISITOR), request.config_dict[DISTRICT]
    house = {"district": district.name, "practice": district.practice, "now": now(request), "policy": POLICY}
    if who is None or who.actor.role != Role.INSPECTOR:
        return answer({**house, "signed_in": None, "other_role": who.actor.role if who else None})
    signed_in = {
        "id": who.actor.id, "name": who.actor.name, "department": who.actor.department,
        "tail": await companion.tail(who.actor.id),
    }  # fmt: skip
    return answer({**house, "signed_in": signed_in, "csrf": who.csrf, "language": words_of(request).language})


@routes.get("/field/api/tasks", audience=COMPANION)
async def tasks(request: web.Request) -> web.Response:
    """The officer's open tasks, today's first, each whole: what is on the phone is there without reception."""
    who, at, district = by(request), now(request), request.config_dict[DISTRICT]
    read = await request.config_dict[SHARED].at(at)
    lines = await inbox.tasks_of(who.id, at)
    known = await later_act.as_of([line.number for line in lines])
    rows = [await task_json.task(line, who, at, district, known.get(line.number, 0), read) for line in lines]
    return _tagged(request, {"tasks": rows, "away": await away.shown(who.id, request)})


@routes.get("/field/api/tasks/{number}", audience=COMPANION)
async def task(request: web.Request) -> web.Response:
    """One task, over or not, for an officer who serves in it."""
    who, at, number = by(request), now(request), request.match_info["number"]
    open_ = {line.number: line for line in await inbox.tasks_of(who.id, at)}
    line = open_.get(number) or _over(number)
    known = (await later_act.as_of([number])).get(number, 0)
    return _tagged(request, await task_json.task(line, who, at, request.config_dict[DISTRICT], known))


def _over(number: str) -> InboxLine:
    """A place for a task that is in no list any more; whether the officer serves in it is asked next."""
    from models.states import TaskState

    return InboxLine(0, number, "", TaskState.ARCHIVED, When.ENTRY, None, None, True, False)


def _tagged(request: web.Request, body: object) -> web.Response:
    """Named by its bytes, so that it comes once; compressed lightly, a fifth of it on a slow network."""
    data = msgspec.json.encode(body)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {hdrs.ETAG: tag, hdrs.CACHE_CONTROL: "no-store", hdrs.VARY: hdrs.ACCEPT_ENCODING}
    if request.headers.get(hdrs.IF_NONE_MATCH) == tag:
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        data, headers[hdrs.CONTENT_ENCODING] = gzip.compress(data, 1, mtime=0), "gzip"
    return web.Response(body=data, content_type="application/json", headers=headers)


@routes.get("/field/api/photos/{id:[0-9]{1,9}}/{copy:thumbnail|stamped|plain|original}", audience=COMPANION)
async def photo(request: web.Request) -> web.Response:
    """A copy made by us is shown; the original's bytes only as an attachment, sandboxed (D38)."""
    picture = await companion.picture_for(int(request.match_info["id"]), by(request).id)
    copy = request.match_info["copy"]
    name = {
        "thumbnail": picture.thumbnail, "stamped": picture.stamped, "plain": picture.plain, "original": picture.sha256,
    }[copy]  # fmt: skip
    if not name:
        raise Refusal("photo.unknown", article="16")
    original = copy == "original"
    return web.Response(
        body=await store.objects.get(name),
        content_type=TYPES.get(picture.format, "application/octet-stream") if original else "image/jpeg",
        headers={
            hdrs.CONTENT_DISPOSITION: f'{"attachment" if original else "inline"}; filename="{picture.sha256[:16]}"',
            hdrs.CACHE_CONTROL: "private, max-age=86400, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
