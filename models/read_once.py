"""What a process reads once, since nothing changes it any more."""

from __future__ import annotations

from typing import Any

from models import store
from models.engine import writes


class ReadOnce:
    """Kept by key, and forgotten when this process writes one of `tables`, or with the store."""

    def __init__(self, *tables: str) -> None:
        self._tables = tables
        self._state: tuple[Any, ...] = ()
        self._known: dict[Any, Any] = {}

    @property
    def known(self) -> dict[Any, Any]:
        state = (store.context(), *(writes.times[table] for table in self._tables))
        if state != self._state:
            self._state, self._known = state, {}
        return self._known
