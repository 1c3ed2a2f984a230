"""省级平台: files of theirs as they were brought in (Art. 8)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class PlatformFile(Model):
    """A file of theirs for a batch, of what was drawn or of results: looked at, then taken or left."""

    id = fields.IntField(primary_key=True)
    batch = fields.ForeignKeyField("models.Batch", related_name="platform_files", on_delete=fields.RESTRICT)
    batch_id: str
    name = fields.CharField(max_length=200)  # of the file
    data = fields.BinaryField()
    sha256 = fields.CharField(max_length=64)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    draw = fields.ForeignKeyField(
        "models.Draw", related_name="platform_files", null=True, on_delete=fields.RESTRICT
    )
    draw_id: str | None  # what a draw became; None while it is looked at, and of results

    class Meta:
        table = "platform_file"


class PlatformResult(Model):
    """来源：省级平台: one row of a result that stands there. It stands beside ours, is nobody's entry here, publishes nothing."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="platform_results", on_delete=fields.RESTRICT)
    task_id: int
    department = fields.CharField(max_length=16)  # "" for the task as a whole
    types = ReadableJSONField()  # R01..R14
    measures = ReadableJSONField()
    note = fields.TextField()
    day = fields.DateField()  # on which it was entered there
    receipt = fields.CharField(max_length=80, db_index=True)
    file = fields.CharField(max_length=200)  # its name
    sha256 = fields.CharField(max_length=64, db_index=True)  # of the file
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    taken_back_by = fields.CharField(max_length=120, default="")
    taken_back_at = UtcDatetimeField(null=True)
    reason = fields.CharField(max_length=500, default="")

    class Meta:
        table = "platform_result"
