"""Who a console session belongs to, asked at every request: what was ended has ended (ASVS 7.4)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from models.tables import Account, Session


async def signed_in(token: str, *, at: datetime) -> Session | None:
    """The session of this token with its account, if neither was ended."""
    found = (
        await Session.filter(
            token_sha256=hashlib.sha256(token.encode()).hexdigest(), ended_at=None, expires_at__gt=at
        )
        .select_related("account")
        .first()
    )
    return found if found and found.account.disabled_at is None else None


async def by_login(login: str) -> Account | None:
    """The account that signs in under this name with a password."""
    found = await Account.get_or_none(login=login, disabled_at=None)
    return found if found and found.password else None
