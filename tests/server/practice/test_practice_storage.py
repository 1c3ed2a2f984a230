"""Starting the practice again goes on where it stopped, a SIGKILL included."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from server.practice import Holder, TelegramServer
from tests.server.practice.bots import application
from tests.server.practice.pictures import jpeg
from tests.support.practice_phones import TOKEN, practice

ROOT = Path(__file__).parents[3]


async def test_chats_files_presses_settings_and_waiting_updates_outlive_a_restart(tmp_path: Path) -> None:
    async with practice(storage=tmp_path) as stage, application(stage) as app:
        zhang = stage.phone("张检查", id=7)
        await zhang.start()
        await app.bot.send_message(
            7, "卡片", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("按", callback_data="x")]])
        )
        [update] = await app.bot.get_updates()
        await app.bot.get_updates(offset=update.update_id + 1)
        await zhang.send_document(b"original bytes", "a.txt")
        await app.bot.set_my_commands([("today", "今天")])
        await app.bot.get_updates(offset=update.update_id + 1, allowed_updates=["message", "callback_query"])
    async with practice(storage=tmp_path) as stage, application(stage) as app:
        zhang = stage.phone("张检查", id=7)
        assert [shown.text for shown in zhang.messages()] == ["/start", "卡片", ""]
        assert zhang.download(zhang.messages()[-1]) == b"original bytes"
        [waiting] = await app.bot.get_updates()
        assert waiting.message and waiting.message.document
        assert [command.command for command in await app.bot.get_my_commands()] == ["today"]
        assert stage.exchange.updates.allowed == ["message", "callback_query"]
        press = await zhang.press("按")
        await app.bot.answer_callback_query(press.value, "好")
        fresh = (await app.bot.get_updates(offset=waiting.update_id + 1))[0]
        assert fresh.update_id == waiting.update_id + 1
        assert fresh.callback_query and fresh.callback_query.message
        assert fresh.callback_query.message.message_id == 2
        assert (await app.bot.send_message(7, "新")).message_id == 4


async def test_a_webhook_goes_on_being_called_after_a_restart(tmp_path: Path) -> None:
    async with practice(storage=tmp_path) as stage, application(stage) as app:
        await app.bot.set_webhook("http://127.0.0.1:9/tg", secret_token="s")
        await stage.phone("张检查", id=7).say("甲")
    async with practice(storage=tmp_path) as stage, application(stage) as app:
        info = await app.bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == ("http://127.0.0.1:9/tg", 1)


_SERVE = """
import asyncio, sys
from pathlib import Path
from aiohttp import web
from server.practice import Holder, practice_app
app = practice_app(sys.argv[1], storage=Path(sys.argv[2]), people=[Holder(7, "张检查")])
async def main():
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


async def test_what_was_acknowledged_is_there_after_a_sigkill(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVE, TOKEN, str(tmp_path),
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    port = int(await process.stdout.readline())
    said = 0
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        for number in range(40):
            async with client.post("/api/phones/7/say", json={"text": f"第 {number} 句"}) as answer:
                assert answer.status == 200
                said += 1
        photo = aiohttp.FormData()
        photo.add_field("file0", jpeg(), filename="a.jpg", content_type="image/jpeg")
        async with client.post("/api/phones/7/photos", data=photo) as answer:
            assert answer.status == 200
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    exchange = TelegramServer(TOKEN, storage=tmp_path)
    try:
        zhang = exchange.phone(Holder(7, "张检查"))
        texts = [shown.text for shown in zhang.messages()]
        assert texts == [f"第 {number} 句" for number in range(said)] + [""]
        assert len(exchange.updates.waiting()) == said + 1
        assert zhang.download(zhang.messages()[-1]).startswith(b"\xff\xd8")
    finally:
        exchange.close()
