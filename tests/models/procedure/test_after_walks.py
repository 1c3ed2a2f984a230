"""Every path from the concluded visit to the destroyed dossier that Hypothesis finds: what none may do (Art. 16 (3), 17, 19,
20). A path that does what it must not is shortened to the fewest steps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from locales import words
from models import store
from models.procedure import credit, entry, objection, publication, retention, revision
from models.queries import credit as credits
from models.queries import public
from models.queries import publication as queries
from models.refusal import Refusal
from models.rules import publication as rules
from models.rules.actor import Actor, Role
from models.rules.credit import REPAIR, STOPPED
from models.rules.visit import local_day
from models.tables import (
    CreditEntry,
    CreditRepair,
    DeletionList,
    Event,
    Notice,
    Objection,
    Publication,
    Result,
    Revision,
    Task,
    Tombstone,
)
from server import credit_files
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import leader_of

ZH = words("zh_Hans")
TYPES = (["R01"], ["R05"], ["R06"])
PROPOSER = Actor(Role.HEAD, HEAD.id, HEAD.name, HEAD.department, 901)
AGREEING = Actor(Role.OFFICE, "示例", "示例", account=902)
QUICK, FULL = (6, 20), (200, 50)  # walks from each beginning, and steps of a walk
BEGINNINGS = range(5)


class RolledBack(Exception):
    """A walk is over: what it wrote goes."""


@dataclass
class Walk:
    """One walk: the dice, the task, what time it is, what was there before the step."""

    dice: Random
    task: Task
    at: datetime = ENTERED
    versions: dict[int, tuple[str, ...]] = field(default_factory=dict)
    publications: int = 0
    closed: int | None = None  # events of an archived task

    @property
    def number(self) -> str:
        return str(self.task.number)

    async def letter(self) -> str:
        row = await Notice.filter(task=self.task).order_by("-version").first()
        assert row
        return str(row.number)


async def enter(walk: Walk) -> None:
    await sample.entered(walk.task, walk.dice.choice(TYPES), walk.at)


async def review(walk: Walk) -> None:
    await entry.review(walk.number, walk.dice.random() < 0.8, by=HEAD, at=walk.at, reason="示例")


async def receipt(walk: Walk) -> None:
    await publication.record(walk.number, "示例-2026-1", by=HEAD, at=walk.at)


async def agree(walk: Walk) -> None:
    await publishing.agreed(walk.task, walk.at)


async def publish(walk: Walk) -> None:
    task = await Task.get(id=walk.task.id)
    standing = await queries.standing(task) if task.reviewed_at else None
    before = task.state
    await publication.publish(
        walk.number, by=HEAD, at=walk.at, district=PLACE, unsigned="示例", untold="示例"
    )
    if before not in ("published", "archived"):
        assert before in ("reviewed", "recorded") and standing
        assert not rules.answering(PLACE.calendar, PLACE.reply_days, standing, local_day(walk.at))


async def object_to(walk: Walk) -> None:
    await objection.object_to(
        await walk.letter(), "示例不符", by=publishing.HOLDER, at=walk.at, district=PLACE
    )


async def answer_objection(walk: Walk) -> None:
    if row := await Objection.filter(task=walk.task, upheld=None).first():
        await objection.decide(row.id, walk.dice.random() < 0.5, "示例", by=HEAD, at=walk.at)


async def ask_correction(walk: Walk) -> None:
    await revision.ask(walk.number, "示例", by=HEAD, at=walk.at)


async def propose(walk: Walk) -> None:
    by = await leader_of(walk.task)
    await revision.propose(walk.number, walk.dice.choice(TYPES), "示例", by=by, at=walk.at, reason="示例")


async def decide_correction(walk: Walk) -> None:
    await revision.decide(walk.number, walk.dice.random() < 0.7, "示例", by=HEAD, at=walk.at)


async def drop(walk: Walk) -> None:
    await revision.drop(walk.number, "示例", by=HEAD, at=walk.at)


async def withdraw(walk: Walk) -> None:
    await revision.withdraw(walk.number, "示例", by=HEAD, at=walk.at)


async def into_the_record(walk: Walk) -> None:
    disputed = await Objection.exists(task=walk.task, upheld=None) or await Revision.exists(
        task=walk.task, outcome=""
    )
    until = local_day(walk.at) + timedelta(days=200)
    before = await CreditEntry.all().count()
    await credit.enter(walk.number, until, by=HEAD, at=walk.at, district=PLACE)
    assert await CreditEntry.all().count() == before + 1 and not disputed


async def ask_repair(walk: Walk) -> None:
    await credit.apply(await walk.letter(), "示例", by=publishing.HOLDER, at=walk.at)


async def decide_repair(walk: Walk) -> None:
    if row := await CreditRepair.filter(task=walk.task, granted=None).first():
        await credit.decide(row.id, walk.dice.random() < 0.5, "示例", by=HEAD, at=walk.at)


async def archive(walk: Walk) -> None:
    await publishing.archived(walk.task, HEAD, walk.at, PLACE)


async def destroy(walk: Walk) -> None:
    await retention.set_term(10, "示例", by=PROPOSER, at=walk.at)
    await retention.propose([walk.number], "示例", by=PROPOSER, at=walk.at)
    row = await DeletionList.filter(agreed=None).first()
    assert row
    with pytest.raises(Refusal):
        await retention.decide(row.id, True, by=Actor(Role.OFFICE, "示例", account=901), at=walk.at)
    await retention.decide(row.id, True, by=AGREEING, at=walk.at)


async def wait(walk: Walk) -> None:
    walk.at += timedelta(days=walk.dice.choice((1, 9, 20)))


async def wait_long(walk: Walk) -> None:
    if walk.closed is not None:
        walk.at += timedelta(days=4000)


STEPS_THERE_ARE = (
    enter, review, review, receipt, agree, publish, publish, object_to, answer_objection, ask_correction, propose,
    decide_correction, drop, withdraw, into_the_record, into_the_record, ask_repair, decide_repair, archive, archive, destroy,
    wait, wait, wait, wait_long, into_the_record, into_the_record,
)  # fmt: skip


async def begun(walk: Walk, how_far: int) -> None:
    """At the visit's end, at what was agreed to by the head, at what is public, at the dossier, at one that may go."""
    if how_far:
        await publishing.entered(walk.task, ["R05"], HEAD, walk.at)
    if how_far >= 2:
        await publishing.published(walk.task, HEAD, walk.at, PLACE)
    if how_far == 2 and walk.dice.random() < 0.5:
        walk.at += timedelta(days=9)  # the term of objection is over
    if how_far >= 3:
        walk.at += timedelta(days=20)
        await into_the_record(walk)
        await archive(walk)
    if how_far == 4:
        await holds(walk)
        await wait_long(walk)


async def holds(walk: Walk) -> None:
    """What is true after every step."""
    task = await Task.get(id=walk.task.id)
    versions = {row.version: tuple(row.types) for row in await Result.filter(task=task).order_by("version")}
    assert list(versions) == list(range(1, len(versions) + 1))
    assert versions | walk.versions == versions  # none is gone, none says something else
    publications = await Publication.filter(task=task).count()
    assert publications >= walk.publications
    walk.versions, walk.publications = versions, publications
    current, shown = await queries.current(task), await public.result(walk.number)
    gone = await Tombstone.exists(task=task)
    assert (shown is not None) == (current is not None)
    if shown and (gone or (current and current.kind == "withdrawn")):
        assert shown.result.withdrawn and not (shown.result.types or shown.result.earlier)
        assert not (gone and shown.result.items)
    await leaves(walk, current)
    events = sum([not _may_follow(line) for line in await Event.filter(chain=f"task:{walk.number}")])
    if task.state == "archived":
        assert walk.closed in (None, events)
        walk.closed = events
    assert not gone or task.state == "archived"


def _may_follow(line: Event) -> bool:
    """What an archived chain takes: that it was destroyed, and what the entity is told of its credit repair (0631)."""
    return line.kind == "task.destroyed" or line.data.get("step") == REPAIR


async def leaves(walk: Walk, current: Publication | None) -> None:
    """What an export says: nothing disputed or unpublished, no result of what is stopped."""
    today = local_day(walk.at)
    lines = await credits.entries(None, today)
    rows = credit_files.exported(lines, credit_files.credit_mapping("", ZH))
    disputed = await Objection.exists(task=walk.task, upheld=None) or await Revision.exists(
        task=walk.task, outcome=""
    )
    said = {ZH(f"web.result.{code}") for code in ("R01", "R05", "R06")}
    naming = [row for row in rows if set(row) & said]
    assert len(naming) == sum(line.state == "stands" for line in lines) <= 1
    assert not naming or (current and current.kind != "withdrawn" and not disputed)
    assert all(not set(row) & said for row, line in zip(rows, [o for o in lines if o.state != "disputed"], strict=True)
               if line.state in STOPPED)  # fmt: skip


Work = Callable[[Walk], Awaitable[None]]
BEGIN, END = object(), object()


class House:
    """Takes steps from Hypothesis' thread. Each walk is one act, undone when the walk is over."""

    def __init__(self, task: Task) -> None:
        self.task, self.loop = task, asyncio.get_running_loop()
        self.orders: asyncio.Queue[tuple[Any, Future[None]]] = asyncio.Queue()
        self.trodden: set[str] = set()

    def ask(self, work: Any) -> None:
        """From the other thread: have it done; what it raises is raised here."""
        done: Future[None] = Future()
        self.loop.call_soon_threadsafe(self.orders.put_nowait, (work, done))
        done.result()

    async def serve(self) -> None:
        while (order := await self.orders.get())[0] is BEGIN:
            order[1].set_result(None)
            with suppress(RolledBack):
                await self.walked()

    @store.transactional
    async def walked(self) -> None:
        walk = Walk(Random(0), self.task)
        while True:
            work, done = await self.orders.get()
            if work is END:
                done.set_result(None)
                raise RolledBack
            try:
                await work(walk)
            except BaseException as error:
                done.set_exception(error)
            else:
                done.set_result(None)

    async def taken(self, walk: Walk, step: Work, dice: Random) -> None:
        walk.dice = dice
        try:
            await step(walk)
        except Refusal:
            pass
        else:
            self.trodden.add(step.__name__)


class AfterTheVisit(RuleBasedStateMachine):
    """The acts after a visit in any order, at any time, on one task."""

    house: House
    how_far: int

    def __init__(self) -> None:
        super().__init__()
        self.house.ask(BEGIN)

    @initialize(dice=st.randoms(use_true_random=False))
    def begins(self, dice: Random) -> None:
        async def work(walk: Walk) -> None:
            walk.dice = dice
            await begun(walk, self.how_far)

        self.house.ask(work)

    @rule(step=st.sampled_from(STEPS_THERE_ARE), dice=st.randoms(use_true_random=False))
    def takes(self, step: Work, dice: Random) -> None:
        self.house.ask(lambda walk: self.house.taken(walk, step, dice))

    @invariant()
    def keeps_what_is_promised(self) -> None:
        self.house.ask(holds)

    def teardown(self) -> None:
        self.house.ask(END)


@pytest.mark.timeout(7200)
async def test_no_path_publishes_early_enters_what_is_disputed_or_shows_what_is_gone(
    db, object_store, full_size
):
    house = House(await over())
    walks, steps = FULL if full_size else QUICK
    how = settings(
        max_examples=walks, stateful_step_count=steps, derandomize=not full_size, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    serving = asyncio.create_task(house.serve())
    try:
        for how_far in BEGINNINGS:
            machine = type("Walks", (AfterTheVisit,), {"house": house, "how_far": how_far})
            await asyncio.to_thread(run_state_machine_as_test, machine, settings=how)
    finally:
        house.orders.put_nowait((END, Future()))
        await serving
    far = {"publish", "object_to", "into_the_record", "ask_repair", "withdraw", "archive", "destroy"}
    assert far <= house.trodden
