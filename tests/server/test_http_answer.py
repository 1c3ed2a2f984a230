"""What another server answers is read to its end, in however many pieces it comes."""

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import NetworkError

from bot import http_answer as bot_answer
from bot import request as bot_request
from models.procedure import anchor
from server import http_answer, timestamping
from server.courier.sms import Gateway, Texter
from tests.server.courier import test_sms
from tests.server.courier.chats import now
from tests.support import district as sample
from tests.support.district import CEREMONY
from tests.support.timestamp_authority import authority
from tests.support.waiting import pause


async def in_pieces(request, body, kind):
    """The answer in two pieces that cannot arrive together: the second waits until the first was read."""
    answer = web.StreamResponse(headers={"Content-Type": kind})
    answer.enable_chunked_encoding()
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    await pause(0.2)
    await answer.write(body[len(body) // 2 :])
    await answer.write_eof()
    return answer


class Server:
    """Answers with `body` in pieces."""

    def __init__(self, body, kind="application/json"):
        self.body, self.kind = body, kind

    async def say(self, request):
        await request.read()
        return await in_pieces(request, self.body, self.kind)

    async def __aenter__(self):
        app = web.Application()
        app.router.add_route("*", "/", self.say)
        self.server = TestServer(app, host="127.0.0.1")
        await self.server.start_server()
        return str(self.server.make_url("/"))

    async def __aexit__(self, *_):
        await self.server.close()


async def test_fd1_an_answer_in_two_pieces_is_read_whole():
    body = b'{"sample":"' + b"x" * 5000 + b'"}'
    async with Server(body) as url, aiohttp.ClientSession() as http:
        for reader in (http_answer, bot_answer):
            async with http.get(url) as answer:
                assert await reader.whole(answer) == body
            async with http.get(url) as answer:
                with pytest.raises(aiohttp.ClientPayloadError, match="more than 100 bytes"):
                    await reader.whole(answer, 100)
        async with http.get(url) as answer:
            assert (await http_answer.parsed(answer))["sample"] == "x" * 5000


async def test_the_chat_reads_what_telegram_answers_whole_and_up_to_a_limit(monkeypatch):
    body = b"x" * 5000
    request = bot_request.BotRequest()
    await request.initialize()
    try:
        async with Server(body, "application/octet-stream") as url:
            assert await request.do_request(url, "GET") == (200, body)
            monkeypatch.setattr(bot_answer.whole, "__defaults__", (4000,))
            with pytest.raises(NetworkError, match="ClientPayloadError"):
                await request.do_request(url, "GET")
    finally:
        await request.shutdown()


async def test_fd1_a_text_message_that_was_taken_is_taken_though_the_answer_comes_in_pieces(db):
    await test_sms.told()
    body = b'{"code": "OK", "padding": "' + b"x" * 300 + b'", "id": "m-17"}'
    async with Server(body) as url:
        gateway = Gateway(url, body='{"to": "{phone}", "text": "{text}"}', success="/code=OK", id="/id")
        handed = await Texter(gateway, test_sms.PRINTER.brief)(await test_sms.parcel())
    assert handed.reference == "m-17"


async def test_fd1_a_time_stamp_in_two_pieces_is_a_time_stamp(db, tmp_path):
    await sample.found()
    await sample.drawn()
    await anchor.due(CEREMONY.replace(hour=0) + sample.timedelta(days=1), sample.district())
    async with authority(tmp_path / "tsa") as tsa:
        tsa.pieces = in_pieces
        assert await timestamping.catch_up(tsa.url, tsa.certificates, now) == 1


def test_fd1_nobody_reads_an_answer_otherwise():
    """`read(n)` on an answer gives what has arrived; json() and text() have no limit."""
    import ast
    from pathlib import Path

    root = Path(http_answer.__file__).parents[1]
    odd, readers = [], {root / "server" / "http_answer.py", root / "bot" / "http_answer.py"}
    for path in [*(root / "server").rglob("*.py"), *(root / "bot").rglob("*.py")]:
        if path in readers or "practice" in path.parts or "static" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(
                        value=ast.Name(id="answer" | "response"), attr="read" | "text" | "json"
                    )
                ):
                    odd.append(f"{path.relative_to(root)}:{node.lineno}")
                case ast.Call(
                    func=ast.Attribute(
                        value=ast.Attribute(value=ast.Name(id="answer" | "response"), attr="content")
                    )
                ):
                    odd.append(f"{path.relative_to(root)}:{node.lineno}")
    assert odd == [], "read it with the http_answer of its room"
