"""联合抽查工作实施方案: batches, quantities, teams, crews, times, and who signed (Art. 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from models.refusal import Refusal
from models.rules.draw import beacon, chance, preconditions
from models.rules.draw.rows import DrawRules, Mode
from models.rules.plan import Entry, window
from models.rules.registry.known import Known
from models.rules.signed_file import FileSection, read_paper
from models.rules.visit import instant
from models.rules.workdays import Calendar

ARTICLE = "13"
LEAST_OFFICERS = 2  # of each department at every visit, with valid certificates
WHOLE_DISTRICT = "*"


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """批次. strata: targets to draw by class; teams: by area (`*`: one area, the whole district);
    crew: officers by department and team; entropy: the sources of the seed, in order."""

    code: str
    strata: Mapping[str, int]
    teams: Mapping[str, int]
    crew: Mapping[str, int]
    opens: date
    closes: date
    entropy: tuple[str, ...]
    ceremony: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """`adopted_by`: department to the person who signed for it."""

    code: str
    entry: str
    adopted_by: Mapping[str, str]
    batches: tuple[BatchPlan, ...]


@dataclass(frozen=True, slots=True)
class Concern:
    """Worth a second look, with its numbers; forbids nothing."""

    reason: str
    batch: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forecast:
    """`visits`: officer visits by department; `daily`: hundredths of a visit for a team each working day."""

    targets: int
    teams: int
    workdays: int
    provisional: bool
    visits: Mapping[str, int]
    daily: int


def plan_entry_of(data: bytes) -> str:
    """Which entry of the plan a scheme file carries out."""
    return read_paper(data, ARTICLE).code("plan_entry")


def read_scheme(data: bytes, entry: Entry, initiating: str, known: Known) -> Scheme:
    """The scheme in a TOML file, for an entry of a plan of the department `initiating`.

    Refused with key and value: a window outside the plan's, a class without a rate, fewer than two officers
    of a department, a department that sends officers and has not signed, a source that `draw.md` forbids.
    """
    paper = read_paper(data, ARTICLE)
    if paper.code("plan_entry") != entry.code:
        raise paper.refuse("scheme.other_entry", "plan_entry", value=entry.code)
    code = paper.code("code")
    signed = _signatures(paper, known)
    sections = paper.sections("batches")
    batches = tuple(_batch(section, entry, initiating, known) for section in sections)
    paper.end()
    codes = [batch.code for batch in batches]
    for section, batch in zip(sections, batches, strict=True):
        if codes.count(batch.code) > 1:
            raise section.refuse("scheme.batch_twice", "code", value=batch.code)
        for department in batch.crew:
            if department not in signed:
                raise paper.refuse("scheme.not_signed", "adopted_by", department=department, batch=batch.code)
    return Scheme(code, entry.code, signed, batches)


def _signatures(paper: FileSection, known: Known) -> dict[str, str]:
    signed = {}
    for name, person in paper.names("adopted_by").items():
        department = paper.found(
            f"adopted_by.{name}",
            name,
            known.department,
            "plan.department_unknown",
            known=known.department_names,
        )
        if not person:
            raise paper.refuse("scheme.not_signed", f"adopted_by.{name}", department=department, batch="")
        if department in signed:
            raise paper.refuse("scheme.department_twice", f"adopted_by.{name}", department=department)
        signed[department] = person
    return signed


def _batch(section: FileSection, entry: Entry, initiating: str, known: Known) -> BatchPlan:
    opens, closes = window(section)
    for key, day in (("from", opens), ("until", closes)):
        if not entry.opens <= day <= entry.closes:
            raise section.refuse(
                "scheme.window_outside_plan", key, value=day, opens=entry.opens, closes=entry.closes
            )
    batch = BatchPlan(
        code=section.code("code"),
        strata=_strata(section, entry),
        teams=_teams(section, entry, known),
        crew=_crew(section, entry, initiating, known),
        opens=opens,
        closes=closes,
        entropy=section.texts("entropy"),
        ceremony=section.text("ceremony", 200, default=""),
    )
    section.end()
    sources = chance.complete(batch.entropy, Mode.PRACTICE, instant(batch.opens, time()))
    preconditions.check_rules(
        DrawRules(batch.code, batch.teams, batch.crew, initiating, batch.strata, sources)
    )
    for source in sources:
        if source.startswith("beacon:"):
            beacon.known(source)
    return batch


def _strata(section: FileSection, entry: Entry) -> dict[str, int]:
    strata = section.counts("strata", least=0)
    for stratum in strata:
        if stratum not in entry.rates:
            raise section.refuse("scheme.class_without_rate", f"strata.{stratum}", value=stratum)
    if not sum(strata.values()):
        raise section.refuse("scheme.nothing_to_draw", "strata")
    return strata


def _teams(section: FileSection, entry: Entry, known: Known) -> dict[str, int]:
    teams = section.counts("teams", least=1)
    if not teams or (WHOLE_DISTRICT in teams and len(teams) > 1):
        raise section.refuse("scheme.areas", "teams", value=", ".join(teams))
    streets = [
        section.found(f"teams.{area}", area, known.street, "plan.street_unknown")
        for area in teams
        if area != WHOLE_DISTRICT
    ]
    for area, street in zip(teams, streets, strict=False):
        if streets.count(street) > 1 or (entry.areas and street not in entry.areas):
            raise section.refuse("scheme.areas", f"teams.{area}", value=area)
    return teams


def _crew(section: FileSection, entry: Entry, initiating: str, known: Known) -> dict[str, int]:
    crew = {}
    for name, officers in section.counts("crew", least=LEAST_OFFICERS).items():
        department = section.found(
            f"crew.{name}", name, known.department, "plan.department_unknown", known=known.department_names
        )
        if department not in (initiating, *entry.participating):
            raise section.refuse("scheme.department_not_in_plan", f"crew.{name}", value=department)
        if department in crew:
            raise section.refuse("scheme.department_twice", f"crew.{name}", department=department)
        crew[department] = officers
    return crew


def check_quantities(
    batch: BatchPlan, entry: Entry, sizes: Mapping[str, int], spent: Mapping[str, int]
) -> list[Concern]:
    """Hold the quantities against the pool (`sizes`: eligible targets by class; `spent`: those left out
    because of their year).

    More than the pool has is refused with the numbers; other than the plan's rate asks for is a concern.
    """
    refuse_short(batch, sizes, spent)
    concerns = []
    for stratum, count in sorted(batch.strata.items()):
        size = sizes.get(stratum, 0)
        due = entry.due_from(stratum, size)
        if count != due:
            numbers = {"stratum": stratum, "count": count, "size": size, "due": due}
            rate = {"rate": f"{entry.rates[stratum].normalize():f}"}
            concerns.append(Concern("scheme.not_the_rate", batch.code, numbers | rate))
    return concerns


def refuse_short(batch: BatchPlan, sizes: Mapping[str, int], spent: Mapping[str, int]) -> None:
    """Refuse a class of which more is to be drawn than the pool has; where targets are left out because of their year,
    how many. `sizes`, `spent`: by class."""
    for stratum, count in sorted(batch.strata.items()):
        size = sizes.get(stratum, 0)
        if count <= size:
            continue
        numbers = {"stratum": stratum, "count": count, "size": size}
        if left_out := spent.get(stratum, 0):
            raise Refusal("scheme.class_spent", "14(1)", batch=batch.code, spent=left_out, **numbers)
        raise Refusal("scheme.more_than_pool", ARTICLE, batch=batch.code, **numbers)


def check_together(
    batches: Sequence[BatchPlan],
    sizes: Mapping[str, Mapping[str, int]],
    again: Mapping[str, int],
) -> None:
    """All batches of one scheme draw from one pool, and nobody twice a year: their quantities of a class are
    held against it together. `sizes`: by batch the eligible targets by class; `again`: by class those of them
    that may be drawn in every batch (a key item, a complaint)."""
    for total in sums_of(batches, sizes, again):
        asking = [batch.code for batch in batches if batch.strata.get(total.stratum)]
        if len(asking) > 1 and sizes and total.short:
            raise Refusal(
                "scheme.more_than_pool_together", ARTICLE, batches=asking, stratum=total.stratum, count=total.count,
                size=total.pool,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassSum:
    """All batches together draw `count` of a class; `pool` may be drawn in one or another of them."""

    stratum: str
    pool: int
    count: int

    @property
    def short(self) -> bool:
        return self.count > self.pool


def sums_of(
    batches: Sequence[BatchPlan], sizes: Mapping[str, Mapping[str, int]], again: Mapping[str, int]
) -> tuple[ClassSum, ...]:
    """By class what all batches draw together, and what they may draw from."""
    sums = []
    for stratum in sorted({name for batch in batches for name in batch.strata}):
        asking = [batch for batch in batches if batch.strata.get(stratum)]
        count = sum(batch.strata[stratum] for batch in asking)
        pool = max((size.get(stratum, 0) for size in sizes.values()), default=count)
        sums.append(ClassSum(stratum, pool + again.get(stratum, 0) * max(len(asking) - 1, 0), count))
    return tuple(sums)


def forecast(batch: BatchPlan, calendar: Calendar) -> Forecast:
    """The load of a batch: officer visits by department, visits of a team by working day."""
    targets, teams = sum(batch.strata.values()), sum(batch.teams.values())
    days = calendar.workdays_between(batch.opens, batch.closes) + calendar.is_workday(batch.opens)
    provisional = batch.closes.year not in calendar.announced
    visits = {department: targets * officers for department, officers in sorted(batch.crew.items())}
    return Forecast(targets, teams, days, provisional, visits, -(-100 * targets // (teams * max(days, 1))))


def check_load(
    batch: BatchPlan, entry: Entry, load: Forecast, officers: Mapping[str, int], a_day: int = 2
) -> list[Concern]:
    """`officers`: eligible ones by department. More than `a_day` visits for a team each working day, fewer
    officers than seats, a department of the plan that sends nobody: each a concern with its numbers."""
    concerns = []
    if not load.workdays or load.daily > 100 * a_day:
        numbers = {"targets": load.targets, "teams": load.teams, "workdays": load.workdays, "a_day": a_day}
        concerns.append(Concern("scheme.overloaded", batch.code, numbers))
    for department, seats in sorted(batch.crew.items()):
        due, there = seats * load.teams, officers.get(department, 0)
        if there < due:
            shortage = {"department": department, "seats": due, "officers": there}
            concerns.append(Concern("scheme.too_few_officers", batch.code, shortage))
    for department in entry.participating:
        if department not in batch.crew:
            concerns.append(Concern("scheme.department_sends_nobody", batch.code, {"department": department}))
    return concerns
