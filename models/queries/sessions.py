"""Who a console session belongs to, asked at every request: what was ended has ended (ASVS 7.4)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models import store
from models.queries.person import AccountHolder, actor_in, holder_of
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Actor, Role
from models.rules.registry.rows import InspectorStatus
from models.tables import Account, Binding

CLOCKS_APART = timedelta(minutes=1)

SESSION = """
SELECT a.id, a.role, a.name, a.department, a.inspector_id, a.target_id, a.language, s.csrf, s.through, s.by_link,
i.status FROM session s JOIN account a ON a.id = s.account_id AND a.disabled_at IS NULL
LEFT JOIN inspector i ON i.code = a.inspector_id
WHERE s.token_sha256 = ? AND s.ended_at IS NULL AND s.expires_at > ?"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was not ended. `by_link`: it began with a link, without a password; `left`: the register says that
    this officer has left (离岗) and may not act any more."""

    actor: Actor
    account: int
    csrf: str
    language: str
    by_link: bool
    left: bool = False


async def signed_in(token: str, *, at: datetime) -> SignedIn | None:
    """Whose session this token is, if neither the session nor the account was ended."""
    digest = tokens.hashed(token)
    for row in await store.run_one(SESSION, digest, at):
        actor = replace(actor_in(row), through=row["through"])
        return SignedIn(
            actor,
            row["id"],
            row["csrf"],
            row["language"],
            bool(row["by_link"]),
            row["status"] == InspectorStatus.LEFT,
        )
    return None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account signs in with where there is no link. `password`: its argon2 hash, "" when none was set;
    `through`: the mark of whoever set it in a session opened for the person.
    """

    holder: AccountHolder
    login: str
    password: str = field(repr=False)
    through: str


async def credentials(account_id: int) -> Credentials:
    """Those of an account that is there."""
    return _credentials(await Account.get(id=account_id))


async def by_login(login: str) -> Credentials | None:
    """Those of the account that signs in under this name with a password."""
    account = await Account.get_or_none(login=login, disabled_at=None)
    return _credentials(account) if account and account.password else None


def _credentials(account: Account) -> Credentials:
    return Credentials(holder_of(account), account.login or "", account.password, account.password_through)


async def officer_in_chat(telegram_id: int, opened_at: datetime) -> AccountHolder:
    """The officer whose chat opened the companion. A launch older than the binding says nothing of it (D57).

    Raises Refusal `launch.not_enrolled`, or `launch.no_officer` for who is bound as somebody else.
    """
    theirs = Binding.filter(telegram_id=telegram_id, ended_at=None, bound_at__lte=opened_at + CLOCKS_APART)
    bound = theirs.filter(account__disabled_at=None).select_related("account").order_by("id")
    accounts: list[Account] = [binding.account for binding in await bound]
    if not accounts:
        raise Refusal("launch.not_enrolled", article="10")
    for account in accounts:
        if account.role == Role.INSPECTOR:
            return holder_of(account)
    raise Refusal("launch.no_officer", article="16", role=accounts[0].role)
