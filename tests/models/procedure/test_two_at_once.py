"""Nobody is in two places: a rule that holds when the visit is fixed, whatever happened before (Art. 14 (2), 15)."""

import asyncio
import itertools
import re
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
from models.queries import card, clash, evidence
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.free_times import Window
from models.states import NoticeState
from models.states import TaskState as T
from models.tables import Assignment, Inspector, Notice, Outbox, Substitution, Task
from tests.conftest import pg_run, pg_url, run_apart
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, account, district

TWO_HOURS = timedelta(hours=2)
NOON = VISIT + timedelta(hours=3)


async def led() -> tuple[Actor, list[Task]]:
    """A leader with at least two tasks, their network checks closed."""
    await sample.found()
    await sample.drawn()
    for task in await Task.all().order_by("number"):
        await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=CEREMONY)
    teams = [one.team_id for one in await Task.all()]
    most = max(teams, key=teams.count)
    mine = await Task.filter(team_id=most).order_by("number").select_related("target")
    return await sample.leader_of(mine[0]), mine


async def proposed(task: Task, begins, by: Actor) -> None:
    await schedule.propose(task.number, begins, begins + TWO_HOURS, by=by, at=CEREMONY)


async def fixed(task: Task, by: Actor) -> None:
    await schedule.fix(task.number, by=by, at=CEREMONY, district=district(), reason="示例")


async def test_a1_of_two_visits_proposed_for_one_hour_only_one_can_be_fixed(any_db):
    leader, (first, second, *_) = await led()
    for task in (first, second):
        await proposed(task, VISIT, leader)
    await fixed(first, leader)
    with pytest.raises(Refusal) as no:
        await fixed(second, leader)
    assert no.value.code == "visit.two_at_once"
    assert (no.value.params["other"], no.value.params["target"]) == (first.number, first.target.name)
    names = {
        seat.inspector.name
        for seat in await Assignment.filter(task=first, until=None).select_related("inspector")
    }
    assert set(no.value.params["names"]) == names
    assert (await Task.get(id=second.id)).state == T.NETWORK_CHECKED
    assert not await Notice.exists(task=second)


async def test_a1_a_clash_is_warned_of_while_planning(any_db):
    leader, (first, second, *_) = await led()
    for task in (first, second):
        await proposed(task, VISIT, leader)
    task = await Task.get(id=second.id)
    warned = await clash.with_any(task, VISIT, VISIT + TWO_HOURS)
    assert [(one.number, one.fixed) for one in warned] == [(first.number, False)]
    assert leader.name in warned[0].names
    await fixed(first, leader)
    assert [one.fixed for one in await clash.with_any(task, VISIT, VISIT + TWO_HOURS)] == [True]
    assert await clash.with_any(task, NOON, NOON + TWO_HOURS) == ()


async def test_a1_two_leaders_who_fix_at_the_same_moment_do_not_share_an_officer(any_db):
    leader, (first, second, *_) = await led()
    for task in (first, second):
        await proposed(task, VISIT, leader)
    both = await asyncio.gather(*(fixed(task, leader) for task in (first, second)), return_exceptions=True)
    assert [one.code for one in both if isinstance(one, Refusal)] == ["visit.two_at_once"]
    assert await double_booked() == []


async def test_a1_fixing_many_in_one_press_names_the_one_that_cannot_be(any_db):
    leader, mine = await led()
    for task in mine:
        await proposed(task, VISIT, leader)
    outcomes = await itinerary.fix(
        [one.number for one in mine], by=leader, at=CEREMONY, district=district(), key="one press"
    )
    assert [one.refused and one.refused.code for one in outcomes] == [
        None, *["visit.two_at_once"] * (len(mine) - 1),
    ]  # fmt: skip
    assert await double_booked() == []


async def test_a1_whoever_steps_in_leaves_no_visit_at_two_places(any_db):
    """One reserve officer stands in for two teams at one hour: the later visit loses its time, and all hear of it."""
    await sample.found()
    await sample.drawn()
    teams = {}
    for task in await Task.all().order_by("number"):
        teams.setdefault(task.team_id, task)
    first, second = teams.values()
    for task in (first, second):
        await sample.visit_fixed(task, district())
        await account(Role.ENTITY, str(task.target_id))
    stand_in = await recused(first, CEREMONY)
    assert await recused(second, CEREMONY + timedelta(minutes=1)) == stand_in
    moved = await Task.get(id=second.id)
    assert (moved.state, moved.visit_from, moved.proposed_from) == (T.SCHEDULED, None, None)
    assert (await Notice.get(task=second)).state == NoticeState.REVOKED
    kinds = await Outbox.filter(kind__in=["visit.unfixed", "notice.time_gone"]).values_list("kind", flat=True)
    assert set(kinds) == {"visit.unfixed", "notice.time_gone"}
    assert await double_booked() == []
    assert (await evidence.verify()).differences == []
    leader = await sample.leader_of(second)
    await proposed(second, NOON, leader)
    await fixed(moved, leader)
    assert (await Task.get(id=second.id)).visit_from == NOON


async def recused(task: Task, at) -> str:
    """An officer of XF is kept away from this target; who steps in."""
    officer = (await sample.team_of(task))["XF"][0]
    head = enrolment.actor_of(await account(Role.HEAD, "XF"))
    await team.recuse(task, await Inspector.get(code=officer.id), by=head, at=at)
    return (await Substitution.all().order_by("-id").first()).incoming


async def double_booked() -> list[tuple[str, str, str]]:
    """Who would be in two places: officer, task, task."""
    seats = await Assignment.filter(
        until=None, task__state__in=[T.SCHEDULED, T.ON_SITE], task__visit_from__isnull=False
    ).select_related("task")
    pairs = itertools.combinations(sorted(seats, key=lambda one: one.task.number), 2)
    return [
        (str(one.inspector_id), one.task.number, other.task.number)
        for one, other in pairs
        if one.inspector_id == other.inspector_id
        and Window(one.task.visit_from, one.task.visit_until).meets(
            Window(other.task.visit_from, other.task.visit_until)
        )
    ]


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


WRITES = ("Assignment(task=", "visit_from=", "visit_from = ", '"visit_from":', "Assignment.create")


def test_a1_only_these_files_write_a_visits_time_or_a_seat():
    """Whoever adds another writer adds its act to the property above."""
    folder = Path(schedule.__file__).parent
    writers = {
        path.name
        for path in folder.glob("*.py")
        if any(one in re.sub(r"\(\s+", "(", path.read_text()) for one in WRITES)
    }
    assert writers == {"schedule.py", "substitution.py", "suspension.py", "draw.py", "online.py"}


async def _newcomer(first: Task, second: Task) -> tuple[str, Actor]:
    """Somebody of the first team serves in the second one too; its leader serves in the first no more."""
    seat = (
        await Assignment.filter(task=first, until=None, leader=False)
        .order_by("id")
        .first()
        .select_related("inspector")
    )
    async with sample.written():
        leader = await Assignment.get(task=second, leader=True, until=None)
        await Assignment.filter(task=second, until=None, inspector_id=seat.inspector_id).delete()
        other = (
            await Inspector.exclude(
                code__in=await Assignment.filter(task=first, until=None).values_list(
                    "inspector_id", flat=True
                )
            )
            .filter(department=leader.department, may_lead=True)
            .order_by("code")
            .first()
        )
        leader.inspector = other
        await leader.save()
        await Assignment.create(
            task=second, inspector=seat.inspector, department=seat.department, leader=False, since=CEREMONY
        )
    return seat.inspector.name, await sample.leader_of(second)


async def test_d60_a_leader_who_does_not_serve_there_hears_who_is_elsewhere_and_not_at_whom(any_db):
    leader, (first, second, *_) = await led()
    await proposed(first, VISIT, leader)
    await fixed(first, leader)
    name, outsider = await _newcomer(first, second)
    with pytest.raises(Refusal) as no:
        await proposed(second, VISIT, outsider)
    assert no.value.code == "visit.two_at_once_elsewhere"
    assert name in no.value.params["names"]
    assert not {"target", "other"} & set(no.value.params)
    [met] = await clash.with_any(second, VISIT, VISIT + TWO_HOURS)
    assert met.target == ""
    [(_, busy)] = await clash.busy_times(second)
    assert busy.target == ""


async def test_a1_nobody_is_counted_present_while_still_at_another_visit(any_db):
    leader, (first, second, *_) = await led()
    for task, begins in ((first, VISIT), (second, NOON)):
        await proposed(task, begins, leader)
        await fixed(task, leader)
    people = [one.id for crew in (await sample.team_of(first)).values() for one in crew]
    await inspection.begin(first.number, people, by=leader, at=VISIT, untold="示例")
    with pytest.raises(Refusal) as no:
        await inspection.begin(second.number, people, by=leader, at=NOON, untold="示例")
    assert no.value.code == "visit.present_elsewhere"
    assert all(one.elsewhere for one in (await card.task_card(second.number, leader.id, NOON)).members)
    await suspension.suspend(first.number, "示例", by=leader, at=NOON)
    await inspection.begin(second.number, people, by=leader, at=NOON, untold="示例")
    assert (await Task.get(id=second.id)).state == T.ON_SITE
