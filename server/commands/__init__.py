"""The command line: what a person at the server does, with examples everywhere.

Exit codes: 0 done, 1 failed, 2 refused input.
"""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from locales import Words
from server.commands.help import Parser
from server.config import Settings

DONE, FAILED, REFUSED = 0, 1, 2


@dataclass(frozen=True)
class Order:
    """What was asked for on the command line, with the settings and the reader's language."""

    arguments: argparse.Namespace
    settings: Settings
    words: Words

    def say(self, key: str, /, **params: object) -> None:
        print(self.words(key, **params), flush=True)  # noqa: T201 - the command line's voice


Run = Callable[[Order], Awaitable[int]]


class Commands:
    """Sub-commands of one parser, each with its help, examples and function."""

    def __init__(self, parser: Parser, words: Words) -> None:
        self.words = words
        self._table = parser.add_subparsers(metavar=words("cli.command"), required=True)

    def add(self, name: str, run: Run | None = None, *, key: str = "") -> Parser:
        """A command worded by `cli.<name>.help` and `cli.<name>.examples`."""
        key = key or name
        parser: Parser = self._table.add_parser(
            name,
            help=self.words(f"cli.{key}.help"),
            description=self.words(f"cli.{key}.help"),
            epilog=self.words("cli.examples") + "\n" + self.words(f"cli.{key}.examples"),
            words=self.words,
            key=key,
        )
        if run:
            parser.set_defaults(run=run)
        return parser
