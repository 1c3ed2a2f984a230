"""What the rules ask of a row of the registers, wherever it comes from (Art. 9, 10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol


class TargetLike(Protocol):
    """What is asked of a row of the register of targets."""

    code: str
    credit_code: str | None
    industry: str
    street: str
    items: Collection[str]
    status: str
    risk: str
    checked_this_year: int
    complaint: bool


class InspectorLike(Protocol):
    """What is asked of a row of the register of inspectors."""

    code: str
    department: str
    certificate: str | None
    certificate_until: date | None
    leave_from: date | None
    leave_until: date | None
    level: str
    areas: Collection[str]
    items: Collection[str]
    may_lead: bool
    expert: bool
    status: str
    recused: Collection[str]


class ItemLike(Protocol):
    """What is asked of an item of the list; the departments are codes joined by `;`."""

    key: bool
    frequency: str
    initiating: str
    participating: str
