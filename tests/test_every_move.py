"""Every move of a state is one that the table allows, and every move of the table is made by some act (Art. 11).

The database itself writes down each change of a state, so that what is undone again is seen as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import product
from typing import Any

from models import store
from models.procedure import (
    absence,
    cooperation,
    delivery,
    delivery_attempt,
    entry,
    inspection,
    notice,
    online,
    publication,
    schedule,
)
from models.procedure import scheme as schemes
from models.procedure.enrolment import actor_of
from models.refusal import Refusal
from models.rules.actor import Role
from models.states import LATER, MOVES, BatchState, NoticeState, PlanState, SchemeState, TaskState
from models.tables import Absence, NonCooperation, Notice
from tests import test_every_batch as batches
from tests.server.pages import notice_token
from tests.support import district as place
from tests.support import onsite, publishing
from tests.support.district import VISIT, account, district
from tests.support.situation import DAY, LASTS, LINK, Situation
from tests.support.situations import walk
from tests.support.situations_afterwards import settled

TABLES: dict[type[StrEnum], str] = {
    PlanState: "plan", SchemeState: "scheme", BatchState: "batch", TaskState: "task", NoticeState: "notice",
}  # fmt: skip
Move = tuple[type[StrEnum], StrEnum, StrEnum]


@dataclass
class Observer:
    """What the database saw: moves between two different states. One to the same state is a save of the row."""

    kinds: tuple[type[StrEnum], ...]
    seen: set[Move] = field(default_factory=set)

    async def begin(self) -> None:
        run = store.connection().execute_query
        await run("CREATE TABLE IF NOT EXISTS moved (kind TEXT, before TEXT, after TEXT)")
        for kind in self.kinds:
            table = TABLES[kind]
            await run(
                f"CREATE TRIGGER moved_{table} AFTER UPDATE OF state ON {table} WHEN OLD.state <> NEW.state "
                f"BEGIN INSERT INTO moved VALUES ('{kind.__name__}', OLD.state, NEW.state); END"
            )

    async def look(self) -> None:
        names = {kind.__name__: kind for kind in self.kinds}
        rows = await store.connection().execute_query_dict("SELECT DISTINCT * FROM moved")
        for row in rows:
            kind = names[row["kind"]]
            self.seen.add((kind, kind(row["before"]), kind(row["after"])))

    async def in_vain(self, *deeds: Callable[[], Awaitable[Any]]) -> None:
        """These acts one after the other, each as far as it is allowed; looked at, and undone."""

        async def all_of_them() -> None:
            for deed in deeds:
                with suppress(Refusal):
                    await deed()
            await self.look()

        await store.rehearse(all_of_them)


def allowed(*kinds: type[StrEnum]) -> set[Move]:
    """The table's moves to another state, without those that are built later."""
    return {
        (kind, before, after)
        for kind in kinds
        for before, afters in MOVES[kind].items()
        for after in afters
        if before != after and after not in LATER
    }


def held(seen: set[Move], kinds: tuple[type[StrEnum], ...]) -> None:
    table = allowed(*kinds)
    assert seen - table == set(), "made, and not in the table"
    assert table - seen == set(), "in the table, and made by nobody"


async def test_plans_schemes_and_batches_move_as_the_table_says(db):
    observer = Observer((PlanState, SchemeState, BatchState))
    begun = False
    async for room in batches.walk():
        if not begun:
            await observer.begin()
            begun = True
        await observer.look()
        deeds = room.deeds("head")
        await observer.in_vain(deeds["plan.adopt"], deeds["batch.extend"])
        if room.step == "asked":
            renamed = batches.SCHEME.replace(b"2026-XH-GA-02-1", b"2026-XH-GA-02-2")
            adopt = partial(schemes.adopt, renamed, by=room.people["head"], at=room.at, amend="示例")
            await observer.in_vain(room.deeds("witness")["ceremony.consent_to_void"], adopt)
    held(observer.seen, observer.kinds)


async def test_tasks_and_letters_move_as_the_table_says(db):
    observer = Observer((TaskState, NoticeState))
    begun = False
    async for one in walk():
        if not begun:
            await observer.begin()
            begun = True
        await observer.look()
        for deeds in await others(one):
            await observer.in_vain(*deeds)
    held(observer.seen, observer.kinds)


async def others(one: Situation) -> list[list[Callable[[], Awaitable[Any]]]]:
    """Acts that the walk leaves out, by situation: each list is done and undone."""
    lead = {"by": one.leader, "at": one.at}
    gone = partial(
        online.end, one.number, result="R10", source="示例网", finding="示例", district=district(), **lead
    )
    conclude = partial(inspection.conclude, one.number, district=district(), **lead)
    if one.name == "notice: approved":
        return [list(pair) for pair in product(letters(one), repeat=2)]
    if one.name == "notice: telephoned in vain":
        return [[deed] for deed in letters(one)]
    if one.name in ("network check closed", "notice: drafted"):
        return [[gone]]
    if one.name == "on site":
        return [[partial(nobody_there, one)], [partial(refused, one)]]
    if one.name == "refused":
        return [[conclude]]
    if one.name == "unreachable after two attempts":
        return [[conclude], [partial(anew, one)]]
    if one.name == "result: published":
        return [[partial(settled, one), partial(archived, one)]]
    if one.name in ("result: reviewed", "result: recorded", "result: entered"):
        head = actor_of(await account(Role.HEAD, "GA"))
        back = partial(entry.review, one.number, False, by=head, at=one.at, reason="示例")
        return [[back], [partial(public, one)]]
    return []


def letters(one: Situation) -> list[Callable[[], Awaitable[Any]]]:
    """Everything that may befall a letter that is on its way."""
    called = partial(delivery_attempt.telephoned, one.number, by=one.leader, at=one.at)
    return [
        partial(called, True, "示例:知悉"),
        partial(uncalled, one),
        partial(courier, one, delivery.sent),
        partial(courier, one, partial(delivery.undeliverable, why="示例")),
        partial(opened, one),
        partial(acknowledged, one),
        partial(anew, one),
        partial(
            online.end, one.number, result="R10", source="示例网", finding="示例", district=district(),
            by=one.leader, at=one.at,
        ),
    ]  # fmt: skip


async def _letter(one: Situation) -> Notice:
    found = await Notice.filter(task=one.task).order_by("-version").first()
    assert found
    return found


async def uncalled(one: Situation) -> None:
    for _ in range(delivery_attempt.CALLS):
        await delivery_attempt.telephoned(one.number, False, "示例:无人接听", by=one.leader, at=one.at)


async def courier(one: Situation, outcome: Callable[..., Awaitable[Any]]) -> None:
    for parcel in await delivery.claim("test", at=one.at):
        if parcel.kind == "notice":
            await outcome(parcel, at=one.at)


async def opened(one: Situation) -> None:
    await notice.opened(notice_token((await _letter(one)).number), at=one.at)


async def acknowledged(one: Situation) -> None:
    await notice.acknowledge((await _letter(one)).number, by=LINK, at=one.at)


async def anew(one: Situation) -> None:
    """Another time: proposed and fixed."""
    begins = VISIT + 6 * DAY
    await schedule.propose(one.number, begins, begins + LASTS, by=one.leader, at=one.at)
    await schedule.fix(one.number, by=one.leader, at=one.at, district=district(), reason="示例")


async def _door(one: Situation) -> onsite.Door:
    crew = (await place.team_of(one.task))["XF"]
    return onsite.Door(one.task, one.leader, *crew, actor_of(await account(Role.HEAD, one.leader.department)))


async def nobody_there(one: Situation) -> None:
    door = await _door(one)
    await door.photographed("place", one.at)
    await absence.report(one.number, "示例", by=door.first, at=one.at)
    made = await Absence.filter(task=one.task).order_by("-id").first()
    assert made
    await absence.confirm(made.id, by=door.second, at=one.at)


async def refused(one: Situation) -> None:
    door = await _door(one)
    await door.photographed("refusal", one.at)
    await cooperation.report(one.number, [1], "示例", by=door.first, at=one.at)
    made = await NonCooperation.filter(task=one.task).order_by("-id").first()
    assert made
    await cooperation.confirm(made.id, by=door.second, at=one.at)
    await cooperation.decide(made.id, True, by=door.head, at=one.at)


async def public(one: Situation) -> None:
    head = actor_of(await account(Role.HEAD, "GA"))
    await publishing.agreed(one.task, one.at)
    await publication.publish(
        one.number, by=head, at=one.at, district=district(), unsigned="示例", untold="示例"
    )


async def archived(one: Situation) -> None:
    head = actor_of(await account(Role.HEAD, "GA"))
    await publishing.archived(one.task, head, one.at + 20 * DAY)
