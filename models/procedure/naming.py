"""本人姓名: who stands in no register says under which name their acts are shown (Art. 5, 7)."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.operations import event
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.tables import Account

LONGEST = 80


@store.transactional
async def call(account_id: int, name: str, *, by: Actor, at: datetime) -> None:
    """The own name of the office's person or of a head; officers and entities are called as their register says.

    Done by the person, or by the office while nobody is signed in (the command line).
    """
    require(by, Role.OFFICE, Role.HEAD, article="7")
    account = await Account.get(id=account_id)
    if account.role not in (Role.OFFICE, Role.HEAD) or by.account not in (None, account_id):
        raise Refusal("naming.register", article="7")
    cleaned = text.name(text.visible(name).strip())[:LONGEST]
    if not cleaned:
        raise Refusal("naming.empty", article="7")
    if cleaned == account.name:
        return
    account.name = cleaned
    await account.save(update_fields=["name"])
    await event.record(f"account:{account.id}", "enrolment.named", by=by, at=at, rows=[account])
