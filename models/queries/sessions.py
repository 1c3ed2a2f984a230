"""Who a console session belongs to, asked at every request: what was ended has ended (ASVS 7.4)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from models import store
from models.queries.person import actor_in
from models.rules.actor import Actor
from models.tables import Account

SESSION = """
SELECT a.id, a.role, a.name, a.department, a.inspector_id, a.target_id, a.language, s.csrf, s.through, s.by_link
FROM session s JOIN account a ON a.id = s.account_id AND a.disabled_at IS NULL
WHERE s.token_sha256 = ? AND s.ended_at IS NULL AND s.expires_at > ?"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was not ended, of an account that may act. `by_link`: it began with a link, without a password."""

    actor: Actor
    account: int
    csrf: str
    language: str
    by_link: bool


async def signed_in(token: str, *, at: datetime) -> SignedIn | None:
    """Whose session this token is, if neither the session nor the account was ended."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    for row in await store.run_one(SESSION, digest, at):
        actor = replace(actor_in(row), through=row["through"])
        return SignedIn(actor, row["id"], row["csrf"], row["language"], bool(row["by_link"]))
    return None


async def by_login(login: str) -> Account | None:
    """The account that signs in under this name with a password."""
    found = await Account.get_or_none(login=login, disabled_at=None)
    return found if found and found.password else None
