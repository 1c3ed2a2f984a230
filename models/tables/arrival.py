"""到场: who came to the door, when, and how that is known (Art. 16 (2))."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class Arrival(Model):
    """One officer on site. `how`: code (the entity scanned 亮码), notice (its code was scanned), location, hand."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="arrivals", on_delete=fields.RESTRICT)
    task_id: int
    inspector = fields.ForeignKeyField("models.Inspector", related_name="arrivals", on_delete=fields.RESTRICT)
    inspector_id: str
    how = fields.CharField(max_length=12)
    reason = fields.TextField(default="")  # by hand: why
    latitude_e6 = fields.IntField(null=True)  # millionths of a degree, WGS 84, as the phone claims
    longitude_e6 = fields.IntField(null=True)
    accuracy = fields.IntField(null=True)  # metres, as the phone claims
    distance = fields.IntField(null=True)  # metres to the registered place; null when either is unknown
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "arrival"
