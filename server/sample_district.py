"""A fictitious district in an empty database, by the acts of a real one: registers, plan, scheme, draws, visits, results.

It begins 45 days ago or more. Every act of a task has its time, so that visits and results lie in the past; nothing is written
behind the acts' back, and `verify` finds a whole chain. The draws are rehearsals: nobody's word decided them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from models import data
from models.district import District
from models.procedure import (
    department_result,
    draw,
    enrolment,
    entry,
    inspection,
    item_list,
    plan,
    publication,
    registry,
    reply,
    schedule,
    scheme,
)
from models.queries import draws, sample_district
from models.queries.sample_district import TaskTeam
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.draw import entropy
from models.rules.visit import SHANGHAI, local_day
from server import sample_registers as registers
from server.sample_registers import SampleSize

OFFICE = Actor(Role.OFFICE, "sample")
HOLDER = Actor(Role.PUBLIC, "link")
BEGUN_BEFORE = timedelta(days=45)
MOST_TARGETS = 10_000_000
MOST_WALKED = 24  # tasks whose visit is held question by question; every further one stays fixed
HOURS = (9, 11, 14, 16)  # a visit is two hours
FIRST_VISIT = 5  # days after the beginning, for the notice period
VALUES = {"NUM": "1/1", "DATE": "2027-05-31"}
WORD = "示例数据"

Progress = Callable[[str, int, int], None]
"""Told of each step by name: how many of how many are done."""


def check_size(size: SampleSize) -> None:
    """Refuses what no draw could be held of, in words."""
    if not 4 <= size.targets <= MOST_TARGETS:
        raise Refusal("sample.targets", least=4, most=MOST_TARGETS)
    if size.inspectors < registers.LEAST_INSPECTORS or size.inspectors > 99_999:
        raise Refusal("sample.inspectors", least=registers.LEAST_INSPECTORS, most=99_999)
    if not 1 <= size.tasks <= size.targets // 4 * 4:
        raise Refusal("sample.tasks", most=size.targets // 4 * 4)


def begins_on(today: date) -> date:
    """The first day of the sample: 45 days ago, or in mid-October where less would be left of that year."""
    day = today - BEGUN_BEFORE
    return min(day, date(day.year, 10, 15))


async def make(size: SampleSize, district: District, *, today: date, tell: Progress) -> Counter[str]:
    """Make the district; how many tasks stand in which state. Refuses a database that holds anybody's rows.

    The same size, seed and day make the same rows.
    """
    check_size(size)
    if rows := await sample_district.rows_there():
        raise Refusal("sample.not_empty", rows=rows)
    begun = begins_on(today)
    begins = datetime.combine(begun, time(9), SHANGHAI)
    await _registers(size, begins, today, tell)
    adopted = await scheme.adopt(registers.scheme(size, begun), by=OFFICE, at=begins)
    chance = random.Random(f"{size.seed} draws")  # noqa: S311 - a rehearsal, whose seed is on the command line
    teams: list[TaskTeam] = []
    for n, batch in enumerate(adopted.batches, 1):
        teams += await _drawn(batch, begins, chance)
        tell("draws", n, len(adopted.batches))
    return await _Walk(district, begins, today, size).all(teams, tell)


async def _registers(size: SampleSize, at: datetime, today: date, tell: Progress) -> None:
    steps: tuple[Callable[[], Awaitable[registry.ImportReport]], ...] = (
        lambda: registry.import_departments(registers.departments(), by=OFFICE, at=at),
        lambda: registry.import_items(data.read("items.csv"), by=OFFICE, at=at),
        lambda: registry.import_checklists(data.read("checkpoints.csv"), by=OFFICE, at=at),
        lambda: registry.import_streets(registers.streets(size), by=OFFICE, at=at),
        lambda: registry.import_targets(registers.targets(size), by=OFFICE, at=at, confirmed=True),
        lambda: registry.import_inspectors(registers.inspectors(size, today), by=OFFICE, at=at),
    )
    for n, step in enumerate(steps, 1):
        report = await step()
        if not report.taken:
            raise Refusal("sample.register", register=report.kind, rows=len(report.bad))
        tell("registers", n, len(steps))
    await item_list.publish("district", "示例：首版清单", by=OFFICE, at=at)
    await plan.adopt(registers.plan(local_day(at)), by=OFFICE, at=at)


async def _drawn(batch: str, at: datetime, chance: random.Random) -> list[TaskTeam]:
    """A batch committed, pledged, revealed and held, with values from the seed alone."""
    held = await draw.commit(batch, by=OFFICE, at=at, random=chance.randbytes, practice=True)
    fixed = await draws.facts(held.code)
    values = {f"witness:{name}": chance.randbytes(16).hex() for name in fixed.rules.witnesses}
    for source, value in values.items():
        sealed = entropy.pledge(fixed.commitment, value)
        await draw.pledge(held.code, source, sealed, by=OFFICE, at=at, witness=WORD)
    for source, value in values.items():
        await draw.reveal(held.code, source, value, by=OFFICE, at=at)
    await draw.hold(held.code, by=OFFICE, at=at)
    return await sample_district.teams_of(held.code)


@dataclass
class _Walk:
    """Brings tasks on, each as far as its place in the list says."""

    district: District
    begins: datetime
    today: date
    size: SampleSize

    def __post_init__(self) -> None:
        self.next_slot: Counter[str] = Counter()
        self.walked = 0
        self.waiting: list[tuple[TaskTeam, Actor, datetime]] = []
        last = date(self.begins.year, 12, 31)
        first = self.begins.date() + timedelta(days=FIRST_VISIT)
        days = (first + timedelta(days=n) for n in count())
        self.days: list[date] = []
        for day in days:
            if day > last:
                break
            if self.district.calendar.is_workday(day):
                self.days.append(day)

    async def all(self, teams: list[TaskTeam], tell: Progress) -> Counter[str]:
        states: Counter[str] = Counter()
        for n, team in enumerate(teams, 1):
            states[await self._on(team, (n - 1) % 10)] += 1
            tell("tasks", n, len(teams))
        under_way = await self._begun()
        return +(states + Counter(on_site=under_way) - Counter(scheduled=under_way))

    async def _begun(self) -> int:
        """Visits that are still under way, last of all: nobody can be at two. How many."""
        busy: set[str] = set()
        begun = 0
        for team, leader, visit in self.waiting:
            if busy.isdisjoint(team.officers):
                await inspection.begin(team.number, list(team.officers), by=leader, at=visit, untold=WORD)
                busy |= set(team.officers)
                begun += 1
        return begun

    async def _on(self, team: TaskTeam, place: int) -> str:
        if place < 3:
            return "assigned"
        leader = (await enrolment.account_of_inspector(team.leader.id, self.begins)).actor
        at = self.begins + timedelta(hours=1)
        await inspection.close_network_check(team.number, by=leader, at=at)
        visit = self._free(team) if place > 4 else None
        if visit is None:
            return "network_checked"
        await schedule.propose(team.number, visit, visit + timedelta(hours=2), by=leader, at=at)
        await schedule.fix(team.number, by=leader, at=at, district=self.district)
        if place < 7 or self.walked >= MOST_WALKED or visit.date() >= self.today:
            return "scheduled"
        self.walked += 1
        if place == 7:
            self.waiting.append((team, leader, visit))
            return "scheduled"
        return await self._visit(team, leader, visit, place)

    def _free(self, team: TaskTeam) -> datetime | None:
        """The next time at which none of the team is elsewhere, within the window of the batch."""
        slot = max(self.next_slot[code] for code in team.officers)
        day, hour = divmod(slot, len(HOURS))
        if day >= len(self.days):
            return None
        for code in team.officers:
            self.next_slot[code] = slot + 1
        return datetime.combine(self.days[day], time(HOURS[hour]), SHANGHAI)

    async def _visit(self, team: TaskTeam, leader: Actor, visit: datetime, place: int) -> str:
        await inspection.begin(team.number, list(team.officers), by=leader, at=visit, untold=WORD)
        after = visit + timedelta(hours=2)
        people = {
            name: (await enrolment.account_of_inspector(codes[0], self.begins)).actor
            for name, codes in team.members.items()
        }
        for ask in await sample_district.questions_of(team.number):
            skip = ask.may_not_apply
            await inspection.answer(
                team.number, ask.number, verdict="na" if skip else "pass",
                value=None if skip else VALUES.get(ask.kind), note=WORD, by=people[ask.department], at=visit,
            )  # fmt: skip
        for person in people.values():
            await inspection.finalise(team.number, by=person, at=visit)
        await inspection.conclude(team.number, by=leader, at=after, district=self.district)
        return "concluded" if place == 8 else await self._result(team, leader, after)

    async def _result(self, team: TaskTeam, leader: Actor, at: datetime) -> str:
        """Entered; reviewed; recorded on the platform; public: one of four in turn."""
        turn = self.walked % 4
        for codes in sorted(team.members.values(), key=lambda codes: leader.id in codes):
            officer = (
                leader
                if leader.id in codes
                else (await enrolment.account_of_inspector(codes[0], self.begins)).actor
            )
            await department_result.enter(team.number, ["R01"], "", measures=["none"], by=officer, at=at)
        if turn == 1:
            return "entered"
        head = (
            await enrolment.account_of_head("GA", self.begins, name="示例负责人GA", phone="0375-0000000")
        ).actor
        await entry.review(team.number, True, by=head, at=at)
        if turn == 2:
            return "reviewed"
        await publication.record(team.number, f"示例-{team.number}", by=head, at=at)
        await reply.agree(await sample_district.last_letter(team.number), by=HOLDER, at=at)
        if turn == 3:
            return "recorded"
        await publication.publish(
            team.number, by=head, at=at, district=self.district, unsigned=WORD, untold=WORD
        )
        return "published"
