"""Logs on standard error, as lines or JSON, with every secret taken out (F12, D72)."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{20,}")
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
QUIET = ("httpx", "httpcore", "aiosqlite", "tortoise", "asyncio", "telegram.ext", "aiohttp.access")
SILENT = (
    "telegram.request.BaseRequest",
)  # a traceback for each answer that is no JSON; its callers say so calmly
SHORTEST = 6


class Redacting(logging.Formatter):
    """Hides the secrets it was given and whatever looks like a bot token; a message is one line.

    A name with line breaks or terminal colours can neither forge a line nor colour one: what cannot be seen
    is shown as `?`. On a console a traceback follows in lines that are set in.
    """

    def __init__(self, secrets: Iterable[str], form: str) -> None:
        super().__init__()
        hidden = {word for secret in secrets for word in _words(secret) if len(word) >= SHORTEST}
        self._secrets = sorted(hidden, key=len, reverse=True)
        self._json = form == "json"

    def format(self, record: logging.LogRecord) -> str:
        text = self.clean(_said(record))
        trace = [self.clean(line) for line in self._trace(record).splitlines()]
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        if self._json:
            row: dict[str, Any] = {"at": at, "level": record.levelname, "logger": record.name}
            row["message"] = text
            return json.dumps(row | ({"trace": trace} if trace else {}), ensure_ascii=False)
        return "\n    ".join([f"{at} {record.levelname:<7} {record.name}: {text}", *trace])

    def clean(self, text: str) -> str:
        """One line without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return UNSEEN.sub("?", TOKEN.sub("***", text))

    def _trace(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class Seldom:
    """One line a minute about what goes on and on (D9)."""

    def __init__(self, log: logging.Logger, every: float = 60.0) -> None:
        self._log, self._every = log, every
        self._next = float("-inf")

    def warning(self, text: str, *values: object) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every
            self._log.warning(text, *values)


def start(form: str, secrets: Iterable[str], level: int = logging.INFO) -> None:
    """Send every log, warning and unexpected end to standard error, redacted.

    httpx would log the token in each line: it is kept quiet.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets, form))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = lambda *exc: logging.critical("ended by an error", exc_info=exc)
    threading.excepthook = lambda args: logging.critical(
        "a thread ended by an error",
        exc_info=(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback),
    )
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for noisy in SILENT:
        logging.getLogger(noisy).setLevel(logging.CRITICAL)


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        return f"{record.msg!s} {record.args!r}"


def _words(secret: str) -> list[str]:
    """A secret as it may turn up; of an address also its password alone."""
    password = urlsplit(secret).password if "://" in secret else None
    return [secret, password, unquote(password)] if password else [secret]
