"""Every state of the regulation's things, what it means, and the moves allowed (Art. 11).

What can be derived from rows (accepted, notified, overdue) is a question in `queries`, never a state here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from models.refusal import Refusal


class PlanState(StrEnum):
    DRAFT = "draft"  # written by the initiating department
    SUBMITTED = "submitted"  # handed to the office, due 31 January (Art. 12)
    CONSOLIDATED = "consolidated"  # merged with like plans by the office
    PUBLISHED = "published"  # open to all
    AMENDED = "amended"  # a newer version stands in its place


class SchemeState(StrEnum):
    DRAFT = "draft"  # worked out, not yet signed by every department
    ADOPTED = "adopted"  # signed; its batches may be committed (Art. 13)
    CLOSED = "closed"  # all batches over


class BatchState(StrEnum):
    OPEN = "open"  # scheme adopted, nothing fixed
    COMMITTED = "committed"  # pool, roster and rules fixed and hashed, no entropy yet
    DRAWN = "drawn"  # held: targets, teams and matches stand
    CLOSED = "closed"  # every task over, or left with a reason
    VOIDED = "voided"  # withdrawn or failed; stays public with its reason


class TaskState(StrEnum):
    ASSIGNED = "assigned"  # drawn and given to a team
    NETWORK_CHECKED = "network_checked"  # Art. 16 (1) done
    SCHEDULED = "scheduled"  # the leader has fixed the visit
    ON_SITE = "on_site"  # the visit has begun
    CONCLUDED = "concluded"  # the visit is over; the 20 working days run
    ENTERED = "entered"  # results written down by those who checked
    REVIEWED = "reviewed"  # read by a second pair of eyes
    RECORDED = "recorded"  # recorded on the provincial platform
    PUBLISHED = "published"  # open to all
    ARCHIVED = "archived"  # sealed (Art. 20)
    REFUSED = "refused"  # the entity would not cooperate (Art. 18)
    UNREACHABLE = "unreachable"  # nobody at the registered place
    REMOVED = "removed"  # taken out after the draw by a sealed row (Art. 3)


class NoticeState(StrEnum):
    DRAFTED = "drafted"  # text made from the template
    APPROVED = "approved"  # the leader stands by it; nothing in it changes any more
    SENT = "sent"  # one channel took it
    OPENED = "opened"  # its page was opened
    ACKNOWLEDGED = "acknowledged"  # the entity said 收到
    FAILED = "failed"  # no channel reached anybody yet
    BY_HAND = "by_hand"  # a person telephones
    WITHHELD = "withheld"  # 不宜告知, with legal basis and approver
    REPLACED = "replaced"  # a newer version was given
    REVOKED = "revoked"  # withdrawn


S = TypeVar("S", bound=StrEnum)

P, B, T, N = PlanState, BatchState, TaskState, NoticeState

# By kind: `closed` of a scheme and `closed` of a batch are one key to a dict.
MOVES: dict[type[StrEnum], dict[StrEnum, frozenset[StrEnum]]] = {
    PlanState: {
        P.DRAFT: frozenset({P.SUBMITTED}),
        P.SUBMITTED: frozenset({P.CONSOLIDATED}),
        P.CONSOLIDATED: frozenset({P.PUBLISHED}),
        P.PUBLISHED: frozenset({P.AMENDED}),
    },
    SchemeState: {
        SchemeState.DRAFT: frozenset({SchemeState.ADOPTED}),
        SchemeState.ADOPTED: frozenset({SchemeState.CLOSED}),
        SchemeState.CLOSED: frozenset({SchemeState.ADOPTED}),  # a batch is open again
    },
    BatchState: {
        B.OPEN: frozenset({B.COMMITTED, B.VOIDED}),
        B.COMMITTED: frozenset({B.DRAWN, B.VOIDED}),
        B.DRAWN: frozenset({B.CLOSED, B.VOIDED}),
        B.CLOSED: frozenset({B.DRAWN}),  # with tasks left, its window extended
    },
    TaskState: {
        T.ASSIGNED: frozenset({T.NETWORK_CHECKED, T.SCHEDULED, T.REMOVED}),
        T.NETWORK_CHECKED: frozenset({T.SCHEDULED, T.CONCLUDED, T.REMOVED}),
        T.SCHEDULED: frozenset({T.SCHEDULED, T.ON_SITE, T.CONCLUDED, T.UNREACHABLE, T.REFUSED, T.REMOVED}),
        T.ON_SITE: frozenset({T.CONCLUDED, T.SCHEDULED, T.UNREACHABLE, T.REFUSED}),
        T.REFUSED: frozenset({T.CONCLUDED}),
        T.UNREACHABLE: frozenset({T.CONCLUDED, T.SCHEDULED}),
        T.CONCLUDED: frozenset({T.ENTERED}),
        T.ENTERED: frozenset({T.REVIEWED}),
        T.REVIEWED: frozenset({T.RECORDED, T.PUBLISHED, T.CONCLUDED}),
        T.RECORDED: frozenset({T.PUBLISHED, T.CONCLUDED}),
        T.PUBLISHED: frozenset({T.ARCHIVED}),
    },
    NoticeState: {
        N.DRAFTED: frozenset({N.APPROVED, N.WITHHELD, N.REVOKED}),
        N.APPROVED: frozenset({N.SENT, N.FAILED, N.BY_HAND, N.OPENED, N.ACKNOWLEDGED, N.REPLACED, N.REVOKED}),
        N.SENT: frozenset({N.OPENED, N.ACKNOWLEDGED, N.FAILED, N.BY_HAND, N.REPLACED, N.REVOKED}),
        N.OPENED: frozenset({N.ACKNOWLEDGED, N.SENT, N.REPLACED, N.REVOKED}),
        N.FAILED: frozenset({N.SENT, N.BY_HAND, N.OPENED, N.ACKNOWLEDGED, N.REPLACED, N.REVOKED}),
        N.BY_HAND: frozenset({N.SENT, N.OPENED, N.ACKNOWLEDGED, N.FAILED, N.REPLACED, N.REVOKED}),
        N.ACKNOWLEDGED: frozenset({N.REPLACED, N.REVOKED}),
    },
}


def move(now: S, to: S, article: str = "11") -> S:
    """Return `to` if the regulation allows the step from `now`; else refuse, naming both."""
    if to not in MOVES[type(to)].get(now, frozenset()):
        raise Refusal("state.move", article=article, now=now, to=to)
    return to
