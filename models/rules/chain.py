"""留痕的链: what the hash of an event covers, on whichever database it lies (Art. 16 (3), 20)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

GENESIS = "0" * 64
_TEXT = frozenset([str])
_AS_IT_IS = frozenset([str, int, bool, type(None)])
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys sorted at every level, no spaces, Chinese as it is.

    PostgreSQL's jsonb gives keys back in another order and 1e16 as a whole number; neither shows here.
    Raises ValueError for NaN and TypeError for what JSON cannot say.
    """
    return _JSON.encode(_whole(value))


def _whole(value: Any) -> Any:
    """The value with whole floats as integers and with keys as they are read back."""
    if isinstance(value, dict):
        if not _TEXT.issuperset(map(type, value)):
            value = json.loads(json.dumps(value, allow_nan=False))
        return {key: inner if type(inner) in _AS_IT_IS else _whole(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [inner if type(inner) in _AS_IT_IS else _whole(inner) for inner in value]
    if isinstance(value, float):
        return int(Decimal(repr(value))) if value.is_integer() else value
    return value


def digest(
    chain: str, seq: int, kind: str, by: str, at: datetime, data: Any, previous: str, key: str | None = None
) -> str:
    """SHA-256 over one event: a JSON list in this order, times in UTC with microseconds."""
    row = [chain, seq, kind, by, instant(at), data, previous, key]
    return hashlib.sha256(canonical(row).encode()).hexdigest()


def seal(values: Mapping[str, Any]) -> str:
    """SHA-256 over the columns of a row that an act wrote, times and days as `plain` spells them."""
    return hashlib.sha256(canonical(plain(values)).encode()).hexdigest()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as JSON can say them."""
    return {name: _spelt(value) if isinstance(value, date) else value for name, value in values.items()}


def _spelt(value: date) -> str:
    return instant(value) if isinstance(value, datetime) else str(value)


def instant(at: datetime) -> str:
    """`2026-12-08T01:00:00.000000+00:00`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
