"""专业机构名录库: the agencies that may be entrusted with a test or an expert's part of a visit (Art. 10, 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules import credit_code
from models.rules.registry.cells import Cells, Once
from models.rules.registry.known import Known
from models.rules.registry.layout import Layout

AGENCY_COLUMNS = (
    *("机构编号", "机构名称", "统一社会信用代码", "业务范围", "资质证书号", "资质有效期至", "管理部门"),
    *("联系人", "电话", "邮箱", "地址", "备注"),
)
OWN, CODE, KEEPERS, UNTIL = "机构编号", "统一社会信用代码", "管理部门", "资质有效期至"
AGENCIES = Layout(
    AGENCY_COLUMNS,
    required=(OWN, "机构名称", KEEPERS),
    synonyms={
        OWN: ("编号", "机构代码", "机构编码", "序号"),
        "机构名称": ("名称", "单位名称", "检测机构", "检验检测机构", "检验检测机构名称", "专业机构"),
        CODE: ("信用代码", "社会信用代码"),
        "业务范围": ("检测范围", "检测能力", "服务范围", "专业领域", "资质范围"),
        "资质证书号": ("证书编号", "资质证书编号", "CMA证书编号", "资质认定证书编号", "证书号"),
        UNTIL: ("有效期至", "证书有效期", "证书有效期至", "有效期", "资质有效期"),
        KEEPERS: ("部门", "使用部门", "主管部门", "委托部门", "部门编码", "监管部门"),
        "联系人": ("负责人", "联系人姓名"),
        "电话": ("联系电话", "手机", "联系方式", "电话号码"),
        "邮箱": ("电子邮箱", "邮件", "EMAIL", "E-MAIL"),
        "地址": ("住所", "机构地址", "注册地址"),
        "备注": ("说明",),
    },
)


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """`departments`: those that entrust it and keep its row."""

    code: str
    name: str
    credit_code: str
    scope: str
    certificate: str
    certificate_until: date | None
    departments: tuple[str, ...]
    contact: str
    phone: str
    email: str
    address: str
    note: str


def read_agency(known: Known, cells: Cells, once: Once) -> AgencyRow:
    """Refused: an agency of no registered department, a number, name or credit code that two have, a wrong credit code."""
    row = AgencyRow(
        code=cells.code(OWN, 32, required=True),
        name=cells.label("机构名称", 200, required=True),
        credit_code=_credit_code(cells),
        scope=cells.label("业务范围", 500),
        certificate=cells.label("资质证书号", 80),
        certificate_until=cells.day(UNTIL, endless=True),
        departments=_departments(known, cells),
        contact=cells.label("联系人", 80),
        phone=cells.phone("电话"),
        email=cells.email("邮箱"),
        address=cells.label("地址", 300),
        note=cells.label("备注", 200),
    )
    once.claim(cells, OWN, row.code, row.name)
    once.digits(cells, OWN, row.code)
    once.claim(cells, "机构名称", row.name, row.code)
    once.claim(cells, CODE, row.credit_code, row.name)
    holder = known.holders.get(row.credit_code, row.code) if row.credit_code else row.code
    if holder != row.code:
        cells.refuse(CODE, "held", holder=holder)
    cells.printed(("机构名称",), known.unprintable)
    return row


def _credit_code(cells: Cells) -> str:
    written = cells.code(CODE, 18)
    if not written:
        return ""
    verdict = credit_code.examine(written)
    if verdict.problems:
        cells.refuse(CODE, verdict.problems[0], expected=verdict.expected, length=len(verdict.code))
    return verdict.code


def _departments(known: Known, cells: Cells) -> tuple[str, ...]:
    names = cells.many(KEEPERS)
    if not names:
        cells.refuse(KEEPERS, "missing")
    return cells.resolve(KEEPERS, names, known.department, "unknown_department", known=known.department_names)
