"""Random walks from the concluded visit to the destroyed dossier: what no path may do (Art. 16 (3), 17, 19, 20)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

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
WALKS, STEPS = 24, 25


class RolledBack(Exception):
    """A walk is over: what it wrote goes."""


@dataclass
class Walk:
    """One walk: the dice, the task, what time it is, what was there before the step."""

    dice: Random
    task: Task
    at: datetime = ENTERED
    versions: int = 0
    publications: int = 0
    closed: int | None = None  # events of an archived task
    trodden: set[str] = field(default_factory=set)

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
    """A third of the walks begin with the visit, a third with what is public, a third with the dossier."""
    if how_far:
        await publishing.entered(walk.task, ["R05"], HEAD, walk.at)
        await publishing.published(walk.task, HEAD, walk.at, PLACE)
    if how_far == 1 and walk.dice.random() < 0.5:
        walk.at += timedelta(days=9)  # the term of objection is over
    if how_far == 2:
        walk.at += timedelta(days=20)
        await into_the_record(walk)
        await archive(walk)


async def holds(walk: Walk) -> None:
    """What is true after every step."""
    task = await Task.get(id=walk.task.id)
    versions = await Result.filter(task=task).order_by("version").values_list("version", flat=True)
    assert list(versions) == list(range(1, len(versions) + 1)) and len(versions) >= walk.versions
    publications = await Publication.filter(task=task).count()
    assert publications >= walk.publications
    walk.versions, walk.publications = len(versions), publications
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


async def test_no_path_publishes_early_enters_what_is_disputed_or_shows_what_is_gone(db, object_store):
    task, trodden = await over(), set()

    @store.transactional
    async def walked(seed: int) -> None:
        walk = Walk(Random(seed), task)
        await begun(walk, seed % 3)
        for _ in range(STEPS):
            step = walk.dice.choice(STEPS_THERE_ARE)
            try:
                await step(walk)
            except Refusal:
                pass
            else:
                trodden.add(step.__name__)
            await holds(walk)
        raise RolledBack

    for seed in range(WALKS):
        with pytest.raises(RolledBack):
            await walked(seed)
    far = {"publish", "object_to", "into_the_record", "ask_repair", "withdraw", "archive", "destroy"}
    assert far <= trodden
