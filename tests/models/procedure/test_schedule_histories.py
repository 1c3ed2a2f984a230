"""Whatever acts follow each other, nobody is in two places (Art. 14 (2), 15): histories that chance makes up."""

import asyncio
import itertools
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.exceptions import DoesNotExist

from models import store
from models.procedure import (
    enrolment,
    inspection,
    itinerary,
    notice,
    online,
    postponement,
    schedule,
    suspension,
    team,
)
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.free_times import Window
from models.tables import Inspector, Notice, Task
from tests.conftest import run_apart
from tests.models.procedure.test_schedule import TWO_HOURS, double_booked
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, account, district
from tests.support.postgresql import pg_run, pg_url

SLOTS = [VISIT + timedelta(days=day, hours=hour) for day in (0, 1) for hour in (0, 1, 6)]
which, slot, seat = st.integers(0, 4), st.integers(0, len(SLOTS) - 1), st.integers(0, 7)
acts = st.one_of(
    st.tuples(st.just("propose"), which, slot),
    st.tuples(st.just("fix"), which),
    st.tuples(st.just("move"), which, slot),
    st.tuples(st.just("renew"), which),
    st.tuples(st.just("postpone"), which, slot),
    st.tuples(st.just("substitute"), which, seat),
    st.tuples(st.just("recuse"), which, seat),
    st.tuples(st.just("take over"), which, seat),
    st.tuples(st.just("propose all"), slot),
    st.tuples(st.just("fix all"), which),
    st.tuples(st.just("begin"), which),
    st.tuples(st.just("break off"), which),
    st.tuples(st.just("end online"), which),
)


@dataclass
class Life:
    """A history of acts on the five tasks of a draw; what the regulation refuses is left undone."""

    at: object = CEREMONY
    done: list[str] = field(default_factory=list)

    async def act(self, kind: str, *args: int) -> None:
        self.at += timedelta(minutes=1)
        tasks = await Task.all().order_by("number")
        try:
            await getattr(self, "_" + kind.replace(" ", "_"))(tasks, *args)
        except Refusal:
            return
        self.done.append(kind)

    async def _leader(self, task: Task) -> Actor:
        try:
            return await sample.leader_of(task)
        except DoesNotExist:
            raise LookupError("a team without a leader") from None

    async def _propose(self, tasks, n, when):
        begins = SLOTS[when]
        await schedule.propose(
            tasks[n].number, begins, begins + TWO_HOURS, by=await self._leader(tasks[n]), at=self.at
        )

    async def _fix(self, tasks, n):
        leader = await self._leader(tasks[n])
        await schedule.fix(tasks[n].number, by=leader, at=self.at, district=district(), reason="示例")

    async def _move(self, tasks, n, when):
        await self._propose(tasks, n, when)
        await self._fix(tasks, n)

    async def _renew(self, tasks, n):
        leader = await self._leader(tasks[n])
        await notice.renew(tasks[n].number, by=leader, at=self.at, district=district())

    async def _postpone(self, tasks, n, when):
        letter = await Notice.filter(task=tasks[n]).order_by("-version").first()
        if letter is None:
            return
        entity = enrolment.actor_of(await account(Role.ENTITY, str(tasks[n].target_id)))
        window = Window(SLOTS[when], SLOTS[when] + TWO_HOURS)
        wish = await postponement.ask(letter.number, "示例:装修", by=entity, at=self.at, window=window)
        await postponement.decide(wish, True, by=await self._leader(tasks[n]), at=self.at)
        await self._fix(tasks, n)

    async def _officer(self, task, n) -> Actor:
        people = [one for crew in (await sample.team_of(task)).values() for one in crew]
        return people[n % len(people)]

    async def _substitute(self, tasks, n, who):
        officer = await self._officer(tasks[n], who)
        asked = await team.ask_out(tasks[n].number, "conflict", "", by=officer, at=self.at)
        head = enrolment.actor_of(await account(Role.HEAD, officer.department))
        await team.decide(asked.id, True, by=head, at=self.at)

    async def _take_over(self, tasks, n, who):
        officer = await self._officer(tasks[n], who)
        head = enrolment.actor_of(await account(Role.HEAD, officer.department))
        await team.request_substitution(tasks[n].number, officer.id, "post", by=head, at=self.at)

    async def _recuse(self, tasks, n, who):
        officer = await self._officer(tasks[n], who)
        head = enrolment.actor_of(await account(Role.HEAD, officer.department))
        await team.recuse(tasks[n], await Inspector.get(code=officer.id), by=head, at=self.at)

    async def _propose_all(self, tasks, when):
        window = Window(SLOTS[when], SLOTS[when] + TWO_HOURS)
        for mine in await self._by_leader(tasks):
            await itinerary.propose(
                [(one.number, window) for one in mine[1]],
                by=mine[0],
                at=self.at,
                key=f"p{self.at}{mine[0].id}",
            )

    async def _fix_all(self, tasks, _):
        for leader, mine in await self._by_leader(tasks):
            await itinerary.fix(
                [one.number for one in mine], by=leader, at=self.at, district=district(), reason="示例",
                key=f"f{self.at}{leader.id}",
            )  # fmt: skip

    async def _by_leader(self, tasks):
        found: dict[str, tuple[Actor, list[Task]]] = {}
        for task in tasks:
            leader = await self._leader(task)
            found.setdefault(leader.id, (leader, []))[1].append(task)
        return found.values()

    async def _begin(self, tasks, n):
        people = [one.id for crew in (await sample.team_of(tasks[n])).values() for one in crew]
        day = tasks[n].visit_from or self.at
        await inspection.begin(
            tasks[n].number,
            people,
            by=await self._leader(tasks[n]),
            at=max(day, self.at),
            reason="示例",
            untold="示例:当面告知",
        )

    async def _break_off(self, tasks, n):
        await suspension.suspend(tasks[n].number, "示例", by=await self._leader(tasks[n]), at=self.at)

    async def _end_online(self, tasks, n):
        await online.end(
            tasks[n].number, by=await self._leader(tasks[n]), at=self.at, district=district(), result="R10",
            source="示例公示系统", finding="示例:已注销",
        )  # fmt: skip


async def drawn_town() -> None:
    await sample.found()
    await sample.drawn()
    for task in await Task.all():
        await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=CEREMONY)


async def live(url: str, history) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with store.opened(url, objects_at=Path(folder)):
            life = Life()
            for act in history:
                try:
                    await life.act(*act)
                except (ValueError, LookupError, DoesNotExist):  # a team without a leader has nobody to act
                    continue
                assert await double_booked() == [], f"after {[*life.done]}"


@pytest.fixture(scope="session")
def town_file(sqlite_template, tmp_path_factory):
    """A drawn district in a file of its own, copied for each history."""
    path = tmp_path_factory.mktemp("town") / "town.sqlite3"
    shutil.copyfile(sqlite_template, path)

    async def fill() -> None:
        async with store.opened(f"sqlite://{path}", objects_at=path.parent / "objects"):
            await drawn_town()

    run_apart(fill())
    return path


HISTORIES = st.lists(acts, min_size=4, max_size=16)


def thorough(full_size: bool) -> settings:
    return settings(
        max_examples=200 if full_size else 12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )


def test_a1_no_history_of_acts_leaves_a_person_in_two_places_on_sqlite(town_file, tmp_path, full_size):
    numbers = itertools.count()

    @given(HISTORIES)
    @thorough(full_size)
    def histories(history):
        copy = tmp_path / f"{next(numbers)}.sqlite3"
        shutil.copyfile(town_file, copy)
        run_apart(live(f"sqlite://{copy}?synchronous=OFF", history))
        copy.unlink()

    histories()


def test_a1_no_history_of_acts_leaves_a_person_in_two_places_on_postgresql(pg_server, pg_template, full_size):
    numbers = itertools.count()
    run_apart(pg_run(pg_server, f"CREATE DATABASE town TEMPLATE {pg_template} STRATEGY FILE_COPY"))

    async def fill() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with store.opened(pg_url(pg_server, "town"), objects_at=Path(folder)):
                await drawn_town()

    run_apart(fill())

    @given(st.lists(st.tuples(acts, acts), min_size=3, max_size=8))
    @thorough(full_size)
    def histories(pairs):
        name = f"town{next(numbers)}"
        run_apart(pg_run(pg_server, f"CREATE DATABASE {name} TEMPLATE town STRATEGY FILE_COPY"))
        run_apart(live_at_once(pg_url(pg_server, name), pairs))
        run_apart(pg_run(pg_server, f"DROP DATABASE {name} WITH (FORCE)"))

    histories()


async def live_at_once(url: str, pairs) -> None:
    """Two acts of the history at the same moment, again and again."""
    with tempfile.TemporaryDirectory() as folder:
        async with store.opened(url, objects_at=Path(folder)):
            lives = [Life(), Life(at=CEREMONY + timedelta(seconds=30))]
            for pair in pairs:
                done = await asyncio.gather(
                    *(life.act(*act) for life, act in zip(lives, pair, strict=True)), return_exceptions=True
                )
                troubles = [one for one in done if isinstance(one, BaseException)]
                assert all(isinstance(one, (ValueError, LookupError)) for one in troubles), troubles
                assert await double_booked() == [], f"after {[life.done for life in lives]}"
