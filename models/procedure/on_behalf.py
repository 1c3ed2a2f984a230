"""代办: an act in somebody else's name, never in secret: a reason, the person hears of it, the record names who (Art. 7).

The person at the server acts for an officer or a head whose chat, phone and desk are out of reach; the office enters
what an entity says by telephone, on paper or at the counter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from models import store
from models.operations import event
from models.procedure import enrolment, notice_records, recipients
from models.procedure import task as tasks
from models.queries import credit
from models.queries.act_subject import subject_named
from models.queries.credit import CreditRepairLine
from models.queries.entity import RecusalToDecide
from models.queries.person import actor_of
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.tables import Account, Notice, Task

HEARD_BY = ("phone", "paper", "counter")
"""How the office heard what an entity says."""


@store.transactional
async def stand_in(
    account_id: int,
    act: str,
    about: str,
    reason: str,
    deed: Callable[[Actor], Awaitable[Any]],
    *,
    by: Actor,
    at: datetime,
) -> Any:
    """`deed` done in the name of this account's person, who is told. `act`: its name; `about`: what it is done to."""
    require(by, Role.OFFICE, article="7")
    account = await Account.get(id=account_id)
    if account.disabled_at:
        raise Refusal("enrolment.disabled", article="10")
    await enrolment.refuse_left(account)
    if not (why := text.visible(reason).strip()):
        raise Refusal("enrolment.no_reason", article="7")
    await event.turns_of_accounts([account_id])
    done = await deed(replace(actor_of(account), through=by.mark))
    happened = await event.record(
        f"account:{account.id}", "enrolment.acted_for", by=by, at=at, act=act, about=about, reason=why
    )
    key = f"{happened.chain}:{happened.seq}"
    await recipients.tell(
        await recipients.person(account), "enrolment.acted_for", key=key, at=at, chain=happened.chain, act=act,
        about=await subject_named(act, about),
        reason=why,
    )  # fmt: skip
    return done


@store.transactional
async def entity_said(
    number: str,
    act: str,
    heard_by: str,
    spoke_with: str,
    deed: Callable[[str, Actor], Awaitable[Any]],
    *,
    by: Actor,
    at: datetime,
) -> Any:
    """What the entity of a task says, entered by the office. `deed(notice number, actor)`: the entity's own act.

    `heard_by`: phone, paper or counter; `spoke_with`: who said or signed it. Both stand in the task's chain.
    """
    require(by, Role.OFFICE, article="16(2)")
    task = await tasks.find(number)
    if heard_by not in HEARD_BY:
        raise Refusal("behalf.unknown_way", article="16(2)", ways=list(HEARD_BY))
    if not (who := text.visible(spoke_with).strip()):
        raise Refusal("behalf.nobody_named", article="16(2)", task=number)
    letter = await page_of(task)
    if letter is None:
        raise Refusal("notice.unknown", article="16(2)")
    entity = Actor(Role.ENTITY, str(task.target_id), through=by.mark)
    done = await deed(letter.number, entity)
    heard: dict[str, Any] = {"act": act, "channel": heard_by, "spoke_with": who}
    if isinstance(done, RecusalToDecide):  # the team is not to read of it
        await event.record(f"recusal:{done.id}", "entity.spoke", by=by, at=at, **heard)
    elif isinstance(done, CreditRepairLine):  # the task may be archived
        await event.record(credit.chain(number), "entity.spoke", by=by, at=at, **heard)
    else:
        await notice_records.record(letter, "entity.spoke", by, at, **heard)
    return done


async def page_of(task: Task) -> Notice | None:
    """The letter whose page the entity would use: the newest that has one."""
    return await Notice.filter(task=task).exclude(token_sha256="").order_by("-version").first()
