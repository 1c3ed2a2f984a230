"""Officers who send photos without a pause, by chat and with the companion, whatever the other side goes through."""

from __future__ import annotations

import asyncio
import hashlib
import io
import itertools
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from PIL import Image

from models.procedure import enrolment
from models.rules.actor import Role
from server.practice import Phone
from tests.support import district
from tests.support.waiting import pause as pause_

_count = itertools.count(1)


def scene(side: int = 400, quality: int = 85) -> bytes:
    """A photo of nothing: noise, about `side` squared bytes."""
    out = io.BytesIO()
    Image.effect_noise((side, side * 3 // 4), 80).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def another(photo: bytes) -> bytes:
    """The same picture, with a comment that nobody else has: other bytes, another hash."""
    said = b"%020d" % next(_count) + secrets.token_bytes(8)
    return photo[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + photo[2:]


@dataclass(frozen=True)
class Twin:
    """One of many large photos that differ in their heads only and share the rest in memory."""

    head: bytes
    rest: bytes

    def __len__(self) -> int:
        return len(self.head) + len(self.rest)

    def __getitem__(self, part: slice) -> bytes:
        begins, ends, _ = part.indices(len(self))
        cut = len(self.head)
        return self.head[begins:ends] + self.rest[max(begins - cut, 0) : max(ends - cut, 0)]


Data = bytes | Twin


def twins(photo: bytes, size: int) -> Iterator[Twin]:
    """Photos of exactly this size: comments fill what is missing."""
    head = another(photo)[:34]
    rest = another(photo)[34:]
    while (left := size - len(head) - len(rest)) >= 4:
        said = bytes(min(left - 4, 65_000 if left < 65_533 or left > 65_600 else 60_000))
        rest = b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said + rest
    while True:
        yield Twin(another(photo)[:34], rest)


def sha(data: Data) -> str:
    digest = hashlib.sha256()
    for begins in range(0, len(data), 1 << 20):
        digest.update(data[begins : begins + (1 << 20)])
    return digest.hexdigest()


@dataclass
class Carrier:
    """A companion without a screen: announces, sends what is missing, and believes the receipt alone."""

    http: aiohttp.ClientSession
    csrf: str
    task: str
    part: int = 256 * 1024
    receipts: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    sent: int = 0

    async def carry(self, data: Data, question: int | None = None, *, patience: float = 0.05) -> str:
        """Until the receipt comes or a refusal does; the refusal's code or nothing."""
        key = secrets.token_urlsafe(16)
        while True:
            with suppress(aiohttp.ClientError, TimeoutError, OSError):
                said = await self._once(key, data, question)
                if said is not None:
                    return said
            await pause_(patience)

    async def _once(self, key: str, data: Data, question: int | None) -> str | None:
        body = {"key": key, "task": self.task, "question": question, "sha256": sha(data), "size": len(data)}
        status, said = await self._ask("POST", "/photos", json.dumps(body).encode(), "application/json")
        while status in (200, 409) and "offset" in said:
            begins = said["offset"]
            piece = data[begins : begins + self.part]
            self.sent += len(piece)
            status, said = await self._ask(
                "PUT", f"/uploads/{key}", piece, "application/octet-stream",
                **{"Content-Range": f"bytes {begins}-{begins + len(piece) - 1}/{len(data)}"},
            )  # fmt: skip
        if status == 201:
            assert said["sha256"] == sha(data), "a receipt for other bytes"
            self.receipts[said["sha256"]] = said["photo"]
            return ""
        if 400 <= status < 500 and "error" in said:
            self.refused.append(said["error"].get("code", str(status)))
            return self.refused[-1]
        return None

    async def _ask(self, method: str, path: str, body: bytes, kind: str, **more: str) -> tuple[int, Any]:
        headers = {
            "Accept": "application/json", "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": self.csrf,
            "Content-Type": kind, **more,
        }  # fmt: skip
        async with self.http.request(method, f"/field/api{path}", data=body, headers=headers) as answer:
            return answer.status, await answer.json()


async def session(officer: str) -> tuple[str, str]:
    """A session of this officer in the open store, as of now: cookie and form key."""
    account = await district.account(Role.INSPECTOR, officer)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
    await enrolment.sign_in(account.id, token, csrf, at=datetime.now(UTC))
    return token, csrf


@asynccontextmanager
async def carrier(port: int, task: str, cookie: str, csrf: str, **how: Any) -> AsyncIterator[Carrier]:
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{port}", cookies={"ssj": cookie}, timeout=aiohttp.ClientTimeout(total=120),
        connector=aiohttp.TCPConnector(limit=0),
    ) as http:  # fmt: skip
        yield Carrier(http, csrf, task, **how)


@asynccontextmanager
async def sending(phones: list[Phone], one: Carrier, pause: float = 0.1) -> AsyncIterator[dict[str, str]]:
    """Every phone sends files, the carrier carries; the hashes of what the phones sent, and how."""
    sent: dict[str, str] = {}
    photo = scene()

    async def by_chat(phone: Phone) -> None:
        while True:
            data = another(photo)
            sent[sha(data)] = phone.person.name
            await phone.send_document(data, "现场.jpg", mime_type="image/jpeg")
            await pause_(pause)

    async def by_companion() -> None:
        while True:
            await one.carry(another(photo))

    doing = [asyncio.create_task(by_companion()), *(asyncio.create_task(by_chat(one)) for one in phones)]
    try:
        yield sent
    finally:
        for task in doing:
            task.cancel()
        for said in await asyncio.gather(*doing, return_exceptions=True):
            assert isinstance(said, asyncio.CancelledError), said
