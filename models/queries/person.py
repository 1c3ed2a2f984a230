"""Who a Telegram person is: every account that is bound to them and may act (Art. 10)."""

from __future__ import annotations

from dataclasses import dataclass

from models.rules.actor import Actor, Role
from models.tables import Account, Binding, Department


@dataclass(frozen=True, slots=True)
class Person:
    """`actors`: what this person may act as, in the order of binding; none for a stranger."""

    telegram_id: int
    actors: tuple[Actor, ...] = ()
    language: str = ""
    blocked: bool = False  # the person had blocked the bot

    def acting(self, *roles: Role) -> tuple[Actor, ...]:
        return tuple(one for one in self.actors if one.role in roles)

    @property
    def accounts(self) -> list[int]:
        return [one.account for one in self.actors if one.account is not None]


async def person(telegram_id: int) -> Person:
    """The person behind a Telegram id; disabled accounts and ended bindings give no right."""
    bindings = (
        await Binding.filter(telegram_id=telegram_id, ended_at=None).order_by("id").select_related("account")
    )
    accounts = [b.account for b in bindings if b.account.disabled_at is None]
    language = next((one.language for one in accounts if one.language), "")
    return Person(
        telegram_id, tuple(actor_of(one) for one in accounts), language, any(b.blocked_at for b in bindings)
    )


async def account(account_id: int) -> Account:
    """The account of a person known already."""
    return await Account.get(id=account_id)


async def departments() -> dict[str, str]:
    """What the departments are called: code to name."""
    return {str(code): str(name) for code, name in await Department.all().values_list("code", "name")}


def actor_of(account: Account) -> Actor:
    """The account as the `by=` of an act. An inspector acts under the number in the register."""
    if account.role == Role.ENTITY:
        return Actor(Role.ENTITY, str(account.target_id), account.name, "", account.id)
    if account.role == Role.INSPECTOR:
        return Actor(Role.INSPECTOR, str(account.inspector_id), account.name, account.department, account.id)
    return Actor(
        account.role, account.department or str(account.id), account.name, account.department, account.id
    )
