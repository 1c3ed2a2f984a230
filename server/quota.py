"""How many bytes strangers, and officers at a desk, may bring: counted as they come, before any is kept (Art. 16 (2)).

By link, by address or signed-in account, and in all, per day, in memory: a restart forgives, and what is kept is bounded by the
task besides. A district's disk keeps room for the evidence of its officers whatever is brought.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from aiohttp import web

from models.refusal import Refusal
from models.rules.visit import local_day
from server.app_keys import DISTRICT, PASSAGE, VISITOR, now
from server.throttle import network

MB = 2**20
PER_LINK, PER_ADDRESS, PER_DAY = 300 * MB, 1024 * MB, 20 * 1024 * MB
AT_ONCE = 512 * MB  # lying aside at one time, of all who bring
LEFT_FREE = 1024 * MB  # on the disk where papers lie aside


@dataclass
class Quota:
    """Today's bytes by who brought them, and what lies aside at present."""

    per_link: int = PER_LINK
    per_address: int = PER_ADDRESS
    per_day: int = PER_DAY
    at_once: int = AT_ONCE
    left_free: int = LEFT_FREE
    day: date | None = None
    brought: Counter[str] = field(default_factory=Counter)
    aside: int = 0

    def take(self, size: int, names: tuple[tuple[str, int], ...], at: datetime) -> None:
        """Count bytes that came. Raises Refusal when one of the names has brought its fill today."""
        if (today := local_day(at)) != self.day:
            self.day = today
            self.brought.clear()
        for name, limit in (*names, ("all", self.per_day)):
            if self.brought[name] + size > limit:
                raise Refusal("entity.too_much_today", article="16(2)", limit=limit // MB)
        if self.aside + size > self.at_once:
            raise Refusal("entity.too_many_at_once", article="16(2)")
        for name in (*(name for name, _ in names), "all"):
            self.brought[name] += size
        self.aside += size

    def room_on_disk(self) -> bool:
        """Whether enough of the disk is free for what officers bring."""
        return shutil.disk_usage(tempfile.gettempdir()).free > self.left_free


QUOTA = web.AppKey("quota", Quota)


@dataclass
class Share:
    """What one request may bring; given back when it is over, the day's count stays."""

    quota: Quota
    names: tuple[tuple[str, int], ...]
    at: datetime
    taken: int = 0

    def take(self, size: int) -> None:
        self.quota.take(size, self.names, self.at)
        self.taken += size

    def over(self) -> None:
        self.quota.aside -= self.taken
        self.taken = 0


def share(request: web.Request, link: str = "") -> Share:
    """The share of a request. Raises Refusal at once for a form that says it is larger than what is left."""
    quota = request.config_dict[QUOTA]
    address = f"address {network(request[PASSAGE].address)}"
    names: tuple[tuple[str, int], ...] = ((f"link {link}", quota.per_link),) if link else ()
    if who := request.get(VISITOR):
        names += ((f"account {who.account}", request.config_dict[DISTRICT].officer_day_mb * MB),)
    elif link:
        names += ((address, quota.per_address),)
    result = Share(quota, names, now(request))
    if not quota.room_on_disk():
        raise Refusal("photo.disk_full", article="16")
    if request.content_length:
        before = quota.aside
        quota.take(request.content_length, names, result.at)
        for name in (*(name for name, _ in names), "all"):
            quota.brought[name] -= request.content_length
        quota.aside = before
    return result
