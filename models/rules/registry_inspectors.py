"""执法检查人员名录库, with the experts who assist and never count as officers (Art. 10)."""

from __future__ import annotations

from collections.abc import Callable

from models.rules import text
from models.rules.registry_cells import Cells, Once
from models.rules.registry_known import Known
from models.rules.registry_rows import EVERYWHERE, InspectorRow, InspectorStatus

INSPECTOR_COLUMNS = (
    *("人员编号", "姓名", "性别", "部门编码", "部门", "科室", "执法证号", "执法证类型", "执法证有效期至"),
    *("执法层级", "执法区域", "业务专长", "可检查事项编号", "职级", "可任组长", "是否专家(仅协助)"),
    *("人员状态", "回避对象", "电话", "邮箱", "更新时间"),
)

CERTIFICATE = "执法证号"
DISTRICT = "全区"
STATUSES = {
    "在岗": InspectorStatus.IN_POST,
    "休假": InspectorStatus.ON_LEAVE,
    "离岗": InspectorStatus.LEFT,
}


def read_inspector(known: Known, cells: Cells, once: Once) -> InspectorRow:
    """Refused: an officer of no registered department, a certificate that two have, an unknown street."""
    code = cells.code("人员编号", 32, required=True)
    name = cells.label("姓名", 80, required=True)
    expert = cells.flag("是否专家(仅协助)")
    certificate = _certificate(known, cells, code, expert=expert)
    once.claim(cells, "人员编号", code, name)
    once.claim(cells, CERTIFICATE, certificate, name)
    department = _department(known, cells, expert=expert)
    row = InspectorRow(
        code=code,
        name=name,
        gender=cells.choice("性别", {"男": "男", "女": "女", "": ""}, ""),
        department=department,
        section=cells.label("科室", 80) or ("" if department else cells.label("部门", 80)),
        certificate=certificate or None,
        certificate_kind=cells.label("执法证类型", 80),
        certificate_until=cells.day("执法证有效期至"),
        level=cells.label("执法层级", 40),
        areas=_everywhere_or(cells, "执法区域", known.street, "unknown_street"),
        expertise=cells.label("业务专长", 200),
        items=_everywhere_or(cells, "可检查事项编号", known.item, "unknown_item"),
        rank=cells.label("职级", 40),
        may_lead=cells.flag("可任组长"),
        expert=expert,
        status=cells.choice("人员状态", STATUSES, InspectorStatus.LEFT),
        recused=cells.many("回避对象"),
        phone=cells.phone("电话"),
        email=cells.email("邮箱"),
        updated_on=cells.day("更新时间"),
    )
    if certificate and row.certificate_until is None:
        cells.warn("执法证有效期至", "no_expiry")
    return row


def _certificate(known: Known, cells: Cells, code: str, *, expert: bool) -> str:
    certificate = cells.code(CERTIFICATE, 64)
    if not certificate and not expert:
        cells.warn(CERTIFICATE, "no_certificate")
    holder = known.holders.get(certificate, code)
    if holder != code:
        cells.refuse(CERTIFICATE, "held", holder=holder)
    return certificate


def _department(known: Known, cells: Cells, *, expert: bool) -> str:
    written = text.name(cells.values["部门编码"])
    if not written and not expert:
        cells.refuse("部门编码", "missing")
    found = cells.resolve("部门编码", (written,) if written else (), known.department, "unknown_department")
    return "".join(found)


def _everywhere_or(
    cells: Cells, column: str, find: Callable[[str], str | None], reason: str
) -> tuple[str, ...]:
    listed = cells.many(column)
    if DISTRICT in listed or "*" in listed:
        return EVERYWHERE
    return cells.resolve(column, listed, find, reason)
