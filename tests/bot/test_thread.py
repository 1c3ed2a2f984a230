"""The whole way through the chat, once: bound, accepted, settled, answered, entered (Art. 14-16)."""

from __future__ import annotations

from models.procedure import enrolment
from models.queries import sheet as sheets
from models.rules.actor import Role
from models.states import NoticeState, TaskState
from models.tables import Inspector, Notice, Result, Task
from tests.bot.chat import a_task, chatting
from tests.support import district
from tests.support.district import OFFICE


async def test_one_joint_inspection_through_the_chat(db: str) -> None:
    async with chatting() as chat:
        await district.found()
        for one in await Inspector.all():
            await district.account(Role.INSPECTOR, one.code)
        await district.drawn()
        task = await a_task()
        leader, team = await district.leader_of(task), await district.team_of(task)
        officer = await district.account(Role.INSPECTOR, leader.id)
        token = "t" * 22
        await enrolment.invite(officer.id, token, by=OFFICE, at=chat.clock())
        li = chat.stage.phone("组长", phone_number=officer.phone)
        await li.start(token)
        await li.wait_for("身份绑定")
        await li.press("分享本人手机号码")
        await li.wait_for("我的任务")
        assert li.keyboard() == []
        await chat.post()
        phones = {leader.id: li}
        for people in team.values():
            for one in people:
                if one.id not in phones:
                    phones[one.id] = await chat.officer(one)
        target = (await Task.get(id=task.id).select_related("target")).target.name
        await chat.post()
        assert "新的检查任务" in li.last().text
        await chat.tap(li, target)
        assert task.number in li.last().text
        assert "0375" not in li.last().text
        assert (await chat.tap(li, "接受任务")).text == "已接受"
        await chat.tap(li, "网络检查完成", "确认结束", "定检查时间", "12月8日", "09:00–11:00")
        assert "未回复" in li.last().text
        wang = next(phone for code, phone in phones.items() if code != leader.id)
        assert "visit.proposed" in await chat.post()
        assert "征求检查时间意见" in wang.last().text
        assert (await chat.tap(wang, "可以")).text == "已回复组长"
        hotel = await chat.phone(await district.account(Role.ENTITY, str(task.target_id)))
        await chat.tap(li, "确定并告知")
        assert "检查时间：12月8日" in li.last().text
        await chat.post()
        await chat.tap(hotel, "收到")
        assert (await Notice.get(task=task)).state == NoticeState.ACKNOWLEDGED
        await chat.post()
        assert "已确认收到告知书" in li.last().text
        chat.clock.move(district.VISIT)
        await chat.tap(li, "打开任务", "开始检查", "全员到场")
        assert "现场检查中" in li.last().text
        for people in team.values():
            phone = phones[people[0].id]
            await phone.say("/today")
            await chat.tap(phone, target, "检查表")
            for _ in (await sheets.sheet_of(task)).of(people[0].department):
                await chat.tap(phone, "不适用")
            assert "请定稿" in phone.last().text
            await chat.tap(phone, "定稿")
            assert "检查表已定稿" in phone.last().text
        await li.say("/today")
        await chat.tap(li, target, "结束检查", "确认结束")
        assert "录入截止" in li.last().text
        for people in team.values():
            if leader.id not in [one.id for one in people]:
                phone = phones[people[0].id]
                await phone.say("/today")
                await chat.tap(phone, target, "录入结果", "☐ 未发现问题", "确认录入")
                assert "：未发现问题" in phone.last().text
        await li.say("/today")
        await chat.tap(li, target, "录入结果", "☐ 未发现问题")
        assert "已选：未发现问题" in li.last().text and "处置措施：无需后续处置" in li.last().text
        await chat.tap(li, "确认录入")
        assert "结果已录入，待审核" in li.last().text
        assert (await Task.get(id=task.id)).state == TaskState.ENTERED
        assert (await Result.get(task=task)).types == ["R01"]
        assert chat.errors == []
