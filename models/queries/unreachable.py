"""Who of the officials hears nothing, and which departments have nobody who decides (Art. 5-7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from models.rules.actor import Role
from models.rules.phone import mobile
from models.states import BATCH_RUNNING
from models.tables import Account, Batch, Binding, Department, Inspector

STAFF = (Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.OFFICE)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """`people`: names with their department; `headless`: names of departments in a running batch without a head."""

    people: tuple[tuple[str, str], ...]
    headless: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.people or self.headless)


async def addresses(account: Account) -> dict[str, str]:
    """Where a text message and an e-mail find an official: the register's, else the account's own; "" for nowhere."""
    row = await Inspector.get_or_none(code=account.inspector_id) if account.inspector_id else None
    number, email = (row.phone, row.email) if row else (account.phone, account.email)
    return {"sms": mobile(number) or "", "email": email}


async def unreachable(channels: Collection[str]) -> Unreachable:
    """Heads and the office without chat, text message and e-mail, and departments without a head.

    `channels`: which of `sms` and `email` this district has. Officers with open tasks are counted by `roll`.
    """
    called = {department.code: department.name for department in await Department.all()}
    accounts = await Account.filter(role__in=[Role.HEAD, Role.OFFICE], disabled_at=None).order_by("id")
    reached = await bound([account.id for account in accounts])
    people = [
        (account.name, called.get(account.department, ""))
        for account in accounts
        if account.id not in reached and not await by_address(account, channels)
    ]
    heads = {account.department for account in accounts if account.role == Role.HEAD}
    running = await Batch.filter(state__in=BATCH_RUNNING)
    departments = {code for batch in running for code in batch.crew}
    return Unreachable(tuple(people), tuple(called.get(code, code) for code in sorted(departments - heads)))


async def by_address(account: Account, channels: Collection[str]) -> bool:
    there = await addresses(account)
    return any(there[channel] for channel in there if channel in channels)


async def bound(accounts: Collection[int]) -> set[int]:
    """Those of the accounts that a chat reaches."""
    return set(await chat_of_each(accounts))


async def chat_of_each(accounts: Collection[int]) -> dict[int, int]:
    """The same with the chat's number."""
    rows = Binding.filter(account_id__in=list(accounts), ended_at=None, blocked_at=None)
    columns = await rows.values_list("account_id", "telegram_id")
    return {int(str(account)): int(str(chat)) for account, chat in columns}
