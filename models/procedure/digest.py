"""召集人月报: on a month's first working day the convenor is told what the month before came to (Art. 5, 6, 21)."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import recipients
from models.procedure.conference import CHAIN
from models.queries.digest import AGAIN, KIND, failed_digests, turns_of
from models.refusal import Refusal
from models.rules.actor import CLOCK, COURIER, Actor, Role, require
from models.rules.digest import days_of_month, month_told
from models.rules.visit import instant, local_day
from models.tables import Event, Outbox, OutboxState

ARTICLE = "21"


async def sweep(*, at: datetime, district: District) -> int:
    """Owe the month's digest once to each address of the convenor, in its holder's chat where there is one; how many
    were owed.

    Not in the quiet hours, and not of a month of which this house knows nothing. What fell due while the server was off
    is told when it is back.
    """
    month = month_told(local_day(at), district.calendar)
    if not district.convenor or not month or district.quiet_hours.hold(at):
        return 0
    if await event.find_by_key(f"digest:{month}"):
        return 0
    return await _owe(month, at=at, district=district)


@store.transactional
async def _owe(month: str, *, at: datetime, district: District) -> int:
    _, last = days_of_month(month)
    if not await Event.exists(at__lt=instant(last, datetime.max.time())):
        return 0
    chats = await recipients.chats_of(district.convenor)
    by_address = [pair for pair in district.convenor if pair not in chats]
    names = [await _enqueue(month, channel, address, 1, at) for channel, address in by_address]
    in_chat = [await _in_chat(month, account, at) for account in dict.fromkeys(chats.values())]
    channels = sorted({channel for channel, _ in by_address} | ({"chat"} if in_chat else set()))
    await event.record(
        CHAIN, "conference.digest", by=CLOCK, at=at, key=f"digest:{month}", month=month, channels=channels, names=names,
    )  # fmt: skip
    return len(names) + len(in_chat)


async def _in_chat(month: str, account: int, at: datetime) -> bool:
    """The digest in a chat, once; where the chat is gone meanwhile it goes on as any message to an official does."""
    return await outbox.enqueue(account, KIND, key=f"digest:{month}:chat:{account}", at=at, month=month)


async def _enqueue(month: str, channel: str, address: str, turn: int, at: datetime) -> str:
    """One digest on its way for the n-th time; its name there."""
    name = sha256(f"{month}:{channel}:{address}:{turn}".encode()).hexdigest()[:32]
    await outbox.enqueue_to_address(
        channel, address, KIND, key=f"digest:{month}:{name}", at=at, reference=name, month=month
    )
    return name


@store.transactional
async def send_again(
    month: str, *, by: Actor, at: datetime, district: District, key: str | None = None
) -> int:
    """The office has a month's digest sent to those of the convenor's addresses of today that it did not reach; to how many.

    Raises Refusal `digest.not_failed` where all went out, `digest.nobody` where no address is set any more.
    """
    require(by, Role.OFFICE, article=ARTICLE)
    if known := await event.find_by_key(key):
        return len(known.data["names"]) + int(known.data.get("chats", 0))
    days_of_month(month)
    if not any(lost.month == month for lost in await failed_digests()):
        raise Refusal("digest.not_failed", article=ARTICLE, month=month)
    if not district.convenor:
        raise Refusal("digest.nobody", article=ARTICLE)
    turns = await turns_of(month)
    rows = await Outbox.filter(reference__in=[name for names in turns for name in names]).exclude(
        state=OutboxState.FAILED
    )
    reached = {(row.channel, row.address) for row in rows}
    left = [pair for pair in district.convenor if pair not in reached]
    everybody = await recipients.chats_of(district.convenor)
    chats = {pair: account for pair, account in everybody.items() if pair in left}
    names = [await _enqueue(month, *pair, len(turns) + 1, at) for pair in left if pair not in chats]
    in_chat = [await _in_chat(month, account, at) for account in dict.fromkeys(chats.values())]
    await event.record(CHAIN, AGAIN, by=by, at=at, key=key, month=month, names=names, chats=sum(in_chat))
    return len(names) + sum(in_chat)


async def came_back(owed: Outbox, outcome: str, *, at: datetime, key: str, detail: str) -> None:
    """A server returned a digest that another had taken: it was not delivered. Part of an act."""
    if outcome != "bounced" or await event.find_by_key(key):
        return
    await Outbox.filter(id=owed.id).update(state=OutboxState.FAILED, error=detail[:2000])
    await event.record(
        CHAIN, "conference.digest_returned", by=COURIER, at=at, key=key, month=owed.payload["month"], channel=owed.channel,
    )  # fmt: skip
