"""A draw from its entropy to its last substitution (Art. 14): every step gives the draw as it then is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from heapq import heapify, heappop, heappush

from models.refusal import Refusal
from models.rules.draw.crew import Seat, crews, teams_file
from models.rules.draw.entropy import check_reveals, entropy_file, pledges_file, seed
from models.rules.draw.files import instant, refuse_duplicates, sha256, stamp, sums
from models.rules.draw.matching import Match, matches_file
from models.rules.draw.reassignment import FILE as REASSIGNMENTS
from models.rules.draw.reassignment import ReassignmentRow, reassignments_file
from models.rules.draw.removal import Removal, removals_file
from models.rules.draw.replay import DrawState
from models.rules.draw.rows import Commitment, Hold, Mode, PseudonymKey, keys_file
from models.rules.draw.sampling import Sample, drawn_file, sample
from models.rules.draw.substitution import ALL, LeavingOfficer, Substitution, substitutions_file

LATER = ("removals.tsv", "substitutions.tsv", REASSIGNMENTS)
FIT: Mapping[str, str] = {}
MOMENT = timedelta(minutes=1)
Happened = Removal | Substitution | ReassignmentRow


@dataclass(frozen=True)
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
    reassignments: tuple[ReassignmentRow, ...] = ()

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Ranks of the drawn, and of replacements, which come after the last."""
        ranks = {drawn.id: drawn.rank for drawn in self.sample.drawn}
        for row in self.removals:
            if row.team is not None:
                ranks[row.replacement] = len(ranks) + 1
        return ranks

    def rank(self, id: str) -> int:
        """The rank of a drawn target or of a replacement."""
        return self.ranks[id]


def hold(
    committed: Commitment,
    pledges: Sequence[str],
    values: Sequence[str],
    at: datetime,
    unfit: Mapping[str, str] = FIT,
    holds: Sequence[Hold] = (),
) -> Draw:
    """Draw targets, inspectors and teams, match them, and open those of `holds` that chance has drawn.

    `values`: one per source in their order, `pledges`: one per witness. `unfit`: certificate to `expired`,
    `leave:HEX` or `moved:HEX` for inspectors who cannot stand in where every team has a recused member.
    """
    rules = committed.rules
    check_reveals(rules, committed.commitment, pledges, values)
    key = seed(rules.draw, committed.commitment, entropy_file(rules, values))
    # Each removal opens a sealed row of its own, so no more of a reserve can ever be used.
    chosen = sample(key, rules.strata, committed.pool, spare=len(committed.sealed))
    seats = tuple(crews(key, rules, committed.roster))
    standing = DrawState(key, committed, chosen, seats)
    matched = tuple(standing.match_drawn(chosen))
    removals, arrived, _ = _open(standing, holds, stamp(at))
    excused = _excuse(standing, (*matched, *arrived), at, unfit)
    return Draw(committed, tuple(pledges), tuple(values), key, chosen, seats, matched, removals, excused)


def remove(draw: Draw, holds: Sequence[Hold], at: datetime, unfit: Mapping[str, str] = FIT) -> Draw:
    """Open the holds of drawn targets, one or several at once; the reserve of each stratum replaces them."""
    _after([row for row in draw.substitutions if row.ids == ALL], at, strictly=True)
    _after(draw.substitutions, at)
    _after(draw.removals, at)
    _after(draw.reassignments, at)
    standing = stand(draw)
    removals, arrived, unknown = _open(standing, holds, stamp(at))
    if unknown:
        raise Refusal("draw.target_not_in_play", "3", id=unknown[0])
    _in_order(draw.removals, removals)
    excused = _excuse(standing, arrived, at, unfit)
    return replace(draw, removals=(*draw.removals, *removals), substitutions=(*draw.substitutions, *excused))


def _open(
    standing: DrawState, holds: Sequence[Hold], time: str
) -> tuple[tuple[Removal, ...], tuple[Match, ...], list[str]]:
    """Removals in order of id, a replacement's own as soon as it is in; what came in; the ids not in play."""
    refuse_duplicates((hold.id for hold in holds), "draw.hold_twice", "id")
    closed = {hold.id: hold for hold in holds}
    ready = [id for id in closed if id in standing.team_of]
    heapify(ready)
    removals: list[Removal] = []
    arrived: list[Match] = []
    while ready:
        row, match = standing.remove(closed.pop(heappop(ready)), time)
        removals.append(row)
        if match:
            arrived.append(match)
            if match.id in closed:
                heappush(ready, match.id)
    return tuple(removals), tuple(arrived), sorted(closed)


def _excuse(
    standing: DrawState, matched: Sequence[Match], at: datetime, unfit: Mapping[str, str]
) -> tuple[Substitution, ...]:
    staying = [match for match in matched if match.recused and match.id in standing.team_of]
    return tuple(row for match in staying for row in standing.excuse(match, stamp(at), unfit))


def substitute(
    draw: Draw,
    leaving: Sequence[LeavingOfficer],
    at: datetime,
    unfit: Mapping[str, str] = FIT,
    visited: Collection[str] = (),
) -> Draw:
    """The next tickets for those who fall out, one or several at once. `visited`: ids no longer concerned."""
    _after(draw.substitutions, at)
    _after(draw.removals, at)
    _after(draw.reassignments, at)
    rows = stand(draw).substitute(leaving, stamp(at), unfit, visited)
    departments = {row.department for row in rows}
    _after([row for row in draw.substitutions if row.department in departments], at, strictly=True)
    return replace(draw, substitutions=(*draw.substitutions, *rows))


def reassign(draw: Draw, id: str, to: int, at: datetime) -> Draw:
    """Another team of the area takes a target; alone at its instant, after all that happened."""
    for rows in (draw.removals, draw.substitutions, draw.reassignments):
        _after(rows, at, strictly=True)
    row = stand(draw).reassign(id, to, stamp(at))
    return replace(draw, reassignments=(*draw.reassignments, row))


def stand(draw: Draw) -> DrawState:
    """Who sits where and which team has which target now. At one instant reassignments come first, then removals."""
    standing = DrawState(draw.seed, draw.committed, draw.sample, draw.seats)
    if draw.committed.rules.mode is Mode.PLATFORM:
        standing.take_matches(draw.matches)
    else:
        standing.match_drawn(draw.sample)
    happened: list[Happened] = [*draw.reassignments, *draw.removals, *draw.substitutions]
    happened.sort(key=lambda row: instant(row.time))
    for row in happened:
        if isinstance(row, Substitution):
            standing.apply(row)
        elif isinstance(row, ReassignmentRow):
            standing.reassign(row.id, row.to, row.time)
        elif standing.remove(row.hold, row.time)[0] != row:
            raise Refusal("draw.removal_differs", "3", id=row.id)
    return standing


def in_turn(draw: Draw, at: datetime) -> datetime:
    """The instant that a substitution of `at` is written with: right after the last row where that came in the same
    moment, or overtook it by less than `MOMENT`. Rows stay in order, none is refused for having been pressed fast.
    """
    rows: list[Happened] = [*draw.removals, *draw.substitutions, *draw.reassignments]
    last = max((instant(row.time) for row in rows), default=at - MOMENT)
    return last + timedelta(microseconds=1) if timedelta(0) <= last - at < MOMENT else at


def _after(rows: Sequence[Happened], at: datetime, *, strictly: bool = False) -> None:
    """Rows are in order of time: what happened is never rewritten."""
    last = instant(rows[-1].time) if rows else at
    if at < last or (rows and strictly and at == last):
        raise Refusal("draw.time_not_after_last", "14", last=rows[-1].time, at=stamp(at))


def _in_order(before: Sequence[Removal], rows: Sequence[Removal]) -> None:
    """At one instant removals are in order of id; only one that came in at that instant may follow later."""
    at_once = [row for row in before if rows and instant(row.time) == instant(rows[0].time)]
    arrived = {row.replacement for row in at_once}
    if at_once and (early := [row for row in rows if row.id < at_once[-1].id and row.id not in arrived]):
        raise Refusal("draw.time_not_after_last", "14", last=at_once[-1].time, at=early[0].time)


def result_files(draw: Draw) -> dict[str, bytes]:
    """Section 7: everything that follows from the commitment, as it is published."""
    files = {
        "pledges.tsv": pledges_file(draw.committed.rules, draw.pledges),
        "entropy.txt": entropy_file(draw.committed.rules, draw.values),
        "drawn.tsv": drawn_file(draw.sample.drawn),
        "teams.tsv": teams_file(draw.seats),
        "matches.tsv": matches_file(draw.matches),
        "removals.tsv": removals_file(draw.removals),
        "substitutions.tsv": substitutions_file(draw.substitutions),
    }
    return files | ({REASSIGNMENTS: reassignments_file(draw.reassignments)} if draw.reassignments else {})


def results_hash(draw: Draw) -> str:
    """SHA-256 hex published at once: over a `sha256sum` list of what the entropy alone decides."""
    files = result_files(draw)
    return sha256(sums({name: data for name, data in files.items() if name not in LATER}))


def course_hash(draw: Draw) -> str:
    """The same with removals and substitutions, published with the bundle."""
    return sha256(sums(result_files(draw)))


def bundle_files(draw: Draw, keys: Sequence[PseudonymKey] | None = None) -> dict[str, bytes]:
    """Every file of the bundle; with `keys` the full edition, for witnesses, auditors and courts."""
    files = {**draw.committed.files, **result_files(draw)}
    return files if keys is None else {**files, "keys.tsv": keys_file(keys)}
