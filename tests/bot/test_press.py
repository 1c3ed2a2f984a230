"""One press is one trip: few statements, two commits, and no act without its card (R1-R6)."""

from __future__ import annotations

from datetime import timedelta

from models.procedure import dialogue
from models.queries.card import task_card
from models.tables import Answer, Assignment, Card, Event, Inbox, InboxState, Inspector, Outbox, Photo, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district
from tests.support.statements import counted

ALWAYS = 1_000_000


async def test_an_answer_takes_eighteen_statements_and_two_commits(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    colleague = await site.at_question(task, "WJ", 9)
    async with site.stored():
        await site.tap(officer, "合格")
        async with counted() as count:
            await site.tap(officer, "合格")
        assert len(count.statements) <= 18, count.listed()
        assert count.commits == 2, count.listed()
    assert await Answer.filter(task=task).count() == 2
    assert await Inbox.exclude(state=InboxState.DONE).count() == 0
    assert colleague.last()


async def test_a_press_under_a_card_that_was_moved_is_one_trip_with_its_card_below(
    site: Chat, task: Task
) -> None:
    """Stored; looked for, in vain, as a card; the answer, what is awaited and that it is done; the card at the end."""
    officer = await site.at_question(task, "GA", 3)
    press = next(key["callback_data"] for row in officer.last().rows for key in row if "合格" in key["text"])
    kept = (await officer.sticker()).id
    await officer.wait_for("这里接受文字")
    await site.idle()
    async with site.stored(), counted() as count:
        said = await officer.answer(await officer.forge(press, kept))
        await site.idle()
    assert said.text == "已保存"
    assert count.commits == 4, count.listed()
    assert len(count.statements) <= 28, count.listed()
    assert "第4项" in officer.last().text


async def test_nothing_is_asked_twice_in_one_press(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        await site.tap(officer, "合格")
        for label in ("合格", "上一项", "备注", "要点列表"):
            async with counted() as count:
                await site.tap(officer, label)
            asked = [
                one
                for one in count.statements
                if one.lstrip().startswith("SELECT") and "FROM inbox" not in one
            ]
            assert len(asked) == len(set(asked)), (label, count.listed())


async def test_the_whole_team_looking_on_costs_an_answer_nothing_more(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        await site.tap(officer, "合格")
        async with counted() as alone:
            await site.tap(officer, "合格")
        for department in ("WJ", "XF", "SCJG"):
            await site.at_question(task, department, {"WJ": 9, "XF": 10, "SCJG": 1}[department])
        async with counted() as watched:
            await site.tap(officer, "不合格")
    assert len(watched.statements) <= len(alone.statements), watched.listed()
    assert await Outbox.filter(kind="card", state="waiting").count() == 3


async def test_a_colleague_is_owed_one_redraw_however_many_answers_come_before_it(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    await site.at_question(task, "WJ", 9)
    for label in ("合格", "合格", "不合格"):
        await site.tap(officer, label)
    assert await Outbox.filter(kind="card", state="waiting").count() == 1
    assert await site.post() == ["card"]


async def test_a_press_shows_what_a_redraw_owed_to_its_reader_would_bring(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    colleague = await site.at_question(task, "WJ", 9)
    await site.tap(colleague, "合格")
    assert await Outbox.filter(kind="card", state="waiting").count() == 1
    await site.tap(officer, "跳过")
    assert await Outbox.filter(kind="card", state="waiting").count() == 0
    await site.tap(colleague, "撤销")
    assert await Outbox.filter(kind="card", state="waiting").count() == 1, "what comes later is owed anew"
    assert await site.post() == ["card"]


async def test_a_whole_card_is_read_in_ten_statements(site: Chat, task: Task) -> None:
    """Register, plan, seats, letter, answers in one trip; what phones keep for the leader in another. What few tasks have is
    asked for where there is any.
    """
    leader = await district.leader_of(task)
    await task_card(task.number, leader.id, site.clock())  # the checklist, which never changes, is read once
    async with counted() as count:
        card = await task_card(task.number, leader.id, site.clock())
    assert len(count.statements) <= 10, count.listed()
    assert (card.me.id, card.unfit, card.vacant) == (leader.id, (), ())


async def test_a_card_says_whom_the_register_rules_out(drawn: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    async with district.written():
        await Inspector.filter(code=leader.id).update(status="on_leave")
    card = await task_card(task.number, leader.id, drawn.clock())
    assert [(person.officer, person.why) for person in card.unfit] == [(leader.id, "leave")]


async def test_accepting_takes_two_commits(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await district.leader_of(task))
    target = (await Task.get(id=task.id).select_related("target")).target.name
    async with drawn.stored():
        await officer.say("/today")
        await drawn.tap(officer, target)
        async with counted() as count:
            assert (await drawn.tap(officer, "接受")).text == "已接受"
    assert count.commits == 2, count.listed()
    assert await Event.filter(kind="task.accepted").count() == 1


async def test_opening_a_task_from_the_list_takes_two_commits(drawn: Chat, task: Task) -> None:
    """It is stored; that the list's message shows the task now and that it is done are one, and nothing is left to write."""
    officer = await drawn.officer(await district.leader_of(task))
    target = (await Task.get(id=task.id).select_related("target")).target.name
    async with drawn.stored():
        await officer.say("/today")
        await drawn.idle()
        shown = officer.last().id
        async with counted() as count:
            await drawn.tap(officer, target)
    assert count.commits == 2, count.listed()
    assert await dialogue.shown_by(officer.id, shown) == f"task:{task.number}"
    assert officer.last().id == shown
    assert "接受任务" in officer.last().buttons


async def test_a_task_opened_from_the_list_leaves_one_card_of_it(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await district.leader_of(task))
    target = (await Task.get(id=task.id).select_related("target")).target.name
    async with drawn.stored():
        await officer.say("/today")
        await drawn.tap(officer, target)
        first = officer.last().id
        await officer.say("/today")
        await drawn.tap(officer, target)
    assert [shown.id for shown in officer.messages() if target in shown.text] == [officer.last().id]
    assert officer.last().id > first
    assert await Card.filter(chat_id=officer.id, subject=f"task:{task.number}").count() == 1


async def test_r6_a_task_whose_card_telegram_did_not_take_is_drawn_where_the_list_stood(
    drawn: Chat, task: Task
) -> None:
    officer = await drawn.officer(await district.leader_of(task))
    target = (await Task.get(id=task.id).select_related("target")).target.name
    async with drawn.stored():
        await drawn.post()
        await officer.say("/today")
        await drawn.idle()
        drawn.stage.faults.server_error("editMessageText", 502, times=ALWAYS)
        await drawn.tap(officer, target)
        assert "接受任务" not in officer.last().buttons
        drawn.stage.faults.clear()
        assert await drawn.post() == ["card"]
    assert "接受任务" in officer.last().buttons


async def test_beginning_a_visit_takes_two_commits(drawn: Chat, task: Task) -> None:
    await district.visit_fixed(task, district.district())
    drawn.clock.move(district.VISIT + timedelta(minutes=5))
    officer = await drawn.officer(await district.leader_of(task))
    target = (await Task.get(id=task.id).select_related("target")).target.name
    async with drawn.stored():
        await officer.say("/today")
        await drawn.tap(officer, target, "开始检查", "全员到场")
        async with counted() as count:
            await drawn.tap(officer, officer.last().buttons[0])
    assert count.commits == 2, count.listed()
    assert (await Task.get(id=task.id)).state == "on_site"


async def test_a_typed_line_takes_two_commits(site: Chat, task: Task) -> None:
    """It is stored; the note, the prompt and that it is done are one. Where its card stands goes with the next line's."""
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        for line in ("示例:门口堆放杂物", "示例:门口已清理"):
            async with counted() as count:
                await officer.say(line)
                await officer.wait_for(line)
                await site.idle(kept=False)
            assert count.commits == 2, count.listed()
        assert await dialogue.shown_by(officer.id, officer.last().id) == f"task:{task.number}"
    given = await Answer.filter(task=task).order_by("-version").first()
    assert given and given.note == "示例:门口已清理"
    assert officer.last().buttons
    assert await Card.filter(chat_id=officer.id, subject=f"task:{task.number}").count() == 1
    assert await Inbox.exclude(state=InboxState.DONE).count() == 0


async def test_a_corrected_line_takes_two_commits(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        sent = await officer.say("示例:门口堆放杂物")
        await site.idle()
        async with counted() as count:
            await officer.edit_message(sent.id, "示例:门口已清理")
            await site.idle(kept=False)
        assert count.commits == 2, count.listed()
    assert (await Answer.filter(task=task).order_by("-version").first()).note == "示例:门口已清理"


async def test_a_photo_takes_two_commits(site: Chat, task: Task) -> None:
    """Stored; entered with the prompt and that it is done. Its card and its smaller copies go with what comes next."""
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        async with counted() as count:
            await officer.send_photo(picture())
            await officer.wait_for("照片1张已保存")
            await site.idle(kept=False)
        assert count.commits == 2, count.listed()
        assert len(count.statements) <= 60, count.listed()
    assert await Photo.filter(task=task).count() == 1
    assert await Inbox.exclude(state=InboxState.DONE).count() == 0


async def test_r6_a_typed_line_whose_card_telegram_did_not_take_is_entered_once_and_drawn_later(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        site.stage.faults.server_error("sendMessage", 502, times=ALWAYS)
        await officer.say("示例:门口堆放杂物")
        await site.idle()
        assert await Answer.filter(task=task).count() == 1
        assert await Inbox.exclude(state=InboxState.DONE).count() == 0
        site.stage.faults.clear()
        assert await site.post() == ["card"]
    assert "示例:门口堆放杂物" in officer.last().text
    assert await Answer.filter(task=task).count() == 1


async def test_a_refused_line_leaves_neither_answer_nor_prompt_behind(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    before = await dialogue.prompt(officer.id)
    async with district.written():
        await Assignment.filter(task=task).update(until=site.clock())
    async with site.stored():
        await officer.say("示例:门口堆放杂物")
        await site.idle()
    assert await dialogue.prompt(officer.id) == before
    assert await Answer.filter(task=task).count() == 0
    assert await Inbox.exclude(state=InboxState.DONE).count() == 0


async def test_r6_a_card_that_telegram_did_not_take_is_owed_and_drawn_later(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        site.stage.faults.server_error("editMessageText", 502, times=ALWAYS)
        await site.tap(officer, "合格")
        assert "第3项" in officer.last().text
        assert await Answer.filter(task=task).count() == 1
        assert await Inbox.exclude(state=InboxState.DONE).count() == 0
        site.stage.faults.clear()
        assert await site.post() == ["card"]
    assert "第4项" in officer.last().text
    assert await Answer.filter(task=task).count() == 1


async def test_r6_what_a_killed_process_had_not_shown_yet_is_drawn_by_the_next(
    site: Chat, task: Task
) -> None:
    """The act and what its card shows are written down; the process ended before Telegram heard of it."""
    officer = await site.at_question(task, "GA", 3)
    async with site.stored():
        site.stage.faults.server_error("editMessageText", 502, times=ALWAYS)
        await site.tap(officer, "合格")
        site.stage.faults.clear()
        await Outbox.all().delete()  # it ended before it could owe the redraw either
    assert "第3项" in officer.last().text
    await site.restart()
    await dialogue.show_again(at=site.clock())
    assert await site.post() == ["card"]
    assert "第4项" in officer.last().text


async def test_a_refused_press_leaves_neither_prompt_nor_card_behind(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    before = (
        await dialogue.prompt(officer.id),
        await Card.get(chat_id=officer.id, subject=f"task:{task.number}"),
    )
    seat = await Assignment.filter(task=task, inspector_id=(await district.team_of(task))["GA"][0].id).first()
    async with district.written():
        await Assignment.filter(id=seat.id).update(until=site.clock())
    said = await site.tap(officer, "合格")
    assert said.alert
    after = (
        await dialogue.prompt(officer.id),
        await Card.get(chat_id=officer.id, subject=f"task:{task.number}"),
    )
    assert before[0] == after[0]
    assert before[1].shown_sha256 == after[1].shown_sha256
    assert await Answer.filter(task=task).count() == 0
