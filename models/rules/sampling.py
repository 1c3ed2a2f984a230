"""Which targets are drawn (Art. 14 (1)): per stratum the smallest tickets, the rest in reserve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from models.rules.drawfiles import lines
from models.rules.drawrows import PoolRow


class Drawn(NamedTuple):
    """A drawn target. `rank` counts from 1 by ticket, over all strata."""

    rank: int
    stratum: str
    id: str
    ticket: bytes


@dataclass(frozen=True, slots=True)
class Sample:
    """The drawn by rank; per stratum the rest, in the order in which they would replace one."""

    drawn: tuple[Drawn, ...]
    reserve: Mapping[str, tuple[str, ...]]


def sample(seed: bytes, strata: Mapping[str, int], pool: Iterable[PoolRow]) -> Sample:
    """Draw `strata[s]` targets of each stratum `s`."""
    prefix = seed + b"T"
    tickets: dict[str, list[tuple[bytes, str]]] = {stratum: [] for stratum in strata}
    for id, stratum, _ in pool:
        tickets[stratum].append((sha256(prefix + id.encode()).digest(), id))
    chosen: list[tuple[bytes, str, str]] = []
    reserve: dict[str, tuple[str, ...]] = {}
    for stratum, count in strata.items():
        by_ticket = sorted(tickets[stratum])
        chosen += [(ticket, stratum, id) for ticket, id in by_ticket[:count]]
        reserve[stratum] = tuple(id for _, id in by_ticket[count:])
    chosen.sort()
    drawn = tuple(Drawn(rank, stratum, id, ticket) for rank, (ticket, stratum, id) in enumerate(chosen, 1))
    return Sample(drawn, reserve)


def drawn_file(drawn: Iterable[Drawn]) -> bytes:
    """`drawn.tsv`, by rank as a number."""
    return lines(f"{d.rank}\t{d.stratum}\t{d.id}\t{d.ticket.hex()}" for d in drawn)
