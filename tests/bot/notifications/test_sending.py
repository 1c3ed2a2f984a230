"""What is owed goes out once, in the reader's language, and says how the channel answered (F6, F8)."""

from __future__ import annotations

import ast
import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.notifications.notification import OutgoingNotification
from bot.notifications.sending import KINDS, deliver
from locales import LANGUAGES, words
from models import store
from models.delivery import TryLater, Undeliverable
from models.operations import outbox
from models.procedure import enrolment, inspection, reminder, schedule, team
from models.queries.card import TaskCard
from models.rules.actor import Role
from models.rules.visit import SHANGHAI
from models.tables import Account, Binding, Card, Outbox, Task
from server.practice import Phone
from tests.bot.chat import Chat
from tests.support import district

ROOT = Path(__file__).parents[3]


def test_every_kind_of_message_that_an_act_owes_can_be_sent() -> None:
    owed, steps = {"card"}, set()
    for path in (ROOT / "models" / "procedure").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            if isinstance(node, ast.Call) and name in ("owe", "_tell_leader", "_tell_head"):
                kind = node.args[1]
                if isinstance(kind, ast.Constant):
                    told = (
                        isinstance(node.func, ast.Attribute)
                        and ast.unparse(node.func.value) == "notification"
                    )
                    (steps if told else owed).add(kind.value)
    owed |= {"team.decided", "team.changed", "team.nobody_left"}
    assert owed - set(KINDS) == set()
    assert len(steps) >= 6
    for language in LANGUAGES:
        assert [one for one in sorted(steps) if not words(language).has(f"told.{one}.title")] == []


async def a_card(chat: Chat, task: Task):
    officer = await chat.officer(await district.leader_of(task))
    await opened(chat, officer, task)
    return officer


async def opened(chat: Chat, officer: Phone, task: Task) -> None:
    await officer.say("/today")
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await chat.tap(officer, target)


async def send(chat: Chat, phone, kind: str, payload: dict[str, object], key: str = "k") -> None:
    account = (await Binding.get(telegram_id=phone.id)).account_id
    await deliver(
        chat.app,
        account=account,
        telegram_id=phone.id,
        language="zh_Hans",
        kind=kind,
        payload=payload,
        key=key,
    )
    await store.kept()


async def test_d13_a_card_that_did_not_change_counts_as_sent(drawn: Chat, task: Task) -> None:
    officer = await a_card(drawn, task)
    await Card.filter(chat_id=officer.id).update(shown_sha256="")
    await send(drawn, officer, "card", {"subject": f"task:{task.number}"})
    assert drawn.stage.calls("editMessageText")[-1].chat_id == officer.id
    assert (await Card.get(chat_id=officer.id)).shown_sha256 != ""


async def test_d14_a_card_that_is_gone_is_sent_anew_and_the_old_one_forgotten(
    drawn: Chat, task: Task
) -> None:
    officer = await a_card(drawn, task)
    gone = officer.last()
    drawn.stage.exchange.chats.delete(officer.id, gone.id)
    other = (await district.team_of(task))["XF"][0]
    await team.accept(task.number, by=await district.leader_of(task), at=drawn.clock())
    assert other
    await send(drawn, officer, "card", {"subject": f"task:{task.number}"})
    card = await Card.get(chat_id=officer.id)
    assert card.message_id == officer.last().id != gone.id
    assert "接受任务" not in officer.last().buttons


async def test_d11_who_has_blocked_the_bot_cannot_be_reached_by_chat(drawn: Chat, task: Task) -> None:
    officer = await a_card(drawn, task)
    drawn.stage.faults.blocked("sendMessage")
    with pytest.raises(Undeliverable):
        await send(drawn, officer, "task.assigned", {"tasks": [task.number]})


async def test_a_person_who_writes_again_can_be_reached_again(drawn: Chat, task: Task) -> None:
    officer = await a_card(drawn, task)
    binding = await Binding.get(telegram_id=officer.id)
    await enrolment.blocked(binding.account_id, at=drawn.clock())
    await officer.say("/today")
    await officer.wait_for("我的任务")
    assert (await Binding.get(telegram_id=officer.id)).blocked_at is None


async def test_r19_a_channel_that_asks_to_wait_is_given_its_time(drawn: Chat, task: Task) -> None:
    officer = await a_card(drawn, task)
    drawn.stage.faults.too_many("sendMessage", retry_after=7)
    with pytest.raises(TryLater) as wait:
        await send(drawn, officer, "task.assigned", {"tasks": [task.number]})
    assert wait.value.seconds == 7
    drawn.stage.faults.server_error("sendMessage", 502, html=True)
    with pytest.raises(TryLater):
        await send(drawn, officer, "task.assigned", {"tasks": [task.number]})


async def test_f6_the_same_parcel_handed_over_twice_is_one_message(drawn: Chat, task: Task) -> None:
    officer = await a_card(drawn, task)
    with officer.counted() as count:
        for _ in range(2):
            await send(
                drawn, officer, "notice.withholding_decided", {"task": task.number, "agree": True}, key="w:1"
            )
    assert count.bot_messages == 1


async def test_a_colleague_s_answer_redraws_the_open_question_without_a_new_message(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    colleague = (await district.team_of(task))["GA"][1]
    with officer.counted() as count:
        await inspection.answer(task.number, 3, verdict="pass", by=colleague, at=site.clock())
        await site.post()
    assert count.bot_messages == 0
    assert "第3项" in officer.last().text and "已答：合格" in officer.last().text


async def test_u24_u25_a_reminder_is_one_message_with_the_way_to_each_task(site: Chat, task: Task) -> None:
    leader, people = await district.leader_of(task), await district.team_of(task)
    officer = await site.officer(leader)
    for ask in await _asks(task):
        await inspection.answer(
            task.number, ask.number, verdict="na", by=people[ask.department][0], at=site.clock()
        )
    for one in people.values():
        await inspection.finalise(task.number, by=one[0], at=site.clock())
    await inspection.conclude(task.number, by=leader, at=site.clock(), district=site.services.district)
    site.clock.move(datetime(2027, 1, 6, 8, 0, tzinfo=SHANGHAI))
    assert await reminder.sweep(at=site.clock(), district=site.services.district)
    await site.post()
    assert "期限提醒" in officer.last().text and "截止" in officer.last().text
    await site.tap(officer, f"打开 {task.number}")
    assert "录入结果" in officer.last().buttons


async def test_u23_at_night_nothing_rings(drawn: Chat, task: Task) -> None:
    officer = await a_card(drawn, task)
    drawn.clock.move(datetime(2026, 11, 27, 22, 0, tzinfo=SHANGHAI))
    await send(drawn, officer, "task.assigned", {"tasks": [task.number]})
    assert drawn.stage.calls("sendMessage", officer.id)[-1].flag("disable_notification")


async def test_u23_a_change_of_a_visit_of_the_same_day_rings_at_night_too(drawn: Chat, task: Task) -> None:
    officer = await a_card(drawn, task)
    night = datetime(2026, 11, 27, 6, 40, tzinfo=SHANGHAI)
    drawn.clock.move(night)
    for begins, rings in ((night.replace(hour=9), True), (night.replace(day=28, hour=9), False)):
        await Task.filter(id=task.id).update(visit_from=begins, visit_until=begins + timedelta(hours=2))
        told = {
            "visit.declined": {"task": task.number, "member": "示例人员"},
            "visit.unfixed": {"task": task.number, "begins": begins.isoformat(), "names": []},
        }
        for kind, payload in told.items():
            await send(drawn, officer, kind, payload, key=f"{kind}:{begins}")
            silent = drawn.stage.calls("sendMessage", officer.id)[-1].flag("disable_notification")
            assert bool(silent) != rings, kind


async def test_the_office_hears_of_somebody_guessing_links(drawn: Chat) -> None:
    office = await drawn.phone(await district.account(Role.OFFICE, "联席办"))
    for n in range(5):
        await enrolment.record_failure("tg:4711", at=drawn.clock())
        assert n < 5
    await drawn.post()
    assert "无效的邀请链接" in office.last().text
    assert (
        await Outbox.filter(account=await Account.get(role=Role.OFFICE, name="联席办"), state="sent").count()
        == 1
    )
    assert await outbox.enqueue(1, "card", key="x", at=drawn.clock(), subject="task:none")


async def _asks(task: Task):
    from models.queries.sheet import sheet_of

    return (await sheet_of(task)).asks


async def test_d17_a_card_drawn_again_late_is_not_drawn_over_what_was_opened_meanwhile(
    drawn: Chat, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague's answer is about to be drawn, and the leader, who looked at the answers, opens the task again."""
    leader = await district.leader_of(task)
    begins = district.VISIT
    await schedule.propose(task.number, begins, begins + timedelta(hours=2), by=leader, at=drawn.clock())
    officer = await a_card(drawn, task)
    await drawn.tap(officer, "时间意见与确定")
    await drawn.post()
    team_ = [one for people in (await district.team_of(task)).values() for one in people]
    member = next(one for one in team_ if one.id != leader.id)
    await schedule.reply(task.number, True, by=member, at=drawn.clock())
    opening: list[asyncio.Task[object]] = []
    read = OutgoingNotification.card

    async def slow(parcel: OutgoingNotification, number: str) -> TaskCard:
        card = await read(parcel, number)
        opening.append(asyncio.create_task(opened(drawn, officer, task)))
        await asyncio.wait(opening, timeout=1)
        return card

    monkeypatch.setattr(OutgoingNotification, "card", slow)
    assert "card" in await drawn.post()
    await opening[0]
    shown = officer.last()
    assert shown and any("时间意见与确定" in label for label in shown.buttons), officer.transcript()
