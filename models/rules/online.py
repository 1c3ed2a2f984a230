"""办结: what ends with the network check and needs no visit (Art. 16 (1))."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from models.refusal import Refusal
from models.rules.checklist import Ask, ChecklistSheet, Verdict
from models.rules.entry import GONE
from models.rules.registry.rows import Method, TargetStatus

GONE_TYPES = tuple(sorted(GONE))
RESULTS = {
    TargetStatus.CLOSED: "R09", TargetStatus.DEREGISTERED: "R10", TargetStatus.REVOKED: "R11",
    TargetStatus.ANNULLED: "R12", TargetStatus.MOVED: "R13",
}  # fmt: skip
"""The result type that says what the register of targets says."""


class OnlineGround(StrEnum):
    SETTLED = "settled"  # every question was settled online
    NETWORK_ONLY = "network_only"  # the plan knows no other method, and everything that can be looked up was
    TARGET_GONE = "gone"  # closed, deregistered, revoked, annulled or moved away


def left(sheet: ChecklistSheet, methods: Sequence[str]) -> list[int]:
    """The questions that still keep the task from ending online."""
    if tuple(methods) == (Method.NETWORK,):
        results = {
            n for n, network in sheet.network.items() if network.verdict in (Verdict.PASS, Verdict.FAIL)
        }
        return [ask.number for ask in sheet.asks if ask.network != "no" and ask.number not in results]
    return [ask.number for ask in sheet.asks if not sheet.settled(ask)]


def ground(sheet: ChecklistSheet, methods: Sequence[str], result: str = "") -> OnlineGround:
    """Why the task may end now. `result`: the type that says what became of the target, "" where it is there.

    Refuses a type that does not say so, and an ending while questions are left, naming them.
    """
    if result:
        if result not in GONE:
            raise Refusal("network.not_gone", article="16(1)", type=result)
        return OnlineGround.TARGET_GONE
    if not sheet.asks:
        raise Refusal("network.nothing_settled", article="16(1)")
    if numbers := left(sheet, methods):
        raise Refusal("network.not_settled", article="16(1)", numbers=numbers, count=len(numbers))
    return OnlineGround.NETWORK_ONLY if tuple(methods) == (Method.NETWORK,) else OnlineGround.SETTLED


def reopens(ask: Ask, sheet: ChecklistSheet, verdict: str, task: str) -> None:
    """Once the visit has begun: refuse what is not the opening of a settled point of a section under way."""
    if ask.department in sheet.closed:
        raise Refusal("checklist.final", article="16(3)", task=task)
    if verdict != "open" or not sheet.settled(ask):
        raise Refusal("network.visit_begun", article="16(1)", number=ask.number)
