"""What is drafted, amended, merged and archived at a desk, for samples of evidence (Art. 12, 13, 20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from models import store
from models.district import District
from models.procedure import (
    conference,
    credit,
    follow_up,
    plan,
    plan_merge,
    platform_result,
    publication,
    scheme_draft,
    sharing,
    team_group,
)
from models.procedure import task as tasks
from models.procedure.document_submission import SubmittedFile
from models.queries.sheet import sheet_of
from models.rules.actor import Actor, Role
from models.rules.conference import MeetingForm
from models.rules.follow_up import FollowUpForm
from models.rules.plan import Entry
from models.rules.plan_draft import file_of
from models.rules.registry.rows import Method
from models.rules.scheme_draft import BatchForm, SchemeForm
from models.rules.team_group import GroupPlace
from models.rules.visit import local_day
from models.tables import Notice, Reassignment, Task, VisitJoin
from server.platform_files import result_names
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import CREW
from tests.support.platform_files import results_file

YEAR, PAPER = 2027, b"%PDF-1.4\nexample\n%%EOF\n"
GOES_ON = Entry(
    "2027-XH-XF-01", "示例旅馆联合抽查", ("XH-GA-02", "XH-GA-03"), ("H6110",), (), ("WJ",), {"C": Decimal(25)},
    date(2027, 3, 1), date(2027, 4, 30), (Method.ON_SITE,),
)  # fmt: skip
ENDS = replace(GOES_ON, code="2027-XH-WJ-01", title="示例场所联合抽查", participating=("XF",))
WITHDRAWN = replace(GOES_ON, code="2027-XH-XF-02", title="示例专项抽查")
BATCH = BatchForm(
    "2026-XH-GA-02-8", date(2026, 12, 1), date(2026, 12, 11), {"A": 2, "C": 1}, {"*": 2}, dict.fromkeys(CREW, 2),
    ["witness:GA", "witness:WJ"], "2026-11-30 09:00 示例会议室",
)  # fmt: skip


def head(department: str) -> Actor:
    return Actor(Role.HEAD, department, f"测试负责人{department}", department)


async def planned(at: datetime) -> None:
    """A plan amended by one entry fewer, a merger with another department's that one head has accepted."""
    for department, entries in (("XF", [WITHDRAWN, GOES_ON]), ("WJ", [ENDS]), ("XF", [GOES_ON])):
        file = file_of(YEAR, department, at.date(), entries)
        await plan.adopt(file, by=sample.OFFICE, at=at, amend="示例:机构调整")
    asked = await plan_merge.propose(GOES_ON.code, ENDS.code, "示例:对象相同", by=sample.OFFICE, at=at)
    await plan_merge.sign(asked.id, True, by=head("XF"), at=at)


async def met(at: datetime) -> None:
    """A meeting of the joint conference, one resolution reported done."""
    form = MeetingForm(at.date(), "示例第一次会议", "示例召集人", ("GA", "XF"), "示例:通报情况。")
    meeting = await conference.hold(form, by=sample.OFFICE, at=at)
    taken = await conference.resolve(
        meeting.id, "示例:更新名录库", "XF", at.date() + timedelta(days=30), by=sample.OFFICE, at=at
    )
    await conference.report(taken.id, "示例:已更新", by=head("XF"), at=at)


async def grouped(task: Task, at: datetime) -> None:
    """A Telegram group bound to the team by its leader."""
    leader = await sample.leader_of(task)
    await team_group.invite(task.team_id, "example-code", by=leader, at=at)
    await team_group.bind("example-code", GroupPlace(-1001000000009, 7, "示例群"), by=leader, at=at)


async def schemed(at: datetime) -> None:
    """A scheme drafted at the desk, signed by one head and objected to by another."""
    form = SchemeForm("2026-XH-GA-02-S2", "2026-XH-GA-02", [BATCH])
    draft = await scheme_draft.put(form, by=Actor(Role.LIAISON, "GA", department="GA"), at=at)
    await scheme_draft.sign(draft.id, True, by=head("GA"), at=at)
    await scheme_draft.sign(draft.id, False, "示例:人手不足", by=head("WJ"), at=at)


async def joined(task: Task, other: Task, at: datetime) -> None:
    """Two visits asked to go through one door, and the other leader's objection."""
    leader = await sample.leader_of(task)
    async with store.transaction():
        row = await VisitJoin.create(
            task=task, other=other, answers={leader.id: {"agreed": True, "reason": "", "by": leader.mark, "at": at.isoformat()}},
            proposed_by=leader.mark, proposed_at=at, ended_at=at, ended_by=leader.mark, end_reason="示例:时间不合",
        )  # fmt: skip
        await tasks.note(task, "visit.join_objected", by=leader, at=at, rows=[row], join=row.id)


async def offered(task: Task, other: Task, at: datetime) -> None:
    """A task that another team was asked to take, and its leader's objection."""
    leader = await sample.leader_of(task)
    async with store.transaction():
        row = await Reassignment.create(
            task=task, from_team_id=task.team_id, to_team_id=other.team_id, ground="time",
            answers={leader.id: {"agreed": True, "reason": "", "by": leader.mark, "at": at.isoformat()}},
            proposed_by=leader.mark, proposed_at=at, ended_at=at, ended_by=leader.mark, end_reason="示例:人手不足",
        )  # fmt: skip
        await tasks.note(
            task, "task.reassignment_objected", by=leader, at=at, rows=[row], reassignment=row.id
        )


async def shared(task: Task, at: datetime) -> None:
    """A question that a colleague takes."""
    team = await sample.team_of(task)
    asks = (await sheet_of(task)).on_site("XF")
    await sharing.share(task.number, [asks[0].number], team["XF"][1].id, by=team["XF"][0], at=at)


async def published(task: Task, types: list[str], at: datetime, place: District) -> None:
    """A concluded task entered and, six days later, open to all though its entity could not be told."""
    await publishing.entered(task, types, head("GA"), at)
    await publication.publish(
        task.number, by=head("GA"), at=at + timedelta(days=6), district=place, unsigned="示例:无人可签",
        untold="示例:已注销",
    )  # fmt: skip


async def archived(task: Task, at: datetime, place: District) -> None:
    """A result of the provincial platform beside ours, a case filed and closed, then sealed into its dossier."""
    file = results_file(f"{task.number},,,,注销,,,{local_day(at)},示例-9")
    await platform_result.take("示例结果.csv", file, names=result_names(), by=head("GA"), at=at)
    form = FollowUpForm("case", local_day(at), "示例立案2026-1", text="示例")
    case = await follow_up.begin(task.number, form, by=head("GA"), at=at, district=place)
    await follow_up.end(case.id, "示例结案", by=head("GA"), at=at)
    await publishing.archived(task, head("GA"), at, place)


async def credited(task: Task, at: datetime, place: District) -> None:
    """In the credit record, repair asked for with a paper."""
    until = local_day(at) + timedelta(days=365)
    await credit.enter(task.number, until, by=head("GA"), at=at, district=place)
    letter = await Notice.get(task=task)
    paper = SubmittedFile(await store.objects.put(PAPER), len(PAPER), "PDF", "示例.pdf")
    await credit.apply(letter.number, "示例已改正", [paper], by=publishing.HOLDER, at=at)
