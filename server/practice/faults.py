"""Bad days on order: what goes wrong with the next calls of a method, so many times, then no more.

The fetching of a file counts as a method of its own, `download`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from server.practice.clock import Clock
from server.practice.refusals import ApiRefusal

ANY = "*"


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong. `kind`: refuse, status, delay, drop_before, drop_after."""

    kind: str
    method: str
    times: int
    chat_id: int | None = None
    refusal: ApiRefusal | None = None
    status: int = 0
    html: bool = False
    seconds: float = 0.0


class Faults:
    """What is to go wrong; each order counts down and is spent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._orders: list[Fault] = []
        self._limits: SpeedLimits | None = None
        self.duplicate_deliveries = 0
        self.swapped_deliveries = 0

    def too_many(
        self, method: str = ANY, retry_after: int = 1, times: int = 1, chat_id: int | None = None
    ) -> None:
        """429 with `retry_after` in seconds."""
        refusal = ApiRefusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
        self._order("refuse", method, times, chat_id=chat_id, refusal=refusal)

    def server_error(
        self, method: str = ANY, status: int = 500, times: int = 1, *, html: bool = False
    ) -> None:
        """500 or 502, as Telegram's JSON or as a proxy's HTML page."""
        self._order("status", method, times, status=status, html=html)

    def blocked(self, method: str = ANY, times: int = 1, chat_id: int | None = None) -> None:
        self.refuse(method, 403, "Forbidden: bot was blocked by the user", times, chat_id)

    def chat_not_found(self, method: str = ANY, times: int = 1, chat_id: int | None = None) -> None:
        self.refuse(method, 400, "Bad Request: chat not found", times, chat_id)

    def migrated(self, to: int, method: str = ANY, times: int = 1, chat_id: int | None = None) -> None:
        """400 with `migrate_to_chat_id`: the group has become a supergroup."""
        self.refuse(
            method, 400, "Bad Request: group chat was upgraded to a supergroup chat",
            times, chat_id, migrate_to_chat_id=to,
        )  # fmt: skip

    def refuse(
        self, method: str, code: int, description: str, times: int = 1, chat_id: int | None = None,
        **parameters: Any,
    ) -> None:  # fmt: skip
        refusal = ApiRefusal(code, description, **parameters)
        self._order("refuse", method, times, chat_id=chat_id, refusal=refusal)

    def delay(self, method: str = ANY, seconds: float = 1.0, times: int = 1) -> None:
        self._order("delay", method, times, seconds=seconds)

    def drop(self, method: str = ANY, times: int = 1, *, after: bool = False) -> None:
        """Cut the connection before the effect, or after it: the "was it sent?" case."""
        self._order("drop_after" if after else "drop_before", method, times)

    def duplicate(self, times: int = 1) -> None:
        """Deliver the next updates to the webhook twice."""
        self.duplicate_deliveries += times

    def swap(self, times: int = 1) -> None:
        """Deliver the next pairs of updates in the wrong order."""
        self.swapped_deliveries += times

    def enforce_limits(self, per_chat: float = 1.0, overall: int = 30, per_group: int = 20) -> None:
        """Answer 429 to whoever goes faster.

        Messages a second to one chat, a second overall, a minute to one group.
        """
        self._limits = SpeedLimits(self._clock, per_chat, overall, per_group)

    def clear(self) -> None:
        self._orders.clear()
        self._limits = None
        self.duplicate_deliveries = self.swapped_deliveries = 0

    def take(self, method: str, chat_id: int | None) -> list[Fault]:
        """What goes wrong with this call now; raises the refusal of a broken limit."""
        taken = []
        for order in self._orders:
            fits = order.method in (ANY, method) or order.method.lower() == method.lower()
            if fits and order.times > 0 and order.chat_id in (None, chat_id):
                order.times -= 1
                taken.append(order)
                if order.kind != "delay":
                    break
        self._orders = [order for order in self._orders if order.times > 0]
        if self._limits and method.lower().startswith("send") and method.lower() != "sendchataction":
            self._limits.admit(chat_id)
        return taken

    def _order(self, kind: str, method: str, times: int, **details: Any) -> None:
        self._orders.append(Fault(kind, method, times, **details))


class SpeedLimits:
    """Telegram's speed limits (F8) as a sliding window; broken ones are counted for the test to see."""

    def __init__(self, clock: Clock, per_chat: float, overall: int, per_group: int) -> None:
        self._clock = clock
        self._rules = {"chat": (per_chat, 1.0), "all": (overall, 1.0), "group": (per_group, 60.0)}
        self._sent: dict[tuple[str, int], deque[float]] = defaultdict(deque)

    def admit(self, chat_id: int | None) -> None:
        now = self._clock()
        kinds = [("all", 0)]
        if chat_id is not None:
            kinds.append(("chat" if chat_id > 0 else "group", chat_id))
        for kind in kinds:
            allowed, window = self._rules[kind[0]]
            sent = self._sent[kind]
            while sent and sent[0] <= now - window:
                sent.popleft()
            if len(sent) >= allowed:
                wait = max(1, round(sent[0] + window - now + 0.5))
                raise ApiRefusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for kind in kinds:
            self._sent[kind].append(now)
