"""已离岗或已停用的收件人: what still waits for them is not sent, and they stand as left out (Art. 5-7, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from models import store
from models.procedure import left_out, staff_message
from models.rules.left_out import LeftOutReason
from models.rules.registry.rows import InspectorStatus
from models.tables import Outbox, OutboxState

OWED_ALL_THE_SAME = ("enrolment.acted_for", "enrolment.stand_in", "enrolment.stood_in")
"""That somebody acted in their name: theirs to know after they have left."""
AT_ONCE = 500


def withheld(kind: str, payload: Mapping[str, Any]) -> bool:
    """Whether a message is kept back from who has left or whose account is disabled."""
    word = payload.get("word", "") if kind == staff_message.KIND else kind
    return word not in OWED_ALL_THE_SAME


async def withhold(*, at: datetime) -> int:
    """Settle the due messages of officials who have left by the register (离岗) or whose account is disabled, each with its
    person in the trail and on the office's desk; how many."""
    gone = Q(account__disabled_at__isnull=False) | Q(account__inspector__status=InspectorStatus.LEFT)
    due = Outbox.filter(
        gone, state=OutboxState.WAITING, due_at__lte=at, account__role__in=list(staff_message.STAFF)
    )
    rows = [row for row in await due.order_by("id").limit(AT_ONCE) if withheld(row.kind, row.payload)]
    return sum([await _withhold(row.id, at) for row in rows])


@store.transactional
async def _withhold(row_id: int, at: datetime) -> bool:
    row = await Outbox.get(id=row_id).select_related("account__inspector")
    account = row.account
    if row.state != OutboxState.WAITING or account is None:
        return False
    left = account.inspector is not None and account.inspector.status == InspectorStatus.LEFT
    why = LeftOutReason.LEFT if left else LeftOutReason.DISABLED
    if not left and account.disabled_at is None:
        return False
    await Outbox.filter(id=row.id).update(state=OutboxState.FAILED, error=f"withheld: {why}")
    await left_out.undelivered(row, account, why, at=at)
    return True
