"""未告知人员: whom a choice of recipients leaves out is an event of the trail and a line on the office's desk (Art. 5-7).

The line goes when the person has an account (and then reads what was missed), when the message has gone out after
all, or when somebody of the office writes down how the person was told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from models import store
from models.operations import event, outbox
from models.queries.left_out import names
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import CLOCK, Actor, Role, require
from models.rules.left_out import LeftOutReason, Missing, Whose
from models.tables import Account, LeftOut, Notice, Outbox

ARTICLE = "5-7"
NAMED = 5  # people in one message to the office
STAFF = "staff"  # a text message or an e-mail that stands for a message of the chat
SILENT = ("card", "notice.paper")  # a card drawn again, the copy of a letter that has its own trail


async def note(
    missing: Iterable[Missing],
    about: str,
    *,
    key: str,
    at: datetime,
    chain: str,
    task: str = "",
    owed: str = "",
) -> None:
    """Write down who is not told. `about`: the kind of message. Part of an act; written once per `key`."""
    await note_together([(person, chain, task, key) for person in missing], about, at=at, owed=owed)


async def note_together(
    lines: Sequence[tuple[Missing, str, str, str]], about: str, *, at: datetime, owed: str = ""
) -> None:
    """Lines of (who, chain, task, key): an event for each chain, and one message to the office for all.

    `owed`: the message that still goes out if a channel turns up.
    """
    rows_ = {
        name(key, person): LeftOut(
            key=name(key, person),
            chain=chain,
            task=task,
            whose=person.whose,
            of=person.of,
            why=person.why,
            about=about,
            owed=owed,
            at=at,
        )
        for person, chain, task, key in lines
    }
    known = {row.key for row in await LeftOut.filter(key__in=list(rows_))} if rows_ else set()
    fresh = [row for key, row in rows_.items() if key not in known]
    await store.insert(fresh, once="key")
    chains: dict[str, list[LeftOut]] = defaultdict(list)
    for row in fresh:
        chains[row.chain].append(row)
    for chain, rows in chains.items():
        left = list(dict.fromkeys(Missing(row.whose, row.of, row.why).mark for row in rows))
        await event.record(chain, "told.left_out", by=CLOCK, at=at, about=about, left=left)
    if unknown := [
        row for row in fresh if row.why != LeftOutReason.LEFT
    ]:  # who has left was flagged when it was known
        await _tell_office(unknown, about, at)


def name(key: str, person: Missing) -> str:
    """The line that says of one person that a message of this key had no reader."""
    return f"{key}:{person.whose}:{person.of}"


async def _tell_office(rows: list[LeftOut], about: str, at: datetime) -> None:
    """The office is told once for the whole act; without an office the line waits for it on the desk."""
    people = list(dict.fromkeys(Missing(row.whose, row.of, row.why) for row in rows))
    called = await names(people[:NAMED])
    params: dict[str, Any] = {
        "about": about, "tasks": list(dict.fromkeys(row.task for row in rows if row.task))[:NAMED], "n": len(people),
        "people": [{"name": called[person], "whose": person.whose, "why": person.why} for person in people[:NAMED]],
    }  # fmt: skip
    first = sha256(rows[0].key.encode()).hexdigest()[:32]
    for office in await Account.filter(role=Role.OFFICE, disabled_at=None):
        await outbox.enqueue(office, "told.left_out", key=f"left_out:{first}:{office.id}", at=at, **params)


def missing(account: Account, why: LeftOutReason) -> Missing:
    """An account as somebody who is left out."""
    of = {
        Role.INSPECTOR: (Whose.INSPECTOR, account.inspector_id), Role.HEAD: (Whose.HEAD, account.department),
        Role.ENTITY: (Whose.ENTITY, account.target_id), Role.LIAISON: (Whose.LIAISON, account.department),
    }.get(account.role)  # fmt: skip
    return Missing(of[0], str(of[1]), why) if of else Missing(Whose.OFFICE, str(account.id), why)


async def undelivered(
    row: Outbox, account: Account, why: LeftOutReason, *, at: datetime, waits: bool = False
) -> None:
    """A message owed to an account does not arrive. `waits`: it still goes out when a channel turns up. Part of an act."""
    if row.kind == STAFF:
        key, about, data = row.payload["first"], row.payload["word"], row.payload["data"]
    else:
        key, about, data = row.key, row.kind, row.payload
    if about in SILENT:
        return
    task, person = await _task_of(data), missing(account, why)
    if person.whose == Whose.ENTITY and await LeftOut.exists(
        whose=person.whose, of=person.of, about=about, task=task, settled_at=None
    ):
        return  # it was said when the message was owed
    chain = (
        f"task:{task}" if task else f"batch:{data['batch']}" if data.get("batch") else f"account:{account.id}"
    )
    lines = [(person, chain, task, f"owed:{key}"[:160])]
    await note_together(lines, about, at=at, owed=key if waits else "")


async def _task_of(data: Mapping[str, Any]) -> str:
    """The task that a message is about, as far as it names one."""
    if data.get("task"):
        return str(data["task"])
    if listed := data.get("tasks"):
        return str(listed[0]["task"] if isinstance(listed[0], Mapping) else listed[0])
    notice = await Notice.get_or_none(id=data["notice"]).select_related("task") if "notice" in data else None
    return str(notice.task.number) if notice else ""


async def account_opened(account: Account, *, at: datetime) -> None:
    """Somebody has an account now: what was missed is owed to them in one message. Part of an act."""
    person = missing(account, LeftOutReason.NO_ACCOUNT)
    whose = [Whose.INSPECTOR, Whose.LEADER] if person.whose == Whose.INSPECTOR else [person.whose]
    of = [person.of] if person.whose != Whose.OFFICE else [""]
    rows = await LeftOut.filter(
        whose__in=whose, of__in=of, why=LeftOutReason.NO_ACCOUNT, settled_at=None
    ).order_by("id")
    if not rows:
        return
    listed = list(dict.fromkeys((row.about, row.task) for row in rows))
    await outbox.enqueue(
        account, "told.missed", key=f"missed:{account.id}:{rows[-1].id}", at=at,
        missed=[{"about": about, "task": task} for about, task in listed],
    )  # fmt: skip
    await _settle(rows, "", CLOCK, at, how="account")


async def channel_found(key: str, *, at: datetime) -> None:
    """A message that waited for a channel goes out after all. Part of an act."""
    await _settle(await LeftOut.filter(owed=key, settled_at=None), "", CLOCK, at, how="channel")


@store.transactional
async def told_otherwise(whose: str, of: str, until: int, remark: str, *, by: Actor, at: datetime) -> int:
    """The office writes down how somebody was told of everything up to the line `until`; how many lines that settles."""
    require(by, Role.OFFICE, article=ARTICLE)
    words = text.visible(remark).strip()
    if not words:
        raise Refusal("left_out.no_words", article=ARTICLE)
    rows = (
        await LeftOut.filter(whose=whose, of=of, id__lte=until, settled_at=None)
        if whose in tuple(Whose)
        else []
    )
    await _settle(rows, words[:500], by, at)
    return len(rows)


async def _settle(rows: Sequence[LeftOut], remark: str, by: Actor, at: datetime, how: str = "person") -> None:
    chains: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        row.settled_at, row.settled_by, row.settled = at, by.mark, remark or how
        await row.save(update_fields=["settled_at", "settled_by", "settled"])
        chains[row.chain].append(Missing(row.whose, row.of, row.why).mark)
    for chain, left in sorted(chains.items()):
        await event.record(chain, "told.settled", by=by, at=at, left=left, how=how, said=remark)
