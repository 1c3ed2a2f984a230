"""What a button carries: a short act, its numbers, and a seal that binds both to one person (D18).

`act:number:word|SEAL`, at most 64 bytes. The seal proves that we showed this button to this person;
whether they may still do it, the act itself decides again. `bot.buttons` says what each act carries.
"""

from __future__ import annotations

import hmac
from functools import lru_cache

from bot.buttons import BY_CODE, Act, Value
from models.rules import tokens

LONGEST = 64
Press = tuple[Act, tuple[Value, ...]]


def encode(secret: bytes, person: int, act: Act, *args: Value) -> str:
    """The data of a button for this person. ValueError when it would not fit, or not come back as it went."""
    payload = payload_of(act, *args)
    _read(payload)
    data = f"{payload}|{tokens.button(secret, person, payload)}"
    if len(data.encode()) > LONGEST:
        raise ValueError(f"a button carries at most {LONGEST} bytes: {payload}")
    return data


def payload_of(act: Act, *args: Value) -> str:
    """What is sealed."""
    return ":".join([act.value, *(str(int(arg) if isinstance(arg, bool) else arg) for arg in args)])


def decode(secret: bytes, person: int, data: str) -> Press | None:
    """Act and arguments of a button; None if it was not made by us for this person. ValueError if it was, but says what
    no button says any more.
    """
    payload, _, given = data.rpartition("|")
    if not hmac.compare_digest(tokens.button(secret, person, payload).encode(), given.encode()):
        return None
    return _read(payload)


@lru_cache(maxsize=8192)
def _read(payload: str) -> Press:
    code, *parts = payload.split(":")
    if (act := BY_CODE.get(code)) is None:
        raise ValueError(f"no button's code: {payload}")
    needed = sum(not argument.optional for argument in act.arguments)
    if not needed <= len(parts) <= len(act.arguments):
        raise ValueError(f"{act.name} carries {needed} to {len(act.arguments)} arguments: {payload}")
    return act, tuple(argument.read(part) for argument, part in zip(act.arguments, parts, strict=False))
