"""The forty officers of `bench_press`, the updates they send, and the Bot API that answers at once."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

SECRET = "a-secret-of-the-webhook"
PATIENCE, QUIET = 60.0, 5.0
HEAD_START = 0.5  # seconds before the first update of an open loop
DRAIN = 20.0  # seconds after its last update in which answers still count as late, not as missing
NEWS = ("电话告知", "没有告知您")  # in what people are told beside their cards; a card has buttons besides


@dataclass
class Officer:
    """A phone: the keys of its newest card, and when the answer and the card of the update under way came."""

    chat: int
    target: str
    card: int = 0
    keys: list[dict[str, str]] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    turn: int = 0

    def key(self, *labels: str) -> dict[str, str] | None:
        return next((key for label in labels for key in self.keys if label in key["text"]), None)


@dataclass
class BotApi:
    """The Bot API as far as a chat of cards needs it. `first`: when each update got its first answer."""

    officers: dict[int, Officer] = field(default_factory=dict)
    message: int = 100
    calls: int = 0
    hooked: asyncio.Event = field(default_factory=asyncio.Event)
    first: dict[str, float] = field(default_factory=dict)
    typed: dict[int, list[str]] = field(
        default_factory=dict
    )  # chat -> its lines that nothing came back to yet

    async def call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        given: dict[str, Any] = {}
        if request.can_read_body:
            plain = request.content_type == "application/json"
            given = dict(await (request.json() if plain else request.post()))
        self.calls += 1
        if method == "setwebhook":
            self.hooked.set()
        return web.json_response({"ok": True, "result": self._result(method, given)})

    def _result(self, method: str, given: dict[str, Any]) -> Any:
        if method == "getme":
            return {"id": 4242424242, "is_bot": True, "first_name": "示例", "username": "example_bot"}
        officer = self.officers.get(int(given.get("chat_id") or 0))
        if method in ("sendmessage", "editmessagetext") and officer:
            return self._shown(officer, method, given)
        reference = f"{given.get('chat_id')}/{given.get('message_id')}"
        if method == "answercallbackquery":
            reference = given["callback_query_id"]
            officer = self.officers.get(int(reference.split("-")[0]))
        if method in ("answercallbackquery", "setmessagereaction") and officer:
            if given.get("text") or method == "setmessagereaction":
                officer.drawn.clear()  # its card comes after such an answer; one before it was a colleague's doing
            self._answered(officer.chat, reference)
            officer.answered.set()
        return True

    def _answered(self, chat: int, reference: str) -> None:
        self.first.setdefault(reference, time.perf_counter())
        lines = self.typed.get(chat, [])
        if reference in lines:
            lines.remove(reference)

    def _shown(self, officer: Officer, method: str, given: dict[str, Any]) -> dict[str, Any]:
        self.message += method == "sendmessage"
        number = int(given.get("message_id") or self.message)
        text = given.get("text", "")
        markup = json.loads(given.get("reply_markup") or "{}")
        keys = [key for row in markup.get("inline_keyboard", []) for key in row]
        letter = any(words in text for words in NEWS)
        if method == "sendmessage" and not letter and self.typed.get(officer.chat):
            # What cannot be done with a line is said in words, without a reaction.
            self._answered(officer.chat, self.typed[officer.chat][0])
        if keys and not letter:
            officer.card, officer.keys = number, keys
            officer.drawn.set()
        chat = {"id": officer.chat, "type": "private", "first_name": "示例"}
        return {"message_id": number, "date": int(time.time()), "chat": chat, "text": text}


class Crowd:
    """The officers, and the updates they send. Times in seconds: `first` to the first answer, `taken` to the 2xx."""

    def __init__(self, http: aiohttp.ClientSession, port: int, api: BotApi, peer: bool) -> None:
        self.http, self.api, self.peer = http, api, peer
        self.url = f"http://127.0.0.1:{port}/telegram"
        self.number = 1000
        self.done = self.silent = self.missing = 0
        self.first: list[float] = []
        self.taken: list[float] = []

    def reset(self) -> None:
        self.done = self.silent = self.missing = 0
        self.first, self.taken = [], []

    async def _post(self, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with self.http.post(self.url, json=update, headers=headers) as answer:
            assert answer.status == 200, answer.status

    async def send(self, officer: Officer, update: dict[str, Any]) -> None:
        """One update, until it is answered and its card has come."""
        officer.answered.clear()
        officer.drawn.clear()
        began = time.perf_counter()
        await self._post(update)
        self.taken.append(time.perf_counter() - began)
        await asyncio.wait_for(officer.answered.wait(), PATIENCE)
        self.first.append(time.perf_counter() - began)
        try:
            await asyncio.wait_for(officer.drawn.wait(), QUIET)
        except TimeoutError:
            self.silent += 1  # it was answered, and its card stayed as it was
        self.done += 1

    def _from(self, officer: Officer) -> dict[str, Any]:
        return {"id": officer.chat, "is_bot": False, "first_name": "示例", "language_code": "zh-hans"}

    def _message(self, officer: Officer, number: int, text: str) -> dict[str, Any]:
        chat = {"id": officer.chat, "type": "private", "first_name": "示例"}
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": chat,
            "from": self._from(officer),
            "text": text,
        }

    def _numbered(self, **what: Any) -> dict[str, Any]:
        self.number += 1
        return {"update_id": self.number, **what}

    def pressing(self, officer: Officer, *labels: str) -> dict[str, Any]:
        """A press of the first of these buttons that its card has."""
        key = officer.key(*labels, "要点列表") or (
            officer.keys[0] if officer.keys else {"callback_data": "q:1:0"}
        )
        press = {
            "id": f"{officer.chat}-{self.number}", "from": self._from(officer), "chat_instance": "1",
            "message": self._message(officer, officer.card or 1, "示例"), "data": key["callback_data"],
        }  # fmt: skip
        return self._numbered(callback_query=press)

    def typing(self, officer: Officer, text: str) -> dict[str, Any]:
        self.api.message += 1
        return self._numbered(message=self._message(officer, self.api.message, text))

    async def press(self, officer: Officer, *labels: str) -> None:
        await self.send(officer, self.pressing(officer, *labels))

    async def open_checklist(self, officer: Officer) -> None:
        officer.answered.set()
        if self.peer:
            await self.press(officer)
            return
        update = self.typing(officer, "/today")
        update["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
        officer.drawn.clear()
        await self._post(update)
        await asyncio.wait_for(officer.drawn.wait(), PATIENCE)
        await self.press(officer, officer.target)
        await self.press(officer, "检查表")

    def next_update(self, officer: Officer) -> dict[str, Any]:
        """Three verdicts, another question, a note."""
        officer.turn += 1
        odd = officer.turn % 2
        match officer.turn % 5:
            case 0 if officer.key("备注"):
                return self.typing(officer, f"示例说明{officer.turn}")
            case 4:
                return self.pressing(
                    officer, *(("下一", "跳过", "上一") if odd else ("上一", "下一", "跳过"))
                )
            case _:
                return self.pressing(officer, *(("不合格", "合格") if odd else ("合格",)))

    async def go_on(self, officer: Officer, until: float) -> None:
        """Closed loop: each officer sends the next update when the card of the last has come."""
        while time.perf_counter() < until:
            await self.send(officer, self.next_update(officer))

    async def open_loop(self, people: list[Officer], rate: int, seconds: float) -> None:
        """`rate` updates a second at times fixed beforehand, whatever was answered by then; every time counts from when
        the update was due, so that who is slow does not put off being asked (no coordinated omission).
        """
        began = time.perf_counter() + HEAD_START
        ends = began + seconds + DRAIN
        many = int(rate * seconds)
        await asyncio.gather(
            *(self._due(people[n % len(people)], began + n / rate, ends) for n in range(many))
        )

    async def _due(self, officer: Officer, due: float, ends: float) -> None:
        await asyncio.sleep(due - time.perf_counter())
        update = self.next_update(officer)
        press, message = update.get("callback_query"), update.get("message")
        reference = press["id"] if press else f"{officer.chat}/{message['message_id']}"
        if message:
            self.api.typed.setdefault(officer.chat, []).append(reference)
        await self._post(update)
        self.taken.append(time.perf_counter() - due)
        while reference not in self.api.first and time.perf_counter() < ends:
            await asyncio.sleep(0.05)  # when it came is noted by the Bot API
        self.missing += reference not in self.api.first
        self.first.append(self.api.first.get(reference, ends) - due)
        self.done += 1
