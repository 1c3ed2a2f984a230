"""亮码: a code on the officer's phone that changes every 30 seconds, for whoever opens the door (Art. 16 (2)).

The phone makes it without reception: the district gives it a key for one place in one team on one day, and the
code is that place, the time in steps of 30 seconds, and HMAC-SHA256 (RFC 2104) over both, cut to 64 bits. In 16
bytes it is 22 base64url characters, so that the QR code stays coarse enough for any camera.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Unreadable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from models.rules import tokens
from models.rules.photo import FAR_M
from models.rules.visit import local_day
from models.states import TaskState as T

STEP_S = 30
SLACK = 1  # steps before and after this one, for a phone whose clock is not quite right
LENGTH = 22  # characters


class ArrivalMeans(StrEnum):
    """How it is known that an officer came."""

    CODE = "code"  # the entity's own phone scanned 亮码
    NOTICE = "notice"  # the officer opened the link of the notice that hangs there
    LOCATION = "location"
    HAND = "hand"  # by hand, with a reason


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is ours: whose place in a team, and of which half minute."""

    assignment: int
    step: int

    @property
    def day(self) -> date:
        return day_of(self.step)


def day_key(secret: bytes, assignment: int, day: date) -> bytes:
    """What an officer's phone makes that day's codes with."""
    return tokens.key(secret, "arrival", f"{assignment}\n{day.isoformat()}")


def step_of(at: datetime) -> int:
    return int(at.timestamp()) // STEP_S


def day_of(step: int) -> date:
    return local_day(datetime.fromtimestamp(step * STEP_S, UTC))


def token(key: bytes, assignment: int, step: int) -> str:
    """The code of this half minute, as it stands in the link."""
    data = assignment.to_bytes(4, "big") + step.to_bytes(4, "big")
    return urlsafe_b64encode(data + hmac.digest(key, data, "sha256")[:8]).decode().rstrip("=")


def genuine(secret: bytes, written: str) -> Code | None:
    """What a link's code says, if one of our keys made it; None for everything else."""
    try:
        raw = urlsafe_b64decode((written + "==").encode("ascii")) if len(written) == LENGTH else b""
    except (Unreadable, ValueError):
        return None
    if len(raw) != 16:
        return None
    assignment, step = int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:8], "big")
    created = token(day_key(secret, assignment, day_of(step)), assignment, step)
    return Code(assignment, step) if hmac.compare_digest(created.encode(), written.encode()) else None


def fresh(code: Code, at: datetime) -> bool:
    """True for the step of this moment and its neighbours."""
    return abs(code.step - step_of(at)) <= SLACK


def key_day(state: T, visit_from: datetime | None, at: datetime) -> date | None:
    """The day for which a phone gets its key: the visit's, today once it has come; None when nobody visits."""
    if state == T.ON_SITE:
        return local_day(at)
    if state != T.SCHEDULED or visit_from is None:
        return None
    return max(local_day(visit_from), local_day(at))


def at_the_door(state: T, visit_from: datetime | None, at: datetime) -> bool:
    """True from the day of the visit on, until it is over."""
    return key_day(state, visit_from, at) == local_day(at)


def far(distance: int | None, accuracy: int | None) -> bool:
    """True when even the near edge of the phone's circle is away from the registered place: shown, not refused."""
    return distance is not None and distance - (accuracy or 0) > FAR_M
