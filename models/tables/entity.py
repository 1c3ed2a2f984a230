"""检查对象的话: what the entity prepares, hands in, asks for and thinks of it (Art. 16 (2), 17, 18)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class Preparation(Model):
    """A line of the list of materials, ticked by the entity; `number` counts the letter's materials from 1."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="preparations", on_delete=fields.RESTRICT)
    task_id: int
    number = fields.IntField()
    text = fields.TextField()
    ready = fields.BooleanField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "preparation"
        unique_together = (("task", "number"),)


class Paper(Model):
    """A paper handed in, with what it is for. `subject`: the row or the number that it belongs to."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="papers", on_delete=fields.RESTRICT)
    task_id: int
    purpose = fields.CharField(
        max_length=16
    )  # prepare correction statement objection sample letter proof rectify
    subject = fields.IntField(null=True)
    name = fields.CharField(max_length=200, default="")
    sha256 = fields.CharField(max_length=64, db_index=True)
    size = fields.IntField()
    format = fields.CharField(max_length=8)  # JPEG PNG WEBP PDF
    thumbnail = fields.CharField(max_length=64, default="")  # object
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "paper"


class Correction(Model):
    """自行整改: a point that the entity mended, before the visit or after it; the team accepts it or not."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="corrections", on_delete=fields.RESTRICT)
    task_id: int
    question = fields.ForeignKeyField(
        "models.Question", related_name="corrections", on_delete=fields.RESTRICT
    )
    question_id: int
    stage = fields.CharField(max_length=8)  # before after
    text = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    accepted = fields.BooleanField(null=True)
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)
    said = fields.TextField(default="")

    class Meta:
        table = "correction"


class Objection(Model):
    """异议: against a published result, within five working days; somebody who did not inspect answers."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="objections", on_delete=fields.RESTRICT)
    task_id: int
    text = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    upheld = fields.BooleanField(null=True)
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)
    said = fields.TextField(default="")

    class Meta:
        table = "objection"


class RecusalRequest(Model):
    """回避申请: confidential, seen by the head of the officer's department alone; in no task's chain."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="recusals", on_delete=fields.RESTRICT)
    task_id: int
    inspector = fields.ForeignKeyField("models.Inspector", related_name="recusals", on_delete=fields.RESTRICT)
    inspector_id: str
    reason = fields.TextField()
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    granted = fields.BooleanField(null=True)
    decided_by = fields.CharField(max_length=120, default="")
    decided_at = UtcDatetimeField(null=True)
    said = fields.TextField(default="")

    class Meta:
        table = "recusal_request"


class Rating(Model):
    """评价: one for each task; shown to departments in sums of five or more, never with a name."""

    id = fields.IntField(primary_key=True)
    task = fields.OneToOneField("models.Task", related_name="rating", on_delete=fields.RESTRICT)
    task_id: int
    manner = fields.IntField()  # 1 to 5
    clarity = fields.IntField()
    burden = fields.IntField()
    note = fields.TextField(default="")
    at = UtcDatetimeField()

    class Meta:
        table = "rating"
