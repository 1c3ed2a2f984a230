"""The page of phones: its HTML, its JSON, and the stream that tells it what changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FileSystemLoader

from server.practice.acts import Acts
from server.practice.display import person, screen
from server.practice.people import Holder
from server.practice.phone import Phone
from server.practice.refusals import ApiRefusal, PhoneRefusal
from server.practice.telegram_server import TelegramServer
from server.practice.words import chosen_language, in_language, words

Step = Mapping[str, Any]
Guide = Callable[[], Awaitable[Sequence[Step]]]

HEARTBEAT = 15.0
_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'self'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class PhonePage:
    """Serves the phones of `people` in this order, and the steps of `guide` beside them."""

    def __init__(self, exchange: TelegramServer, people: Sequence[Holder], guide: Guide | None) -> None:
        self._exchange = exchange
        self._people = people
        self._guide = guide
        self._acts = Acts(exchange)
        pages = Environment(loader=FileSystemLoader(_HERE / "static"), autoescape=True)
        self._template = pages.get_template("page.html")

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self.page),
            web.get("/api/people", self.people),
            web.get("/api/guide", self.guide),
            web.get("/api/events", self.events),
            web.get(r"/api/phones/{person:\d+}", self.phone),
            web.post(r"/api/phones/{person:\d+}/{act:[a-z]+}", self.act),
            web.get("/api/files/{file_id}", self.file),
            web.static("/static", _HERE / "static"),
        ]

    async def page(self, request: web.Request) -> web.Response:
        language = _language(request)
        html = self._template.render(
            language=language,
            words=words(language),
            words_json=json.dumps(words(language), ensure_ascii=False),
            other="en" if language == "zh" else "zh",
        )
        return web.Response(text=html, content_type="text/html", headers=_HEADERS)

    async def people(self, request: web.Request) -> web.Response:
        language = _language(request)
        return _json([person(self._exchange, phone, language) for phone in self._phones.values()])

    async def guide(self, request: web.Request) -> web.Response:
        language = _language(request)
        steps = await self._guide() if self._guide else []
        return _json([_step(step, language) for step in steps])

    async def phone(self, request: web.Request) -> web.Response:
        return _json(screen(self._exchange, self._of(request), _language(request)))

    async def act(self, request: web.Request) -> web.Response:
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise web.HTTPForbidden
        try:
            done = await self._acts.perform(self._of(request), request.match_info["act"], request)
        except PhoneRefusal as refusal:
            return _json({"refused": str(refusal).partition("\n")[0]}, status=409)
        except ApiRefusal as refusal:
            return _json({"refused": refusal.description}, status=refusal.code)
        return _json(done or {})

    async def file(self, request: web.Request) -> web.Response:
        known = self._exchange.files.known(request.match_info["file_id"])
        if known is None:
            raise web.HTTPNotFound
        body = self._exchange.files.content(known["file_id"])
        if known["file_path"].startswith("photos/"):
            headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
            return web.Response(body=body, content_type="image/jpeg", headers=headers)
        response = web.Response(body=body, content_type="application/octet-stream", headers=_HEADERS)
        response.headers["Content-Disposition"] = _attachment(known.get("file_name", "file"))
        return response

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: `hello` first (draw everything), then `phone` with a person's id."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        listener = self._exchange.changes.listen()
        try:
            await response.write(b"retry: 1000\nevent: hello\ndata: {}\n\n")
            while not self._exchange.changes.closed:
                try:
                    changed = await asyncio.wait_for(listener.get(), HEARTBEAT)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if changed is not None:
                    await response.write(f"event: phone\ndata: {changed}\n\n".encode())
        except ConnectionError:
            pass
        finally:
            self._exchange.changes.leave(listener)
        return response

    @property
    def _phones(self) -> dict[int, Phone]:
        """Asked anew each time: people may join while the page is open."""
        return {somebody.id: self._exchange.phone(somebody) for somebody in self._people}

    def _of(self, request: web.Request) -> Phone:
        phone = self._phones.get(int(request.match_info["person"]))
        if phone is None:
            raise web.HTTPNotFound
        return phone


def _language(request: web.Request) -> str:
    return chosen_language(request.query.get("lang"), request.headers.get("Accept-Language", ""))


def _step(step: Step, language: str) -> dict[str, Any]:
    told = {name: in_language(step.get(name, ""), language) for name in ("title", "text")}
    return {**told, "phone": step.get("phone"), "link": step.get("link"), "done": bool(step.get("done"))}


def _json(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=_HEADERS)


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
