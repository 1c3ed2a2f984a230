"""Every state has a way on: acts, states, people and surfaces held against each other (Art. 14-18)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import handlers
from bot.buttons import HANDLERS
from models import store
from models.procedure import (
    absence,
    archive,
    cooperation,
    delivery_attempt,
    department_result,
    entry,
    hand_delivery,
    inspection,
    notice,
    online,
    publication,
    record,
    revision,
    schedule,
    suspension,
    team,
)
from models.procedure.enrolment import actor_of
from models.queries import record as records
from models.queries import sheet as sheets
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.acts import ACTS, Doer, may
from models.states import FINAL
from models.states import TaskState as T
from models.tables import Inspector, NonCooperation, Task
from server import access, console
from server.companion import acts as phone
from server.console import work
from tests.support import district as sample
from tests.support import onsite, publishing
from tests.support.act_surfaces import ALONE, CHAT, COMPANION, CONSOLE, SURFACES, UNREACHED, WAYS
from tests.support.district import VISIT, account, district

handlers.declare()

ROLES = {
    Doer.MEMBER: Role.INSPECTOR,
    Doer.LEADER: Role.INSPECTOR,
    Doer.HEAD: Role.HEAD,
    Doer.OFFICE: Role.OFFICE,
}
OVER = (T.PUBLISHED, T.ARCHIVED)
DAY = VISIT + timedelta(days=7)
"""Another day of the batch's window."""


def console_routes() -> dict[str, frozenset[Role]]:
    """Addresses that take a form, patterns without their expressions, and whose they are."""
    found: dict[str, frozenset[Role]] = {}
    for routes in console.ROUTES:
        for method, path, handler in routes.table:
            audience = access._declared[handler]
            if method == "POST":
                name = re.sub(r"\{(\w+):(?:[^{}]|\{[^{}]*\})*\}", r"{\1}", path)
                found[name] = found.get(name, frozenset()) | (audience.roles or frozenset())
    return found


def test_the_table_names_every_act_and_every_way_is_there():
    assert set(WAYS) == set(ACTS)
    routes = console_routes()
    for name, ways in WAYS.items():
        if ways.chat is not None:
            assert ways.chat in HANDLERS, name
        if ways.companion:
            assert ways.companion in phone.ACTS, name
        if ways.console:
            address = ways.console.replace(f"/acts/{name}", "/acts/{act}")
            assert address in routes, (name, address)
            for doer in ACTS[name].who:
                assert ROLES[doer] in routes[address], (name, doer)
            if address.endswith("/acts/{act}"):
                assert name in work.NAMES


def test_c9_what_a_role_may_do_it_can_do_on_each_of_its_surfaces():
    """A way on one surface and none on another is written down with its reason, and only while there is none."""
    for name, act in ACTS.items():
        ways = WAYS[name]
        there = {CHAT: ways.chat is not None, COMPANION: bool(ways.companion), CONSOLE: bool(ways.console)}
        for doer in act.who:
            for surface in SURFACES[doer]:
                assert there[surface] != (surface in ways.but), (name, doer, surface)


def test_c9_no_act_stands_on_a_surface_that_the_table_does_not_know():
    assert {ways.companion for ways in WAYS.values()} - {""} == set(phone.ACTS)
    known = {ways.console.replace(f"/acts/{name}", "/acts/{act}") for name, ways in WAYS.items()} | set(ALONE)
    ours = {one for one in console_routes() if one.startswith("/console/tasks/{number}/")}
    assert ours - known == set()


def test_every_state_that_acts_lead_to_lets_somebody_go_on():
    for state in T:
        if state in FINAL[T]:
            continue
        somebody = {doer for doer in Doer for name in ACTS if may(name, doer, state)}
        assert somebody, state


@dataclass
class Stage:
    """A task in a state that real acts brought it to."""

    task: Task
    at: datetime
    leader: Actor
    member: Actor
    head: Actor

    def deeds(self) -> dict[str, Callable[[], Awaitable[Any]]]:
        """Acts by those whom the table names, with the least that each needs."""
        number, at = self.task.number, self.at
        lead, member, head = ({"by": one, "at": at} for one in (self.leader, self.member, self.head))
        place = {"district": district()}
        return {
            "accept": lambda: team.accept(number, **member),
            "ask_out": lambda: team.ask_out(number, "post", "示例", **member),
            "replace": lambda: team.request_substitution(number, self.member.id, "post", "示例", **lead),
            "telephoned": lambda: delivery_attempt.telephoned(number, False, "示例:无人接听", **member),
            "handed": lambda: hand_delivery.handed(number, "personal", "no_answer", text="示例", **member),
            "close_network": lambda: inspection.close_network_check(number, **lead),
            "end_online": lambda: online.end(
                number, result="R10", source="示例网", finding="示例:已注销", **place, **lead
            ),
            "propose": lambda: schedule.propose(number, DAY, DAY + timedelta(hours=2), **lead),
            "withhold": lambda: notice.ask_to_withhold(number, "示例依据", **lead),
            "begin": lambda: inspection.begin(number, [self.leader.id], reason="示例", untold="示例", **lead),
            "suspend": lambda: suspension.suspend(number, "示例", **lead),
            "refusal": lambda: cooperation.report(number, [1], "示例", **member),
            "absence": lambda: absence.report(number, "示例", **member),
            "undo": lambda: inspection.undo(number, **member),
            "finalise": lambda: inspection.finalise(number, **member),
            "conclude": lambda: inspection.conclude(number, **place, **lead),
            "record_draw": lambda: record.draw_up(number, **place, **member),
            "record_hear": lambda: record.hear(number, "示例", **member),
            "record_sign": self.signed,
            "answer": self.answered,
            "enter": lambda: department_result.enter(number, ["R14"], "示例", **lead),
            "confirm": lambda: department_result.confirm(number, **lead),
            "review": lambda: entry.review(number, True, **head),
            "receipt": lambda: publication.record(number, "示例-2026-001", at.date(), **head),
            "publish": lambda: publication.publish(number, unsigned="示例", untold="示例", **place, **head),
            "archive": lambda: self.sealed(**place, **head),
            "revision_ask": lambda: revision.ask(number, "示例", **head),
            "withdraw": lambda: revision.withdraw(number, "示例", **head),
        }

    async def sealed(self, **how: Any) -> object:
        return await archive.seal(self.task.number, await publishing.dossier(7), **how)

    async def answered(self) -> object:
        ask = (await sheets.sheet_of(self.task)).of(self.leader.department)[0]
        return await inspection.answer(
            self.task.number, ask.number, note="示例:再看", by=self.leader, at=self.at
        )

    async def signed(self) -> object:
        last = (await records.papers(self.task.number)).last
        said = last.sha256 if last else "0" * 64
        return await record.sign(self.task.number, said, "officer", picture="", by=self.member, at=self.at)

    async def refused(self, name: str) -> str:
        """The code with which the act is refused, "" if it is done. Nothing of it stays."""
        try:
            await store.rehearse(self.deeds()[name])
        except Refusal as no:
            return no.code
        return ""


async def stage(task: Task, at: datetime) -> Stage:
    leader, people = await sample.leader_of(task), await sample.team_of(task)
    member = next(one for crew in people.values() for one in crew if one.id != leader.id)
    head = actor_of(await account(Role.HEAD, "GA"))
    return Stage(await Task.get(id=task.id), at, leader, member, head)


async def walk():
    """One stage after another: every state that acts lead to, by the acts themselves."""
    await sample.found()
    await sample.drawn()
    for code in sample.CREW:
        await account(Role.HEAD, code)
    for one in await Inspector.all():
        await account(Role.INSPECTOR, one.code)
    task, second, third = await Task.all().order_by("rank").limit(3)
    yield await stage(task, sample.CEREMONY)
    await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=sample.CEREMONY)
    yield await stage(task, sample.CEREMONY)
    await sample.visit_fixed(second, district(), begins=VISIT + timedelta(hours=4))
    leader = await sample.leader_of(task)
    await schedule.propose(task.number, VISIT, VISIT + timedelta(hours=2), by=leader, at=sample.CEREMONY)
    await schedule.fix(task.number, by=leader, at=sample.CEREMONY, district=district())
    yield await stage(task, VISIT)
    async for one in _in_vain(second, VISIT + timedelta(hours=4)):
        yield one
    async for one in _hindered(third, VISIT + timedelta(days=1)):
        yield one
    people = [one.id for crew in (await sample.team_of(task)).values() for one in crew]
    await inspection.begin(task.number, people, by=leader, at=VISIT, untold="示例")
    yield await stage(task, VISIT)
    await sample.visit_concluded(task, district())
    at = VISIT + timedelta(hours=3)
    yield await stage(task, at)
    head = (await stage(task, at)).head
    await sample.entered(task, ["R01"], at)
    yield await stage(task, at)
    await entry.review(task.number, True, by=head, at=at)
    yield await stage(task, at)
    await publication.record(task.number, "示例-2026-000", at.date(), by=head, at=at)
    yield await stage(task, at)
    await publishing.published(task, head, at)
    yield await stage(task, at)
    await publishing.archived(task, head, at + timedelta(days=20))
    yield await stage(task, at + timedelta(days=20))


async def _in_vain(task: Task, at: datetime):
    """无法联系: nobody at the place."""
    leader, people = await sample.leader_of(task), await sample.team_of(task)
    door = onsite.Door(task, leader, *people["XF"], leader)
    await door.photographed("place", at)
    report = await absence.report(task.number, "示例", by=door.first, at=at)
    await absence.confirm(report, by=door.second, at=at)
    yield await stage(task, at)


async def _hindered(task: Task, at: datetime):
    """不予配合, established by the head."""
    await sample.visit_fixed(task, district(), begins=at)
    leader, people = await sample.leader_of(task), await sample.team_of(task)
    door = onsite.Door(task, leader, *people["XF"], leader)
    await door.photographed("refusal", at)
    report = await cooperation.report(task.number, [1], "示例", by=door.first, at=at)
    await cooperation.confirm(report, by=door.second, at=at)
    head = actor_of(await account(Role.HEAD, leader.department))
    await cooperation.decide(report, True, by=head, at=at)
    assert (await NonCooperation.get(id=report)).agreed
    yield await stage(task, at)


FREE = {"accept", "telephoned", "handed", "finalise"}
"""Acts that look at the letter, the person or the section, not at the task's state."""
AGAIN = {
    ("close_network", T.NETWORK_CHECKED), ("begin", T.ON_SITE), ("conclude", T.CONCLUDED),
    ("enter", T.ENTERED), ("confirm", T.ENTERED),
    ("review", T.REVIEWED), ("review", T.RECORDED), ("publish", T.PUBLISHED), ("archive", T.ARCHIVED),
}  # fmt: skip
"""Done already: said once more it changes nothing, and is no error."""
ORDER = ("task.state", "state.move", "record.unknown")


async def test_every_act_is_refused_for_its_state_exactly_where_the_table_says_so(db):
    """And in each state somebody has an act that is done."""
    seen, wrong = set(), []
    async for one in walk():
        state = one.task.state
        seen.add(state)
        done = set()
        for name in one.deeds():
            code = await one.refused(name)
            allowed = state in ACTS[name].states
            if not code:
                done.add(name)
            if allowed and code in ("task.state", "state.move"):
                wrong.append((state, name, code))
            if not allowed and not code and name not in FREE and (name, state) not in AGAIN:
                wrong.append((state, name, "done where the table says no"))
        assert done - {"accept", "telephoned", "handed"} or state in OVER, state
    assert wrong == [], [tuple(map(str, one)) for one in wrong]
    assert {one.value for one in T} - {one.value for one in seen} == set(UNREACHED)
