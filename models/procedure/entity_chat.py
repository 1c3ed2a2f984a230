"""The entity's own chat, asked for on its page: a link for its account, good once, with its registered number (Art. 16 (2)).

Whoever holds the letter may open the link; the telephone number shared then must be the register's. An entity
without a number in the register cannot prove itself like that: a person makes its link.
"""

from __future__ import annotations

from datetime import datetime

from models import store
from models.procedure import enrolment, notice_records
from models.refusal import Refusal
from models.rules.actor import Actor
from models.tables import Binding, Invitation


@store.transactional
async def invite(number: str, token: str, *, by: Actor, at: datetime) -> None:
    """An invitation for `token`; one made earlier from the page ends."""
    _, task = await notice_records.heard(number, by)
    account = await enrolment.account_row_of_target(task.target_id, at)
    if not account.phone or account.disabled_at:
        raise Refusal("entity.no_registered_number", article="16(2)")
    if await Binding.exists(account=account, ended_at=None):
        raise Refusal("enrolment.bound_already", article="10")
    await Invitation.filter(account=account, made_by=by.mark, used_at=None).update(used_at=at)
    await enrolment.invite(account.id, token, by=by, at=at)
