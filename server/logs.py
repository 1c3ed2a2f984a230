"""Logs on standard error, as lines or JSON, with every secret taken out (F12, D72)."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{20,}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x1b]")


class Redacting(logging.Formatter):
    """Formats a record on one line and hides the secrets it was given, and whatever looks like a bot token."""

    def __init__(self, secrets: Iterable[str], form: str) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if len(secret) >= 6]
        self._json = form == "json"

    def format(self, record: logging.LogRecord) -> str:
        said = record.getMessage()
        if record.exc_info:
            said += "\n" + self.formatException(record.exc_info)
        said = self.clean(said)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        if self._json:
            row = {"at": at, "level": record.levelname, "logger": record.name, "message": said}
            return json.dumps(row, ensure_ascii=False)
        return f"{at} {record.levelname:<7} {record.name}: {said}"

    def clean(self, said: str) -> str:
        """Without secrets, and without control characters that would forge a line or colour a terminal."""
        for secret in self._secrets:
            said = said.replace(secret, "***")
        return CONTROL.sub("?", TOKEN.sub("***", said)).replace("\r", "?")


def start(form: str, secrets: Iterable[str], level: int = logging.INFO) -> None:
    """Send every log to standard error, redacted. httpx would log the token in each line: it is kept quiet."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(secrets, form))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "aiosqlite", "tortoise", "asyncio", "telegram.ext", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
