"""抽样检测与委托专业机构: what others find out for the team (Art. 10, 16)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ReadableJSONField, UtcDatetimeField


class Sample(Model):
    """抽样: taken and sealed by two officers, sent to an agency, its report comes back as a paper."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="samples", on_delete=fields.RESTRICT)
    task_id: int
    question = fields.ForeignKeyField(
        "models.Question", related_name="samples", null=True, on_delete=fields.RESTRICT
    )
    question_id: int | None
    name = fields.CharField(max_length=200)
    quantity = fields.CharField(max_length=80)
    lot = fields.CharField(max_length=80, default="")
    seal = fields.CharField(max_length=80)  # number of the seal on it
    agency = fields.CharField(max_length=200)
    by = fields.CharField(max_length=120)
    witness = fields.CharField(max_length=120)  # the second officer
    at = UtcDatetimeField()
    outcome = fields.CharField(max_length=8, default="")  # pass fail
    finding = fields.TextField(default="")
    report_number = fields.CharField(max_length=80, default="")
    reported_by = fields.CharField(max_length=120, default="")
    reported_at = UtcDatetimeField(null=True)

    class Meta:
        table = "sample"


class Entrustment(Model):
    """委托专业机构: its letter and its people are named before the visit; they assist, officers decide."""

    id = fields.IntField(primary_key=True)
    task = fields.ForeignKeyField("models.Task", related_name="entrustments", on_delete=fields.RESTRICT)
    task_id: int
    agency = fields.CharField(max_length=200)
    credit_code = fields.CharField(max_length=18, default="")
    letter = fields.CharField(max_length=80)  # number of the letter of entrustment
    scope = fields.TextField()
    people = ReadableJSONField()  # [name, title]
    by = fields.CharField(max_length=120)
    at = UtcDatetimeField()
    ended_at = UtcDatetimeField(null=True)

    class Meta:
        table = "entrustment"
