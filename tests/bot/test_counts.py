"""How little it takes: messages and acts for twelve questions and four photos; a restart changes nothing."""

from __future__ import annotations

from bot.application import build, handle
from models.procedure import enrolment
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.tables import Answer, Batch, Checklist, Question, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district

PHOTOS = (3, 6, 9, 12)


async def twelve(task: Task) -> None:
    """A checklist of twelve questions for one department: ten verdicts, a number, a date; four photos."""
    made = await Checklist.create(code="TEST-12", version=1, name="示例检查表", sha256="0" * 64)
    for n in range(1, 13):
        await Question.create(
            checklist=made, number=n, department="GA", text=f"示例要点{n}", basis="《示例条例》第1条",
            answer={4: "NUM", 8: "DATE"}.get(n, "TRI"), fill_in={4: "在册人数", 8: "有效期至"}.get(n, ""),
            photo="always" if n in PHOTOS else "no", network="no",
        )  # fmt: skip
    await Batch.filter(code=task.batch_id).update(checklists=[made.id])


async def test_u6_twelve_questions_and_four_photos_take_22_acts_and_three_messages(
    site: Chat, task: Task
) -> None:
    await twelve(task)
    officer = await site.officer((await district.team_of(task))["GA"][0])
    target = (await Task.get(id=task.id).select_related("target")).target.name
    with officer.counted() as count:
        await officer.say("/today")
        await site.tap(officer, target, "检查表 0/12")
        for n in range(1, 13):
            await officer.wait_for(f"第{n}项（", any_time=True)
            if n == 4:
                await officer.say("18")
            if n == 8:
                await officer.say("2027-05-31")
            await site.idle()
            await site.tap(officer, "合格")
            if n in PHOTOS:
                await officer.send_photo(picture(side=40 + n))
                await officer.wait_for(f"第{n}项照片1张已保存")
                await site.idle()
        await site.tap(officer, "定稿")
    assert "GA" in (await sheet_of(task)).closed
    print(
        f"\nchat: {count.acts} acts, {count.bot_messages - len(PHOTOS)} bot messages beside {len(PHOTOS)} replies to photos"
    )
    assert count.acts <= 22, count
    assert count.bot_messages - len(PHOTOS) <= 3, count
    assert site.errors == []


async def test_a_person_is_bound_within_five_taps_from_the_link_to_the_first_task(
    drawn: Chat, task: Task
) -> None:
    account = await district.account(Role.INSPECTOR, (await district.leader_of(task)).id)
    token = "abcdefghijklmnopqrstuv"
    await enrolment.invite(account.id, token, by=district.OFFICE, at=drawn.clock())
    phone = drawn.stage.phone(account.name, phone_number=account.phone)
    target = (await Task.get(id=task.id).select_related("target")).target.name
    with phone.counted() as count:
        await phone.start(token)
        await phone.wait_for("身份绑定")
        await phone.press("分享本人手机号码")
        await phone.wait_for("我的任务")
        await drawn.idle()
        await drawn.tap(phone, target)
    print(f"\nbinding: {count.acts} acts from the link to the first task's card")
    assert count.acts <= 5
    assert task.number in phone.last().text


async def test_r6_after_a_restart_at_each_question_the_same_card_goes_on(site: Chat, task: Task) -> None:
    await twelve(task)
    officer = await site.officer((await district.team_of(task))["GA"][0])
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await officer.say("/today")
    await site.tap(officer, target, "检查表 0/12")
    card = officer.last().id
    for n in range(1, 13):
        await site.restart()
        shown = officer.find(f"第{n}项（")
        assert shown.id == card
        assert f"进度 {n - 1}/12" in shown.text
        if n in (4, 8):
            await officer.say({4: "18", 8: "2027-05-31"}[n])
            card = (await officer.wait_for("已答：")).id  # posted again below the line
            await site.restart()
        await site.tap(officer, "不适用")
    assert "请定稿" in officer.last().text
    assert await Answer.filter(task=task).count() == 14


async def test_an_update_handled_twice_has_one_effect(site: Chat, task: Task) -> None:
    """A crash after the act, before the inbox knew of it: the same updates come to another process."""
    officer = await site.at_question(task, "GA", 4)
    seen: list[dict] = []
    take = site.take

    async def remembered(raw: dict) -> None:
        seen.append(raw)
        await take(raw)

    site.take = remembered  # type: ignore[method-assign]
    await officer.say("20/18")
    await officer.wait_for("已答：20/18")
    await site.tap(officer, "合格")
    await officer.send_photo(picture())
    await officer.wait_for("照片1张已保存")
    await site.tap(officer, "撤销")
    before = await sheet_of(task), await Answer.filter(task=task).count()
    again = build(
        site.stage.token, site.services, base_url=site.stage.base_url, base_file_url=site.stage.base_file_url
    )
    async with again:
        for raw in seen:
            await handle(again, raw)
    assert (await sheet_of(task), await Answer.filter(task=task).count()) == before
