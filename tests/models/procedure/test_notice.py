"""告知书: made when the visit is fixed, confirmed once by its entity, replaced by the next version (Art. 16 (2))."""

from datetime import timedelta

import pytest

from models.procedure import enrolment, notice
from models.refusal import Refusal
from models.rules import tokens
from models.rules.actor import Role
from models.states import NoticeState as N
from models.tables import Notice, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, account, district

LATER = CEREMONY + timedelta(hours=1)


@pytest.fixture
async def letter(db) -> Notice:
    """The letter of the first task's fixed visit."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    return await Notice.get(task=task).select_related("task")


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def entity_of(letter: Notice):
    return enrolment.actor_of(await account(Role.ENTITY, str(letter.task.target_id)))


async def test_a_fixed_visit_has_one_letter_with_a_link_of_its_own(letter):
    assert (letter.version, letter.number) == (1, f"{letter.task.number}-T1")
    token = tokens.token(district().secret, "notice", letter.number)
    assert (await notice.by_token(token)).id == letter.id
    assert letter.token_sha256 == tokens.hashed(token) != token


async def test_what_is_no_link_leads_to_no_letter(letter):
    token = tokens.token(district().secret, "notice", letter.number)
    for wrong in ("", token[:-1], token + "A", token[::-1]):
        assert await notice.by_token(wrong) is None


async def test_the_first_look_at_its_page_is_kept_and_later_ones_change_nothing(letter):
    token = tokens.token(district().secret, "notice", letter.number)
    for hours in (1, 2):
        await notice.opened(token, at=CEREMONY + timedelta(hours=hours))
    assert (await Notice.get(id=letter.id)).opened_at == CEREMONY + timedelta(hours=1)


async def test_the_entity_confirms_once(letter):
    entity = await entity_of(letter)
    for hours in (1, 2):
        await notice.acknowledge(letter.number, by=entity, at=CEREMONY + timedelta(hours=hours))
    row = await Notice.get(id=letter.id)
    assert (row.state, row.acknowledged_at) == (N.ACKNOWLEDGED, LATER)


async def test_another_entity_confirms_nothing(letter):
    other = await Task.exclude(id=letter.task_id).order_by("rank").first()
    stranger = enrolment.actor_of(await account(Role.ENTITY, str(other.target_id)))
    assert await refused(notice.acknowledge(letter.number, by=stranger, at=LATER)) == "notice.unknown"
    assert (await Notice.get(id=letter.id)).acknowledged_at is None


async def test_after_the_letter_is_given_it_is_too_late_to_ask_that_nobody_be_told(letter):
    leader = await sample.leader_of(letter.task)
    asked = notice.ask_to_withhold(letter.task.number, "示例条例第一条", by=leader, at=LATER)
    assert await refused(asked) == "notice.given_already"


async def test_whoever_asks_that_nobody_be_told_names_the_basis(db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    leader = await sample.leader_of(task)
    assert (
        await refused(notice.ask_to_withhold(task.number, " ", by=leader, at=CEREMONY)) == "notice.no_basis"
    )
    assert not await Notice.exists(task=task)
