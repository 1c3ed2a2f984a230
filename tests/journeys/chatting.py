"""A person at a phone during a journey: presses what the newest message offers, and waits for what comes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from server.practice import MessageView, Phone
from tests.support import waiting
from tests.support.practice_phones import Stage

WAIT = 100.0
STAGE: list[Stage] = []
"""The stand-in that the journey's phones hang on, so that a press waits until the bot has answered everybody."""


async def tap(phone: Phone, *labels: str, about: str = "") -> None:
    """Press these buttons one after the other, each in the newest message (`about` this) that has it."""
    for label in labels:
        await until(phone, lambda label=label: newest(phone, label, about) is not None)
        for stage in STAGE:
            with contextlib.suppress(TimeoutError):
                await stage.bot_is_idle(quiet=0.7)  # no colleague's act is about to redraw the card
        await phone.answer(await phone.press(label, newest(phone, label, about)), timeout=WAIT)


def newest(phone: Phone, label: str, about: str = "") -> MessageView | None:
    """The newest message with such a button, or with these words."""
    about_it = (shown for shown in reversed(phone.messages()) if about in shown.text)
    return next(
        (shown for shown in about_it if label in shown.text or any(label in key for key in shown.buttons)),
        None,
    )


async def until(phone: Phone, seen: Callable[[], bool]) -> None:
    """Wait until the phone shows it; the chat as it stands when it never does."""
    try:
        await waiting.until(seen, WAIT)
    except TimeoutError:
        raise AssertionError(f"waited in vain\n{phone.transcript()}") from None


def says(phone: Phone, words: str) -> Callable[[], bool]:
    return lambda: newest(phone, words) is not None
