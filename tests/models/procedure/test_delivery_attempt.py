"""告知: each channel in its turn; told is only who was told; every try is a row (Art. 16 (2))."""

import pytest

from models import store
from models.delivery import ChannelReceipt
from models.procedure import delivery, delivery_attempt, hand_delivery, notice, notice_records
from models.queries import board, evidence, manual_deliveries, objects
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import NoticeState as N
from models.tables import Attempt, Binding, Notice, Outbox, Target, Task
from tests.support import district
from tests.support.district import CEREMONY, OFFICE

AT = CEREMONY
LINK = Actor(Role.PUBLIC, "link")
KNOWN = {"email": "hotel@example.test", "phone": "13800000001", "fax": "0375-0000002"}


async def told(channels=(), chat=None, **known):
    """A fixed visit at an entity that wants to be told so: the task, and the letter."""
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("number").first()
    async with district.written():
        await Target.filter(code=task.target_id).update(channels=list(channels), **(known or KNOWN))
        if chat:
            account = await district.account(Role.ENTITY, task.target_id)
            await Binding.create(account=account, telegram_id=chat, bound_at=AT)
    await district.visit_fixed(task, district.district())
    return task, await notice_records.current(task)


async def owed():
    """What the next channel is, as the courier finds it."""
    return {one.channel: one for one in await delivery.claim("w", at=AT) if one.kind == "notice"}


async def fails(channel):
    await delivery.fail((await owed())[channel], "示例故障", at=AT)


async def state(letter):
    return (await Notice.get(id=letter.id)).state


async def way(letter):
    return [(one.channel, one.outcome) for one in await Attempt.filter(notice=letter).order_by("id")]


async def whole():
    assert (await evidence.verify()).differences == []


async def test_the_channels_are_tried_in_the_order_that_the_entity_wants(any_db):
    task, letter = await told(["sms", "chat", "fax", "email"], chat=7)
    await fails("sms")
    await fails("chat")
    assert await state(letter) == N.BY_HAND
    [asked] = await Outbox.filter(kind="notice.by_hand")
    assert asked.payload["channel"] == "fax"
    leader = await district.leader_of(task)
    await hand_delivery.handed(task.number, "fax", "failed", by=leader, at=AT, text="忙音")
    assert list(await owed()) == ["email"]
    await whole()


async def test_a_channel_without_an_address_is_left_out(db):
    await told(["email", "fax", "sms"], phone="13800000001")
    assert list(await owed()) == ["sms"]


async def test_who_wants_a_call_is_called_first(db):
    _, letter = await told(["phone", "email"])
    assert await state(letter) == N.BY_HAND
    assert await owed() == {}


async def test_three_calls_in_vain_are_told_to_the_head_and_a_letter_on_paper_is_due(db):
    task, letter = await told(["phone"], phone="0375-0000001")
    leader = await district.leader_of(task)
    await district.account(Role.HEAD, leader.department)
    for n in range(3):
        assert not await Outbox.exists(kind="notice.unreached")
        await delivery_attempt.telephoned(task.number, False, "无人接听", by=leader, at=AT, key=f"call{n}")
    assert await Outbox.filter(kind="notice.unreached").count() == 1
    [line] = await manual_deliveries.outgoing(board.ALL)
    assert (line.calls, line.channel, line.number) == (3, "post", letter.number)
    assert await state(letter) == N.BY_HAND
    await whole()


async def test_what_was_posted_is_told_only_when_it_is_signed_for(any_db):
    task, letter = await told(["post"])
    leader = await district.leader_of(task)
    await hand_delivery.handed(task.number, "post", "posted", by=OFFICE, at=AT, text="EMS 0000000001")
    assert await state(letter) == N.BY_HAND
    assert [one.waybill for one in await manual_deliveries.outgoing(board.ALL)] == ["EMS 0000000001"]
    assert await manual_deliveries.on_paper(board.ALL) == ()
    proof = await store.objects.put(b"%PDF-1.7 signed\n%%EOF")
    await hand_delivery.handed(
        task.number, "post", "delivered", by=leader, at=AT, who="示例前台", proof=proof
    )
    assert (await state(letter), await way(letter)) == (N.SENT, [("post", "posted"), ("post", "delivered")])
    assert (await objects.orphans())[1] == []
    await whole()


async def test_a_letter_that_came_back_takes_the_next_channel(db):
    task, _ = await told(["post", "email"])
    await hand_delivery.handed(task.number, "post", "posted", by=OFFICE, at=AT, text="EMS 0000000001")
    await hand_delivery.handed(task.number, "post", "bounced", by=OFFICE, at=AT, text="查无此人")
    assert list(await owed()) == ["email"]


@pytest.mark.parametrize(("who", "said"), [("", ""), ("", "已交付"), ("  ", "已交付")])
async def test_who_received_a_letter_by_hand_is_named(db, who, said):
    task, letter = await told(["personal"])
    with pytest.raises(Refusal) as no:
        await hand_delivery.handed(task.number, "personal", "told", by=OFFICE, at=AT, who=who, text=said)
    assert no.value.code == "notice.nobody_named"
    assert await state(letter) == N.BY_HAND


@pytest.mark.parametrize(
    ("channel", "outcome"), [("email", "delivered"), ("fax", "told"), ("dove", "told"), ("phone", "told")]
)
async def test_a_way_that_there_is_none_of_is_refused(db, channel, outcome):
    task, _ = await told()
    with pytest.raises(Refusal) as no:
        await hand_delivery.handed(task.number, channel, outcome, by=OFFICE, at=AT, who="示例", text="示例")
    assert no.value.code == "notice.unknown_way"


async def test_handed_over_twice_under_one_key_is_written_down_once(any_db):
    task, letter = await told(["personal"])
    for _ in range(2):
        await hand_delivery.handed(task.number, "personal", "told", by=OFFICE, at=AT, who="示例前台", key="k")
    assert await way(letter) == [("personal", "told")]


async def test_d60_an_officer_of_another_team_hands_over_nothing(db):
    task, _ = await told()
    other = await Task.exclude(team_id=task.team_id).first()
    mine = {one.id for people in (await district.team_of(task)).values() for one in people}
    stranger = next(
        one for people in (await district.team_of(other)).values() for one in people if one.id not in mine
    )
    with pytest.raises(Refusal) as no:
        await hand_delivery.handed(task.number, "personal", "told", by=stranger, at=AT, who="示例")
    assert no.value.code == "task.unknown"


async def test_r20_a_failure_after_the_page_was_opened_is_noted_and_sends_nothing(db):
    _, letter = await told()
    await delivery_attempt.record_attempt(letter.id, "email", True, by=OFFICE, at=AT)
    from models.rules import tokens

    await notice.opened(tokens.token(district.district().secret, "notice", letter.number), at=AT)
    assert await state(letter) == N.OPENED
    await delivery_attempt.record_attempt(letter.id, "email", False, by=OFFICE, at=AT, detail="bounced")
    assert await state(letter) == N.OPENED
    assert not await Outbox.exists(kind="notice.by_hand")


async def test_what_is_only_handed_to_a_mail_server_is_not_said_to_have_arrived(db):
    _, letter = await told()
    await delivery.sent((await owed())["email"], at=AT, receipt=ChannelReceipt("a" * 64))
    assert await way(letter) == [("email", "accepted")]


async def test_d80_a_letter_that_is_withheld_goes_out_by_no_channel_at_all(any_db):
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("number").first()
    await Target.filter(code=task.target_id).update(channels=["sms", "email", "fax", "post"], **KNOWN)
    leader = await district.leader_of(task)
    asked = await notice.ask_to_withhold(task.number, "示例条例第9条", by=leader, at=AT)
    head = Actor(Role.HEAD, leader.department, "测试负责人", leader.department)
    await notice.decide_withholding(asked, True, by=head, at=AT)
    await district.visit_fixed(task, district.district())
    assert not await Outbox.exists(kind="notice")
    assert await manual_deliveries.outgoing(board.ALL) == ()
    for channel, outcomes in hand_delivery.OUTCOMES.items():
        for outcome in outcomes:
            with pytest.raises(Refusal) as no:
                await hand_delivery.handed(
                    task.number, channel, outcome, by=leader, at=AT, who="示例", text="示例"
                )
            assert no.value.code == "notice.withheld"
    with pytest.raises(Refusal) as no:
        await delivery_attempt.telephoned(task.number, True, "示例", by=leader, at=AT)
    assert no.value.code == "notice.withheld"
    for channel in ("chat", "email", "sms"):
        await delivery_attempt.record_attempt(asked, channel, False, by=OFFICE, at=AT)
    assert not await Outbox.exists(kind="notice")
    assert (await Notice.get(id=asked)).state == N.WITHHELD
