"""The stand-in alone, for any bot: `python -m server.practice --port 8081`. See README.md beside it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web

from server.practice.app import practice_app
from server.practice.people import Holder

HOST = "127.0.0.1"  # a bot's token opens everything here, so nothing but this machine gets in
TOKEN = "1604000000:stand-in-on-this-machine-only"  # noqa: S105 - opens nothing but the stand-in
FIRST_ID = 5_000_000_001


def parser() -> argparse.ArgumentParser:
    """The options; each has a value to begin with."""
    options = argparse.ArgumentParser(
        prog="python -m server.practice", description="A stand-in for Telegram on this machine alone."
    )
    options.add_argument("--port", type=int, default=8081, help="where it listens; 0: any free port")
    options.add_argument("--token", default=TOKEN, help="the bot's token, as it is written in the address")
    options.add_argument("--username", default="practice_bot", help="the bot's name in links")
    options.add_argument("--storage", type=Path, help="a folder that keeps chats and files over a restart")
    options.add_argument(
        "--person",
        action="append",
        metavar="NAME",
        help="who holds a phone; once for each (two, if none is named)",
    )
    return options


def holders(names: Sequence[str]) -> list[Holder]:
    """A phone for each name, in this order."""
    return [
        Holder(id=FIRST_ID + place, name=name, phone_number=f"+8613800000{place:03}")
        for place, name in enumerate(names)
    ]


async def serve(asked: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM; the first lines name the addresses."""
    people = holders(asked.person or ["Wang Ceshi", "Li Yangli"])
    app = practice_app(asked.token, bot_username=asked.username, storage=asked.storage, people=people)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, asked.port).start()
        address = f"http://{HOST}:{runner.addresses[0][1]}"
        sys.stdout.write(
            f"phones         {address}/\nbase_url       {address}/bot\n"
            f"base_file_url  {address}/file/bot\ntoken          {asked.token}\n"
        )
        sys.stdout.flush()
        await _asked_to_stop()
    finally:
        await runner.cleanup()


async def _asked_to_stop() -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await stop.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 if the port is taken."""
    asked = parser().parse_args(arguments)
    try:
        asyncio.run(serve(asked))
    except OSError as error:
        parser().error(
            f"port {asked.port}: {error.strerror}. Name another with --port, or 0 for any free one."
        )
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
