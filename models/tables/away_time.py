"""不能到的时间: what officers said of their own time (Art. 15)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class AwayTime(Model):
    """A time at which an officer cannot be at a visit; no reason is asked. Taken back, it stays as a row."""

    id = fields.IntField(primary_key=True)
    inspector = fields.ForeignKeyField(
        "models.Inspector", related_name="away_times", on_delete=fields.RESTRICT
    )
    inspector_id: str
    begins = UtcDatetimeField()
    ends = UtcDatetimeField()
    said_by = fields.CharField(max_length=120)
    said_at = UtcDatetimeField()
    taken_back_by = fields.CharField(max_length=120, null=True)
    taken_back_at = UtcDatetimeField(null=True)

    class Meta:
        table = "away_time"
