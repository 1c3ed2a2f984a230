"""The stand-in runs by itself, for a bot of any library, and takes nothing of the product along."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from telegram import Bot

from server.practice.__main__ import main

ROOT = Path(__file__).parents[3]
PRODUCT = "models", "bot", "locales", "tortoise", "telegram"


@asynccontextmanager
async def alone(*options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, str]]]:
    """The process and what its first lines say: name to value."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.practice",
        "--port",
        "0",
        *options,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        lines = [(await process.stdout.readline()).decode().split(maxsplit=1) for _ in range(4)]
        yield process, {name: value.strip() for name, value in lines}
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_bot_speaks_with_the_phones_of_a_stand_in_that_runs_alone(tmp_path: Path) -> None:
    async with alone("--person", "张检查", "--storage", str(tmp_path), "--username", "other_bot") as (
        process,
        said,
    ):
        async with (
            Bot(said["token"], base_url=said["base_url"], base_file_url=said["base_file_url"]) as bot,
            aiohttp.ClientSession() as browser,
        ):
            assert bot.username == "other_bot"
            people = await (await browser.get(said["phones"] + "api/people")).json()
            assert [person["name"] for person in people] == ["张检查"]
            answer = await browser.post(
                f"{said['phones']}api/phones/{people[0]['id']}/say", json={"text": "在吗"}
            )
            assert answer.status == 200
            [update] = await bot.get_updates(timeout=10)
            assert update.message and update.message.text == "在吗"
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_the_stand_in_imports_nothing_of_the_product() -> None:
    listed = "import sys, server.practice.__main__; print(*sorted(sys.modules))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", listed, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    names = (await process.communicate())[0].decode().split()
    assert "server.practice.app" in names
    own = [name for name in names if name.startswith("server.") and not name.startswith("server.practice")]
    assert own == []
    assert [name for name in names if name.split(".")[0] in PRODUCT] == []


async def test_a_port_that_is_taken_is_said_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    with pytest.raises(SystemExit) as stopped:
        await asyncio.to_thread(main, ["--port", str(port)])
    taken.close()
    assert stopped.value.code == 2
    assert f"port {port}" in (words := capsys.readouterr().err)
    assert "--port" in words
