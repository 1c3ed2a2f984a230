"""邀请: a department's officials without a chat are invited together, on a sheet or by text message and e-mail (Art. 7, 10)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models import store
from models.operations import event
from models.procedure import enrolment, staff_message
from models.queries import invitations
from models.queries.invitations import Unbound
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Actor, Role, require
from models.tables import Department, Invitation

ARTICLE = "10"
PURPOSE = "invitation"
"""What a token that is made from the district's secret is for."""
SHEET_LIFE = timedelta(days=7)
"""A sheet is printed, carried round and cut up. Whoever scans it still proves the registered number."""


@dataclass(frozen=True, slots=True)
class Invited:
    """One person's link, told this once. `channel`: `sms`, `email`, or "" where it is on the sheet alone."""

    name: str
    detail: str
    role: Role
    token: str
    until: datetime
    channel: str = ""


@dataclass(frozen=True, slots=True)
class InvitedTogether:
    """`without`: people who cannot be invited, since no number of theirs is registered, or no channel reaches them."""

    department: str
    invited: tuple[Invited, ...]
    without: tuple[str, ...]


@store.transactional
async def on_a_sheet(
    department: str, token: Callable[[], str], *, by: Actor, at: datetime
) -> InvitedTogether:
    """Invite everybody of a department who is not bound. `token()`: 22 fresh random characters, kept hashed."""
    people = await _people(department, by, at)
    invited = tuple([await _invite(person, token(), by, at) for person in people if person.number])
    return InvitedTogether(department, invited, tuple(person.name for person in people if not person.number))


@store.transactional
async def by_message(
    department: str,
    fresh: Callable[[], str],
    secret: bytes,
    channels: Collection[str],
    *,
    by: Actor,
    at: datetime,
) -> InvitedTogether:
    """Send everybody of a department who is not bound the own link, by text message, else by e-mail.

    `fresh()`: 22 random characters. What waits for the courier holds them alone; the token is made of them with the
    district's `secret`, once here for its hash and again when the message goes out. `channels`: which of `sms` and
    `email` this district has.
    """
    people, invited, without = await _people(department, by, at), [], []
    for person in people:
        if not person.number or not await _reached(person, channels, at):
            without.append(person.name)
            continue
        number = fresh()
        sent = await _invite(person, tokens.token(secret, PURPOSE, number), by, at)
        data: dict[str, object] = {"invitation": number, "until": sent.until.isoformat()}
        channel = await staff_message.owe_directly(
            await _account(person, at), f"invited:{number}", "enrolment.invited", data, at, channels
        )
        invited.append(replace(sent, token="", channel=channel))
    return InvitedTogether(department, tuple(invited), tuple(without))


async def _people(department: str, by: Actor, at: datetime) -> tuple[Unbound, ...]:
    require(by, Role.OFFICE, Role.HEAD, article=ARTICLE)
    if by.role == Role.HEAD and by.department != department:
        raise Refusal("enrolment.other_department", ARTICLE, department=department)
    if not await Department.exists(code=department):
        raise Refusal("enrolment.no_department", ARTICLE, department=department)
    people = await invitations.unbound(department)
    return (
        people if by.role == Role.OFFICE else tuple(person for person in people if person.role != Role.HEAD)
    )


async def _account(person: Unbound, at: datetime) -> int:
    if person.role == Role.INSPECTOR:
        return (await enrolment.account_of_inspector(person.code, at)).id
    if person.role == Role.HEAD:
        return (await enrolment.account_of_head(person.code, at)).id
    return (await enrolment.account_of_liaison(person.code, at)).id


async def _reached(person: Unbound, channels: Collection[str], at: datetime) -> bool:
    return await staff_message.has_address(await _account(person, at), channels)


async def _invite(person: Unbound, token: str, by: Actor, at: datetime) -> Invited:
    account, until = await _account(person, at), at + SHEET_LIFE
    await event.record(f"account:{account}", "enrolment.bind", by=by, at=at)
    await Invitation.create(
        token_sha256=tokens.hashed(token), purpose="bind", account_id=account, made_by=by.mark, made_at=at,
        expires_at=until,
    )  # fmt: skip
    return Invited(person.name, person.detail, person.role, token, until)
