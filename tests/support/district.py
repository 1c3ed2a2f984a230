"""A small district for tests: four departments, twelve hotels, their checklist, one batch ready to commit.

People and companies are fictitious. Everything after the rows is done by the real acts.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from models import store
from models.data import read, workday_calendar
from models.district import District
from models.operations import event
from models.procedure import department_result, draw, enrolment, inspection, schedule
from models.queries import department_result as department_results
from models.queries import onsite
from models.queries import sheet as sheets
from models.queries.person import AccountHolder
from models.rules import checklist, credit_code
from models.rules.actor import Actor, Role
from models.rules.draw import entropy
from models.rules.visit import SHANGHAI
from models.states import BatchState, PlanState, SchemeState
from models.tables import (
    Account,
    Answer,
    Assignment,
    Batch,
    Checklist,
    Department,
    Draw,
    Inspector,
    Item,
    Plan,
    PlanEntry,
    Question,
    Scheme,
    Target,
    Task,
)
from tests.support.snapshots import remembered

CREW = ("GA", "SCJG", "WJ", "XF")
ITEMS = ("XH-GA-02", "XH-GA-03", "XH-GA-04", "XH-GA-05")
BATCH = "2026-XH-GA-02-1"
CEREMONY = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
VISIT = datetime(2026, 12, 8, 9, 0, tzinfo=SHANGHAI)
OFFICE = Actor(Role.OFFICE, "1", "测试联席办")


def credit_code_of(n: int) -> str:
    """A fictitious credit code that passes both checks."""
    body = f"91410402YYYY{n:04d}"
    checked = body + credit_code.organisation_check(body[8:])
    return checked + credit_code.check_digit(checked)


def district(public_url: str = "http://127.0.0.1:8080") -> District:
    return District("示例区", hashlib.sha256(b"for tests only").digest(), workday_calendar(), public_url)


@dataclass
class Clock:
    """The time as a test tells it."""

    at: datetime = CEREMONY
    woken: int = field(default=0)

    def __call__(self) -> datetime:
        return self.at

    def wake(self) -> None:
        self.woken += 1

    def move(self, to: datetime | timedelta) -> None:
        self.at = self.at + to if isinstance(to, timedelta) else to


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(name).decode("utf-8-sig"))))


@remembered
async def found() -> None:
    """The registries, the plan, its scheme and an open batch, as one act."""
    async with written():
        await _found()


@asynccontextmanager
async def written() -> AsyncIterator[None]:
    """What a test writes in it is written by an act, and sealed."""
    async with store.transaction():
        yield
        await event.record("registry", "registry.sample", by=OFFICE, at=CEREMONY)


async def _found() -> None:
    await _departments_and_items()
    await _checklist()
    for n in range(1, 13):
        await Target.create(
            code=f"OBJ{n:05d}", kind="for_profit", form="有限责任公司", name=f"示例区示例{n:03d}宾馆有限公司",
            credit_code=credit_code_of(n), industry="H6110", industry_name="旅游饭店",
            address=f"示例区示例路{n}号", street="410402001", street_name="示例街道",
            representative=f"示例人{n:03d}",
            contact=f"联络员{n:03d}", phone=f"0375-000{n:04d}", email="", status="operating",
            risk="AABC"[n % 4],
            departments=list(CREW), items=list(ITEMS), complaint=False,
        )  # fmt: skip
    for department in CREW:
        for n in range(1, 7):
            await Inspector.create(
                code=f"INS-{department}-{n}", name=f"{'甲乙丙丁戊己'[n - 1]}检员{department}",
                department=department,
                certificate=f"TEST-{department}-{n:03d}", certificate_until=date(2028, 12, 31),
                level="县级(区)",
                areas=["*"], items=["*"], may_lead=n <= 4, status="in_post", phone=f"1390000{n:04d}",
            )  # fmt: skip
    plan = await Plan.create(
        year=2026, department="GA", state=PlanState.PUBLISHED, submitted_on=date(2026, 1, 20), late=False,
        adopted_at=CEREMONY, source="", sha256="0" * 64,
    )  # fmt: skip
    entry = await PlanEntry.create(
        code="2026-XH-GA-02", plan=plan, title="宾馆、旅店联合抽查", items=list(ITEMS), industries=["H6110"],
        areas=[],
        participating=["WJ", "XF", "SCJG"], rates={"A": "1", "B": "3", "C": "25"}, opens=date(2026, 11, 24),
        closes=date(2026, 12, 31), methods=["NETWORK", "ON_SITE"],
    )  # fmt: skip
    scheme = await Scheme.create(
        code="2026-XH-GA-02-S", entry=entry, state=SchemeState.ADOPTED,
        adopted_by={d: f"测试负责人{d}" for d in CREW}, adopted_at=CEREMONY, source="", sha256="0" * 64,
    )  # fmt: skip
    await Batch.create(
        code=BATCH, scheme=scheme, state=BatchState.OPEN, strata={"A": 3, "B": 1, "C": 1}, teams={"*": 2},
        crew=dict.fromkeys(CREW, 2), opens=date(2026, 11, 30), closes=date(2026, 12, 18),
        entropy=["witness:GA", "witness:WJ"], ceremony="2026-11-27 09:00 示例会议室",
    )  # fmt: skip


async def _departments_and_items() -> None:
    for row in rows("departments.csv"):
        await Department.create(
            code=row["code"], name=row["领域名"], unit=f"示例区{row['领域名']}局", note=row["备注"]
        )
    for code in ITEMS:
        await Item.create(
            code=code, field="宾馆、旅店监督抽查", name=f"宾馆、旅店检查{code[-2:]}",
            targets="各类宾馆、旅店",
            target_kind="for_profit", key=False, methods="ON_SITE", initiating="GA",
            participating="SCJG;WJ;XF",
            basis=f"《示例条例》第{int(code[-2:])}条", content="示例",
        )  # fmt: skip


async def _checklist() -> None:
    codes = {row["领域名"]: row["code"] for row in rows("departments.csv")}
    points = [row for row in rows("checkpoints.csv") if row["检查表"] == "XH-GA-02/03/04/05"]
    made = await Checklist.create(
        code=points[0]["检查表"],
        version=1,
        name=points[0]["检查表名称"],
        published_at=CEREMONY,
        sha256="0" * 64,
    )
    for row in points:
        await Question.create(
            checklist=made, number=int(row["序号"]), department=codes[row["责任部门"]], text=row["检查要点"],
            basis=row["依据"], answer=row["答案类型"], fill_in=row["单位或补充填写"], photo=row["拍照要求"],
            network=row["网络检查先行"], network_source=row["网络核查来源"],
            may_not_apply=row["允许不适用"] == "是",
            prepare=row["请准备的材料"],
            items=[row["对应事项"]] if row["对应事项"] else None,
        )  # fmt: skip


async def account(role: Role, of: str, at: datetime = CEREMONY) -> Account:
    """An account: an inspector's or entity's by code, a head's and liaison's by department, the office's by name."""
    return await Account.get(id=(await _holder(role, of, at)).id)


async def _holder(role: Role, of: str, at: datetime) -> AccountHolder:
    if role == Role.INSPECTOR:
        return await enrolment.account_of_inspector(of, at)
    if role == Role.ENTITY:
        return await enrolment.account_of_target(of, at)
    if role == Role.HEAD:
        return await enrolment.account_of_head(
            of, at, name=f"测试负责人{of}", phone=f"1380000{sum(map(ord, of)):04d}"
        )
    if role == Role.LIAISON:
        return await enrolment.account_of_liaison(of, at, name=f"测试联络员{of}", phone="13700000001")
    return await enrolment.account_of_office(of, at)


VALUES = {"witness:GA": "123456" * 8 + "12", "witness:WJ": "654321" * 8 + "65"}
LOTTERY = "19 1 8"  # chance gives the first task to the B-class hotel and leaves some officers free


@remembered
async def drawn(at: datetime = CEREMONY, **commit: bool) -> Draw:
    """The batch committed, pledged, revealed and held, with values that are always the same."""
    held = await draw.hold(await revealed(at, **commit), by=OFFICE, at=at)
    return await Draw.get(code=held.code)


async def revealed(at: datetime = CEREMONY, **commit: bool) -> str:
    """The draw's code, when nothing is left but to hold it.

    The heads of two departments are the witnesses; a lottery comes out a second after they have revealed.
    """
    out = at + timedelta(seconds=1)
    lottery = f"lottery:示例彩票@{out.astimezone(SHANGHAI).isoformat(timespec='seconds')} 2026300"
    async with written():
        await Batch.filter(code=BATCH).update(entropy=[*VALUES, lottery])
    made = await draw.commit(BATCH, by=OFFICE, at=at, random=salts(), **commit)
    for source, value in VALUES.items():
        await draw.pledge(
            made.code, source, entropy.pledge(made.commitment, value), by=await witness(source, at), at=at
        )
    for source, value in VALUES.items():
        await draw.reveal(made.code, source, value, by=await witness(source, at), at=at)
    for source in reversed(VALUES):
        await draw.reveal(made.code, lottery, LOTTERY, by=await witness(source, at), at=out)
    return made.code


async def witness(source: str, at: datetime = CEREMONY) -> Actor:
    """The head of a witness's department, from an account of the head's own."""
    return enrolment.actor_of(await account(Role.HEAD, source.partition(":")[2], at))


def salts():
    count = iter(range(10**9))
    return lambda n: hashlib.sha512(str(next(count)).encode()).digest()[:n]


async def team_of(task: Task) -> dict[str, list[Actor]]:
    """The officers of a task by department, the leader first in their own."""
    people: dict[str, list[Actor]] = {}
    for seat in await Assignment.filter(task=task, until=None).order_by("-leader", "id"):
        officer = await enrolment.account_of_inspector(str(seat.inspector_id), CEREMONY)
        people.setdefault(seat.department, []).append(officer.actor)
    return people


async def leader_of(task: Task) -> Actor:
    seat = await Assignment.get(task=task, leader=True, until=None)
    return (await enrolment.account_of_inspector(str(seat.inspector_id), CEREMONY)).actor


async def answered(task: Task, at: datetime) -> None:
    """One point of each department answered, for tests that begin when the visit is over."""
    asks = (await sheets.sheet_of(task)).asks
    async with written():
        for department, crew in (await team_of(task)).items():
            ask = next(ask for ask in asks if ask.department == department)
            await Answer.create(
                task=task, question_id=ask.id, version=1, verdict="pass", by=crew[0].id, at=at
            )


async def entered(task: Task, types: Sequence[str], at: datetime, note: str = "") -> None:
    """Every department that inspected enters its result: the leader's, and whoever found something wanting, these
    types, the others that they found nothing. The leader comes last, which confirms the whole."""
    task, leader, people = await Task.get(id=task.id), await leader_of(task), await team_of(task)
    sheet, settled = await sheets.sheet_of(task), await onsite.established(task.id)
    lines = await department_results.standings(task, date.min)
    leads = leader.department in {line.department for line in lines}
    for line in lines:
        crew = people[line.department]
        if line.entry is None and leader not in crew:
            own = bool(not leads or checklist.failures(sheet, line.department) or settled)
            chosen, remark = (types, note) if own else (["R01"], "")
            await department_result.enter(task.number, chosen, remark, by=crew[0], at=at)
    if leads:
        await department_result.enter(task.number, types, note, by=leader, at=at)
    else:
        await department_result.confirm(task.number, by=leader, at=at)


@remembered
async def visit_fixed(
    task: Task, place: District, *, at: datetime = CEREMONY, begins: datetime = VISIT
) -> None:
    """The network check closed, the visit proposed and fixed, the notice on its way."""
    leader = await leader_of(task)
    await inspection.close_network_check(task.number, by=leader, at=at)
    await schedule.propose(task.number, begins, begins + timedelta(hours=2), by=leader, at=at)
    await schedule.fix(task.number, by=leader, at=at, district=place)


@remembered
async def visit_concluded(task: Task, place: District, *, begins: datetime = VISIT) -> None:
    """The visit held, every question answered (photos where due are left out: nothing fails), and ended."""
    leader, team = await leader_of(task), await team_of(task)
    await inspection.begin(
        task.number,
        [one.id for people in team.values() for one in people],
        by=leader,
        at=begins,
        untold="示例:当面告知",
    )
    for ask in (await sheets.sheet_of(task)).asks:
        await inspection.answer(
            task.number, ask.number, verdict="na" if ask.may_not_apply else "pass",
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
            note="示例",
            by=team[ask.department][0], at=begins,
        )  # fmt: skip
    for people in team.values():
        await inspection.finalise(task.number, by=people[0], at=begins)
    await inspection.conclude(task.number, by=leader, at=begins + timedelta(hours=2), district=place)
