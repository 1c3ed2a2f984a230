"""Columns whose stock form would lie on one of the databases or in a migration.

SQLite compares times as text with their offset, so every time is turned into UTC on its way in; a time
without a zone is refused instead of being guessed. JSON keeps Chinese readable for whoever opens the file.
"""

import datetime as dt
import json
from typing import Any, Literal, TypeVar, overload

from tortoise import fields
from tortoise.exceptions import ConfigurationError
from tortoise.models import Model

Instant = TypeVar("Instant", dt.datetime, dt.datetime | None)


class UtcDatetimeField(fields.DatetimeField[Instant]):
    """An instant. Takes aware datetimes of any zone, gives them back in UTC.

    `auto_now` and `auto_now_add` are refused: the instant of an act is an argument of the act.
    """

    @overload
    def __init__(
        self: "UtcDatetimeField[dt.datetime]", *, null: Literal[False] = False, **kwargs: Any
    ) -> None: ...

    @overload
    def __init__(
        self: "UtcDatetimeField[dt.datetime | None]", *, null: Literal[True], **kwargs: Any
    ) -> None: ...

    def __init__(self, **kwargs: Any) -> None:
        if kwargs.pop("auto_now", False) or kwargs.pop("auto_now_add", False):
            raise ConfigurationError("an act brings its own time: no auto_now, no auto_now_add")
        super().__init__(**kwargs)  # type: ignore[misc]

    def to_python_value(self, value: Any) -> dt.datetime | None:
        """Raises ValueError for a value without a zone."""
        if isinstance(value, str):
            value = dt.datetime.fromisoformat(value)
        return self._utc(value)

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        """Raises ValueError for a value without a zone."""
        value = self.to_python_value(value)
        self.validate(value)
        return value

    def _utc(self, value: dt.datetime | None) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"{self.model_field_name}: a time without a zone: {value!r}")
        return value.astimezone(dt.UTC)


class GivenIdField(fields.BigIntField):
    """A primary key whose number somebody else gives, as Telegram numbers its updates and people.

    A plain field with `generated=False` forgets just that when a migration is written.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"generated": False}))


_READABLE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def readable_json(value: Any) -> str:
    """JSON text with Chinese as it is and no spaces; NaN is refused, as PostgreSQL would."""
    return _READABLE.encode(value)


def instant(raw: Any) -> dt.datetime | None:
    """An instant as a driver gives it, text or datetime, in UTC."""
    if raw is None:
        return None
    at: dt.datetime = dt.datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    return at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)


def calendar_day(raw: Any) -> dt.date | None:
    """A day as a driver gives it, text or date."""
    return dt.date.fromisoformat(raw) if isinstance(raw, str) else raw


def json_value(raw: Any) -> Any:
    """JSON as a driver gives it, which is text."""
    return json.loads(raw) if isinstance(raw, str) else raw


class ReadableJSONField(fields.JSONField[Any]):
    """JSON that is kept, not searched: what is searched belongs in a column of its own."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("encoder", readable_json)
        super().__init__(**kwargs)
