"""Pushes updates to the bot's webhook: in order within a queue, again and again until 2xx (F4, F5)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import aiohttp

from server.practice.telegram_server import TelegramServer

FIRST_WAIT = 0.05
LONGEST_WAIT = 5.0
ANSWER_WITHIN = 60.0


class Webhook:
    """Runs as one task for as long as the stand-in is up; does nothing while no webhook is set."""

    def __init__(self, exchange: TelegramServer) -> None:
        self._exchange = exchange
        self._workers: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                while True:
                    self._start_workers(session)
                    await self._exchange.changes.wait(0.5)
            finally:
                for worker in self._workers.values():
                    worker.cancel()
                await asyncio.gather(*self._workers.values(), return_exceptions=True)

    def _start_workers(self, session: aiohttp.ClientSession) -> None:
        updates = self._exchange.updates
        if not updates.webhook.get("url"):
            return
        self._workers = {queue: task for queue, task in self._workers.items() if not task.done()}
        for _, data in updates.waiting():
            if len(self._workers) >= updates.webhook.get("max_connections", 40):
                return
            if data["queue"] not in self._workers:
                self._workers[data["queue"]] = asyncio.create_task(self._work(session, data["queue"]))

    async def _work(self, session: aiohttp.ClientSession, queue: int) -> None:
        wait = FIRST_WAIT
        while batch := self._next(queue):
            for update_id, update in batch:
                while not await self._deliver(session, update_id, update):
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, LONGEST_WAIT)
                wait = FIRST_WAIT

    def _next(self, queue: int) -> list[tuple[int, Any]]:
        """The next update of the queue, or the next two swapped, or the next one twice, as ordered."""
        if not self._exchange.updates.webhook.get("url"):
            return []
        waiting = self._exchange.updates.waiting()
        line = [(key, data["update"]) for key, data in waiting if data["queue"] == queue]
        faults = self._exchange.faults
        if faults.swapped_deliveries and len(line) > 1:
            faults.swapped_deliveries -= 1
            return [line[1], line[0]]
        if faults.duplicate_deliveries and line:
            faults.duplicate_deliveries -= 1
            return [line[0], line[0]]
        return line[:1]

    async def _deliver(self, session: aiohttp.ClientSession, update_id: int, update: Any) -> bool:
        webhook = self._exchange.updates.webhook
        if not webhook.get("url"):
            return True
        headers = {"Content-Type": "application/json"}
        if webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret_token"]
        try:
            async with session.post(webhook["url"], data=json.dumps(update), headers=headers) as answer:
                status, body = answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return False
        if not 200 <= status < 300:
            self._failed(f"Wrong response from the webhook: {status}")
            return False
        self._exchange.updates.confirm(update_id)
        self._exchange.settle()
        await self._call_in_answer(body)
        return True

    def _failed(self, reason: str) -> None:
        webhook = self._exchange.updates.webhook
        webhook["last_error_date"] = int(self._exchange.clock())
        webhook["last_error_message"] = reason

    async def _call_in_answer(self, body: bytes) -> None:
        with contextlib.suppress(ValueError):
            call = json.loads(body)
            if isinstance(call, dict) and isinstance(call.get("method"), str):
                await self._exchange.call(call.pop("method"), call)
