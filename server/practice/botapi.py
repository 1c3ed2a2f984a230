"""The Bot API over HTTP: parameters in every form Telegram takes, faults on order, downloads."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from server.practice import multipart
from server.practice.calls import Call, Upload
from server.practice.refusals import ApiRefusal
from server.practice.telegram_server import TelegramServer

DOWNLOAD = "download"
_HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class BotApi:
    """The two doors of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, exchange: TelegramServer) -> None:
        self._exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", r"/bot{token:[^/]+}/{method}", self.call),
            web.get(r"/file/bot{token:[^/]+}/{path:.+}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        try:
            self._admit(request)
            parameters, uploads = await _parameters(request)
        except ApiRefusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        call = Call(request.match_info["method"], parameters, uploads, self._exchange.clock())
        self._exchange.calls.append(call)
        return await self._answered(request, call)

    async def _answered(self, request: web.Request, call: Call) -> web.StreamResponse:
        try:
            faults = self._exchange.faults.take(call.method, call.chat_id)
        except ApiRefusal as refusal:
            return _refused(call, refusal)
        for fault in faults:
            call.fault = fault.kind
            if fault.kind == "delay":
                await self._exchange.clock.sleep(fault.seconds)
            elif fault.refusal is not None:
                return _refused(call, fault.refusal)
            elif fault.kind == "status":
                return _broken(call, fault.status, html=fault.html)
            elif fault.kind == "drop_before":
                return _cut(request)
        await self._exchange.run(call)
        call.uploads = {part: replace(upload, content=b"") for part, upload in call.uploads.items()}
        if call.fault == "drop_after":
            return _cut(request)
        return web.json_response(call.result, status=call.status)

    async def download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._admit(request)
        except ApiRefusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        if (broken := await self._fault_of_download(request)) is not None:
            return broken
        by_path = self._exchange.files.by_path(request.match_info["path"])
        if by_path is None:
            return web.json_response(ApiRefusal(404, "Not Found").body(), status=404)
        return web.Response(body=by_path[0], content_type="application/octet-stream")

    async def _fault_of_download(self, request: web.Request) -> web.StreamResponse | None:
        """What goes wrong with a download, ordered under the name `download`."""
        call = Call(DOWNLOAD, {"path": request.match_info["path"]}, at=self._exchange.clock())
        try:
            faults = self._exchange.faults.take(DOWNLOAD, None)
        except ApiRefusal as refusal:
            return _refused(call, refusal)
        for fault in faults:
            if fault.kind == "delay":
                await self._exchange.clock.sleep(fault.seconds)
            elif fault.refusal is not None:
                return _refused(call, fault.refusal)
            elif fault.kind == "status":
                return _broken(call, fault.status, html=fault.html)
            else:
                return _cut(request)
        return None

    def _admit(self, request: web.Request) -> None:
        given, own = request.match_info["token"], self._exchange.token
        if not hmac.compare_digest(given.encode(), own.encode()):
            raise ApiRefusal(401, "Unauthorized")


def _refused(call: Call, refusal: ApiRefusal) -> web.Response:
    call.status, call.result = refusal.code, refusal.body()
    headers = {}
    if "retry_after" in refusal.parameters:
        headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return web.json_response(call.result, status=call.status, headers=headers)


def _broken(call: Call, status: int, *, html: bool) -> web.Response:
    call.status = status
    if html:
        return web.Response(text=_HTML, status=status, content_type="text/html")
    call.result = ApiRefusal(status, "Internal Server Error").body()
    return web.json_response(call.result, status=status)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _parameters(request: web.Request) -> tuple[dict[str, Any], Mapping[str, Upload]]:
    parameters: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    kind = request.content_type
    if kind == "multipart/form-data":
        fields, uploads = await multipart.parts(request)
        parameters.update(fields)
    elif kind == "application/json":
        parameters.update(await multipart.json_object(request))
    elif kind == "application/x-www-form-urlencoded":
        text = (await multipart.body(request)).decode("utf-8", "replace")
        parameters.update(parse_qsl(text, keep_blank_values=True))
    return parameters, uploads
