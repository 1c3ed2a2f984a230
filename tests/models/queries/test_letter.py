"""What a letter says: everything that Art. 16 (2) wants told, from facts that stay as they were approved."""

import pytest

from models.procedure import entrustment, notice, team
from models.procedure.enrolment import actor_of
from models.queries import evidence
from models.rules import materials
from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Assignment, Inspector, Notice, Target, Task
from server.letters import Printer
from tests import district as sample
from tests.district import CEREMONY, district


@pytest.fixture
async def task(db) -> Task:
    await sample.found()
    await sample.drawn()
    return await Task.all().order_by("rank").first()


async def said(of: Notice, language: str = "zh_Hans") -> str:
    return (await Printer(district())(of.id, language)).text


async def latest(task: Task) -> Notice:
    return await Notice.filter(task=task).order_by("-version").first()


async def test_the_letter_says_all_that_the_regulation_wants_told(task):
    await entrustment.entrust(
        task.number, "示例检测有限公司", "示例委〔2026〕7号", "示例:消防设施检测", [("示例戊", "高级工程师")],
        by=await sample.leader_of(task), at=CEREMONY,
    )  # fmt: skip
    await sample.visit_fixed(task, district())
    of = await latest(task)
    target, words = await Target.get(code=task.target_id), await said(of)
    officers = await Assignment.filter(task=task, until=None).select_related("inspector")
    for one in officers:
        assert one.inspector.name in words and one.inspector.certificate[-3:] in words
    for part in (
        of.number, target.name, target.address, target.credit_code, "2026年12月8日", "09:00 – 11:00", "现场检查",
        "XH-GA-02", "《示例条例》第2条", "（组长）", "示例检测有限公司（委托书 示例委〔2026〕7号）：示例戊 高级工程师",
        "本年度（2026年）第 1 次检查", "申请其回避", "陈述、申辩", "未出示的，有权拒绝检查", "如实提供",
        "从不收取任何费用", "从不索要密码", "12345", "127.0.0.1:8080", of.check_code, "/n/",
    ):  # fmt: skip
        assert part in words, part
    assert "2026年度部门联合抽查计划“宾馆、旅店联合抽查”（2026-XH-GA-02）及其联合抽查工作实施方案（2026-XH-GA-02-S）" in words
    assert "检查依据：2026-XH-GA-02\n" not in words
    assert "示例委〔2026〕7号" in await said(of, "en") and "Your rights" in await said(of, "en")


async def test_materials_are_what_to_prepare_and_what_is_looked_at_stands_apart(task):
    await sample.visit_fixed(task, district())
    words = await said(await latest(task))
    prepare, look = words.split("请准备与下列各项有关的证照、记录等材料")[1].split("现场将查看")
    assert "□ 公共场所卫生许可证有效\n" in prepare and "填写有效期至" not in words
    assert "□ 旅客住宿登记:查验身份证件并如实登记\n" in prepare
    assert "疏散通道、安全出口畅通" in look and "疏散通道" not in prepare


@pytest.mark.parametrize(
    ("point", "papers", "words"),
    [
        ("直接为顾客服务人员持健康合格证(应持__人/实持__人)", True, "直接为顾客服务人员持健康合格证"),
        ("营业执照(登记证)置于住所或经营场所醒目位置", True, "营业执照(登记证)置于住所或经营场所醒目位置"),
        ("无过期、变质、来源不明药品", False, "无过期、变质、来源不明药品"), ("(填写)", False, "(填写)"),
    ],
)  # fmt: skip
def test_a_point_is_said_without_its_notes_to_the_officer(point, papers, words):
    assert materials.said(point) == words
    assert materials.asks_for_papers(point) is papers


async def test_the_letter_is_made_from_the_facts_that_were_approved_whatever_changes_afterwards(task):
    await sample.visit_fixed(task, district())
    of = await latest(task)
    before = (await Printer(district())(of.id, "zh_Hans")).pdf
    await Target.all().update(name="示例改名有限公司")
    await Inspector.all().update(name="示例改名")
    again = await Printer(district())(of.id, "zh_Hans")
    assert again.pdf == before and "示例改名" not in again.text
    await Notice.filter(id=of.id).update(pdf="")
    assert (await Printer(district())(of.id, "zh_Hans")).pdf == before  # equal facts, equal bytes


async def test_when_another_officer_comes_the_leader_gives_a_new_version_and_the_old_one_is_replaced(task):
    await sample.visit_fixed(task, district())
    leader, old = await sample.leader_of(task), await latest(task)
    assert (await notice.renew(task.number, by=leader, at=CEREMONY, district=district())).id == old.id
    seat = await Assignment.filter(task=task, leader=False, until=None).select_related("inspector").first()
    leaving = actor_of(await sample.account(Role.INSPECTOR, seat.inspector_id))
    asked = await team.ask_out(task.number, "post", "示例", by=leaving, at=CEREMONY)
    await team.decide(asked.id, True, by=actor_of(await sample.account(Role.HEAD, seat.department)), at=CEREMONY)
    new = await notice.renew(task.number, by=leader, at=CEREMONY, district=district(), key="once")
    assert (await Notice.get(id=old.id)).state == NoticeState.REPLACED
    assert new.version == 2 and (new.letter["begins"], new.letter["ends"]) == (old.letter["begins"], old.letter["ends"])
    assert seat.inspector.name not in await said(new)
    assert (await notice.renew(task.number, by=leader, at=CEREMONY, district=district(), key="once")).id == new.id
    assert (await evidence.verify()).differences == []
