"""What is fixed before any entropy exists (Art. 14 (1)): rules, pool, roster, and their hash.

Whoever holds the commitment can tell afterwards that no target was slipped in or out, no inspector chosen, no
second draw made. Art. 3 (3): targets under a complaint clue stay in the pool and are sealed in the holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from operator import attrgetter

from models.refusal import Refusal
from models.rules.draw import crew
from models.rules.draw.files import ARTICLE, lines, normal, sha256, split, sums, table
from models.rules.draw.preconditions import ID, check, check_holds, check_sealed
from models.rules.draw.rows import (
    Commitment,
    DrawRules,
    ExclusionRow,
    Hold,
    PoolRow,
    RecusalGround,
    RecusalRow,
    RosterRow,
    decode_rules,
    encode_rules,
)

FILES = ("exclusions.tsv", "holds.tsv", "pool.tsv", "recusals.tsv", "roster.tsv", "rules.json")


@dataclass(frozen=True, slots=True)
class Certain:
    """What is known before any ticket, printed on the commit page."""

    strata: tuple[str, ...]
    areas: tuple[str, ...]
    inspectors: tuple[str, ...]


def commit(
    rules: DrawRules,
    pool: Sequence[PoolRow],
    roster: Sequence[RosterRow],
    recusals: Sequence[RecusalRow] = (),
    exclusions: Sequence[ExclusionRow] = (),
    holds: Sequence[Hold] = (),
    *,
    padding: Callable[[int], bytes],
) -> Commitment:
    """Fix a draw. `padding(n)` gives n random bytes that hide how many holds there are.

    Refuses, with numbers, whatever section 1 of the draw's page refuses.
    """
    check_holds(holds, {row.id for row in pool} if holds else set())
    sealed = [hold.sealed for hold in holds]
    sealed += [padding(32).hex() for _ in range(-len(sealed) % 10 or (0 if sealed else 10))]
    check_sealed(sealed)
    people = (RosterRow(normal(r.certificate), r.department, tuple(sorted(r.areas)), r.lead) for r in roster)
    known = (RecusalRow(r.id, normal(r.certificate), RecusalGround(r.ground)) for r in recusals)
    return _fixed(
        rules,
        tuple(sorted(pool, key=attrgetter("id"))),
        tuple(sorted(people)),
        tuple(sorted(known)),
        tuple(sorted(ExclusionRow(_subject(row.subject), row.ground) for row in exclusions)),
        frozenset(sealed),
    )


def _subject(text: str) -> str:
    """An id as it is, a certificate normalised."""
    return text if ID.fullmatch(text) else normal(text)


def _fixed(
    rules: DrawRules,
    pool: tuple[PoolRow, ...],
    roster: tuple[RosterRow, ...],
    recusals: tuple[RecusalRow, ...],
    exclusions: tuple[ExclusionRow, ...],
    sealed: frozenset[str],
) -> Commitment:
    """Rows sorted by their fields are sorted by their bytes: no field holds anything below TAB."""
    check(rules, pool, roster, recusals, exclusions)
    people = ((r.certificate, r.department, ",".join(r.areas), "1" if r.lead else "0") for r in roster)
    files = {
        "rules.json": encode_rules(rules),
        "pool.tsv": lines(map("\t".join, pool)),
        "roster.tsv": lines(map("\t".join, people)),
        "recusals.tsv": lines(map("\t".join, recusals)),
        "exclusions.tsv": lines(map("\t".join, exclusions)),
        "holds.tsv": lines(sorted(sealed)),
    }
    summed = sums(files)
    files["SHA256SUMS"] = summed
    return Commitment(rules, pool, roster, recusals, exclusions, sealed, files, sha256(summed))


def read_commitment(files: Mapping[str, bytes]) -> Commitment:
    """The committed files as values; refuses any byte that `commit` would not have written."""
    if missing := [name for name in (*FILES, "SHA256SUMS") if name not in files]:
        raise Refusal("draw.file_missing", ARTICLE, file=missing[0])
    fixed = {name: files[name] for name in FILES}
    if files["SHA256SUMS"] != sums(fixed):
        raise Refusal("draw.sums_differ", ARTICLE)
    rules = decode_rules(fixed["rules.json"])
    pool = tuple(PoolRow(*row) for row in table(fixed["pool.tsv"], "pool.tsv", 3))
    roster = tuple(_roster_row(n, r) for n, r in enumerate(table(fixed["roster.tsv"], "roster.tsv", 4), 1))
    recusals = tuple(
        _recusal_row(n, row) for n, row in enumerate(table(fixed["recusals.tsv"], "recusals.tsv", 3), 1)
    )
    exclusions = tuple(ExclusionRow(*row) for row in table(fixed["exclusions.tsv"], "exclusions.tsv", 2))
    sealed = split(fixed["holds.tsv"], "holds.tsv")
    check_sealed(sealed)
    read = _fixed(rules, pool, roster, recusals, exclusions, frozenset(sealed))
    if name := next((name for name in FILES if read.files[name] != fixed[name]), None):
        raise Refusal(
            "draw.file_row_malformed", ARTICLE, file=name, row=_first_unlike(read.files[name], fixed[name])
        )
    for name in FILES[:-1]:
        _check_order(name, fixed[name])
    return read


def _check_order(name: str, data: bytes) -> None:
    rows = data.split(b"\n")[:-1]
    if disorder := next((n for n, (a, b) in enumerate(pairwise(rows), 2) if a > b), None):
        raise Refusal("draw.file_row_malformed", ARTICLE, file=name, row=disorder)


def _first_unlike(left: bytes, other: bytes) -> int:
    rows = zip_longest(left.split(b"\n"), other.split(b"\n"))
    return next(n for n, (a, b) in enumerate(rows, 1) if a != b)


def certain(rules: DrawRules, pool: Iterable[PoolRow], roster: Sequence[RosterRow]) -> Certain:
    """Strata drawn whole, areas with one team, inspectors without whom a department cannot fill its seats."""
    sizes = Counter(row.stratum for row in pool)
    needed = (crew.indispensable(rules, department, roster) for department in rules.crew)
    return Certain(
        tuple(sorted(s for s, count in rules.strata.items() if count and count == sizes[s])),
        tuple(sorted(a for a, teams in rules.areas.items() if teams == 1)),
        tuple(sorted(certificate for group in needed for certificate in group)),
    )


def _roster_row(number: int, row: Sequence[str]) -> RosterRow:
    certificate, department, areas, lead = row
    if lead not in ("0", "1"):
        raise Refusal("draw.file_row_malformed", ARTICLE, file="roster.tsv", row=number)
    return RosterRow(certificate, department, tuple(areas.split(",")), lead == "1")


def _recusal_row(number: int, row: Sequence[str]) -> RecusalRow:
    try:
        return RecusalRow(row[0], row[1], RecusalGround(row[2]))
    except ValueError:
        raise Refusal("draw.file_row_malformed", ARTICLE, file="recusals.tsv", row=number) from None
