"""Where each method is put under its Bot API name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from server.practice.calls import Call
from server.practice.state import TelegramState

Method = Callable[[TelegramState, Call], Awaitable[Any]]
METHODS: dict[str, Method] = {}


def method(*names: str) -> Callable[[Method], Method]:
    def keep(function: Method) -> Method:
        for name in names:
            METHODS[name.lower()] = function
        return function

    return keep
