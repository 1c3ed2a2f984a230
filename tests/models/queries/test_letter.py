"""What a letter says: everything that Art. 16 (2) wants told, from facts that stay as they were approved."""

import io

import pytest
from pypdf import PdfReader

from models.procedure import entrustment, notice, team
from models.procedure.enrolment import actor_of
from models.queries import evidence
from models.rules import materials
from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Assignment, Department, Inspector, Notice, Question, Target, Task
from server.letters import LetterRenderer
from tests.server.pages import notice_token, site
from tests.support import district as sample
from tests.support.district import CEREMONY, district, written


@pytest.fixture
async def task(db) -> Task:
    await sample.found()
    await sample.drawn()
    return await Task.all().order_by("rank").first()


async def said(of: Notice, language: str = "zh_Hans") -> str:
    return (await LetterRenderer(district())(of.id, language)).text


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
    assert (
        "2026年度部门联合抽查计划“宾馆、旅店联合抽查”（2026-XH-GA-02）及其联合抽查工作实施方案（2026-XH-GA-02-S）"
        in words
    )
    assert "检查依据：2026-XH-GA-02\n" not in words
    assert "示例委〔2026〕7号" in await said(of, "en") and "Your rights" in await said(of, "en")


async def test_c11_what_to_prepare_is_in_the_entitys_words_and_what_is_looked_at_stands_apart(task):
    await sample.visit_fixed(task, district())
    words = await said(await latest(task))
    prepare, look = words.split("请准备以下材料")[1].split("现场将查看")
    assert "□ 公共场所卫生许可证\n" in prepare and "填写有效期至" not in words
    assert "□ 旅客住宿登记系统可供查看，近三个月的登记记录\n" in prepare
    assert "查验身份证件并如实登记" not in prepare
    assert "疏散通道、安全出口畅通" in look and "疏散通道" not in prepare


async def test_c11_a_paper_that_two_points_need_is_asked_for_once(task):
    async with written():
        await Question.filter(number__in=[1, 7]).update(prepare="营业执照原件")
    await sample.visit_fixed(task, district())
    words = await said(await latest(task))
    assert words.count("营业执照原件") == 1


async def test_c11_without_words_for_the_entity_nothing_is_asked_for_and_the_points_are_named(task):
    async with written():
        await Question.all().update(prepare="")
    await sample.visit_fixed(task, district())
    words = await said(await latest(task))
    assert "请准备以下材料\n□" not in words
    assert "旅客住宿登记:查验身份证件并如实登记" in words.split("现场将查看")[1]


async def test_c11_the_telephone_of_the_department_that_leads_stands_on_letter_pdf_and_page(task):
    await Department.filter(code="GA").update(phone="0375-0009003")
    await sample.visit_fixed(task, district())
    of = await latest(task)
    assert "0375-0009003" in await said(of)
    pdf = (await LetterRenderer(district())(of.id, "zh_Hans")).pdf
    assert "0375-0009003" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    async with site() as world:
        page = await (await world.browser()).get(f"/n/{notice_token(of.number)}")
    assert "tel:0375-0009003" in page.reader.links


def test_a_letter_from_before_parts_its_points_by_what_they_ask_for():
    facts = {"materials": ["公共场所卫生许可证有效(填写有效期至)", "疏散通道畅通"]}
    assert materials.of_letter(facts) == (("公共场所卫生许可证有效",), ("疏散通道畅通",))


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
    before = (await LetterRenderer(district())(of.id, "zh_Hans")).pdf
    async with written():
        await Target.all().update(name="示例改名有限公司")
    async with written():
        await Inspector.all().update(name="示例改名")
    again = await LetterRenderer(district())(of.id, "zh_Hans")
    assert again.pdf == before and "示例改名" not in again.text
    await Notice.filter(id=of.id).update(pdf="")
    assert (await LetterRenderer(district())(of.id, "zh_Hans")).pdf == before  # equal facts, equal bytes


async def test_when_another_officer_comes_the_leader_gives_a_new_version_and_the_old_one_is_replaced(task):
    await sample.visit_fixed(task, district())
    leader, old = await sample.leader_of(task), await latest(task)
    await notice.renew(task.number, by=leader, at=CEREMONY, district=district())
    assert await latest(task) == old
    seat = await Assignment.filter(task=task, leader=False, until=None).select_related("inspector").first()
    leaving = actor_of(await sample.account(Role.INSPECTOR, seat.inspector_id))
    asked = await team.ask_out(task.number, "post", "示例", by=leaving, at=CEREMONY)
    await team.decide(
        asked.id, True, by=actor_of(await sample.account(Role.HEAD, seat.department)), at=CEREMONY
    )
    await notice.renew(task.number, by=leader, at=CEREMONY, district=district(), key="once")
    new = await latest(task)
    assert (await Notice.get(id=old.id)).state == NoticeState.REPLACED
    assert new.version == 2 and (new.letter["begins"], new.letter["ends"]) == (
        old.letter["begins"],
        old.letter["ends"],
    )
    assert seat.inspector.name not in await said(new)
    await notice.renew(task.number, by=leader, at=CEREMONY, district=district(), key="once")
    assert await latest(task) == new
    assert (await evidence.verify()).differences == []
