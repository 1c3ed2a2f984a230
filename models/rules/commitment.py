"""What is fixed before any entropy exists (Art. 14 (1)): rules, pool, roster, and their hash.

Whoever holds the commitment can tell afterwards that no target was slipped in or out, no inspector chosen, no
second draw made. Art. 3 (3): targets under a complaint clue stay in the pool and are sealed in the holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.refusal import Refusal
from models.rules import crew
from models.rules.committable import check, check_holds, check_sealed
from models.rules.drawfiles import ARTICLE, lines, normal, ordered, sha256, split, sums, table
from models.rules.drawrows import (
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
    roster = [RosterRow(normal(r.certificate), r.department, tuple(sorted(r.areas)), r.lead) for r in roster]
    recusals = [RecusalRow(r.id, normal(r.certificate), RecusalGround(r.ground)) for r in recusals]
    check_holds(holds, {row.id for row in pool})
    sealed = [hold.sealed for hold in holds]
    sealed += [padding(32).hex() for _ in range(-len(sealed) % 10 or (0 if sealed else 10))]
    check(rules, pool, roster, recusals, exclusions)
    files = {
        "rules.json": encode_rules(rules),
        "pool.tsv": ordered(pool),
        "roster.tsv": ordered(
            (r.certificate, r.department, ",".join(r.areas), "1" if r.lead else "0") for r in roster
        ),
        "recusals.tsv": ordered(recusals),
        "exclusions.tsv": ordered(exclusions),
        "holds.tsv": lines(sorted(sealed)),
    }
    return read_commitment(files | {"SHA256SUMS": sums(files)})


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
    check(rules, pool, roster, recusals, exclusions)
    check_sealed(sealed)
    for name in FILES[:-1]:
        rows = split(fixed[name], name)
        for number, (before, after) in enumerate(pairwise(rows), 2):
            if before > after:
                raise Refusal("draw.file_row_malformed", ARTICLE, file=name, row=number)
    return Commitment(
        rules,
        pool,
        roster,
        recusals,
        exclusions,
        frozenset(sealed),
        {name: files[name] for name in (*FILES, "SHA256SUMS")},
        sha256(files["SHA256SUMS"]),
    )


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
