"""Presses of inline buttons and what the bot answered to them: toasts, alerts, links."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from server.practice.clock import Clock
from server.practice.refusals import bad
from server.practice.storage import Storage
from server.practice.updates import PRESS_LIFE

_TOASTS_KEPT = 30


@dataclass(frozen=True, slots=True)
class Toast:
    """An answer shown on the phone for a moment; an alert has to be closed."""

    number: int
    text: str
    alert: bool = False
    url: str | None = None
    press: str = ""


class CallbackQueries:
    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._presses: dict[str, dict[str, Any]] = storage.rows("press")
        self._toasts: dict[int, list[Toast]] = {
            int(key): [Toast(**toast) for toast in body] for key, body in storage.rows("toast").items()
        }

    def begin(self, user_id: int) -> str:
        press_id = str(secrets.randbelow(9 * 10**17) + 10**17)
        self._save(press_id, {"user": user_id, "at": self._clock(), "toast": None})
        return press_id

    def answer(self, press_id: str, text: str, *, alert: bool, url: str | None) -> int:
        """Who pressed; refused when late or answered before."""
        press = self._presses.get(press_id)
        if press is None or press["toast"] is not None or self._clock() - press["at"] > PRESS_LIFE:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        toasts = self._toasts.setdefault(press["user"], [])
        toast = Toast(toasts[-1].number + 1 if toasts else 1, text, alert, url, press_id)
        toasts.append(toast)
        del toasts[:-_TOASTS_KEPT]
        self._storage.put("toast", press["user"], [asdict(toast) for toast in toasts])
        self._save(press_id, {**press, "toast": asdict(toast)})
        return int(press["user"])

    def answered(self, press_id: str) -> Toast | None:
        toast = self._presses[press_id]["toast"]
        return Toast(**toast) if toast else None

    def toasts(self, user_id: int) -> list[Toast]:
        """Everything answered to this person lately, answers without words included."""
        return list(self._toasts.get(user_id, []))

    def _save(self, press_id: str, press: dict[str, Any]) -> None:
        self._presses[press_id] = press
        self._storage.put("press", press_id, press)
