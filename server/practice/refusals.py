"""What Telegram answers when it refuses a call: a code, its own English sentence, parameters."""

from __future__ import annotations

from typing import Any


class ApiRefusal(Exception):
    """A call refused as Telegram's server refuses it."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class PhoneRefusal(Exception):
    """A person cannot do this on this phone: the button is not there, the chat is blocked."""


def bad(reason: str, **parameters: Any) -> ApiRefusal:
    return ApiRefusal(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> ApiRefusal:
    return ApiRefusal(403, f"Forbidden: {reason}")
