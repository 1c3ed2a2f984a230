"""The help of the command line in the reader's language: headings, and what every argument and option is."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from locales import Words
from server.commands.argument_errors import worded


class Parser(argparse.ArgumentParser):
    """`key`: words of an option stand under `cli.option.<key>.<name>`, else under `cli.option.<name>`."""

    def __init__(self, *given: Any, words: Words, key: str = "", **known: Any) -> None:
        self.words, self.key = words, key
        known.setdefault("formatter_class", _formatter(words))
        super().__init__(*given, **known)

    def explain(self) -> None:
        """Word what has no words yet."""
        self._positionals.title = self.words("cli.help.arguments")
        self._optionals.title = self.words("cli.help.options")
        for action in self._actions:
            if action.help is None or action.dest == "help":
                action.help = self._said(action.dest)

    def _said(self, name: str) -> str | None:
        own = f"cli.option.{self.key}.{name}"
        key = own if self.words.has(own) else f"cli.option.{name}"
        return self.words(key).replace("%", "%%") if self.words.has(key) else None

    def format_help(self) -> str:
        self.explain()
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        what = worded(message, self.words)
        self.exit(2, self.words("cli.help.error", prog=self.prog, what=what) + "\n")


def _formatter(words: Words) -> type[argparse.RawDescriptionHelpFormatter]:
    class Formatter(argparse.RawDescriptionHelpFormatter):
        def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
            super().add_usage(usage, actions, groups, words("cli.help.usage") if prefix is None else prefix)

    return Formatter
