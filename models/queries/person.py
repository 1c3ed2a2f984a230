"""Who a Telegram person is: every account that is bound to them and may act (Art. 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models import store
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.registry.rows import InspectorStatus
from models.tables import Account, Department, Inspector


@dataclass(frozen=True, slots=True)
class Person:
    """`actors`: what this person may act as, in the order of binding; none for a stranger."""

    telegram_id: int
    actors: tuple[Actor, ...] = ()
    language: str = ""
    blocked: bool = False  # the person had blocked the bot
    left: str = ""  # whom the register says has left, where this person could act as nobody else

    def acting(self, *roles: Role) -> tuple[Actor, ...]:
        return tuple(acting for acting in self.actors if acting.role in roles)

    @property
    def accounts(self) -> list[int]:
        return [acting.account for acting in self.actors if acting.account is not None]


PERSON = """
SELECT a.id, a.role, a.name, a.department, a.inspector_id, a.target_id, a.language, a.disabled_at, b.blocked_at,
i.status FROM binding b JOIN account a ON a.id = b.account_id LEFT JOIN inspector i ON i.code = a.inspector_id
WHERE b.telegram_id = ? AND b.ended_at IS NULL ORDER BY b.id"""


async def person(telegram_id: int) -> Person:
    """The person behind a Telegram id; disabled accounts, ended bindings and who has left (离岗) have no right."""
    [rows] = await store.run(store.query(PERSON, telegram_id, light=True))
    open_ = [row for row in rows if row["disabled_at"] is None]
    able = [row for row in open_ if row["status"] != InspectorStatus.LEFT]
    language = next((row["language"] for row in (able or open_) if row["language"]), "")
    left = "" if able else next((row["name"] for row in open_), "")
    blocked = any(row["blocked_at"] for row in rows)
    return Person(telegram_id, tuple(actor_in(row) for row in able), language, blocked, left)


async def has_left(account: Account) -> bool:
    """Whether the register says that this officer has left (离岗); nobody else can."""
    return bool(
        account.inspector_id
        and await Inspector.exists(code=account.inspector_id, status=InspectorStatus.LEFT)
    )


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """The person or entity whose account it is. `language`: "" until one was chosen; `actor`: what they act as."""

    id: int
    role: Role
    name: str
    department: str
    language: str
    actor: Actor


def holder_of(account: Account) -> AccountHolder:
    """Whose account a row is."""
    return AccountHolder(
        account.id, account.role, account.name, account.department, account.language, actor_of(account)
    )


async def actor(account_id: int) -> Actor:
    """Whom an account is. Raises LookupError for one that is not there."""
    asked = "SELECT id, role, name, department, inspector_id, target_id FROM account WHERE id = ?"
    [rows] = await store.run(store.query(asked, account_id, light=True))
    if not rows:
        raise LookupError(f"no account {account_id}")
    return actor_in(rows[0])


async def departments() -> dict[str, str]:
    """What the departments are called: code to name."""
    return {str(code): str(name) for code, name in await Department.all().values_list("code", "name")}


async def departments_in(*refusals: Refusal) -> dict[str, str]:
    """The names of departments, where one of these refusals speaks of any; nothing is read for the others."""
    named = any({"department", "departments"} & set(no.params) for no in refusals)
    return await departments() if named else {}


def actor_of(account: Account) -> Actor:
    """The account as the `by=` of an act. An inspector acts under the number in the register."""
    return _as_actor(
        account.role, account.id, account.name, account.department, account.inspector_id, account.target_id
    )


def actor_in(row: Any) -> Actor:
    """The actor in a row of plain SQL with an account's id, role, name, department, inspector and target."""
    return _as_actor(
        Role(row["role"]), row["id"], row["name"], row["department"], row["inspector_id"], row["target_id"]
    )


def _as_actor(
    role: Role, id: int, name: str, department: str, inspector: str | None, target: str | None
) -> Actor:
    if role == Role.ENTITY:
        return Actor(Role.ENTITY, str(target), name, "", id)
    if role == Role.INSPECTOR:
        return Actor(Role.INSPECTOR, str(inspector), name, department, id)
    return Actor(role, department or str(id), name, department, id)
