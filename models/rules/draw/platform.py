"""A draw that the provincial platform held, as it was brought in by file (Art. 8, 14): fixed, never repeated.

It has the files of every draw, without any source of chance; its hash covers the outcome too. Whoever steps in later
comes by ticket of a seed made from that hash, which was fixed when the file was taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from models.refusal import Refusal
from models.rules.draw import Draw, result_files
from models.rules.draw.crew import Seat
from models.rules.draw.files import ARTICLE, ordered, sha256, sums, table
from models.rules.draw.matching import Match
from models.rules.draw.rows import (
    Commitment,
    DrawRules,
    Mode,
    PoolRow,
    RecusalGround,
    RecusalRow,
    RosterRow,
    decode_rules,
    encode_rules,
)
from models.rules.draw.sampling import Drawn, Sample

CEREMONY = "ceremony.tsv"
OUTCOME = ("drawn.tsv", "entropy.txt", "matches.tsv", "pledges.tsv", "teams.tsv", CEREMONY)
SUMS = "SHA256SUMS"


def brought_in(
    rules: DrawRules,
    pool: Sequence[PoolRow],
    roster: Sequence[RosterRow],
    recusals: Sequence[RecusalRow],
    seats: Sequence[Seat],
    matches: Sequence[Match],
    ceremony: bytes,
) -> Draw:
    """The draw as its file has it. `pool`: the drawn targets in their order; `ceremony`: which file, who, when."""
    assert rules.mode is Mode.PLATFORM
    files = {
        "rules.json": encode_rules(rules),
        "pool.tsv": ordered(pool),
        "roster.tsv": ordered(
            (r.certificate, r.department, ",".join(r.areas), "1" if r.lead else "0") for r in roster
        ),
        "recusals.tsv": ordered(recusals),
        "exclusions.tsv": b"",
        "holds.tsv": b"",
    }
    drawn = tuple(Drawn(rank, row.stratum, row.id, b"") for rank, row in enumerate(pool, 1))
    sample = Sample(drawn, dict.fromkeys(rules.strata, ()))
    bare = Commitment(rules, tuple(pool), tuple(roster), tuple(recusals), (), frozenset(), files, "")
    draw = Draw(bare, (), (), b"", sample, tuple(seats), tuple(matches))
    outcome = {**result_files(draw), CEREMONY: ceremony}
    summed = sums(files | {name: outcome[name] for name in OUTCOME})
    fixed = Commitment(
        rules, tuple(pool), tuple(roster), tuple(recusals), (), frozenset(), {**files, SUMS: summed}, sha256(summed)
    )  # fmt: skip
    return Draw(fixed, (), (), succession(fixed.commitment), sample, tuple(seats), tuple(matches))


def succession(commitment: str) -> bytes:
    """The seed of the tickets by which officers step in; it says nothing about who was drawn."""
    return hashlib.sha256(f"shuangsuiji/platform/1\n{commitment}".encode()).digest()


def read_back(files: Mapping[str, bytes], results: Mapping[str, bytes], ceremony: bytes) -> Draw:
    """The same from its own bytes; refuses any that are not those of its hash."""
    fixed = {name: data for name, data in files.items() if name != SUMS}
    if files[SUMS] != sums(fixed | {name: results[name] for name in OUTCOME[:-1]} | {CEREMONY: ceremony}):
        raise Refusal("draw.sums_differ", ARTICLE)
    rules = decode_rules(files["rules.json"])
    drawn = table(results["drawn.tsv"], "drawn.tsv", 4)
    pool = {row[0]: PoolRow(*row) for row in table(files["pool.tsv"], "pool.tsv", 3)}
    roster = [
        RosterRow(row[0], row[1], tuple(row[2].split(",")), row[3] == "1")
        for row in table(files["roster.tsv"], "roster.tsv", 4)
    ]
    recusals = [
        RecusalRow(row[0], row[1], RecusalGround(row[2]))
        for row in table(files["recusals.tsv"], "recusals.tsv", 3)
    ]
    seats = [
        Seat(row[0], int(row[1]), row[2], row[3], row[4] == "1") for row in table(results["teams.tsv"], "teams.tsv", 5)
    ]  # fmt: skip
    matches = [Match(row[0], row[1], int(row[2])) for row in table(results["matches.tsv"], "matches.tsv", 3)]
    return brought_in(rules, [pool[row[2]] for row in drawn], roster, recusals, seats, matches, ceremony)


def ceremony_file(file_sha256: str, time: str, account: str, batch: str) -> bytes:
    """`ceremony.tsv`: from which file it was taken, when, by which account."""
    return ordered([(f"platform:{batch}", "file", time, account, file_sha256)])
