"""一单两库: the item list with its checklists, the targets and the inspectors (Art. 4, 9, 10)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Department(Model):
    """A department of the district; the office (联席会议办公室) sits in one of them (Art. 6, 22)."""

    code = fields.CharField(primary_key=True, max_length=16)
    name = fields.CharField(max_length=80)  # 领域名
    unit = fields.CharField(max_length=120)  # the authority's full name, as on a notice
    note = fields.CharField(max_length=200, default="")
    phone = fields.CharField(max_length=40, default="", db_default="")  # stands on letters: who can be asked
    initials = fields.CharField(max_length=400, default="", db_default="")  # pinyin, to search by
    retired_at = UtcDatetimeField(null=True)

    class Meta:
        table = "department"


class Item(Model):
    """An item of the published list (抽查事项, Art. 9)."""

    code = fields.CharField(primary_key=True, max_length=32)
    field = fields.CharField(max_length=120)
    name = fields.CharField(max_length=400)
    targets = fields.CharField(max_length=400)
    target_kind = fields.CharField(max_length=80)
    key = fields.BooleanField()  # 重点检查事项
    methods = fields.CharField(max_length=120)
    initiating = fields.CharField(max_length=80)
    participating = fields.CharField(max_length=200)
    basis = fields.TextField()
    content = fields.TextField()
    rate = fields.CharField(max_length=80, default="")
    frequency = fields.CharField(max_length=80, default="")
    basis_checked = fields.TextField(default="")
    verified = fields.CharField(max_length=40, default="")
    initials = fields.CharField(max_length=400, default="", db_default="")  # pinyin, to search by
    retired_at = UtcDatetimeField(null=True)

    class Meta:
        table = "item"


class ItemListVersion(Model):
    """The item list as it was made public once: the whole of it, by number, with the reason (Art. 9)."""

    id = fields.IntField(primary_key=True)
    number = fields.IntField(unique=True)
    reason = fields.CharField(max_length=16)  # law | above | district
    words = fields.CharField(max_length=500)  # the law, circular or decision behind it
    items = ReadableJSONField()  # [{code, field, name, …}], in the order of their numbers
    sha256 = fields.CharField(max_length=64)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "item_list_version"


class Checklist(Model):
    """检查记录表, versioned: tasks keep the version they began with (Art. 7)."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=64)  # XH-GA-02/03/04/05: the items it serves
    version = fields.IntField()
    name = fields.CharField(max_length=120)
    published_at = UtcDatetimeField(null=True)
    retired_at = UtcDatetimeField(null=True)  # of the newest version: nothing new begins with it
    sha256 = fields.CharField(max_length=64)

    class Meta:
        table = "checklist"
        unique_together = (("code", "version"),)


class ChecklistDraft(Model):
    """The next version of a checklist while it is written; one open draft for each (Art. 7)."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=64, db_index=True)
    name = fields.CharField(max_length=120)
    points = ReadableJSONField()  # [{column: cell}], in the order of their numbers
    based_on = fields.IntField(default=0)  # the version that it began from; 0 for a new checklist
    begun_by = fields.CharField(max_length=120)
    begun_at = UtcDatetimeField()
    published_at = UtcDatetimeField(null=True)
    dropped_at = UtcDatetimeField(null=True)
    ended_by = fields.CharField(max_length=120, default="")

    class Meta:
        table = "checklist_draft"


class Question(Model):
    """One check point of a checklist, with its legal basis and what answers it takes."""

    id = fields.IntField(primary_key=True)
    checklist = fields.ForeignKeyField(
        "models.Checklist", related_name="questions", on_delete=fields.RESTRICT
    )
    checklist_id: int
    number = fields.IntField()
    department = fields.CharField(max_length=16)  # code
    text = fields.TextField()
    basis = fields.TextField()
    answer = fields.CharField(max_length=8)  # TRI NUM DATE TEXT ONE MANY
    fill_in = fields.CharField(max_length=200, default="")
    photo = fields.CharField(max_length=8)  # always on_fail no
    sample = fields.CharField(max_length=8, default="allowed", db_default="allowed")  # required allowed no
    network = fields.CharField(max_length=8)  # full partial no
    network_source = fields.CharField(max_length=200, default="")
    key = fields.BooleanField(default=False)
    may_not_apply = fields.BooleanField(default=True)
    prepare = fields.CharField(max_length=500, default="", db_default="")  # in words for the entity
    items = ReadableJSONField(null=True)  # those of the list's items that it belongs to
    condition = fields.CharField(
        max_length=200, default="", db_default=""
    )  # under which it is asked: 3=不合格

    class Meta:
        table = "question"
        unique_together = (("checklist", "number"),)


class Street(Model):
    """A street or township of the district, from the list that the office brought in (Art. 10, 22)."""

    code = fields.CharField(primary_key=True, max_length=16)
    name = fields.CharField(max_length=40)
    district = fields.CharField(max_length=80, default="")
    source = fields.CharField(max_length=200, default="")
    dated = fields.DateField(null=True)  # of the list
    initials = fields.CharField(max_length=400, default="", db_default="")  # pinyin, to search by
    retired_at = UtcDatetimeField(null=True)

    class Meta:
        table = "street"


class CalendarYear(Model):
    """The days off and make-up days of a year, as announced (Art. 16 (3))."""

    id = fields.IntField(primary_key=True)
    year = fields.IntField(unique=True)
    off = ReadableJSONField(default=list)  # ISO days
    work = ReadableJSONField(default=list)
    source = fields.CharField(max_length=200, default="")
    dated = fields.DateField(null=True)  # of the announcement
    imported_at = UtcDatetimeField()
    imported_by = fields.CharField(max_length=80)

    class Meta:
        table = "calendar_year"


class Target(Model):
    """检查对象: for-profit, non-profit and non-market objects (Art. 4)."""

    code = fields.CharField(primary_key=True, max_length=32)  # 对象编号
    kind = fields.CharField(max_length=16)
    form = fields.CharField(max_length=40)
    name = fields.CharField(max_length=200)
    credit_code = fields.CharField(max_length=18, null=True, unique=True)
    registration = fields.CharField(max_length=32, default="")
    mark = fields.CharField(max_length=64, default="")  # 非市场主体标识
    linked = fields.CharField(max_length=18, default="")  # the responsible party's credit code
    industry = fields.CharField(max_length=16, default="", db_index=True)
    industry_name = fields.CharField(max_length=80, default="")
    address = fields.CharField(max_length=300, default="")
    street = fields.CharField(max_length=16, default="")
    street_name = fields.CharField(max_length=40, default="")
    longitude_e6 = fields.IntField(null=True)  # millionths of a degree, in `datum`
    latitude_e6 = fields.IntField(null=True)
    datum = fields.CharField(max_length=16, default="")
    representative = fields.CharField(max_length=80, default="")
    contact = fields.CharField(max_length=80, default="")
    phone = fields.CharField(max_length=40, default="")
    email = fields.CharField(max_length=200, default="")
    fax = fields.CharField(max_length=40, default="")
    channels = ReadableJSONField(default=list)  # how it wants to be told, the first first
    registrar = fields.CharField(max_length=120, default="")
    status = fields.CharField(max_length=16)
    founded = fields.DateField(null=True)
    licence = fields.CharField(max_length=120, default="")
    licence_number = fields.CharField(max_length=80, default="")
    licence_until = fields.DateField(null=True)
    risk = fields.CharField(max_length=4, default="")  # internal: never on a notice, never published
    risk_on = fields.DateField(null=True)
    key = fields.BooleanField(default=False)
    departments = ReadableJSONField(default=list)
    items = ReadableJSONField(default=list)
    checked_this_year = fields.IntField(default=0)
    complaint = fields.BooleanField(default=False)
    source = fields.CharField(max_length=80, default="")
    updated_on = fields.DateField(null=True)
    initials = fields.CharField(max_length=400, default="", db_default="")  # pinyin, to search by

    class Meta:
        table = "target"


class Inspector(Model):
    """执法检查人员, or an expert who assists and never counts as an officer (Art. 10)."""

    code = fields.CharField(primary_key=True, max_length=32)  # 人员编号
    name = fields.CharField(max_length=80)
    gender = fields.CharField(max_length=4, default="")
    department = fields.CharField(max_length=16, db_index=True)
    section = fields.CharField(max_length=80, default="")
    certificate = fields.CharField(max_length=64, null=True, unique=True)
    certificate_kind = fields.CharField(max_length=80, default="")
    certificate_until = fields.DateField(null=True)
    leave_from = fields.DateField(null=True)  # on leave these days, the last one included
    leave_until = fields.DateField(null=True)
    hours = fields.CharField(
        max_length=200, default="", db_default=""
    )  # 工作时间, in its one form; "" for any
    level = fields.CharField(max_length=40, default="")
    areas = ReadableJSONField(default=list)  # street codes; ["*"] for the whole district
    expertise = fields.CharField(max_length=200, default="")
    items = ReadableJSONField(default=list)  # item codes; ["*"] for every item of the department
    rank = fields.CharField(max_length=40, default="")
    may_lead = fields.BooleanField(default=False)
    expert = fields.BooleanField(default=False)
    status = fields.CharField(max_length=16)
    recused = ReadableJSONField(default=list)  # target codes or credit codes
    phone = fields.CharField(max_length=40, default="")
    email = fields.CharField(max_length=200, default="")
    updated_on = fields.DateField(null=True)
    initials = fields.CharField(max_length=400, default="", db_default="")  # pinyin, to search by

    class Meta:
        table = "inspector"


class Agency(Model):
    """专业机构: an agency that may be entrusted with a test or a part of a visit (Art. 10, 16)."""

    code = fields.CharField(primary_key=True, max_length=32)  # 机构编号
    name = fields.CharField(max_length=200)
    credit_code = fields.CharField(max_length=18, default="")
    scope = fields.CharField(max_length=500, default="")  # 业务范围
    certificate = fields.CharField(max_length=80, default="")  # 资质证书号
    certificate_until = fields.DateField(null=True)
    departments = ReadableJSONField(default=list)  # those that entrust it and keep its row
    contact = fields.CharField(max_length=80, default="")
    phone = fields.CharField(max_length=40, default="")
    email = fields.CharField(max_length=200, default="")
    address = fields.CharField(max_length=300, default="")
    note = fields.CharField(max_length=200, default="")
    initials = fields.CharField(max_length=400, default="", db_default="")  # pinyin, to search by
    retired_at = UtcDatetimeField(null=True)

    class Meta:
        table = "agency"


class CodeOverride(Model):
    """A credit code that is taken against its check digits: proposed by the office, confirmed by a second person (Art. 10)."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=18, db_index=True)
    expected = fields.CharField(max_length=1, default="")  # the check digit due
    target = fields.CharField(max_length=32)  # 对象编号 of whose code it is, in the register or to come in
    department = fields.CharField(max_length=16)  # that keeps the row: its head may confirm
    reason = fields.CharField(max_length=500)
    proposed_by = fields.CharField(max_length=120)
    proposed_at = UtcDatetimeField()
    agreed = fields.BooleanField(null=True)
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)
    decision = fields.CharField(max_length=500, default="")  # why it was declined
    ended_by = fields.CharField(max_length=120, default="")
    ended_at = UtcDatetimeField(null=True)
    end_reason = fields.CharField(max_length=500, default="")

    class Meta:
        table = "code_override"


class RegisterChange(Model):
    """What an act did to one row of a register: the row's history (Art. 10)."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=16)  # of the register: targets, inspectors ...
    code = fields.CharField(max_length=64)
    act = fields.CharField(max_length=12)  # added | changed | retired | restored
    before = ReadableJSONField(default=dict)  # fields that were otherwise, as they were
    after = ReadableJSONField(default=dict)  # the same fields, as they are since
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    source = fields.CharField(max_length=200, default="")  # the file or list it comes from; "" for by hand
    reason = fields.CharField(max_length=500, default="")
    import_id = fields.IntField(
        null=True, db_index=True
    )  # of the file that it came with, as `RegisterImport` counts

    class Meta:
        table = "register_change"
        indexes = (("kind", "code", "id"),)


class RegisterImport(Model):
    """A file that somebody brought in to be looked at, then taken or left (Art. 10)."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=16)
    name = fields.CharField(max_length=200)  # of the file
    data = fields.BinaryField()
    sha256 = fields.CharField(max_length=64)
    by = fields.CharField(max_length=120)
    department = fields.CharField(max_length=16, default="")  # whose liaison brought it; "" for the office
    at = UtcDatetimeField()
    sheet = fields.CharField(
        max_length=200, default="", db_default=""
    )  # chosen by a person; "" the one that fits
    heading_row = fields.IntField(default=0, db_default=0)  # chosen by a person; 0 the row that fits
    taken_at = UtcDatetimeField(null=True)
    taken_back_at = UtcDatetimeField(null=True)

    class Meta:
        table = "register_import"


class RegisterHeading(Model):
    """A heading that a department's lists use, and the column that a person said it means."""

    id = fields.IntField(primary_key=True)
    department = fields.CharField(max_length=16, default="")
    kind = fields.CharField(max_length=16)
    heading = fields.CharField(max_length=120)
    column = fields.CharField(max_length=40)

    class Meta:
        table = "register_heading"
        unique_together = (("department", "kind", "heading"),)


class RegisterEnquiry(Model):
    """季度核对: the question of one quarter to one officer, whether the register is still right of them (Art. 7, 10)."""

    id = fields.IntField(primary_key=True)
    quarter = fields.CharField(max_length=6)  # 2027Q2
    inspector = fields.ForeignKeyField(
        "models.Inspector", related_name="enquiries", on_delete=fields.RESTRICT
    )
    inspector_id: str
    asked_at = UtcDatetimeField()
    due = fields.DateField()  # the last day to answer in
    answered_at = UtcDatetimeField(null=True)
    wrong = fields.CharField(max_length=12, default="")  # what is to be changed; "" for nothing

    class Meta:
        table = "register_enquiry"
        unique_together = (("quarter", "inspector"),)
