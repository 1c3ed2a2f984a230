"""改派: a task that goes from its team to another one of the same area (Art. 15)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Reassignment(Model):
    """Proposed by the leader who gives; `answers`: party to what it said; done once both leaders and the head agreed."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="reassignments", on_delete=fields.RESTRICT)
    task_id: int
    from_team = fields.ForeignKeyField("models.Team", related_name="gave", on_delete=fields.RESTRICT)
    from_team_id: int
    to_team = fields.ForeignKeyField("models.Team", related_name="took", on_delete=fields.RESTRICT)
    to_team_id: int
    ground = fields.CharField(max_length=16)  # time people near
    answers = ReadableJSONField()
    proposed_by = fields.CharField(max_length=120)
    proposed_at = UtcDatetimeField()
    done_at = UtcDatetimeField(null=True)
    ended_at = UtcDatetimeField(null=True)
    ended_by = fields.CharField(max_length=120, null=True)
    end_reason = fields.CharField(max_length=500, default="", db_default="")

    class Meta:
        table = "reassignment"
