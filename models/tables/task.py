"""检查任务: one target, one team, one batch, from the draw to the archive (Art. 11, 15, 16)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField
from models.states import TaskState


class Task(Model):
    """A drawn target in the hands of a team."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=64, unique=True)  # batch code + rank
    batch = fields.ForeignKeyField("models.Batch", related_name="tasks", on_delete=fields.RESTRICT)
    batch_id: str
    draw = fields.ForeignKeyField("models.Draw", related_name="tasks", on_delete=fields.RESTRICT)
    draw_id: str
    team = fields.ForeignKeyField("models.Team", related_name="tasks", on_delete=fields.RESTRICT)
    team_id: int
    target = fields.ForeignKeyField("models.Target", related_name="tasks", on_delete=fields.RESTRICT)
    target_id: str
    pool_id = fields.CharField(max_length=22)  # under which the target was drawn
    rank = fields.IntField()
    state = fields.CharEnumField(TaskState, max_length=20)
    assigned_at = UtcDatetimeField()
    proposed_from = UtcDatetimeField(null=True)  # asked of the members, not yet fixed
    proposed_until = UtcDatetimeField(null=True)
    proposed_at = UtcDatetimeField(null=True)  # since when the members are asked
    visit_from = UtcDatetimeField(null=True)
    visit_until = UtcDatetimeField(null=True)
    short_notice = fields.TextField(default="")  # why the notice period was cut
    started_at = UtcDatetimeField(null=True)
    started_untold = fields.TextField(default="", db_default="")  # why it began though no notice had arrived
    started_short = fields.TextField(default="")  # why fewer than two officers of a department began
    ended_at = UtcDatetimeField(null=True)
    entry_due = fields.DateField(null=True)
    due_provisional = fields.BooleanField(default=False)
    entered_at = UtcDatetimeField(null=True)
    reviewed_at = UtcDatetimeField(null=True)
    published_at = UtcDatetimeField(null=True)
    platform_receipt = fields.CharField(max_length=80, default="")

    class Meta:
        table = "task"


class Assignment(Model):
    """An officer's place in a task; a substitution ends one row and begins another."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="assignments", on_delete=fields.RESTRICT)
    task_id: int
    inspector = fields.ForeignKeyField(
        "models.Inspector", related_name="assignments", on_delete=fields.RESTRICT
    )
    inspector_id: str
    department = fields.CharField(max_length=16)
    leader = fields.BooleanField(default=False)
    since = UtcDatetimeField()
    until = UtcDatetimeField(null=True)  # substituted
    accepted_at = UtcDatetimeField(null=True)
    agreed_from = UtcDatetimeField(null=True)  # the visit time this officer agreed to
    declined_from = UtcDatetimeField(null=True)  # the visit time this officer cannot keep
    asked_at = UtcDatetimeField(null=True)  # asked to be recused or to be excused
    arrived_at = UtcDatetimeField(null=True)

    class Meta:
        table = "assignment"


class Finalised(Model):
    """定稿: a department's section of the checklist is closed by one of its officers. Reopened (`reopened_at`), it is open
    until it is closed anew, the next `version`; the trail keeps each closing and the reason."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="finalised", on_delete=fields.RESTRICT)
    task_id: int
    department = fields.CharField(max_length=16)
    by = fields.CharField(max_length=64)
    at = UtcDatetimeField()
    sheet_sha256 = fields.CharField(max_length=64)
    version = fields.IntField(default=1, db_default=1)
    reopened_at = UtcDatetimeField(null=True)

    class Meta:
        table = "finalised"
        unique_together = (("task", "department"),)


class Result(Model):
    """抽查结果, written down by those who checked; a returned record gets a new version (Art. 16 (3))."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="results", on_delete=fields.RESTRICT)
    task_id: int
    version = fields.IntField()
    types = ReadableJSONField()  # R01..R14
    note = fields.TextField(default="")
    by = fields.CharField(max_length=64)
    at = UtcDatetimeField()
    late = fields.BooleanField(default=False)
    returned = fields.TextField(default="")  # why the reviewer sent it back

    class Meta:
        table = "result"
        unique_together = (("task", "version"),)


class DepartmentResult(Model):
    """各部门结果: what one department found, written down by its own officers; a new version, never a changed one."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="department_results", on_delete=fields.RESTRICT)
    task_id: int
    department = fields.CharField(max_length=16)
    version = fields.IntField()
    types = ReadableJSONField()  # R01..R14
    measures = ReadableJSONField(default=list)  # none stopped ordered case informed other
    note = fields.TextField(default="")
    reason = fields.TextField(default="")  # why it was corrected after the review
    by = fields.CharField(max_length=64)
    at = UtcDatetimeField()
    late = fields.BooleanField(default=False)
    returned = fields.TextField(default="")  # why the reviewer sent it back

    class Meta:
        table = "department_result"
        unique_together = (("task", "department", "version"),)


class ResultPart(Model):
    """What a result was put together from: a department's row, or none where it counts as 视为未完成."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="result_parts", on_delete=fields.RESTRICT)
    task_id: int
    result = fields.ForeignKeyField("models.Result", related_name="parts", on_delete=fields.RESTRICT)
    result_id: int
    department = fields.CharField(max_length=16)
    entry = fields.ForeignKeyField(
        "models.DepartmentResult", related_name="parts", null=True, on_delete=fields.RESTRICT
    )
    entry_id: int | None

    class Meta:
        table = "result_part"
        unique_together = (("result", "department"),)
