"""Departments, the item list and its checklists (Art. 7, 9)."""

from __future__ import annotations

from models.rules import text
from models.rules.checklist import SampleRule
from models.rules.condition import read_condition, written
from models.rules.registry.cells import Cells, Once
from models.rules.registry.known import Known
from models.rules.registry.layout import Layout
from models.rules.registry.rows import ChecklistRow, DepartmentRow, ItemRow, Method, served_items
from models.rules.value import ValueKind, options

DEPARTMENT_COLUMNS = ("code", "领域名", "演示用区级单位名称", "备注", "联系电话")
ITEM_COLUMNS = (
    *(
        "事项编号",
        "抽查领域",
        "抽查事项",
        "检查对象",
        "对象大类",
        "事项类别",
        "检查方式",
        "发起部门",
        "参与部门",
    ),
    *("检查依据", "检查内容", "示例抽查比例", "示例频次", "依据核对", "核实"),
)
CHECKLIST_COLUMNS = (
    *(
        "检查表",
        "检查表名称",
        "序号",
        "责任部门",
        "检查要点",
        "依据",
        "答案类型",
        "单位或补充填写",
        "拍照要求",
    ),
    *(
        "网络检查先行",
        "网络核查来源",
        "要点级别",
        "允许不适用",
        "请准备的材料",
        "对应事项",
        "出现条件",
        "抽样要求",
    ),
)

KEY = {"重点": True, "一般": False}
METHODS = {
    "现场检查": Method.ON_SITE,
    "实地核查": Method.ON_SITE,
    "书面检查": Method.DOCUMENT,
    "网络检查": Method.NETWORK,
    "抽样检测": Method.SAMPLE_TEST,
    "委托专业机构检查": Method.ENTRUSTED,
}
ANSWERS = {answer: answer for answer in ("TRI", "NUM", "DATE", "TEXT", "ONE", "MANY")} | {
    "合格不合格": "TRI", "数字": "NUM", "日期": "DATE", "文字": "TEXT", "单选": "ONE", "多选": "MANY",
}  # fmt: skip
PHOTOS = {rule: rule for rule in ("always", "on_fail", "no")}
SAMPLES = {str(rule): str(rule) for rule in SampleRule} | {
    "必须抽样": "required", "可以抽样": "allowed", "不抽样": "no",
}  # fmt: skip
SETTLED = {extent: extent for extent in ("full", "partial", "no")}


DEPARTMENTS = Layout(
    DEPARTMENT_COLUMNS,
    required=("code", "领域名", "演示用区级单位名称"),
    synonyms={
        "code": ("部门编码", "编码", "代码", "部门代码", "单位编码"),
        "领域名": ("领域", "部门", "部门名称", "简称", "部门简称"),
        "演示用区级单位名称": ("单位名称", "单位全称", "单位", "全称", "区级单位名称", "部门全称"),
        "备注": ("说明",),
        "联系电话": ("电话", "办公电话", "单位电话"),
    },
)  # fmt: skip
ITEMS = Layout(
    ITEM_COLUMNS,
    required=("事项编号", "抽查事项", "事项类别", "检查方式", "发起部门", "检查依据"),
    synonyms={
        "事项编号": ("编号", "抽查事项编号", "检查事项编码", "事项编码"),
        "抽查领域": ("领域", "抽查类别", "抽查项目"),
        "抽查事项": ("事项名称", "检查事项", "抽查事项名称", "检查事项名称"),
        "检查对象": ("抽查对象", "对象"),
        "对象大类": ("对象类别",),
        "事项类别": ("类别", "抽查类型", "事项类型"),
        "检查方式": ("抽查方式", "方式"),
        "发起部门": ("牵头部门", "抽查主体", "发起单位", "牵头单位"),
        "参与部门": ("配合部门", "联合部门", "参与单位", "配合单位"),
        "检查依据": ("抽查依据", "依据", "法律依据", "法定依据"),
        "检查内容": ("抽查内容", "内容"),
        "示例抽查比例": ("抽查比例", "检查比例", "比例"),
        "示例频次": ("频次", "检查频率", "检查频次", "抽查频次"),
    },
)  # fmt: skip
CHECKLISTS = Layout(
    CHECKLIST_COLUMNS,
    required=("检查表", "检查表名称", "序号", "责任部门", "检查要点", "依据", "答案类型", "拍照要求", "网络检查先行", "要点级别"),
    synonyms={
        "检查表": ("检查表编号", "表编号", "事项编号"),
        "检查表名称": ("表名", "名称"),
        "序号": ("编号", "题号"),
        "责任部门": ("部门", "检查部门"),
        "检查要点": ("要点", "检查内容", "检查项目"),
        "依据": ("检查依据", "法律依据", "法定依据"),
        "答案类型": ("类型",),
        "拍照要求": ("拍照",),
        "抽样要求": ("抽样",),
        "要点级别": ("级别",),
        "允许不适用": ("可不适用",),
        "对应事项": ("所属事项", "抽查事项"),
        "出现条件": ("条件", "显示条件"),
        "请准备的材料": ("准备材料", "需准备材料", "需提供材料", "材料清单", "备查材料"),
    },
)  # fmt: skip


def read_department(_: Known, cells: Cells, once: Once) -> DepartmentRow:
    row = DepartmentRow(
        code=cells.code("code", 16, required=True),
        name=cells.label("领域名", 80, required=True),
        unit=cells.label("演示用区级单位名称", 120, required=True),
        note=cells.label("备注", 200),
        phone=cells.phone("联系电话"),
    )
    once.claim(cells, "code", row.code, row.name)
    once.claim(cells, "领域名", row.name, row.code)
    return row


def read_item(known: Known, cells: Cells, once: Once) -> ItemRow:
    """An item without legal basis, or of a department that is not registered, is refused (Art. 7, 9)."""
    initiating = _departments(known, cells, "发起部门")
    if not initiating and not cells.bad:
        cells.refuse("发起部门", "missing")
    methods = cells.resolve("检查方式", cells.many("检查方式"), METHODS.get, "unknown_method")
    row = ItemRow(
        code=cells.code("事项编号", 32, required=True),
        field=cells.label("抽查领域", 120),
        name=cells.label("抽查事项", 400, required=True),
        targets=cells.label("检查对象", 400),
        target_kind=cells.label("对象大类", 80),
        key=cells.choice("事项类别", KEY, False),
        methods=";".join(methods),
        initiating=";".join(initiating),
        participating=";".join(_departments(known, cells, "参与部门")),
        basis=cells.label("检查依据", 4000, required=True),
        content=cells.label("检查内容", 4000),
        rate=cells.label("示例抽查比例", 80),
        frequency=cells.label("示例频次", 80),
        basis_checked=cells.label("依据核对", 4000),
        verified=cells.label("核实", 40),
    )
    once.claim(cells, "事项编号", row.code, row.name)
    return row


def read_question(known: Known, cells: Cells, once: Once) -> ChecklistRow:
    """A check point; two of one number in a list, or one without legal basis, are refused (Art. 7)."""
    checklist = cells.code("检查表", 64, required=True)
    cells.resolve("检查表", served_items(checklist) if checklist else (), known.item, "unknown_item")
    department = _departments(known, cells, "责任部门")
    if len(department) != 1 and not cells.bad:
        cells.refuse("责任部门", "one_department")
    row = ChecklistRow(
        checklist=checklist,
        title=cells.label("检查表名称", 120, required=True),
        number=cells.whole("序号"),
        department="".join(department[:1]),
        text=cells.label("检查要点", 1000, required=True),
        basis=cells.label("依据", 2000, required=True),
        answer=cells.choice("答案类型", ANSWERS, ""),
        fill_in=cells.label("单位或补充填写", 200),
        photo=cells.choice("拍照要求", PHOTOS, ""),
        network=cells.choice("网络检查先行", SETTLED, ""),
        network_source=cells.label("网络核查来源", 200),
        key=cells.choice("要点级别", KEY, False),
        may_not_apply=cells.flag("允许不适用", blank=True),
        prepare=cells.label("请准备的材料", 500),
        items=_served(checklist, cells),
        condition=_condition(cells),
        sample=_sample(cells),
    )
    if row.sample == SampleRule.REQUIRED and row.network == "full":
        cells.refuse("抽样要求", "sample_online")
    if row.answer in ("ONE", "MANY") and len(options(ValueKind(row.answer), row.fill_in)) < LEAST_OPTIONS:
        cells.refuse("单位或补充填写", "few_options")
    if row.network in ("full", "partial") and not row.network_source:
        cells.warn("网络核查来源", "no_source")
    once.claim(cells, "序号", f"{checklist} {row.number}", row.text)
    return row


LEAST_OPTIONS = 2


def _sample(cells: Cells) -> str:
    return cells.choice("抽样要求", SAMPLES, "") if cells.raw("抽样要求") else str(SampleRule.ALLOWED)


def _condition(cells: Cells) -> str:
    """The condition in its one form. It names earlier points alone: two that wait for each other would never be asked."""
    number = cells.whole("序号")
    try:
        clauses = read_condition(cells.label("出现条件", 200))
    except ValueError as part:
        cells.refuse("出现条件", "condition_unread", part=str(part)[:40])
        return ""
    if any(clause.number >= number for clause in clauses):
        cells.refuse("出现条件", "condition_circular")
    return written(clauses)


def _served(checklist: str, cells: Cells) -> tuple[str, ...]:
    """The items that a question belongs to; of a list that serves several each question may name its own."""
    served = served_items(checklist) if checklist else ()
    return cells.resolve(
        "对应事项", cells.many("对应事项"), lambda item: item if item in served else None, "other_item"
    )


def _departments(known: Known, cells: Cells, column: str) -> tuple[str, ...]:
    """A list of departments; one whose own name holds a separator is taken whole."""
    whole = text.name(cells.raw(column))
    names = (whole,) if whole and known.department(whole) else cells.many(column)
    return cells.resolve(column, names, known.department, "unknown_department", known=known.department_names)
