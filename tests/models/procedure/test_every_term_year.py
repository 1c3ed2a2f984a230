"""R15, R16: every kind of term that hangs on a task, brought about by the acts themselves, then left alone for weeks: each
threshold is said once to everybody whom the table names, none is missed, whatever restarts lie between (Art. 8, 14-20)."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from models import store
from models.procedure import follow_up, reminder
from models.queries import orders_due, overdue
from models.rules.actor import Actor, Role
from models.rules.follow_up import FollowUpForm
from models.rules.overdue import of_order
from models.rules.reminding import first_ends
from models.rules.term import TermKind, Unit, Who
from models.rules.term.kinds import BY_NAME, OF_A_TASK
from models.rules.visit import SHANGHAI, local_day
from models.rules.workdays import Calendar
from models.tables import Account, Outbox, TermReminder
from tests.support import district, situations
from tests.support.situation import Situation

KNOWN = district.district().calendar
PLACE = district.district()
PLACE.announce(Calendar(KNOWN.announced | {2027}, KNOWN.off, KNOWN.makeup))  # nothing is counted again here
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = (*OF_A_TASK, "tomorrow")
SHORT, LONG = 8, 40
"""Days after the last term's end: overdue is said on the first, and each week later."""
ROLES = {
    Who.OFFICER: Role.INSPECTOR, Who.LEADER: Role.INSPECTOR, Who.HEAD: Role.HEAD, Who.INITIATING: Role.HEAD,
    Who.OFFICE: Role.OFFICE,
}  # fmt: skip
OVER_BY_ITSELF = ("tomorrow", "rectification", "proof")
"""It is over with the visit; an order lapses by its own act."""
UNLIKE = {
    ("answer", Who.OFFICER, -1): "a member is reminded once; from then on it is the leader's",
}
"""By kind, person and threshold: who hears nothing though the table names them, and why."""


@dataclass(frozen=True)
class Running:
    """A term that runs in a house that was copied as it stood. `subject`: as a reminder is keyed."""

    kind: TermKind
    subject: str
    end: datetime

    @property
    def due(self) -> date:
        return local_day(self.end - timedelta(microseconds=1))

    def left(self, at: datetime) -> int:
        """Units until the last day, counted on the fingers."""
        if self.kind.unit == Unit.HOURS:
            return -((at - self.end) // HOUR)
        days = [local_day(at) + n * DAY for n in range(1, (self.due - local_day(at)).days + 1)]
        return len(days) if self.kind.unit == Unit.DAYS else sum(map(PLACE.calendar.is_workday, days))

    def reached(self, at: datetime) -> int | None:
        """The tightest threshold at this instant; -1 the day after the last one, -2 a week later."""
        hours = self.kind.unit == Unit.HOURS
        if (at >= self.end) if hours else local_day(at) > self.due:
            weeks = (at - self.end) // (7 * DAY) if hours else ((local_day(at) - self.due).days - 1) // 7
            return -1 - weeks if not hours else -((at - self.end) // (7 * DAY))
        return min((one for one in self.kind.thresholds if self.left(at) <= one), default=None)


@dataclass(frozen=True)
class House:
    """A copy of a situation: its database, the moment, the terms that run in it."""

    path: Path
    name: str
    at: datetime
    terms: tuple[Running, ...]


async def running(here: Situation) -> tuple[Running, ...]:
    facts = (await overdue.facts_of_each([here.task], with_orders=False))[here.task.id]
    ends = first_ends(facts, PLACE.calendar, here.at, PLACE.terms)
    terms = [Running(BY_NAME[kind], f"task:{here.task.id}", end) for kind, end in ends.items()]
    for task, order in await orders_due.every():
        if task.id == here.task.id:
            end = of_order(order.kind, order.day, PLACE.calendar, PLACE.terms)
            terms.append(Running(BY_NAME[order.kind], f"rectification:{order.id}", end))
    return tuple(terms)


async def houses(db: str, folder: Path, *, full: bool) -> list[House]:
    """The situations of the walk in which a kind of term runs for the first time; `full`: with every other term in them."""
    file, seen, found, closed = db.removeprefix("sqlite://").partition("?")[0], set(), [], None
    async for here in situations.walk():
        if not found:
            await district.account(Role.OFFICE, "联席办")
        terms = await running(here)
        fresh = {term.kind.name for term in terms} - seen
        if here.name == "follow-up: the case is closed":
            closed = here
        if fresh or here is closed:
            seen |= fresh
            copy = folder / f"{len(found):03d}.sqlite3"
            copied(file, copy)
            mine = tuple(term for term in terms if full or term.kind.name in fresh)
            found.append(House(copy, here.name, here.at, mine))
    assert closed
    found.append(await referred(next(house for house in found if house.name == closed.name), closed))
    seen |= {term.kind.name for term in found[-1].terms}
    found = [house for house in found if house.terms]
    assert seen >= set(KINDS), set(KINDS) - seen
    return found


def copied(file: str | Path, to: Path) -> None:
    with closing(sqlite3.connect(file)) as now, closing(sqlite3.connect(to)) as there:
        now.backup(there)


async def referred(house: House, here: Situation) -> House:
    """The walk sends no case elsewhere: that is done in a copy of it."""
    path = house.path.with_name("referred.sqlite3")
    copied(house.path, path)
    await store.close()
    await store.open(f"sqlite://{path}?synchronous=OFF")
    head = Actor(Role.HEAD, "GA", department="GA")
    sent = FollowUpForm("referral", local_day(here.at), "示例函2026-1", "示例管理局", "示例线索")
    await follow_up.begin(here.number, sent, by=head, at=here.at, district=PLACE)
    terms = [term for term in await running(here) if term.kind.name == "referral"]
    return House(path, "a referral is sent", here.at, tuple(terms))


def moments(house: House, *, full: bool) -> list[datetime]:
    """Each hour, or the morning of each day and an afternoon of the first, until the last term is long over."""
    after = LONG if full else SHORT
    first, last = local_day(house.at), max(term.due for term in house.terms) + after * DAY
    days = [first + n * DAY for n in range((last - first).days + 1)]
    clock = (
        datetime.combine(day, time(hour), SHANGHAI)
        for day in days
        for hour in (range(24) if full else (8, 15) if day < first + 3 * DAY else (8,))
    )
    return [at for at in clock if at >= house.at]


def expected(term: Running, sweeps: list[datetime]) -> set[int]:
    """The thresholds that hold at a sweep: of days once in the morning, of hours at each outside the quiet
    hours until they are over."""
    said, told_on = set(), set()
    for at in sweeps:
        if PLACE.quiet_hours.hold(at):
            continue
        day = local_day(at)
        reached, morning = term.reached(at), day not in told_on
        if reached is not None and (morning or (term.kind.unit == Unit.HOURS and reached >= 0)):
            said.add(reached)
        told_on.add(day)
    return said


async def lived(house: House, sweeps: list[datetime]) -> None:
    """Nobody does anything; the machine is begun anew before each look at the clock."""
    for at in sweeps:
        await store.close()
        await store.open(f"sqlite://{house.path}?synchronous=OFF")
        await reminder.sweep(at=at, district=PLACE)


async def judged(house: House, sweeps: list[datetime]) -> list[str]:
    """What was missed, said twice, or said to others than the table names."""
    wrong = []
    rows = await TermReminder.all()
    sent = Counter(
        (row.account_id, said["kind"], said.get("task") or said.get("named"), said.get("about"), said["threshold"], said["due"])
        for row in await Outbox.filter(kind="reminder") for said in row.payload["tasks"]
    )  # fmt: skip
    wrong += [f"twice: {said}" for said, times in sent.items() if times > 1]
    roles = {account.id: account.role for account in await Account.all()}
    told: dict[tuple[str, str], dict[int, set[Role]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        told[row.subject, row.kind][row.threshold].add(roles[row.account_id])
    for term in house.terms:
        heard = told[term.subject, term.kind.name]
        wanted = expected(term, sweeps)
        if term.kind.name in OVER_BY_ITSELF:
            wanted = {threshold for threshold in wanted if threshold >= 0}
            heard = {threshold: who for threshold, who in heard.items() if threshold >= 0}
        if term.kind.name == "tomorrow":
            wanted -= (
                {0} if all(local_day(at) != term.due or at >= visit_of(term) for at in sweeps) else set()
            )
        for threshold in sorted(wanted | set(heard)):
            hears = {
                ROLES[who] for who in term.kind.hears(threshold)
                if who in ROLES and (term.kind.name, who, threshold) not in UNLIKE
            }  # fmt: skip
            if (heard.get(threshold, set()) if threshold in wanted else None) != hears:
                wrong.append(f"{term.kind.name} {threshold}: {heard.get(threshold)} and not {hears}")
    return [f"{house.name}: {line}" for line in wrong]


def visit_of(term: Running) -> datetime:
    """A visit of the walk begins at nine."""
    return datetime.combine(term.due, time(9), SHANGHAI)


@pytest.mark.timeout(3600)
async def test_r15_r16_each_threshold_of_every_kind_is_said_once_and_none_is_missed(db, tmp_path, full_size):
    wrong = []
    for house in await houses(db, tmp_path, full=full_size):
        sweeps = moments(house, full=full_size)
        await lived(house, sweeps)
        wrong += await judged(house, sweeps)
    assert wrong == [], "\n".join(wrong)
