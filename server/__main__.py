"""`shuangsuiji`: the composition root and the command line. Exit codes: 0 done, 1 failed, 2 refused input."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("PTB_TIMEDELTA", "1")  # before telegram is imported: durations are timedeltas

from locales import Words, words
from server.commands import DONE, FAILED, REFUSED, Commands, Order
from server.commands.help import Parser
from server.config import BadSetting, Settings, example, load
from server.duties import DUTIES, duties

if TYPE_CHECKING:
    from models.refusal import Refusal

ROOMS = {
    "database": ("init", "doctor"),
    "imports": ("import",),
    "exports": ("export",),
    "register": ("register",),
    "item_list": ("items",),
    "checklists": ("checklists",),
    "papers": ("plan", "scheme"),
    "draws": ("batch", "draw"),
    "acting": ("act",),
    "people": ("invite", "deadline"),
    "evidence": ("verify", "anchor", "clock", "repair"),
    "backups": ("backup", "restore"),
    "dossiers": ("archive",),
    "notices": ("notices",),
    "set_aside": ("set-aside",),
    "untold": ("untold",),
    "sample": ("sample",),
    "bench": ("bench",),
    "terms": ("terms",),
    "calendar_feed": ("feed",),
    "platform": ("platform",),
    "credit": ("credit",),
}
"""Where each command lives: a room is opened when one of its commands is asked for, so that help comes at once."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code."""
    try:
        settings = load()
    except BadSetting as error:
        print(error, file=sys.stderr)  # noqa: T201
        return REFUSED
    asked = sys.argv[1:] if argv is None else argv
    return _run(_parser(settings, asked).parse_args(asked), settings)


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from locales.refusals import explain
    from models import store
    from models.refusal import Refusal
    from server import file_modes, integrity, logs

    spoken = words(settings.language)
    file_modes.close_to_others()
    logs.start(settings.log, settings.secrets)
    try:
        return int(asyncio.run(arguments.run(Order(arguments, settings, spoken))))
    except Refusal as no:
        print(explain(no, spoken, _departments(no, settings)), file=sys.stderr)  # noqa: T201
        return REFUSED
    except store.Damaged as error:
        print(integrity.damaged(error, settings.database, spoken), file=sys.stderr)  # noqa: T201
        return FAILED
    except store.Unprepared:
        print(spoken("cli.unprepared", database=settings.database.split("@")[-1]), file=sys.stderr)  # noqa: T201
        return FAILED
    except BrokenPipeError:  # `| head`: whoever read on has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (OSError, UnicodeDecodeError, store.Unavailable, store.Overlong) as error:
        print(_failed(error, spoken), file=sys.stderr)  # noqa: T201
        return FAILED
    except KeyboardInterrupt:
        return DONE


def _failed(error: Exception, spoken: Words) -> str:
    """A file that is not there or cannot be opened is named, with what to do; the rest as it was said."""
    from models import store

    if isinstance(error, (UnicodeDecodeError, store.Overlong)):
        return spoken("cli.too_long" if isinstance(error, store.Overlong) else "cli.not_text")
    unusable = {
        errno.ENOENT: "cli.no_file", errno.EACCES: "cli.file_closed", errno.EPERM: "cli.file_closed",
        errno.EROFS: "cli.file_closed", errno.EISDIR: "cli.is_folder", errno.ENOTDIR: "cli.not_folder",
        errno.EEXIST: "cli.not_folder", errno.ENAMETOOLONG: "cli.too_long",
    }  # fmt: skip
    key, file = unusable.get(getattr(error, "errno", None) or 0), getattr(error, "filename", None)
    if getattr(error, "errno", None) == errno.ENOSPC:
        return spoken("cli.no_room", file=file or "")
    if not key or not file:
        return spoken("cli.failed", why=error)
    folder = Path(file).parent
    if key == "cli.no_file" and not folder.exists():
        return spoken("cli.no_folder", folder=folder)
    if key == "cli.not_folder":
        file = next((part for part in (Path(file), *Path(file).parents) if part.exists()), file)
    return spoken(key, file=file)


def _departments(no: Refusal, settings: Settings) -> dict[str, str]:
    """What the departments of a refusal are called; the command has closed its database by now."""
    from models import store
    from models.queries.person import departments_in

    async def read() -> dict[str, str]:
        async with store.opened(settings.database):
            return await departments_in(no)

    try:
        return asyncio.run(read()) if {"department", "departments"} & set(no.params) else {}
    except (OSError, store.Damaged, store.Unavailable, store.Unprepared):
        return {}


def _parser(settings: Settings, asked: Sequence[str]) -> Parser:
    spoken = words(settings.language)
    parser = Parser(
        prog="shuangsuiji",
        description=spoken("cli.about"),
        words=spoken,
        epilog=spoken("cli.examples") + "\n" + spoken("cli.about.examples") + "\n\n" + spoken("cli.codes"),
    )
    commands = Commands(parser, spoken)
    demo = commands.add("demo", _demo)
    demo.add_argument("--fresh", action="store_true")
    demo.add_argument("--no-hold", action="store_true", help=argparse.SUPPRESS)
    commands.add("serve", _serve).add_argument(
        "--only", type=duties, default=frozenset(DUTIES), metavar=",".join(DUTIES)
    )
    for room, names in ROOMS.items():
        if any(name in asked for name in names):
            import_module(f"server.commands.{room}").add(commands)
            continue
        for name in names:
            commands.add(name)
    commands.add("config", _config).add_argument("--example", action="store_true")
    return parser


async def _serve(order: Order) -> int:
    from server import file_modes, garbage
    from server.runtime import run, until_stopped

    file_modes.own(order.settings)
    async with run(order.settings, only=order.arguments.only):
        garbage.settle()
        order.say("cli.serve.ready", url=order.settings.public)
        await until_stopped()
    return DONE


async def _demo(order: Order) -> int:
    from server.demo import demo

    return await demo(order, fresh=order.arguments.fresh)


async def _config(order: Order) -> int:
    """The settings as they stand, secrets masked; or the text of `.env.example`."""
    if order.arguments.example:
        sys.stdout.write(example())
        return DONE
    for name, value in order.settings.shown().items():
        print(f"{name}={value}")  # noqa: T201
    return DONE


if __name__ == "__main__":
    sys.exit(main())
