"""Which targets are drawn (Art. 14 (1)): per stratum the smallest tickets, the rest in reserve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from models.rules.draw.files import lines

SLACK = 1000
ID_LENGTH = 22
HIGHEST = b"\xff" * 33


class Drawn(NamedTuple):
    """A drawn target. `rank` counts from 1 by ticket, over all strata."""

    rank: int
    stratum: str
    id: str
    ticket: bytes


@dataclass(frozen=True, slots=True)
class Sample:
    """The drawn by rank; per stratum the rest, in the order in which they would replace one.

    `cut`: strata whose reserve is known only as far as was asked for.
    """

    drawn: tuple[Drawn, ...]
    reserve: Mapping[str, tuple[str, ...]]
    cut: frozenset[str] = frozenset()


class Candidates(NamedTuple):
    """The smallest (ticket, id) of a part of the pool, by stratum; the strata of which more was dropped."""

    smallest: Mapping[str, Sequence[tuple[bytes, str]]]
    dropped: frozenset[str] = frozenset()


def sample(
    seed: bytes, strata: Mapping[str, int], pool: Iterable[tuple[str, str, str]], spare: int | None = None
) -> Sample:
    """Draw `strata[s]` targets of each stratum `s`.

    With `spare` only so many of each reserve are kept: a pool of any size then streams through little memory.
    """
    needs = None if spare is None else {stratum: count + spare for stratum, count in strata.items()}
    return settle(strata, [candidates(seed, strata, pool, needs)], needs)


def candidates(
    seed: bytes,
    strata: Iterable[str],
    pool: Iterable[tuple[str, str, str]],
    needs: Mapping[str, int] | None = None,
) -> Candidates:
    """Hash a part of the pool; parts can be hashed apart, one per core, and settled together."""
    prefix = seed + b"T"
    data: dict[str, list[tuple[bytes, str]]] = {stratum: [] for stratum in strata}
    if needs is None:
        for id, stratum, _ in pool:
            data[stratum].append((sha256(prefix + id.encode()).digest(), id))
        return Candidates(data)
    limit = dict.fromkeys(data, HIGHEST)
    for id, stratum, _ in pool:
        ticket = sha256(prefix + id.encode()).digest()
        if ticket < limit[stratum]:
            rows = data[stratum]
            rows.append((ticket, id))
            if len(rows) > 2 * needs[stratum] + SLACK:
                limit[stratum] = _trim(rows, needs[stratum])
    return _trimmed(data, limit, needs)


def candidates_of_lines(
    seed: bytes, strata: Iterable[str], chunks: Iterable[Sequence[bytes]], needs: Mapping[str, int]
) -> Candidates:
    """The same from chunks of lines of `pool.tsv`: most lines are hashed and never looked at again."""
    prefix = seed + b"T"
    data: dict[str, list[tuple[bytes, str]]] = {stratum: [] for stratum in strata}
    limit = dict.fromkeys(data, HIGHEST)
    for chunk in chunks:
        highest = max(limit.values(), default=b"")
        tickets = [sha256(prefix + line[:ID_LENGTH]).digest() for line in chunk]
        for number in [n for n, ticket in enumerate(tickets) if ticket < highest]:
            id, stratum, _ = chunk[number].decode().split("\t")
            if tickets[number] < limit[stratum]:
                data[stratum].append((tickets[number], id))
        for stratum, rows in data.items():
            if len(rows) > 2 * needs[stratum] + SLACK:
                limit[stratum] = _trim(rows, needs[stratum])
    return _trimmed(data, limit, needs)


def _trim(rows: list[tuple[bytes, str]], need: int) -> bytes:
    """Drop all but the smallest; the ticket from which on nothing is needed any more."""
    rows.sort(key=itemgetter(0))
    del rows[need:]
    return rows[-1][0] if rows else b""


def _trimmed(
    data: dict[str, list[tuple[bytes, str]]], limit: Mapping[str, bytes], needs: Mapping[str, int]
) -> Candidates:
    dropped = {s for s, results in data.items() if limit[s] != HIGHEST or len(results) > needs[s]}
    for stratum, rows in data.items():
        _trim(rows, needs[stratum])
    return Candidates(data, frozenset(dropped))


def settle(
    strata: Mapping[str, int], parts: Sequence[Candidates], needs: Mapping[str, int] | None = None
) -> Sample:
    """The draw over all parts of the pool."""
    chosen: list[tuple[bytes, str, str]] = []
    reserve: dict[str, tuple[str, ...]] = {}
    cut = set()
    for stratum, count in strata.items():
        in_order = sorted(chain.from_iterable(part.smallest[stratum] for part in parts), key=itemgetter(0))
        if needs is not None:
            if len(in_order) > needs[stratum] or any(stratum in part.dropped for part in parts):
                cut.add(stratum)
            del in_order[needs[stratum] :]
        chosen += [(ticket, stratum, id) for ticket, id in in_order[:count]]
        reserve[stratum] = tuple(id for _, id in in_order[count:])
    chosen.sort()
    drawn = tuple(Drawn(rank, stratum, id, ticket) for rank, (ticket, stratum, id) in enumerate(chosen, 1))
    return Sample(drawn, reserve, frozenset(cut))


def drawn_file(drawn: Iterable[Drawn]) -> bytes:
    """`drawn.tsv`, by rank as a number."""
    return lines(f"{d.rank}\t{d.stratum}\t{d.id}\t{d.ticket.hex()}" for d in drawn)
