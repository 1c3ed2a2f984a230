"""What may be done to a task, by whom and where it stands: one table for every surface (Art. 14-18).

Each act of `models/procedure` decides for itself once more; a test holds the two together, so that nothing is
offered that is refused for its state, and nothing possible is left unoffered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from models.states import (
    AT_THE_DOOR,
    BEFORE_PUBLICATION,
    BEFORE_THE_VISIT,
    CONCLUDED_FROM,
    DRAWN_IN,
    FOLLOWED_UP_IN,
    NOT_ARCHIVED,
    PHOTO_MARKED_IN,
    PHOTO_VOIDED_IN,
    RECEIPT_DUE,
    REPORTED_IN,
    REVIEWED,
    SIGNED_IN,
    TO_VISIT,
    TO_VISIT_OR_ON_SITE,
    UNTIL_CONCLUDED,
)
from models.states import TaskState as T


class Doer(StrEnum):
    MEMBER = "member"  # any officer who serves in the task
    LEADER = "leader"  # the one of them who leads
    HEAD = "head"  # the head of the department that decides
    OFFICE = "office"
    ENTITY = "entity"  # the target itself, or whoever holds its letter's link


@dataclass(frozen=True, slots=True)
class TaskAct:
    """`name`: as it travels to us. `who`: every one of these may do it. `states`: where the task may stand."""

    name: str
    who: tuple[Doer, ...]
    states: frozenset[T]


MEMBER, LEADER, HEAD, OFFICE, ENTITY = Doer


def _acts(who: Collection[Doer], states: Collection[T], *names: str) -> dict[str, TaskAct]:
    return {name: TaskAct(name, tuple(who), frozenset(states)) for name in names}


ACTS: dict[str, TaskAct] = {
    # before the visit
    **_acts([MEMBER], TO_VISIT, "accept", "reply", "telephoned", "handed"),
    **_acts([MEMBER], TO_VISIT_OR_ON_SITE, "ask_out"),
    # one who left the register is replaced in IN_HAND too
    **_acts([LEADER, HEAD, OFFICE], TO_VISIT_OR_ON_SITE, "replace"),
    # once the visit has begun, only to have a point that was settled online inspected on site
    **_acts([MEMBER], UNTIL_CONCLUDED, "find"),
    **_acts([LEADER], [T.ASSIGNED], "close_network"),
    **_acts([LEADER], BEFORE_THE_VISIT, "end_online", "entrust"),
    # the entity is answered however far the visit is; another time is granted while one is still to be made
    **_acts([LEADER], NOT_ARCHIVED, "postponement"),
    **_acts([LEADER], TO_VISIT, "propose", "fix", "withhold"),
    **_acts([LEADER], UNTIL_CONCLUDED, "entrust_end"),
    # at the door
    **_acts([LEADER], [T.SCHEDULED], "begin"),
    **_acts([MEMBER], AT_THE_DOOR, "arrive_located", "arrive_by_hand"),
    **_acts([MEMBER], AT_THE_DOOR, "refusal", "confirm_refusal", "absence", "confirm_absence"),
    **_acts([LEADER], [T.ON_SITE], "suspend"),
    **_acts([HEAD], AT_THE_DOOR, "decide_refusal"),
    # the visit
    **_acts([MEMBER], [T.ON_SITE], "answer", "undo", "finalise", "reopen", "sample"),
    **_acts([MEMBER], REPORTED_IN, "sample_report"),
    **_acts([MEMBER], DRAWN_IN, "record_draw", "record_hear"),
    **_acts([MEMBER], SIGNED_IN, "record_sign", "record_refuse"),
    **_acts([MEMBER], PHOTO_VOIDED_IN, "photo_void"),
    **_acts([MEMBER], PHOTO_MARKED_IN, "photo_mark"),
    **_acts([LEADER], CONCLUDED_FROM, "conclude"),
    # afterwards
    # handed in before the visit or after it, verified at any time
    **_acts([MEMBER], NOT_ARCHIVED, "correction"),
    # after the leader confirmed, only for a department that was left out
    **_acts([MEMBER], BEFORE_PUBLICATION, "enter"),
    **_acts([LEADER], [T.CONCLUDED], "confirm"),
    **_acts([HEAD], [T.ENTERED], "review"),
    **_acts([LEADER, HEAD], RECEIPT_DUE, "receipt"),
    **_acts([HEAD], REVIEWED, "publish"),
    **_acts([HEAD], FOLLOWED_UP_IN, "follow_up", "follow_up_end"),
    **_acts([HEAD], [T.PUBLISHED], "revision_ask", "withdraw", "archive"),
    **_acts([MEMBER], [T.PUBLISHED], "revision_propose"),
    # orders to rectify: an order stands although the result is returned once more
    **_acts([MEMBER], FOLLOWED_UP_IN, "rectify"),
    **_acts([MEMBER], RECEIPT_DUE, "verify", "rectify_extend"),
    **_acts(
        [MEMBER], RECEIPT_DUE, "recheck_set", "recheck_begin", "recheck_end", "recheck_sign", "recheck_refuse"
    ),
    **_acts([HEAD], RECEIPT_DUE, "rectify_file", "rectify_revoke"),
}


def may(act: str, doer: Doer, state: T) -> bool:
    """True if the table lets this person do it there. A leader is a member too."""
    task_act = ACTS[act]
    return state in task_act.states and (doer in task_act.who or (doer == LEADER and MEMBER in task_act.who))
