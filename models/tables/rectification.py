"""责令限期改正: the orders of departments, and what became of each (Art. 17)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField
from models.states import RectificationState


class Rectification(Model):
    """An order of one department to one target; its paper is made from `facts`, which never change."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=80, unique=True)
    task = fields.ForeignKeyField("models.Task", related_name="rectifications", on_delete=fields.RESTRICT)
    task_id: int
    department = fields.CharField(max_length=16)
    state = fields.CharEnumField(RectificationState, max_length=16)
    points = ReadableJSONField()  # [[number on the sheet, question, text, basis, finding]]
    done = ReadableJSONField(default=list)  # numbers of the points verified so far
    basis = fields.TextField()
    text = fields.TextField(default="")  # what the officer asks for, besides the points
    ordered_until = fields.DateField()  # the term of the paper
    due = fields.DateField(db_index=True)  # the last day as it is now
    facts = ReadableJSONField()
    token_sha256 = fields.CharField(max_length=64, db_index=True)
    check_code = fields.CharField(max_length=6)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    verified_at = UtcDatetimeField(null=True)

    class Meta:
        table = "rectification"


class RectificationStep(Model):
    """What befell an order: proof, verification, extension, reminder, lapse, case, withdrawal; none is ever changed."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField(
        "models.Task", related_name="rectification_steps", on_delete=fields.RESTRICT
    )
    task_id: int
    rectification = fields.ForeignKeyField(
        "models.Rectification", related_name="steps", on_delete=fields.RESTRICT
    )
    rectification_id: int
    kind = fields.CharField(
        max_length=12
    )  # proof verified partly not_done extended recheck reminded lapsed filed revoked
    text = fields.TextField(default="")  # what the entity says, or the reason
    points = ReadableJSONField(default=list)  # numbers verified by this step
    until = fields.DateField(null=True)  # the term that it sets, or of which it reminds
    threshold = fields.IntField(null=True)  # of a reminder: so many days before the end
    case_number = fields.CharField(max_length=80, default="")  # 立案
    case_day = fields.DateField(null=True)
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()

    class Meta:
        table = "rectification_step"
