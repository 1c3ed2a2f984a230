"""--help in the reader's language: every argument and option of every command says what it is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from locales import LANGUAGES, words
from server.__main__ import ROOMS
from server.commands import Commands
from server.commands.help import Parser


def every(language: str) -> Iterator[Parser]:
    """The parser of each command, and of each below it."""
    spoken = words(language)
    whole = Parser(prog="shuangsuiji", words=spoken)
    commands = Commands(whole, spoken)
    for room in ROOMS:
        import_module(f"server.commands.{room}").add(commands)
    yield from below(whole)


def below(parser: Parser) -> Iterator[Parser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from below(inner)


@pytest.mark.parametrize("language", LANGUAGES)
def test_c14_every_option_of_every_command_is_explained(language: str) -> None:
    silent = []
    for parser in every(language):
        parser.explain()
        silent += [
            (parser.prog, action.dest)
            for action in parser._actions
            if not action.help and not isinstance(action, argparse._SubParsersAction)
        ]
    assert silent == []


def test_c14_help_in_chinese_has_no_heading_of_argparses_own() -> None:
    for parser in every("zh_Hans"):
        said = parser.format_help()
        assert said.startswith("用法："), parser.prog
        assert not re.search(r"positional arguments|options:|show this help|usage:", said), parser.prog


def test_c14_a_wrong_command_line_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    invite = next(parser for parser in every("zh_Hans") if parser.prog.endswith("invite"))
    with pytest.raises(SystemExit) as ended:
        invite.parse_args([])
    assert ended.value.code == 2
    assert "用法：" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ([], "缺少参数", "missing arguments"),
        (["nothing"], "可选：", "choose from"),
        (["invite"], "请写以下参数之一", "give one of these"),
        (["invite", "--office"], "--office：后面要写上它的值", "--office: its value is missing"),
        (["invite", "--office", "x", "--head", "GA"], "不能和 --office 一起用", "not together with --office"),
        (
            ["invite", "--office", "x", "--colour", "red"],
            "不认识的参数：--colour red",
            "unknown arguments: --colour red",
        ),
        (["plan", "drafts", "bald"], "“bald”不是整数", "“bald” is no whole number"),
    ],
)
def test_what_argparse_refuses_is_said_in_the_readers_language_with_what_to_do(
    given: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = r"required|invalid|expected|unrecognized|allowed|argument "
    for language, due in (("zh_Hans", zh), ("en", en)):
        with pytest.raises(SystemExit):
            next(every(language)).parse_args(given)
        said = capsys.readouterr().err.strip().splitlines()[-1]
        assert due in said and said.rstrip("。.").endswith("--help"), said
        assert not re.search(own, said), said
