"""An answer that anybody may keep: named by its own bytes, asked about again at each use (RFC 9110, 9111)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import hdrs, web

from server.app_keys import VISITOR
from server.pages import html, render

HTML = "text/html; charset=utf-8"


def cacheable(
    request: web.Request, body: bytes, kind: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """`body`, or 304 for whoever has it. Nobody shows it again without asking: a result may be withdrawn at any time."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    shown = {hdrs.ETAG: f'"{tag}"', hdrs.CACHE_CONTROL: "public, no-cache", **(headers or {})}
    known = request.if_none_match or ()
    if any(each.value in (tag, "*") for each in known):
        return web.Response(status=304, headers=shown)
    return web.Response(body=body, headers={hdrs.CONTENT_TYPE: kind, **shown})


def public_page(request: web.Request, template: str, **values: Any) -> web.Response:
    """A public page. Whoever has no session may keep it, one for each language; who is signed in sees a name and a form
    of their own on it, and whoever chooses a language is given a cookie: those are kept nowhere.
    """
    if request.get(VISITOR) or "lang" in request.query or "done" in request.query:
        return render(request, template, **values)
    body = html(request, template, values).encode()
    return cacheable(request, body, HTML, {hdrs.VARY: f"{hdrs.COOKIE}, {hdrs.ACCEPT_LANGUAGE}"})


def public_json(request: web.Request, value: object) -> web.Response:
    """The same for machines."""
    return cacheable(
        request, json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8"
    )
