"""A draw from its entropy to its last substitution (Art. 14): every step gives the draw as it then is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.refusal import Refusal
from models.rules.crew import Seat, crews, teams_file
from models.rules.drawfiles import instant, sha256, stamp, sums
from models.rules.drawrows import Commitment, Hold, Key, keys_file
from models.rules.entropy import check_reveals, entropy_file, pledges_file, seed
from models.rules.matching import Match, matches_file
from models.rules.removal import Removal, removals_file
from models.rules.sampling import Sample, drawn_file, sample
from models.rules.standing import Standing
from models.rules.substitution import Leaving, Substitution, substitutions_file

LATER = ("removals.tsv", "substitutions.tsv")
FIT: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Draw:
    """What was fixed, what chance said, what followed from it, and what happened since."""

    committed: Commitment
    pledges: tuple[str, ...]
    values: tuple[str, ...]
    seed: bytes
    sample: Sample
    seats: tuple[Seat, ...]
    matches: tuple[Match, ...]
    removals: tuple[Removal, ...] = ()
    substitutions: tuple[Substitution, ...] = ()

    def rank(self, id: str) -> int:
        """The rank of a drawn target or of a replacement, which comes after the last."""
        ranks = {drawn.id: drawn.rank for drawn in self.sample.drawn}
        for row in self.removals:
            if row.team is not None:
                ranks[row.replacement] = len(ranks) + 1
        return ranks[id]


def hold(
    committed: Commitment,
    pledges: Sequence[str],
    values: Sequence[str],
    at: datetime,
    unfit: Mapping[str, str] = FIT,
) -> Draw:
    """Draw targets, inspectors and teams, and match them.

    `values`: one per source in their order, `pledges`: one per witness. `unfit`: certificate to `expired`,
    `leave:HEX` or `moved:HEX` for inspectors who cannot stand in where every team has a recused member.
    """
    rules = committed.rules
    check_reveals(rules, committed.commitment, pledges, values)
    key = seed(rules.draw, committed.commitment, entropy_file(rules, values))
    chosen = sample(key, rules.strata, committed.pool)
    seats = tuple(crews(key, rules, committed.roster))
    standing = Standing(key, committed, chosen, seats)
    matched = standing.match_drawn(chosen)
    excused = [row for match in matched for row in standing.excuse(match, stamp(at), unfit)]
    return Draw(
        committed, tuple(pledges), tuple(values), key, chosen, seats, tuple(matched), (), tuple(excused)
    )


def remove(draw: Draw, holds: Sequence[Hold], at: datetime, unfit: Mapping[str, str] = FIT) -> Draw:
    """Open the holds of drawn targets, one or several at once; the reserve of each stratum replaces them."""
    _after(draw.substitutions[-1:], at, strictly=True)
    _after(draw.removals[-1:], at)
    standing = stand(draw)
    removals, excused, pending = list(draw.removals), list(draw.substitutions), sorted(holds)
    while pending:
        ready = [one for one in pending if one.id in standing.team_of]
        one = (ready or pending)[0]
        row, match = standing.remove(one, stamp(at))
        _in_order(removals[-1:], row)
        removals.append(row)
        if match:
            excused += standing.excuse(match, stamp(at), unfit)
        pending.remove(one)
    return replace(draw, removals=tuple(removals), substitutions=tuple(excused))


def substitute(
    draw: Draw,
    leaving: Sequence[Leaving],
    at: datetime,
    unfit: Mapping[str, str] = FIT,
    visited: Collection[str] = (),
) -> Draw:
    """The next tickets for those who fall out, one or several at once. `visited`: ids no longer concerned."""
    _after(draw.substitutions[-1:], at, strictly=True)
    _after(draw.removals[-1:], at)
    rows = stand(draw).substitute(leaving, stamp(at), unfit, visited)
    return replace(draw, substitutions=(*draw.substitutions, *rows))


def stand(draw: Draw) -> Standing:
    """Who sits where and which team has which target now. At one instant removals come first."""
    standing = Standing(draw.seed, draw.committed, draw.sample, draw.seats)
    standing.match_drawn(draw.sample)
    happened: list[Removal | Substitution] = [*draw.removals, *draw.substitutions]
    happened.sort(key=lambda row: instant(row.time))
    for row in happened:
        if isinstance(row, Substitution):
            standing.apply(row)
        elif standing.remove(row.hold, row.time)[0] != row:
            raise Refusal("draw.removal_differs", "3", id=row.id)
    return standing


def _after(last: Sequence[Removal] | Sequence[Substitution], at: datetime, *, strictly: bool = False) -> None:
    """Rows are in order of time: what happened is never rewritten."""
    if last and (at < instant(last[0].time) or (strictly and at == instant(last[0].time))):
        raise Refusal("draw.time_not_after_last", "14", last=last[0].time, at=stamp(at))


def _in_order(last: Sequence[Removal], row: Removal) -> None:
    same = last and instant(last[0].time) == instant(row.time)
    if same and row.id < last[0].id and last[0].replacement != row.id:
        raise Refusal("draw.time_not_after_last", "14", last=last[0].time, at=row.time)


def result_files(draw: Draw) -> dict[str, bytes]:
    """Section 7: everything that follows from the commitment, as it is published."""
    return {
        "pledges.tsv": pledges_file(draw.committed.rules, draw.pledges),
        "entropy.txt": entropy_file(draw.committed.rules, draw.values),
        "drawn.tsv": drawn_file(draw.sample.drawn),
        "teams.tsv": teams_file(draw.seats),
        "matches.tsv": matches_file(draw.matches),
        "removals.tsv": removals_file(draw.removals),
        "substitutions.tsv": substitutions_file(draw.substitutions),
    }


def results_hash(draw: Draw) -> str:
    """SHA-256 hex published at once: over a `sha256sum` list of what the entropy alone decides."""
    files = result_files(draw)
    return sha256(sums({name: data for name, data in files.items() if name not in LATER}))


def course_hash(draw: Draw) -> str:
    """The same with removals and substitutions, published with the bundle."""
    return sha256(sums(result_files(draw)))


def bundle_files(draw: Draw, keys: Sequence[Key] | None = None) -> dict[str, bytes]:
    """Every file of the bundle; with `keys` the full edition, for witnesses, auditors and courts."""
    files = {**draw.committed.files, **result_files(draw)}
    return files if keys is None else {**files, "keys.tsv": keys_file(keys)}
