"""Every state of the regulation's things, what it means, and the moves allowed (Art. 11).

What can be derived from rows (accepted, notified, overdue) is a question in `queries`, never a state here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from models.refusal import Refusal


class PlanState(StrEnum):
    PUBLISHED = "published"  # adopted from its signed file, due 31 January, and open to all (Art. 12)
    AMENDED = "amended"  # a newer version stands in its place


class SchemeState(StrEnum):
    ADOPTED = "adopted"  # signed; its batches may be committed (Art. 13)
    CLOSED = "closed"  # all batches over


class BatchState(StrEnum):
    OPEN = "open"  # scheme adopted, nothing fixed
    COMMITTED = "committed"  # pool, roster and rules fixed and hashed, no entropy yet
    DRAWN = "drawn"  # held: targets, teams and matches stand
    CLOSED = "closed"  # every task over, or left with a reason
    VOIDED = "voided"  # nobody will draw it, or its amended scheme names it no more; stays public


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


class RectificationState(StrEnum):
    """责令限期改正 (Art. 17)."""

    ISSUED = "issued"  # signed and numbered; nobody at the entity is known to have it
    TOLD = "told"  # a channel took it, or a person told it
    HANDED_IN = "handed_in"  # the entity says what it put right; an officer verifies it
    PARTLY = "partly"  # some points verified, the others still to be put right
    NOT_DONE = "not_done"  # what was handed in did not suffice
    EXTENDED = "extended"  # a later term, with reason
    LAPSED = "lapsed"  # the term is over and not everything is verified
    FILED = "filed"  # 立案: a case was opened, with its number
    VERIFIED = "verified"  # every point put right and verified
    REVOKED = "revoked"  # withdrawn by the head, with reason


P, B, T, N = PlanState, BatchState, TaskState, NoticeState
R = RectificationState

BATCH_RUNNING = (B.COMMITTED, B.DRAWN)
BATCH_OVER = (B.CLOSED, B.VOIDED)

# A task before, at and after its visit
UNSCHEDULED = (T.ASSIGNED, T.NETWORK_CHECKED)
BEFORE_THE_VISIT = (*UNSCHEDULED, T.SCHEDULED)
UNTIL_CONCLUDED = (*BEFORE_THE_VISIT, T.ON_SITE)
TO_VISIT = (*BEFORE_THE_VISIT, T.UNREACHABLE)  # a visit is still to be planned or made
TO_VISIT_OR_ON_SITE = (*TO_VISIT, T.ON_SITE)
AT_THE_DOOR = (T.SCHEDULED, T.ON_SITE)
VISITED = (T.ON_SITE, T.CONCLUDED)  # begun, and its result not written down yet
HINDERED = (T.REFUSED, T.UNREACHABLE)
REVIEWED = (T.REVIEWED, T.RECORDED)  # and not open to all yet
BEFORE_PUBLICATION = (T.CONCLUDED, T.ENTERED, *REVIEWED)  # a department that was left out may still come in
PUBLIC = (T.PUBLISHED, T.ARCHIVED)
AFTER_THE_VISIT = (*BEFORE_PUBLICATION, *PUBLIC)
ENTERED = (T.ENTERED, *REVIEWED, *PUBLIC)  # its result stands
IN_HAND = (T.ON_SITE, T.REFUSED, *BEFORE_PUBLICATION)  # the visit was begun, the result is not public
NOT_PUBLIC = (*TO_VISIT, *IN_HAND)
NOT_ARCHIVED = (*NOT_PUBLIC, T.PUBLISHED)

# Where one act may be done
CONCLUDED_FROM = (T.ON_SITE, *HINDERED)
REPORTED_IN = (T.ON_SITE, *HINDERED, *BEFORE_PUBLICATION, T.PUBLISHED)  # a laboratory's report, however late
DRAWN_IN = (*VISITED, T.ENTERED, *HINDERED)  # the record sheet
SIGNED_IN = (*DRAWN_IN, T.SCHEDULED, *REVIEWED)
PHOTO_MARKED_IN = (*VISITED, T.ENTERED)
PHOTO_VOIDED_IN = (T.SCHEDULED, *PHOTO_MARKED_IN)
ENTRY_OWED = (T.CONCLUDED, *HINDERED)
RECEIPT_DUE = (*BEFORE_PUBLICATION, T.PUBLISHED)
FOLLOWED_UP_IN = (*REVIEWED, T.PUBLISHED)  # the result stands and the task is not sealed; orders too
SENT_BACK_FROM = (T.ENTERED, *REVIEWED)

# An order to rectify
ORDER_OPEN = (R.ISSUED, R.TOLD, R.HANDED_IN, R.PARTLY, R.NOT_DONE, R.EXTENDED, R.LAPSED)
ORDER_RUNS = (R.ISSUED, R.TOLD, R.PARTLY, R.NOT_DONE, R.EXTENDED)  # the entity's turn, its term runs
ORDER_LATE = (R.LAPSED, R.FILED)  # its term is over and not everything is verified
ORDER_ENDED = (R.VERIFIED, R.REVOKED)
ORDER_PROVED_IN = (*ORDER_OPEN, R.FILED)  # what was put right is heard, late too
ORDER_STANDS = (*ORDER_PROVED_IN, R.VERIFIED)

# A letter
REACHED = (N.SENT, N.OPENED, N.ACKNOWLEDGED)  # one channel took it
UNREACHED = (N.APPROVED, N.FAILED, N.BY_HAND)
GIVEN = (*REACHED, *UNREACHED)  # the leader gave it and it stands
ON_ITS_WAY = (N.SENT, *UNREACHED)
NOT_SENT = (N.DRAFTED, *UNREACHED)
TOLD_OR_WITHHELD = (*REACHED, N.WITHHELD)
STANDING = (*GIVEN, N.WITHHELD, N.DRAFTED)
TAKEN_BACK = (N.REPLACED, N.REVOKED)
NOT_TOLD = (N.REVOKED, N.WITHHELD)  # the entity is told nothing by it
OVERTAKEN = (N.REPLACED, N.DRAFTED)  # another letter of the same task is the one to read
NO_LONGER_READ = (*OVERTAKEN, N.REVOKED)

S = TypeVar("S", bound=StrEnum)

# By kind: `closed` of a scheme and `closed` of a batch are one key to a dict.
MOVES: dict[type[StrEnum], dict[StrEnum, frozenset[StrEnum]]] = {
    PlanState: {
        P.PUBLISHED: frozenset({P.AMENDED}),
    },
    SchemeState: {
        SchemeState.ADOPTED: frozenset({SchemeState.CLOSED}),
        SchemeState.CLOSED: frozenset({SchemeState.ADOPTED}),  # a batch is open again
    },
    BatchState: {
        B.OPEN: frozenset({B.COMMITTED, B.VOIDED}),
        B.COMMITTED: frozenset({B.DRAWN, B.OPEN}),  # open again: its draw was voided
        B.DRAWN: frozenset({B.CLOSED}),
        B.CLOSED: frozenset({B.DRAWN}),  # with tasks left, its window extended
    },
    TaskState: {
        T.ASSIGNED: frozenset({T.NETWORK_CHECKED}),
        T.NETWORK_CHECKED: frozenset({T.SCHEDULED, T.CONCLUDED}),
        T.SCHEDULED: frozenset({T.SCHEDULED, T.ON_SITE, T.CONCLUDED, T.UNREACHABLE, T.REFUSED}),
        T.ON_SITE: frozenset({T.CONCLUDED, T.SCHEDULED, T.UNREACHABLE, T.REFUSED}),
        T.REFUSED: frozenset({T.CONCLUDED}),
        T.UNREACHABLE: frozenset({T.CONCLUDED, T.SCHEDULED}),
        T.CONCLUDED: frozenset({T.ENTERED}),
        T.ENTERED: frozenset({T.REVIEWED, T.CONCLUDED}),
        T.REVIEWED: frozenset({T.RECORDED, T.PUBLISHED, T.CONCLUDED}),
        T.RECORDED: frozenset({T.PUBLISHED, T.CONCLUDED}),
        T.PUBLISHED: frozenset({T.ARCHIVED}),
    },
    NoticeState: {
        N.DRAFTED: frozenset({N.APPROVED, N.WITHHELD, N.REVOKED}),
        N.APPROVED: frozenset({N.SENT, N.FAILED, N.BY_HAND, N.OPENED, N.ACKNOWLEDGED, N.REPLACED, N.REVOKED}),
        N.SENT: frozenset({N.OPENED, N.ACKNOWLEDGED, N.FAILED, N.REPLACED, N.REVOKED}),
        N.OPENED: frozenset({N.ACKNOWLEDGED, N.REPLACED, N.REVOKED}),
        N.FAILED: frozenset({N.SENT, N.BY_HAND, N.OPENED, N.ACKNOWLEDGED, N.REPLACED, N.REVOKED}),
        N.BY_HAND: frozenset({N.SENT, N.OPENED, N.ACKNOWLEDGED, N.FAILED, N.REPLACED, N.REVOKED}),
        N.ACKNOWLEDGED: frozenset({N.REPLACED, N.REVOKED}),
    },
    RectificationState: {
        R.ISSUED: frozenset({R.TOLD, R.HANDED_IN, R.PARTLY, R.NOT_DONE, R.EXTENDED, R.LAPSED, R.VERIFIED, R.REVOKED}),
        R.TOLD: frozenset({R.ISSUED, R.HANDED_IN, R.PARTLY, R.NOT_DONE, R.EXTENDED, R.LAPSED, R.VERIFIED, R.REVOKED}),
        R.HANDED_IN: frozenset({R.PARTLY, R.NOT_DONE, R.EXTENDED, R.LAPSED, R.VERIFIED, R.REVOKED}),
        R.PARTLY: frozenset({R.HANDED_IN, R.NOT_DONE, R.EXTENDED, R.LAPSED, R.VERIFIED, R.REVOKED}),
        R.NOT_DONE: frozenset({R.HANDED_IN, R.PARTLY, R.EXTENDED, R.LAPSED, R.VERIFIED, R.REVOKED}),
        R.EXTENDED: frozenset({R.HANDED_IN, R.PARTLY, R.NOT_DONE, R.LAPSED, R.VERIFIED, R.REVOKED}),
        R.LAPSED: frozenset({R.HANDED_IN, R.EXTENDED, R.FILED, R.VERIFIED, R.REVOKED}),
        R.FILED: frozenset({R.VERIFIED}),
    },
}  # fmt: skip


FINAL: dict[type[StrEnum], dict[StrEnum, str]] = {
    PlanState: {P.AMENDED: "the newer version is adopted in the same act"},
    BatchState: {B.VOIDED: "with its reason; an amended scheme names what is drawn instead"},
    TaskState: {T.ARCHIVED: "sealed into its dossier (Art. 20)"},
    NoticeState: {
        N.WITHHELD: "nobody is told; the visit is held, and its result told afterwards",
        N.REPLACED: "the newer version stands",
        N.REVOKED: "the leader gives another",
    },
    RectificationState: {
        R.VERIFIED: "everything is put right; that is public beside the result (Art. 17)",
        R.REVOKED: "with its reason, told to the entity; another order may be given",
    },
}
"""By kind, as the moves: states from which their own thing goes nowhere, and why that is no dead end."""

LATER: dict[StrEnum, str] = {}
"""States that no act leads to yet, and why; nothing offers or promises them."""


def move(now: S, to: S, article: str = "11") -> S:
    """Return `to` if the regulation allows the step from `now`; else refuse, naming both."""
    if to not in MOVES[type(to)].get(now, frozenset()):
        raise Refusal("state.move", article=article, now=now, to=to)
    return to
