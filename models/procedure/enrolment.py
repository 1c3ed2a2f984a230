"""绑定 and sign-in: how a person of the registry becomes a person who may act (Art. 7, 10).

A deep link names one account, works once, for 24 hours. Whoever opens it owes the contact of their own:
the number must be the registry's. Tokens are kept hashed; whoever guesses them is locked out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from models import store
from models.operations import event
from models.procedure import left_out, login_lockout, recipients
from models.procedure.login_lockout import record_failure, refuse_if_locked
from models.queries.person import AccountHolder, actor_of, has_left, holder_of
from models.refusal import Refusal
from models.rules import text, tokens
from models.rules.actor import COURIER, Actor, Role
from models.rules.phone import international, same_number
from models.tables import Account, Binding, CalendarFeed, Department, Inspector, Invitation, Session, Target

__all__ = [
    "account_of_head", "account_of_inspector", "account_of_liaison", "account_of_office",
    "account_of_target", "actor_of", "bind", "blocked", "disable", "invite", "open_link",
    "record_failure", "redeem", "refuse_if_locked", "refuse_left", "set_email", "set_number", "set_password",
    "sign_in", "sign_out", "speak", "unbind", "unblocked",
]  # fmt: skip

REGISTER = Actor(Role.SYSTEM, "register")
EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
LINK_LIFE, LOGIN_LIFE, SESSION_LIFE = timedelta(hours=24), timedelta(minutes=10), timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account whose person has proved to be one. `through`: the mark of who opened the way for them, or ""."""

    account: AccountHolder
    by_link: bool = False
    through: str = ""


async def account_of_inspector(certificate: str, at: datetime) -> AccountHolder:
    """The account of the inspector with this certificate (or number), made on first use."""
    inspector = await Inspector.get_or_none(certificate=certificate) or await Inspector.get_or_none(
        code=certificate
    )
    if inspector is None:
        raise Refusal("enrolment.no_inspector", article="10", certificate=certificate)
    return await _account(
        {"inspector": inspector},
        at, role=Role.INSPECTOR, name=inspector.name, department=inspector.department, phone=inspector.phone,
    )  # fmt: skip


async def account_of_target(code: str, at: datetime) -> AccountHolder:
    """The account of an inspected target (by number or credit code), made on first use."""
    return holder_of(await account_row_of_target(code, at))


async def account_row_of_target(code: str, at: datetime) -> Account:
    """The same for another act."""
    target = await Target.get_or_none(code=code) or await Target.get_or_none(credit_code=code)
    if target is None:
        raise Refusal("enrolment.no_target", article="4", target=code)
    return await _row({"target": target, "role": Role.ENTITY}, at, name=target.name, phone=target.phone)


async def account_of_head(department: str, at: datetime, *, name: str = "", phone: str = "") -> AccountHolder:
    """The account of a department's head, made on first use."""
    return await _of_department(Role.HEAD, department, at, name, phone)


async def account_of_liaison(department: str, at: datetime, name: str = "", phone: str = "") -> AccountHolder:
    """The account of a department's liaison (联络员), made on first use."""
    return await _of_department(Role.LIAISON, department, at, name, phone)


async def _of_department(role: Role, department: str, at: datetime, name: str, phone: str) -> AccountHolder:
    if (row := await Department.get_or_none(code=department)) is None:
        raise Refusal("enrolment.no_department", article="7", department=department)
    return await _account({"role": role, "department": department}, at, name=name or row.name, phone=phone)


async def account_of_office(name: str, at: datetime) -> AccountHolder:
    """An account of the office (联席会议办公室) by its login or its person's name, made on first use."""
    known_by = "login" if await Account.exists(role=Role.OFFICE, login=name) else "name"
    return await _account({"role": Role.OFFICE, known_by: name}, at)


async def standing_office(name: str) -> AccountHolder:
    """An account of the office that there is; refuses a name that none goes by, with those there are."""
    offices = await Account.filter(role=Role.OFFICE).order_by("id")
    if row := next((row for row in offices if name and name in (row.login, row.name)), None):
        return holder_of(row)
    raise Refusal(
        "enrolment.no_office", article="7", name=name, known=[row.login or row.name for row in offices]
    )


async def _account(known_by: dict[str, Any], at: datetime, **others: Any) -> AccountHolder:
    return holder_of(await _row(known_by, at, **others))


async def _row(known_by: dict[str, Any], at: datetime, **others: Any) -> Account:
    """The account of somebody, or a new one."""
    return await Account.get_or_none(**known_by) or await _open(known_by, at, others)


@store.transactional
async def _open(known_by: dict[str, Any], at: datetime, others: dict[str, Any]) -> Account:
    await event.lock(
        f"account of {sorted((name, str(getattr(who, 'pk', who))) for name, who in known_by.items())}"
    )
    if standing := await Account.get_or_none(**known_by):
        return standing
    account = await Account.create(**known_by, **others, created_at=at)
    await event.record(f"account:{account.id}", "enrolment.opened", by=REGISTER, at=at, role=account.role)
    await left_out.account_opened(account, at=at)
    return account


@store.transactional
async def invite(
    account_id: int, token: str, *, by: Actor, at: datetime, purpose: str = "bind", reason: str = ""
) -> datetime:
    """Keep an invitation for `token` (22 random characters, made by the caller); until when it is good.

    A sign-in link that somebody else makes opens a session in which that person may act for the account: it
    needs a reason, the account's person hears of it at once, and every act in it is marked (`Actor.through`).
    """
    account = await Account.get(id=account_id)
    await refuse_left(account)
    expires_at = at + (LINK_LIFE if purpose == "bind" else LOGIN_LIFE)
    if purpose == "bind" and account.role != Role.ENTITY and not await _number_of(account):
        raise Refusal("enrolment.no_number", article="10", name=account.name)
    standing_in = purpose == "login" and by.account != account.id
    reason = text.visible(reason).strip()
    if standing_in and not reason:
        raise Refusal("enrolment.no_reason", article="7")
    data: dict[str, Any] = {"reason": reason} if standing_in else {}
    entry = await event.record(f"account:{account.id}", f"enrolment.{purpose}", by=by, at=at, **data)
    if standing_in:
        key = f"{entry.chain}:{entry.seq}"
        await recipients.tell(
            await recipients.person(account), "enrolment.stand_in", key=key, at=at, chain=entry.chain, who=by.name,
            reason=reason,
        )  # fmt: skip
    await Invitation.create(
        reason=reason,
        token_sha256=tokens.hashed(token),
        purpose=purpose,
        account=account,
        made_by=by.mark,
        made_at=at,
        expires_at=expires_at,
    )
    return expires_at


async def refuse_left(account: Account) -> None:
    """Whoever the register says has left is neither invited nor bound, and signs in no more (Art. 10)."""
    if await has_left(account):
        raise Refusal("officer.left", article="10", name=account.name)


async def _number_of(account: Account) -> str:
    """The number that a chat must prove: the register's as it stands now, else the one of the account."""
    if account.inspector_id:
        return (await Inspector.get(code=account.inspector_id)).phone
    if account.target_id:
        return (await Target.get(code=account.target_id)).phone
    return account.phone


@store.transactional
async def set_number(account_id: int, number: str, *, by: Actor, at: datetime) -> None:
    """Enter the number of a head, a liaison or of the office; a bound chat ends, since it proved another one."""
    account = await Account.get(id=account_id)
    if account.role not in (Role.HEAD, Role.LIAISON, Role.OFFICE):
        raise Refusal("enrolment.number_of_register", article="10")
    entered = international(number)
    if entered is None:
        raise Refusal("enrolment.bad_number", article="10", number=number)
    if same_number(account.phone, number):
        return
    former, account.phone = account.phone, number.strip()
    await account.save(update_fields=["phone"])
    await event.record(
        f"account:{account.id}", "enrolment.number", by=by, at=at, tail=entered[-4:], former=former[-4:]
    )
    if former:
        await unbind(account.id, by=by, at=at)


@store.transactional
async def set_email(account_id: int, email: str, *, by: Actor, at: datetime) -> None:
    """Enter the e-mail address of a head, a liaison or of the office, for when there is no chat."""
    account = await Account.get(id=account_id)
    if account.role not in (Role.HEAD, Role.LIAISON, Role.OFFICE):
        raise Refusal("enrolment.number_of_register", article="10")
    if not EMAIL.fullmatch(email.strip()):
        raise Refusal("enrolment.bad_email", article="10", email=email)
    account.email = email.strip()
    await account.save(update_fields=["email"])
    await event.record(f"account:{account.id}", "enrolment.email", by=by, at=at)


async def open_link(token: str, telegram_id: int, *, at: datetime) -> AccountHolder:
    """The person of `telegram_id` opened a deep link; the same answer for every bad link (D59)."""
    return await login_lockout.guarded(f"tg:{telegram_id}", at, lambda: _open_link(token, telegram_id, at=at))


async def redeem(token: str, guesser: str, *, at: datetime) -> SignIn:
    """A login link was opened: good once, for ten minutes. One that is good is never refused for what others guessed
    from the same address.
    """
    try:
        return await _redeem(token, at=at)
    except Refusal:
        await login_lockout.refuse_if_locked(guesser, at=at)
        await login_lockout.record_failure(guesser, at=at)
        raise


@store.transactional
async def _open_link(token: str, telegram_id: int, *, at: datetime) -> AccountHolder:
    invitation = await _good(token, "bind", at)
    if invitation.opened_by not in (None, telegram_id):
        raise Refusal(login_lockout.WRONG, article="10")
    await refuse_left(_whose(invitation))
    invitation.opened_by = telegram_id
    await invitation.save(update_fields=["opened_by"])
    return holder_of(_whose(invitation))


@store.transactional
async def _redeem(token: str, *, at: datetime) -> SignIn:
    invitation = await _good(token, "login", at)
    await refuse_left(_whose(invitation))
    invitation.used_at = at
    await invitation.save(update_fields=["used_at"])
    account = holder_of(_whose(invitation))
    own = invitation.made_by == account.actor.mark
    return SignIn(account, by_link=True, through="" if own else invitation.made_by)


def _whose(invitation: Invitation) -> Account:
    account: Account = invitation.account
    return account


async def _good(token: str, purpose: str, at: datetime) -> Invitation:
    """The invitation of a token that is neither unknown, used, expired, nor of a disabled account."""
    waiting = Invitation.filter(
        token_sha256=tokens.hashed(token), purpose=purpose, used_at=None, expires_at__gt=at
    )
    invitation = await waiting.select_related("account").first()
    if invitation is None or invitation.account.disabled_at:
        raise Refusal(login_lockout.WRONG, article="10")
    return invitation


@store.transactional
async def bind(
    telegram_id: int, contact_of: int | None, number: str, *, at: datetime, key: str | None = None
) -> AccountHolder:
    """Bind the person who shared their own contact to the account whose link they opened.

    `contact_of` is the contact's own Telegram id: a forwarded or foreign contact is refused (D73).
    """
    if done := await event.find_by_key(key):
        return holder_of(await Account.get(id=int(done.chain.removeprefix("account:"))))
    await login_lockout.refuse_if_locked(f"tg:{telegram_id}", at=at)
    opened = Invitation.filter(opened_by=telegram_id, purpose="bind", used_at=None, expires_at__gt=at)
    invitation = await opened.order_by("-id").select_related("account").first()
    if invitation is None or invitation.account.disabled_at:
        raise Refusal("enrolment.no_link", article="10")
    account = _whose(invitation)
    await refuse_left(account)
    if contact_of != telegram_id:
        raise Refusal("enrolment.foreign_contact", article="10")
    registered = await _number_of(account)
    if not registered and account.role != Role.ENTITY:
        raise Refusal("enrolment.no_number", article="10", name=account.name)
    if registered and not same_number(registered, number):
        raise Refusal("enrolment.other_number", article="10")
    if await Binding.exists(account=account, ended_at=None):
        raise Refusal("enrolment.bound_already", article="10")
    invitation.used_at = at
    await invitation.save(update_fields=["used_at"])
    await Binding.create(account=account, telegram_id=telegram_id, bound_at=at)
    holder = holder_of(account)
    await event.record(
        f"account:{account.id}", "enrolment.bound", by=holder.actor, at=at, key=key, telegram_id=telegram_id
    )
    return holder


@store.transactional
async def unbind(account_id: int, *, by: Actor, at: datetime) -> None:
    """End binding, sessions, open links and the calendar's address at once: a lost phone, a person who left (D31)."""
    await Binding.filter(account_id=account_id, ended_at=None).update(ended_at=at)
    await Session.filter(account_id=account_id, ended_at=None).update(ended_at=at)
    await Invitation.filter(account_id=account_id, used_at=None).update(used_at=at)
    await CalendarFeed.filter(account_id=account_id, ended_at=None).update(ended_at=at)
    await event.record(f"account:{account_id}", "enrolment.unbound", by=by, at=at)


@store.transactional
async def disable(account_id: int, *, by: Actor, at: datetime) -> None:
    """End every right of an account, in chat and on the console, at once (D31)."""
    account = await Account.get(id=account_id)
    account.disabled_at = at
    await account.save(update_fields=["disabled_at"])
    await unbind(account_id, by=by, at=at)


@store.transactional
async def blocked(account_id: int, *, at: datetime) -> None:
    """The person blocked the bot: nothing is sent there any more (D11)."""
    if await Binding.filter(account_id=account_id, ended_at=None, blocked_at=None).update(blocked_at=at):
        await event.record(f"account:{account_id}", "enrolment.blocked", by=COURIER, at=at)


@store.transactional
async def unblocked(telegram_id: int, *, at: datetime) -> None:
    """The person writes again: messages may go out again."""
    theirs = Binding.filter(telegram_id=telegram_id, ended_at=None).exclude(blocked_at=None)
    for account in await event.turns_of_accounts(await theirs.values_list("account_id", flat=True)):
        await Binding.filter(account_id=account, ended_at=None).update(blocked_at=None)
        await event.record(f"account:{account}", "enrolment.unblocked", by=COURIER, at=at)


@store.transactional
async def speak(account_ids: list[int], language: str, *, at: datetime) -> None:
    """Remember the language a person chose, who may have several accounts."""
    await event.turns_of_accounts(account_ids)
    for account in await Account.filter(id__in=account_ids).exclude(language=language).order_by("id"):
        await Account.filter(id=account.id).update(language=language)
        chain, by = f"account:{account.id}", actor_of(account)
        await event.record(chain, "enrolment.language", by=by, at=at, rows=[account], language=language)


@store.transactional
async def sign_in(
    account_id: int, token: str, csrf: str, *, at: datetime, by_link: bool = False, through: str = "",
    key: str | None = None,
) -> None:  # fmt: skip
    """Begin a console session under a fresh `token`. What `through` stands for is told to the person at once."""
    account = await Account.get(id=account_id)
    if account.disabled_at:
        raise Refusal("enrolment.disabled", article="10")
    await refuse_left(account)
    by = replace(actor_of(account), through=through)
    entered = await event.record(f"account:{account.id}", "enrolment.signed_in", by=by, at=at, key=key)
    if through:
        key = f"{entered.chain}:{entered.seq}"
        await recipients.tell(
            await recipients.person(account), "enrolment.stood_in", key=key, at=at, chain=entered.chain,
            who=await _called(through),
        )  # fmt: skip
    await Session.create(
        token_sha256=tokens.hashed(token), csrf=csrf, account=account, made_at=at, expires_at=at + SESSION_LIFE,
        by_link=by_link, through=through,
    )  # fmt: skip


async def _called(mark: str) -> str:
    """The name behind a mark of the office or a head, as far as there is one."""
    role, _, of = mark.partition(":")
    account = await Account.filter(role=role, **{"id" if of.isdigit() else "department": of}).first()
    return account.name if account else mark


@store.transactional
async def sign_out(token: str, *, at: datetime) -> None:
    """End a console session."""
    await Session.filter(token_sha256=tokens.hashed(token), ended_at=None).update(ended_at=at)


@store.transactional
async def set_password(
    account_id: int, login: str, password_hash: str, *, by: Actor, at: datetime, session: str = ""
) -> None:
    """Keep an argon2 hash for signing in where there is no Telegram. Every session but `session` (its token) ends.

    Raises Refusal when the login name is another account's.
    """
    if await Account.filter(login=login).exclude(id=account_id).exists():
        raise Refusal("enrolment.login_taken", article="7", login=login)
    account = await Account.get(id=account_id)
    account.login, account.password, account.password_through = login, password_hash, by.through
    await account.save(update_fields=["login", "password", "password_through"])
    others = Session.filter(account=account, ended_at=None)
    await (others.exclude(token_sha256=tokens.hashed(session)) if session else others).update(ended_at=at)
    await event.record(f"account:{account.id}", "enrolment.password", by=by, at=at)
