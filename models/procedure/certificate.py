"""执法证到期提醒: whose certificate ends soon is told 60, 30 and 7 days before, once each (Art. 10).

The officer, the department's liaison, who keeps the register, and the head, who would have to replace the officer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from models import store
from models.operations import event
from models.procedure import recipients
from models.procedure.reminder import FIRST, LAST
from models.rules.actor import CLOCK
from models.rules.registry.rows import InspectorStatus
from models.rules.visit import SHANGHAI, local_day
from models.tables import Event, Inspector

DAYS = (60, 30, 7)


async def sweep(*, at: datetime) -> int:
    """Tell of every certificate that has reached a threshold; how many. Nothing is said at night."""
    if not FIRST <= at.astimezone(SHANGHAI).time() < LAST:
        return 0
    today = local_day(at)
    ending = Inspector.filter(
        expert=False, certificate_until__gte=today, certificate_until__lte=today + timedelta(days=max(DAYS))
    )
    due = {}
    for officer in await ending.exclude(status=InspectorStatus.LEFT).order_by("code"):
        assert officer.certificate_until
        reached = min(days for days in DAYS if (officer.certificate_until - today).days <= days)
        due[f"certificate:{officer.code}:{officer.certificate_until}:{reached}"] = officer
    said = set(await Event.filter(key__in=list(due)).values_list("key", flat=True)) if due else set()
    for key in sorted(set(due) - said):
        await _tell(key, due[key], at)
    return len(set(due) - said)


@store.transactional
async def _tell(key: str, officer: Inspector, at: datetime) -> None:
    if await event.find_by_key(key):
        return
    assert officer.certificate_until
    until, left = officer.certificate_until, (officer.certificate_until - local_day(at)).days
    await event.record(
        "registry",
        "certificate.ends",
        by=CLOCK,
        at=at,
        key=key,
        officer=officer.code,
        until=until.isoformat(),
        left=left,
    )
    whom = await recipients.officers([officer.code])
    whom += await recipients.liaisons([officer.department]) + await recipients.heads([officer.department])
    await recipients.tell(
        whom.one_is_enough(),
        "certificate.ends",
        key=key,
        at=at,
        chain="registry",
        officer=officer.name,
        until=until.isoformat(),
        left=left,
    )
