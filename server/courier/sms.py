"""短信: the letter in a text message, by whatever HTTP gateway the district has, or into a folder (Art. 16 (2)).

Only the gateway of the settings is ever called; no redirect is followed, no address comes from data (D67).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import aiohttp
from aiohttp import hdrs
from yarl import URL

from models.delivery import ChannelReceipt, TryLater, Unclear, Undeliverable
from models.procedure.delivery import OutboxMessage
from models.refusal import Refusal
from models.rules.phone import mobile
from server import http_answer
from server.courier.email import EntityNews
from server.courier.gateway_response import extract, matches

PATIENCE = aiohttp.ClientTimeout(total=20, connect=5)
LARGEST = 64 * 1024
PLACE = re.compile(r"\{(phone|e164|text|id)\}")
LONGEST_WAIT = 3600.0
GATEWAY_TIMEOUT = 504


class ShortMessage(Protocol):
    """A letter as short as a text message."""

    @property
    def text(self) -> str: ...
    @property
    def number(self) -> str: ...


@dataclass(frozen=True)
class Gateway:
    """How to ask it: `{phone}`, `{e164}`, `{text}` and `{id}` stand in the query and in the body.

    `success`: what its answer must say (`answers.means`); `id`: where it names the message (`answers.found`).
    """

    url: str
    method: str = "POST"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    success: str = ""
    id: str = ""


class Texter:
    """A channel for text messages."""

    def __init__(
        self, gateway: Gateway, brief: Callable[[int, str], Awaitable[ShortMessage]],
        told: Callable[[int, str], Awaitable[EntityNews]] | None = None,
        staff: Callable[[Mapping[str, Any], str], EntityNews] | None = None,
        digest: Callable[[str, str], Awaitable[EntityNews]] | None = None,
    ) -> None:  # fmt: skip
        self._gateway, self._brief, self._told, self._staff, self._digest = (
            gateway,
            brief,
            told,
            staff,
            digest,
        )
        parts = urlsplit(gateway.url)
        self._folder = Path(unquote(parts.path)) if parts.scheme == "file" else None

    async def __call__(self, parcel: OutboxMessage) -> ChannelReceipt:
        """Send one notice. Undeliverable when refused, TryLater when the gateway is busy or away, Unclear when the
        connection broke after it was asked.
        """
        number = mobile(parcel.address)
        if number is None:
            raise Undeliverable("no mobile number")
        text = await self._worded(parcel)
        values = {
            "phone": number.removeprefix("+86"), "e164": number, "text": text, "id": parcel.reference,
        }  # fmt: skip
        if self._folder is not None:
            await asyncio.to_thread(_lay_down, self._folder, parcel.reference, values)
            name = parcel.reference
        else:
            name = await self._ask(values)
        return ChannelReceipt(hashlib.sha256(text.encode()).hexdigest(), name or parcel.reference)

    async def _worded(self, parcel: OutboxMessage) -> str:
        language = parcel.language or "zh_Hans"
        if parcel.kind == "staff" and self._staff is not None:
            return self._staff(parcel.payload, language).brief
        if parcel.kind == "digest" and self._digest is not None:
            return (await self._digest(parcel.payload["month"], language)).brief
        if parcel.kind != "notification":
            return (await self._brief(parcel.payload["notice"], language)).text
        if self._told is None:
            raise Undeliverable("nobody words this")
        try:
            return (await self._told(parcel.payload["notification"], language)).brief
        except Refusal as over:
            raise Undeliverable(over.code) from over

    async def _ask(self, values: Mapping[str, str]) -> str:
        gateway = self._gateway
        is_json = gateway.body.lstrip().startswith(("{", "["))
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        body = (
            _filled(gateway.body, values, _in_json if is_json else _in_address).encode()
            if gateway.body
            else None
        )
        headers = dict(gateway.headers)
        if body:
            headers.setdefault("Content-Type", kind)
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as http,
                http.request(
                    gateway.method, URL(_filled(gateway.url, values, _in_address), encoded=True), data=body, headers=headers,
                    allow_redirects=False,
                ) as answer,
            ):  # fmt: skip
                text = await http_answer.text(answer, LARGEST)
                return self._understood(answer.status, answer.headers.get(hdrs.RETRY_AFTER, ""), text)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise TryLater(0.0, type(error).__name__, outage=True) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as cut:
            raise Unclear(type(cut).__name__) from cut

    def _understood(self, status: int, wait: str, text: str) -> str:
        """The name that the gateway gave the message."""
        if status == 429:
            seconds = min(float(wait), LONGEST_WAIT) if wait.isascii() and wait.isdigit() else 0.0
            raise TryLater(seconds, "429")
        if 400 <= status < 500:
            raise Undeliverable(f"{status} {text[:200]}".strip())
        if status == GATEWAY_TIMEOUT:  # a proxy's word: what stands behind it was asked and did not answer
            raise Unclear(str(status))
        if not 200 <= status < 300:
            raise TryLater(0.0, str(status), outage=status >= 500)
        if self._gateway.success and not matches(text, self._gateway.success):
            raise Undeliverable(f"{status} {text[:200]}".strip())
        return extract(text, self._gateway.id)[:120] if self._gateway.id else ""


def _filled(template: str, values: Mapping[str, str], safe: Callable[[str], str]) -> str:
    """Filled in one go, so that no value is taken for a place to be filled."""
    return PLACE.sub(lambda place: safe(values[place[1]]), template)


def _in_address(value: str) -> str:
    return quote(value, safe="")


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _lay_down(folder: Path, name: str, values: Mapping[str, str]) -> None:
    """All of the message under its name or nothing; sent again it is the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".", suffix=".draft")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(dict(values), file, ensure_ascii=False)
        file.flush()
        os.fsync(handle)
    Path(draft).replace(folder / f"{name}.json")
