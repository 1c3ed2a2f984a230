"""How a call goes to the Bot API: as JSON, through the proxy that the environment names (F6)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.request import BotRequest


@asynccontextmanager
async def hearing() -> AsyncIterator[tuple[int, list[tuple[str, dict[str, str], bytes]]]]:
    """A port, and what came there: first line, headers, body. Everything is answered with 200."""
    heard: list[tuple[str, dict[str, str], bytes]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        heard.append((head[0], headers, await reader.readexactly(int(headers.get("content-length", 0)))))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], heard


@asynccontextmanager
async def requesting() -> AsyncIterator[BotRequest]:
    request = BotRequest()
    await request.initialize()
    try:
        yield request
    finally:
        await request.shutdown()


def said(**what: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in what.items()])


async def test_what_is_said_goes_as_json_in_utf8() -> None:
    keys = {"inline_keyboard": [[{"text": "合格", "callback_data": "v"}]]}
    async with hearing() as (port, heard), requesting() as request:
        url = f"http://127.0.0.1:{port}/bot/sendMessage"
        assert await request.do_request(
            url, "POST", said(text="示例 & <b>", chat_id=7, reply_markup=keys)
        ) == (200, b"{}")
    [(_, headers, body)] = heard
    assert headers["content-type"] == "application/json"
    assert "示例".encode() in body
    given = json.loads(body)
    assert (given["text"], given["chat_id"]) == ("示例 & <b>", "7")
    assert json.loads(given["reply_markup"]) == keys


async def test_a_call_without_anything_said_has_no_body() -> None:
    async with hearing() as (port, heard), requesting() as request:
        await request.do_request(f"http://127.0.0.1:{port}/bot/getMe", "POST")
    [(line, headers, body)] = heard
    assert line.startswith("POST /bot/getMe ")
    assert body == b""
    assert headers.get("content-type") != "application/json"


async def test_a_proxy_that_the_environment_names_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with hearing() as (port, heard), requesting() as request:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        await request.do_request("http://api.telegram.example/bot/getMe", "POST", said(text="示例"))
    [(line, _, body)] = heard
    assert line.startswith("POST http://api.telegram.example/bot/getMe ")
    assert "示例".encode() in body
