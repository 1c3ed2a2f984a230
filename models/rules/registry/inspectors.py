"""执法检查人员名录库, with the experts who assist and never count as officers (Art. 10)."""

from __future__ import annotations

from collections.abc import Mapping

from models.rules import text
from models.rules.registry.cells import Cells, Once
from models.rules.registry.known import Known
from models.rules.registry.layout import Layout
from models.rules.registry.rows import EVERYWHERE, InspectorRow, InspectorStatus
from models.rules.working_hours import NoHours, read_hours, written

INSPECTOR_COLUMNS = (
    *("人员编号", "姓名", "性别", "部门编码", "部门", "科室", "执法证号", "执法证类型", "执法证有效期至"),
    *("执法层级", "执法区域", "业务专长", "可检查事项编号", "职级", "可任组长", "是否专家(仅协助)"),
    *("人员状态", "回避对象", "电话", "邮箱", "更新时间"),
)

OWN, CERTIFICATE, DEPARTMENT = "人员编号", "执法证号", "部门编码"
DISTRICT = ("全区", "全部", "所有", "*", "全县", "全市", "辖区")
LEAVE_COLUMNS = ("休假开始", "休假结束")
HOURS = "工作时间"
OPTIONAL = (*LEAVE_COLUMNS, HOURS)  # may be missing: then what is known stays
LAYOUT = Layout(
    INSPECTOR_COLUMNS,
    required=("姓名", "人员状态"),
    one_of=((OWN, CERTIFICATE), (DEPARTMENT, "部门")),
    optional=OPTIONAL,
    synonyms={
        OWN: ("工号", "单位工号", "编号", "人员编码", "执法人员编号", "警号"),
        "姓名": ("人员姓名", "执法人员姓名", "检查人员", "检查人员姓名", "执法人员"),
        DEPARTMENT: ("部门代码", "单位编码", "单位代码"),
        "部门": ("单位", "工作单位", "所在单位", "单位名称", "所属部门", "执法单位", "部门名称"),
        "科室": ("所在科室", "内设机构", "所在业务部门", "处室", "所在部门"),
        CERTIFICATE: (
            "执法证件号", "执法证编号", "行政执法证号", "证件号码", "执法证件编号", "执法证号码", "行政执法证编号",
            "执法证件号码", "省政府执法证编号",
        ),
        "执法证类型": ("证件类型", "执法证件类型", "证件名称"),
        "执法证有效期至": ("有效期至", "执法证有效期", "证件有效期", "有效期", "证件有效期至", "执法证件有效期", "有效期止"),
        "执法层级": ("层级", "单位层级", "执法级别"),
        "执法区域": ("区域", "执法辖区", "执法地域", "执法范围区域"),
        "业务专长": ("专长", "执法领域", "岗位大类", "专业", "业务领域"),
        "可检查事项编号": ("可检查事项", "执法事项", "事项编号", "执法事项清单范围", "检查事项"),
        "职级": ("职务", "担任职务", "职务职级"),
        "可任组长": ("是否可任组长", "组长", "能否任组长"),
        "是否专家(仅协助)": ("是否专家", "专家", "是否属于专家"),
        "人员状态": ("状态", "执法人员状态", "在岗状态", "在岗情况", "在职状态"),
        "回避对象": ("回避", "应回避对象", "回避企业", "需回避对象", "回避单位"),
        "电话": ("联系电话", "手机", "手机号", "手机号码", "联系方式", "电话号码"),
        "邮箱": ("电子邮箱", "邮件", "电子邮件", "EMAIL", "E-MAIL"),
        "更新时间": ("更新日期", "最后更新时间", "设置日期"),
        "休假开始": ("请假开始", "休假开始日期", "请假开始日期"),
        HOURS: ("上班时间", "工作时段", "作息时间", "可检查时间", "出勤时间"),
        "休假结束": ("请假结束", "休假结束日期", "请假结束日期", "休假截止"),
    },
)  # fmt: skip
FIELDS: Mapping[str, tuple[str, ...]] = {
    "code": (OWN,), "name": ("姓名",), "gender": ("性别",), "department": (DEPARTMENT, "部门"),
    "section": ("科室",), "certificate": (CERTIFICATE,), "certificate_kind": ("执法证类型",),
    "certificate_until": ("执法证有效期至",), "level": ("执法层级",), "areas": ("执法区域",),
    "expertise": ("业务专长",), "items": ("可检查事项编号",), "rank": ("职级",), "may_lead": ("可任组长",),
    "expert": ("是否专家(仅协助)",), "status": ("人员状态",), "recused": ("回避对象",), "phone": ("电话",),
    "email": ("邮箱",), "updated_on": ("更新时间",), "leave_from": ("休假开始",), "leave_until": ("休假结束",),
    "hours": (HOURS,),
}  # fmt: skip
STATUSES = {
    "在岗": InspectorStatus.IN_POST,
    "休假": InspectorStatus.ON_LEAVE,
    "离岗": InspectorStatus.LEFT,
    **dict.fromkeys(("在职", "在岗在职", "在编在岗"), InspectorStatus.IN_POST),
    **dict.fromkeys(("请假", "病假", "产假", "休假中", "借调"), InspectorStatus.ON_LEAVE),
    **dict.fromkeys(("离职", "退休", "调离", "已离岗", "已退休", "已调离", "辞职"), InspectorStatus.LEFT),
}


def read_inspector(known: Known, cells: Cells, once: Once) -> InspectorRow:
    """Refused: an officer of no registered department, a certificate that two have, an unknown street, item or
    object to keep away from."""
    name = cells.label("姓名", 80, required=True)
    expert = cells.answered("是否专家(仅协助)")
    certificate = _certificate(cells, expert=expert)
    code = _number(known, cells, certificate)
    holder = known.holders.get(certificate, code)
    if holder != code:
        cells.refuse(CERTIFICATE, "held", holder=holder)
    if OWN not in cells.absent:
        once.claim(cells, OWN, code, name)
    once.claim(cells, CERTIFICATE, certificate, name)
    once.digits(cells, OWN, code)
    once.digits(cells, CERTIFICATE, certificate)
    cells.printed(("姓名",), known.unprintable)
    department = _department(known, cells, expert=expert)
    row = InspectorRow(
        code=code,
        name=name,
        gender=cells.choice("性别", {"男": "男", "女": "女", "": ""}, ""),
        department=department,
        section=cells.label("科室", 80) or ("" if department else cells.label("部门", 80)),
        certificate=certificate or None,
        certificate_kind=cells.label("执法证类型", 80),
        certificate_until=cells.day("执法证有效期至", endless=True),
        level=cells.label("执法层级", 40),
        areas=_areas(known, cells),
        expertise=cells.label("业务专长", 200),
        items=_items(known, cells),
        rank=cells.label("职级", 40),
        may_lead=cells.flag("可任组长", blank=False),
        expert=expert,
        status=cells.choice("人员状态", STATUSES, InspectorStatus.LEFT),
        recused=cells.references("回避对象", known.targets_named, "unknown_target"),
        phone=cells.phone("电话"),
        email=cells.email("邮箱"),
        updated_on=cells.day("更新时间"),
        leave_from=cells.day("休假开始"),
        leave_until=cells.day("休假结束"),
        hours=_hours(cells),
    )
    if row.leave_from and row.leave_until and row.leave_until < row.leave_from:
        cells.refuse("休假结束", "leave_order", start=row.leave_from.isoformat())
    if certificate and row.certificate_until is None and "执法证有效期至" not in cells.absent:
        cells.warn("执法证有效期至", "no_expiry")
    return row


def _hours(cells: Cells) -> str:
    """The working hours in their one form; what cannot be read is refused with the words that stopped it."""
    try:
        return written(read_hours(cells.label(HOURS, 200)))
    except NoHours as no:
        cells.refuse(HOURS, "hours_order" if no.order else "hours", part=no.part)
        return ""


def _number(known: Known, cells: Cells, certificate: str) -> str:
    """The personnel number; a list without that column knows its people by their certificates."""
    if OWN in cells.absent:
        if not certificate and not cells.bad:
            cells.refuse(CERTIFICATE, "missing")
        return known.holders.get(certificate, certificate)
    code = cells.code(OWN, 32, required=True)
    if longer := known.longer(code):
        cells.refuse(OWN, "zeros_lost", expected=longer)
    return code


def _certificate(cells: Cells, *, expert: bool) -> str:
    certificate = cells.code(CERTIFICATE, 64)
    if not certificate and not expert and not cells.bad and CERTIFICATE not in cells.absent:
        cells.warn(CERTIFICATE, "no_certificate")
    return certificate


def _department(known: Known, cells: Cells, *, expert: bool) -> str:
    """By code, else by name; a name of another department than the code's is named."""
    written, named = text.name(cells.raw(DEPARTMENT)), text.name(cells.raw("部门"))
    if not written and DEPARTMENT not in cells.absent:
        if not expert:
            cells.refuse(DEPARTMENT, "missing")
        return ""
    if not written:
        department = known.department(named) if named else None
        if department is None and not expert:
            cells.refuse(
                "部门", "unknown_department" if named else "missing", name=named, known=known.department_names
            )
        return department or ""
    code = "".join(
        cells.resolve(
            DEPARTMENT, (written,), known.department, "unknown_department", known=known.department_names
        )
    )
    other = known.department(named) if named else None
    if code and other and other != code:
        cells.warn("部门", "other_department", code=code, name=known.departments[code])
    return code


def _areas(known: Known, cells: Cells) -> tuple[str, ...]:
    listed = cells.many("执法区域")
    if not set(DISTRICT).isdisjoint(listed):
        return EVERYWHERE
    return cells.resolve("执法区域", listed, known.street, "unknown_street")


def _items(known: Known, cells: Cells) -> tuple[str, ...]:
    if not set(DISTRICT).isdisjoint(cells.many("可检查事项编号")):
        return EVERYWHERE
    return cells.references("可检查事项编号", known.items_named, "unknown_item")
