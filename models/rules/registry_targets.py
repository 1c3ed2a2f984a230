"""检查对象库: for-profit, non-profit and non-market targets (Art. 4, 10)."""

from __future__ import annotations

from models.rules import credit_code, text
from models.rules.channel import NAMES
from models.rules.registry_cells import Cells, Once
from models.rules.registry_known import Known
from models.rules.registry_rows import TargetKind, TargetRow, TargetStatus

TARGET_COLUMNS = (
    *("对象编号", "对象类别", "主体类型", "名称", "统一社会信用代码", "注册号", "非市场主体标识"),
    *(
        "关联主体统一社会信用代码",
        "行业代码",
        "行业名称",
        "住所",
        "街道代码",
        "辖区街道",
        "经度",
        "纬度",
        "坐标系",
    ),
    *("法定代表人", "联系人", "电话", "邮箱", "传真", "登记机关", "登记状态", "成立日期"),
    *("许可证名称", "许可证编号", "许可有效期至", "信用风险等级", "风险评定日期", "重点监管标记", "监管部门"),
    *("适用事项编号", "本年度已抽查次数", "投诉举报或立案标记", "数据来源", "更新时间"),
)

CHANNEL_COLUMN = "告知方式"  # may be missing: then what is known stays
CODE, NUMBER, MARK, LINKED = "统一社会信用代码", "注册号", "非市场主体标识", "关联主体统一社会信用代码"
KINDS = {
    "营利性": TargetKind.FOR_PROFIT,
    "非营利性": TargetKind.NON_PROFIT,
    "非市场主体": TargetKind.NON_MARKET,
}
STATUSES = {
    **dict.fromkeys(("存续", "在业", "开业", "正常", "在建/在用"), TargetStatus.OPERATING),
    **dict.fromkeys(("停业", "歇业"), TargetStatus.CLOSED),
    "注销": TargetStatus.DEREGISTERED,
    "吊销": TargetStatus.REVOKED,
    "撤销": TargetStatus.ANNULLED,
    "迁出": TargetStatus.MOVED,
}
CLASSES = {risk: risk for risk in ("", "A", "B", "C", "D")}


def read_target(known: Known, cells: Cells, once: Once) -> TargetRow:
    """Refused: a code that fails its check or that two have, an unknown street, item or department."""
    code = cells.code("对象编号", 32, required=True)
    name = cells.label("名称", 200, required=True)
    kind = cells.choice("对象类别", KINDS, TargetKind.FOR_PROFIT)
    own, registration = _codes(known, cells, kind, code)
    once.claim(cells, "对象编号", code, name)
    once.claim(cells, CODE, own, name)
    street = text.name(cells.values["街道代码"])
    streets = cells.resolve("街道代码", (street,) if street else (), known.street, "unknown_street")
    return TargetRow(
        code=code,
        kind=kind,
        form=cells.label("主体类型", 40),
        name=name,
        credit_code=own,
        registration=registration,
        mark=cells.code(MARK, 64, required=kind is TargetKind.NON_MARKET),
        linked=_linked(cells, kind),
        industry=cells.code("行业代码", 16),
        industry_name=cells.label("行业名称", 80),
        address=cells.label("住所", 300),
        street="".join(streets),
        street_name=cells.label("辖区街道", 40),
        longitude_e6=cells.degrees("经度", 180),
        latitude_e6=cells.degrees("纬度", 90),
        datum=cells.label("坐标系", 16),
        representative=cells.label("法定代表人", 80),
        contact=cells.label("联系人", 80),
        phone=cells.phone("电话"),
        email=cells.email("邮箱"),
        fax=cells.label("传真", 40),
        channels=_channels(cells),
        registrar=cells.label("登记机关", 120),
        status=cells.choice("登记状态", STATUSES, TargetStatus.OPERATING),
        founded=cells.day("成立日期"),
        licence=cells.label("许可证名称", 120),
        licence_number=cells.label("许可证编号", 80),
        licence_until=cells.day("许可有效期至"),
        risk=cells.choice("信用风险等级", CLASSES, ""),
        risk_on=cells.day("风险评定日期"),
        key=cells.flag("重点监管标记"),
        departments=cells.resolve("监管部门", cells.many("监管部门"), known.department, "unknown_department"),
        items=cells.resolve("适用事项编号", cells.many("适用事项编号"), known.item, "unknown_item"),
        checked_this_year=cells.whole("本年度已抽查次数"),
        complaint=cells.flag("投诉举报或立案标记"),
        source=cells.label("数据来源", 80),
        updated_on=cells.day("更新时间"),
    )


def _codes(known: Known, cells: Cells, kind: TargetKind, target: str) -> tuple[str | None, str]:
    """The credit code, if there is one, and the old registration number."""
    registration = _registration(cells, NUMBER)
    written = text.name(cells.values[CODE])
    if not written:
        if kind is not TargetKind.NON_MARKET and not registration:
            cells.refuse(CODE, "missing")
        return None, registration
    verdict = credit_code.examine(written)
    if len(verdict.code) == 15 and verdict.valid:
        cells.warn(CODE, "registration_number")
        return None, registration or _registration(cells, CODE)
    if verdict.warnings:
        cells.warn(CODE, "rewritten", code=verdict.code)
    if verdict.problems and verdict.code not in known.overridden:
        cells.refuse(CODE, verdict.problems[0], expected=verdict.expected, length=len(verdict.code))
    holder = known.holders.get(verdict.code, target)
    if holder != target:
        cells.refuse(CODE, "held", holder=holder)
    return verdict.code, registration


def _channels(cells: Cells) -> tuple[str, ...] | None:
    """How the object wants to be told, in its order; None where the list does not say."""
    if CHANNEL_COLUMN not in cells.values:
        return None
    return cells.resolve(CHANNEL_COLUMN, cells.many(CHANNEL_COLUMN), NAMES.get, "unknown_channel")


def _registration(cells: Cells, column: str) -> str:
    if not text.name(cells.values[column]):
        return ""
    verdict = credit_code.examine_registration(cells.values[column])
    for warning in verdict.warnings:
        cells.warn(column, warning, expected=verdict.expected, code=verdict.code)
    return cells.code(column, 32)


def _linked(cells: Cells, kind: TargetKind) -> str:
    """The responsible party's code; one that is no code is named and left out, the object itself stays."""
    written = text.name(cells.values[LINKED])
    if not written:
        if kind is TargetKind.NON_MARKET:
            cells.warn(LINKED, "no_responsible_party")
        return ""
    verdict = credit_code.examine(written)
    if not verdict.valid or len(verdict.code) != 18:
        cells.warn(LINKED, "linked_unreadable", problem=(*verdict.problems, "length")[0])
        return ""
    return verdict.code
