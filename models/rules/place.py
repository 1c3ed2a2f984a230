"""Where a person is: only a place of their own, live or just taken, says so (Art. 16 (2))."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

FOR_EVER = 0x7FFFFFFF  # Telegram's period of a live location without an end


class LocationKind(StrEnum):
    """What a location in a message is."""

    LIVE = "live"  # the phone shows where it is, and goes on doing so
    TAKEN = "taken"  # the phone took it at this moment: by the key that asks for it, or with its accuracy
    FORWARDED = "forwarded"
    VENUE = "venue"
    PIN = "pin"  # a point on the map: chosen or taken, nobody can tell
    OLD = "old"  # a live location whose time is over

    @property
    def counts(self) -> bool:
        return self in (LocationKind.LIVE, LocationKind.TAKEN)


def kind_of(
    *, forwarded: bool, venue: bool, live_period: int | None, by_key: bool, accuracy: float | None,
    sent: datetime, edited: datetime | None = None,
) -> LocationKind:  # fmt: skip
    """What was sent. `by_key`: in answer to our key; `edited`: when a live location moved last, by Telegram's clock."""
    if forwarded:
        return LocationKind.FORWARDED
    if venue:
        return LocationKind.VENUE
    if edited is not None and not live_period:
        return LocationKind.OLD
    if live_period:
        over = sent + timedelta(seconds=live_period) if live_period != FOR_EVER else None
        return LocationKind.OLD if over and edited and edited > over else LocationKind.LIVE
    return LocationKind.TAKEN if by_key or accuracy is not None else LocationKind.PIN
