"""收件人: whoever is to hear of something is chosen here and nowhere else (Art. 5-7, 15, 16).

Every choice says whom it reaches and whom it leaves out, with the reason; `tell` and `tell_together` owe the message
to the first and write the others into the trail and onto the office's desk. Nothing else in `models.procedure` owes a
message to an account, save the channels of letters and of officials' news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from models.operations import outbox
from models.procedure import left_out
from models.queries.person import has_left
from models.queries.unreachable import chat_of_each
from models.rules import text
from models.rules.actor import Role
from models.rules.left_out import LeftOutReason, Missing, Whose
from models.rules.phone import mobile
from models.rules.registry.rows import InspectorStatus
from models.tables import Account, Assignment, Binding, Task


@dataclass(frozen=True, slots=True)
class Recipients:
    """`accounts`: who is told, each once; `missing`: who ought to be and is not; `officers`: of the accounts those of
    inspectors, each of whom is told for themselves.
    """

    accounts: tuple[int, ...] = ()
    missing: tuple[Missing, ...] = ()
    officers: frozenset[int] = frozenset()

    def __add__(self, other: Recipients) -> Recipients:
        return Recipients(
            tuple(dict.fromkeys((*self.accounts, *other.accounts))),
            tuple(dict.fromkeys((*self.missing, *other.missing))),
            self.officers | other.officers,
        )

    def one_is_enough(self) -> Recipients:
        """Where anybody is told, the others are reached through that one."""
        return Recipients(self.accounts, (), self.officers) if self.accounts else self

    def but(self, *accounts: int | None) -> Recipients:
        """Without whoever did it, or is told otherwise in the same act."""
        told = tuple(account for account in self.accounts if account not in accounts)
        return Recipients(told, self.missing, self.officers)


class NewsItem(NamedTuple):
    """One thing of many that somebody is told about in one message: `chain` is the trail that says who was left out."""

    to: Recipients
    chain: str
    task: str
    item: Any


async def officers(codes: Iterable[object], whose: Whose = Whose.INSPECTOR) -> Recipients:
    """Inspectors by code."""
    wanted = list(dict.fromkeys(str(code) for code in codes if code))
    return _sorted(whose, wanted, await _of_officers(wanted), "inspector_id")


async def each_officer(codes: Iterable[object]) -> dict[str, Recipients]:
    """Each inspector apart, asked for at once."""
    wanted = list(dict.fromkeys(str(code) for code in codes if code))
    return _each(Whose.INSPECTOR, wanted, await _of_officers(wanted), "inspector_id")


async def _of_officers(codes: list[str]) -> list[Account]:
    """Their accounts, each with the register's row."""
    rows = Account.filter(inspector_id__in=codes).select_related("inspector").order_by("id")
    return await rows if codes else []


async def each_head(departments: Iterable[object]) -> dict[str, Recipients]:
    """The heads of each department apart, asked for at once."""
    wanted = list(dict.fromkeys(str(code) for code in departments if code))
    rows = await Account.filter(role=Role.HEAD, department__in=wanted).order_by("id") if wanted else []
    return _each(Whose.HEAD, wanted, rows, "department")


async def team(task: Task) -> Recipients:
    """Everybody who serves in the task."""
    seats = Assignment.filter(task=task, until=None).order_by("-leader", "id")
    return await officers(await seats.values_list("inspector_id", flat=True))


async def names(of: Recipients) -> list[str]:
    """Of the officers among those who are told, as the trail names them."""
    rows = Account.filter(id__in=list(of.accounts), inspector_id__not_isnull=True).order_by("id")
    return [text.name(row.inspector.name) for row in await rows.select_related("inspector") if row.inspector]


async def section(task: Task, department: str) -> Recipients:
    """The officers of a department in the task, and the leader."""
    seats = await Assignment.filter(task=task, until=None).order_by("-leader", "id")
    return await officers(seat.inspector_id for seat in seats if seat.leader or seat.department == department)


async def leader(task: Task) -> Recipients:
    seat = await Assignment.get_or_none(task=task, leader=True, until=None)
    if seat is None:
        return nobody_leads(task)
    return await officers([seat.inspector_id], Whose.LEADER)


def nobody_leads(task: Task) -> Recipients:
    """The leader's seat is empty."""
    return Recipients((), (Missing(Whose.LEADER, task.number, LeftOutReason.NOBODY),))


async def heads(departments: Iterable[object]) -> Recipients:
    """Every head of each department."""
    wanted = list(dict.fromkeys(str(code) for code in departments if code))
    rows = await Account.filter(role=Role.HEAD, department__in=wanted).order_by("id") if wanted else []
    return _sorted(Whose.HEAD, wanted, rows, "department")


async def liaisons(departments: Iterable[object]) -> Recipients:
    """The liaisons of departments that have one."""
    wanted = list(dict.fromkeys(str(code) for code in departments if code))
    rows = Account.filter(role=Role.LIAISON, department__in=wanted, disabled_at=None).order_by("id")
    return Recipients(tuple([row.id for row in await rows]))


async def each_liaison(departments: Iterable[object]) -> dict[str, Recipients]:
    """The liaisons of each department apart, of those that have one."""
    wanted = list(dict.fromkeys(str(code) for code in departments if code))
    rows = Account.filter(role=Role.LIAISON, department__in=wanted, disabled_at=None).order_by("id")
    recipients = dict.fromkeys(wanted, Recipients())
    for row in await rows if wanted else []:
        recipients[str(row.department)] += Recipients((row.id,))
    return recipients


async def office() -> Recipients:
    there = [
        account.id for account in await Account.filter(role=Role.OFFICE, disabled_at=None).order_by("id")
    ]
    return Recipients(tuple(there), () if there else (Missing(Whose.OFFICE, "", LeftOutReason.NO_ACCOUNT),))


async def person(account: Account | int | None) -> Recipients:
    """One account: whoever asked, or whose account it is."""
    known = await Account.get_or_none(id=account) if isinstance(account, int) else account
    if known is None:
        return Recipients()
    if known.disabled_at is not None:
        return Recipients((), (left_out.missing(known, LeftOutReason.DISABLED),))
    if await has_left(known):
        return Recipients((), (left_out.missing(known, LeftOutReason.LEFT),))
    return Recipients((known.id,))


async def sender(telegram_id: int | None) -> Recipients:
    """The person of the register behind a chat. A stranger is none: what came from one stands on the desk itself."""
    bound = Binding.filter(telegram_id=telegram_id, ended_at=None, account__disabled_at=None).order_by("id")
    binding = await bound.first()
    return Recipients((binding.account_id,)) if binding else Recipients()


async def _in_one_chat(accounts: Collection[int], officers: Collection[int]) -> dict[int, int]:
    """By account the first of them that speaks for the same department, in the same role, in the same chat: who has two
    such accounts hears of a thing once. In another role it is another message, with other buttons.
    """
    people = dict(zip(accounts, accounts, strict=True))
    asked = [account for account in people if account not in officers]
    if len(asked) < 2:
        return people
    rows = Binding.filter(account_id__in=asked, ended_at=None, blocked_at=None, account__inspector_id=None)
    columns = ("account_id", "telegram_id", "account__role", "account__department")
    holders = {int(str(account)): tuple(rest) for account, *rest in await rows.values_list(*columns)}
    first: dict[object, int] = {}
    return {account: first.setdefault(holders.get(account, account), account) for account in people}


def _sorted(whose: Whose, wanted: list[str], rows: list[Account], column: str) -> Recipients:
    return sum(_each(whose, wanted, rows, column).values(), Recipients())


def _each(whose: Whose, wanted: list[str], rows: list[Account], column: str) -> dict[str, Recipients]:
    theirs: dict[str, list[Account]] = defaultdict(list)
    for row in rows:
        theirs[str(getattr(row, column))].append(row)
    recipients = {}
    for code in wanted:
        open_ = [account for account in theirs[code] if account.disabled_at is None]
        usable = tuple(account.id for account in open_ if not _left(account))
        why = (
            LeftOutReason.LEFT
            if open_
            else LeftOutReason.DISABLED
            if theirs[code]
            else LeftOutReason.NO_ACCOUNT
        )
        known = frozenset(usable) if column == "inspector_id" else frozenset[int]()
        recipients[code] = Recipients(usable, () if usable else (Missing(whose, code, why),), known)
    return recipients


def _left(account: Account) -> bool:
    officer = account.inspector if account.inspector_id else None
    return officer is not None and officer.status == InspectorStatus.LEFT


async def tell(
    to: Recipients, kind: str, *, key: str, at: datetime, chain: str, lane: int = outbox.BULK, **payload: Any
) -> None:
    """Owe the message to each recipient, once per `key`; `chain` says who was left out. Part of an act."""
    people = await _in_one_chat(to.accounts, to.officers)
    owed_to = dict.fromkeys(people[account] for account in to.accounts)
    await outbox.owe_all(
        kind, {account: (f"{key}:{account}", payload) for account in owed_to}, at=at, lane=lane
    )
    task = str(payload.get("task") or next(iter(payload.get("tasks") or ()), ""))
    waits = to.accounts and all(
        missing.why == LeftOutReason.NO_CHAT for missing in to.missing
    )  # its account has it, once there is a chat
    owed = f"{key}:{to.accounts[0]}" if waits else ""
    await left_out.note(to.missing, kind, key=key, at=at, chain=chain, task=task, owed=owed)


async def tell_together(
    pieces: Iterable[NewsItem],
    kind: str,
    *,
    at: datetime,
    key: Callable[[int, list[Any]], str],
    payload: Callable[[list[Any]], dict[str, Any]],
    lane: int = outbox.BULK,
) -> None:
    """One message for each person, whatever the number of pieces. Who is left out is said in each piece's trail."""
    theirs: dict[int, list[Any]] = defaultdict(list)
    apart: dict[Missing, list[NewsItem]] = defaultdict(list)
    officers: set[int] = set()
    for piece in pieces:
        officers |= piece.to.officers
        for account in piece.to.accounts:
            theirs[account].append(piece.item)
        for missing in piece.to.missing:
            apart[missing].append(piece)
    people = await _in_one_chat(theirs, officers)
    for account in [account for account, first in people.items() if first != account]:
        mine = theirs[people[account]]
        mine += [item for item in theirs.pop(account) if item not in mine]
    owed = {account: (key(account, mine), payload(mine)) for account, mine in theirs.items()}
    await outbox.owe_all(kind, owed, at=at, lane=lane)
    await left_out.note_together(
        [(unreached, piece.chain, piece.task, key(0, [piece.item])) for unreached, pieces_ in apart.items() for piece in pieces_],
        kind, at=at,
    )  # fmt: skip


async def chats_of(addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """By channel and address the account of the official who has it and can be told in a chat; the office's first. Who
    has several accounts in one chat is one."""
    rows = Account.filter(role__in=[Role.OFFICE, Role.HEAD, Role.LIAISON], disabled_at=None).order_by("id")
    chats: dict[tuple[str, str], int] = {}
    if not addresses:
        return chats
    accounts = sorted(await rows, key=lambda account: account.role != Role.OFFICE)
    there = await chat_of_each([account.id for account in accounts])
    for account in accounts:
        for own in (("sms", mobile(account.phone) or ""), ("email", account.email)):
            if own in addresses and account.id in there:
                chats.setdefault(own, account.id)
    first: dict[int, int] = {}
    for account in accounts:
        if account.id in chats.values():
            first.setdefault(there[account.id], account.id)
    return {own: first[there[account]] for own, account in chats.items()}
