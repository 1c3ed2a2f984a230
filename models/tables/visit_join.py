"""合并上门: two tasks at one target, of two batches, held as one visit (Art. 15)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class VisitJoin(Model):
    """Two tasks that go through one door at one time, each with its own record. `answers`: party to what it said."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="visit_joins", on_delete=fields.RESTRICT)
    task_id: int
    other = fields.ForeignKeyField("models.Task", related_name="joined_by", on_delete=fields.RESTRICT)
    other_id: int
    answers = ReadableJSONField()
    proposed_by = fields.CharField(max_length=120)
    proposed_at = UtcDatetimeField()
    joined_at = UtcDatetimeField(null=True)
    ended_at = UtcDatetimeField(null=True)
    ended_by = fields.CharField(max_length=120, null=True)
    end_reason = fields.CharField(max_length=500, default="", db_default="")

    class Meta:
        table = "visit_join"
