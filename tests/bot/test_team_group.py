"""工作群: a leader binds a group, its one message follows the team, and nothing private ever stands in it (Art. 15)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from models.procedure import notice, team, team_group
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.team_group import GroupPlace
from models.tables import Assignment, Event, GroupCode, Inspector, Notice, Outbox, Target, Task, TeamGroup
from server.practice import Phone
from tests.bot.chat import Chat
from tests.support import district

GROUP = -1001000000007
SETTLED = timedelta(seconds=6)


async def leader_of(chat: Chat, task: Task) -> Phone:
    return await chat.officer(await district.leader_of(task))


async def link_of(chat: Chat, leader: Phone) -> str:
    """The leader asks for a code in the private chat."""
    await leader.say("/groups")
    await leader.wait_for("工作群")
    await chat.tap(leader, "绑定工作群")
    return (await leader.wait_for("绑定工作群")).links[0]


def group_of(chat: Chat, *phones: Phone, **more: bool) -> int:
    """A group of these people, the bot not in it."""
    exchange = chat.stage.exchange
    exchange.chats.found_group(GROUP, "示例抽查组群", [phone.id for phone in phones])
    exchange.chats.change(GROUP, bot="left", **more)
    return GROUP


async def bound(chat: Chat, task: Task, **more: bool) -> Phone:
    """The leader has bound a group; the message stands."""
    leader = await leader_of(chat, task)
    link = await link_of(chat, leader)
    chat.stage.exchange.add_bot_by(link, group_of(chat, leader, **more), leader.id)
    await chat.idle()
    await chat.post()
    return leader


def shown(chat: Chat, group: int = GROUP) -> list[str]:
    """Every message of the bot in the group, as it stands now."""
    exchange = chat.stage.exchange
    messages = [one for one, _ in exchange.chats.messages(group) if one["from"]["id"] == exchange.bot["id"]]
    return [one["text"] for one in messages if "text" in one]


def pinned(chat: Chat, group: int = GROUP) -> list[str]:
    exchange = chat.stage.exchange
    numbers = exchange.chats.chat(group).get("pinned", [])
    return [(exchange.chats.message(group, number) or {})["text"] for number in numbers]


async def test_a_leader_binds_a_group_by_one_link_and_one_message_stands_pinned_in_it(
    drawn: Chat, task: Task
) -> None:
    leader = await bound(drawn, task)
    [status] = shown(drawn)
    tasks = await Task.filter(team_id=task.team_id).count()
    assert "工作进度" in status and f"共{tasks}户：已接受0 · 已定时间0 · 已检查0 · 已录入0" in status
    assert pinned(drawn) == [status]
    await leader.wait_for("已绑定工作群")
    assert [one.kind for one in await Event.filter(kind__startswith="team_group.").order_by("id")][:2] == [
        "team_group.invited", "team_group.bound",
    ]  # fmt: skip
    assert drawn.stage.calls("leaveChat") == [] and drawn.errors == []


async def test_the_message_is_edited_once_for_all_that_happened_meanwhile(drawn: Chat, task: Task) -> None:
    await bound(drawn, task)
    rows = await Task.filter(team_id=task.team_id).order_by("id")
    edits = len(drawn.stage.calls("editMessageText", GROUP))
    for one in rows:
        for by in [by for crew in (await district.team_of(one)).values() for by in crew]:
            await team.accept(one.number, by=by, at=drawn.clock())
    assert await Outbox.filter(channel="group", state="waiting").count() == 1
    drawn.clock.move(SETTLED)
    await drawn.post()
    [status] = shown(drawn)
    assert f"已接受{len(rows)}" in status and "还没接受任务" not in status
    assert len(drawn.stage.calls("editMessageText", GROUP)) == edits + 1


async def test_nothing_of_an_entity_or_a_person_stands_there_before_or_after_the_notice(
    drawn: Chat, task: Task
) -> None:
    await bound(drawn, task)
    await district.visit_fixed(task, drawn.services.district)
    drawn.clock.move(SETTLED)
    await drawn.post()
    status = "".join(shown(drawn))
    assert "1次时间已定，告知书还没送到" in status and task.number not in status
    target = await Target.get(code=task.target_id)
    private = [target.name, target.address, target.phone, target.credit_code, target.risk]
    private += [one for row in await Inspector.all() for one in (row.name, row.phone)]
    said = [call.text("text") for call in drawn.stage.calls("sendMessage", GROUP)]
    said += [call.text("text") for call in drawn.stage.calls("editMessageText", GROUP)]
    assert said and not [
        one for one in private if len(str(one or "")) > 1 and any(str(one) in text for text in said)
    ]


async def test_a_visit_is_named_by_time_and_number_once_the_entity_has_been_told(
    drawn: Chat, task: Task
) -> None:
    leader = await bound(drawn, task)
    await district.visit_fixed(task, drawn.services.district)
    await notice.acknowledge(
        (await Notice.get(task=task)).number, by=Actor(Role.PUBLIC, "link"), at=drawn.clock()
    )
    drawn.clock.move(SETTLED)
    await drawn.post()
    [status] = shown(drawn)
    assert "已告知的检查" in status and task.number in status
    link = re.search(r'start=(task-[^"]+)"', drawn.stage.calls("editMessageText", GROUP)[-1].text("text"))
    assert link
    await leader.start(link[1])
    await leader.wait_for((await Target.get(code=task.target_id)).name)


@pytest.mark.parametrize("who", ["member", "stranger", "leader, too late"])
async def test_the_code_is_good_once_and_in_the_leader_s_own_hand_alone(
    drawn: Chat, task: Task, who: str
) -> None:
    leader = await leader_of(drawn, task)
    link = await link_of(drawn, leader)
    serving = [by for crew in (await district.team_of(task)).values() for by in crew]
    leads = await district.leader_of(task)
    member = await drawn.officer(next(by for by in serving if by != leads))
    stranger = drawn.stage.phone("路人")
    group = group_of(drawn, leader, member, stranger)
    if who == "leader, too late":
        drawn.clock.move(timedelta(hours=1, minutes=1))
    hand = {"member": member, "stranger": stranger}.get(who, leader)
    drawn.stage.exchange.add_bot_by(link, group, hand.id)
    await drawn.idle()
    assert await TeamGroup.all().count() == 0
    assert any("组长先在私聊里发送 /groups" in text for text in shown(drawn))
    assert group in [call.chat_id for call in drawn.stage.calls("leaveChat")]


async def test_a_group_that_nobody_bound_is_left_after_saying_why(drawn: Chat, task: Task) -> None:
    leader = await leader_of(drawn, task)
    group = group_of(drawn, leader)
    drawn.stage.exchange.add_bot(group, leader.id)
    await drawn.idle()
    assert "只在私聊和组长绑定的工作群中使用" in shown(drawn)[0]
    assert [call.chat_id for call in drawn.stage.calls("leaveChat")] == [group]


async def test_a_group_to_which_a_leader_s_code_was_not_said_in_an_hour_is_left(
    drawn: Chat, task: Task
) -> None:
    leader = await leader_of(drawn, task)
    await link_of(drawn, leader)
    group = group_of(drawn, leader)
    drawn.stage.exchange.add_bot(group, leader.id)
    await drawn.idle()
    assert drawn.stage.calls("leaveChat") == []
    drawn.clock.move(timedelta(hours=1, minutes=1))
    assert await team_group.sweep(at=drawn.clock()) == 1
    await drawn.post()
    assert "一小时内没有绑定" in shown(drawn)[0]
    assert [call.chat_id for call in drawn.stage.calls("leaveChat")] == [group]
    assert await team_group.sweep(at=drawn.clock()) == 0


async def test_one_topic_of_a_forum_is_bound_by_the_line_said_in_it(drawn: Chat, task: Task) -> None:
    leader = await leader_of(drawn, task)
    token = (await link_of(drawn, leader)).rpartition("=")[2]
    group = group_of(drawn, leader)
    topic = drawn.stage.exchange.topic(group, "第1组")
    drawn.stage.exchange.add_bot(group, leader.id)
    await leader.send_raw(
        chat=group, text=f"/bind@xinhua_ssj_bot {token}", message_thread_id=topic, is_topic_message=True
    )
    await drawn.idle()
    await drawn.post()
    [sent] = drawn.stage.calls("sendMessage", group)
    assert sent.number("message_thread_id") == topic and "工作进度" in pinned(drawn)[0]
    assert (await TeamGroup.get()).topic_id == topic


async def test_a_command_in_a_bound_group_leads_into_the_private_chat_and_talk_is_left_alone(
    drawn: Chat, task: Task
) -> None:
    leader = await bound(drawn, task)
    before = len(shown(drawn))
    await leader.say("@xinhua_ssj_bot 那家酒店几点去?", chat=GROUP)
    await leader.say("/today@another_bot", chat=GROUP)
    await drawn.idle()
    assert len(shown(drawn)) == before
    await leader.say("/today", chat=GROUP)
    await drawn.idle()
    assert shown(drawn)[-1] == "请在私聊里办理。群里只显示进度。"
    assert "t.me/xinhua_ssj_bot" in str(drawn.stage.calls("sendMessage", GROUP)[-1].tree("reply_markup"))
    assert drawn.stage.calls("leaveChat") == []


async def test_without_the_right_to_pin_the_message_says_so_until_the_right_is_given(
    drawn: Chat, task: Task
) -> None:
    leader = await bound(drawn, task, pins=False)
    [status] = shown(drawn)
    assert "没能置顶" in status and pinned(drawn) == []
    await leader.wait_for("没能置顶进度消息")
    drawn.stage.exchange.allow(GROUP, pins=True)
    await drawn.idle()
    await drawn.post()
    [status] = shown(drawn)
    assert "没能置顶" not in status and pinned(drawn) == [status]


async def test_a_status_that_somebody_deleted_is_sent_and_pinned_anew(drawn: Chat, task: Task) -> None:
    await bound(drawn, task)
    exchange = drawn.stage.exchange
    exchange.chats.delete(GROUP, exchange.chats.chat(GROUP)["pinned"][-1])
    exchange.chats.change(GROUP, pinned=None)
    await accepted(drawn, task)
    [status] = shown(drawn)
    assert "已接受1" in status and pinned(drawn) == [status]


async def accepted(chat: Chat, task: Task) -> None:
    """The whole team takes the task, and the group hears of it."""
    for by in [by for crew in (await district.team_of(task)).values() for by in crew]:
        await team.accept(task.number, by=by, at=chat.clock())
    chat.clock.move(SETTLED)
    await chat.post()


async def test_a_group_that_becomes_a_supergroup_goes_on_under_its_new_number(
    drawn: Chat, task: Task
) -> None:
    await bound(drawn, task)
    drawn.stage.exchange.upgrade(GROUP, -100777)
    await drawn.idle()
    await drawn.post()
    await accepted(drawn, task)
    [status] = shown(drawn, -100777)
    assert "已接受1" in status and pinned(drawn, -100777) == [status]
    assert (await TeamGroup.get()).chat_id == -100777
    assert await Event.filter(kind="team_group.moved").count() == 1


async def test_telegram_says_at_the_next_message_that_a_group_has_moved(drawn: Chat, task: Task) -> None:
    await bound(drawn, task)
    drawn.stage.exchange.chats.upgrade(GROUP, -100778)
    await accepted(drawn, task)
    assert "已接受1" in shown(drawn, -100778)[0]


@pytest.mark.parametrize("told", [True, False], ids=["told by Telegram", "found out at the next message"])
async def test_a_bot_that_is_taken_out_unbinds_and_tells_the_leader(
    drawn: Chat, task: Task, told: bool
) -> None:
    leader = await bound(drawn, task)
    if told:
        drawn.stage.exchange.remove_bot(GROUP)
        await drawn.idle()
    else:
        drawn.stage.exchange.chats.change(GROUP, bot="kicked")
        await accepted(drawn, task)
    row = await TeamGroup.get()
    assert row.ended_at and row.end_reason == "removed"
    await drawn.post()
    await leader.wait_for("本助手已不在群里")


async def test_a_closed_topic_waits_until_it_is_open_again(drawn: Chat, task: Task) -> None:
    leader = await leader_of(drawn, task)
    token = (await link_of(drawn, leader)).rpartition("=")[2]
    group = group_of(drawn, leader)
    topic = drawn.stage.exchange.topic(group, "第1组")
    drawn.stage.exchange.close_topic(group, topic)
    drawn.stage.exchange.add_bot(group, leader.id)
    await leader.send_raw(chat=group, text=f"/bind {token}", message_thread_id=topic, is_topic_message=True)
    await drawn.idle()
    await drawn.post()
    assert shown(drawn) == []
    await leader.wait_for("话题已关闭")
    drawn.stage.exchange.reopen_topic(group, topic)
    await drawn.idle()
    await drawn.post()
    assert "工作进度" in shown(drawn)[0] and (await TeamGroup.get()).trouble == ""


async def test_a_deleted_topic_unbinds_and_tells_the_leader(drawn: Chat, task: Task) -> None:
    leader = await leader_of(drawn, task)
    token = (await link_of(drawn, leader)).rpartition("=")[2]
    group = group_of(drawn, leader)
    topic = drawn.stage.exchange.topic(group, "第1组")
    drawn.stage.exchange.add_bot(group, leader.id)
    await leader.send_raw(chat=group, text=f"/bind {token}", message_thread_id=topic, is_topic_message=True)
    await drawn.idle()
    await drawn.post()
    drawn.stage.exchange.delete_topic(group, topic)
    await accepted(drawn, task)
    assert (await TeamGroup.get()).end_reason == "topic"
    await leader.wait_for("话题已删除")


async def test_a_group_that_lets_the_bot_write_nothing_is_named_to_the_leader(
    drawn: Chat, task: Task
) -> None:
    leader = await bound(drawn, task, writes=False)
    assert shown(drawn) == []
    await leader.wait_for("群不让本助手发言")
    drawn.stage.exchange.allow(GROUP)
    await drawn.idle()
    await drawn.post()
    assert "工作进度" in shown(drawn)[0]


async def test_unbound_in_the_chat_the_message_says_so_and_the_bot_leaves(drawn: Chat, task: Task) -> None:
    leader = await bound(drawn, task)
    await leader.say("/groups")
    await drawn.tap(leader, "解除")
    await drawn.post()
    assert "本群不再显示" in shown(drawn)[0] and pinned(drawn) == []
    assert [call.chat_id for call in drawn.stage.calls("leaveChat")] == [GROUP]
    row = await TeamGroup.get()
    assert row.end_reason == "unbound" and row.ended_by == (await district.leader_of(task)).mark


async def test_another_group_takes_the_place_of_the_one_before(drawn: Chat, task: Task) -> None:
    leader = await bound(drawn, task)
    by = await district.leader_of(task)
    await team_group.invite(task.team_id, "another-code", by=by, at=drawn.clock())
    other = -1001000000008
    drawn.stage.exchange.chats.found_group(other, "示例二群", [leader.id])
    drawn.stage.exchange.add_bot_by("https://t.me/x?startgroup=another-code", other, leader.id)
    await drawn.idle()
    await drawn.post()
    assert "本群不再显示" in shown(drawn)[0] and "工作进度" in shown(drawn, other)[0]
    assert await TeamGroup.filter(ended_at=None).count() == 1
    assert [call.chat_id for call in drawn.stage.calls("leaveChat")] == [GROUP]


async def test_who_leads_no_more_binds_nothing_and_the_new_leader_unbinds(drawn: Chat, task: Task) -> None:
    await bound(drawn, task)
    by, row = await district.leader_of(task), await TeamGroup.get()
    await team_group.invite(task.team_id, "one-more-code", by=by, at=drawn.clock())
    members = [one for crew in (await district.team_of(task)).values() for one in crew if one != by]
    async with district.written():
        await Assignment.filter(task__team_id=task.team_id, leader=True).update(leader=False)
        await Assignment.filter(task__team_id=task.team_id, inspector_id=members[0].id).update(leader=True)
    with pytest.raises(Refusal, match=r"team_group.leader_only"):
        await team_group.bind("one-more-code", GroupPlace(-5), by=by, at=drawn.clock())
    with pytest.raises(Refusal, match=r"team_group.unknown"):
        await team_group.end(row.id, by=by, at=drawn.clock())
    await team_group.end(row.id, by=members[0], at=drawn.clock())
    assert (await TeamGroup.get()).ended_at


async def test_a_code_that_was_said_twice_binds_once(drawn: Chat, task: Task) -> None:
    await bound(drawn, task)
    by = await district.leader_of(task)
    code, row = await GroupCode.filter(used_at__not_isnull=True).first(), await TeamGroup.get()
    assert code
    await team_group.invite(task.team_id, "again", by=by, at=drawn.clock())
    first = await team_group.bind("again", GroupPlace(GROUP), by=by, at=drawn.clock())
    assert first.id == row.id and await TeamGroup.all().count() == 1
    assert (await team_group.bind("again", GroupPlace(GROUP), by=by, at=drawn.clock())).id == row.id
    with pytest.raises(Refusal, match=r"team_group.code"):
        await team_group.bind("again", GroupPlace(-6), by=by, at=drawn.clock())


async def test_telegram_s_limit_for_groups_holds_the_message_back_and_loses_nothing(
    drawn: Chat, task: Task
) -> None:
    await bound(drawn, task)
    drawn.stage.faults.too_many("editMessageText", 7)
    await accepted(drawn, task)
    row = await Outbox.get(channel="group", state="waiting")
    assert row.due_at - drawn.clock() == timedelta(seconds=7) and row.attempts == 1
    assert "已接受0" in shown(drawn)[0]


async def test_an_anonymous_administrator_is_nobody(drawn: Chat, task: Task) -> None:
    leader = await leader_of(drawn, task)
    token = (await link_of(drawn, leader)).rpartition("=")[2]
    group = group_of(drawn, leader)
    drawn.stage.exchange.add_bot(group, leader.id)
    as_group = {"id": group, "type": "supergroup", "title": "示例群"}
    await leader.send_raw(chat=group, text=f"/bind {token}", sender_chat=as_group)
    await drawn.idle()
    assert await TeamGroup.all().count() == 0
    assert "不要用匿名管理员身份" in shown(drawn)[-1]
    assert drawn.stage.calls("leaveChat") == [], "the leader's code is good still"
