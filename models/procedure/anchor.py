"""每日存证: each day the root over all chains is written down, published and, where agreed, stamped.

After it nobody can change, drop or backdate an event of that day without the published root telling
(Art. 16 (3), 20). A day closed late says when it was closed; a day not stamped says so.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta

from tortoise.functions import Max, Min

from models import store
from models.district import District
from models.operations import event
from models.queries.anchor import AnchoredDay, day_of, statement
from models.refusal import Refusal
from models.rules import anchor as rules
from models.rules import merkle, timestamp
from models.rules.actor import CLOCK, Actor
from models.rules.anchor import End
from models.rules.visit import instant, local_day
from models.tables import Anchor, Event

BATCH = 300
ONE = timedelta(days=1)


@store.transactional
async def close_day(day: date, *, by: Actor, at: datetime, district: District) -> Anchor:
    """Write down the root of a day that is over; one closed already is given back as it is.

    A chain counts up to its first event of the next day, whatever came to be written after that.
    Raises Refusal for a day that is not over, or that lies before one already closed.
    """
    if there := await Anchor.get_or_none(day=day):
        return there
    before = await Anchor.all().order_by("number")
    if local_day(at) <= day:
        raise Refusal("anchor.day_not_over", article="16(3)", day=day)
    if before and before[-1].day > day:
        raise Refusal("anchor.day_passed", article="16(3)", day=day, last=before[-1].day)
    number, previous = len(before) + 1, before[-1].root if before else rules.BEFORE_ALL
    ends = await _grown(day, before)
    log = [hashed for row in before for hashed in _leaves(row)]
    earlier = len(log)
    log += rules.leaves(number, day, previous, ends)
    anchor = await Anchor.create(
        number=number,
        day=day,
        origin=" ".join(district.name.split()),
        ends=[list(end) for end in ends],
        size=len(log),
        root=merkle.root(log).hex(),
        previous=previous,
        consistency=[step.hex() for step in merkle.consistency(log, earlier)],
        closed_at=at,
        closed_by=by.mark,
    )
    await event.record(
        rules.CHAIN,
        "anchor.closed",
        by=by,
        at=at,
        rows=[anchor],
        day=str(day),
        size=anchor.size,
        root=anchor.root,
    )
    return anchor


async def due(at: datetime, district: District, *, by: Actor = CLOCK) -> list[AnchoredDay]:
    """Close every day that is over and not closed, from the first event's on; what was closed now."""
    last = await Anchor.all().order_by("-number").first()
    first = None if last else await Event.all().order_by("at").first()
    if last is None and first is None:
        return []
    day = last.day + ONE if last else local_day(first.at)  # type: ignore[union-attr]
    closed = []
    while day < local_day(at):
        closed.append(day_of(await close_day(day, by=by, at=at, district=district)))
        day += ONE
    return closed


async def unstamped(limit: int = 50) -> list[tuple[date, bytes]]:
    """Days that wait for a time stamp, the oldest first, with the bytes to be stamped."""
    waiting = await Anchor.filter(stamp="").order_by("number").limit(limit)
    return [(row.day, statement(row).text.encode()) for row in waiting]


@store.transactional
async def stamped(day: date, response: bytes, *, by: Actor, at: datetime) -> None:
    """Keep an authority's response to a day's statement; the first one stays. Raises timestamp.BadStamp."""
    anchor = await Anchor.get(day=day)
    if not anchor.stamp:
        stamp = timestamp.read(response, statement(anchor).text.encode())
        anchor.stamp, anchor.stamped_at = b64encode(response).decode(), stamp.at
        await anchor.save(update_fields=["stamp", "stamped_at"])
        serial = str(stamp.serial)
        await event.record(
            rules.CHAIN, "anchor.stamped", by=by, at=at, rows=[anchor], day=str(day), serial=serial,
            **({"changed": stamp.changed} if stamp.changed else {}),
        )  # fmt: skip


async def _grown(day: date, before: list[Anchor]) -> list[End]:
    """The ends of the chains that grew since the last root."""
    known = {chain: length for row in before for chain, length, _ in row.ends}
    begins = instant(day + ONE, time())
    lasts = await Event.all().annotate(n=Max("seq")).group_by("chain").values_list("chain", "n")
    nexts = Event.filter(at__gte=begins).annotate(n=Min("seq")).group_by("chain")
    cut = {str(chain): seq - 1 for chain, seq in await nexts.values_list("chain", "n")}
    grown = {
        chain: cut.get(chain, last) for chain, last in lasts if cut.get(chain, last) > known.get(chain, 0)
    }
    return [end async for end in _ends(grown)]


async def _ends(lengths: dict[str, int]) -> AsyncIterator[End]:
    names = sorted(lengths)
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        rows = await Event.filter(chain__in=some).values_list("chain", "seq", "sha256")
        hashes = {(chain, seq): sha256 for chain, seq, sha256 in rows}
        for chain in some:
            yield End(chain, lengths[chain], hashes[chain, lengths[chain]])


def _leaves(anchor: Anchor) -> list[bytes]:
    return list(rules.leaves(anchor.number, anchor.day, anchor.previous, (End(*end) for end in anchor.ends)))
