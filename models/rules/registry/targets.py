"""检查对象库: for-profit, non-profit and non-market targets (Art. 4, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from models.rules import cell, credit_code, text
from models.rules.channel import NAMES as CHANNELS
from models.rules.datum import NAMES as DATUMS
from models.rules.datum import Datum, read_datum
from models.rules.registry.cells import Cells, Once
from models.rules.registry.known import Known
from models.rules.registry.layout import Layout
from models.rules.registry.rows import TargetKind, TargetRow, TargetStatus

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
OWN = "对象编号"
LAYOUT = Layout(
    TARGET_COLUMNS,
    required=("名称",),
    one_of=((OWN, CODE, NUMBER, MARK),),
    optional=(CHANNEL_COLUMN,),
    synonyms={
        OWN: ("编号", "对象编码", "主体编号", "检查对象编号", "市场主体编号"),
        "对象类别": ("对象大类", "检查对象类别", "主体类别", "对象类型"),
        "主体类型": ("企业类型", "市场主体类型", "公司类型", "企业(机构)类型", "类型", "经济类型"),
        "名称": (
            "企业名称", "单位名称", "对象名称", "主体名称", "检查对象", "检查对象名称", "市场主体名称", "公司名称",
            "名称(字号)", "字号名称", "机构名称", "企业(单位)名称", "被检查单位", "被检查单位名称", "企业(字号)名称",
        ),
        CODE: (
            "统一社会信用代码/注册号", "注册号/统一社会信用代码", "信用代码", "社会信用代码", "统一信用代码",
            "统一代码", "统一社会信用代码或注册号", "统一社会信用代码号", "统一社会信用码", "信用代码/注册号",
        ),
        NUMBER: ("工商注册号", "营业执照注册号", "营业执照号", "注册号码", "登记注册号", "执照号"),
        MARK: ("标识", "设备代码", "设备注册代码", "项目代码", "项目编号", "使用登记证编号"),
        LINKED: ("关联主体", "责任主体统一社会信用代码", "责任主体", "使用单位", "建设单位"),
        "行业代码": ("行业编码", "国民经济行业代码"),
        "行业名称": ("行业", "所属行业", "行业类别", "行业门类", "国民经济行业"),
        "住所": (
            "地址", "注册地址", "经营场所", "住所(经营场所)", "住所/经营场所", "经营地址", "企业地址", "单位地址",
            "住址", "详细地址", "通信地址", "营业地址", "生产经营地址", "主要经营场所", "登记住所", "企业住所",
        ),
        "街道代码": ("街道编码", "乡镇街道代码", "乡镇代码", "区划代码"),
        "辖区街道": ("街道", "所属街道", "乡镇街道", "街道(乡镇)", "乡镇", "所在街道", "街道名称", "辖区", "乡镇/街道"),
        "经度": ("经度坐标", "LONGITUDE", "LNG", "LON", "X坐标"),
        "纬度": ("纬度坐标", "LATITUDE", "LAT", "Y坐标"),
        "坐标系": ("坐标系统", "坐标类型", "坐标系类型", "DATUM"),
        "法定代表人": (
            "法人", "法人代表", "负责人", "法定代表人/负责人", "经营者", "法定代表人(经营者)", "法人姓名", "法定代表",
            "企业法人", "法人(负责人)", "主要负责人", "法定代表人姓名", "投资人",
        ),
        "联系人": ("联络人", "联络员", "联系人姓名", "企业联系人", "联络员姓名"),
        "电话": (
            "联系电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话", "电话号码", "联络人电话", "固定电话",
            "企业联系电话", "联系手机", "TEL",
        ),
        "邮箱": ("电子邮箱", "邮件", "电子邮件", "EMAIL", "E-MAIL", "联系邮箱", "邮箱地址"),
        "传真": ("传真号码", "传真电话", "FAX"),
        "登记机关": ("登记部门", "注册机关", "发照机关", "所属登记机关"),
        "登记状态": ("经营状态", "企业状态", "主体状态", "状态", "登记情况", "企业经营状态", "市场主体状态", "存续状态"),
        "成立日期": ("注册日期", "成立时间", "登记日期", "设立日期", "开业日期", "注册时间", "开业时间"),
        "许可证名称": ("许可名称", "许可证", "许可证件名称"),
        "许可证编号": ("许可证号", "许可编号", "许可证号码", "许可文号"),
        "许可有效期至": ("有效期至", "许可证有效期至", "许可证有效期", "有效期", "许可截止日期", "有效期止", "许可有效期"),
        "信用风险等级": ("风险等级", "信用等级", "信用风险分类", "信用风险类别", "企业信用风险分类", "风险分类"),
        "风险评定日期": ("评定日期", "风险分类日期"),
        "重点监管标记": ("重点监管", "是否重点监管", "重点", "是否重点", "重点监管对象"),
        "监管部门": ("管辖单位", "主管部门", "监管单位", "行业主管部门", "检查机关", "管辖部门"),
        "适用事项编号": ("适用事项", "抽查事项编号", "抽查事项", "事项编号", "检查事项", "检查事项编号"),
        "本年度已抽查次数": ("已抽查次数", "本年已抽查次数", "本年度抽查次数", "抽查次数"),
        "投诉举报或立案标记": ("投诉举报", "投诉举报标记", "立案标记", "是否投诉举报或立案", "是否有投诉举报"),
        "数据来源": ("来源", "信息来源"),
        "更新时间": ("更新日期", "数据更新时间", "最后更新时间", "修改时间"),
        CHANNEL_COLUMN: ("通知方式", "告知渠道", "送达方式"),
    },
)  # fmt: skip
FIELDS: Mapping[str, tuple[str, ...]] = {
    "code": (OWN,), "kind": ("对象类别",), "form": ("主体类型",), "name": ("名称",), "credit_code": (CODE,),
    "registration": (NUMBER,), "mark": (MARK,), "linked": (LINKED,), "industry": ("行业代码",),
    "industry_name": ("行业名称",), "address": ("住所",), "street": ("街道代码", "辖区街道"),
    "street_name": ("辖区街道", "街道代码"), "longitude_e6": ("经度",), "latitude_e6": ("纬度",),
    "datum": ("坐标系",), "representative": ("法定代表人",), "contact": ("联系人",), "phone": ("电话",),
    "email": ("邮箱",), "fax": ("传真",), "channels": (CHANNEL_COLUMN,), "registrar": ("登记机关",),
    "status": ("登记状态",), "founded": ("成立日期",), "licence": ("许可证名称",), "licence_number": ("许可证编号",),
    "licence_until": ("许可有效期至",), "risk": ("信用风险等级",), "risk_on": ("风险评定日期",), "key": ("重点监管标记",),
    "departments": ("监管部门",), "items": ("适用事项编号",), "checked_this_year": ("本年度已抽查次数",),
    "complaint": ("投诉举报或立案标记",), "source": ("数据来源",), "updated_on": ("更新时间",),
}  # fmt: skip
EAST, NORTH = (73_000_000, 136_000_000), (3_000_000, 54_000_000)
"""What of the globe is China, in millionths of a degree."""
KINDS = {
    "营利性": TargetKind.FOR_PROFIT,
    "非营利性": TargetKind.NON_PROFIT,
    "非市场主体": TargetKind.NON_MARKET,
    **dict.fromkeys(("营利性市场主体", "营利性主体", "企业", "个体工商户"), TargetKind.FOR_PROFIT),
    **dict.fromkeys(
        ("非营利性市场主体", "非营利性主体", "事业单位", "社会组织", "民办非企业单位"), TargetKind.NON_PROFIT
    ),
    **dict.fromkeys(("非市场主体(产品、项目、行为)", "产品", "项目", "行为"), TargetKind.NON_MARKET),
}
KIND_OF_CODE = {"9": TargetKind.FOR_PROFIT, "5": TargetKind.NON_PROFIT, "1": TargetKind.NON_PROFIT}
STATUSES = {
    **dict.fromkeys(("存续", "在业", "开业", "正常", "在建/在用"), TargetStatus.OPERATING),
    **dict.fromkeys(("停业", "歇业"), TargetStatus.CLOSED),
    "注销": TargetStatus.DEREGISTERED,
    "移出名录": TargetStatus.RETIRED,
    "状态不明": TargetStatus.UNKNOWN,
    "吊销": TargetStatus.REVOKED,
    "撤销": TargetStatus.ANNULLED,
    "迁出": TargetStatus.MOVED,
    **dict.fromkeys(
        (
            "存续(在营、开业、在册)", "存续(在营、开业、在册、登记成立)", "在营", "在册", "在营(开业)企业", "营业", "营业中",
            "正常营业", "正常经营", "正常存续", "存续/在业", "在业/存续", "在营/存续", "迁入", "在用", "在建", "登记成立",
            "存续(在营)", "开业(在营)", "正常在业",
        ),
        TargetStatus.OPERATING,
    ),
    **dict.fromkeys(("已停业", "已歇业", "停业/歇业", "停业、歇业", "暂停营业", "停用"), TargetStatus.CLOSED),
    **dict.fromkeys(("已注销", "注销企业"), TargetStatus.DEREGISTERED),
    **dict.fromkeys(("已吊销", "吊销未注销", "吊销，未注销", "吊销企业"), TargetStatus.REVOKED),
    **dict.fromkeys(("已撤销", "撤销登记", "撤销设立登记"), TargetStatus.ANNULLED),
    **dict.fromkeys(("已迁出", "迁出企业"), TargetStatus.MOVED),
}  # fmt: skip
CLASSES = {
    "": "",
    **{written: risk for risk in "ABCD" for written in (risk, f"{risk}级", f"{risk}类", f"{risk}档")},
}


def read_target(known: Known, cells: Cells, once: Once) -> TargetRow:
    """Refused: a code that fails its check or that two have, an unknown street, item or department."""
    name = cells.label("名称", 200, required=True)
    own, registration, where = _codes(known, cells)
    code = _number(known, cells, own, registration)
    kind = _kind(cells, own)
    mark = cells.code(MARK, 64, required=kind is TargetKind.NON_MARKET)
    _identity(known, cells, once, Identity(code, name, own, registration, where, mark))
    if kind is not TargetKind.NON_MARKET and not own and not registration and not cells.bad:
        cells.refuse(CODE, "missing")
    cells.printed(("名称", "住所", "法定代表人", "联系人"), known.unprintable)
    street = _street(known, cells)
    longitude, latitude = _place(cells)
    return TargetRow(
        code=code,
        kind=kind,
        form=cells.label("主体类型", 40),
        name=name,
        credit_code=own,
        registration=registration,
        mark=mark,
        linked=_linked(known, cells, kind),
        industry=cells.code("行业代码", 16),
        industry_name=cells.label("行业名称", 80),
        address=cells.label("住所", 300),
        street=street,
        street_name=known.streets.get(street) or cells.label("辖区街道", 40),
        longitude_e6=longitude,
        latitude_e6=latitude,
        datum=_datum(cells, placed=longitude is not None and latitude is not None),
        representative=cells.label("法定代表人", 80),
        contact=cells.label("联系人", 80),
        phone=cells.phone("电话"),
        email=cells.email("邮箱"),
        fax=cells.phone("传真"),
        channels=cells.resolve(CHANNEL_COLUMN, cells.many(CHANNEL_COLUMN), CHANNELS.get, "unknown_channel"),
        registrar=cells.label("登记机关", 120),
        status=_status(cells),
        founded=cells.day("成立日期"),
        licence=cells.label("许可证名称", 120),
        licence_number=cells.code("许可证编号", 80),
        licence_until=cells.day("许可有效期至", endless=True),
        risk=cells.choice("信用风险等级", CLASSES, ""),
        risk_on=cells.day("风险评定日期"),
        key=cells.flag("重点监管标记", blank=False),
        departments=cells.resolve(
            "监管部门",
            cells.many("监管部门"),
            known.department,
            "unknown_department",
            known=known.department_names,
        ),
        items=cells.references("适用事项编号", known.items_named, "unknown_item"),
        checked_this_year=cells.whole("本年度已抽查次数", blank=0),
        complaint=cells.answered("投诉举报或立案标记"),
        source=cells.label("数据来源", 80),
        updated_on=cells.day("更新时间"),
    )


class Identity(NamedTuple):
    """By what a target is known. `where`: the column that its registration number stands in."""

    code: str
    name: str
    credit_code: str | None
    registration: str
    where: str
    mark: str


def _number(known: Known, cells: Cells, own: str | None, registration: str) -> str:
    """The object's number; a list without that column knows its objects by code or registration number."""
    if OWN not in cells.absent:
        code = cells.code(OWN, 32, required=True)
        if longer := known.longer(code):
            cells.refuse(OWN, "zeros_lost", expected=longer)
        return code
    identity = own or registration or cells.code(MARK, 32)
    if not identity and not cells.bad:
        cells.refuse(CODE if CODE not in cells.absent else NUMBER, "missing")
    return known.holders.get(identity) or known.registered(identity) or identity


def _kind(cells: Cells, own: str | None) -> TargetKind:
    """A list that does not class its objects: the first place of a credit code says who registered it."""
    if cells.values["对象类别"] in KINDS or cells.raw("对象类别"):
        return cells.choice("对象类别", KINDS, TargetKind.FOR_PROFIT)
    target_kind = KIND_OF_CODE.get(own[0]) if own else None
    if target_kind is None:
        cells.refuse("对象类别", "missing")
        return TargetKind.FOR_PROFIT
    cells.warn(
        "对象类别", "kind_from_code", kind=next(word for word, kind in KINDS.items() if kind is target_kind)
    )
    return target_kind


def _status(cells: Cells) -> TargetStatus:
    """Nobody is taken for open because a list does not say."""
    if "登记状态" in cells.absent:
        cells.warn("登记状态", "no_status")
    return cells.choice("登记状态", STATUSES, TargetStatus.UNKNOWN)


def _identity(known: Known, cells: Cells, once: Once, who: Identity) -> None:
    """Two entries with one number, credit code, registration number or mark are one target."""
    if OWN not in cells.absent:
        once.claim(cells, OWN, who.code, who.name, kind=OWN)
    once.claim(cells, CODE, who.credit_code, who.name)
    once.claim(cells, who.where, who.registration, who.name, kind=NUMBER)
    once.claim(cells, MARK, who.mark, who.name)
    if OWN in cells.absent and not any(remark.reason == "twice" for remark in cells.bad):
        column = CODE if who.credit_code else who.where if who.registration else MARK
        once.claim(cells, column, who.code, who.name, kind=OWN)  # two codes of one registered object
    once.digits(cells, OWN, who.code)
    held = [(CODE, known.holders.get(who.credit_code or "")), (who.where, known.registered(who.registration))]
    for column, holder in (*held, (MARK, known.registered(who.mark))):
        if holder is not None and holder != who.code:
            cells.refuse(column, "held", holder=holder)
            break


def _street(known: Known, cells: Cells) -> str:
    """The street's code, else the code of its name; a name of another street than the code's is named."""
    written, named = cell.label(cells.raw("街道代码")), cell.label(cells.raw("辖区街道"))
    if not written:
        return "".join(cells.resolve("辖区街道", (named,) if named else (), known.street, "unknown_street"))
    street = "".join(cells.resolve("街道代码", (written,), known.street, "unknown_street"))
    other = known.street(named) if named else None
    if street and other and other != street:
        cells.warn("辖区街道", "other_street", code=street, name=known.streets.get(street, street))
    return street


def _place(cells: Cells) -> tuple[int | None, int | None]:
    """Longitude and latitude in millionths of a degree; 0, 0 is what programs write for nothing."""
    longitude, latitude = cells.degrees("经度", 180), cells.degrees("纬度", 90)
    if (longitude, latitude) == (0, 0):
        cells.warn("经度", "place_zero")
        return None, None
    for column, degrees, (least, most) in (("经度", longitude, EAST), ("纬度", latitude, NORTH)):
        if degrees is not None and not least <= degrees <= most:
            cells.warn(column, "place_abroad", least=least // 1_000_000, most=most // 1_000_000)
    if (longitude is None) != (latitude is None) and not cells.bad:
        cells.warn("经度", "place_half")
    return longitude, latitude


def _datum(cells: Cells, *, placed: bool) -> str:
    """As our list names it; one that is not on it stays as written, and no distance is counted from it."""
    written = cells.label("坐标系", 16)
    datum = read_datum(written)
    if datum is Datum.UNKNOWN and placed:
        cells.warn("坐标系", "datum_unknown", datums=list(DATUMS.values()))
    return DATUMS.get(datum, written)


def _codes(known: Known, cells: Cells) -> tuple[str | None, str, str]:
    """The credit code, if there is one; the old registration number and the column that it stands in."""
    registration = _registration(cells, NUMBER)
    written = cells.values[CODE]
    if not (len(written) == 18 and written.isascii() and written.isalnum()):
        written = text.name(cells.raw(CODE))
    if not written:
        return None, registration, NUMBER
    verdict = credit_code.examine(written)
    if len(verdict.code) == 15 and verdict.valid:
        cells.warn(CODE, "registration_number")
        return (None, registration, NUMBER) if registration else (None, _registration(cells, CODE), CODE)
    if verdict.warnings:
        cells.warn(CODE, "rewritten", code=verdict.code)
    if verdict.problems and (reason := cell.spoilt(cells.values[CODE])):
        cells.refuse(CODE, reason)
    elif verdict.problems and verdict.code not in known.overridden:
        cells.refuse(CODE, verdict.problems[0], expected=verdict.expected, length=len(verdict.code))
    elif verdict.problems:
        cells.warn(CODE, "overridden", expected=verdict.expected)
    return verdict.code, registration, NUMBER


def _registration(cells: Cells, column: str) -> str:
    written = cells.code(column, 32)
    if written:
        verdict = credit_code.examine_registration(cells.raw(column))
        for warning in verdict.warnings:
            cells.warn(column, warning, expected=verdict.expected, code=verdict.code)
    return written


def _linked(known: Known, cells: Cells, kind: TargetKind) -> str:
    """The responsible party's code, or the code of the one target of that name; one that is neither is named
    and left out, the object itself stays."""
    written = cell.label(cells.raw(LINKED))
    if not written:
        if kind is TargetKind.NON_MARKET and LINKED not in cells.absent:
            cells.warn(LINKED, "no_responsible_party")
        return ""
    verdict = credit_code.examine(written)
    if verdict.valid and len(verdict.code) == 18:
        return verdict.code
    named = [
        code for code in (known.credit_code_of(result) for result in known.targets_named(written)) if code
    ]
    if len(named) == 1:
        cells.warn(LINKED, "taken_as", name=written, code=named[0])
        return named[0]
    cells.warn(LINKED, "linked_unreadable", problem=(*verdict.problems, "length")[0])
    return ""
