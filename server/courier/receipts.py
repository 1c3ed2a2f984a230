"""Receipts of a text message's gateway and mails that came back, pushed to us (Art. 16 (2)).

The address is the key: `/hooks/sms/SECRET`, `/hooks/mail/SECRET`. Everything is answered 200 once it is
stored, known or not, so that nobody learns which letters there are.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from aiohttp import web

from models.procedure import delivery_report
from server.access import Audience, Routes
from server.courier import bounces
from server.courier.gateway_response import at as at_pointer
from server.courier.gateway_response import extract

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
HOOK = Audience("a machine whose address is its key", forms=False, secret=True)


@dataclass(frozen=True)
class Receipts:
    """Where a receipt names the message and its state; which states are good, which are bad for good."""

    id: str
    status: str
    delivered: frozenset[str]
    bounced: frozenset[str]

    @classmethod
    def of(cls, setting: str) -> Receipts:
        """`/id /status DELIVRD UNDELIV|EXPIRED`."""
        name, status, good, bad = setting.split()
        return cls(name, status, frozenset(good.lower().split("|")), frozenset(bad.lower().split("|")))

    def read(self, body: str, form: dict[str, str]) -> list[tuple[str, str, str]]:
        """Name, outcome and what was said, of each receipt; states on the way are left out."""
        told = []
        for receipt in _each(body, form):
            name, state = _value(receipt, self.id), _value(receipt, self.status)
            known = {**dict.fromkeys(self.bounced, "bounced"), **dict.fromkeys(self.delivered, "delivered")}
            if name and (outcome := known.get(state.lower())):
                told.append((name[:120], outcome, state[:80]))
        return told


def _each(body: str, form: dict[str, str]) -> Iterable[Any]:
    if form:
        return [form]
    try:
        given = json.loads(body)
    except ValueError:
        return [body]
    return given[:500] if isinstance(given, list) else [given]


def _value(receipt: Any, where: str) -> str:
    if not where.startswith("/"):
        return extract(
            receipt if isinstance(receipt, str) else json.dumps(receipt, ensure_ascii=False), where
        )
    return "" if isinstance(receipt, str) else at_pointer(receipt, where)


def hooks(secret: str, receipts: Receipts, now: Callable[[], datetime], wake: Callable[[], None]) -> Routes:
    """The routes; whoever does not know the secret finds nothing there."""
    routes = Routes()

    @routes.post("/hooks/sms/{secret}", audience=HOOK)
    async def sms(request: web.Request) -> web.Response:
        body = await _body(request, secret)
        form = {name: str(value) for name, value in (await request.post()).items()}
        for name, outcome, text in receipts.read(body.decode("utf-8", "replace"), form):
            key = f"receipt:{sha256(name.encode()).hexdigest()[:32]}:{outcome}"
            await delivery_report.reported("sms", name, outcome, at=now(), key=key, detail=text)
        wake()
        return web.Response()

    @routes.post("/hooks/mail/{secret}", audience=HOOK)
    async def mail(request: web.Request) -> web.Response:
        await bounces.take(await _body(request, secret), now())
        wake()
        return web.Response()

    return routes


async def _body(request: web.Request, secret: str) -> bytes:
    given = request.match_info["secret"].encode("utf-8", "surrogateescape")
    if not secret or not hmac.compare_digest(given, secret.encode()):
        raise web.HTTPNotFound
    if (request.content_length or 0) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
    body = await request.read()
    if len(body) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST, len(body))
    return body
