"""A letter is approved by the leader, and where the district says so by the head; then it never changes (Art. 16 (2))."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.procedure import approval, enrolment, inspection, notice, schedule
from models.queries import approvals, evidence, pending_decisions
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import NoticeState as N
from models.tables import Notice, Outbox, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT

PLACE = replace(sample.district(), head_approves=True)


@pytest.fixture
async def task(db) -> Task:
    """A visit fixed where the head approves too."""
    await sample.found()
    await sample.drawn()
    found = await Task.all().order_by("rank").first()
    await sample.account(Role.HEAD, "GA")
    await sample.visit_fixed(found, PLACE)
    return found


async def head(of: str = "GA") -> Actor:
    return enrolment.actor_of(await sample.account(Role.HEAD, of))


async def owed(kind: str) -> list[Outbox]:
    return await Outbox.filter(kind=kind)


async def test_until_the_head_agrees_nobody_is_told_and_no_link_leads_to_it(task):
    draft = await Notice.get(task=task)
    assert (draft.state, draft.token_sha256) == (N.DRAFTED, "")
    assert await owed("notice") == [] and await owed("notice.by_hand") == []
    assert [one.payload["notice"] for one in await owed("notice.approval_asked")] == [draft.id]
    _, letters = await pending_decisions.pending(["GA"])
    assert [one.id for one in letters] == [draft.id]
    assert [one.id for one in await approvals.approvals("GA")] == [draft.id]
    assert await approvals.approvals("WJ") == ()


async def test_the_heads_agreement_sends_it_with_the_facts_that_the_leader_approved(task):
    draft = await Notice.get(task=task)
    await approval.decide(draft.id, True, by=await head(), at=CEREMONY, district=PLACE)
    given = await Notice.get(task=task)
    assert given.letter == draft.letter and given.token_sha256
    assert given.state in (N.APPROVED, N.BY_HAND)
    assert (given.approved_by.split(":")[0], given.head_by) == ("inspector", "head:GA")
    assert [one.payload["agree"] for one in await owed("notice.head_decided")] == [True]
    assert (await evidence.verify()).differences == []


async def test_a_refusal_goes_back_to_the_leader_with_its_reason_and_the_next_version_is_asked_again(task):
    draft, leader = await Notice.get(task=task), await sample.leader_of(task)
    with pytest.raises(Refusal, match=r"notice\.refusal_needs_reason"):
        await approval.decide(draft.id, False, by=await head(), at=CEREMONY, district=PLACE, reason=" ")
    await approval.decide(
        draft.id, False, by=await head(), at=CEREMONY, district=PLACE, reason="示例:避开集市日"
    )
    assert (await Notice.get(id=draft.id)).state == N.REVOKED
    (told,) = await owed("notice.head_decided")
    assert (told.payload["agree"], told.payload["reason"]) == (False, "示例:避开集市日")
    assert await approvals.sent_back([task.number]) == {task.number: "示例:避开集市日"}
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=PLACE)
    again = await Notice.get(task=task, version=2)
    assert again.state == N.DRAFTED
    assert await approvals.sent_back([task.number]) == {}
    assert (await evidence.verify()).differences == []


async def test_what_stands_goes_on_standing_until_the_head_agrees_to_another_time(task):
    await approval.decide(
        (await Notice.get(task=task)).id, True, by=await head(), at=CEREMONY, district=PLACE
    )
    leader, later = await sample.leader_of(task), VISIT + timedelta(days=2)
    await schedule.propose(task.number, later, later + timedelta(hours=2), by=leader, at=CEREMONY)
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=PLACE)
    first, second = await Notice.filter(task=task).order_by("version")
    assert (first.state, second.state) == (N.BY_HAND, N.DRAFTED)
    await approval.decide(second.id, True, by=await head(), at=CEREMONY, district=PLACE)
    assert (await Notice.get(id=first.id)).state == N.REPLACED
    assert (await evidence.verify()).differences == []


async def test_a_draft_that_the_leader_overtakes_cannot_be_agreed_to_any_more(task):
    leader, later = await sample.leader_of(task), VISIT + timedelta(days=2)
    old = await Notice.get(task=task)
    await schedule.propose(task.number, later, later + timedelta(hours=2), by=leader, at=CEREMONY)
    await schedule.fix(task.number, by=leader, at=CEREMONY, district=PLACE)
    assert (
        await approval.decide(old.id, True, by=await head(), at=CEREMONY, district=PLACE)
    ).state == N.REVOKED
    assert await Notice.filter(task=task, state=N.DRAFTED).count() == 1


async def test_only_the_head_of_the_leaders_department_decides(task):
    draft = await Notice.get(task=task)
    for by in (await head("WJ"), await sample.leader_of(task)):
        with pytest.raises(Refusal):
            await approval.decide(draft.id, True, by=by, at=CEREMONY, district=PLACE)
    with pytest.raises(Refusal, match=r"notice\.unknown"):
        await notice.decide_withholding(draft.id, True, by=await head(), at=CEREMONY)
    assert (await Notice.get(id=draft.id)).state == N.DRAFTED


async def test_agreed_too_late_it_does_not_go_out_with_a_shorter_notice_than_is_due(task):
    draft = await Notice.get(task=task)
    with pytest.raises(Refusal, match=r"notice\.agreed_too_late"):
        await approval.decide(draft.id, True, by=await head(), at=VISIT - timedelta(days=1), district=PLACE)
    assert await owed("notice") == []


async def test_d80_a_letter_is_neither_withheld_while_the_head_has_it_nor_sent_while_withholding_is_asked(
    task,
):
    leader = await sample.leader_of(task)
    with pytest.raises(Refusal, match=r"notice\.waits_for_head"):
        await notice.ask_to_withhold(task.number, "《示例条例》第1条", by=leader, at=CEREMONY)
    other = await Task.filter(team_id=task.team_id).exclude(id=task.id).first()
    assert other
    await inspection.close_network_check(other.number, by=leader, at=CEREMONY)
    await schedule.propose(
        other.number, VISIT + timedelta(days=1), VISIT + timedelta(days=1, hours=2), by=leader, at=CEREMONY
    )
    await notice.ask_to_withhold(other.number, "《示例条例》第1条", by=leader, at=CEREMONY)
    with pytest.raises(Refusal, match=r"notice\.withholding_open"):
        await schedule.fix(other.number, by=leader, at=CEREMONY, district=PLACE)
    assert await Notice.filter(task=other).count() == 1
