"""责令改正的说法: what is said beside a public result, and to whoever holds an order's link (Art. 8, 17).

That a case was opened is no public matter: such an order is said to be over its term, as long as nothing is verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.states import ORDER_LATE, ORDER_PROVED_IN, ORDER_STANDS
from models.states import RectificationState as R


class Rectified(StrEnum):
    """How far the problems of a result are put right."""

    NONE = "none"  # nothing was ordered
    RUNNING = "running"
    LAPSED = "lapsed"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class OrderFact:
    """An order: where it stands, its last day, and when everything was verified."""

    state: R
    due: date
    verified: date | None = None


@dataclass(frozen=True, slots=True)
class PublicRectification:
    """`day`: the last day of the term; once all is verified, the day of that."""

    rectified: Rectified = Rectified.NONE
    day: date | None = None

    @property
    def ordered(self) -> bool:
        return self.rectified != Rectified.NONE


@dataclass(frozen=True, slots=True)
class PublicOrder:
    """What an order's page says: whether it stands, whether proof is still heard, how far it is."""

    stands: bool
    open: bool
    rectified: Rectified


def public_rectification(orders: Sequence[OrderFact]) -> PublicRectification:
    """Of all orders of a result together: verified only if each is."""
    standing = [order for order in orders if order.state in ORDER_STANDS]
    if not standing:
        return PublicRectification()
    open_ = [order for order in standing if order.state != R.VERIFIED]
    if not open_:
        days = [order.verified or order.due for order in standing]
        return PublicRectification(Rectified.VERIFIED, max(days))
    over = [order for order in open_ if order.state in ORDER_LATE]
    if over:
        return PublicRectification(Rectified.LAPSED, min(order.due for order in over))
    return PublicRectification(Rectified.RUNNING, max(order.due for order in open_))


def public_order(order: OrderFact) -> PublicOrder:
    """Of one order."""
    return PublicOrder(
        order.state in ORDER_STANDS, order.state in ORDER_PROVED_IN, public_rectification([order]).rectified
    )
