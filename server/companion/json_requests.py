"""Who comes in with what: JSON from the companion's own page, whole, with nothing unknown in it (D61, D62).

Signing in is the console's; the audience is checked by `access.gate` as for every page, the form token too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import msgspec
from aiohttp import hdrs, web

from models.rules.actor import Role
from server import wrong_input
from server.access import Audience, Handler, Routes, declare
from server.app_keys import DISTRICT

COMPANION = Audience("inspectors, on their phones", frozenset({Role.INSPECTOR}), forms=False)
LONGEST = 64 * 1024

Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Line = Annotated[str, msgspec.Meta(max_length=400)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Row = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
"""The number of a row, or another that a database keeps: beyond that a look-up would fail, not find nothing."""
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class ActBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every act of a phone carries: its key, and when the person did it by the phone's clock (a claim).

    `as_of`: the number of the last event of the task that the person's screen knew; None says nothing.
    """

    key: Key
    as_of: Count | None = None
    said_at: Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z)?$")] = ""


A = TypeVar("A", bound=msgspec.Struct)


class FieldRoutes(Routes):
    """Routes with PUT, for the parts of a photo."""

    def put(self, path: str, *, audience: Audience) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            declare(handler, audience)
            self.table.append((hdrs.METH_PUT, path, handler))
            return handler

        return add


def from_the_companion(request: web.Request, media: str) -> None:
    """Refuse (403) what another site sends, what names no origin, and what is not of this media type."""
    if request.content_type != media:
        raise web.HTTPForbidden
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get(hdrs.ORIGIN)
    ours = urlsplit(request.config_dict[DISTRICT].public_url)
    same = site == "same-origin" if site is not None else origin == f"{ours.scheme}://{ours.netloc}"
    if not same:
        raise web.HTTPForbidden


async def read(request: web.Request, shape: type[A]) -> tuple[A, str]:
    """The request's body as `shape`, and the SHA-256 of its bytes. 400 for anything that is not exactly that."""
    from_the_companion(request, "application/json")
    body = await request.content.read(LONGEST + 1)
    while len(body) <= LONGEST and not request.content.at_eof():
        body += await request.content.read(LONGEST + 1 - len(body))
    if len(body) > LONGEST:
        raise web.HTTPRequestEntityTooLarge(LONGEST, len(body))
    try:
        return msgspec.json.decode(body, type=shape), hashlib.sha256(body).hexdigest()
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise wrong_input.shape(wrong) from wrong


def answer(body: object, *, status: int = 200, **headers: str) -> web.Response:
    """JSON that no cache keeps."""
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json",
        headers={hdrs.CACHE_CONTROL: "no-store", **headers},
    )  # fmt: skip
