"""测算: what a scheme's batches come to: pool and quantity by class, officers and seats by department and area (Art. 13, 14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.refusal import Refusal
from models.rules.draw import crew as crews
from models.rules.draw.eligible import Eligible
from models.rules.draw.rows import DrawRules, RosterRow
from models.rules.plan import Entry
from models.rules.scheme import BatchPlan, ClassSum, Forecast, forecast
from models.rules.workdays import Calendar


@dataclass(frozen=True, slots=True)
class ClassFigure:
    """`pool`: eligible targets; `due`: what the plan's rate asks of them; `count`: what is to be drawn; `spent`: targets
    left out because of their year."""

    stratum: str
    pool: int
    due: int
    count: int
    spent: int


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """Officers of a department who may be sent into an area, and the seats it has there; the same for leaders, where
    the department leads. An officer of several areas is counted in each."""

    area: str
    seats: int
    officers: int
    leader_seats: int
    leaders: int

    @property
    def short(self) -> bool:
        return self.officers < self.seats or self.leaders < self.leader_seats


@dataclass(frozen=True, slots=True)
class CrewFigure:
    """`visits`: officer visits, a target times its officers; `tenths`: of them a working day, in tenths, rounded up;
    `reserve`: officers beyond the seats, who can take over; negative where they are too few."""

    department: str
    seats: int
    officers: int
    visits: int
    tenths: int
    areas: tuple[AreaFigure, ...]

    @property
    def reserve(self) -> int:
        return self.officers - self.seats

    @property
    def short(self) -> bool:
        return self.reserve < 0 or any(area.short for area in self.areas)


@dataclass(frozen=True, slots=True)
class CrewShortage:
    """A department that could fill only `filled` of its `seats` in a batch today: its draw could not be committed."""

    batch: str
    department: str
    seats: int
    filled: int


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """`bottleneck`: the department with the fewest officers for its seats, and its area; the first by letter of equals."""

    code: str
    classes: tuple[ClassFigure, ...]
    crews: tuple[CrewFigure, ...]
    load: Forecast
    bottleneck: tuple[str, AreaFigure] | None
    shortages: tuple[CrewShortage, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemeFigures:
    batches: tuple[BatchFigures, ...]
    sums: tuple[ClassSum, ...]

    @property
    def shortages(self) -> tuple[CrewShortage, ...]:
        return tuple(short for batch in self.batches for short in batch.shortages)


def figures_of(
    batch: BatchPlan, entry: Entry, initiating: str, eligible: Eligible, calendar: Calendar
) -> BatchFigures:
    """One batch, held against the targets and officers eligible today."""
    load, sizes = forecast(batch, calendar), eligible.sizes
    figures = tuple(_crew(batch, initiating, name, eligible.roster, load) for name in sorted(batch.crew))
    classes = tuple(
        ClassFigure(name, sizes[name], entry.due_from(name, sizes[name]), count, eligible.spent.get(name, 0))
        for name, count in sorted(batch.strata.items())
    )
    short = shortages_of(batch, initiating, eligible.roster)
    return BatchFigures(batch.code, classes, figures, load, _bottleneck(figures), short)


def shortages_of(batch: BatchPlan, initiating: str, roster: Sequence[RosterRow]) -> tuple[CrewShortage, ...]:
    """Whose officers do not fill the seats, by the same rule that the commit asks (Art. 14 (2))."""
    rules = DrawRules(batch.code, batch.teams, batch.crew, initiating, batch.strata, tuple(batch.entropy))
    shortages = []
    for department in sorted(batch.crew):
        try:
            crews.check(rules, department, roster)
        except Refusal as short:
            shortages.append(
                CrewShortage(batch.code, department, short.params["seats"], short.params["filled"])
            )
    return tuple(shortages)


def _crew(
    batch: BatchPlan, initiating: str, department: str, roster: Iterable[RosterRow], load: Forecast
) -> CrewFigure:
    own, a_team = [row for row in roster if row.department == department], batch.crew[department]
    leads = department == initiating
    areas = tuple(
        AreaFigure(
            area, a_team * teams, sum(area in row.areas for row in own), teams if leads else 0,
            sum(row.lead and area in row.areas for row in own) if leads else 0,
        )
        for area, teams in sorted(batch.teams.items())
    )  # fmt: skip
    visits = load.visits[department]
    return CrewFigure(
        department, a_team * load.teams, len(own), visits, -(-10 * visits // max(load.workdays, 1)), areas
    )


def _bottleneck(figures: Iterable[CrewFigure]) -> tuple[str, AreaFigure] | None:
    places = [(crew.department, area) for crew in figures for area in crew.areas]
    return min(places, key=lambda place: _spare(place[1]), default=None)


def _spare(area: AreaFigure) -> float:
    """Officers, or leaders, for a seat; whichever is scarcer."""
    leaders = area.leaders / area.leader_seats if area.leader_seats else float("inf")
    return min(area.officers / max(area.seats, 1), leaders)
