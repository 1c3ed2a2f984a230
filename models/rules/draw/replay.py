"""Who sits where and which team has which target, after all that happened since the draw (Art. 14, 15)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from models.refusal import Refusal
from models.rules.draw.crew import Seat, by_ticket
from models.rules.draw.files import refuse_duplicates
from models.rules.draw.matching import Match, Matcher, matches
from models.rules.draw.reassignment import ReassignmentRow
from models.rules.draw.removal import Removal
from models.rules.draw.rows import Commitment, Hold, PoolRow, RosterRow
from models.rules.draw.sampling import Sample
from models.rules.draw.substitution import (
    ALL,
    NOBODY,
    LeavingOfficer,
    Reason,
    Substitution,
    check_unfit,
    successor,
)

Team = tuple[str, int]


class DrawState:
    """Replays what happened and works out what happens next; an instance belongs to one computation."""

    def __init__(self, seed: bytes, committed: Commitment, sample: Sample, seats: Sequence[Seat]) -> None:
        self.matcher = Matcher(seed, committed.rules.areas, seats, committed.recusals)
        self.sealed = committed.sealed
        self.seats = seats
        self.holder: list[str] = [seat.certificate for seat in seats]
        self.seat_of = {certificate: number for number, certificate in enumerate(self.holder)}
        self.vacated: dict[str, int] = {}
        self.seats_of: dict[Team, list[int]] = {}
        for number, seat in enumerate(seats):
            self.seats_of.setdefault((seat.area, seat.team), []).append(number)
        self.targets: dict[Team, set[str]] = {team: set() for team in self.seats_of}
        self.team_of: dict[str, Team] = {}
        self.covers: dict[str, dict[int, str]] = {}
        self.pool = committed.pool
        self.cut = sample.cut
        self.reserve = {stratum: iter(ids) for stratum, ids in sample.reserve.items()}
        self.roster: dict[str, list[RosterRow]] = {}
        for row in by_ticket(seed, committed.roster):
            self.roster.setdefault(row.department, []).append(row)

    @cached_property
    def row(self) -> dict[str, PoolRow]:
        """Row of the pool by id, made when a removal first asks."""
        return {row.id: row for row in self.pool}

    def match_drawn(self, sample: Sample) -> list[Match]:
        """Section 5: the drawn targets get their teams."""
        drawn = {row.id for row in sample.drawn}
        area_of = {id: area for id, _, area in self.pool if id in drawn}
        rows = matches(self.matcher, ((row.id, area_of[row.id]) for row in sample.drawn))
        for match in rows:
            self.take_on(match.id, (match.area, match.team))
        return rows

    def take_matches(self, rows: Iterable[Match]) -> None:
        """Teams as somebody else gave them to the targets."""
        for match in rows:
            self.take_on(match.id, (match.area, match.team))
            self.matcher.loads[match.area].add(match.team, 1)

    def take_on(self, id: str, team: Team) -> None:
        self.team_of[id] = team
        self.targets[team].add(id)

    def remove(self, hold: Hold, time: str) -> tuple[Removal, Match | None]:
        """Section 3: open a hold; the next of the stratum's reserve comes in and gets its team."""
        if hold.sealed not in self.sealed:
            raise Refusal("draw.not_on_hold", "3", id=hold.id)
        if hold.id not in self.team_of:
            raise Refusal("draw.target_not_in_play", "3", id=hold.id)
        self._let_go(hold.id)
        stratum = self.row[hold.id].stratum
        replacement = next(self.reserve[stratum], NOBODY)
        if replacement == NOBODY and stratum in self.cut:
            raise ValueError(f"the reserve of {stratum} was cut too short; sample with more to spare")
        row = Removal(hold.id, hold.ground, hold.document, hold.salt.hex(), replacement, "-", None, time)
        if replacement == NOBODY:
            return row, None
        match = self.matcher.match(replacement, self.row[replacement].area)
        self.take_on(match.id, (match.area, match.team))
        return row._replace(area=match.area, team=match.team), match

    def reassign(self, id: str, to: int, time: str) -> ReassignmentRow:
        """改派: another team of the area takes the target; refused to one with a member who must stay away from it."""
        if id not in self.team_of:
            raise Refusal("draw.target_not_in_play", "15", id=id)
        area, team = self.team_of[id]
        if to == team or (area, to) not in self.seats_of:
            raise Refusal("reassignment.no_such_team", "15", area=area, team=to)
        if recused := [who for who in self.holders((area, to)) if self._recused(id, who)]:
            raise Refusal("reassignment.recused", "14(2)", certificate=recused[0])
        self._let_go(id)
        self.take_on(id, (area, to))
        self.matcher.loads[area].add(to, 1)
        return ReassignmentRow(id, area, team, to, time)

    def holders(self, team: Team) -> list[str]:
        """Who holds a team's seats now, the empty ones left out."""
        return [self.holder[n] for n in self.seats_of[team] if self.holder[n] != NOBODY]

    def _let_go(self, id: str) -> None:
        area, team = self.team_of.pop(id)
        self.targets[area, team].discard(id)
        self.covers.pop(id, None)
        self.matcher.loads[area].add(team, -1)

    def excuse(self, match: Match, time: str, unfit: Mapping[str, str]) -> list[Substitution]:
        """Section 5, last lines: every recused member is substituted for this target alone."""
        leaving = [LeavingOfficer(certificate, Reason.RECUSAL, (match.id,)) for certificate in match.recused]
        return self.substitute(leaving, time, unfit, ())

    def substitute(
        self, leaving: Sequence[LeavingOfficer], time: str, unfit: Mapping[str, str], visited: Collection[str]
    ) -> list[Substitution]:
        """Section 6, several at once: leaders first, then by the outgoing certificate's bytes."""
        placed = [(self._place(pair), pair) for pair in leaving]
        placed.sort(key=lambda pair: (not self.seats[pair[0]].leader, pair[1].certificate))
        refuse_duplicates(leaving, "draw.leaving_twice", "leaving")
        gone = {pair.certificate for pair in leaving}
        check_unfit(unfit)
        rows: list[Substitution] = []
        for number, officer in placed:
            row = self._succeed(number, officer, gone, time, unfit, visited)
            self.apply(row)
            rows.append(row)
            rows += self._relieve(row, number, gone, time, unfit)
        return rows

    def _succeed(
        self,
        number: int,
        leaving: LeavingOfficer,
        gone: Collection[str],
        time: str,
        unfit: Mapping[str, str],
        visited: Collection[str],
    ) -> Substitution:
        seat = self.seats[number]
        everything = self.targets[seat.area, seat.team] - set(visited)
        concerned = sorted(everything) if leaving.ids == ALL else leaving.ids
        there = gone if leaving.ids == ALL else {*gone, *self._covering(leaving.ids)}
        incoming, passed = successor(self._idle(seat, there), concerned, self._recused, unfit)
        return Substitution(
            seat.area,
            seat.team,
            leaving.ids,
            leaving.certificate,
            incoming,
            passed,
            leaving.reason,
            seat.department,
            time,
        )

    def _relieve(
        self, row: Substitution, number: int, gone: Collection[str], time: str, unfit: Mapping[str, str]
    ) -> list[Substitution]:
        """One who took a seat for good cannot also stand in for a colleague at the same targets."""
        if row.ids != ALL or row.incoming == NOBODY:
            return []
        team, rows = (row.area, row.team), []
        for id in sorted(self.targets[team]):
            for other, substitute in sorted(self.covers.get(id, {}).items()):
                if substitute == row.incoming and other != number:
                    leaving = LeavingOfficer(substitute, row.reason, (id,))
                    rows.append(self._succeed(other, leaving, gone, time, unfit, ()))
                    self.apply(rows[-1])
        return rows

    def _place(self, leaving: LeavingOfficer) -> int:
        """The seat concerned; refuses one who does not serve there."""
        if leaving.ids == ALL:
            number = self.seat_of.get(leaving.certificate, self.vacated.get(leaving.certificate))
        else:
            number = self._seat_at(leaving)
        if number is None:
            raise Refusal("draw.not_seated", "14(2)", certificate=leaving.certificate)
        return number

    def _seat_at(self, leaving: LeavingOfficer) -> int | None:
        if not leaving.ids or list(leaving.ids) != sorted(set(leaving.ids)):
            raise Refusal("draw.ids_malformed", "14(2)", ids=leaving.ids)
        if gone := [id for id in leaving.ids if id not in self.team_of]:
            raise Refusal("draw.target_not_in_play", "14(2)", id=gone[0])
        serving = [self._serving(id) for id in leaving.ids]
        numbers = {seats.get(leaving.certificate) for seats in serving}
        return numbers.pop() if len(numbers) == 1 else None

    def _serving(self, id: str) -> dict[str, int]:
        """Who inspects the target, and in whose seat; one who stands in and has a seat too, in the former."""
        covers = {n: who for n, who in self.covers.get(id, {}).items() if who != NOBODY}
        own = {self.holder[n]: n for n in self.seats_of[self.team_of[id]] if n not in covers}
        return own | {who: n for n, who in covers.items()}

    def members(self, id: str) -> list[tuple[Seat, str]]:
        """The seats of the target's team and who fills each of them for this target (`NOBODY`: vacant)."""
        covers = self.covers.get(id, {})
        return [(self.seats[n], covers.get(n, self.holder[n])) for n in self.seats_of[self.team_of[id]]]

    def _covering(self, ids: Iterable[str]) -> set[str]:
        return {substitute for id in ids for substitute in self.covers.get(id, {}).values()}

    def _idle(self, seat: Seat, excepted: Collection[str]) -> Iterator[RosterRow]:
        for row in self.roster.get(seat.department, ()):
            if row.certificate in self.seat_of or row.certificate in excepted:
                continue
            if seat.area in row.areas and (row.lead or not seat.leader):
                yield row

    def _recused(self, id: str, certificate: str) -> bool:
        return certificate in self.matcher.recused.get(id, ())

    def apply(self, row: Substitution) -> None:
        """Let a substitution take effect."""
        ids = row.ids if row.ids == ALL else tuple(id for id in row.ids if id in self.team_of)
        if not ids:
            return
        number = self._place(LeavingOfficer(row.out, row.reason, ids))
        if ids != ALL:
            for id in ids:
                self.covers.setdefault(id, {})[number] = row.incoming
            return
        self.seat_of.pop(row.out, None)
        self.vacated.pop(row.out, None)
        self.matcher.team_of.pop(row.out, None)
        self.holder[number] = row.incoming
        if row.incoming == NOBODY:
            self.vacated[row.out] = number
            return
        self.seat_of[row.incoming] = number
        self.matcher.team_of[row.incoming] = (row.area, row.team)
