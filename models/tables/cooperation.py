"""不予配合、无法联系、改日再查: a visit that does not go its way (Art. 18, 16)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class NonCooperation(Model):
    """不予配合: written down by one officer, confirmed by a second, decided by the head (Art. 18)."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="noncooperations", on_delete=fields.RESTRICT)
    task_id: int
    grounds = ReadableJSONField()  # numbers 1 to 5 of Art. 18
    facts = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    confirmed_by = fields.CharField(max_length=120, default="")
    confirmed_at = UtcDatetimeField(null=True)
    agreed = fields.BooleanField(null=True)
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)
    said = fields.TextField(default="")  # the head's reason

    class Meta:
        table = "non_cooperation"


class Absence(Model):
    """无法联系: nobody at the registered place; photos of the place belong to it (result R04)."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="absences", on_delete=fields.RESTRICT)
    task_id: int
    facts = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    confirmed_by = fields.CharField(max_length=120, default="")
    confirmed_at = UtcDatetimeField(null=True)

    class Meta:
        table = "absence"


class Suspension(Model):
    """改日再查: a visit is broken off and goes on another day with every answer in place."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="suspensions", on_delete=fields.RESTRICT)
    task_id: int
    reason = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    resumed_at = UtcDatetimeField(null=True)

    class Meta:
        table = "suspension"
