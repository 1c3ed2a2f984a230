"""A fictitious letter and record, and the words that the catalogues would give."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from PIL import Image

from server.documents.letter import Letter, LetterItem, LetterWords, Officer
from server.documents.order import PrintedOrder
from server.documents.record import (
    Exhibit,
    FindingOnRecord,
    Part,
    RecordAnswer,
    RecordSheet,
    RecordWords,
    SignaturePlace,
)

ZH = LetterWords(
    title="“双随机、一公开”联合抽查告知书",
    number="编号",
    version="版本",
    credit_code="统一社会信用代码",
    addressee_ending="：",
    ordinals="一、 二、 三、 四、 五、 六、 七、 八、 九、 十、",
    visit="检查安排",
    when="检查时间",
    place="检查地点",
    method="检查方式",
    task="抽查任务",
    basis="检查依据",
    visit_of_year="检查频次",
    contact="联系人",
    items="检查事项",
    item_number="序号",
    item_code="事项编号",
    item_name="检查事项",
    item_basis="检查依据",
    officers="检查人员",
    officer_name="姓名",
    officer_department="所在部门",
    officer_certificate="执法证号末四位",
    assistants="协助人员",
    changed="本告知书编制后，检查人员有变动：",
    materials="请准备以下材料",
    seen="现场将查看",
    rights="您的权利",
    duties="您的义务",
    reminder="特别提示",
    complaint="监督投诉电话",
    verify="扫码核验真伪、确认收到或申请改期",
    domain="核验网址",
    check_code="核验码",
    seal="（盖章）",
    page="第 {page} 页 共 {pages} 页",
    receipt="送达签收",
    receipt_name="签收人",
    receipt_date="日期",
)

EN = LetterWords(
    title="Notice of a joint random inspection",
    number="No.",
    version="Version",
    credit_code="Unified social credit code",
    addressee_ending=":",
    ordinals="1. 2. 3. 4. 5. 6. 7. 8. 9. 10.",
    visit="The visit",
    when="Time",
    place="Place",
    method="Method",
    task="Inspection task",
    basis="Basis",
    visit_of_year="Frequency",
    contact="Contact",
    items="Items to be inspected",
    item_number="No.",
    item_code="Item",
    item_name="What is inspected",
    item_basis="Legal basis",
    officers="Officers",
    officer_name="Name",
    officer_department="Department",
    officer_certificate="Certificate, last four",
    assistants="Assistants",
    changed="Since this notice was drawn up, the team has changed:",
    materials="Please have ready",
    seen="Looked at on site",
    rights="Your rights",
    duties="Your duties",
    reminder="Please note",
    complaint="Complaints",
    verify="Scan to check this notice, confirm it or ask for another time",
    domain="Site",
    check_code="Check code",
    seal="(seal)",
    page="Page {page} of {pages}",
    receipt="Received",
    receipt_name="Name",
    receipt_date="Date",
)

URL = "https://sheng.example.cn/n/Zk3vYb0QxW9sT7uJ2mLr4A"


def letter(**changes: object) -> Letter:
    said = {
        "number": "XH-2026-HOTEL-01-0007-T1",
        "authority": "平顶山市新华区部门联合抽查组",
        "target": "平顶山市新华区示例002酒店有限公司",
        "credit_code": "92410402XXXX00019H",
        "opening": "根据年度抽查计划，你单位在公开抽取中被抽中。联合抽查组将于下列时间到访，"
        "现将有关事项告知如下，请予配合。本次抽查由多个部门一次完成，不重复打扰。",
        "items": (
            LetterItem("XH-GA-02", "旅馆业治安管理情况的检查", "《旅馆业治安管理办法》第6、9、14条"),
            LetterItem("XH-GA-03", "公共场所卫生情况的检查", "《公共场所卫生管理条例》第3、7、10条"),
            LetterItem("XH-GA-04", "消防安全情况的检查", "《消防法》第15、16、53条"),
            LetterItem("XH-GA-05", "登记事项与公示信息的检查", "《企业信息公示暂行条例》第14条"),
        ),
        "when": "2026年11月25日（星期三） 09:00 – 11:00",
        "place": "平顶山市新华区光明路街道示例路29号",
        "method": "现场检查、书面检查",
        "officers": (
            Officer("示例甲", "新华区公安分局", "0017", "（组长）"),
            Officer("示例乙", "新华区公安分局", "0023"),
            Officer("示例丙", "新华区卫生健康委员会", "0104"),
            Officer("示例丁", "新华区卫生健康委员会", "0111"),
        ),
        "departments": (
            "新华区公安分局",
            "新华区卫生健康委员会",
            "新华区消防救援大队",
            "新华区市场监督管理局",
        ),
        "rights": (
            "检查人员不出示执法证件的，您有权拒绝检查。",
            "您可以申请与您有利害关系的检查人员回避。",
            "您可以陈述、申辩，对检查行为评价、投诉。",
        ),
        "no_fee": "我们从不收费，从不索要密码、验证码，不推销任何产品或服务。",
        "complaint_phone": "12345",
        "url": URL,
        "domain": "sheng.example.cn",
        "check_code": "480213",
        "issued": "2026年11月20日",
        "issued_at": datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
        "version": "第1版",
        "task": "XH-2026-HOTEL-01-0007 宾馆旅店联合抽查",
        "basis": "《平顶山市新华区2026年度抽查工作计划》",
        "visit_of_year": "本年度对你单位的第1次联合检查",
        "assistants": ("示例检测公司 示例戊",),
        "materials": (
            "营业执照正本",
            "特种行业许可证",
            "旅客住宿登记记录（近三个月）",
            "公共场所卫生许可证",
            "消防设施检测报告",
        ),
        "duties": ("如实提供材料，配合检查。",),
        "contact": "",
        "privacy": "本告知书中的个人信息仅用于本次检查。",
    }
    return Letter(**{**said, **changes})  # type: ignore[arg-type]


RECORD_ZH = RecordWords(
    title="检查记录表",
    number="任务编号",
    ordinals="一、 二、 三、 四、 五、 六、 七、 八、 九、 十、",
    subject="检查对象与检查安排",
    team="检查人员",
    officer_number="序号",
    officer_name="姓名",
    officer_department="所在部门",
    officer_certificate="执法证号末四位",
    officer_arrival="到场",
    network="网络检查（先行核查，现场不再重复）",
    network_question="检查要点",
    network_source="核查来源",
    network_finding="核查结果",
    network_by="核查人、时间",
    answers="现场检查情况",
    question_number="序号",
    question="检查要点",
    answer="结果",
    note="情况说明",
    photos="现场照片",
    happened="现场其他情况",
    results="检查结果",
    follow_up="后续处理",
    statement="检查对象意见",
    no_statement="（未提出意见）",
    signatures="签名",
    signature_date="日期：　　　　年　　月　　日",
    chain="记录校验值",
    verify="扫码核对本记录",
    domain="核验网址",
    check_code="核验码",
    page="第 {page} 页 共 {pages} 页",
)


def order(**changes: object) -> PrintedOrder:
    """An order to rectify two points."""
    printed = {
        "number": "XH-2026-HOTEL-01-0007-Z1", "authority": "平顶山市新华区部门联合抽查组",
        "target": "平顶山市新华区示例002酒店有限公司", "numbered": "统一社会信用代码", "credit_code": "92410402XXXX00019H",
        "opening": "新华区公安分局在检查中发现下列问题，责令限期改正。",
        "points": (("1", "示例要点一", "《示例办法》第6条", "示例:未登记"), ("4", "示例要点二", "《示例条例》第3条", "")),
        "basis": "《示例办法》第20条", "due": "2026年12月9日", "demands": ("请在期限内改正。",), "proof": "请扫码提交证明。",
        "rights": ("可以陈述、申辩。",), "consequence": "逾期不改正的，依法处理。", "department": "新华区公安分局",
        "officers": "示例甲 0017、示例乙 0023", "contact": "0375-0000000", "complaint_phone": "12345", "url": URL,
        "domain": "sheng.example.cn", "check_code": "123456", "task": "XH-2026-HOTEL-01-0007", "issued": "2026年11月25日",
        "issued_at": datetime(2026, 11, 25, tzinfo=UTC),
    }  # fmt: skip
    return PrintedOrder(**{**printed, **changes})  # type: ignore[arg-type]


def thumbnail(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


def record(**changes: object) -> RecordSheet:
    question = "营业执照（登记证）置于住所或经营场所醒目位置，载明名称、住所、负责人与登记一致"
    answers = tuple(
        RecordAnswer(
            str(n), question, "不合格" if n == 3 else "合格", "前台未见，店方称在总部" if n == 3 else ""
        )
        for n in range(1, 7)
    )
    said = {
        "number": "XH-2026-HOTEL-01-0007",
        "authority": "平顶山市新华区部门联合抽查组",
        "subject": (
            ("检查对象", "平顶山市新华区示例002酒店有限公司"),
            ("统一社会信用代码", "92410402XXXX00019H"),
            ("住所", "平顶山市新华区光明路街道示例路29号"),
            ("法定代表人", "示例人002"),
            ("检查时间", "2026年11月25日（星期三） 09:00 – 10:40"),
            ("检查方式", "网络检查、现场检查"),
        ),
        "team": (
            ("示例甲（组长）", "新华区公安分局", "0017", "09:00 扫码"),
            ("示例乙", "新华区公安分局", "0023", "09:00"),
            ("示例丙", "新华区卫生健康委员会", "0104", "09:12"),
        ),
        "network": (
            FindingOnRecord(
                "上一年度年度报告已按期报送并公示",
                "国家企业信用信息公示系统",
                "已公示",
                "示例乙 11月24日 15:20",
            ),
        ),
        "parts": (
            Part("新华区公安分局", "示例甲、示例乙", answers),
            Part("新华区卫生健康委员会", "示例丙", answers[:4]),
        ),
        "photos": tuple(
            Exhibit(thumbnail(colour), f"{n:064x}"[::-1], (f"第{n}项", "2026-11-25 09:2" + str(n), "A 级"))
            for n, colour in enumerate(("teal", "olive", "maroon", "navy"), 1)
        ),
        "results": ("发现问题已责令改正",),
        "follow_up": ("责令限期改正：2026年12月10日前将营业执照置于醒目位置。",),
        "statement": "情况属实，我单位将尽快改正。",
        "signed": (
            SignaturePlace("检查对象"),
            SignaturePlace("检查人员 示例甲"),
            SignaturePlace("检查人员 示例丙"),
            SignaturePlace("见证人", b"", "未到场"),
        ),
        "url": URL.replace("/n/", "/r/"),
        "domain": "sheng.example.cn",
        "check_code": "480213",
        "issued": "2026年11月25日",
        "at": datetime(2026, 11, 25, 2, 45, tzinfo=UTC),
        "chain": "5f2a9c0d77e1b3484f6a2d90c1e8b7a65f2a9c0d77e1b3484f6a2d90c1e8b7a6",
    }
    return RecordSheet(**{**said, **changes})  # type: ignore[arg-type]
